"""The guide says what the playlist plays."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import m3u8
import msgspec
import pytest

from cms.channels import guide, in_force
from cms.channels.actions import do_plan, do_publish_rundown
from cms.channels.reels import reels
from cms.core import clock
from cms.site.channels import now_on
from media_pipeline.model.rundown import title_of_run
from media_pipeline.model.ticks import moment_of, ticks_of
from media_pipeline.playout import Timeline, window

NOW = datetime(2026, 11, 24, 5, 30, tzinfo=UTC)


def after(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


@pytest.fixture
def planned(channel, make_video):
    """A channel with three programmes, two of which touch."""
    do_publish_rundown(channel, NOW)
    first, second = make_video("Kabar Pasar (contoh)", 60), make_video("Dapur (contoh)", 33.6)
    do_plan(channel, first, after(300), NOW, note="Pagi")
    do_plan(channel, second, after(360), NOW)
    do_plan(channel, first, after(900), NOW)
    return channel


def test_it_agrees_with_the_playlist_at_every_moment(planned):
    rundown = in_force.read("nasional").rundown
    timeline = Timeline(rundown, reels)
    for tenth in range(0, 12_000, 23):
        now = after(tenth / 10)
        playing = timeline.entry(timeline.place_at(ticks_of(now)))
        told = guide.on_air(planned, now)
        assert told.start <= now < told.end
        if playing.kind in ("filler", "slate"):
            assert told.kind == "filler"
            assert told.start <= moment_of(playing.start) < moment_of(playing.end) <= told.end
        else:
            assert (told.title, told.start, told.end) == (
                playing.title,
                moment_of(playing.start),
                moment_of(playing.end),
            )


def test_each_segment_of_the_playlist_stands_in_the_programme_that_the_guide_names(planned):
    rundown = in_force.read("nasional").rundown
    titles = {e.publication: e.title for e in rundown.entries}
    seen = set()
    for seconds in range(0, 1200, 45):
        playlist = m3u8.loads(window(rundown, reels, "v144", ticks_of(after(seconds))))
        for segment in playlist.segments:
            told = guide.on_air(planned, segment.current_program_date_time)
            publication = segment.uri.split("/")[-3]
            assert titles[publication] in told.title
            assert told.end >= segment.current_program_date_time
            seen.add(told.title)
    fillers = "Pengisi 0 (contoh) · Pengisi 1 (contoh)"
    assert seen == {fillers, "Kabar Pasar (contoh)", "Dapur (contoh)"}


def test_a_break_bears_one_name_in_guide_pages_and_answers(planned, client, monkeypatch):
    fillers = "Pengisi 0 (contoh) · Pengisi 1 (contoh)"
    now = after(200)
    monkeypatch.setattr(clock, "now", lambda: now)
    on = guide.on_air(planned, now)
    assert on.title == fillers
    assert now_on(planned, now).title == fillers
    assert guide.day(planned, now.date())[0].title == fillers
    told = client.get("/live/nasional/now.json").json()
    assert [each["title"] for each in told["programmes"][:2]] == [
        "Kabar Pasar (contoh)",
        "Dapur (contoh)",
    ]
    first = told["breaks"][0]
    assert (first["title"], first["start"]) == (fillers, on.start.isoformat())
    assert len({each["start"] for each in told["breaks"]}) == len(told["breaks"])


def test_upcoming_programmes_are_those_the_playlist_will_show_without_fillers(planned):
    coming = guide.upcoming(planned, NOW, 3)
    assert [p.title for p in coming] == [
        "Kabar Pasar (contoh)",
        "Dapur (contoh)",
        "Kabar Pasar (contoh)",
    ]
    assert [
        abs((p.start - after(s)).total_seconds()) < 4
        for p, s in zip(coming, (300, 360, 900), strict=True)
    ] == [True] * 3
    assert coming[0].note == "Pagi"
    assert coming[1].start == coming[0].end
    assert coming[0].slug == "contoh-4"


def test_neighbouring_fillers_are_one_quiet_line(planned):
    told = guide.day(planned, date(2026, 11, 24))
    assert [p.kind for p in told[:4]] == ["filler", "programme", "programme", "filler"]
    for one, two in pairwise(told):
        assert one.end == two.start


def test_a_day_is_that_of_the_channels_clock_and_tomorrow_repeats_it(planned):
    told = guide.day(planned, date(2026, 11, 25))
    midnight = datetime(2026, 11, 24, 17, tzinfo=UTC)
    assert told[0].start <= midnight < told[0].end
    assert told[-1].start < midnight + timedelta(days=1)
    shown = [p.start for p in told if p.kind == "programme"]
    assert len(shown) == 3
    assert abs(shown[0] - after(300) - timedelta(days=1)) < timedelta(seconds=4)


def test_a_video_that_is_no_longer_public_has_no_link(planned):
    video = planned.planned.first().video
    type(video).objects.filter(pk=video.pk).update(live=False)
    assert guide.upcoming(planned, NOW, 1)[0].slug == ""


def test_a_channel_that_never_was_on_air_has_an_empty_guide(channel):
    assert guide.on_air(channel, NOW) is None
    assert guide.upcoming(channel, NOW, 3) == []
    assert guide.day(channel, date(2026, 11, 24)) == []


def test_progress_is_told_from_nought_to_one(planned):
    programme = guide.upcoming(planned, NOW, 1)[0]
    half = programme.start + (programme.end - programme.start) / 2
    assert programme.progress(half) == 0.5
    assert programme.progress(programme.start - timedelta(seconds=1)) == 0.0


def test_a_break_is_called_by_what_it_shows_and_slate_alone_by_the_channel(planned):
    rundown = in_force.read("nasional").rundown
    filler = next(entry for entry in rundown.entries if entry.kind == "filler")
    slate = msgspec.structs.replace(filler, kind="slate", title="Siar Nasional")
    others = [msgspec.structs.replace(filler, title=title) for title in "BCD"]
    assert title_of_run([slate]) == "Siar Nasional"
    assert title_of_run([slate, filler, filler]) == filler.title
    assert title_of_run([filler, *others]) == f"{filler.title} · B · C"
