"""Encodes as they are made, but in haste: half the CPU for a film of a test.

`superfast` keeps what a publication's form hangs on: its B-frames, its groups of pictures, its
rates' caps. What presets do to bytes and quality is measured in `benchmarks/`, and that each rung
has its own is tested where plans are made. A module that needs them asks for `real_presets`.
"""

from collections.abc import Iterator

import pytest

from media_pipeline.planning.video import ladder

REAL = ladder._STEPS
QUICK = tuple(step._replace(preset="superfast") for step in REAL)


@pytest.fixture(scope="module", autouse=True)
def quick_presets() -> Iterator[None]:
    """Encode in haste in every module of a folder whose conftest.py imports this."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ladder, "_STEPS", QUICK)
        yield


@pytest.fixture(scope="module")
def real_presets(quick_presets: None) -> Iterator[None]:
    """Encode with each rung's own preset in a module."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ladder, "_STEPS", REAL)
        yield
