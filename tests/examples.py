"""What `make test` tries of much that could be tried: `make test-deep` tries the rest."""

import os

import pytest
from hypothesis import settings

TIMES = 20 if os.environ.get("HYPOTHESIS_PROFILE") == "deep" else 1


def examples(count: int) -> settings:
    """Return settings that try `count` examples, instead of 100; in `make test-deep` 20 times as many."""
    return settings(max_examples=count * TIMES)


def deep(*case: object) -> object:
    """Return a case for `parametrize` that only `make test-deep` runs.

    It is for the rest of a matrix, where `make test` meets each row and each column, and for a story at
    a second size of screen, where other tests look at that size.
    """
    return pytest.param(*case, marks=pytest.mark.deep)
