"""No page of a channel is there for another region's editor."""

import re
from datetime import time, timedelta

import pytest

from cms.channels.actions import do_plan, do_publish_rundown
from cms.channels.admin.viewset import PAGES
from cms.channels.models import CutIn, Notice
from cms.traders.models import FeaturedSegment
from tests.airings import make_airing
from tests.channels.pages import NOW, page
from tests.channels.weeks import do_add_slot

DAY = "2026-11-25"


@pytest.fixture
def addresses(channel, make_video, sambal):
    """The address of each page, of rows that there are."""
    do_publish_rundown(channel, NOW)
    entry = do_plan(channel, make_video("Kabar (contoh)"), NOW + timedelta(days=1), NOW).entry
    do_add_slot(channel, make_video("Harga (contoh)"), range(7), time(5), NOW)
    card = FeaturedSegment.objects.create(
        product=sambal, video=entry.video, begin=0, end=15, state="approved"
    )
    cut = CutIn.objects.create(channel=channel, title="Sela (contoh)", at=0, created=NOW)
    notice = Notice.objects.create(channel=channel, text="(contoh)", created=NOW, until=NOW)
    owed = make_airing(channel, card, NOW)
    values = {
        "debt": owed.pk,
        "day": DAY,
        "wish": f"{entry.video_id}-{int(entry.start.timestamp())}",
        "slot": channel.weekly.get().pk,
        "cut": cut.pk,
        "notice": notice.pk,
    }
    return {
        name: page(name, channel, *(values[n] for n in re.findall(r":(\w+)>", route) if n != "pk"))
        for name, (_view, route) in PAGES.items()
    }


def statuses(client, addresses):
    return {
        (name, ask): getattr(client, ask)(url).status_code
        for name, url in addresses.items()
        for ask in ("get", "post")
    }


def test_another_regions_editor_finds_none_of_the_pages(client, addresses, editor_sulsel, channel):
    client.force_login(editor_sulsel)
    found = statuses(client, addresses)
    assert {key: status for key, status in found.items() if status != 404} == {}
    assert channel.planned.count() == channel.weekly.count() == channel.notices.count() == 1


def test_a_channels_own_editor_finds_all_that_can_be_looked_at(client, addresses, editor_national):
    client.force_login(editor_national)
    found = {name: client.get(url).status_code for name, url in addresses.items()}
    assert {name: status for name, status in found.items() if status == 404} == {}
