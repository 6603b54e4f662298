"""What a breaking cut-in takes from the plan is told as its doing."""

from cms.channels.actions import do_plan, do_publish_rundown
from cms.channels.asrun.models import AiredEntry
from cms.channels.cutin.actions import do_cut_in
from tests.channels.asrun.conftest import NOW, after


def test_a_programme_that_was_cut_into_says_so_and_the_cut_in_aired(
    channel, make_video, journal, roll
):
    do_plan(channel, make_video("Kabar (contoh)", 300), after(600), NOW)
    do_publish_rundown(channel, NOW)
    breaking = make_video("Gempa (contoh)", 60)
    do_cut_in(channel, breaking, returns="rejoins", by=None, clock=lambda: after(700))
    journal(channel, 0, 1000)
    roll(1700)
    rows = {row.title: row for row in AiredEntry.objects.filter(kind="programme")}
    assert (rows["Gempa (contoh)"].status, rows["Gempa (contoh)"].shown_ms) == ("aired", 60_000)
    cut = rows["Kabar (contoh)"]
    assert (cut.status, cut.why) == ("cut", "cut_in")
    assert abs(cut.promised_ms - cut.shown_ms - 60_000) < 8_000
    assert len(cut.pieces) == 2
