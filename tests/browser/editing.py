"""What tests of Wagtail's editor share: steps that an automatic save may disturb."""

from collections.abc import Callable
from contextlib import suppress

from playwright.sync_api import Page, TimeoutError, expect

STEP = 20_000
"""Milliseconds after which a step has come to nothing and is taken again."""


def until(seen: Callable[[int], None], step: Callable[[], None]) -> None:
    """Do `step`, up to three times, until `seen` (which gets milliseconds to wait) is so.

    Wagtail saves by itself half a second after each change, and what it draws again when the
    answer comes closes a list or a dialog that was opened meanwhile.
    """
    for left in (2, 1, 0):
        try:
            step()
            return seen(STEP)
        except (AssertionError, TimeoutError):
            with suppress(AssertionError):
                return seen(1)
            if not left:
                raise


def publish(page: Page) -> None:
    """Press Publish in the menu beside the save button."""
    button = page.locator("button[name=action-publish]")
    toggle = page.locator("footer [data-w-dropdown-target=toggle]").first
    told = page.locator(".messages .success")

    def step() -> None:
        toggle.press("Enter")
        button.click(timeout=STEP)

    until(lambda wait: expect(told).to_be_visible(timeout=wait), step)


def choose_video(page: Page, title: str) -> None:
    """Open the picker of the form on `page`, search for `title`, and take the first one found."""
    page.get_by_role("button", name="Pilih video").first.click()
    page.locator(".modal").get_by_label("Cari judul").fill(title)
    expect(page.locator(".modal").get_by_text("1 hasil")).to_be_visible()
    page.locator(".modal").get_by_role("link", name=title).click()
    expect(page.locator(".modal")).to_have_count(0)
