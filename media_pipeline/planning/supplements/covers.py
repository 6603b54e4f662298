"""Sound without a picture becomes a film of a still one: the commands for it.

Everything after it is the same as for a film. The picture is the file's own
cover art, or a waveform on the ground colour of the site, which needs no words.
"""

from math import ceil
from typing import Any

import ffmpeg

from media_pipeline.model.source import VideoStream
from media_pipeline.planning.commands import compiled, guarded
from media_pipeline.planning.inputs import address

WIDTH, HEIGHT = 640, 360
"""As large as a cover is worth: every segment begins with the whole picture."""

_GROUND, _WAVE = "0x6a1b43", "0xf6b52b"
_WAVE_SIZE = "560x160"

_WAVE_SECONDS = 120
"""How much of the sound is drawn: all of a long one would have to be decoded first."""

STILL = VideoStream(
    index=0,
    codec="",
    width=WIDTH,
    height=HEIGHT,
    frame_rate=1,
    start=0,
    time_base_num=1,
    time_base_den=1000,
    pixel_format="yuv420p",
)
"""The picture that stands for the missing one, as the film of it has it."""


def sound_argv(tool: str, path: str, output: str) -> list[str]:
    """Return the command that copies the sounds into Matroska, which then knows how long it is."""
    source = ffmpeg.input(address(path), **guarded())
    made = ffmpeg.output(source["a"], address(output), c="copy", f="matroska")
    return compiled(tool, made)


def cover_argv(
    tool: str, path: str, cover: int, sound: str, seconds: float, output: str
) -> list[str]:
    """Return the command that films stream `cover` of `path` beside the sounds of `sound`.

    Whatever its shape, it is seen whole, in front of itself as a blurred ground.
    """
    art = ffmpeg.input(address(path), **guarded())[str(cover)]
    # 4:4:4 without alpha: what is transparent or palette would be drawn otherwise by each filter.
    copies = art.filter("format", "yuv444p").filter("trim", end_frame=1).split()
    # Stretched, not cropped: a shape of 1 : 4000 must not make 4000 times the canvas.
    ground = copies[0].filter("scale", WIDTH, HEIGHT).filter("gblur", sigma=24)
    ground = ground.filter("eq", brightness=-0.12)
    whole = copies[1].filter(
        "scale", WIDTH, HEIGHT, force_original_aspect_ratio="decrease", flags="lanczos"
    )
    picture = ground.overlay(whole, x="(W-w)/2", y="(H-h)/2")
    return _film_argv(tool, picture, sound, seconds, output)


def wave_argv(tool: str, sound: str, seconds: float, output: str) -> list[str]:
    """Return the command that films the waveform of the sounds of `sound` beside them."""
    heard = ffmpeg.input(address(sound), **guarded())["a:0"]
    heard = heard.filter("asetpts", "N/SR/TB").filter("atrim", end=_WAVE_SECONDS)
    heard = heard.filter("aformat", channel_layouts="mono")
    # cbrt: speech is drawn, not only its loudest moments.
    wave = heard.filter("showwavespic", s=_WAVE_SIZE, colors=_WAVE, scale="cbrt")
    wave = wave.filter("setpts", 0)
    ground = ffmpeg.input(f"color=c={_GROUND}:s={WIDTH}x{HEIGHT}:r=1:d=1", f="lavfi")["0"]
    picture = ground.overlay(wave, x="(W-w)/2", y="(H-h)/2", format="yuv444")
    return _film_argv(tool, picture, sound, seconds, output)


def _film_argv(tool: str, picture: Any, sound: str, seconds: float, output: str) -> list[str]:
    # One picture, shown again for as long as there is sound: about once a second, so that the
    # last one ends where the sound does. Matroska knows milliseconds.
    length = max(1, round(seconds * 1000))
    pictures = ceil(length / 1000)
    film = picture.filter("loop", loop=-1, size=1, start=0)
    film = film.filter("setpts", f"N*{length}/{pictures * 1000}/TB")
    # Untagged pictures would be taken for BT.601 where they are small.
    film = film.filter("scale", out_color_matrix="bt709", out_range="tv")
    film = film.filter("setsar", 1).filter("format", "yuv420p")
    made = ffmpeg.output(
        film,
        ffmpeg.input(address(sound), **guarded())["a"],
        address(output),
        t=f"{length / 1000:.3f}",
        r=f"{pictures * 1000}/{length}",
        **{"c:a": "copy", "c:v": "libx264"},
        # Encoded again at once: fast, and no artefacts on flat colour.
        preset="ultrafast",
        tune="stillimage",
        crf=8,
        threads=1,  # the same bytes on every machine
        colorspace="bt709",
        color_primaries="bt709",
        color_trc="bt709",
        f="matroska",
    )
    return compiled(tool, made)
