"""An editor reads what a channel aired, on a phone and at a desk, and takes it along as CSV."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DESK, PHONE

pytestmark = pytest.mark.browser
LIST = "/admin/snippets/channels/channel/"

ROWS = """
from datetime import timedelta
from cms.channels.models import AiredEntry, AsRunDay, Channel
from cms.channels.times import begin_of, local_date
from cms.core import clock
channel = Channel.objects.get(slug={slug!r})
day = local_date(channel, clock.now()) - timedelta(days=5)
begin = begin_of(channel, day)
AiredEntry.objects.filter(channel=channel, start__lt=begin + timedelta(days=1)).delete()
for at in (begin, begin + timedelta(hours=23)):
    AsRunDay.objects.update_or_create(
        channel=channel, day=at.date(),
        defaults=dict(complete=begin + timedelta(hours=14, minutes=32), rolled=clock.now(), over=True),
    )
kinds = (
    ("programme", "Dapur pasar: sambal yang tidak pernah habis dari subuh sampai malam (contoh)", 900, 900, ""),
    ("filler", "", 300, 300, ""),
    ("promotion", "Promo sambal (contoh)", 120, 47, "azan"),
    ("azan", "Azan zuhur (contoh)", 240, 240, ""),
    ("programme", "Kelas koperasi (contoh)", 1800, 0, "off_air"),
)
at = begin + timedelta(hours=6)
for number, (kind, title, promised, shown, why) in enumerate(kinds * 24):
    end = at + timedelta(seconds=promised)
    first = round(at.timestamp() * 1000)
    AiredEntry.objects.create(
        channel=channel, day=at.date(), entry=str(number), kind=kind, title=title, start=at, end=end,
        promised_ms=promised * 1000, shown_ms=shown * 1000, why=why,
        pieces=[[first, first + shown * 1000]] if shown else [],
        status="missed" if not shown else "aired" if shown == promised else "cut",
        count=12 if kind == "filler" else 1,
    )
    at = begin + timedelta(hours=6, seconds=500 * (number + 1))
print(channel.pk, day.isoformat())
"""


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_an_editor_reads_what_aired_and_takes_it_along(siar, open_page, shot, complaints, size):
    number, day = siar.python(ROWS.format(slug=siar.facts["channel"])).split()
    page = open_page(f"{LIST}susunan/{number}/{day}/", size=size, login="admin")
    page.get_by_role("link", name="Hasil tayang").click()
    expect(page.get_by_text("Lengkap sampai 14.32")).to_be_visible()
    expect(page.get_by_text("Halaman 1 dari 2")).to_be_visible()
    shot(page, "1-day")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_label("Status").select_option("missed")
    page.get_by_label("Cari judul").fill("kelas")
    page.get_by_role("button", name="Tampilkan").click()
    # A second table stands below where an earlier test has left a card that is owed.
    rows = page.locator("table.asrun").first.locator("tbody tr")
    expect(rows).to_have_count(24)
    expect(rows.first).to_contain_text("Saluran tidak mengudara")
    rows.first.scroll_into_view_if_needed()
    shot(page, "2-missed")
    with page.expect_download() as download:
        page.get_by_role("link", name="Unduh CSV").click()
    text = download.value.path().read_text("utf-8-sig")
    assert text.count("Kelas koperasi (contoh)") == 24
    assert "Promo sambal" not in text
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert complaints == []
