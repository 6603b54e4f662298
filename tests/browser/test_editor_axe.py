"""axe-core finds nothing on the pages of the CMS that editors use most, on a phone and a desk."""

import json

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESK, PHONE, Siar
from tests.browser.test_trader_axe import AXE
from tests.examples import deep

pytestmark = pytest.mark.browser

RUN = """async () => {
    const told = await axe.run(document, {
        resultTypes: ["violations"],
        // Wagtail brings rules of its own for what it previews.
        runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"],
        rules: { "label-content-name-mismatch": { enabled: true } },
    });
    return told.violations.flatMap(({ id, help, nodes }) =>
        nodes.map(node => `${id} (${help}): ${node.html}`));
}"""
PAGES = """
import json
from django.urls import reverse
from cms.channels.models import Channel
from cms.videos.models import Video
channel, video = Channel.objects.get(slug={channel!r}), Video.objects.get(slug={video!r})
names, videos = "wagtailsnippets_channels_channel:", "wagtailsnippets_videos_video:"
print(json.dumps([
    "/admin/",
    reverse(videos + "list"),
    reverse(videos + "edit", args=[video.pk]),
    reverse(names + "list") + "?semua=1",
    reverse(names + "edit", args=[channel.pk]),
    reverse(names + "today", args=[channel.pk]),
    reverse(names + "weekly", args=[channel.pk]),
    reverse(names + "cut_in", args=[channel.pk]),
    reverse("wagtailsnippets_channels_playlist:list"),
    reverse("wagtailsnippets_channels_playlist:add"),
    reverse("wagtailimages:index"),
    reverse("wagtailimages:add"),
]))
"""


@pytest.fixture(scope="module")
def paths(siar: Siar) -> list[str]:
    """The addresses of the pages that are looked at."""
    told = siar.python(PAGES.format(channel=siar.facts["channel"], video=siar.facts["video"]))
    return json.loads(told.splitlines()[-1])


def looked(page: Page, path: str) -> list[str]:
    page.goto(path)
    # The menu is built by a script.
    page.locator(".sidebar-custom-branding").wait_for(state="attached")
    return [f"{path} {fault}" for fault in page.evaluate(RUN)]


@pytest.mark.parametrize("size", [PHONE, deep(DESK)], ids=["phone", "desk"])
def test_axe_finds_nothing_on_the_pages_of_editors(open_page, paths, size):
    page = open_page("/admin/login/", size=size, login="admin")
    page.add_init_script(path=AXE)
    found = [fault for path in paths for fault in looked(page, path)]
    assert not found, "\n".join(found)


def test_a_person_who_edits_the_same_video_has_a_name_beside_its_title(open_page, paths):
    edit = paths[2]
    open_page(edit, size=DESK, login="moderator")
    page = open_page(edit, size=DESK, login="admin")
    page.add_init_script(path=AXE)
    assert not looked(page, edit)
    expect(page.get_by_role("button", name="moderator")).to_be_visible()
    assert not page.evaluate(RUN)
