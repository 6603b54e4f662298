"""An editor plans by timeline, in a draft, with a playlist; on a phone and at a desk."""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import DESK, PHONE, Siar
from tests.examples import deep

pytestmark = pytest.mark.browser
WIB = ZoneInfo("Asia/Jakarta")
LIST = "/admin/snippets/channels/channel/"


@pytest.fixture(scope="module")
def channel(siar: Siar) -> str:
    """A channel of its own with an hour planned for tomorrow; returns its id."""
    password = siar.logins["admin"][1]
    siar.logins["planner"] = ("redaksi-perencana", password)
    return siar.python(
        "from datetime import timedelta\n"
        "from cms.channels.actions import do_plan, do_publish_if_ready\n"
        "from cms.channels.models import Channel, Filler\n"
        "from cms.channels.times import begin_of, local_date\n"
        "from cms.cooperatives.actions import do_add_member\n"
        "from cms.cooperatives.models import Cooperative\n"
        "from cms.core import clock\n"
        "from cms.core.models import User\n"
        "from cms.videos.models import Video\n"
        "apex = Cooperative.objects.get(slug='inkoppas')\n"
        f"user = User.objects.create_user('redaksi-perencana', password='{password}')\n"
        "do_add_member(user, apex, 'editor')\n"
        "made = Channel.objects.create(cooperative=apex, name='Siar Rencana', slug='rencana')\n"
        "videos = list(Video.objects.airable().order_by('title'))\n"
        "Filler.objects.create(channel=made, video=videos[-1])\n"
        "do_publish_if_ready(made, clock.now())\n"
        "morning = begin_of(made, local_date(made, clock.now()) + timedelta(days=1))\n"
        "for n, hours in enumerate((9, 10, 11)):\n"
        "    at = morning + timedelta(hours=hours)\n"
        "    do_plan(made, videos[n], at, clock.now(), f'Rencana {n} (contoh)')\n"
        "print(made.pk)"
    )


@pytest.fixture
def day(channel: str) -> str:
    """The address of tomorrow's plan."""
    return f"{LIST}susunan/{channel}/{datetime.now(WIB) + timedelta(days=1):%Y-%m-%d}/"


def today_of(day: str) -> str:
    """The address of the plan of the day before."""
    head, _, date = day.rstrip("/").rpartition("/")
    return f"{head}/{datetime.fromisoformat(date) - timedelta(days=1):%Y-%m-%d}/"


def line(page: Page, note: str) -> Locator:
    return page.locator(".planner-line", has_text=note)


def span(page: Page, number: int) -> Locator:
    """The entry that comes as the `number`th of those that can be moved, from 0."""
    return page.locator("button.planner-span").nth(number)


def show_timeline(page: Page) -> None:
    page.get_by_role("button", name="Garis waktu").click()
    expect(page.locator("#planner-timeline")).to_be_visible()
    expect(page.locator(".planner-lines.planner-list")).to_be_hidden()


def starts(page: Page, note: str) -> str:
    return line(page, note).locator("time").first.text_content()[:5]


def test_the_timeline_moves_by_keys_and_by_drag(day: str, open_page, shot, complaints):
    page = open_page(day, size=DESK, login="planner")
    show_timeline(page)
    shot(page, "1-timeline")
    entry = span(page, 0)
    entry.focus()
    page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("ArrowUp")
    expect(page.locator("#planner-says")).to_have_text("09.09.00")
    page.keyboard.press("Escape")
    expect(page.locator("#planner-says")).to_have_text("")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    expect(page.locator("#planner-says")).to_contain_text("Tidak disimpan")
    expect(page.locator(".is-moving")).to_have_count(0)
    entry.focus()
    page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Tersimpan.")).to_be_visible()
    expect(page.locator("#planner-timeline")).to_be_visible()
    assert starts(page, "Rencana 0") in ("09.10", "09.09")

    entry = span(page, 1)
    entry.scroll_into_view_if_needed()
    box = entry.bounding_box()
    page.mouse.move(box["x"] + 40, box["y"] + 2)
    page.mouse.down()
    page.mouse.move(box["x"] + 40, box["y"] + 50, steps=4)
    expect(page.locator(".is-moving")).to_have_count(1)
    page.mouse.move(box["x"] + 40, box["y"] + 2, steps=4)
    page.mouse.up()
    expect(page.locator(".is-moving")).to_have_count(0)
    expect(page).to_have_url(re.compile(re.escape(day)))
    page.mouse.down()
    page.mouse.move(box["x"] + 40, box["y"] + 92, steps=4)
    expect(page.locator(".is-moving")).to_have_count(1)
    shot(page, "2-drag")
    page.mouse.up()
    expect(page.get_by_text("Tersimpan.")).to_be_visible()
    assert starts(page, "Rencana 1") in ("10.30", "10.29")
    shot(page, "3-moved")
    page.get_by_role("button", name="Urungkan perubahan terakhir").click()
    expect(page.get_by_text("Tersimpan.")).to_be_visible()
    assert starts(page, "Rencana 1") in ("10.00", "09.59")
    page.goto(today_of(day))
    expect(page.locator(".planner-nowline")).to_be_visible()
    shot(page, "4-now")
    assert [c for c in complaints if "Failed to load resource" not in c] == []


def test_a_finger_moves_by_the_handle_and_scrolls_beside_it(day: str, open_page, shot):
    page = open_page(day, size=PHONE, login="planner")
    show_timeline(page)
    page.get_by_role("button", name="Perbesar").click()
    entry = span(page, 2)
    entry.scroll_into_view_if_needed()
    shot(page, "1-phone")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    devices = page.context.new_cdp_session(page)
    devices.send("Emulation.setTouchEmulationEnabled", {"enabled": True})

    def swipe(x: float, y: float, down: float) -> None:
        devices.send(
            "Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]}
        )
        for part in range(1, 9):
            points = [{"x": x, "y": y + down * part / 8}]
            devices.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": points})
        devices.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})

    box = entry.bounding_box()
    swipe(box["x"] + 30, box["y"] + 4, -40)
    assert page.locator(".is-moving").count() == 0
    entry.scroll_into_view_if_needed()
    grip = entry.locator(".planner-grip").bounding_box()
    swipe(grip["x"] + 20, grip["y"] + 4, 120)
    expect(page.get_by_text("Tersimpan.")).to_be_visible()
    assert starts(page, "Rencana 2") in ("11.10", "11.09")
    shot(page, "2-moved")
    page.goto(today_of(day))
    expect(page.locator(".planner-nowline")).to_be_visible()
    shot(page, "3-now")


def test_chosen_programmes_move_together_and_come_back(day: str, open_page, shot, complaints):
    page = open_page(day, size=PHONE, login="planner")
    before = starts(page, "Rencana 1")
    for note in ("Rencana 1", "Rencana 2"):
        line(page, note).get_by_role("checkbox").check()
    page.get_by_role("form", name="Acara yang dipilih").scroll_into_view_if_needed()
    shot(page, "1-chosen")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    page.get_by_label("Menit", exact=True).fill("20")
    page.get_by_role("button", name="Lebih lambat").click()
    expect(page.get_by_text("2 acara digeser.")).to_be_visible()
    assert starts(page, "Rencana 1") != before
    shot(page, "2-moved")
    page.get_by_role("button", name="Urungkan perubahan terakhir").click()
    expect(page.get_by_text("Tersimpan.")).to_be_visible()
    assert starts(page, "Rencana 1") == before
    page.once("dialog", lambda dialog: dialog.dismiss())
    page.get_by_role("button", name="Kosongkan hari").click()
    assert line(page, "Rencana").count() == 3
    assert [c for c in complaints if "Failed to load resource" not in c] == []


@pytest.mark.parametrize(("size", "name"), [(PHONE, "phone"), deep(DESK, "desk")])
def test_a_draft_says_what_changes_before_it_is_published(day: str, open_page, shot, size, name):
    page = open_page(day, size=size, login="planner")
    page.get_by_role("button", name="Susun sebagai draf").click()
    expect(page.get_by_text("Draf ini sama dengan yang tayang.")).to_be_visible()
    line(page, "Rencana 2").get_by_role("link", name="Hapus").click()
    page.get_by_role("button", name="Hapus acara").click()
    expect(page.get_by_text("Tersimpan di draf.")).to_be_visible()
    line(page, "Rencana 0").get_by_role("link", name="Ubah").click()
    page.get_by_label("Mulai").fill("07:30:00")
    page.get_by_role("button", name="Simpan perubahan").click()
    draft = page.locator(".planner-draft")
    expect(draft.get_by_text("Dihapus")).to_be_visible()
    expect(draft.get_by_text("Dipindah")).to_be_visible()
    draft.scroll_into_view_if_needed()
    shot(page, f"1-{name}")
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    page.get_by_role("button", name="Terbitkan draf").click()
    expect(page.get_by_text("Tersimpan.")).to_be_visible()
    expect(line(page, "Rencana 2")).to_have_count(0)
    page.get_by_role("button", name="Urungkan perubahan terakhir").click()
    expect(line(page, "Rencana 2")).to_have_count(1)
    shot(page, f"2-{name}")


def test_a_playlist_is_ordered_by_buttons_and_fills_a_block(
    siar: Siar, channel: str, day: str, open_page, shot
):
    siar.python(
        "from cms.channels.models import Channel, Playlist, PlaylistItem\n"
        "from cms.videos.models import Video\n"
        f"apex = Channel.objects.get(pk={channel}).cooperative\n"
        "made = Playlist.objects.create(cooperative=apex, name='Serial (contoh)')\n"
        "for n, video in enumerate(Video.objects.airable().order_by('title')[:3]):\n"
        "    PlaylistItem.objects.create(playlist=made, video=video, sort_order=n)"
    )
    page = open_page("/admin/snippets/channels/playlist/", size=PHONE, login="planner")
    page.get_by_role("link", name="Serial (contoh)").first.click()
    chosen = page.locator(
        "#id_items-FORMS [data-chooser-title], [id^='id_items-'][id$='-video-chooser']"
    )
    expect(chosen.first).to_be_visible()
    shot(page, "1-playlist")
    date = day.rstrip("/").rpartition("/")[2]
    weekly = f"{LIST}mingguan/{channel}/?tanggal={date}"
    for size, name in ((PHONE, "phone"), (DESK, "desk")):
        page = open_page(weekly, size=size, login="planner")
        expect(page.get_by_label("Lama (menit)")).to_be_visible()
        expect(page.get_by_role("button", name="Pilih video")).to_be_hidden()
        shot(page, f"2-block-{name}")
    page.get_by_label("Isi").select_option("in_order")
    page.get_by_label("Daftar putar").select_option(label="Serial (contoh)")
    page.get_by_label("Lama (menit)").fill("2")
    page.get_by_label("Mulai").fill("13:00:00")
    page.get_by_role("button", name="Tambah acara mingguan").click()
    expect(page.get_by_text("Daftar putar, berurutan · 2.00")).to_be_visible()
    line_of = "from cms.channels.models import WeeklySlot\nline = WeeklySlot.objects.latest('pk')\n"
    assert siar.python(f"{line_of}print(line.first, line.last)") == f"{date} {date}"
    page.goto(day)
    expect(line(page, "Serial (contoh)").first).to_be_visible()
    line(page, "Serial (contoh)").first.get_by_role("link", name="Hanya tanggal ini").click()
    expect(page.get_by_role("button", name="Simpan untuk tanggal ini")).to_be_visible()
    shot(page, "3-once")
    page.get_by_role("button", name="Simpan untuk tanggal ini").click()
    expect(line(page, "Serial (contoh)")).to_have_count(0)
    page.get_by_role("link", name="Salin hari").click()
    expect(page.locator("label", has_text="Salin ke").first).to_be_visible()
    shot(page, "4-copy")
