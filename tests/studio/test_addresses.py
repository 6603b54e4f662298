"""Every address of the Studio, asked for by people whom it does not concern.

The addresses come from the URL conf (`routes.py`), so one that is added is walked.
"""

from collections.abc import Iterator

import pytest
from django.test import Client

from cms.core import clock
from cms.core.models import User
from cms.studio.models import SentPhoto
from cms.traders.models import Certificate, Clip, Consent, FeaturedSegment, Product, Stall
from tests.studio.routes import DOOR, Things, addresses, make_things, routes

METHODS = ("get", "post", "put", "delete")
HERS = ("Sambal bawang", "Lapak Bumbu", "6281234567890", "ID00110000123450121")


@pytest.fixture
def things(segment_a: FeaturedSegment, coordinator_a: User) -> Things:
    """One of everything that stall A may have."""
    return make_things(segment_a, coordinator_a, clock.now())


def _inner(things: Things) -> dict[str, list[str]]:
    found = addresses(things)
    assert DOOR.keys() <= found.keys()
    return {name: paths for name, paths in found.items() if name not in DOOR}


def _asked(client: Client, paths: list[str]) -> Iterator[tuple[str, int, str]]:
    """Ask for each address by each method; yield what was asked, the status and the page."""
    for path in paths:
        for method in METHODS:
            answer = getattr(client, method)(path)
            page = b"".join(answer) if answer.streaming else answer.content
            yield f"{method} {path}", answer.status_code, page.decode(errors="replace")


def _rows() -> list[int]:
    models = (Stall, Product, FeaturedSegment, Clip, Certificate, Consent, SentPhoto)
    return [model.objects.count() for model in models]


def test_who_is_not_signed_in_is_led_to_the_door(client: Client, things: Things) -> None:
    faults = [
        f"{method} {path}: {answer.status_code}"
        for paths in _inner(things).values()
        for path in paths
        for method in METHODS
        if (answer := getattr(client, method)(path)).status_code != 302
        or not answer["Location"].startswith("/studio/masuk/?next=")
    ]
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("who", ["stranger", "coordinator_b", "coordinator_a", "editor_jatim"])
def test_for_who_runs_no_stall_nothing_is_there(
    client: Client, things: Things, who: str, request: pytest.FixtureRequest
) -> None:
    before = _rows()
    client.force_login(request.getfixturevalue(who))
    faults = [
        f"{asked}: {status}"
        for paths in _inner(things).values()
        for asked, status, page in _asked(client, paths)
        if status != 404 or any(word in page for word in HERS)
    ]
    assert not faults, "\n".join(faults)
    assert _rows() == before


def test_what_is_another_stalls_is_not_there(
    client: Client, things: Things, stall_b: Stall, trader_b: User
) -> None:
    before = _rows()
    client.force_login(trader_b)
    # 405 tells of the route, which is in the open; never of the thing that it names.
    faults = [
        f"{asked}: {status}"
        for name, paths in _inner(things).items()
        if routes()[name].pattern.converters
        for asked, status, page in _asked(client, paths)
        if status not in (404, 405) or any(word in page for word in HERS)
    ]
    assert not faults, "\n".join(faults)
    assert _rows() == before


def test_ones_own_pages_tell_nothing_of_another_stall(
    client: Client, things: Things, stall_b: Stall, trader_b: User
) -> None:
    client.force_login(trader_b)
    faults = [
        path
        for name, paths in _inner(things).items()
        if not routes()[name].pattern.converters
        for path in paths
        if (answer := client.get(path)).status_code == 404
        or (not answer.streaming and any(word in answer.content.decode() for word in HERS))
    ]
    assert not faults, "\n".join(faults)


def test_all_of_it_is_there_for_the_stalls_own_trader(studio: Client, things: Things) -> None:
    faults = [
        f"{path}: {status}"
        for paths in _inner(things).values()
        for path in paths
        if (status := studio.get(path).status_code) not in (200, 302, 405)
    ]
    assert not faults, "\n".join(faults)
