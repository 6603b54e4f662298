"""What is not public, and whose it is."""

from collections.abc import Callable

import pytest
from django.test import Client

from cms.cooperatives.models import Cooperative
from cms.core.models import User
from cms.traders.models import Product, Stall
from cms.videos.models import Video


@pytest.fixture
def hidden(
    sambal: Product, tempe: Product, pasar_a: Cooperative, make_video: Callable[..., Video]
) -> dict[str, str]:
    """A draft video and a product that is not on sale, both of market A."""
    Product.objects.filter(pk=sambal.pk).update(active=False)
    draft = make_video(pasar_a, "Belum terbit")
    Video.objects.filter(pk=draft.pk).update(live=False)
    return {"products": str(sambal.key), "videos": str(draft.key)}


def _keys(client: Client, address: str) -> set[str]:
    answer = client.get(address)
    assert answer.status_code == 200
    return {each["key"] for each in answer.json()["items"]}


def test_the_public_finds_nothing_that_is_not_public(
    client: Client, hidden: dict[str, str], editor_a: User
) -> None:
    for user in (None, editor_a):
        if user:
            client.force_login(user)
        for kind, key in hidden.items():
            assert key not in _keys(client, f"/api/v1/{kind}")
            assert client.get(f"/api/v1/{kind}/{key}").status_code == 404


@pytest.mark.parametrize(
    ("who", "sees"),
    [
        ("editor_a", {"products", "videos"}),
        ("editor_jatim", {"products", "videos"}),
        ("trader_a", {"products"}),
        ("editor_b", set()),
        ("trader_b", set()),
        ("editor_sulsel", set()),
        ("stranger", set()),
    ],
)
def test_mine_is_what_the_person_may_see_and_no_more(
    client: Client,
    hidden: dict[str, str],
    who: str,
    sees: set[str],
    request: pytest.FixtureRequest,
) -> None:
    client.force_login(request.getfixturevalue(who))
    for kind, key in hidden.items():
        assert (key in _keys(client, f"/api/v1/{kind}?mine=1")) == (kind in sees), kind
        status = client.get(f"/api/v1/{kind}/{key}?mine=1").status_code
        assert status == (200 if kind in sees else 404), kind


def test_mine_is_for_no_cache_and_no_other_site(
    client: Client, sambal: Product, trader_a: User
) -> None:
    client.force_login(trader_a)
    answer = client.get("/api/v1/products?mine=1")
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    assert "private" in answer["Cache-Control"]
    assert "Access-Control-Allow-Origin" not in answer
    assert "ETag" not in answer


def test_every_spelling_of_mine_is_kept_from_caches(
    client: Client, sambal: Product, trader_a: User
) -> None:
    """What ninja reads as true, the headers must read as true."""
    client.force_login(trader_a)
    for word in ("1", "true", "True", "TRUE", "on", "yes", "y", "t"):
        answer = client.get(f"/api/v1/products?mine={word}")
        assert answer.status_code == 200
        assert "Access-Control-Allow-Origin" not in answer, word
        assert "no-store" in answer["Cache-Control"], word


def test_a_stall_that_does_not_show_is_gone_with_its_products(
    client: Client, sambal: Product, stall_a: Stall
) -> None:
    Stall.objects.update(active=False)
    assert client.get(f"/api/v1/stalls/{stall_a.key}").status_code == 404
    assert client.get(f"/api/v1/products/{sambal.key}").status_code == 404


def test_withdrawn_videos_are_gone(client: Client, video_a: Video) -> None:
    assert client.get(f"/api/v1/videos/{video_a.key}").status_code == 200
    video_a.media.withdrawn_at = video_a.media.taken_down_at = "2026-11-24T00:00Z"
    video_a.media.save()
    assert client.get(f"/api/v1/videos/{video_a.key}").status_code == 404
