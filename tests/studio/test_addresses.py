"""Every address of the Studio, asked for by people whom it does not concern.

The addresses come from the URL resolver, so one that is added tomorrow is walked tomorrow.
"""

import uuid
from collections.abc import Iterator
from datetime import datetime

import pytest
from django.test import Client
from django.urls import URLPattern

from cms.core.models import User
from cms.studio.urls import urlpatterns
from cms.traders.models import Consent, FeaturedSegment, Stall

DOOR = {
    "studio.webmanifest": "what puts the Studio on a home screen",
    "masuk/": "the door",
    "undangan/": "takes a link by POST",
    "undangan/<str:token>/": "a link: 404 unless we gave it out",
}
"""Addresses for people who are not signed in, and why."""


@pytest.fixture
def things(segment_a: FeaturedSegment, now: datetime) -> list[object]:
    """What an address may name of market A."""
    product = segment_a.product
    consent = Consent.objects.create(
        stall=product.stall, kind="contact", way="paper", wording="Setuju.", given_at=now
    )
    return [segment_a, product, product.stall, segment_a.video, consent]


def _names(pattern: URLPattern) -> list[str]:
    return list(pattern.pattern.converters)


def _paths(pattern: URLPattern, things: list[object]) -> Iterator[str]:
    """Yield the path for each thing that it could name."""
    for thing in things:
        path = str(pattern.pattern)
        for name, converter in pattern.pattern.converters.items():
            kind = type(converter).__name__.removesuffix("Converter").lower()
            value = getattr(thing, "key", uuid.UUID(int=0)) if kind == "uuid" else thing.pk  # type: ignore[attr-defined]
            path = path.replace(f"<{kind.replace('string', 'str')}:{name}>", str(value))
        assert "<" not in path
        yield f"/studio/{path}"


def _inner() -> list[URLPattern]:
    found = [each for each in urlpatterns if str(each.pattern) not in DOOR]
    assert len(found) > 10, "the walk has lost its way"
    return found


def test_who_is_not_signed_in_is_led_to_the_door(client: Client, things: list[object]) -> None:
    faults = [
        f"{method} {path}: {answer.status_code}"
        for pattern in _inner()
        for path in list(_paths(pattern, things))[:1]
        for method in ("get", "post")
        if (answer := getattr(client, method)(path)).status_code != 405
        and not (answer.status_code == 302 and answer["Location"].startswith("/studio/masuk/"))
    ]
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize(
    ("who", "expected"),
    [("trader_b", {404, 405}), ("coordinator_b", {403, 405}), ("stranger", {403, 405})],
)
def test_what_is_another_stalls_is_not_there(
    client: Client,
    things: list[object],
    stall_b: Stall,
    trader_b: User,
    who: str,
    expected: set[int],
    request: pytest.FixtureRequest,
) -> None:
    client.force_login(request.getfixturevalue(who))
    faults = [
        f"{method} {path}: {status}"
        for pattern in _inner()
        if _names(pattern)
        for path in _paths(pattern, things)
        for method in ("get", "post")
        if (status := getattr(client, method)(path).status_code) not in expected
    ]
    assert not faults, "\n".join(faults)
    for thing in things:
        assert type(thing).objects.filter(pk=thing.pk).exists()  # type: ignore[attr-defined]
