"""The options of the video encoders. Each flag stands with its reason."""

from typing import Any

from media_pipeline.model.plan import EncodePlan, Rung

BITEXACT: dict[str, Any] = {
    "map_metadata": -1,  # the original's place and owner are nobody's business
    "fflags": "+bitexact",  # no version or time in the file: the same bytes when made again
}
"""For everything that is written, sound as well."""


def rung_options(rung: Rung, plan: EncodePlan) -> dict[str, Any]:
    """Return the output options of one rung of `plan`, as ffmpeg-python takes them."""
    rate = plan.frame_rate // rung.step
    return {
        "fps_mode": "passthrough",  # the grid is already exact; ffmpeg must not add or drop
        "enc_time_base": f"1/{rate}",
        **(_av1(rung) if rung.codec == "av1" else _h264(rung)),
        "preset": rung.preset,
        "crf": rung.crf,
        "maxrate": rung.maxrate,  # what a viewer on mobile data is promised at most
        "bufsize": rung.bufsize,
        # -g G still places scene-cut key frames, in each rung elsewhere: only ours, forced.
        "g": 100_000,
        "force_key_frames": f"expr:not(mod(n,{plan.group // rung.step}))",
        **BITEXACT,
        "flags:v": "+bitexact",
        "video_track_timescale": 90_000,  # one for all programmes, or players skip at joins
        "f": "mp4",
        # frag_keyframe: a fragment a group. cmaf: negative composition offsets, since with an edit
        # list players leave a hole of 70–170 ms at each join (steps.fmp4 then brings them to 0 and
        # above, as ffmpeg-based players need them). frag_discont: keeps the first
        # frame's time, which would restart at 0 in later chunks.
        "movflags": "+frag_keyframe+empty_moov+default_base_moof+cmaf+frag_discont",
    }


def _h264(rung: Rung) -> dict[str, Any]:
    return {
        "c:v": "libx264",
        "profile:v": "high",
        # One: with more, x264 meets its cap by what the other threads happen to have done by
        # then, and 25 runs of one chunk gave 4 results. Rungs and chunks fill the cores.
        "threads": 1,
        # Without stitchable, a chunk with another CRF has another PPS, and so another init.
        "x264-params": ":".join(filter(None, ("stitchable=1", rung.tuning))),
        "keyint_min": 100_000,
        "forced-idr": 1,  # a forced I frame alone would not close the group
        # Parameter sets in-band as well: ffmpeg-based players ignore a changed init.
        "bsf:v": "dump_extra=freq=keyframe",
    }


def _av1(rung: Rung) -> dict[str, Any]:
    return {
        "c:v": "libsvtav1",
        # lp=1: one thread, as for H.264; SVT-AV1 puts its sequence header before each key frame.
        "svtav1-params": ":".join(filter(None, ("lp=1", rung.tuning))),
    }
