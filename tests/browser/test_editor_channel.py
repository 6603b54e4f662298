"""Story 6: an editor puts a video on a channel; guide and playlist follow; the past stands."""

import json
import re
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import m3u8
import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESK, PHONE, Siar
from tests.browser.editing import choose_video

pytestmark = pytest.mark.browser
WIB = ZoneInfo("Asia/Jakarta")
LIST = "/admin/snippets/channels/channel/"


@pytest.fixture(scope="module")
def editor(siar: Siar) -> str:
    """An editor of the channel's own co-operative; returns the login's name."""
    password = siar.logins["admin"][1]
    siar.python(
        "from cms.core.models import User\n"
        "from cms.cooperatives.models import Cooperative\n"
        "from cms.cooperatives.actions import do_add_member\n"
        f"user = User.objects.create_user('redaksi-nasional', password='{password}')\n"
        "do_add_member(user, Cooperative.objects.get(slug='inkoppas'), 'editor')"
    )
    siar.logins["national"] = ("redaksi-nasional", password)
    return "national"


@pytest.fixture
def day_of(siar: Siar) -> Callable[[datetime], str]:
    """The address of the channel's rundown on the day of a moment: near midnight not today's."""
    slug = siar.facts["channel"]
    found = siar.python(
        f"from cms.channels.models import Channel\nprint(Channel.objects.get(slug='{slug}').pk)"
    )
    return lambda moment: f"{LIST}susunan/{found}/{moment:%Y-%m-%d}/"


def soon(minutes: float) -> datetime:
    return datetime.now(WIB).replace(microsecond=0) + timedelta(minutes=minutes)


def aired() -> datetime:
    """A moment that has aired, on a day that can still be planned.

    The last seconds of a day are about to air, and its form is closed: then the next
    day's first second will have aired.
    """
    while (left := (soon(0).replace(hour=23, minute=59, second=59) - soon(0)).seconds) < 25:
        time.sleep(left + 2)
    return max(soon(-5), soon(0).replace(hour=0, minute=0, second=0))


def add(page: Page, title: str, start: datetime, note: str) -> None:
    page.locator("#tambah summary").click()
    choose_video(page, title)
    page.get_by_label("Mulai").fill(f"{start:%H:%M:%S}")
    page.get_by_label("Catatan").fill(note)
    page.locator("#tambah").get_by_role("button", name="Tambah acara").click()


def rundown(siar: Siar) -> list[dict]:
    slug = siar.facts["channel"]
    data = siar.python(
        "from cms.channels import in_force\n"
        "from media_pipeline.model.rundown import encode_value\n"
        f"print(encode_value(in_force.read('{slug}').rundown).decode())"
    )
    return json.loads(data)["entries"]


def test_an_editor_plans_a_programme_and_the_guide_and_the_playlist_follow(
    siar: Siar,
    editor: str,
    day_of: Callable[[datetime], str],
    open_page: Callable[..., Page],
    shot,
    complaints,
):
    before = rundown(siar)
    page = open_page(LIST, size=PHONE, login=editor)
    shot(page, "1-list")
    start = soon(14)
    page.goto(day_of(start))
    expect(page.get_by_text("Sedang tayang")).to_be_visible()
    shot(page, "2-day")

    add(page, "Kelas koperasi", start, "Khusus (contoh)")
    told = page.get_by_text(re.compile(r"Perubahan tayang mulai \d\d\.\d\d\.\d\d.WIB"))
    expect(told).to_be_visible()
    line = page.locator(".planner-line", has_text="Khusus (contoh)")
    expect(line).to_have_count(1)
    line.scroll_into_view_if_needed()
    shot(page, "3-added")

    after = rundown(siar)
    entry = next(e for e in after if e.get("note") == "Khusus (contoh)")
    begins = datetime.fromtimestamp(entry["start"] / 90_000, WIB)
    assert abs(begins - start) < timedelta(seconds=4)
    assert f"{begins:%H.%M.%S}" in line.inner_text()
    frozen = (datetime.now(WIB).timestamp() - 60) * 90_000
    past = [e for e in before if e["start"] + e["duration"] < frozen]
    assert after[: len(past)] == past

    guide = open_page(f"/guide/{siar.facts['channel']}/", size=PHONE)
    expect(guide.get_by_text("Khusus (contoh)").first).to_be_attached()
    shot(guide, "4-guide")

    status, playlist = siar.get(f"/live/{siar.facts['channel']}/v144.m3u8")
    assert status == 200
    window = m3u8.loads(playlist)
    first, last = window.segments[0], window.segments[-1]
    playing = [
        e
        for e in after
        if e["msn"] <= window.media_sequence + len(window.segments) - 1 < e["msn"] + e["count"]
    ]
    assert playing[0]["publication"] in last.uri
    assert first.program_date_time is not None
    assert [c for c in complaints if "Failed to load resource" not in c] == []


def test_what_aired_cannot_be_changed_and_a_removal_is_undone(
    siar: Siar, editor: str, day_of: Callable[[datetime], str], open_page: Callable[..., Page], shot
):
    past = aired()
    page = open_page(day_of(past), size=PHONE, login=editor)
    add(page, "Dapur pasar", past, "Terlambat (contoh)")
    expect(
        page.get_by_text(re.compile(r"sudah tayang\. Pilih waktu mulai sesudah"))
    ).to_be_visible()
    shot(page, "1-refused")
    assert page.get_by_label("Catatan").input_value() == "Terlambat (contoh)"

    start = soon(16)
    page.goto(day_of(start))
    add(page, "Dapur pasar", start, "Dihapus (contoh)")
    line = page.locator(".planner-line", has_text="Dihapus (contoh)")
    line.get_by_role("link", name="Hapus").click()
    expect(page.get_by_text("dihapus dari susunan")).to_be_visible()
    shot(page, "2-question")
    page.get_by_role("button", name="Hapus acara").click()
    expect(page.locator(".planner-line", has_text="Dihapus (contoh)")).to_have_count(0)
    page.get_by_role("button", name="Urungkan perubahan terakhir").click()
    expect(page.locator(".planner-line", has_text="Dihapus (contoh)")).to_have_count(1)
    shot(page, "3-undone")

    assert page.locator(".planner-line.planner-aired a").count() == 0


def test_an_entry_is_moved_with_the_keyboard_alone(
    siar: Siar, editor: str, day_of: Callable[[datetime], str], open_page: Callable[..., Page], shot
):
    start, later = soon(18), soon(20)
    if start.date() != later.date():  # an entry is moved within its day
        start, later = later, later + timedelta(minutes=2)
    page = open_page(day_of(start), size=DESK, login=editor)
    add(page, "Kabar pagi", start, "Digeser (contoh)")
    line = page.locator(".planner-line", has_text="Digeser (contoh)")
    line.get_by_role("link", name="Ubah").focus()
    page.keyboard.press("Enter")
    field = page.get_by_label("Mulai")
    expect(field).to_be_visible()
    field.focus()
    field.fill(f"{later:%H:%M:%S}")
    expect(page.locator(".planner-until")).to_be_visible()
    shot(page, "1-form")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Perubahan tayang mulai")).to_be_visible()
    line = page.locator(".planner-line", has_text="Digeser (contoh)")
    shown = re.search(r"(\d\d)\.(\d\d)\.(\d\d)", line.inner_text())
    moved = later.replace(hour=int(shown[1]), minute=int(shown[2]), second=int(shown[3]))
    assert abs(moved - later) < timedelta(seconds=5)
    shot(page, "2-moved")


def test_no_page_of_the_planner_is_wider_than_a_phone(
    siar: Siar, editor: str, day_of: Callable[[datetime], str], open_page: Callable[..., Page]
):
    page = open_page(day_of(soon(5)), size=PHONE, login=editor)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    page.locator("#tambah summary").click()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_another_markets_editor_finds_no_such_channel(
    siar: Siar, day_of: Callable[[datetime], str], open_page: Callable[..., Page]
):
    page = open_page(LIST, login="neighbour")
    assert page.goto(day_of(soon(0))).status == 404
