"""Stories 3, 4 and 8: an editor uploads on a phone, edits, publishes, withdraws, takes down."""

import re
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser.editing import publish
from tests.browser.line import Line
from tests.videos.films import make_film

pytestmark = pytest.mark.browser
DESK = {"width": 1280, "height": 800}
ENCODED = 180_000
"""Milliseconds in which a short film is encoded on a machine that does other things too."""


@pytest.fixture(scope="module")
def films(tmp_path_factory) -> Path:
    """Films as they come from a phone, and one that is none."""
    folder = tmp_path_factory.mktemp("films")
    make_film(folder / "Pagi di pasar.mp4", seconds=24, size="640x360")
    make_film(folder / "Rapat anggota.mp4", seconds=40, size="640x360")
    make_film(folder / "Sayur segar.mp4", seconds=3)
    (folder / "Bukan video.mp4").write_bytes(b"Catatan belanja\n" * 4000)
    return folder


@pytest.fixture
def line(siar) -> Iterator[Line]:
    """The line of a phone in a market hall."""
    made = Line(urlsplit(siar.base).port, uplink=250_000)
    yield made
    made.close()


def row(page: Page, name: str):
    """Return the row of one file on the upload screen."""
    return page.locator("[data-list] li", has_text=name)


def upload(page: Page, path: Path) -> str:
    """Upload a file and follow the link to its page; return that address."""
    page.goto("/admin/video/add/")
    page.get_by_label("Pilih video").set_input_files(path)
    page.get_by_role("link", name="Lengkapi keterangan").click()
    page.wait_for_url(re.compile(r"/admin/video/edit/\d+/"))
    return page.url


def chip(page: Page):
    """Return the live state on a video's page."""
    return page.locator(".siar-machine .siar-chip")


def status_of(address: str) -> int:
    try:
        with urllib.request.urlopen(address, timeout=10) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code


def test_uploads_go_on_after_the_line_was_cut_and_after_a_reload(open_page, films, shot, line):
    page = open_page("/admin/video/", login="moderator")
    page.goto(f"{line.base}/admin/video/")
    page.get_by_role("link", name="Unggah video").first.click()
    offsets: list[int] = []
    page.on(
        "request",
        lambda r: offsets.append(int(r.headers["upload-offset"])) if r.method == "PATCH" else None,
    )
    page.get_by_label("Pilih video").set_input_files(
        [films / "Pagi di pasar.mp4", films / "Sayur segar.mp4"]
    )
    long, short = row(page, "Pagi di pasar"), row(page, "Sayur segar")
    expect(long).to_contain_text(re.compile(r"[1-9],\d MB dari \d"))
    expect(short).to_contain_text("Menunggu dikirim")
    shot(page, "uploading-360")
    line.cut()
    expect(long).to_contain_text("berlanjut sendiri saat sinyal kembali")
    shot(page, "offline-360")
    line.mend()
    expect(long).to_contain_text(re.compile(r"\d MB dari \d"), timeout=20_000)
    assert offsets[0] == 0
    assert offsets[-1] > 0, offsets
    page.get_by_role("button", name="Jeda: Pagi di pasar.mp4").click()
    expect(long).to_contain_text("Dijeda pada")
    expect(short.get_by_role("link", name="Lengkapi keterangan")).to_be_visible(timeout=60_000)
    shot(page, "paused-360")
    page.reload()
    line.uplink = 0
    page.get_by_label("Pilih video").set_input_files(films / "Pagi di pasar.mp4")
    expect(long.get_by_role("link", name="Lengkapi keterangan")).to_be_visible(timeout=60_000)
    assert offsets[-1] > 0, offsets
    shot(page, "sent-360")
    page.goto("/admin/video/")
    expect(page.locator("[data-siar-state]").first).to_contain_text(
        re.compile("Menunggu|Memeriksa|Mengodekan|Menyelesaikan|Siap")
    )
    shot(page, "list-360")


def test_an_editor_watches_what_grows_cancels_retries_and_encodes_again(
    open_page, films, shot, complaints
):
    page = open_page("/admin/", login="moderator")
    upload(page, films / "Rapat anggota.mp4")
    expect(chip(page)).to_contain_text("Mengodekan", timeout=ENCODED)
    play = page.get_by_role("button", name="Putar yang sudah dikodekan")
    expect(play).to_be_visible(timeout=ENCODED)
    video = page.locator("[data-siar-preview] video")
    for _ in range(30):  # before the first chunk is out, the page says so
        play.click()
        page.wait_for_timeout(2000)
        if video.is_visible() and video.evaluate("v => v.currentTime") > 0:
            break
    assert video.evaluate("v => v.currentTime") > 0
    shot(page, "growing-360")
    page.get_by_role("button", name="Batalkan pengodean").click()
    expect(chip(page)).to_contain_text("Dibatalkan", timeout=15_000)
    page.get_by_role("button", name="Ulangi").click()
    expect(chip(page)).to_contain_text("Siap", timeout=ENCODED)
    page.get_by_role("button", name="Kodekan ulang").click()
    expect(page.locator(".siar-machine")).to_contain_text("Hasil sebelumnya tetap dipakai")
    shot(page, "again-360")
    expect(chip(page)).to_contain_text("Siap", timeout=ENCODED)
    page.get_by_role("button", name="Buat ulang suara").click()
    expect(page.locator(".siar-machine")).to_contain_text("Hanya suaranya yang dibuat baru.")
    shot(page, "sound-360")
    assert not [said for said in complaints if "Content Security Policy" in said]
    expect(chip(page)).to_contain_text("Siap", timeout=ENCODED)


def test_a_file_that_is_no_video_says_why_in_one_sentence(open_page, films, shot):
    page = open_page("/admin/", login="editor")
    upload(page, films / "Bukan video.mp4")
    expect(chip(page)).to_contain_text("Gagal", timeout=ENCODED)
    expect(page.locator(".siar-machine")).to_contain_text("bukan video yang dapat dibaca")
    expect(page.get_by_role("button", name="Ulangi")).to_be_visible()
    shot(page, "failed-360")


def test_text_is_edited_published_withdrawn_restored_and_taken_down(
    open_page, films, shot, siar, tmp_path
):
    page = open_page("/admin/", size=DESK, login="moderator")
    address = upload(page, films / "Sayur segar.mp4")
    expect(chip(page)).to_contain_text("Siap", timeout=ENCODED)
    page.reload()
    page.locator("#id_title").fill("Sayur segar dari lereng (contoh)")
    page.locator("#id_description").fill("Bayam dan kangkung pagi ini.")
    page.locator("#id_slug").fill("sayur-lereng")
    shot(page, "edit-1280")
    page.get_by_role("tab", name="Sampul").click()
    page.locator("#id_cover_at label").nth(1).click()
    shot(page, "cover-1280")
    page.get_by_role("tab", name="Takarir dan bab").click()
    (tmp_path / "id.vtt").write_text("WEBVTT\n\n00:00.500 --> 00:02.000\nSelamat pagi\n")
    page.get_by_role("button", name=re.compile("Takarir")).last.click()
    page.locator("input[name=captions-0-text]").set_input_files(tmp_path / "id.vtt")
    shot(page, "captions-1280")
    publish(page)
    master = page.context.request.get(address)
    assert master.ok
    expect_status(siar, "/video/sayur-lereng/", 200)
    _status, text = siar.get("/video/sayur-lereng/")
    assert "Sayur segar dari lereng (contoh)" in text
    playlist = re.search(r"/vod/[0-9a-f]{32}/master\.m3u8", text)[0]
    assert siar.get(playlist)[0] == 200

    page.goto(address)
    page.locator(".siar-machine").get_by_role("link", name="Tarik").click()
    shot(page, "withdraw-1280")
    page.get_by_role("button", name="Tarik").click()
    expect(page.locator(".messages")).to_contain_text("Video ditarik")
    shot(page, "withdrawn-1280")
    expect_status(siar, "/video/sayur-lereng/", 404)
    page.locator(".messages").get_by_role("link", name="Kembalikan").click()
    page.get_by_role("button", name="Kembalikan").click()
    expect_status(siar, "/video/sayur-lereng/", 200)

    page.goto(address)
    media = siar.get(playlist.replace("master", "v144"))[1]
    segment = next(line for line in media.splitlines() if line.endswith(".m4s"))
    segment = segment if segment.startswith("/") else f"/media/publications/{segment}"
    assert status_of(siar.base + segment) == 200
    page.locator(".siar-machine").get_by_role("link", name="Turunkan").click()
    page.get_by_label("Ketik TURUNKAN").fill("turunkan")
    shot(page, "take-down-1280")
    page.get_by_role("button", name="Turunkan").click()
    expect(page.locator(".messages")).to_contain_text("Video diturunkan")
    assert status_of(siar.base + segment) == 410
    expect_status(siar, "/video/sayur-lereng/", 404)


def test_the_upload_screen_and_list_at_a_desk_and_in_english(open_page, shot, siar):
    speak(siar, "en")
    page = open_page("/admin/video/add/", size=DESK, login="admin")
    expect(page.get_by_text("Choose videos")).to_be_visible()
    shot(page, "upload-1280-en")
    page.goto("/admin/video/")
    expect(page.locator("[data-siar-state]", has_text="Ready").first).to_be_visible()
    shot(page, "list-1280-en")
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto("/admin/video/add/")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    shot(page, "upload-360-en")
    speak(siar, "id")


def speak(siar, language: str) -> None:
    """Choose the language of the admin's CMS."""
    code = "from cms.core.models import User; User.objects.filter(username='admin')"
    siar.python(f"{code}.update(language={language!r})")


def expect_status(siar, path: str, status: int) -> None:
    """Check what a page answers now."""
    assert siar.get(path)[0] == status, path
