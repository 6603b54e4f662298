"""`publish`: a file into a folder, or into a store."""

import argparse
import contextlib
import secrets
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from media_pipeline import pipeline
from media_pipeline.cli.progress import Shown, print_json
from media_pipeline.cli.scratch import working_folder
from media_pipeline.cli.sources import readable
from media_pipeline.errors import Cancelled, PipelineError, StoreUnavailable
from media_pipeline.model import keys
from media_pipeline.model.publication import Publication
from media_pipeline.stores import LocalStore, Store, open_store
from media_pipeline.stores.address import store_settings


def publish(arguments: argparse.Namespace) -> int:
    """Encode a file into a folder of HLS and DASH."""
    pipeline.check_tools(av1=arguments.av1)
    # One that is refused must not even make a folder.
    pipeline.probe(readable(arguments.file))
    stopped = arguments.stop.awaited()
    way = _into_store if arguments.store else _into_folder
    with contextlib.closing(Shown(as_json=arguments.json_progress)) as tell:
        try:
            made, place = way(arguments, tell, lambda: stopped() or tell.is_unread)
        except Cancelled:
            if tell.is_unread:
                raise BrokenPipeError from None
            raise
    report = [{"code": finding.code, "values": finding.values} for finding in made.report]
    if arguments.json_progress:
        print_json({"stage": "done", "publication": made.id, "folder": place, "report": report})
        return 0
    print(f"{place}/master.m3u8")
    for finding in made.report:
        told = ", ".join(f"{name} {value}" for name, value in finding.values.items())
        told = f" ({told})" if told else ""
        # stdout is for the address alone: $(… publish …) is how scripts use it.
        print(f"report: {finding.code.replace('_', ' ')}{told}", file=sys.stderr)
    return 0


def _into_store(
    arguments: argparse.Namespace, tell: Shown, stopped: Callable[[], bool]
) -> tuple[Publication, str]:
    address: str = arguments.folder
    with contextlib.ExitStack() as stack:
        if not address.startswith("s3://"):
            stack.enter_context(_made(Path(address)))
        settings = store_settings(
            address, endpoint=arguments.s3_endpoint, region=arguments.s3_region
        )
        scratch = stack.enter_context(tempfile.TemporaryDirectory(prefix="siar-publish-"))
        made = _encode(arguments, open_store(settings), Path(scratch), tell, stopped)
    return made, f"{address.rstrip('/')}/{keys.publication_folder(made.id)}"


def _into_folder(
    arguments: argparse.Namespace, tell: Shown, stopped: Callable[[], bool]
) -> tuple[Publication, str]:
    """Encode in a hidden folder beside the target and move the result there in one step."""
    folder = Path(arguments.folder)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise ValueError(f"{folder} is there already: name a folder that is new or empty.")
    with _made(folder.parent), working_folder(folder.parent, ".siar-") as beside:
        store = LocalStore(beside)
        made = _encode(arguments, store, beside, tell, stopped)
        if folder.exists():
            folder.rmdir()
        shutil.move(store.path(keys.publication_folder(made.id)), folder)
    return made, str(folder)


@contextlib.contextmanager
def _made(folder: Path) -> Iterator[None]:
    """Make `folder` and those above it; take away again what was made if the block fails."""
    new = [path for path in (folder, *folder.parents) if not path.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    try:
        yield
    except BaseException:
        for path in new:
            with contextlib.suppress(OSError):  # somebody else put something into it
                path.rmdir()
        raise


def _encode(
    arguments: argparse.Namespace,
    store: Store,
    scratch: Path,
    tell: Shown,
    stopped: Callable[[], bool],
) -> Publication:
    name = secrets.token_hex(16)
    try:
        return pipeline.publish(
            arguments.file,
            store,
            name,
            on_progress=tell,
            cancelled=stopped,
            scratch=scratch,
            now=lambda: datetime.now(UTC),
            workers=arguments.workers,
            av1=arguments.av1,
            opus=arguments.opus,
            download=arguments.download,
        )
    except (PipelineError, OSError):
        # What may be continued stays: but by this id nobody will.
        with contextlib.suppress(StoreUnavailable):
            store.delete_folder(keys.publication_folder(name))
        raise
