"""Covers and storyboard: pictures of the size that is said, at moments of the title."""

import io
import re
from fractions import Fraction
from typing import Any

from PIL import Image, UnidentifiedImageError

from media_pipeline.verify.description import listed
from media_pipeline.verify.files import Files
from media_pipeline.verify.findings import Damaged, Findings, seconds
from media_pipeline.verify.reading.webvtt import Cue, read_cues

_TILE = re.compile(r"(?P<name>[^#]+)#xywh=(\d{1,5}),(\d{1,5}),(\d{1,5}),(\d{1,5})")


def check_pictures(
    found: dict[str, Any], duration: Fraction, files: Files, findings: Findings
) -> None:
    """Check covers and storyboard of a title of `duration` seconds."""
    for poster in listed(found.get("posters")):
        if isinstance(poster, dict):
            _check_poster(poster, duration, files, findings)
    board = found.get("storyboard")
    if isinstance(board, dict):
        vtt = str(board.get("vtt"))
        with findings.reading(vtt):
            _check_storyboard(vtt, board, duration, files, findings)


def _check_poster(
    poster: dict[str, Any], duration: Fraction, files: Files, findings: Findings
) -> None:
    uri = str(poster.get("uri"))
    size = _size(uri, files, findings)
    says = (poster.get("width"), poster.get("height"))
    findings.expect(size in (None, says), uri, f"it is said to be {says[0]} × {says[1]} pixels")
    at = poster.get("at")
    findings.expect(
        isinstance(at, int | float) and 0 <= at <= duration,
        uri,
        f"it is said to be taken at {at} s, the title lasts {seconds(duration)}",
    )


def _check_storyboard(
    vtt: str, board: dict[str, Any], duration: Fraction, files: Files, findings: Findings
) -> None:
    """Tiles stand end to end over the whole title, each in its sheet; raises Damaged."""
    sheets = {str(uri): _size(str(uri), files, findings) for uri in listed(board.get("sprites"))}
    says = (board.get("width"), board.get("height"))
    data = files.read(vtt)
    if data is None:
        raise Damaged("the file does not exist")
    at = Fraction(0)
    for cue in read_cues(data):
        where = f"line {cue.line}"
        findings.expect(cue.start == at, vtt, f"a tile is missing at {seconds(at)}", where)
        at = cue.end
        _check_tile(cue, says, sheets, vtt, findings)
    findings.expect(
        abs(at - duration) <= Fraction(1, 100),
        vtt,
        f"its tiles cover {seconds(at)} of {seconds(duration)}",
    )


def _check_tile(
    cue: Cue,
    says: tuple[object, object],
    sheets: dict[str, tuple[int, int] | None],
    vtt: str,
    findings: Findings,
) -> None:
    where = f"line {cue.line + 1}"
    found = _TILE.fullmatch(cue.text)
    if found is None or found["name"] not in sheets:
        findings.add(vtt, "a tile is in no sheet of the storyboard", where)
        return
    x, y, width, height = map(int, found.groups()[1:])
    findings.expect(
        (width, height) == says,
        vtt,
        f"a tile is {width} × {height} pixels, and said to be {says[0]} × {says[1]}",
        where,
    )
    size = sheets[found["name"]]
    findings.expect(
        size is None or (x + width <= size[0] and y + height <= size[1]),
        vtt,
        f"a tile lies outside {found['name']}",
        where,
    )


def _size(uri: str, files: Files, findings: Findings) -> tuple[int, int] | None:
    """Return width and height of the picture `uri`; a finding if it is none."""
    data = files.read(uri)
    if not findings.expect(data is not None, uri, "the file does not exist"):
        return None
    try:
        with Image.open(io.BytesIO(data or b"")) as picture:
            picture.load()
            return picture.size
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError):
        findings.add(uri, "it is no whole picture")
        return None
