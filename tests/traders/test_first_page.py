"""The first page of the CMS: how many segments wait for a decision."""

import pytest
from django.urls import reverse

from cms.traders.models import FeaturedSegment

DOOR = "<strong>Putuskan segmen</strong>"


def first_page(client, user):
    client.force_login(user)
    return client.get("/admin/").content.decode()


@pytest.mark.parametrize("person", ["coordinator_a", "moderator_a", "superuser"])
def test_who_decides_reads_how_many_segments_wait_and_gets_to_them(
    client, request, person, segment_a
):
    page = first_page(client, request.getfixturevalue(person))
    assert DOOR in page
    assert "<span>1 segmen menunggu</span>" in page
    address = reverse(FeaturedSegment.snippet_viewset.get_url_name("queue"))
    assert f'href="{address}"' in page
    assert "Sambal bawang" in client.get(address).content.decode()


def test_only_what_waits_is_counted(client, coordinator_a, segment_a):
    FeaturedSegment.objects.filter(pk=segment_a.pk).update(state="approved")
    page = first_page(client, coordinator_a)
    assert "0 segmen menunggu" in page
    assert "siar-needs" not in page


def test_an_editor_decides_nothing_and_gets_no_door(client, editor_a, segment_a):
    assert DOOR not in first_page(client, editor_a)


def test_another_markets_coordinator_reads_nothing_of_it(client, coordinator_b, segment_a):
    assert "0 segmen menunggu" in first_page(client, coordinator_b)
