"""Which words a coordinator is asked to look at, and which are only words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cms.traders.claims import Claim, Claimed, claims_in


@pytest.mark.parametrize(
    ("text", "claim", "words"),
    [
        ("Beras termurah se-Jatim", Claim.BEST, "termurah"),
        ("PALING MURAH di pasar", Claim.BEST, "paling murah"),
        ("Ter–Enak!", Claim.BEST, "ter-enak"),
        ("Bakso nomor satu di Surabaya", Claim.BEST, "nomor satu"),
        ("Bakso no.1", Claim.BEST, "no.1"),
        ("Bakso #1", Claim.BEST, "#1"),
        ("satu-satunya di kota", Claim.BEST, "satu-satunya"),
        ("Menyembuhkan asam urat", Claim.HEALTH, "menyembuhkan"),
        ("Menyembuhkan asam urat", Claim.HEALTH, "asam urat"),
        ("teh menurunkan   kolesterol", Claim.HEALTH, "menurunkan kolesterol"),
        ("Kopi pelangsing", Claim.HEALTH, "pelangsing"),
        ("berkhasiat untuk tubuh", Claim.HEALTH, "berkhasiat"),
        ("rendah gula", Claim.HEALTH, "rendah gula"),
        ("Madu 100% asli", Claim.PURE, "100%"),
        ("Madu 100% asli", Claim.PURE, "asli"),
        ("tanpa bahan pengawet", Claim.PURE, "tanpa bahan pengawet"),
        ("Dijamin segar", Claim.SURE, "dijamin"),
        ("Sudah halal", Claim.HALAL, "halal"),
        ("ada P-IRT", Claim.PIRT, "p-irt"),
        ("PIRT lengkap", Claim.PIRT, "pirt"),
        ("terdaftar BPOM", Claim.BPOM, "bpom"),
    ],
)
def test_a_claim_is_found_however_it_is_written(text: str, claim: Claim, words: str) -> None:
    assert Claimed(claim, words) in claims_in(text)


@pytest.mark.parametrize(
    "text",
    [
        "Terong ungu, terasi dan tepung terigu",
        "Teri Medan, terbuat dari ikan laut, tersedia tiap hari",
        "Obat nyamuk bakar",
        "Tobat, harga jujur",
        "Aslinya",
        "Kios kami di depan, buka jam 11",
        "Jantung pisang dan paru sapi",
        "",
    ],
)
def test_words_that_promise_nothing_are_let_be(text: str) -> None:
    assert claims_in(text) == []


def test_each_wording_is_told_once_and_in_order() -> None:
    found = claims_in("Terbaik dan termurah", "termurah!")
    assert [each.words for each in found] == ["terbaik", "termurah"]


@given(st.text(), st.sampled_from(["termurah", "nomor satu", "obat kuat", "dijamin"]), st.text())
def test_a_claim_is_found_between_any_other_words(before: str, words: str, after: str) -> None:
    alone = claims_in(words)
    assert set(alone) <= set(claims_in(f"{before}. {words}, {after}"))


@given(st.text(max_size=580))
def test_any_text_can_be_looked_through(text: str) -> None:
    for each in claims_in(text):
        assert each.words
