"""Numbers, money, dates and times as people here write them."""

from datetime import UTC, date, datetime

import pytest
from django.template import Context, Template
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from cms.core import formats

NB = "\u00a0"


@pytest.fixture(autouse=True)
def _indonesian():
    with translation.override("id"):
        yield


@pytest.mark.parametrize(
    ("amount", "text"),
    [(0, "Rp0"), (950, "Rp950"), (12_500, "Rp12.500"), (1_250_000, "Rp1.250.000")],
)
def test_rupiah_have_dots_and_no_cents(amount, text):
    assert formats.rupiah(amount) == text


@pytest.mark.parametrize(
    ("size", "text"),
    [
        (0, f"0{NB}B"),
        (999, f"999{NB}B"),
        (1000, f"1,0{NB}kB"),
        (999_499, f"999{NB}kB"),
        (999_500, f"1,0{NB}MB"),
        (3_100_000, f"3,1{NB}MB"),
        (128_000_000, f"128{NB}MB"),
    ],
)
def test_sizes_count_by_thousands_as_data_plans_do(size, text):
    assert formats.ukuran(size) == text


def test_percent_reaches_100_only_when_all_is_done():
    assert formats.persen(0.42) == f"42{NB}%"
    assert formats.persen(0.999) == f"99{NB}%"
    assert formats.persen(1) == f"100{NB}%"
    assert formats.persen(0.29) == f"29{NB}%"


def test_a_date_names_its_day():
    assert formats.tanggal(date(2021, 10, 6)) == "Rabu 6 Oktober 2021"


@pytest.mark.parametrize(
    ("zone", "text"),
    [
        ("Asia/Jakarta", f"19.30{NB}WIB"),
        ("Asia/Makassar", f"20.30{NB}WITA"),
        ("Asia/Jayapura", f"21.30{NB}WIT"),
    ],
)
def test_a_time_is_told_in_the_zone_of_the_place(zone, text):
    assert formats.jam(datetime(2021, 10, 6, 12, 30, tzinfo=UTC), zone) == text


@pytest.mark.parametrize(
    ("seconds", "text"), [(0, "0.00"), (59.9, "0.59"), (760, "12.40"), (3760, "1.02.40")]
)
def test_lengths_are_minutes_and_seconds(seconds, text):
    assert formats.lama(seconds) == text


def test_english_is_written_as_the_english_write():
    with translation.override("en"):
        assert formats.rupiah(12_500) == "Rp12,500"
        assert formats.ukuran(3_100_000) == f"3.1{NB}MB"
        assert formats.persen(0.42) == "42%"
        assert formats.tanggal(date(2021, 10, 6)) == "Wednesday 6 October 2021"
        assert formats.jam(datetime(2021, 10, 6, 12, 30, tzinfo=UTC), "Asia/Jakarta") == (
            f"19:30{NB}WIB"
        )
        assert formats.lama(760) == "12:40"


@given(st.integers(0, 10**15))
def test_a_size_never_shows_more_than_four_figures_before_its_unit(size):
    with translation.override("id"):
        number, unit = formats.ukuran(size).split(NB)
    assert unit == "TB" or len(number.replace(",", "")) <= 3


def test_templates_know_the_formats():
    text = Template(
        "{% load siar %}{{ price|rupiah }} {{ start|hari:zone }} {{ start|jam:zone }} {{ phone|telepon }}"
    ).render(
        Context(
            {
                "price": 12_500,
                "start": datetime(2021, 10, 5, 23, 30, tzinfo=UTC),
                "zone": "Asia/Jakarta",
                "phone": "+6281234567890",
            }
        )
    )
    assert text == f"Rp12.500 Rabu 6 Oktober 2021 06.30{NB}WIB 0812-3456-7890"
