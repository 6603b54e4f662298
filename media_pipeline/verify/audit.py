"""The order of the checks."""

from collections.abc import Iterator

from media_pipeline.verify.alignment import check_alignment
from media_pipeline.verify.captions import check_captions
from media_pipeline.verify.dash import MANIFEST, check_manifest
from media_pipeline.verify.description import (
    DESCRIPTION,
    check_description,
    named_in,
    read_object,
)
from media_pipeline.verify.downloads import Decodes, check_download
from media_pipeline.verify.files import Files
from media_pipeline.verify.findings import Finding, Findings
from media_pipeline.verify.hls import MASTER, Presentation, check_master
from media_pipeline.verify.key_frames import check_key_frames
from media_pipeline.verify.pictures import check_pictures
from media_pipeline.verify.presented import check_presented
from media_pipeline.verify.reading.playlists import read_master

_JOB, _PARTS = "job.json", "parts/"
"""What stands in the folder of a title that is being made."""

_LEFTOVERS = 5
"""More files than these that nothing names are told in one line."""


def verify(files: Files, decodes: Decodes | None = None) -> tuple[Finding, ...]:
    """Return what is wrong with the publication in `files`, by file; nothing if it is good.

    `decodes` is asked about the file to keep, where there is one: it is given the
    bytes of an MP4 and returns what a decoder complains of, or "".
    """
    findings = Findings()
    names = files.names()
    if _JOB in names and DESCRIPTION not in names:
        parts = sum(name.startswith(_PARTS) for name in names)
        findings.add(
            _JOB,
            f"the title is still being made ({parts} of its parts are there): "
            "check it when it is whole",
        )
        return findings.all()
    described = _description(files, findings)
    if described is not None and described.get("state") == "growing":
        findings.add(DESCRIPTION, "the publication is still growing: check it when it is whole")
        return findings.all()
    with findings.reading(MASTER):
        data = files.read(MASTER)
        if findings.expect(data is not None, MASTER, "there is no publication here"):
            shown = Presentation(read_master(data or b""), files, findings)
            texts = _check_streams(shown, files, findings)
            beside = _check_beside(shown, described, names, decodes, files, findings)
            _check_leftovers(names - texts - beside - frozenset(_named(shown)), findings)
    return findings.all()


def _description(files: Files, findings: Findings) -> dict[str, object] | None:
    """Return publication.json; a folder for plain web servers may do without."""
    data = files.read(DESCRIPTION)
    if data is not None:
        with findings.reading(DESCRIPTION):
            return read_object(data)
    return None


def _check_streams(shown: Presentation, files: Files, findings: Findings) -> frozenset[str]:
    """Check what players stream by HLS; return the files of captions that it leads to."""
    check_master(shown, findings)
    check_alignment(shown.videos, shown.sounds, findings)
    for line in shown.master.key_frames:
        check_key_frames(line, shown, files, findings)
    return check_captions(shown, files, findings)


def _check_beside(
    shown: Presentation,
    described: dict[str, object] | None,
    names: frozenset[str],
    decodes: Decodes | None,
    files: Files,
    findings: Findings,
) -> frozenset[str]:
    """Check what says the same as HLS or comes with it; return the files that are named there."""
    beside: frozenset[str] = frozenset()
    manifest = files.read(MANIFEST)
    if findings.expect(manifest is not None, MANIFEST, "the DASH manifest does not exist"):
        beside = check_manifest(manifest or b"", shown.renditions, files, findings)
    if described is not None:
        check_description(described, shown.renditions, findings)
        check_download(described, shown, decodes, files, findings)
        if shown.duration is not None:
            check_pictures(described, shown.duration, files, findings)
        beside |= frozenset(named_in(described, names))
    check_presented(shown.duration, files, findings)
    return beside


def _named(shown: Presentation) -> Iterator[str]:
    """Yield every file of picture and sound that the playlists lead to, and those themselves."""
    yield from (MASTER, MANIFEST, DESCRIPTION)
    master = shown.master
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
