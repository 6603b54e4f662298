"""One chunk of every rung: run it, check it strictly, and say where its segments are."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import msgspec

from media_pipeline import tools
from media_pipeline.errors import StepFailed, UnusableSource
from media_pipeline.model.plan import Chunk, EncodePlan, Rung
from media_pipeline.planning import commands
from media_pipeline.steps import fmp4

_MEMORY = 8 << 30
"""Address space of one encoder process: six rungs at 1080p reserve about 3 GiB, use 0.6."""

_INCOMPLETE = "The picture needs bytes of the file that are not here."
_CPU_PER_SECOND = 600
_FLOOR_SECONDS = 600
_LONG = 300
"""Seconds of a title whose sound is measured for longer than its opening is encoded."""


class ChunkFile(msgspec.Struct, frozen=True):
    """What one process made for one rung: a file, its init, and its fragments by segment."""

    rung: Rung
    path: Path
    init: bytes
    segments: tuple[tuple[fmp4.Fragment, ...], ...]

    def segment_bytes(self, which: int, number: int) -> bytes:
        """Return the bytes of the chunk's segment `which`, numbered from `number` on."""
        parts = []
        with self.path.open("rb") as file:
            for fragment in self.segments[which]:
                file.seek(fragment.offset)
                parts.append(fmp4.numbered(file.read(fragment.length), number))
        return b"".join(parts)


def encode_chunk(
    path: Path,
    plan: EncodePlan,
    chunk: Chunk,
    scratch: Path,
    *,
    inits: Mapping[str, bytes],
    cancelled: Callable[[], bool],
    on_frames: Callable[[int], None],
    partial: bool = False,
    urgent: bool = False,
) -> tuple[ChunkFile, ...]:
    """Return the files of `chunk`, one a rung, in the folder `scratch`.

    `inits` holds the initialisation of each rung that has one; a chunk must
    have the same. `on_frames` is told how many of the chunk's frames are done.
    Tried again from further back when a check fails: some files seek badly. Of a
    `partial` file, StepFailed is raised instead: the decoder may have met zeros.
    What is `urgent` goes before other encoders.

    Raises UnusableSource where a first chunk has no picture at all.
    """

    failure: StepFailed | None = None
    outputs = [scratch / f"{rung.name}.mp4" for rung in plan.rungs]
    limits = _limits(plan, chunk, urgent=urgent)
    for argv in _attempts(path, plan, chunk, outputs):
        words = _run(argv, plan, limits, scratch, cancelled, on_frames, partial=partial)
        try:
            return _all_checked(outputs, plan, chunk, inits)
        except StepFailed as wrong:
            if partial:
                raise
            failure = StepFailed(f"{wrong} {words}".strip())
    # By AV1 it is the encoder that is to blame: H.264 of the same frames is there already.
    if chunk.index == 0 and plan.rungs[0].codec == "h264" and not any(map(_has_frames, outputs)):
        raise UnusableSource(
            "unreadable", "The picture cannot be decoded: export the video again and send that."
        )
    raise failure or StepFailed("No command makes this chunk.")


def _run(
    argv: list[str],
    plan: EncodePlan,
    limits: tools.Limits,
    scratch: Path,
    cancelled: Callable[[], bool],
    on_frames: Callable[[int], None],
    *,
    partial: bool,
) -> str:
    """Run `argv` and return its last words. Its code says little: the files are checked."""

    step = plan.rungs[-1].step

    def incomplete() -> None:
        if partial:
            raise StepFailed(_INCOMPLETE)

    ended = tools.run(
        argv,
        limits=limits,
        scratch=scratch,
        name="chunk",
        cancelled=cancelled,
        on_poll=lambda listing: on_frames(tools.last_told(listing, "frame") * step),
        on_complaint=incomplete,
    )
    if ended.complaint:
        incomplete()
    return ended.last_words


def _all_checked(
    outputs: Sequence[Path], plan: EncodePlan, chunk: Chunk, inits: Mapping[str, bytes]
) -> tuple[ChunkFile, ...]:
    return tuple(
        _checked(rung, out, plan, chunk, inits.get(rung.name))
        for rung, out in zip(plan.rungs, outputs, strict=True)
    )


def _has_frames(output: Path) -> bool:
    return output.is_file() and next(fmp4.read_fragments(output), None) is not None


def _attempts(
    path: Path, plan: EncodePlan, chunk: Chunk, outputs: Sequence[Path]
) -> Iterator[list[str]]:
    """Yield the chunk's command with more and more pre-roll, each different one once."""
    names = [str(out) for out in outputs]
    before: list[str] = []
    for preroll in commands.PREROLLS:
        argv = commands.chunk_argv(
            tools.ffmpeg(), str(path.resolve()), plan, chunk, names, preroll=preroll
        )
        if argv != before:
            yield argv
        before = argv


def _checked(
    rung: Rung, path: Path, plan: EncodePlan, chunk: Chunk, init: bytes | None
) -> ChunkFile:
    """Return what is in `path`, or raise StepFailed: ffmpeg can return 0 with no frames."""
    found = fmp4.read_init(path) if path.is_file() else b""
    if not found:
        raise StepFailed(f"Chunk {chunk.index} of {rung.name} is empty.")
    if init is not None and found != init:
        raise StepFailed(f"Chunk {chunk.index} of {rung.name} starts unlike the ones before.")
    _without_negative_offsets(path, found)
    fragments = list(fmp4.read_fragments(path))
    ticks = plan.frame_ticks
    expected = [n * ticks for n in range(chunk.first, chunk.end, plan.group)]
    if [f.time for f in fragments] != expected:
        raise StepFailed(
            f"Chunk {chunk.index} of {rung.name} is cut at other moments than planned."
        )
    frames = sum(len(f.sizes) for f in fragments)
    if frames != (chunk.end - chunk.first) // rung.step:
        raise StepFailed(f"Chunk {chunk.index} of {rung.name} has {frames} frames.")
    return ChunkFile(rung, path, found, tuple(_by_segment(fragments, plan, chunk)))


def _without_negative_offsets(path: Path, init: bytes) -> None:
    """Write the file again with the initialisation `init` and offsets that all players read alike."""
    beside = path.with_suffix(".whole")
    with path.open("rb") as file, beside.open("wb") as whole:
        whole.write(init)
        for fragment in fmp4.read_fragments(path):
            file.seek(fragment.offset)
            whole.write(fmp4.without_negative_offsets(file.read(fragment.length)))
    beside.replace(path)


def _by_segment(
    fragments: list[fmp4.Fragment], plan: EncodePlan, chunk: Chunk
) -> Iterator[tuple[fmp4.Fragment, ...]]:
    """Yield each segment's fragments: one, or two where a short last one is merged."""
    first = chunk.first // plan.group
    at = chunk.first
    for length in plan.segments[first:]:
        if at >= chunk.end:
            return
        start, end = at * plan.frame_ticks, (at + length) * plan.frame_ticks
        yield tuple(f for f in fragments if start <= f.time < end)
        at += length


def _limits(plan: EncodePlan, chunk: Chunk, *, urgent: bool) -> tools.Limits:
    """Return generous limits for `chunk`: they end what hangs, not what is slow."""
    seconds = (chunk.end - chunk.first) / plan.frame_rate
    # The last attempt decodes all before the chunk as well.
    cpu = round(_FLOOR_SECONDS + seconds * _CPU_PER_SECOND + chunk.first / plan.frame_rate)
    return tools.Limits(
        memory=_MEMORY,
        cpu_seconds=cpu,
        wall_seconds=cpu * 2,
        # A file of a rung is at most what its buffer allows; four times that is a fault.
        file_bytes=round(max(r.maxrate for r in plan.rungs) / 8 * (seconds + 8) * 4),
        nice=_niceness(plan, urgent=urgent),
    )


def _niceness(plan: EncodePlan, *, urgent: bool) -> int:
    if not urgent:
        return 10
    # Of a long title the sound is what viewers wait for last.
    return tools.URGENT if plan.seconds < _LONG else tools.URGENT + 3
