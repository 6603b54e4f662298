"""What became of the cards that an entry was to carry."""

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from media_pipeline.asrun import Written
from tests.media_pipeline.asrun.made import carried, chain, entry, judge, line, written
from tests.media_pipeline.asrun.test_properties import RANK, Case, cases, told

EARLY = -90_000
"""More than a day before the day that is judged: what is written then is promised."""
SPOT = [("k", 0, 15)]
CARD = [("k", 100, 20)]


def programme(*, cards=CARD, seconds=600) -> list:
    return [entry("a", 0, seconds, cards=cards)]


def test_a_spot_that_was_on_air_aired():
    versions = [written(1, EARLY, [entry("a", 0, 15, "promotion", cards=SPOT)])]
    found = judge(versions, [line("a", 0, 15)])["a"]
    assert carried(found) == {"k": ("aired", 0, 15, 15, "")}


def test_a_card_airs_at_its_own_time_in_the_programme():
    versions = [written(1, EARLY, programme())]
    assert carried(judge(versions, [line("a", 0, 600)])["a"]) == {"k": ("aired", 100, 20, 20, "")}
    cut = judge(versions, [line("a", 0, 108)])["a"]
    assert carried(cut) == {"k": ("cut", 100, 8, 20, "off_air")}
    missed = judge(versions, [line("a", 0, 100), line("a", 120, 600)])["a"]
    assert carried(missed) == {"k": ("missed", 100, 0, 20, "off_air")}


def test_a_programme_that_was_cut_elsewhere_aired_its_card():
    versions = [written(1, EARLY, programme())]
    found = judge(versions, [line("a", 0, 300)])["a"]
    assert found.status == "cut"
    assert carried(found) == {"k": ("aired", 100, 20, 20, "")}


def test_what_lacks_of_a_card_has_its_own_reason():
    versions = [written(1, EARLY, programme())]
    lines = [line("a", 0, 100), line("a", 100, 120, lack="taken_down")]
    found = judge(versions, lines)["a"]
    assert found.why == "off_air"
    assert carried(found) == {"k": ("missed", 100, 0, 20, "taken_down")}


def test_a_card_goes_on_behind_what_interrupted_its_programme():
    before = written(1, EARLY, programme())
    first, rest = entry("a", 0, 110, cards=CARD), entry("a+1", 410, 490, cards=CARD)
    call = entry("azan-1", 110, 300, "azan")
    after = written(2, -3600, [first, call, replace(rest, first=1)])
    lines = [line("a", 0, 110), line("azan-1", 110, 410), line("a+1", 410, 900)]
    found = judge([before, after], lines)["a"]
    assert carried(found) == {"k": ("aired", 100, 20, 20, "")}
    for known in (lines[:2], [*lines[:2], line("a+1", 425, 900)]):
        found = judge([before, after], known)["a"]
        assert carried(found) == {"k": ("cut", 100, 10, 20, "off_air")}


def test_what_the_call_to_prayer_took_of_a_card_is_its_fault():
    before = written(1, EARLY, programme())
    call = entry("azan-1", 110, 300, "azan")
    after = written(2, -3600, [entry("a", 0, 110, cards=CARD), call])
    found = judge([before, after], [line("a", 0, 110), line("azan-1", 110, 410)])["a"]
    assert carried(found) == {"k": ("cut", 100, 10, 20, "azan")}


def test_a_spot_that_was_taken_out_was_missed():
    before = written(1, EARLY, [entry("a", 0, 15, "promotion", cards=SPOT)])
    after = written(2, -3600, chain(("filler-1", 15, "filler")))
    found = judge([before, after], [line("filler-1", 0, 15)])["a"]
    assert carried(found) == {"k": ("missed", 0, 0, 15, "edited")}


def test_a_card_that_was_taken_off_its_programme_was_missed():
    versions = [written(1, EARLY, programme()), written(2, -3600, programme(cards=[]))]
    found = judge(versions, [line("a", 0, 600)])["a"]
    assert (found.status, found.cards) == ("aired", ())
    assert carried(found) == {"k": ("missed", 100, 0, 20, "card")}


def test_a_card_that_was_taken_off_while_it_showed_was_cut():
    versions = [written(1, EARLY, programme()), written(2, 112, programme(cards=[]))]
    found = judge(versions, [line("a", 0, 600)])["a"]
    assert (found.status, found.shown) == ("aired", found.promised)
    assert carried(found) == {"k": ("cut", 100, 12, 20, "card")}


def test_a_card_that_came_late_is_promised_what_the_rundown_said_in_the_end():
    for at in (-3600, 50):
        versions = [written(1, EARLY, programme(cards=[])), written(2, at, programme())]
        found = judge(versions, [line("a", 0, 600)])["a"]
        assert carried(found) == {"k": ("aired", 100, 20, 20, "")}
    versions = [written(1, EARLY, programme(cards=[])), written(2, 112, programme())]
    found = judge(versions, [line("a", 0, 600)])["a"]
    assert carried(found) == {"k": ("aired", 112, 8, 8, "")}


def test_a_trial_of_a_card_is_no_promise():
    versions = [
        written(1, EARLY, programme(cards=[])),
        written(2, -3600, programme()),
        written(3, -3100, programme(cards=[])),
    ]
    assert carried(judge(versions, [line("a", 0, 600)])["a"]) == {}


def test_a_card_behind_the_end_of_what_was_promised_is_none():
    versions = [written(1, EARLY, programme(seconds=90))]
    assert carried(judge(versions, [line("a", 0, 90)])["a"]) == {}
    versions = [written(1, EARLY, programme(seconds=110))]
    found = judge(versions, [line("a", 0, 110)])["a"]
    assert carried(found) == {"k": ("aired", 100, 10, 10, "")}


@st.composite
def with_cards(draw: st.DrawFn) -> Case:
    """A history in which versions give cards to entries, and take them away."""
    case = draw(cases())
    card = st.tuples(st.sampled_from("kl"), st.integers(0, 700), st.integers(1, 120))
    cards = st.lists(card, max_size=2, unique_by=lambda each: each[0])
    versions = [
        Written(
            version.version,
            version.written,
            tuple(
                replace(each, cards=entry("x", 0, 1, cards=draw(cards)).cards)
                for each in version.entries
            ),
        )
        for version in case.versions
    ]
    return Case(versions, case.lines, case.late, case.complete)


@given(with_cards())
def test_each_card_is_aired_cut_or_missed_within_its_entry(case):
    for airing in told(case, case.lines).values():
        assert len({each.card for each in airing.carried}) == len(airing.carried)
        for each in airing.carried:
            assert 0 <= each.shown <= each.promised
            assert 0 < each.promised <= airing.promised
            assert each.shown <= airing.shown or airing.shown == airing.promised
            assert (each.status == "missed") == (each.shown == 0)
            assert (each.why == "") == (each.status == "aired")


@given(with_cards())
def test_a_late_journal_only_ever_moves_a_card_from_missed_to_cut_to_aired(case):
    before, after = told(case, case.lines), told(case, [*case.lines, *case.late])
    for name, airing in before.items():
        late = {each.card: each for each in after[name].carried}
        assert late.keys() == {each.card for each in airing.carried}
        for each in airing.carried:
            assert late[each.card].promised == each.promised
            if each.shown == 0:
                assert RANK[late[each.card].status] >= RANK[each.status]
