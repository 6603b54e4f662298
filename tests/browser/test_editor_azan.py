"""An editor turns the azan on and fills the weekly template, on a phone and at a desk."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import DESK, PHONE
from tests.browser.editing import choose_video

pytestmark = pytest.mark.browser
LIST = "/admin/snippets/channels/channel/"
HOUR = re.compile(r"\d\d\.\d\d.WIB")


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_an_editor_turns_the_azan_on_and_sees_the_times(siar, open_page, shot, complaints, size):
    number = siar.python(
        "from cms.channels.models import Channel, Azan\n"
        f"channel = Channel.objects.get(slug='{siar.facts['channel']}')\n"
        "Azan.objects.filter(channel=channel).delete()\n"
        "print(channel.pk)"
    )
    page = open_page(f"{LIST}azan/{number}/", size=size, login="admin")
    expect(page.get_by_text("Azan belum ditayangkan")).to_be_visible()
    page.get_by_label("Tayangkan azan").check()
    page.get_by_role("button", name="Simpan azan").click()
    expect(page.get_by_text("Tersimpan.")).to_be_visible()
    expect(page.locator(".planner-times dd").first).to_have_text(HOUR)
    shot(page, "1-azan")
    page.get_by_label("Mode Ramadan").scroll_into_view_if_needed()
    shot(page, "2-form")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    # Off again, or the other tests of this site would watch the call when it is time.
    page.get_by_label("Tayangkan azan").uncheck()
    page.get_by_role("button", name="Simpan azan").click()
    expect(page.get_by_text("Azan belum ditayangkan")).to_be_visible()
    assert complaints == []


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_an_editor_fills_the_weekly_template(siar, open_page, shot, complaints, size):
    number = siar.python(
        "from cms.channels.models import Channel, WeeklySlot\n"
        "WeeklySlot.objects.all().delete()\n"
        f"print(Channel.objects.get(slug='{siar.facts['channel']}').pk)"
    )
    page = open_page(f"{LIST}mingguan/{number}/", size=size, login="admin")
    choose_video(page, "Kelas koperasi")
    page.get_by_label("Mulai").fill("05:00:00")
    shot(page, "1-form")
    page.get_by_role("button", name="Tambah acara mingguan").click()
    line = page.locator(".planner-line", has_text="Senin–Jumat")
    expect(line).to_contain_text(HOUR)
    shot(page, "2-added")
    line.get_by_role("button", name="Hapus").click()
    expect(page.get_by_text("Belum ada acara mingguan.")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert complaints == []
