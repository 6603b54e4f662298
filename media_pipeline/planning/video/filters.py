"""The filter graph of one chunk: one decode, one output a rung. Pure; built by ffmpeg-python."""

from typing import Any

from media_pipeline.model.plan import Chunk, EncodePlan, Rung
from media_pipeline.model.source import Scan
from media_pipeline.planning.video.colour import standard_colours


def rung_streams(source: Any, plan: EncodePlan, chunk: Chunk) -> list[Any]:
    """Return one filtered stream a rung of `plan`, holding the frames of `chunk`."""
    frames = _on_the_grid(source, plan, chunk)
    frames = standard_colours(frames, plan.video, plan.rungs[-1])
    copies = frames.split()
    return [_scaled(copies[k], rung) for k, rung in enumerate(plan.rungs)]


def _on_the_grid(source: Any, plan: EncodePlan, chunk: Chunk) -> Any:
    """Return frames [first, end) of an absolute grid of F frames a second, exactly."""
    # The absolute index: 0:v:0 may be cover art.
    frames = source[str(plan.video.index)]
    # Not -start_at_zero: it doubles frame 0 when the sound starts first.
    back = plan.zero + plan.video.late
    frames = frames.filter("setpts", f"PTS-{back}" if back >= 0 else f"PTS+{-back}")
    frames = _taken_apart(frames, plan.video.scan)
    # fps and trim on an absolute grid: plain -ss/-t gave 1,022 frames for 1,000 on variable rate.
    # start_time: a picture that begins after the sound stands still from 0.
    opening = {"start_time": 0} if chunk.first == 0 else {}
    frames = frames.filter("fps", fps=plan.frame_rate, **opening)
    # A damaged or short end holds its last picture, so that every chunk has its full count.
    frames = frames.filter("tpad", stop=-1, stop_mode="clone")
    return frames.filter("trim", start_pts=chunk.first, end_pts=chunk.end)


def _taken_apart(frames: Any, scan: Scan) -> Any:
    """Return whole pictures of woven ones; progressive frames pass unchanged."""
    if scan == "progressive":
        return frames
    if scan == "told":
        return frames.filter("bwdif", mode="send_frame", parity="auto", deint="interlaced")
    # What frames tell of themselves was found to be wrong: all of them.
    parity = "tff" if scan == "top" else "bff"
    return frames.filter("bwdif", mode="send_frame", parity=parity, deint="all")


def _scaled(frames: Any, rung: Rung) -> Any:
    if rung.step > 1:
        # Every second frame, counted from the chunk's even start, so rungs stay aligned.
        frames = frames.filter("framestep", rung.step)
    # lanczos keeps small text legible; out_range: full-range phones would look washed out.
    frames = frames.filter(
        "scale", rung.width, rung.height, flags="lanczos+accurate_rnd", out_range="tv"
    )
    # Anamorphic pixels were widened by the scaler; a left-over ratio would widen them twice.
    frames = frames.filter("setsar", 1)
    # 4:2:0, 8 bit: all that every phone decodes.
    return frames.filter("format", "yuv420p")
