"""Captions as they are read: where cues begin and end, and how often a line is looked at."""

from collections.abc import Iterator

import pytest

from media_pipeline.verify.findings import Damaged
from media_pipeline.verify.reading.webvtt import cues, read_cues


class Counted(list[str]):
    """Lines that know how many of them were handed out."""

    handed = 0

    def __iter__(self) -> Iterator[str]:
        for line in super().__iter__():
            self.handed += 1
            yield line

    def __getitem__(self, wanted):
        found = super().__getitem__(wanted)
        self.handed += len(found) if isinstance(wanted, slice) else 1
        return found


def many(count: int) -> Counted:
    made = Counted(["WEBVTT", ""])
    for n in range(count):
        minutes, seconds = divmod(n, 60)
        made += [f"{minutes:02}:{seconds:02}.000 --> {minutes:02}:{seconds:02}.900", "Halo", ""]
    return made


@pytest.mark.parametrize("count", [10, 3000])
def test_each_line_of_a_long_file_is_looked_at_once(count: int):
    lines = many(count)
    assert sum(1 for _ in cues(lines)) == count
    assert lines.handed == len(lines)


def test_times_without_an_empty_line_between_are_cues_of_their_own():
    lines = "WEBVTT\n\n00:01.000 --> 00:02.000\nSatu\ndua\n00:02.000 --> 00:03.000\nTiga\n"
    assert [(cue.text, cue.line) for cue in read_cues(lines.encode())] == [
        ("Satu\ndua", 3),
        ("Tiga", 6),
    ]


def test_hours_that_no_title_has_are_no_times():
    with pytest.raises(Damaged, match="times of a cue"):
        read_cues(b"WEBVTT\n\n" + b"9" * 5000 + b":00:01.000 --> 00:02.000\nHalo\n")
