"""What a store says of a publication beside its bytes: captions, chapters and product cards."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from media_pipeline.verify.captions import check_words
from media_pipeline.verify.description import read_object
from media_pipeline.verify.files import Files
from media_pipeline.verify.findings import Damaged, Findings, seconds

_TICKS = 90_000
"""A second, in the units of chapters and cards."""


def check_presented(duration: Fraction | None, files: Files, findings: Findings) -> None:
    """Check the presentation of a title of `duration` seconds, where its store has one."""
    name = files.presentation
    data = files.beside(name) if name else None
    if data is None:
        return
    with findings.reading(name):
        found = read_object(data)
        for caption in _objects(found, "captions"):
            _check_caption(caption, name, duration, files, findings)
        _check_chapters(tuple(_objects(found, "chapters")), name, duration, findings)
        for card in _objects(found, "cards"):
            _check_card(card, name, duration, findings)


def _objects(found: dict[str, Any], name: str) -> Iterator[dict[str, Any]]:
    listed = found.get(name, [])
    if not isinstance(listed, list) or not all(isinstance(one, dict) for one in listed):
        raise Damaged(f"its {name} cannot be read")
    yield from listed


def _ticks(one: dict[str, Any], name: str, what: str) -> Fraction:
    """Return the time `name` of `one` in seconds."""
    value = one.get(name)
    if not isinstance(value, int) or isinstance(value, bool):
        raise Damaged(f"{name} of a {what} is no whole number")
    return Fraction(value, _TICKS)


def _check_caption(
    caption: dict[str, Any],
    name: str,
    duration: Fraction | None,
    files: Files,
    findings: Findings,
) -> None:
    for key in ("language", "label"):
        findings.expect(caption.get(key), name, f"captions have no {key}")
    uri = str(caption.get("uri"))
    data = files.beside(uri)
    if data is None:
        findings.add(uri, "the file of captions does not exist")
        return
    with findings.reading(uri):
        check_words(uri, data, duration, findings)


def _check_chapters(
    chapters: tuple[dict[str, Any], ...],
    name: str,
    duration: Fraction | None,
    findings: Findings,
) -> None:
    before = Fraction(-1)
    for number, chapter in enumerate(chapters, 1):
        where = f"chapter {number}"
        start = _ticks(chapter, "start", "chapter")
        findings.expect(chapter.get("title"), name, "it has no title", where)
        findings.expect(start > before, name, "it does not start after the one before", where)
        findings.expect(
            start >= 0 and (duration is None or start < duration),
            name,
            f"it starts at {seconds(start)}, outside the title of {seconds(duration or start)}",
            where,
        )
        before = start


def _check_card(
    card: dict[str, Any], name: str, duration: Fraction | None, findings: Findings
) -> None:
    where = f"card {card.get('id')}"
    start, lasts = _ticks(card, "offset", "card"), _ticks(card, "duration", "card")
    findings.expect(lasts > 0, name, "it is shown for no time", where)
    findings.expect(
        start >= 0 and (duration is None or start < duration),
        name,
        f"it starts at {seconds(start)}, outside the title of {seconds(duration or start)}",
        where,
    )
