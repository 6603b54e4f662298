// Gives what Wagtail builds without a name one that a screen reader can say.

/** Where Tippy keeps the text that it took out of a button, to show it beside the button. */
interface Tipped extends Element {
  _tippy?: { props: { content: unknown } };
}

/** The visible text of a mark, the person behind a picture, the label of the field it replaces. */
const named: Record<string, (element: Element) => string | null | undefined> = {
  ".sidebar-custom-branding": (link) =>
    `${link.textContent?.trim()}: ${link.getAttribute("aria-label")}`,
  "button.w-editing-sessions__session:not([aria-label])": (button: Tipped) => {
    const kept = button._tippy?.props.content;
    const text = kept instanceof Element ? kept.textContent : "";
    return text?.replace(/\s+/g, " ").trim();
  },
  "ul.tagit .ui-autocomplete-input": (input) => {
    const field = input.closest("ul.tagit")?.parentElement?.querySelector("input[data-controller]");
    return field && document.querySelector(`label[for="${field.id}"]`)?.textContent?.trim();
  },
};

function nameAll(): void {
  for (const [selector, name] of Object.entries(named)) {
    for (const element of document.querySelectorAll<HTMLElement>(selector)) {
      if (element.dataset.siarNamed) continue;
      const text = name(element);
      if (!text) continue;
      element.dataset.siarNamed = "true";
      element.setAttribute("aria-label", text);
    }
  }
}

new MutationObserver(nameAll).observe(document.body, { childList: true, subtree: true });
nameAll();
