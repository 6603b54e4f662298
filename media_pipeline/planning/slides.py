"""Still pictures to one moving clip with a soft bed of music, in one run of ffmpeg."""

from collections.abc import Sequence
from itertools import accumulate

import msgspec

from media_pipeline.planning.inputs import address

RATE = 25
"""Frames a second of a clip that is made."""
FADE = 10
"""Frames in which one slide gives way to the next."""

_STILLS = "image2,png_pipe"
_LEVEL = 0.16
"""Of the bed as a whole: about −24 LUFS, far from clipping; encoding brings it to the house's."""
_PAD = (130.81, 196.00, 329.63)
"""Hz: C3, G3, E4, held."""
_BELLS = (523.25, 659.25, 880.00, 783.99)
"""Hz: C5, E5, A5, G5, one each half second; of a pentatonic scale, where nothing clashes."""


class Slides(msgspec.Struct, frozen=True):
    """A clip to be made: `width` × `height` of `ground`, on which slides move from the left edge.

    Each slide is larger than the `window` (width, height) in which it is seen by as much
    as it moves: one pixel a frame, so that no frame falls between two pixels.
    """

    ground: str
    slides: tuple[str, ...]
    window: tuple[int, int]
    seconds: int

    @property
    def frames(self) -> int:
        """Frames of the whole clip."""
        return self.seconds * RATE


def slide_frames(frames: int, count: int) -> tuple[int, ...]:
    """Return how many frames each of `count` slides stands, so that with fades all have `frames`."""
    whole = frames + FADE * (count - 1)
    return tuple(whole // count + (1 if place < whole % count else 0) for place in range(count))


def slides_argv(tool: str, plan: Slides, target: str) -> list[str]:
    """Return the command; all it names are files of ours, drawn by us."""
    stills = [plan.ground, *plan.slides]
    return [
        tool,
        *("-y", "-nostdin", "-hide_banner", "-loglevel", "error"),
        *(part for still in stills for part in _still(still)),
        *("-f", "lavfi", "-i", _bed(plan.seconds)),
        *("-filter_complex", _graph(plan)),
        *("-map", "[v]", "-map", f"{len(stills)}:a"),
        # Encoded again at once: fast, and without artefacts to speak of.
        *("-c:v", "libx264", "-preset", "ultrafast", "-crf", "12"),
        # Each thread has its own frames: on many cores they would not fit the limit of memory.
        *("-threads", "2", "-filter_complex_threads", "2"),
        *("-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709"),
        *("-frames:v", str(plan.frames), "-t", str(plan.seconds)),
        *("-c:a", "aac", "-b:a", "128k", "-ac", "2", "-movflags", "+faststart"),
        address(target),
    ]


def _still(path: str) -> list[str]:
    return [
        *("-framerate", str(RATE)),
        # A picture is read as one, whatever it says that it is.
        *("-protocol_whitelist", "file", "-format_whitelist", _STILLS),
        *("-i", address(path)),
    ]


def _graph(plan: Slides) -> str:
    """Ground and slides, the slides cross-faded, over one another."""
    lengths = slide_frames(plan.frames, len(plan.slides))
    width, height = plan.window
    parts = [f"[0:v]{_held(plan.frames)}[ground]"]
    for place, length in enumerate(lengths):
        # To the right and back by turns. A picture has one way to go: the other is 0 wide.
        way = "min(n,{span})" if place % 2 == 0 else "max({span}-n,0)"
        x, y = way.format(span=f"iw-{width}"), way.format(span=f"ih-{height}")
        moved = f"crop={width}:{height}:x='{x}':y='{y}'"
        parts.append(f"[{place + 1}:v]{_held(length)},{moved}[s{place}]")
    parts += _faded(lengths)
    parts.append("[ground][shown]overlay=0:0:format=yuv444:shortest=1,format=yuv420p[v]")
    return ";".join(parts)


def _held(frames: int) -> str:
    """One picture for `frames` frames.

    Untagged RGB would be turned with BT.601 and shown as BT.709. With all chroma, or
    a move of one pixel would be a move of two each second frame.
    """
    turned = "scale=out_color_matrix=bt709:out_range=tv,format=yuv444p"
    return f"{turned},loop=loop=-1:size=1,trim=end_frame={frames},setpts=N,fps={RATE}"


def _faded(lengths: Sequence[int]) -> list[str]:
    if len(lengths) == 1:
        return ["[s0]null[shown]"]
    # Where the next one begins: each fade is shared by two slides.
    begins = [at - FADE * place for place, at in enumerate(accumulate(lengths[:-1]), 1)]
    parts = []
    for place, begin in enumerate(begins, 1):
        before = f"f{place - 1}" if place > 1 else "s0"
        after = "shown" if place == len(begins) else f"f{place}"
        fade = f"xfade=transition=fade:duration={FADE / RATE}:offset={begin / RATE}"
        parts.append(f"[{before}][s{place}]{fade}[{after}]")
    return parts


def _bed(seconds: int) -> str:
    """Return the source of the music: a held chord, and bells that die away; ends are faded."""
    swell = "(0.75+0.25*sin(2*PI*0.125*t))"
    pad = "+".join(f"0.5*sin(2*PI*{hertz}*t)" for hertz in _PAD)
    bells = "+".join(
        # + 2: mod keeps the sign, and a bell that has not begun must not roar.
        f"exp(-3.2*mod(t+2-{place / 2},2))*sin(2*PI*{hertz}*t)"
        for place, hertz in enumerate(_BELLS)
    )
    ends = f"min(1,t)*min(1,max(0,{seconds}-t)/1.5)"
    return f"aevalsrc='{_LEVEL}*{ends}*({swell}*({pad})+{bells})':s=48000:d={seconds}"
