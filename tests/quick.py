"""A fast preset for all rungs, so that the films of tests cost half the CPU.

A publication keeps its form with `superfast`: B-frames, groups of pictures, and the caps of its
rates. `benchmarks/` measures what presets do to bytes and quality, and the tests of plans show that
each rung has its own. A module that needs these asks for `real_presets`.
"""

from collections.abc import Iterator

import pytest

from media_pipeline.planning.video import ladder

REAL = ladder._STEPS
QUICK = tuple(step._replace(preset="superfast") for step in REAL)


@pytest.fixture(scope="module", autouse=True)
def quick_presets() -> Iterator[None]:
    """Encode with the fast preset in every module of a folder whose conftest.py imports this."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ladder, "_STEPS", QUICK)
        yield


@pytest.fixture(scope="module")
def real_presets(quick_presets: None) -> Iterator[None]:
    """Encode with each rung's own preset in a module."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ladder, "_STEPS", REAL)
        yield
