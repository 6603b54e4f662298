"""What was asked for last stays, within a weight."""

from media_pipeline.origin.recent import Recent


def test_what_was_asked_for_lately_stays_and_the_rest_goes() -> None:
    held: Recent[str, int] = Recent(10)
    for name in "ab":
        held.keep(name, ord(name), 5)
    assert held.get("a") == ord("a")
    held.keep("c", ord("c"), 5)
    assert [held.get(name) for name in "abc"] == [ord("a"), None, ord("c")]


def test_what_is_kept_anew_weighs_once() -> None:
    held: Recent[str, int] = Recent(10)
    for value in range(9):
        held.keep("a", value, 6)
    assert (held.get("a"), held.weight, len(held)) == (8, 6, 1)


def test_what_is_dropped_makes_room() -> None:
    held: Recent[str, int] = Recent(10)
    held.keep("a", 1, 6)
    held.drop("a")
    held.drop("b")
    assert (held.get("a"), held.weight) == (None, 0)


def test_the_newest_stays_whatever_it_weighs() -> None:
    held: Recent[str, int] = Recent(10)
    held.keep("a", 1, 2)
    held.keep("b", 2, 99)
    assert (held.get("a"), held.get("b"), held.weight) == (None, 2, 99)
