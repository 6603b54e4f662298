"""Prices as people write them: read exactly, or refused with one sentence, never guessed."""

from contextlib import suppress

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from cms.core.formats import rupiah
from cms.traders.amounts import read_rupiah


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("18500", 18_500),
        ("18.500", 18_500),
        ("18 500", 18_500),
        ("Rp18.500", 18_500),
        ("Rp 12.500,-", 12_500),
        ("Rp. 12.500,--", 12_500),
        ("rp12.500,00", 12_500),
        ("IDR 12500", 12_500),
        ("12.500 rupiah", 12_500),
        ("12.500.-", 12_500),
        ("1.250.000", 1_250_000),
        ("12rb", 12_000),
        ("12 Ribu", 12_000),
        ("12k", 12_000),
        ("12.5rb", 12_500),
        ("12,5 rb", 12_500),
        ("0,5rb", 500),
        ("1,2 jt", 1_200_000),
        ("1.25 juta", 1_250_000),
        ("Rp 2jt", 2_000_000),
        ("1 miliar", 1_000_000_000),
        ("1000000000000", 10**12),
        ("１２５００", 12_500),
    ],
)
def test_a_price_is_read_as_it_was_meant(text: str, amount: int) -> None:
    assert read_rupiah(text) == amount


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("0", "low"),
        ("0,00", "low"),
        ("Rp0", "low"),
        ("-5", "low"),
        ("Rp -5.000", "low"),
        ("−5.000", "low"),
        ("", "low"),
        ("9" * 5000, "high"),
        ("12.000-15.000", "range"),
        ("12rb - 15rb", "range"),
        ("12.000 s/d Rp15.000", "range"),
        ("12,500", "unreadable"),
        ("12.75", "unreadable"),
        ("12.5", "unreadable"),
        ("18.500,5", "unreadable"),
        ("1.200rb", "unreadable"),
        ("12.3456rb", "unreadable"),
        ("0,0001rb", "unreadable"),
        ("0rb", "unreadable"),
        ("12 kg", "unreadable"),
        ("1e5", "unreadable"),
        ("1_000", "unreadable"),
        ("dua belas ribu", "unreadable"),
        ("١٢٥٠٠", "unreadable"),
        ("12.500/kg", "unreadable"),
    ],
)
def test_what_is_no_price_is_refused_for_what_it_is(text: str, code: str) -> None:
    with pytest.raises(ValidationError) as refused:
        read_rupiah(text)
    assert refused.value.code == code
    assert len(refused.value.messages) == 1


amounts = st.integers(1, 10**9)


@given(amounts, st.sampled_from(["{}", "Rp{}", "Rp {},-", " rp. {},00 ", "{} rupiah"]))
def test_what_we_write_ourselves_is_read_back(amount: int, shape: str) -> None:
    assert read_rupiah(shape.format(amount)) == amount
    assert read_rupiah(shape.format(rupiah(amount).removeprefix("Rp"))) == amount


@given(st.integers(1, 99_999), st.integers(0, 9), st.sampled_from([",", "."]))
def test_thousands_and_millions_have_one_place_after_the_sign(
    whole: int, part: int, sign: str
) -> None:
    assert read_rupiah(f"{whole}{sign}{part}rb") == whole * 1000 + part * 100
    assert read_rupiah(f"{whole}{sign}{part} jt") == whole * 10**6 + part * 10**5


@given(st.text() | st.text(alphabet="0123456789.,-rbjtkmRp ", max_size=30))
def test_any_text_is_a_positive_amount_or_refused(text: str) -> None:
    with suppress(ValidationError):
        assert read_rupiah(text) >= 1


@given(amounts)
def test_a_negative_price_is_never_read_as_a_price(amount: int) -> None:
    for text in (f"-{amount}", f"Rp -{amount}", f"-Rp{amount}"):
        with pytest.raises(ValidationError):
            read_rupiah(text)
