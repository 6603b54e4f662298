"""What a device's post may say, and what is left out of it."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cms.audience.events.messages import AHEAD, MOST_BYTES, OLD, Message, Seen, open_days, read
from cms.audience.events.pace import MEMORY, OF_A_TOKEN, OF_AN_ADDRESS, Pace

NOW = datetime(2026, 11, 25, 6, 0, tzinfo=UTC)
KEY = "0123456789abcdef" * 2
TOKEN = "q3-_" * 6


def post(**changed: object) -> bytes:
    sent = int(NOW.timestamp())
    body = {"k": TOKEN, "d": "2026-11-25", "t": sent, "e": [[f"siaran-jatim 17/{KEY}", 12]]}
    return json.dumps(body | changed).encode()


def test_a_post_says_who_and_on_which_day_saw_which_card_where() -> None:
    seen = [Seen(KEY, "siaran-jatim", "17/")]
    assert read(post(), NOW) == Message(TOKEN, date(2026, 11, 25), seen)


def test_a_tile_has_no_airing_and_a_device_may_have_no_day() -> None:
    message = read(post(d="", e=[[f"pasar {KEY}", 0]]), NOW)
    assert message == Message(TOKEN, None, [Seen(KEY, "pasar", "")])


SENT = int(NOW.timestamp())


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b"\xff\xfe",
        b"{" * 1000,
        post(k=""),
        post(k="x" * 23),
        post(k="x" * 25),
        post(k="spasi di dalam token"),
        post(k=5),
        post(d="2026-11-23"),
        post(d="2026-11-27"),
        post(d="kemarin"),
        post(d=None),
        post(t="sekarang"),
        post(t=SENT * 1000),
        post(t=-1),
        post(t=10**40),
        post(t=SENT - OLD - 1),
        post(t=SENT + AHEAD + 1),
        post(e={}),
        post(e=[["pasar " + KEY]]),
        post(e=[["pasar " + KEY, "12"]]),
        post(e=[["pasar " + KEY, 1]] * 41),
        post(more="x"),
        post(e=[["x" * MOST_BYTES, 1]]),
    ],
)
def test_what_no_sender_of_ours_sends_now_is_dropped_whole(body: bytes) -> None:
    assert read(body, NOW) is None


@pytest.mark.parametrize(
    "event",
    [
        ["pasar " + KEY, -1],
        ["pasar " + KEY, OLD + 1],
        ["pasar " + KEY, 10**30],
        ["pasar " + KEY[1:], 1],
        ["pasar " + KEY.upper(), 1],
        ["pasar\n" + KEY, 1],
        [KEY, 1],
        ["pa sar " + KEY, 1],
        ["pasar " + "x" * 121 + KEY, 1],
        ["", 1],
    ],
)
def test_a_wrong_event_is_left_out_and_the_others_stay(event: list[object]) -> None:
    message = read(post(e=[event, [f"lapak {KEY}", 1]]), NOW)
    assert message is not None
    assert message.seen == [Seen(KEY, "lapak", "")]


def test_the_last_second_still_counts() -> None:
    assert read(post(t=SENT - OLD, e=[[f"lapak {KEY}", 0]]), NOW).seen
    assert not read(post(t=SENT - OLD, e=[[f"lapak {KEY}", 1]]), NOW).seen
    assert read(post(t=SENT + AHEAD, e=[[f"lapak {KEY}", OLD]]), NOW).seen


def test_a_body_that_was_taken_is_refused_for_ever_once_it_is_old() -> None:
    body = post(e=[[f"lapak {KEY}", 0]])
    assert read(body, NOW + timedelta(seconds=OLD)) is not None
    assert read(body, NOW + timedelta(seconds=OLD + 1)) is None


@given(st.binary(max_size=MOST_BYTES + 10))
def test_bytes_of_any_kind_are_read_or_dropped(body: bytes) -> None:
    assert read(body, NOW) is None


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=8,
)


@given(st.fixed_dictionaries(dict.fromkeys("kdte", JSON)), st.sampled_from("kdte"))
def test_values_of_any_type_are_read_or_dropped(values: dict[str, object], right: str) -> None:
    body = json.loads(post()) | {name: each for name, each in values.items() if name != right}
    message = read(json.dumps(body).encode(), NOW)
    assert message is None or all(len(seen.key) == 32 for seen in message.seen)


@given(st.datetimes(timezones=st.just(UTC), min_value=datetime(2000, 1, 1)))  # noqa: DTZ001
def test_the_day_of_every_zone_is_open_and_no_other(now: datetime) -> None:
    zones = {(now + timedelta(hours=hours)).date() for hours in range(-12, 15)}
    assert set(open_days(now)) == zones


def test_a_token_tells_so_often_a_minute_and_again_in_the_next() -> None:
    pace = Pace()
    answers = [pace.allows(TOKEN, "10.0.0.1", 1, NOW) for _ in range(OF_A_TOKEN + 1)]
    assert answers == [True] * OF_A_TOKEN + [False]
    assert pace.allows(TOKEN, "10.0.0.1", 1, NOW + timedelta(minutes=1))


def test_an_address_tells_so_much_a_minute_whatever_tokens_it_makes_up() -> None:
    pace = Pace()
    told = sum(20 for n in range(1_000) if pace.allows(f"t{n}", "10.0.0.1", 20, NOW))
    assert told == OF_AN_ADDRESS
    assert pace.allows("t", "10.0.0.2", 20, NOW)


def test_a_minute_remembers_so_many_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cms.audience.events.pace.MEMORY", 10)
    pace = Pace()
    answers = [pace.allows(f"t{n}", f"10.0.0.{n}", 1, NOW) for n in range(10)]
    assert answers == [True] * 5 + [False] * 5
    assert MEMORY == 200_000
