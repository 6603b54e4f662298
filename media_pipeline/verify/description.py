"""publication.json, covers, storyboard, and files that nothing names."""

import io
import json
import re
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from PIL import Image, UnidentifiedImageError

from media_pipeline.verify.files import Files
from media_pipeline.verify.findings import Damaged, Findings, seconds
from media_pipeline.verify.renditions import Rendition

DESCRIPTION = "publication.json"

_CUE = re.compile(r"(\d{2,}):(\d\d):(\d\d\.\d{3}) --> (\d{2,}):(\d\d):(\d\d\.\d{3})")
_TILE = re.compile(r"(?P<name>[^#]+)#xywh=(\d+),(\d+),(\d+),(\d+)")


def read_description(data: bytes) -> dict[str, Any]:
    """Return publication.json as plain values; raise Damaged if it is none."""
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        raise Damaged("it is no JSON") from None
    if not isinstance(found, dict):
        raise Damaged("it is no object")
    return found


def named_in(value: object, names: frozenset[str]) -> Iterator[str]:
    """Yield every text in `value` that is the name of a file."""
    match value:
        case str() if value in names:
            yield value
        case dict():
            for inner in value.values():
                yield from named_in(inner, names)
        case list():
            for inner in value:
                yield from named_in(inner, names)


def check_description(
    found: dict[str, Any], renditions: tuple[Rendition, ...], findings: Findings
) -> None:
    """The origin plays from publication.json: it has to say what the playlists say."""
    by_init = {rendition.init.uri: rendition for rendition in renditions}
    for one in _list(found.get("renditions")):
        name = str(one.get("name")) if isinstance(one, dict) else "?"
        try:
            rendition = by_init.pop(one["init"][0], None)
            if rendition is None:
                findings.add(DESCRIPTION, "no playlist names this rendition", name)
            elif rendition.whole:
                _check_rendition(one, name, rendition, findings)
        except (LookupError, TypeError, ValueError):
            findings.add(DESCRIPTION, "the rendition cannot be read", name)
    for missing in by_init.values():
        findings.add(DESCRIPTION, f"it does not name the rendition of {missing.name}")


def _check_rendition(
    one: dict[str, Any], name: str, rendition: Rendition, findings: Findings
) -> None:
    scale = int(one["timescale"])
    claimed = [(str(uri), int(at), int(size), int(d)) for uri, at, size, d, *_ in one["segments"]]
    true = [
        (cut.place.uri, cut.place.offset, cut.size, cut.duration * scale) for cut in rendition.cuts
    ]
    for number, (says, has) in enumerate(zip(claimed, true, strict=False), 1):
        findings.expect(
            says == has,
            DESCRIPTION,
            f"segment {number} is said to be {says[2]} bytes at {says[0]}+{says[1]} lasting "
            f"{says[3]}, and is {has[2]} at {has[0]}+{has[1]} lasting {has[3]}",
            name,
        )
    findings.expect(
        len(claimed) == len(true),
        DESCRIPTION,
        f"it has {len(claimed)} segments, {rendition.name} has {len(true)}",
        name,
    )
    says_codec, codec = str(one["codec"]).lower(), rendition.track.codec.lower()
    findings.expect(
        says_codec == codec or says_codec.startswith(f"{codec}."),
        DESCRIPTION,
        f"the codec is said to be {says_codec}, and is {rendition.track.codec}",
        name,
    )


def check_pictures(
    found: dict[str, Any], duration: Fraction, files: Files, findings: Findings
) -> None:
    """Covers and storyboard are pictures of the size that is said."""
    for poster in _list(found.get("posters")):
        if isinstance(poster, dict):
            uri = str(poster.get("uri"))
            size = _size(uri, files, findings)
            says = (poster.get("width"), poster.get("height"))
            findings.expect(
                size in (None, says), uri, f"it is said to be {says[0]} × {says[1]} pixels"
            )
    board = found.get("storyboard")
    if isinstance(board, dict):
        _check_storyboard(board, duration, files, findings)


def _check_storyboard(
    board: dict[str, Any], duration: Fraction, files: Files, findings: Findings
) -> None:
    vtt = str(board.get("vtt"))
    sheets = {str(uri): _size(str(uri), files, findings) for uri in _list(board.get("sprites"))}
    with findings.reading(vtt):
        data = files.read(vtt)
        if data is None:
            raise Damaged("the file does not exist")
        at = Fraction(0)
        for start, end, tile, line in _cues(data):
            findings.expect(start == at, vtt, f"a tile is missing at {seconds(at)}", f"line {line}")
            at = end
            _check_tile(tile, sheets, vtt, line, findings)
        findings.expect(
            abs(at - duration) <= Fraction(1, 100),
            vtt,
            f"its tiles cover {seconds(at)} of {seconds(duration)}",
        )


def _check_tile(
    tile: str, sheets: dict[str, tuple[int, int] | None], vtt: str, line: int, findings: Findings
) -> None:
    found = _TILE.fullmatch(tile)
    size = sheets.get(found["name"]) if found else None
    if found is None or found["name"] not in sheets:
        findings.add(vtt, "a tile is in no sheet of the storyboard", f"line {line}")
    elif size is not None:
        x, y, width, height = map(int, found.groups()[1:])
        findings.expect(
            x + width <= size[0] and y + height <= size[1],
            vtt,
            f"a tile lies outside {found['name']}",
            f"line {line}",
        )


def _cues(data: bytes) -> Iterator[tuple[Fraction, Fraction, str, int]]:
    """Yield start, end and text of each cue, and its line (WebVTT, 4.1)."""
    lines = data.decode("utf-8", "replace").splitlines()
    if not lines or not lines[0].startswith("WEBVTT"):
        raise Damaged("it does not start with WEBVTT", "line 1")
    for number, line in enumerate(lines[:-1], 1):
        found = _CUE.match(line)
        if found is not None:
            hours, minutes, rest, *end = map(Fraction, found.groups())
            start = hours * 3600 + minutes * 60 + rest
            yield start, end[0] * 3600 + end[1] * 60 + end[2], lines[number], number + 1


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


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
