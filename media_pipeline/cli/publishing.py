"""`publish`: a file into a folder, or into a store."""

import argparse
import secrets
import shutil
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from media_pipeline import pipeline
from media_pipeline.cli.progress import Tell, bar, json_line, print_json
from media_pipeline.model import keys
from media_pipeline.model.publication import Publication
from media_pipeline.stores import LocalStore, Store, open_store
from media_pipeline.stores.address import store_settings


def publish(arguments: argparse.Namespace) -> int:
    """Encode a file into a folder of HLS and DASH."""
    pipeline.check_tools(av1=arguments.av1)
    tell = json_line if arguments.json_progress else bar()
    with _stop_on_signal() as stopped:
        way = _into_store if arguments.store else _into_folder
        made, place = way(arguments, tell, stopped)
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
    arguments: argparse.Namespace, tell: Tell, stopped: Callable[[], bool]
) -> tuple[Publication, str]:
    address: str = arguments.folder
    if not address.startswith("s3://"):
        Path(address).mkdir(parents=True, exist_ok=True)
    settings = store_settings(address, endpoint=arguments.s3_endpoint, region=arguments.s3_region)
    with tempfile.TemporaryDirectory(prefix="siar-publish-") as scratch:
        made = _encode(arguments, open_store(settings), Path(scratch), tell, stopped)
    return made, f"{address.rstrip('/')}/{keys.publication_folder(made.id)}"


def _into_folder(
    arguments: argparse.Namespace, tell: Tell, stopped: Callable[[], bool]
) -> tuple[Publication, str]:
    """Encode in a hidden folder beside the target and move the result there in one step."""
    folder = Path(arguments.folder)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise ValueError(f"{folder} is there already: name a folder that is new or empty.")
    pipeline.probe(arguments.file)  # a file that is refused must not even make the folder above
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".siar-", dir=folder.parent) as beside:
        store = LocalStore(Path(beside))
        made = _encode(arguments, store, Path(beside), tell, stopped)
        if folder.exists():
            folder.rmdir()
        shutil.move(store.path(keys.publication_folder(made.id)), folder)
    return made, str(folder)


def _encode(
    arguments: argparse.Namespace,
    store: Store,
    scratch: Path,
    tell: Tell,
    stopped: Callable[[], bool],
) -> Publication:
    return pipeline.publish(
        arguments.file,
        store,
        secrets.token_hex(16),
        on_progress=tell,
        cancelled=stopped,
        scratch=scratch,
        now=lambda: datetime.now(UTC),
        workers=arguments.workers,
        av1=arguments.av1,
        download=arguments.download,
    )


@contextmanager
def _stop_on_signal() -> Iterator[Callable[[], bool]]:
    """Yield a function that turns true at Ctrl-C or SIGTERM, so that work can clean up."""
    asked: list[int] = []
    signals = (signal.SIGINT, signal.SIGTERM)
    before = [signal.signal(number, lambda got, _frame: asked.append(got)) for number in signals]
    try:
        yield lambda: bool(asked)
    finally:
        for number, handler in zip(signals, before, strict=True):
            signal.signal(number, handler)
        if asked and sys.stderr.isatty():
            print(file=sys.stderr)  # the sentence does not stand in the bar
