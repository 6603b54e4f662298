"""The open debts of a channel on its editors' page of what aired."""

import pytest

from cms.channels.asrun.owed import MOST, owed_by, told
from cms.channels.asrun.promoted import Makegood, SegmentAiring
from cms.channels.fair.models import RotationTurn
from cms.core.actions import do_choose_language
from tests.airings import make_airing
from tests.channels.asrun.conftest import NOW, after
from tests.channels.pages import page, text

DAY = "2026-11-24"


@pytest.fixture
def now():
    return after(2000)


@pytest.fixture
def owe(channel, spot):
    """Return a function that makes an airing so many seconds after NOW; missed, if not said."""

    def make(second: float, status: str = "missed", **fields) -> SegmentAiring:
        return make_airing(channel, spot, after(second), status, **fields)

    return make


@pytest.fixture
def editor(client, editor_national, channel):
    client.force_login(editor_national)
    return client


def debts(said: str) -> str:
    return said.partition('class="asrun-debts"')[2].partition("</section>")[0]


def test_the_page_lists_open_debts_with_their_reasons_and_turns(editor, channel, spot, owe):
    owe(60, "cut")
    owe(0)
    closed = owe(-60)
    made = owe(120, "aired", makes_good=True)
    Makegood.objects.create(debt=closed, replacement=made, linked=NOW)
    RotationTurn.objects.create(
        channel=channel,
        segment=spot,
        segment_key=spot.key,
        begins=after(3600),
        start=after(3600),
        milliseconds=15_000,
        entry="1-1",
        reason="debt",
        makes_good=True,
    )
    said = debts(text(editor.get(page("as_run", channel, DAY))))
    assert "2 tayangan segmen menunggu gantinya." in said
    for words in ("Sambal bawang", "Lapak Bumbu (contoh)", "0 dari 15", "6 dari 15", "12.30.00"):
        assert words in said
    assert said.index("0 dari 15") < said.index("6 dari 15")
    assert said.count("Gantinya Selasa 24 November 2026, 13.30") == 1
    assert said.index("Gantinya") < said.index("6 dari 15")
    assert "12.29.00" not in said


def test_a_channel_that_owes_nothing_says_so(editor, channel, spot, owe):
    owe(0, "aired")
    said = debts(text(editor.get(page("as_run", channel, DAY))))
    assert "Saluran ini tidak berutang tayangan." in said


def test_what_is_owed_to_a_deleted_segment_is_not_listed(channel, spot, owe):
    owe(0)
    spot.delete()
    assert told(channel) == []
    assert not owed_by(channel).exists()


def test_only_so_many_are_listed_and_all_are_counted(editor, channel, owe):
    for second in range(MOST + 5):
        owe(second)
    assert len(told(channel)) == MOST
    said = debts(text(editor.get(page("as_run", channel, DAY))))
    assert f"{MOST + 5} tayangan segmen" in said


def test_an_editor_of_elsewhere_and_a_stranger_see_no_debts(client, channel, owe, editor_jatim):
    owe(0)
    assert client.get(page("as_run", channel, DAY)).status_code == 302
    client.force_login(editor_jatim)
    assert client.get(page("as_run", channel, DAY)).status_code == 404
    assert SegmentAiring.objects.visible_to(editor_jatim).count() == 0


def test_debts_are_told_in_english(editor, channel, owe, editor_national):
    do_choose_language(editor_national, "en")
    owe(0)
    said = debts(text(editor.get(page("as_run", channel, DAY))))
    assert "Airings owed" in said
    assert "Breaking news cut in." in said
