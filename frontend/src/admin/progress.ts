// Keeps the machine state of the videos on the screen alive: asks only for what is
// on it, and only while somebody can see it.
import { act } from "./machine";

interface Entry {
  code: string;
  busy: boolean;
  preview: string;
  progress: number;
  words: string;
  chip: string;
  panel?: string;
}

/** What a place on the screen is told when its video's state has changed (`siar:state`). */
export type StateEvent = CustomEvent<Pick<Entry, "code" | "busy" | "preview">>;

/** Ms between two questions: while something changes by itself, and otherwise. */
const BUSY = 1000;
const CALM = 10_000;
/** Ms at most before it asks again after a question that was not answered. */
const LONGEST = 30_000;
/** Ms after which a question counts as not answered. */
const ANSWER = 15_000;
/** Questions in a row without an answer, after which people are told. */
const PATIENCE = 3;
/** Progress is announced so many times on the way, besides each change of the state. */
const STEPS = 4;

const script = document.querySelector<HTMLScriptElement>("script[data-states]");
const address = script?.dataset.states;
const live = document.createElement("div");
live.className = "w-sr-only";
live.setAttribute("role", "status");
const trouble = document.createElement("p");
trouble.className = "siar-trouble";
trouble.setAttribute("role", "status");
let timer = 0;
let unanswered = 0;
let signedOut = false;
/** Counts the questions: an answer to an earlier one than the last is not shown. */
let question = 0;

function places(): HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>("[data-siar-state]")];
}

/** Returns what is to be announced, "" if nothing. */
function show(place: HTMLElement, entry: Entry): string {
  const html = "siarPanel" in place.dataset ? (entry.panel ?? "") : entry.chip;
  if (place.dataset.shown !== html) {
    const focused = place.contains(document.activeElement)
      ? (document.activeElement as HTMLElement).dataset.action
      : undefined;
    place.innerHTML = html;
    place.dataset.shown = html;
    if (focused !== undefined) refocus(place, focused);
  }
  const step = String(Math.floor(entry.progress * STEPS));
  const changed =
    place.dataset.code !== entry.code || (place.dataset.step ?? step) !== step ? entry.words : "";
  place.dataset.code = entry.code;
  place.dataset.step = step;
  place.dispatchEvent(new CustomEvent("siar:state", { detail: entry }));
  const preview = document.querySelector<HTMLElement>("[data-siar-preview]");
  if (!("siarPanel" in place.dataset) || !preview) return changed;
  preview.dataset.code = entry.code;
  if (preview.dataset.siarPreview !== entry.preview) {
    preview.dataset.siarPreview = entry.preview;
    preview.dispatchEvent(new CustomEvent("siar:preview"));
  }
  return changed;
}

/** The button that was pressed may be gone: its neighbour takes the focus. */
function refocus(place: HTMLElement, action: string): void {
  const same = place.querySelector<HTMLElement>(`[data-action="${action}"]`);
  (same ?? place.querySelector<HTMLElement>("button, a"))?.focus();
}

/** Returns the states of what is on the screen; throws if there is no answer. */
async function fetched(shown: HTMLElement[]): Promise<Record<string, Entry>> {
  const query = new URLSearchParams(shown.map((place) => ["id", place.dataset.siarState ?? ""]));
  const panel = shown.find((place) => "siarPanel" in place.dataset);
  if (panel) query.set("panel", panel.dataset.siarState ?? "");
  const answer = await fetch(`${address}?${query}`, {
    headers: { Accept: "application/json", "X-Requested-With": "XMLHttpRequest" },
    // A dead line says nothing: without an end it would be waited for as long as the system does.
    signal: AbortSignal.timeout(ANSWER),
  });
  // Wagtail refuses who is signed out, or leads to the page where one signs in.
  signedOut = answer.redirected || answer.status === 401 || answer.status === 403;
  if (!answer.ok || signedOut) throw new Error(`status ${answer.status}`);
  return ((await answer.json()) as { videos: Record<string, Entry> }).videos;
}

async function ask(): Promise<void> {
  clearTimeout(timer);
  const shown = places();
  if (!address || !shown.length || document.hidden) return;
  const mine = ++question;
  const wait = await update(shown, () => mine === question);
  if (mine !== question || document.hidden || signedOut) return;
  timer = window.setTimeout(() => void ask(), wait);
}

/** Asks once and shows the answer; returns the ms until the next question. */
async function update(shown: HTMLElement[], isLast: () => boolean): Promise<number> {
  let busy = false;
  try {
    const videos = await fetched(shown);
    if (!isLast()) return BUSY;
    const said = new Set<string>();
    for (const place of places()) {
      const entry = videos[place.dataset.siarState ?? ""];
      if (entry) said.add(show(place, entry));
      busy ||= entry?.busy ?? false;
    }
    const words = [...said].filter(Boolean).join(" ");
    if (words) live.textContent = words;
    unanswered = 0;
  } catch {
    // Offline, signed out, or the site is being started again: what is shown stays.
    if (isLast()) unanswered += 1;
  }
  tell();
  if (unanswered) return Math.min(BUSY * 2 ** unanswered, LONGEST);
  return busy ? BUSY : CALM;
}

/** Says that what is on the screen is old, and why, or that it is not. */
function tell(): void {
  const lost = unanswered >= PATIENCE ? (script?.dataset.lost ?? "") : "";
  const said = signedOut ? (script?.dataset.signedOut ?? "") : lost;
  if (trouble.textContent !== said) trouble.textContent = said;
}

document.addEventListener("click", (event) => {
  const button = (event.target as HTMLElement).closest<HTMLElement>("[data-siar-state] [data-url]");
  if (button) void act(button, script?.dataset.unsent ?? "").then(ask);
});
document.addEventListener("visibilitychange", () => void ask());
window.addEventListener("online", () => void ask());
// The list is fetched anew by Wagtail after a search: its rows are other elements.
new MutationObserver(() => {
  if (places().some((place) => place.dataset.shown === undefined && !place.dataset.asked)) {
    for (const place of places()) place.dataset.asked = "yes";
    void ask();
  }
}).observe(document.body, { childList: true, subtree: true });
document.body.append(live, trouble);
void ask();
