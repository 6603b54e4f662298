"""The values as files: what is written is read, and what is none is refused."""

from datetime import UTC, datetime

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from media_pipeline.model import keys, mime
from media_pipeline.model.publication import decode_publication, encode_publication
from media_pipeline.model.rundown import (
    Caption,
    Card,
    Chapter,
    Entry,
    Presentation,
    Rundown,
    decode_presentation,
    decode_rundown,
    encode_value,
)
from media_pipeline.stores.seam import checked

CARD = Card("1", 0, 90_000, "Tahu", "Rp5.000", "kg", "Lapak", "Pasar", "/chat/1/")
ENTRY = Entry("1", 0, 90_000, "a" * 32, 1, 0, 0, "programme", "Judul", cards=(CARD,))


def test_a_publication_comes_back(publication) -> None:
    made = publication()
    assert decode_publication(encode_publication(made)) == made


def test_a_rundown_and_a_presentation_come_back() -> None:
    moment = datetime(2026, 11, 24, tzinfo=UTC)
    rundown = Rundown("c", "C", "Asia/Jakarta", 1, moment, (ENTRY,), slate="s" * 32)
    assert decode_rundown(encode_value(rundown)) == rundown
    shown = Presentation("a" * 32, "Judul", (CARD,), (Caption("id", "I", "k"),), (Chapter(0, "A"),))
    assert decode_presentation(encode_value(shown)) == shown


@pytest.mark.parametrize("decode", [decode_publication, decode_rundown, decode_presentation])
@pytest.mark.parametrize("data", [b"", b"{", b"[]", b"{}", b'{"entries":1}', b"\xff"])
def test_what_is_none_is_refused_with_one_kind_of_error(decode, data) -> None:
    with pytest.raises((msgspec.DecodeError, UnicodeDecodeError)):
        decode(data)


def test_a_file_from_a_later_version_with_more_in_it_is_read(publication) -> None:
    data = encode_publication(publication())[:-1] + b',"later":{"x":[1]}}'
    assert decode_publication(data) == publication()


@given(st.integers(0, 10**9))
def test_histories_are_in_the_order_of_their_versions(version) -> None:
    one, other = (keys.rundown_history_file("c", v) for v in (version, version + 1))
    assert one < other


def test_every_key_is_a_key() -> None:
    made = [
        keys.publication_file("a" * 32),
        keys.presentation_file("a" * 32),
        keys.rundown_file("contoh"),
        keys.generation_mark(),
        keys.day_file("contoh", "20261125-0123456789abcdef"),
        keys.rundown_history_file("contoh", 7),
        keys.takedown_mark("a" * 32),
        keys.journal_file("uji", "20261124T1327Z"),
    ]
    assert [checked(key) for key in made] == made
    # The mark of the generation alone stands among what it is about.
    assert len({key.split("/")[0] for key in made}) == len(made) - 1


def test_an_unknown_suffix_is_bytes_and_a_known_one_may_be_in_capitals() -> None:
    assert mime.content_type("captions/a.VTT") == "text/vtt; charset=utf-8"
    assert mime.content_type("captions/a.html") == "application/octet-stream"
