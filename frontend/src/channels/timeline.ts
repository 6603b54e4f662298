// A channel's day as a timeline: made of the lines of the list, moved by drag or by keys.

import { clock, Mover, type Span } from "./mover";

/** Pixels an hour: a day on two screens of a phone, an hour on one, a minute as a line of text. */
const SCALES = [60, 180, 720, 2400];
/** What can be moved is high enough for a finger, whatever it lasts. */
const LOWEST_TO_HOLD = 28;
/** A span that is lower has no room for words. */
const LOWEST_WITH_WORDS = 20;
const KEPT = "siar-planner-view";

export class Timeline {
  readonly spans: Span[] = [];
  readonly begin: number;
  readonly end: number;
  readonly midnight: number;
  readonly earliest: number;
  private readonly track: HTMLElement;
  private readonly now = document.createElement("div");
  private scale = 1;

  constructor(readonly root: HTMLElement) {
    const told = root.dataset;
    this.begin = Number(told.begin);
    this.end = Number(told.end);
    this.midnight = Number(told.midnight);
    this.earliest = Number(told.earliest);
    this.track = root.querySelector<HTMLElement>(".planner-track") ?? root;
    this.now.className = "planner-nowline";
    this.drawHours();
    for (const line of document.querySelectorAll<HTMLElement>(".planner-line[data-end]")) {
      this.add(line);
    }
    this.track.append(this.now);
    this.place();
  }

  get pixels(): number {
    return (SCALES[this.scale] ?? 180) / 3600;
  }

  /** Shows more or less of the day. */
  zoom(step: number): void {
    const middle = this.begin + this.root.scrollTop / this.pixels;
    this.scale = Math.min(SCALES.length - 1, Math.max(0, this.scale + step));
    this.place();
    this.root.scrollTop = (middle - this.begin) * this.pixels;
  }

  put(span: Span, start: number): void {
    const least = span.line.dataset.move ? LOWEST_TO_HOLD : 3;
    const height = Math.max(least, (span.end - span.start) * this.pixels - 1);
    span.element.style.top = `${(start - this.begin) * this.pixels}px`;
    span.element.style.height = `${height}px`;
    span.element.classList.toggle("is-low", height < LOWEST_WITH_WORDS);
  }

  place(): void {
    this.track.style.height = `${(this.end - this.begin) * this.pixels}px`;
    for (const span of this.spans) this.put(span, span.start);
    for (const hour of this.track.querySelectorAll<HTMLElement>(".planner-hour")) {
      hour.style.top = `${(Number(hour.dataset.at) - this.begin) * this.pixels}px`;
    }
    this.followTheClock();
  }

  followTheClock(): void {
    const now = Date.now() / 1000;
    this.now.hidden = now < this.begin || now >= this.end;
    this.now.style.top = `${(now - this.begin) * this.pixels}px`;
    this.now.dataset.time = clock(now - this.midnight);
    for (const { element, start, end } of this.spans) {
      element.classList.toggle("is-on-air", start <= now && now < end);
      element.classList.toggle("is-over", end <= now);
    }
  }

  /** Brings what is on air, or the first of the day, to where it is seen. */
  show(): void {
    const now = Date.now() / 1000;
    const at = this.now.hidden ? (this.spans[0]?.start ?? this.begin) : now;
    this.root.scrollTop = (at - this.begin) * this.pixels - 80;
  }

  private drawHours(): void {
    for (let at = this.begin; at < this.end; at += 3600) {
      const hour = document.createElement("div");
      hour.className = "planner-hour";
      hour.dataset.at = String(at);
      hour.textContent = clock(at - this.midnight).slice(0, 5);
      this.track.append(hour);
    }
  }

  private add(line: HTMLElement): void {
    const start = Math.max(this.begin, Number(line.dataset.start));
    const end = Math.min(this.end, Number(line.dataset.end));
    if (end <= start) return;
    const moves = Boolean(line.dataset.move);
    const element = document.createElement(moves ? "button" : "div");
    element.className = "planner-span";
    element.classList.toggle("is-filler", line.classList.contains("planner-filler"));
    const title = line.querySelector("b:not(.planner-live)")?.textContent ?? "";
    const time = line.querySelector("time")?.textContent ?? "";
    const words = document.createElement("span");
    words.textContent = `${time.slice(0, 5)} ${title || (line.dataset.filler ?? "")}`;
    element.append(words);
    element.title = words.textContent;
    if (element instanceof HTMLButtonElement) element.type = "button";
    this.track.append(element);
    this.spans.push({ element, line, start, end });
  }
}

/** Offers the timeline beside the list, and remembers which was looked at last. */
export function offerTimeline(): void {
  const root = document.querySelector<HTMLElement>("#planner-timeline");
  const views = document.querySelector<HTMLElement>(".planner-views");
  const list = document.querySelector<HTMLElement>(".planner-list");
  if (!root || !views || !list) return;
  const timeline = new Timeline(root);
  new Mover(timeline);
  const look = (view: string): void => {
    root.hidden = view !== "timeline";
    list.hidden = view === "timeline";
    for (const button of views.querySelectorAll<HTMLElement>("[data-view]")) {
      button.setAttribute("aria-pressed", String(button.dataset.view === view));
    }
    for (const button of views.querySelectorAll<HTMLElement>("[data-zoom]")) {
      button.hidden = root.hidden;
    }
    if (!root.hidden) timeline.show();
  };
  views.hidden = false;
  views.addEventListener("click", (event) => {
    const { view, zoom } = (event.target as HTMLElement).closest("button")?.dataset ?? {};
    if (zoom) timeline.zoom(Number(zoom));
    if (!view) return;
    window.sessionStorage.setItem(KEPT, view);
    look(view);
  });
  look(window.sessionStorage.getItem(KEPT) ?? "list");
  window.setInterval(() => timeline.followTheClock(), 1000);
}
