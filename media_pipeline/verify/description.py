"""publication.json against what the playlists say."""

import json
from collections.abc import Iterator
from typing import Any

from media_pipeline.verify.findings import Damaged, Findings
from media_pipeline.verify.renditions import Rendition

DESCRIPTION = "publication.json"


def read_object(data: bytes) -> dict[str, Any]:
    """Return the JSON object in `data` as plain values; raise Damaged if it is none."""
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
    for one in listed(found.get("renditions")):
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
    segments = [tuple(segment) for segment in one["segments"]]
    claimed = [(str(uri), int(at), int(size), int(d)) for uri, at, size, d, *_ in segments]
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
    for number, (segment, cut) in enumerate(zip(segments, rendition.cuts, strict=False), 1):
        # 0, or nothing: it is not known, as of sound.
        key = int(segment[4]) if len(segment) > 4 else 0
        findings.expect(
            key in (0, cut.key),
            DESCRIPTION,
            f"the first picture of segment {number} is said to end at byte {key}, not {cut.key}",
            name,
        )
    says_codec, codec = str(one["codec"]).lower(), rendition.track.codec.lower()
    findings.expect(
        says_codec == codec or says_codec.startswith(f"{codec}."),
        DESCRIPTION,
        f"the codec is said to be {says_codec}, and is {rendition.track.codec}",
        name,
    )


def listed(value: object) -> list[Any]:
    """Return `value` if it is a list, else an empty one."""
    return value if isinstance(value, list) else []
