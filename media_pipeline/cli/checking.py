"""`verify`: is a publication as players need it?"""

import argparse
import sys
from pathlib import Path

import msgspec

from media_pipeline.stores import open_store
from media_pipeline.stores.address import store_settings
from media_pipeline.verify import Files, Folder, InStore, verify

FOUND = 1


def verify_publication(arguments: argparse.Namespace) -> int:
    """Print what is wrong, a line each; return 0 if nothing is, else 1."""
    findings = verify(_files(arguments))
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
