// Keeps the machine state of the videos on the screen alive: asks only for what is
// on it, and only while somebody can see it.

interface Entry {
  code: string;
  busy: boolean;
  preview: string;
  words: string;
  chip: string;
  panel?: string;
}

/** What a place on the screen is told when its video's state has changed (`siar:state`). */
export type StateEvent = CustomEvent<Pick<Entry, "code" | "busy" | "preview">>;

/** Ms between two questions: while something changes by itself, and otherwise. */
const BUSY = 1000;
const CALM = 10_000;

const address = document.querySelector<HTMLScriptElement>("script[data-states]")?.dataset.states;
const live = document.createElement("div");
live.className = "w-sr-only";
live.setAttribute("role", "status");
let timer = 0;

function places(): HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>("[data-siar-state]")];
}

function show(place: HTMLElement, entry: Entry): void {
  const html = "siarPanel" in place.dataset ? (entry.panel ?? "") : entry.chip;
  if (place.dataset.shown !== html) {
    const focused = place.contains(document.activeElement)
      ? (document.activeElement as HTMLElement).dataset.action
      : undefined;
    place.innerHTML = html;
    place.dataset.shown = html;
    if (focused !== undefined) refocus(place, focused);
  }
  if (place.dataset.code !== entry.code) {
    place.dataset.code = entry.code;
    live.textContent = entry.words;
  }
  place.dispatchEvent(new CustomEvent("siar:state", { detail: entry }));
  const preview = document.querySelector<HTMLElement>("[data-siar-preview]");
  if ("siarPanel" in place.dataset && preview && preview.dataset.siarPreview !== entry.preview) {
    preview.dataset.siarPreview = entry.preview;
    preview.dispatchEvent(new CustomEvent("siar:preview"));
  }
}

/** The button that was pressed may be gone: its neighbour takes the focus. */
function refocus(place: HTMLElement, action: string): void {
  const same = place.querySelector<HTMLElement>(`[data-action="${action}"]`);
  (same ?? place.querySelector<HTMLElement>("button, a"))?.focus();
}

async function ask(): Promise<void> {
  clearTimeout(timer);
  const shown = places();
  if (!address || !shown.length || document.hidden) return;
  const query = new URLSearchParams(shown.map((place) => ["id", place.dataset.siarState ?? ""]));
  const panel = shown.find((place) => "siarPanel" in place.dataset);
  if (panel) query.set("panel", panel.dataset.siarState ?? "");
  let busy = false;
  try {
    const answer = await fetch(`${address}?${query}`, { headers: { Accept: "application/json" } });
    const { videos } = (await answer.json()) as { videos: Record<string, Entry> };
    for (const place of places()) {
      const entry = videos[place.dataset.siarState ?? ""];
      if (entry) show(place, entry);
      busy ||= entry?.busy ?? false;
    }
  } catch {
    // Offline, or signed out: what is shown stays until an answer comes.
  }
  clearTimeout(timer);
  timer = window.setTimeout(() => void ask(), busy ? BUSY : CALM);
}

function token(): string {
  const field = document.querySelector<HTMLInputElement>("input[name=csrfmiddlewaretoken]");
  return field?.value ?? "";
}

async function act(button: HTMLElement): Promise<void> {
  const fault = document.querySelector<HTMLElement>("[data-siar-fault]");
  const answer = await fetch(button.dataset.url ?? "", {
    method: "POST",
    headers: { "X-CSRFToken": token() },
  }).catch(() => null);
  const said = answer?.status === 409 ? ((await answer.json()) as { sentence: string }) : null;
  if (fault) {
    fault.textContent = said?.sentence ?? "";
    fault.hidden = !said;
  }
  await ask();
}

document.addEventListener("click", (event) => {
  const button = (event.target as HTMLElement).closest<HTMLElement>("[data-siar-state] [data-url]");
  if (button) void act(button);
});
document.addEventListener("visibilitychange", () => void ask());
// The list is fetched anew by Wagtail after a search: its rows are other elements.
new MutationObserver(() => {
  if (places().some((place) => place.dataset.shown === undefined && !place.dataset.asked)) {
    for (const place of places()) place.dataset.asked = "yes";
    void ask();
  }
}).observe(document.body, { childList: true, subtree: true });
document.body.append(live);
void ask();
