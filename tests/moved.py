"""A browser by the clock that CLOCK gives the processes: it cannot run under libfaketime."""

from playwright.sync_api import Browser, BrowserContext, Page

from setup.clock import ahead

SCRIPT = """
Date = new Proxy(Date, {
  construct: (real, given, made) =>
    Reflect.construct(real, given.length ? given : [real.now() + AHEAD], made),
  apply: () => new Date().toString(),
  get: (real, name) => (name === "now" ? () => real.now() + AHEAD : real[name]),
});
Date.prototype.constructor = Date;
"""


def moved(browser: Browser) -> Browser:
    """Return `browser`, all of whose pages have the moved clock."""
    if not ahead():
        return browser
    make = browser.new_context

    def new_context(**given) -> BrowserContext:
        context = make(**given)
        context.add_init_script(SCRIPT.replace("AHEAD", str(ahead() * 1000)))
        return context

    def new_page(**given) -> Page:
        context = new_context(**given)
        page = context.new_page()
        page.on("close", lambda _: context.close())
        return page

    browser.new_context, browser.new_page = new_context, new_page
    return browser
