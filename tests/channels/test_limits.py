"""Days that nobody plans on purpose: ten thousand entries, seconds long or days long, other zones."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from cms.channels import in_force
from cms.channels.actions import do_plan, do_publish_if_ready, do_publish_rundown
from cms.channels.models import PlannedEntry
from cms.channels.planning import compose
from media_pipeline.model.ticks import TIMESCALE, ticks_of
from tests.channels.made import NOON, item, request, wish
from tests.channels.pages import NOW, after, page, text
from tests.channels.weeks import do_add_slot

DAY = "2026-11-24"
MANY = 10_000


def test_ten_thousand_entries_of_a_day_all_play_in_order_within_a_segment_of_their_time():
    played = [item(n, 8) for n in range(1, 6)]
    wishes = [wish(n, 60 + 8.6 * n, played[n % 5]) for n in range(MANY)]
    plan = compose(request(wishes, hours=25), None)
    shown = [e for e in plan.rundown.entries if e.kind == "programme"]
    assert [e.id for e in shown] == [w.id for w in wishes]
    assert max(abs(e.start - w.start) for e, w in zip(shown, wishes, strict=True)) < 4 * TIMESCALE
    assert not [c for c in plan.cautions if c.kind in ("overlap", "dropped")]


def test_items_of_one_second_follow_each_other_without_anything_between():
    short = [item(1, 1), item(2, 1)]
    plan = compose(request([wish(n, 60 + n, short[n % 2]) for n in range(3000)]), None)
    entries = plan.rundown.entries
    first = next(n for n, e in enumerate(entries) if e.kind == "programme")
    assert {e.kind for e in entries[first : first + 3000]} == {"programme"}
    assert all(e.duration == TIMESCALE and e.count == 1 for e in entries[first : first + 3000])


def test_an_item_longer_than_a_day_plays_whole_and_says_what_it_drops():
    long = item(1, 30 * 3600)
    wishes = [wish(1, 60, long), wish(2, 12 * 3600, item(2, 60)), wish(3, 31 * 3600, item(3, 60))]
    plan = compose(request(wishes, hours=48), None)
    shown = [e for e in plan.rundown.entries if e.kind == "programme"]
    assert [(e.id, e.duration) for e in shown] == [
        ("w1", 30 * 3600 * TIMESCALE),
        ("w3", 60 * TIMESCALE),
    ]
    assert [(c.kind, c.wish) for c in plan.cautions if c.kind != "gap"] == [("dropped", "w2")]
    later = compose(request(wishes, now=NOON + timedelta(hours=26), hours=48), plan.rundown)
    assert later.rundown.entries == plan.rundown.entries


def test_a_day_of_ten_thousand_entries_opens_in_parts(client, channel, make_video, editor_national):
    video = make_video("Kilat (contoh)", 4)
    PlannedEntry.objects.bulk_create(
        PlannedEntry(channel=channel, video=video, start=after(60 + 4 * n)) for n in range(MANY)
    )
    do_publish_rundown(channel, NOW)
    client.force_login(editor_national)
    shown = client.get(page("day", channel, DAY) + "?bagian=5")
    assert 'aria-current="page"' in shown.content.decode()
    assert shown.content.count(b"Kilat (contoh)</b>") < MANY / 2


def test_another_zone_moves_the_template_and_the_day_but_nothing_that_was_shown(
    channel, make_video, inkoppas
):
    do_publish_rundown(channel, NOW)
    do_add_slot(channel, make_video("Harga Pagi (contoh)", 120), range(7), time(5), NOW)
    planned = do_plan(channel, make_video("Kabar (contoh)"), after(1800), NOW).entry
    before = in_force.read("nasional").entries
    inkoppas.zone = "Asia/Jayapura"
    inkoppas.save()
    channel.refresh_from_db()
    do_publish_if_ready(channel, after(60))
    in_force.forget()
    entries = in_force.read("nasional").entries
    edge = ticks_of(after(72))
    kept = [e for e in before if e.end < edge]
    assert list(entries[: len(kept)]) == kept
    wit = ZoneInfo("Asia/Jayapura")
    starts = {
        datetime.fromtimestamp(e.start / 90_000 + 2, wit).strftime("%H.%M")
        for e in entries
        if e.title == "Harga Pagi (contoh)"
    }
    assert starts == {"05.00"}
    (found,) = [e for e in entries if e.title == "Kabar (contoh)"][:1]
    assert abs(found.start - ticks_of(planned.start)) < 4 * TIMESCALE


def test_a_channel_whose_rundown_ended_days_ago_is_planned_from_now_on(
    client, channel, make_video, editor_national, clock
):
    do_publish_rundown(channel, NOW - timedelta(days=10))
    client.force_login(editor_national)
    clock(0)
    assert client.get(page("day", channel, DAY)).status_code == 200
    given = {"video": make_video("Kabar (contoh)", 60).pk, "start": "13:00:00", "note": ""}
    assert "Tersimpan." in text(client.post(page("day", channel, DAY), given, follow=True))
    in_force.forget()
    (shown,) = [e for e in in_force.read("nasional").entries if e.title == "Kabar (contoh)"][:1]
    assert abs(shown.start - ticks_of(after(1800))) < 4 * TIMESCALE
