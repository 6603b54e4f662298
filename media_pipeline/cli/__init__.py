"""The command line of the pipeline: `python -m media_pipeline --help`."""

import os
import sys
from collections.abc import Sequence

from media_pipeline.cli.parser import parser
from media_pipeline.cli.stopping import Stopped, heeded
from media_pipeline.errors import STOPPED as STOPPED_SENTENCE
from media_pipeline.errors import Cancelled, PipelineError, UnusableSource

DONE, FAILED, WRONG, UNUSABLE, STOPPED = 0, 1, 2, 3, 130
"""Exit codes; `parser.EXIT_CODES` tells people what they mean."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command in `argv` and return its exit code."""
    try:
        code = _run(argv)
    except SystemExit as ended:  # argparse has helped, or refused what was typed
        code = ended.code if isinstance(ended.code, int) else WRONG
    try:
        sys.stdout.flush()  # here, where a reader that has gone is no traceback
    except BrokenPipeError:  # `… | head` has read enough
        # What is left in the buffer would fail once more at the end of the process.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    return code


def _run(argv: Sequence[str] | None) -> int:
    arguments = parser().parse_args(argv)
    try:
        with heeded() as stop:
            arguments.stop = stop
            return int(arguments.command(arguments))
    except (Stopped, KeyboardInterrupt):
        print(STOPPED_SENTENCE, file=sys.stderr)
        return STOPPED
    except PipelineError as error:
        print(error, file=sys.stderr)
        if isinstance(error, Cancelled):
            return STOPPED
        return UNUSABLE if isinstance(error, UnusableSource) else FAILED
    except (NotADirectoryError, ValueError) as error:  # what was typed makes no sense
        print(error, file=sys.stderr)
        return WRONG
    except BrokenPipeError:
        return FAILED
    except OSError as error:  # the disk is full, a folder may not be written
        print(f"{error.filename or 'This machine'}: {error.strerror or error}.", file=sys.stderr)
        return FAILED


__all__ = ["DONE", "FAILED", "STOPPED", "UNUSABLE", "WRONG", "main"]
