"""The command line of the pipeline: `python -m media_pipeline --help`."""

import sys
from collections.abc import Sequence

from media_pipeline.cli.parser import parser
from media_pipeline.errors import Cancelled, PipelineError, UnusableSource

DONE, FAILED, WRONG, UNUSABLE, STOPPED = 0, 1, 2, 3, 130
"""Exit codes; `parser.EXIT_CODES` tells people what they mean."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command in `argv` and return its exit code."""
    arguments = parser().parse_args(argv)
    try:
        return int(arguments.command(arguments))
    except PipelineError as error:
        print(error, file=sys.stderr)
        if isinstance(error, Cancelled):
            return STOPPED
        return UNUSABLE if isinstance(error, UnusableSource) else FAILED
    except (NotADirectoryError, ValueError) as error:  # what was typed makes no sense
        print(error, file=sys.stderr)
        return WRONG
    except BrokenPipeError:  # `… | head` has read enough
        sys.stderr.close()
        return FAILED
    except OSError as error:  # the disk is full, a folder may not be written
        print(f"{error.filename or 'This machine'}: {error.strerror or error}.", file=sys.stderr)
        return FAILED
