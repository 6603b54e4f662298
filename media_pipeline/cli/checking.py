"""`verify`: is a publication as players need it?"""

import argparse
import sys
import tempfile
from pathlib import Path

import msgspec

from media_pipeline import tools
from media_pipeline.planning.inputs import GUARDS, address
from media_pipeline.stores import open_store
from media_pipeline.stores.address import store_settings
from media_pipeline.verify import Files, Folder, InStore, verify

FOUND = 1

_DECODED = "%+20"
"""Seconds of the file to keep that are decoded (ffprobe's intervals): a film would take minutes."""

_LIMITS = tools.Limits(memory=2 << 30, cpu_seconds=300, wall_seconds=600, file_bytes=4 << 20)


def verify_publication(arguments: argparse.Namespace) -> int:
    """Print what is wrong, a line each; return 0 if nothing is, else 1."""
    findings = verify(_files(arguments), _complaint)
    if arguments.json:
        print(msgspec.json.format(msgspec.json.encode(findings)).decode())
    else:
        for finding in findings:
            print(finding)
        if not findings:
            print(f"{arguments.publication} is a good publication.", file=sys.stderr)
    return FOUND if findings else 0


def _files(arguments: argparse.Namespace) -> Files:
    if arguments.store:
        settings = store_settings(
            arguments.store, endpoint=arguments.s3_endpoint, region=arguments.s3_region
        )
        return InStore(open_store(settings), arguments.publication)
    folder = Path(arguments.publication)
    if not folder.is_dir():
        raise NotADirectoryError(f"{folder} is not a folder: name one, or a --store with an id.")
    return Folder(folder)


def _complaint(data: bytes) -> str:
    """Return what ffprobe complains of when it decodes the MP4 in `data`; "" if it is content."""
    tools.check_tools()
    with tempfile.TemporaryDirectory(prefix="siar-verify-") as folder:
        path = Path(folder) / "film.mp4"
        path.write_bytes(data)
        ended = tools.run(
            [
                *(tools.ffprobe(), "-v", "error"),
                *(part for name, value in GUARDS.items() for part in (f"-{name}", value)),
                *("-read_intervals", _DECODED, "-count_frames"),
                *("-show_entries", "stream=nb_read_frames", "-of", "csv=p=0"),
                *("-i", address(str(path))),
            ],
            limits=_LIMITS,
            scratch=Path(folder),
            name="decoding",
        )
        counts = ended.stdout.read_text("utf-8", "replace").split()
        if ended.code == 0 and not ended.complaint and not all(c.isdecimal() for c in counts):
            return "a track has no frames"
        return ended.last_words or ("" if ended.code == 0 else "it cannot be decoded")
