"""Whoever takes a video away is told first what that hits."""

import re

import pytest
from django.urls import reverse

from cms.channels import uses
from cms.channels.actions import do_plan
from cms.channels.models import Filler
from cms.videos.uses import MOST, uses_of
from tests.channels.pages import NOW, after, text


@pytest.fixture
def planned(on_air, make_video):
    """A video of five minutes that is on after ten minutes, and after an hour."""
    video = make_video("Kabar (contoh)", 300)
    for seconds in (600, 3600):
        do_plan(on_air, video, after(seconds), NOW)
    return video


@pytest.mark.parametrize("page", ["withdraw", "take-down", "delete", "replace"])
def test_each_page_names_the_channel_and_its_times(client, superuser, planned, clock, page):
    clock(0)
    client.force_login(superuser)
    address = reverse(f"wagtailsnippets_videos_video:{page}", args=[planned.pk])
    told = text(client.get(address))
    assert re.search(r"Saluran Siar Nasional: \d+ kali tayang", told)
    assert "Selasa 24 November 2026, 12.40 WIB" in told


def test_what_is_on_air_is_named_so_and_what_has_passed_is_not(planned):
    (use,) = uses_of(planned, after(700))
    assert use.places[:2] == ("sedang tayang", "Selasa 24 November 2026, 13.30\u00a0WIB")
    (use,) = uses_of(planned, after(1200))
    assert use.places[0] == "Selasa 24 November 2026, 13.30\u00a0WIB"
    assert len(use.places) == MOST


def test_of_many_channels_some_are_named_and_the_others_counted(planned, on_air, monkeypatch):
    monkeypatch.setattr(uses, "MOST_CHANNELS", 0)
    (use,) = uses_of(planned, after(0))
    assert use.heading == "1 saluran lain"


def test_a_filler_is_material_of_its_channel(on_air):
    video = Filler.objects.first().video
    assert uses_of(video, NOW)[0].heading.startswith("Saluran Siar Nasional:")
