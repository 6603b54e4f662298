"""The command line of the pipeline: `python -m media_pipeline --help`."""

import argparse
import os
import secrets
import shlex
import shutil
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from media_pipeline import pipeline
from media_pipeline.errors import Cancelled, PipelineError, UnusableSource
from media_pipeline.model import keys
from media_pipeline.model.publication import Publication
from media_pipeline.model.source import Source
from media_pipeline.stores import LocalStore

_EPILOG = """\
examples:
  python -m media_pipeline probe market.mp4
  python -m media_pipeline publish market.mp4 www/market     # play www/market/master.m3u8
  python -m media_pipeline publish market.mp4 published --store
  python -m media_pipeline origin --store published --port 8080
  python -m media_pipeline origin --store s3://siar --media-url https://media.example/ --port 8080
  python -m media_pipeline plan market.mp4                    # the ffmpeg commands, unrun

ffmpeg and ffprobe come with Siar; SIAR_FFMPEG and SIAR_FFPROBE choose others.

exit codes:
  0    done
  1    a tool or the store failed; trying again may help
  2    the command line is wrong
  3    the file cannot be published; one sentence on stderr says why
  130  stopped by Ctrl-C or SIGTERM; nothing is left behind
"""

_BAR = 30


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command in `argv` and return its exit code."""
    arguments = _parser().parse_args(argv)
    try:
        return int(arguments.command(arguments))
    except PipelineError as error:
        print(error, file=sys.stderr)
        if isinstance(error, Cancelled):
            return 130
        return 3 if isinstance(error, UnusableSource) else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m media_pipeline",
        description="Turns video files into publications that phones and channels play.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    probe = commands.add_parser("probe", help="say what a file is")
    probe.add_argument("file", type=Path, metavar="FILE")
    probe.add_argument("--json", action="store_true", help="JSON also on a terminal")
    probe.set_defaults(command=_probe)

    publish = commands.add_parser("publish", help="encode a file into a folder of HLS and DASH")
    publish.add_argument("file", type=Path, metavar="FILE")
    publish.add_argument(
        "folder", type=Path, metavar="OUTDIR", help="a folder that is not there yet, or is empty"
    )
    publish.add_argument(
        "--store",
        action="store_true",
        help="OUTDIR is a published store: add the publication to it, and let it grow in sight",
    )
    publish.add_argument(
        "--json-progress", action="store_true", help="one JSON object a line on stdout"
    )
    publish.set_defaults(command=_publish)

    plan = commands.add_parser("plan", help="print the ffmpeg commands that publish would run")
    plan.add_argument("file", type=Path, metavar="FILE")
    plan.set_defaults(command=_plan)

    origin = commands.add_parser("origin", help="serve the channels and programmes of a store")
    origin.add_argument(
        "--store", required=True, metavar="STORE", help="a folder, or s3://BUCKET[/PREFIX]"
    )
    origin.add_argument("--port", type=int, required=True, metavar="N")
    origin.add_argument("--host", default="127.0.0.1", help="address to listen on (127.0.0.1)")
    origin.add_argument(
        "--media-url",
        default="",
        metavar="URL",
        help="where viewers fetch the store's files; this process serves those of a folder",
    )
    for name in ("endpoint", "region"):
        setting = f"SIAR_S3_{name.upper()}"
        origin.add_argument(
            f"--s3-{name}",
            default=os.environ.get(setting) or None,
            metavar="S3",
            help=f"{name} of the bucket ({setting})",
        )
    origin.set_defaults(command=_origin)
    return parser


def _probe(arguments: argparse.Namespace) -> int:
    source = pipeline.probe(arguments.file)
    if arguments.json or not sys.stdout.isatty():
        print(msgspec.json.format(msgspec.json.encode(source)).decode())
    else:
        print("\n".join(_described(source)))
    return 0


def _described(source: Source) -> Iterator[str]:
    """Yield what a person wants to know of `source`, a line each."""
    video = source.video
    minutes, seconds = divmod(round(source.duration), 60)
    yield f"{source.container.split(',')[0]}, {source.size / 1e6:.1f} MB, {minutes}:{seconds:02}"
    remarks = [
        *(["interlaced"] if video.interlaced else []),
        *(["high dynamic range"] if video.high_dynamic_range else []),
        *([f"turned by {video.rotation}°"] if video.rotation else []),
    ]
    size = f"{video.width} × {video.height}, {video.frame_rate:.2f} frames/s"
    yield ", ".join([f"picture: {video.codec}, {size}", *remarks])
    for track in source.audio:
        yield f"sound: {track.codec}, {track.channels} channels, language {track.language}"
    if not source.audio:
        yield "sound: none"


def _plan(arguments: argparse.Namespace) -> int:
    for argv in pipeline.commands(arguments.file):
        print(shlex.join(argv))
    return 0


def _publish(arguments: argparse.Namespace) -> int:
    pipeline.check_tools()
    folder: Path = arguments.folder
    tell = _json_line if arguments.json_progress else _bar()
    with _stop_on_signal() as stopped:
        if arguments.store:
            folder.mkdir(parents=True, exist_ok=True)
            made = _encode(arguments.file, LocalStore(folder), folder, tell, stopped)
            place = folder / keys.publication_folder(made.id)
        else:
            made, place = _encode_beside(arguments.file, folder, tell, stopped)
    if arguments.json_progress:
        _print_json({"stage": "done", "publication": made.id, "folder": str(place)})
    else:
        print(place / "master.m3u8")
    return 0


def _encode_beside(
    file: Path,
    folder: Path,
    tell: Callable[[pipeline.Progress], None],
    stopped: Callable[[], bool],
) -> tuple[Publication, Path]:
    """Encode in a hidden folder beside `folder` and move the result there in one step."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        print(f"{folder} is there already: name a folder that is new or empty.", file=sys.stderr)
        raise SystemExit(2)
    pipeline.probe(file)  # a file that is refused must not even make the folder above
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".siar-", dir=folder.parent) as beside:
        store = LocalStore(Path(beside))
        made = _encode(file, store, Path(beside), tell, stopped)
        if folder.exists():
            folder.rmdir()
        shutil.move(store.path(keys.publication_folder(made.id)), folder)
    return made, folder


def _encode(
    file: Path,
    store: LocalStore,
    scratch: Path,
    tell: Callable[[pipeline.Progress], None],
    stopped: Callable[[], bool],
) -> Publication:
    return pipeline.publish(
        file,
        store,
        secrets.token_hex(16),
        on_progress=tell,
        cancelled=stopped,
        scratch=scratch,
        now=lambda: datetime.now(UTC),
    )


def _origin(arguments: argparse.Namespace) -> int:
    # Serving needs a web server's libraries, which encoding machines may lack.
    from media_pipeline.origin import serve

    try:
        serve.serve(
            arguments.store,
            arguments.port,
            arguments.host,
            media_url=arguments.media_url,
            endpoint=arguments.s3_endpoint,
            region=arguments.s3_region,
        )
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    except OSError as error:  # the port is taken, or the folder is none
        print(error, file=sys.stderr)
        return 1
    return 0


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


def _json_line(progress: pipeline.Progress) -> None:
    _print_json(
        {
            "stage": progress.stage,
            "fraction": round(progress.fraction, 4),
            "eta_seconds": None if progress.eta_seconds is None else round(progress.eta_seconds, 1),
        }
    )


def _print_json(value: dict[str, object]) -> None:
    print(msgspec.json.encode(value).decode(), flush=True)


def _bar() -> Callable[[pipeline.Progress], None]:
    """Return what draws a progress bar on a terminal, or does nothing elsewhere."""
    if not sys.stderr.isatty():
        return lambda _progress: None
    return lambda progress: print(
        _bar_text(progress), end="\n" if progress.fraction >= 1 else "", file=sys.stderr, flush=True
    )


def _bar_text(progress: pipeline.Progress) -> str:
    full = round(progress.fraction * _BAR)
    left = "" if progress.eta_seconds is None else f", about {progress.eta_seconds:.0f} s left"
    bar = "█" * full + "·" * (_BAR - full)
    # \r and "erase to the end": the line is drawn over itself.
    return f"\r{bar} {progress.fraction:4.0%} {progress.stage}{left}\x1b[K"
