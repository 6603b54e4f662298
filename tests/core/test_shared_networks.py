"""SIAR_SHARED_NETWORKS is checked before Siar starts."""

import pytest
from pytest_django import Settings

from cms.core.checks import check_shared_networks


@pytest.mark.parametrize(
    ("text", "faults"), [("203.0.113.7", 0), ("2001:db8::/48", 0), ("pasar", 1), ("10.0.0.1/8", 1)]
)
def test_what_is_no_network_is_named(settings: Settings, text: str, faults: int) -> None:
    settings.SHARED_NETWORKS = [text]
    found = check_shared_networks()
    assert len(found) == faults
    assert all(text in each.msg for each in found)
