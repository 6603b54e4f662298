"""The command line of the pipeline: `python -m media_pipeline --help`."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import msgspec

from media_pipeline import pipeline
from media_pipeline.errors import PipelineError, UnusableSource

_EPILOG = """\
exit codes:
  0   done
  1   a tool or the store failed; trying again may help
  2   the command line is wrong
  3   the file cannot be published; one sentence says why
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command in `argv` and return its exit code."""
    arguments = _parser().parse_args(argv)
    try:
        return int(arguments.command(arguments))
    except PipelineError as error:
        print(error, file=sys.stderr)
        return 3 if isinstance(error, UnusableSource) else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m media_pipeline",
        description="Turns video files into publications for phones and channels.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    probe = commands.add_parser("probe", help="say what a file is, as JSON")
    probe.add_argument("file", type=Path, metavar="FILE")
    probe.set_defaults(command=_probe)
    return parser


def _probe(arguments: argparse.Namespace) -> int:
    source = pipeline.probe(arguments.file)
    print(msgspec.json.format(msgspec.json.encode(source)).decode())
    return 0
