"""An editor reads what was found out about a video that came from a phone."""

import re
import subprocess
from pathlib import Path

import imageio_ffmpeg
import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
DESK = {"width": 1280, "height": 800}
ENCODED = 180_000
"""Milliseconds in which a short film is encoded on a machine that does other things too."""


@pytest.fixture(scope="module")
def film(tmp_path_factory) -> Path:
    """An upright film that begins black and is too quiet."""
    path = tmp_path_factory.mktemp("films") / "Lapak tahu.mp4"
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-nostdin", "-v", "error", "-y"]
    command += ["-f", "lavfi", "-i", "testsrc2=s=180x320:r=25:d=8"]
    command += ["-f", "lavfi", "-i", "sine=frequency=440:duration=8,volume=-4dB"]
    command += ["-vf", "drawbox=t=fill:c=black:enable='lt(t,3)'", "-pix_fmt", "yuv420p"]
    subprocess.run([*command, "-preset", "ultrafast", str(path)], check=True)
    return path


def test_the_page_of_a_video_says_what_was_found_out_and_what_to_do(open_page, film, shot):
    page = open_page("/admin/video/add/", login="moderator")
    page.get_by_label("Pilih video").set_input_files(film)
    page.get_by_role("link", name="Lengkapi keterangan").click()
    page.wait_for_url(re.compile(r"/admin/video/edit/\d+/"))
    expect(page.locator(".siar-machine .siar-chip")).to_have_text("Siap", timeout=ENCODED)
    page.reload()
    remarks = page.locator(".siar-remarks li")
    expect(remarks.filter(has_text="Video tegak.")).to_contain_text("rekam mendatar")
    expect(remarks.filter(has_text="Hanya 180p.")).to_be_visible()
    expect(remarks.filter(has_text=re.compile(r"3 detik hitam di awal\."))).to_be_visible()
    expect(remarks.filter(has_text="Suara terlalu pelan, sudah kami naikkan")).to_be_visible()
    remarks.first.scroll_into_view_if_needed()
    shot(page, "phone")
    page.set_viewport_size(DESK)
    remarks.first.scroll_into_view_if_needed()
    shot(page, "desk")
    # Nothing is wider than the screen of a phone.
    page.set_viewport_size({"width": 360, "height": 740})
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
