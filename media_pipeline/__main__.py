"""`python -m media_pipeline`."""

import os
import signal
import sys

from media_pipeline.errors import STOPPED

SIGNALS = [
    number
    for number in (signal.SIGINT, signal.SIGTERM)
    if signal.getsignal(number) is not signal.SIG_IGN
]


def _end(_number: int, _frame: object) -> None:
    """End at once: before the command begins there is nothing to clear up."""
    os.write(2, f"{STOPPED}\n".encode())
    os._exit(130)


for number in SIGNALS:
    signal.signal(number, _end)

from media_pipeline.cli import main  # noqa: E402 - what it imports takes a while

code = main()
for number in SIGNALS:
    # Python gives back the system's own handling as it ends, which would change the exit code.
    signal.signal(number, signal.SIG_IGN)
sys.exit(code)
