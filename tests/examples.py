"""How many examples a property is tried with: few in each run, many in `make test-deep`."""

import os

from hypothesis import settings

TIMES = 20 if os.environ.get("HYPOTHESIS_PROFILE") == "deep" else 1


def examples(count: int) -> settings:
    """Return settings that try `count` examples, instead of 100; in `make test-deep` 20 times as many."""
    return settings(max_examples=count * TIMES)
