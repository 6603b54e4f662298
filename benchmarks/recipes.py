"""Ways to encode one rung, and what one costs: bytes, quality, processor time. Results are kept."""

import functools
import hashlib
import json
import os
import re
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec

from media_pipeline import tools
from media_pipeline.model.plan import EncodePlan, Rung
from media_pipeline.planning.video.encoders import rung_options

MEDIACMS_RATES = {144: 150, 240: 300, 360: 500, 480: 1000, 720: 2500, 1080: 4500}
"""kbit/s by lines, from MediaCMS's settings."""

PEERTUBE_BITS = {144: 0.19, 240: 0.17, 360: 0.15, 480: 0.12, 720: 0.11, 1080: 0.10}
"""Bits a pixel and frame at most, by lines, from PeerTube's `core-utils` (6.2 Mbit/s at 1080p30)."""


class Picture(NamedTuple):
    """A clip at the size of one rung, unencoded: what a recipe is given and judged by."""

    clip: str
    path: Path
    lines: int
    width: int
    rate: int
    seconds: float


class Point(NamedTuple):
    """What an encode came to. Quality is against the picture that the encoder was given."""

    size: int
    xpsnr: float
    vmaf: float
    cpu: float


Recipe = Callable[[Picture, int], list[str]]
"""The encoder's arguments for a picture at a CRF."""


def mediacms(picture: Picture, crf: int = 23) -> list[str]:
    """MediaCMS's flags; its own CRF is 23."""
    kbits, rate = MEDIACMS_RATES[picture.lines] * 3 // 2, picture.rate
    return [
        *("-c:v", "libx264", "-crf", str(crf), "-maxrate", f"{kbits}k", "-bufsize", f"{kbits}k"),
        *("-force_key_frames", "expr:gte(t,n_forced*4)"),
        *("-x264-params", f"keyint={8 * rate}:keyint_min={4 * rate}"),
        *("-preset", "medium", "-profile:v", "main", "-level", "4.2"),
    ]


def peertube(picture: Picture, crf: int = 23) -> list[str]:
    """PeerTube's flags; it leaves CRF at x264's 23."""
    bits = PEERTUBE_BITS[picture.lines] * picture.width * picture.lines * picture.rate
    return [
        *("-c:v", "libx264", "-preset", "veryfast", "-crf", str(crf)),
        *("-maxrate:v", f"{bits:.0f}", "-bufsize:v", f"{2 * bits:.0f}"),
        *("-b_strategy", "1", "-bf", "16", "-r", str(picture.rate), "-g:v", str(2 * picture.rate)),
    ]


def ours(plan: EncodePlan, rung: Rung, crf: float) -> list[str]:
    """The arguments of `rung` at another CRF, with the cap that is published."""
    other = msgspec.structs.replace(rung, crf=crf)
    options = {name: value for name, value in rung_options(other, plan).items() if name != "f"}
    return [part for name, value in options.items() for part in (f"-{name}", str(value))]


class Bench:
    """Encodes and measures, and remembers in `folder` what it did, so that a rerun is quick."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        (folder / "pictures").mkdir(parents=True, exist_ok=True)
        (folder / "points").mkdir(exist_ok=True)

    def picture(
        self, clip: Path, lines: int, scaler: str, limit: float, rate: int | None = None
    ) -> Picture:
        """Return `clip` scaled to `lines` by `scaler`, at most `limit` seconds of it.

        It has `rate` frames a second, or as many as the clip.
        """
        width, height, usual, seconds = _facts(clip)
        rate = rate or usual
        wide = round(width * lines / height / 2) * 2
        path = self._folder / "pictures" / f"{clip.stem}-{lines}-{scaler}-{rate}.nut"
        seconds = min(seconds, limit)
        if not path.exists():
            beside = path.with_suffix(".part")
            scale = f"scale={wide}:{lines}:flags={scaler},setsar=1,format=yuv420p"
            _run(
                *("-i", str(clip), "-t", str(seconds), "-an", "-vf", f"fps={rate},{scale}"),
                *("-c:v", "rawvideo", "-f", "nut", str(beside)),
            )
            beside.rename(path)
        return Picture(clip.stem, path, lines, wide, rate, seconds)

    def point(self, picture: Picture, arguments: Sequence[str]) -> Point:
        """Return what encoding `picture` with `arguments` comes to."""
        told = json.dumps([picture.path.name, picture.path.stat().st_size, *arguments])
        name = hashlib.sha256(told.encode()).hexdigest()[:24]
        kept = self._folder / "points" / f"{name}.json"
        if kept.exists():
            return Point(*json.loads(kept.read_text()))
        made = self._folder / f"{name}.mp4"
        cpu = _run("-i", str(picture.path), *arguments, str(made))
        point = Point(_payload(made), *self._quality(made, picture), cpu)
        made.unlink()
        kept.write_text(json.dumps(point))
        return point

    def _quality(self, made: Path, picture: Picture) -> tuple[float, float]:
        """Return XPSNR of the luma in dB, and VMAF, of every fourth frame."""
        log = made.with_suffix(".log")
        graph = (
            # By number. In the clock of a file of 15 or 24 frames a second, two would have one time.
            "[0]settb=1/90000,setpts=N*3600,split[a][b];"
            "[1]settb=1/90000,setpts=N*3600,split[c][d];"
            f"[a][c]xpsnr[x];[b][d]libvmaf=n_subsample=4:n_threads=1:log_path={made.stem}.json:log_fmt=json[y]"
        )
        with log.open("w") as errors:
            subprocess.run(
                [
                    *(tools.ffmpeg(), "-nostdin", "-v", "info", "-i", made.name),
                    *("-i", str(picture.path.absolute()), "-filter_complex", graph),
                    *("-map", "[x]", "-f", "null", "-", "-map", "[y]", "-f", "null", "-"),
                ],
                check=True,
                stderr=errors,
                cwd=self._folder,
            )
        found = re.findall(r"XPSNR\s+y:\s*([\d.]+|inf)", log.read_text())
        scores = json.loads(made.with_suffix(".json").read_text())
        log.unlink()
        made.with_suffix(".json").unlink()
        xpsnr = 60.0 if found[-1] == "inf" else float(found[-1])
        return xpsnr, float(scores["pooled_metrics"]["vmaf"]["mean"])


def height(clip: Path) -> int:
    """Return the lines of `clip`."""
    return _facts(clip)[1]


@functools.cache
def _facts(clip: Path) -> tuple[int, int, int, float]:
    answer = subprocess.run(
        [
            *(tools.ffprobe(), "-v", "error", "-select_streams", "v:0", "-of", "json"),
            *("-show_entries", "stream=width,height,avg_frame_rate:format=duration", str(clip)),
        ],
        check=True,
        capture_output=True,
    )
    found = json.loads(answer.stdout)
    stream = found["streams"][0]
    over, under = stream["avg_frame_rate"].split("/")
    rate = round(int(over) / int(under))
    return stream["width"], stream["height"], rate, float(found["format"]["duration"])


def _payload(made: Path) -> int:
    """Return the bytes of the packets: containers differ, and are not the encoder's doing."""
    answer = subprocess.run(
        [
            *(tools.ffprobe(), "-v", "error", "-select_streams", "v:0"),
            *("-show_entries", "packet=size", "-of", "csv=p=0", str(made)),
        ],
        check=True,
        capture_output=True,
        text=True,
    )
    return sum(int(line.strip(",")) for line in answer.stdout.split())


def _run(*arguments: str) -> float:
    """Run ffmpeg, lowered in priority, and return its CPU seconds."""
    argv = [tools.ffmpeg(), "-nostdin", "-v", "error", "-y", *arguments]
    quiet = {**os.environ, "SVT_LOG": "1"}
    process = subprocess.Popen(["nice", "-n", "19", *argv], stdin=subprocess.DEVNULL, env=quiet)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise SystemExit(f"ffmpeg ended with {process.returncode}: {argv}")
    return used.ru_utime + used.ru_stime
