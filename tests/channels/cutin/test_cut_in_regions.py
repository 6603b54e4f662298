"""Cut-ins of channels that inherit, and what a parent obliges them to carry."""

from datetime import UTC, datetime, time, timedelta

import pytest

from cms.channels import in_force
from cms.channels.actions import do_plan, do_publish_rundown, do_set_azan
from cms.channels.cutin.actions import do_cut_in, do_end_cut_in
from cms.channels.models import Azan, Channel, OwnWindow
from cms.channels.prayer.times import prayer_times
from cms.channels.reels import reels
from cms.core import published
from cms.core.refusals import Refused
from media_pipeline.model.ticks import ticks_of
from media_pipeline.origin import create_origin
from media_pipeline.playout import check_rundown, on_air

NOW = datetime(2026, 11, 24, 5, 30, tzinfo=UTC)
"""12.30 WIB."""


def after(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


@pytest.fixture
def country(channel, make_video):
    do_plan(channel, make_video("Film nasional (contoh)", 6 * 3600), NOW, NOW)
    do_publish_rundown(channel, NOW)
    return channel


def below(parent, cooperative, slug, own, video):
    """A channel that follows `parent`, with `video` in its own hours, 13.00 to 14.00."""
    made = Channel.objects.create(
        cooperative=cooperative, name=slug.title(), slug=slug, parent=parent, repeats_daily=False
    )
    OwnWindow.objects.create(channel=made, start=time(13), end=time(14))
    if own:
        do_plan(made, video, after(1800), NOW)
    do_publish_rundown(made, NOW)
    return made


@pytest.fixture
def line(country, jatim, pasar_a, make_video):
    """A province and a market below it, both with programmes of their own at 13.00."""
    province = below(country, jatim, "jatim", True, make_video("Provinsi (contoh)", 3600))
    market = below(province, pasar_a, "turi", True, make_video("Pasar (contoh)", 3600))
    return province, market


@pytest.fixture
def news(make_video):
    return make_video("Kabar darurat (contoh)", 120)


def cut(channel, video, seconds, **more):
    return do_cut_in(
        channel, video, by=None, clock=lambda: after(seconds), **{"returns": "rejoins", **more}
    )


def title_at(slug: str, seconds: float) -> str:
    found = in_force.read(slug)
    assert check_rundown(found.lineup, reels) == ()
    return on_air(found.lineup, ticks_of(after(seconds))).title


def shown_by_origin(slug: str, seconds: float) -> set[str]:
    """The publications that an origin's playlist names at a moment."""
    now = after(seconds)
    origin = create_origin(published.store(), media_url="/m/", clock=lambda: now, name="uji")
    origin.refresh()
    text, _ = origin.channels.known[slug].playlist("v360", ticks_of(now))
    return {line.split("/")[-3] for line in text.body.decode().splitlines() if line.endswith("m4s")}


def test_who_relays_shows_the_parents_cut_in_and_who_is_in_own_hours_does_not(country, line, news):
    cut(country, news, 600)
    assert [title_at(slug, 660) for slug in ("jatim", "turi")] == ["Kabar darurat (contoh)"] * 2
    cut(country, news, 2000)
    assert [title_at(slug, 2060) for slug in ("nasional", "jatim", "turi")] == [
        "Kabar darurat (contoh)",
        "Provinsi (contoh)",
        "Pasar (contoh)",
    ]


def test_wajib_relay_goes_through_own_hours_at_depth_three_and_they_go_on(country, line, news):
    made = cut(country, news, 2000, must_carry=True)
    for slug in ("nasional", "jatim", "turi"):
        assert title_at(slug, 2060) == "Kabar darurat (contoh)"
        assert news.media.publication in shown_by_origin(slug, 2060)
    assert title_at("turi", 2200) == "Pasar (contoh)"
    own = next(e for e in in_force.read("turi").entries if e.title == "Pasar (contoh)" and e.first)
    # In progress: what was planned at 13.00 is as far as the clock, but for a segment.
    assert abs(own.first * 4 - (own.start / 90_000 - after(1800).timestamp())) <= 8
    do_end_cut_in(made, None, lambda: after(2040))
    assert title_at("turi", 2060) == "Pasar (contoh)"


def test_the_azan_of_a_market_wins_over_wajib_relay(country, line, make_video):
    _province, market = line
    azan = Azan(channel=market)
    do_set_azan(azan, NOW)
    asar = prayer_times(azan.setting().city, NOW.date())["asar"]
    seconds = (asar - NOW).total_seconds()
    cut(country, make_video("Sidang (contoh)", 1800), seconds - 300, must_carry=True)
    assert title_at("turi", seconds - 60) == "Sidang (contoh)"
    call = on_air(in_force.read("turi").lineup, ticks_of(asar))
    assert call.kind == "azan"
    assert -9 < call.start / 90_000 - asar.timestamp() <= 0
    assert title_at("turi", seconds + 60 * azan.minutes + 30) == "Sidang (contoh)"
    assert title_at("jatim", seconds + 30) == "Sidang (contoh)"


@pytest.mark.parametrize("seconds", [600, 2000])
@pytest.mark.parametrize("returns", ["rejoins", "resumes"])
def test_a_province_cuts_in_over_a_relay_and_over_its_own_programme(line, news, seconds, returns):
    province, _market = line
    before = title_at("jatim", seconds)
    made = cut(province, news, seconds, returns=returns)
    found = in_force.read("jatim")
    begun = next(e for e in found.entries if e.id.startswith(made.entry_id))
    assert 2 <= begun.start / 90_000 - after(seconds).timestamp() <= 6.5
    assert begun.count == 30
    assert title_at("jatim", seconds + 200) == before
    assert title_at("turi", 660) == (
        "Kabar darurat (contoh)" if seconds == 600 else "Film nasional (contoh)"
    )
    kept = [e for e in found.entries if e.start < ticks_of(after(seconds + 150))]
    do_publish_rundown(province, after(seconds + 40))
    again = [e for e in in_force.read("jatim").entries if e.start < ticks_of(after(seconds + 150))]
    assert again[-3:] == kept[-3:]
    do_publish_rundown(province, after(seconds + 300))
    assert begun in list(in_force.read("jatim").entries)


def test_a_cut_in_is_shown_whole_beyond_the_end_of_own_hours(line, make_video):
    province, _market = line
    made = cut(province, make_video("Panjang (contoh)", 600), 5100)
    begun = next(e for e in in_force.read("jatim").entries if e.id == made.entry_id)
    assert begun.count == 150
    assert title_at("jatim", 5300) == title_at("jatim", 5690) == "Panjang (contoh)"
    assert title_at("jatim", 5800) == "Film nasional (contoh)"


def test_wajib_relay_of_a_province_goes_through_the_hours_of_its_markets(line, news):
    province, _market = line
    cut(province, news, 2000, must_carry=True)
    assert title_at("turi", 2060) == "Kabar darurat (contoh)"
    assert title_at("turi", 2200) == "Pasar (contoh)"
    assert title_at("nasional", 2060) == "Film nasional (contoh)"


def test_who_must_carry_something_cannot_cut_in_meanwhile(country, line, news, make_video):
    province, _market = line
    cut(country, news, 2000, must_carry=True)
    with pytest.raises(Refused, match="wajib"):
        cut(province, make_video("Lain (contoh)", 60), 2040)
    cut(province, make_video("Nanti (contoh)", 60), 2200)
    assert title_at("jatim", 2230) == "Nanti (contoh)"


def test_a_cut_in_of_a_province_is_ended_and_the_parent_is_joined_in_progress(line, news):
    province, _market = line
    made = cut(province, news, 600)
    do_end_cut_in(made, None, lambda: after(640))
    assert title_at("jatim", 655) == "Film nasional (contoh)"
    found = in_force.read("jatim")
    entry = on_air(found.lineup, ticks_of(after(655)))
    assert abs(entry.first * 4 - (entry.start / 90_000 - NOW.timestamp())) <= 8
