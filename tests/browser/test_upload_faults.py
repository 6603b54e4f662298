"""The upload screen where the bucket refuses, answers are lost, people sign out or change their mind."""

import os
import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import sign_in
from tests.browser.test_upload_bucket import DESK, line, row_of, s3, siar, unfinished

__all__ = ["line", "s3", "siar"]
pytestmark = pytest.mark.browser
FILM = os.urandom(2**20) * 12
"""Three parts."""
BUCKET = re.compile(r"/asli-contoh/")


@pytest.fixture(autouse=True)
def quick(line) -> None:
    """Let the line be as fast as it goes."""
    line.uplink = 0


@pytest.fixture
def screen(open_page, tmp_path) -> Callable[..., Page]:
    """Return a function that opens the upload screen and keeps which parts are sent."""

    def open_(**more) -> Page:
        page = open_page("/admin/video/add/", login="admin", **more)
        page.parts = []
        page.on("request", lambda r: page.parts.append(part_of(r)) if r.method == "PUT" else None)
        return page

    return open_


@pytest.fixture
def film(tmp_path) -> Callable[[str], Path]:
    """Return a function that makes a film of three parts."""

    def make(name: str) -> Path:
        (tmp_path / name).write_bytes(FILM)
        return tmp_path / name

    return make


def part_of(request) -> int:
    return int(parse_qs(urlsplit(request.url).query)["partNumber"][0])


def refuse(route: Route, status: int, code: str) -> None:
    """Answer as S3 does."""
    route.fulfill(
        status=status,
        headers={"Access-Control-Allow-Origin": "*", "Content-Type": "application/xml"},
        body=f"<?xml version='1.0'?><Error><Code>{code}</Code></Error>",
    )


def choose(page: Page, *films: Path) -> None:
    page.get_by_label("Pilih video").set_input_files(list(films))


def arrives(page: Page, name: str) -> None:
    link = row_of(page, name).get_by_role("link", name="Lengkapi keterangan")
    expect(link).to_be_visible(timeout=60_000)


def test_an_address_that_has_expired_is_asked_for_anew_and_nothing_else_is_sent_again(screen, film):
    page = screen()
    expired: set[int] = set()
    asked: list[str] = []

    def once(route: Route) -> None:
        number = part_of(route.request)
        if number in expired:
            route.continue_()
        else:
            expired.add(number)
            refuse(route, 403, "AccessDenied")

    page.route(BUCKET, once)
    page.on("request", lambda r: asked.append(r.url) if r.url.endswith("/parts") else None)
    choose(page, film("Kedaluwarsa.mp4"))
    arrives(page, "Kedaluwarsa.mp4")
    assert sorted(page.parts) == [1, 1, 2, 2, 3, 3]
    assert len(asked) > 1


@pytest.mark.parametrize(
    ("status", "code", "said"),
    [
        (403, "SignatureDoesNotMatch", "Penyimpanan menolak kiriman ini"),
        (403, "RequestTimeTooSkewed", "Jam situs ini tidak cocok"),
        (400, "EntityTooSmall", "Penyimpanan menolak kiriman ini"),
        (507, "InsufficientStorage", "Ruang penyimpanan penuh"),
    ],
)
def test_what_the_bucket_refuses_for_good_ends_in_a_sentence_and_a_retry_goes_on(
    screen, film, shot, status, code, said
):
    page = screen()
    page.route(
        BUCKET,
        lambda r: r.continue_() if part_of(r.request) == 1 else refuse(r, status, code),
    )
    name = f"Ditolak {code}.mp4"
    choose(page, film(name))
    row = row_of(page, name)
    expect(row).to_contain_text(said, timeout=30_000)
    assert len(page.parts) <= 5, "refused parts were sent again and again"
    shot(page, "refused-360")
    page.set_viewport_size(DESK)
    shot(page, "refused-1280")
    page.unroute(BUCKET)
    page.get_by_role("button", name=f"Ulangi: {name}").press("Enter")
    arrives(page, name)
    assert page.parts.count(1) == 1


@pytest.mark.parametrize("kind", ["slow", "shut"])
def test_a_bucket_that_never_takes_a_part_is_given_up_after_some_attempts(screen, film, kind):
    page = screen()
    page.clock.install()
    page.goto("/admin/video/add/")
    page.route(BUCKET, lambda r: refuse(r, 503, "SlowDown") if kind == "slow" else r.abort())
    choose(page, film("Sibuk.mp4"))
    row = row_of(page, "Sibuk.mp4")
    said = "belum berhasil. Yang sudah terkirim tetap tersimpan" if kind == "slow" else "menolak"
    for _ in range(100):
        page.wait_for_timeout(100)
        if page.parts:
            break
    for _ in range(40):
        page.clock.run_for(20_000)
        page.wait_for_timeout(100)
        if said in (row.text_content() or ""):
            break
    expect(row).to_contain_text(said)
    sent = len(page.parts)
    assert 5 <= sent <= 40
    page.clock.run_for(3_600_000)
    assert len(page.parts) == sent
    page.unroute(BUCKET)
    page.get_by_role("button", name="Ulangi: Sibuk.mp4").click()
    arrives(page, "Sibuk.mp4")


def test_a_lost_answer_after_the_join_sends_nothing_again(screen, film):
    page = screen()
    lost: list[Route] = []

    def lose(route: Route) -> None:
        if lost:
            route.continue_()
            return
        lost.append(route)
        route.fetch()  # it is carried out
        route.abort()

    page.route(re.compile("/complete$"), lose)
    choose(page, film("Hilang jawaban.mp4"))
    arrives(page, "Hilang jawaban.mp4")
    assert lost
    assert sorted(page.parts) == [1, 2, 3]


def test_a_cancellation_while_the_upload_begins_leaves_nothing_in_the_bucket(screen, film, s3):
    page = screen()
    held: list[Route] = []
    page.route(re.compile("/uploads/direct$"), lambda route: held.append(route))
    row = row_of(page, "Batal dini.mp4")
    with page.expect_request(re.compile("/uploads/direct$")):
        choose(page, film("Batal dini.mp4"))
    page.get_by_role("button", name="Batalkan: Batal dini.mp4").press("Enter")
    expect(row).to_contain_text("Membatalkan")
    (begin,) = held
    begin.continue_()
    expect(row).to_have_count(0, timeout=20_000)
    expect(page.locator("#siar-files")).to_be_focused()
    assert unfinished(s3) == []
    assert page.parts == []


def test_a_cancellation_wins_over_a_video_whose_answer_is_on_its_way(screen, film, siar):
    page = screen()
    held: list[Route] = []
    page.route(re.compile("/complete$"), lambda r: (r.fetch(), held.append(r)))
    choose(page, film("Terlambat.mp4"))
    row = row_of(page, "Terlambat.mp4")
    for _ in range(100):
        page.wait_for_timeout(200)
        if held:
            break
    page.get_by_role("button", name="Batalkan: Terlambat.mp4").click()
    expect(row).to_have_count(0, timeout=20_000)
    count = "from cms.videos.models import Video; print(Video.objects.filter(title='Terlambat').count())"
    assert siar.python(count).strip() == "0"


def test_who_has_signed_out_signs_in_again_and_goes_on_where_it_stopped(screen, film, siar, line):
    page = screen()
    line.uplink = 4_000_000
    choose(page, film("Keluar.mp4"))
    row = row_of(page, "Keluar.mp4")
    page.route(re.compile("/complete$"), lambda r: (page.context.clear_cookies(), r.continue_()))
    expect(row).to_contain_text("Anda sudah keluar. Masuk lagi", timeout=30_000)
    page.unroute(re.compile("/complete$"))
    other = page.context.new_page()
    sign_in(other, *siar.logins["admin"])
    page.get_by_role("button", name="Ulangi: Keluar.mp4").click()
    arrives(page, "Keluar.mp4")
    assert sorted(page.parts) == [1, 2, 3]


def test_another_tab_does_not_send_the_same_file_and_does_not_cancel_it(
    screen, film, s3, line, shot
):
    first = screen()
    line.uplink = 1_500_000
    path = film("Dua tab.mp4")
    choose(first, path)
    expect(row_of(first, "Dua tab.mp4")).to_contain_text(re.compile(r"[1-9],\d MB dari"))
    second = first.context.new_page()
    second.set_default_timeout(20_000)
    second.goto("/admin/video/add/")
    choose(second, path)
    expect(row_of(second, "Dua tab.mp4")).to_contain_text("sedang dikirim di tab lain")
    shot(second, "other-tab-360")
    second.get_by_role("button", name="Batalkan: Dua tab.mp4").click()
    expect(row_of(second, "Dua tab.mp4")).to_have_count(0)
    line.uplink = 0
    arrives(first, "Dua tab.mp4")
    assert sorted(first.parts) == [1, 2, 3]


def test_one_file_that_fails_does_not_hold_up_the_next_and_nothing_chatters(screen, film, shot):
    page = screen()
    page.evaluate(
        """() => {
          window.said = [];
          const place = document.querySelector("[data-status]");
          new MutationObserver(() => window.said.push(place.textContent))
            .observe(place, { childList: true, characterData: true, subtree: true });
        }"""
    )
    bad, good = film("Gagal \u202e\U0001f345 & <b>.mp4"), film("Beres.mp4")
    refused: list[str] = []

    def judge(route: Route) -> None:
        upload = parse_qs(urlsplit(route.request.url).query)["uploadId"][0]
        refused.append(upload)
        if upload == refused[0]:
            refuse(route, 507, "InsufficientStorage")
        else:
            route.continue_()

    page.route(BUCKET, judge)
    choose(page, bad, good, bad)
    shown = "Gagal \U0001f345 & <b>.mp4"
    expect(row_of(page, f"{shown}: Berkas ini sudah ada di daftar.")).to_have_count(1)
    arrives(page, "Beres.mp4")
    expect(row_of(page, "Ruang penyimpanan penuh")).to_contain_text(shown)
    expect(page.locator("[data-status]")).to_have_attribute("aria-live", "polite")
    said = page.evaluate("window.said")
    assert 3 <= len(said) <= 14, said
    assert not any(re.search(r"\d (MB|%)", sentence) for sentence in said), said
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    shot(page, "one-failed-360")
    page.set_viewport_size(DESK)
    shot(page, "one-failed-1280")


def test_everything_is_done_by_keyboard_and_the_focus_is_never_lost(screen, film, line, shot):
    page = screen()
    line.uplink = 1_500_000
    choose(page, film("Papan ketik.mp4"))
    row = row_of(page, "Papan ketik.mp4")
    expect(row).to_contain_text(re.compile(r"[1-9],\d MB dari"))
    shot(page, "sending-360")
    page.get_by_role("button", name="Jeda: Papan ketik.mp4").press("Enter")
    go_on = page.get_by_role("button", name="Lanjutkan: Papan ketik.mp4")
    expect(go_on).to_be_focused()
    shot(page, "paused-360")
    page.keyboard.press("Space")
    expect(page.get_by_role("button", name="Jeda: Papan ketik.mp4")).to_be_focused()
    line.uplink = 0
    arrives(page, "Papan ketik.mp4")
    inside = "e => e.contains(document.activeElement)"
    assert row.evaluate(inside), "the focus left the row"
    expect(row.get_by_role("progressbar", name="Kemajuan Papan ketik.mp4")).to_be_hidden()


def through_the_site(page: Page) -> list[str]:
    """Let files go by tus, as where originals stand in no bucket; return what is asked."""
    asked: list[str] = []
    page.evaluate("delete document.getElementById('siar-upload').dataset.direct")

    def note(request) -> None:
        if "/uploads/" in request.url:
            offset = request.headers.get("upload-offset", "")
            asked.append(f"{request.method} {offset}".strip())

    page.on("request", note)
    return asked


def slow_down(page: Page, uplink: int) -> None:
    """Give the browser a line of `uplink` bytes a second, -1 for as fast as it goes."""
    line = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": uplink}
    page.context.new_cdp_session(page).send("Network.emulateNetworkConditions", line)


def test_an_ended_session_or_a_site_at_rest_begins_no_tus_upload_anew(screen, film, siar):
    page = screen()
    asked = through_the_site(page)
    slow_down(page, 2_000_000)
    choose(page, film("Lewat situs.mp4"))
    row = row_of(page, "Lewat situs.mp4")
    expect(row).to_contain_text(re.compile(r"[3-9],\d MB dari"), timeout=30_000)
    page.get_by_role("button", name="Jeda: Lewat situs.mp4").click()
    cookies = page.context.cookies()
    page.context.clear_cookies()
    page.get_by_role("button", name="Lanjutkan: Lewat situs.mp4").click()
    expect(row).to_contain_text("Anda sudah keluar. Masuk lagi")
    page.context.add_cookies(cookies)
    resting: list[Route] = []

    def rest(route: Route) -> None:
        if resting or route.request.method != "HEAD":
            route.continue_()
        else:
            resting.append(route)
            route.fulfill(status=503)

    page.route(re.compile("/uploads/[0-9a-f]{32}"), rest)
    slow_down(page, -1)
    page.get_by_role("button", name="Ulangi: Lewat situs.mp4").click()
    arrives(page, "Lewat situs.mp4")
    assert resting
    assert asked.count("POST") == 1, asked
    patches = [each for each in asked if each.startswith("PATCH")]
    assert patches[0] == "PATCH 0"
    assert all(each != "PATCH 0" for each in patches[1:]), asked


def test_a_tus_request_that_hangs_is_cut_off_and_the_upload_goes_on(screen, film):
    page = screen()
    asked = through_the_site(page)
    page.clock.install()
    hung: list[Route] = []

    def hang(route: Route) -> None:
        if hung or route.request.method != "PATCH":
            route.continue_()
        else:
            hung.append(route)

    page.route(re.compile("/uploads/[0-9a-f]{32}"), hang)
    with page.expect_request(lambda request: request.method == "PATCH"):
        choose(page, film("Menggantung.mp4"))
    page.clock.run_for(17_000)
    arrives(page, "Menggantung.mp4")
    assert hung
    assert asked.count("POST") == 1, asked
    assert asked.count("PATCH 0") == 2, asked


def test_a_tus_upload_that_is_cancelled_while_it_begins_leaves_nothing(screen, film, siar):
    page = screen()
    through_the_site(page)
    held: list[Route] = []
    page.route(re.compile("/uploads/$"), lambda route: held.append(route))
    choose(page, film("Batal dini lewat situs.mp4"))
    row = row_of(page, "Batal dini lewat situs.mp4")
    expect(row).to_contain_text("MB dari")
    page.wait_for_timeout(500)
    page.get_by_role("button", name="Batalkan: Batal dini").click()
    expect(row).to_contain_text("Membatalkan")
    for route in held:
        route.continue_()
    expect(row).to_have_count(0, timeout=20_000)
    left = [each for each in (siar.var / "uploads").glob("*") if (each / "data").exists()]
    assert left == []


def test_an_empty_file_is_told_at_once(screen, tmp_path):
    page = screen()
    (tmp_path / "Kosong.mp4").write_bytes(b"")
    choose(page, tmp_path / "Kosong.mp4")
    expect(row_of(page, "Kosong.mp4")).to_contain_text("Berkas ini kosong")


def test_the_screen_in_english_at_both_widths(screen, film, siar, line, shot):
    siar.python(
        "from cms.core.models import User; User.objects.filter(username='admin')"
        ".update(language='en')"
    )
    try:
        page = screen()
        page.route(BUCKET, lambda r: refuse(r, 507, "InsufficientStorage"))
        page.get_by_label("Choose videos").set_input_files(film("Full (example).mp4"))
        expect(row_of(page, "Full (example).mp4")).to_contain_text("The storage is full")
        expect(page.get_by_role("button", name="Retry: Full (example).mp4")).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        shot(page, "full-360-en")
        page.set_viewport_size(DESK)
        shot(page, "full-1280-en")
    finally:
        siar.python(
            "from cms.core.models import User; User.objects.filter(username='admin')"
            ".update(language='id')"
        )
