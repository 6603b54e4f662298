"""What became of what was promised, case by case."""

import pytest

from media_pipeline.asrun import Evidence, coverage_of, followed, record
from media_pipeline.model.joint import Joint
from tests.media_pipeline.asrun.made import (
    LONG,
    ZERO,
    chain,
    entry,
    judge,
    line,
    shown,
    tick,
    written,
)

LONG_AGO = -100_000


def test_what_the_journal_covers_aired_and_what_it_does_not_was_missed():
    rundown = written(1, LONG_AGO, chain(("a", 600), ("b", 600), ("c", 600)))
    told = judge([rundown], [line("a", 0, 600), line("b", 600, 900)])
    assert shown(told["a"]) == ("aired", 600, 600, "")
    assert shown(told["b"]) == ("cut", 300, 600, "off_air")
    assert shown(told["c"]) == ("missed", 0, 600, "off_air")
    assert told["b"].pieces == ((tick(600), tick(900)),)


@pytest.mark.parametrize(("lost", "status"), [(0.999, "aired"), (1, "cut"), (599, "cut")])
def test_an_entry_that_lost_a_second_or_more_was_cut(lost, status):
    told = judge([written(1, LONG_AGO, chain(("a", 600)))], [line("a", 0, 600 - lost)])
    assert told["a"].status == status


def test_a_card_that_lost_a_second_or_more_was_cut():
    carrying = entry("a", 0, 600, cards=[("k", 500, 100), ("m", 500, 99.999)])
    told = judge([written(1, LONG_AGO, [carrying])], [line("a", 0, 599)])
    assert {card.card: card.status for card in told["a"].carried} == {"k": "cut", "m": "aired"}


@pytest.mark.parametrize("late", [1, 3 * 3600 - 1])
def test_what_starts_hours_later_than_promised_behind_what_was_longer_aired(late):
    before = written(1, LONG_AGO, chain(("a", 600), start=LONG - 600))
    after = written(2, 3600, chain(("x", late), ("a", 600), start=LONG - 600))
    told = judge(
        [before, after], [line("a", LONG - 600 + late, LONG + late)], complete=LONG + 4 * 3600
    )
    assert shown(told["a"]) == ("aired", 600, 600, "")


def test_a_record_ends_when_all_that_was_promised_is_over():
    rundown = written(1, LONG_AGO, chain(("a", 600), ("b", 600)))
    evidence = Evidence(versions=[rundown], coverage=coverage_of([line("a", 0, 600)]))
    found = record(evidence, tick(0), tick(900), tick(700))
    assert [airing.entry for airing in found.airings] == ["a"]
    assert found.ends == tick(1200)
    assert record(evidence, tick(0), tick(600), tick(700)).ends == tick(600)


def test_a_hole_of_ten_seconds_is_a_restart_and_a_longer_one_is_off_air():
    rundown = written(1, LONG_AGO, chain(("a", 600), ("b", 600)))
    lines = [line("a", 0, 300), line("a", 310, 600), line("b", 600, 700), line("b", 710.5, 1200)]
    told = judge([rundown], lines)
    assert shown(told["a"]) == ("aired", 600, 600, "")
    assert shown(told["b"]) == ("cut", 589.5, 600, "off_air")


@pytest.mark.parametrize("said", [("a", "unreadable"), ("a", "taken_down"), ("x", "")])
def test_a_hole_of_which_a_journal_speaks_is_no_restart(said):
    rundown = written(1, LONG_AGO, chain(("a", 15), ("b", 600)))
    name, lack = said
    lines = [line("a", 0, 4), line(name, 4, 12, lack=lack), line("a", 12, 15)]
    told = judge([rundown], [*lines, line("b", 15, 615)])
    assert shown(told["a"]) == ("cut", 7, 15, lack or "other")


def test_a_restart_between_two_entries_belongs_to_both():
    rundown = written(1, LONG_AGO, chain(("a", 600), ("b", 600)))
    told = judge([rundown], [line("a", 0, 596), line("b", 605, 1200)])
    assert [shown(told[name])[0] for name in "ab"] == ["aired", "aired"]
    assert sum(airing.shown for airing in told.values()) == tick(1200) - ZERO


def test_an_entry_that_no_journal_names_is_not_made_up_by_a_restart():
    rundown = written(1, LONG_AGO, chain(("a", 600), ("b", 5), ("c", 600)))
    told = judge([rundown], [line("a", 0, 600), line("c", 605, 1205)])
    assert shown(told["b"]) == ("missed", 0, 5, "off_air")


def test_two_origins_count_once_and_one_bridges_the_others_hole():
    rundown = written(1, LONG_AGO, chain(("a", 600)))
    one = [line("a", 0, 200), line("a", 400, 600)]
    assert shown(judge([rundown], one)["a"])[0] == "cut"
    told = judge([rundown], [*one, line("a", 100, 500)])
    assert shown(told["a"]) == ("aired", 600, 600, "")


@pytest.mark.parametrize("lack", ["taken_down", "unreadable"])
def test_segments_that_nobody_could_fetch_were_not_on_air(lack):
    rundown = written(1, LONG_AGO, chain(("a", 600), ("b", 600)))
    lines = [line("a", 0, 240), line("a", 240, 600, lack=lack), line("b", 600, 1200)]
    assert shown(judge([rundown], lines)["a"]) == ("cut", 240, 600, lack)


def test_what_one_origin_lacked_and_another_had_was_on_air():
    rundown = written(1, LONG_AGO, chain(("a", 600)))
    lines = [line("a", 0, 600, lack="unreadable"), line("a", 0, 600)]
    assert shown(judge([rundown], lines)["a"]) == ("aired", 600, 600, "")


def test_what_an_editor_took_away_within_the_last_day_was_missed():
    before = written(1, LONG_AGO, chain(("a", 600), ("b", 600)))
    after = written(2, -3600, chain(("x", 600), ("b", 600)))
    told = judge([before, after], [line("x", 0, 600), line("b", 600, 1200)])
    assert shown(told["a"]) == ("missed", 0, 600, "edited")
    assert shown(told["x"]) == ("aired", 600, 600, "")


@pytest.mark.parametrize(("version", "promised"), [(1, 60), (7, 120)])
def test_what_a_channel_begins_with_counts_from_its_first_version_on(version, promised):
    rundown = written(version, 60, chain(("filler-1", 120, "filler"), ("a", 600)))
    told = judge([rundown], [line("filler-1", 60, 120), line("a", 120, 720)])
    assert shown(told["filler-1"])[1:3] == (60, promised)
    assert shown(told["a"])[0] == "aired"


def test_what_became_longer_counts_no_more_than_was_promised():
    before = written(1, LONG_AGO, chain(("a", 600), ("b", 600)))
    after = written(2, -3600, chain(("a", 700), ("b", 600)))
    told = judge([before, after], [line("a", 0, 650), line("b", 700, 1000)])
    assert shown(told["a"]) == ("aired", 600, 600, "")
    assert shown(told["b"]) == ("cut", 300, 600, "off_air")


def test_what_was_taken_away_more_than_a_day_before_was_no_promise():
    before = written(1, LONG_AGO, chain(("a", 600)))
    after = written(2, -86_401, chain(("x", 600)))
    assert set(judge([before, after], [])) == {"x"}


def test_what_stood_as_its_last_day_began_is_promised_however_shortly_it_stood():
    before = written(1, -86_400 - 300, chain(("a", 600)))
    after = written(2, -86_400 + 180, chain(("x", 600)))
    assert shown(judge([before, after], [])["a"]) == ("missed", 0, 600, "edited")


def test_what_was_tried_for_less_than_ten_minutes_was_no_promise():
    first = written(1, LONG_AGO, chain(("x", 600), start=7200))
    trial = written(2, 0, chain(("a", 600), start=7200))
    back = written(3, 599, chain(("x", 600), start=7200))
    assert set(judge([first, trial, back], [])) == {"x"}
    late = written(3, 601, chain(("x", 600), start=7200))
    told = judge([first, trial, late], [])
    assert shown(told["a"]) == ("missed", 0, 600, "edited")


def test_a_late_addition_that_stays_is_promised():
    first = written(1, LONG_AGO, chain(("x", 600), start=7200))
    second = written(2, 7100, chain(("a", 600), start=7200))
    told = judge([first, second], [line("a", 7200, 7800)])
    assert shown(told["a"]) == ("aired", 600, 600, "")


@pytest.mark.parametrize("why", ["taken_down", "withdrawn"])
def test_a_video_that_may_not_play_any_more_is_why(why):
    before = written(1, LONG_AGO, chain(("a", 600)))
    after = written(2, -3600, chain(("filler-0", 600, "filler")))
    told = judge([before, after], [line("filler-0", 0, 600)], barred={"video-a": why})
    assert shown(told["a"]) == ("missed", 0, 600, why)


def test_what_a_call_to_prayer_cut_short_is_its_doing():
    before = written(1, LONG_AGO, chain(("a", 600), ("b", 600)))
    after = written(2, -7200, chain(("a", 400), ("azan-1", 200, "azan"), ("b", 600)))
    lines = [line("a", 0, 400), line("azan-1", 400, 600), line("b", 600, 1200)]
    told = judge([before, after], lines)
    assert shown(told["a"]) == ("cut", 400, 600, "azan")
    assert shown(told["azan-1"]) == ("aired", 200, 200, "")


def test_what_goes_on_after_a_call_is_one_entry_and_whole():
    parts = chain(("a", 400), ("azan-1", 200, "azan"), ("a+1", 200))
    told = judge(
        [written(1, LONG_AGO, parts)],
        [line("a", 0, 400), line("azan-1", 400, 600), line("a+1", 600, 800)],
    )
    assert shown(told["a"]) == ("aired", 600, 600, "")
    assert len(told["a"].pieces) == 2
    assert told["a"].end == tick(800)


@pytest.mark.parametrize("rest", [("a+1", 200), ("b", 200)])
def test_what_a_cut_in_took_is_its_doing_and_the_cut_in_is_whole(rest):
    before = written(1, LONG_AGO, chain(("a", 600)))
    cut_in = written(2, 190, chain(("a", 200), ("sela-7", 300), ("b", 600)))
    ended = written(3, 300, chain(("a", 200), ("sela-7", 200), rest))
    lines = [line("a", 0, 200), line("sela-7", 200, 400), line(rest[0], 400, 600)]
    told = judge([before, cut_in, ended], lines)
    whole = 400 if rest[0] == "a+1" else 200
    assert shown(told["a"]) == ("cut", whole, 600, "cut_in")
    assert shown(told["sela-7"]) == ("aired", 200, 200, "")


def test_what_a_cut_in_took_of_the_beginning_is_its_doing():
    before = written(1, LONG_AGO, chain(("a", 600), ("b", 600), ("c", 600)))
    after = written(2, 590, chain(("a", 600), ("sela-7", 200), ("b", 400), ("c", 600)))
    told = judge([before, after], [line("sela-7", 600, 800), line("b", 800, 1200)])
    assert shown(told["b"]) == ("cut", 400, 600, "cut_in")


def test_what_runs_over_midnight_is_told_on_the_day_of_its_start_alone():
    parts = chain(("x", 1200), ("filler-1", 1200, "filler"), ("a", 1200), start=-600)
    parts += chain(("b", 1200), ("filler-2", 1200, "filler"), ("c", 600), start=LONG - 600)
    rundown = written(1, LONG_AGO, parts)
    lines = [line(e.id, (e.start - ZERO) / 90_000, (e.end - ZERO) / 90_000) for e in parts]
    told = judge([rundown], lines, complete=2 * LONG)
    assert list(told) == ["filler-1", "a", "b"]
    assert {shown(airing)[:2] for airing in told.values()} == {("aired", 1200)}
    assert judge([rundown], lines, complete=LONG).keys() == {"filler-1", "a"}


def test_what_a_cut_in_covered_whole_was_missed_because_of_it():
    before = written(1, LONG_AGO, chain(("a", 600), ("b", 60), ("c", 600)))
    after = written(2, 590, chain(("a", 600), ("sela-7", 100), ("c", 560)))
    told = judge([before, after], [line("a", 0, 600), line("sela-7", 600, 700)])
    assert shown(told["b"]) == ("missed", 0, 60, "cut_in")


def test_fillers_in_a_row_are_one_line_and_one_with_a_card_stands_alone():
    entries = chain(("a", 60), ("filler-1", 20, "filler"), ("filler-2", 20, "filler"), start=0)
    entries.append(entry("filler-3", 100, 20, "filler", cards=["k"]))
    entries += chain(("slate-4", 10, "slate"), ("b", 60), start=120)
    told = judge(
        [written(1, LONG_AGO, entries)],
        [line(e.id, (e.start - ZERO) / 90_000, (e.end - ZERO) / 90_000) for e in entries],
    )
    assert list(told) == ["a", "filler-1", "filler-3", "slate-4", "b"]
    assert (told["filler-1"].count, shown(told["filler-1"])) == (2, ("aired", 40, 40, ""))
    assert told["filler-3"].cards == ("k",)


def test_what_nobody_can_know_yet_is_not_judged():
    rundown = written(1, LONG_AGO, chain(("a", 600), ("b", 600), ("filler-2", 600, "filler")))
    assert set(judge([rundown], [line("a", 0, 600)], complete=1199)) == {"a"}
    assert set(judge([rundown], [line("a", 0, 600)], complete=1200)) == {"a", "b"}


def test_an_origin_that_plays_an_older_rundown_is_not_off_air():
    before = written(1, LONG_AGO, chain(("a", 600)))
    after = written(2, -3600, chain(("x", 600)))
    told = judge([before, after], [line("a", 0, 600)])
    assert shown(told["x"]) == ("missed", 0, 600, "other")


def test_a_clock_that_went_back_puts_no_older_version_in_force():
    one = written(1, LONG_AGO, chain(("a", 600), ("b", 600)))
    two = written(2, -3600, chain(("a", 600), ("c", 600)))
    three = written(3, -7200, chain(("a", 600), ("d", 600)))
    told = judge([three, one, two], [line("a", 0, 600), line("d", 600, 1200)])
    assert shown(told["d"]) == ("aired", 600, 600, "")
    assert shown(told["b"])[0] == "missed"


def test_slate_after_a_rundown_that_ran_out_is_as_the_next_one_wrote_it_down():
    one = written(1, LONG_AGO, chain(("a", 600)))
    two = written(2, 1200, chain(("a", 600), ("slate-4", 600, "slate"), ("b", 600)))
    told = judge([one, two], [line("a", 0, 600), line("slate-4", 600, 1200), line("b", 1200, 1800)])
    assert shown(told["slate-4"]) == ("aired", 600, 600, "")


def test_a_channel_that_inherits_has_its_own_entries_and_relays_the_rest():
    run = chain(("a", 600), start=600)
    rundown = written(1, LONG_AGO, run, follows=True)
    joints = [
        Joint("relay", tick(-9000), 0, 0, 0, 0),
        Joint("own", tick(602), 0, 0, 0, 0, shift=2 * 90_000, block=run[0].start),
        Joint("relay", tick(1202), 0, 0, 0, 0),
    ]
    relayed = followed(joints, {run[0].start: run}, tick(-9000), tick(99_000))
    lines = [line("", 0, 602, relay=True), line("a", 602, 1202), line("", 1202, 9000, relay=True)]
    told = judge([rundown], lines, relayed=relayed, complete=9000)
    assert [(a.kind, *shown(a)) for a in told.values()] == [
        ("relay", "aired", 602, 602, ""),
        ("programme", "aired", 600, 600, ""),
        ("relay", "aired", 9000 - 1202, 9000 - 1202, ""),
    ]


def test_what_the_parent_obliges_to_carry_is_why_an_own_entry_was_cut():
    run = chain(("a", 600), start=600)
    rundown = written(1, LONG_AGO, run, follows=True)
    joints = [
        Joint("own", tick(600), 0, 0, 0, 0, block=run[0].start),
        Joint("relay", tick(900), 0, 0, 0, 0),
    ]
    relayed = followed(joints, {run[0].start: run}, tick(-9000), tick(99_000))
    told = judge(
        [rundown],
        [line("a", 600, 900), line("", 900, 9000, relay=True)],
        relayed=relayed,
        planned={"a": 600 * 90_000},
        complete=9000,
    )
    assert shown(told["a"]) == ("cut", 300, 600, "carried")


def test_an_entry_joined_in_progress_is_itself():
    rundown = written(1, LONG_AGO, chain(("a", 600)))
    told = judge([rundown], [line("a", 0, 300), line("a~4711", 300, 600)])
    assert shown(told["a"]) == ("aired", 600, 600, "")


def test_cards_are_those_that_an_entry_had_last():
    before = written(1, LONG_AGO, [entry("a", 0, 600)])
    after = written(2, -3600, [entry("a", 0, 600, cards=["k"])])
    assert judge([before, after], [])["a"].cards == ("k",)


def test_a_channel_that_nobody_planned_has_nothing_to_tell():
    assert judge([], [line("a", 0, 600)]) == {}
