"""The order of the checks."""

from collections.abc import Iterator

from media_pipeline.verify.alignment import check_alignment
from media_pipeline.verify.dash import MANIFEST, check_manifest
from media_pipeline.verify.description import (
    DESCRIPTION,
    check_description,
    check_pictures,
    named_in,
    read_description,
)
from media_pipeline.verify.files import Files
from media_pipeline.verify.findings import Finding, Findings
from media_pipeline.verify.hls import MASTER, Presentation, check_master
from media_pipeline.verify.playlists import Master, read_master

_LEFTOVERS = 5
"""More files than these that nothing names are told in one line."""


def verify(files: Files) -> tuple[Finding, ...]:
    """Return what is wrong with the publication in `files`, by file; nothing if it is good."""
    findings = Findings()
    names = files.names()
    described = _description(files, findings)
    if described is not None and described.get("state") == "growing":
        findings.add(DESCRIPTION, "the publication is still growing: check it when it is whole")
        return findings.all()
    with findings.reading(MASTER):
        data = files.read(MASTER)
        if findings.expect(data is not None, MASTER, "there is no publication here"):
            _check(read_master(data or b""), described, names, files, findings)
    return findings.all()


def _description(files: Files, findings: Findings) -> dict[str, object] | None:
    """Return publication.json; a folder for plain web servers may do without."""
    data = files.read(DESCRIPTION)
    if data is not None:
        with findings.reading(DESCRIPTION):
            return read_description(data)
    return None


def _check(
    master: Master,
    described: dict[str, object] | None,
    names: frozenset[str],
    files: Files,
    findings: Findings,
) -> None:
    shown = Presentation(master, files, findings)
    check_master(shown, files, findings)
    check_alignment(shown.videos, shown.sounds, findings)
    beside: frozenset[str] = frozenset()
    manifest = files.read(MANIFEST)
    if findings.expect(manifest is not None, MANIFEST, "the DASH manifest does not exist"):
        beside = check_manifest(manifest or b"", shown.renditions, files, findings)
    if described is not None:
        check_description(described, shown.renditions, findings)
        lengths = [r.duration for r in shown.videos or shown.sounds if r.whole]
        if lengths:
            check_pictures(described, lengths[0], files, findings)
        beside |= frozenset(named_in(described, names))
    _check_leftovers(names - beside - frozenset(_named(master, shown)), findings)


def _named(master: Master, shown: Presentation) -> Iterator[str]:
    """Yield every file that the playlists lead to."""
    yield from (MASTER, MANIFEST, DESCRIPTION)
    for line in (*master.media, *master.variants, *master.key_frames):
        yield line.uri
    for rendition in shown.renditions:
        yield rendition.init.uri
        for entry in rendition.media.entries:
            yield entry.place.uri


def _check_leftovers(left: frozenset[str], findings: Findings) -> None:
    """What nothing names costs room, and may be what should have been named."""
    if len(left) > _LEFTOVERS:
        findings.add(min(left), f"nothing names it and {len(left) - 1} other files")
        return
    for name in left:
        findings.add(name, "nothing names this file")
