"""How many examples a property is tried with: few in each run, many in `make test-deep`."""

import os

from hypothesis import settings

TIMES = 20 if os.environ.get("HYPOTHESIS_PROFILE") == "deep" else 1


def examples(count: int) -> settings:
    """Try `count` examples, where a hundred are too many or too few; `TIMES` as many when deep."""
    return settings(max_examples=count * TIMES)
