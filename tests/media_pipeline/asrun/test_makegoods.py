"""For any history and any fault: what must hold of debts and their replacements."""

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from media_pipeline.asrun import Told, settled

STATUSES = ("missed", "cut", "aired")


@st.composite
def airings(draw: st.DrawFn) -> list[Told]:
    parts = draw(
        st.lists(
            st.tuples(
                st.sampled_from("ab"),
                st.integers(0, 30),
                st.sampled_from(STATUSES),
                st.booleans(),
                st.booleans(),
            ),
            max_size=14,
        )
    )
    return [Told(key, *part) for key, part in enumerate(parts)]


@st.composite
def histories(draw: st.DrawFn) -> list[list[Told]]:
    """The same airings as they are known one time after the other: later ones, late journals."""
    known = draw(airings())
    found = []
    for _ in range(draw(st.integers(1, 5))):
        known = [
            replace(a, status=draw(st.sampled_from(STATUSES[STATUSES.index(a.status) :])))
            for a in known
        ]
        found.append([a for a in known if draw(st.integers(0, 4))])
    return found


def of(known: list[Told]) -> dict[int, Told]:
    return {airing.key: airing for airing in known}


@given(histories())
def test_promised_is_aired_cut_and_missed_and_each_debt_is_open_or_linked_once(history):
    links: dict[int, int] = {}
    for known in history:
        links = settled(known, links)
        promised = [a for a in known if not a.makes_good]
        counted = [sum(a.status == status for a in promised) for status in STATUSES]
        assert sum(counted) == len(promised)
        debts = {a.key for a in known if a.is_debt}
        opened = debts - links.keys()
        assert len(debts) == len(opened) + len(debts & links.keys())
        assert len(set(links.values())) == len(links)
        for debt, by in links.items():
            one, other = of(known)[debt], of(known)[by]
            assert one.segment == other.segment
            assert one.start <= other.start
            assert other.is_replacement
            assert not one.makes_good
            assert not one.taken_back


@given(histories())
def test_nothing_waits_while_there_is_what_makes_good_for_it(history):
    links: dict[int, int] = {}
    for known in history:
        links = settled(known, links)
        used = set(links.values())
        for debt in (a for a in known if a.is_debt and a.key not in links):
            for spare in (a for a in known if a.is_replacement and a.key not in used):
                assert spare.segment != debt.segment or (spare.start, spare.key) < (
                    debt.start,
                    debt.key,
                )


@given(airings())
def test_an_older_debt_is_closed_before_a_younger_one(known):
    links = settled(known, {})
    for debt in (a for a in known if a.is_debt and a.key not in links):
        for other, by in links.items():
            one = of(known)[other]
            if one.segment == debt.segment and (debt.start, debt.key) < (one.start, one.key):
                raise AssertionError((debt, one, by))


@given(histories(), st.randoms())
def test_settling_again_or_in_another_order_changes_nothing(history, random):
    links: dict[int, int] = {}
    for known in history:
        links = settled(known, links)
        shuffled = list(known)
        random.shuffle(shuffled)
        assert settled(shuffled, links) == links


@given(airings())
def test_a_link_stays_when_its_debt_turns_out_to_have_aired(known):
    links = settled(known, {})
    late = [replace(a, status="aired") if a.key in links else a for a in known]
    assert settled(late, links).items() >= links.items()


def test_what_made_good_for_a_debt_that_aired_after_all_closes_no_other():
    debt, other = Told(1, "a", 10, "missed"), Told(2, "a", 20, "missed")
    extra = Told(3, "a", 30, "aired", makes_good=True)
    links = settled([debt, other, extra], {})
    assert links == {1: 3}
    aired = replace(debt, status="aired")
    assert settled([aired, other, extra], links) == {1: 3}


def test_a_replacement_that_failed_closes_nothing_and_is_no_debt():
    debt = Told(1, "a", 10, "missed")
    for status in ("missed", "cut"):
        failed = Told(2, "a", 20, status, makes_good=True)
        assert settled([debt, failed], {}) == {}
        assert not failed.is_debt
    assert settled([debt, Told(2, "a", 20, "aired")], {}) == {}


def test_a_replacement_that_is_no_longer_whole_opens_its_debt_again():
    debt = Told(1, "a", 10, "missed")
    assert settled([debt, Told(2, "a", 20, "cut", makes_good=True)], {1: 2}) == {}
    assert settled([debt], {1: 2}) == {}
