// The bar of a live player: four hours back, with what was on. Fetched with the controls; what
// it knows of the past is asked for when somebody reaches for it, and the four hours' playlist
// never: a moment is watched by start-over from the full five minutes before it.
import { look } from "./past-look";
import type { Tuner } from "./pauses";
import { clockText } from "./time";

/** Seconds of the bar, of a step by an arrow, and in front of live that count as live. */
const REACH = 4 * 3600;
const STEP = 10;
const NEAR = 30;

/** Viewers of five minutes share the addresses of a window, and small steps stay inside one. */
const WINDOW = 300_000;

/** Milliseconds without a key after which the player goes where the keys have led. */
const SETTLED = 700;

/** Milliseconds that a player may need to be where it was sent. */
const PATIENCE = 20_000;

/** Milliseconds for which what is known of the past is not asked for again. */
const FRESH = 120_000;

/** Programmes shorter than so many milliseconds have no mark: a pixel is half a minute. */
const MARKED = 180_000;

interface Programme {
  start: string;
  end: string;
  title: string;
}

/** The breaks are for who shows what is on the screen. */
interface Answer {
  since: string;
  programmes: Programme[];
  breaks: unknown[];
}

const words = document.documentElement.lang.startsWith("en")
  ? { bar: "Go back up to four hours", live: "live" }
  : { bar: "Mundur sampai empat jam", live: "langsung" };

export class PastBar {
  private programmes: Programme[] = [];
  /** Before it the channel has nothing: a window from earlier on would begin there. */
  private since = 0;
  private asked = Number.NEGATIVE_INFINITY;
  private settling = 0;
  /** Where the player was sent, and when: until it is there it tells other moments. */
  private aim = { moment: Number.NaN, since: 0 };
  private dragging = false;
  private readonly box = document.createElement("div");
  private readonly range = document.createElement("input");
  private readonly label = document.createElement("span");

  constructor(
    private readonly root: HTMLElement,
    private readonly video: HTMLVideoElement,
    private readonly tuner: Tuner,
  ) {
    this.build();
    this.listen();
    this.follow();
  }

  private build(): void {
    const marks = document.createElement("span");
    marks.className = "marks";
    this.box.className = "past";
    this.label.className = "at";
    this.label.hidden = true;
    // It says to the eye what `aria-valuetext` says to the ear.
    this.label.setAttribute("aria-hidden", "true");
    Object.assign(this.range, { type: "range", min: "0", max: `${REACH}`, step: `${STEP}` });
    this.range.value = `${REACH}`;
    this.range.setAttribute("aria-label", words.bar);
    // media-chrome leaves these keys to it.
    this.range.setAttribute("keysused", "ArrowLeft ArrowRight ArrowUp ArrowDown Space");
    this.box.append(marks, this.range, this.label);
    this.root.querySelector("media-control-bar .gap")?.replaceWith(this.box);
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(look);
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  }

  private listen(): void {
    const { range } = this;
    for (const name of ["pointerenter", "pointerdown", "focus"]) {
      range.addEventListener(name, () => this.ask());
    }
    range.addEventListener("pointerdown", () => {
      this.dragging = true;
    });
    range.addEventListener("pointerup", () => setTimeout(() => this.release()));
    range.addEventListener("pointercancel", () => this.release());
    range.addEventListener("input", () => this.show());
    range.addEventListener("change", () => {
      if (this.dragging) this.go();
      else this.settle();
    });
    range.addEventListener("keydown", (event) => this.onKey(event));
    this.root.addEventListener("siar:moment", () => this.follow());
    const screen = this.root.querySelector<HTMLElement>("media-controller");
    screen?.setAttribute("hotkeys", "noarrowleft noarrowright");
    screen?.addEventListener("keydown", (event) => this.onArrow(event));
    const live = this.root.querySelector("media-live-button");
    // In front of media-chrome's own: that would go on with the playlist of the past.
    live?.addEventListener("click", (event) => this.onLive(event), true);
  }

  private release(): void {
    this.dragging = false;
    if (!this.settling) this.label.hidden = true;
  }

  /** A whole programme back or forth; the arrows are the range's own. */
  private onKey(event: KeyboardEvent): void {
    if (event.key !== "PageUp" && event.key !== "PageDown") return;
    event.preventDefault();
    const at = this.chosen();
    const starts = this.programmes.map(({ start }) => Date.parse(start));
    const next =
      event.key === "PageUp"
        ? (starts.find((start) => start > at + STEP * 1000) ?? Date.now())
        : (starts.filter((start) => start < at - STEP * 1000).at(-1) ?? at - WINDOW);
    this.choose(next);
  }

  /** Arrows lead back and forth wherever in the player the keyboard is, but for its own uses. */
  private onArrow(event: KeyboardEvent): void {
    const step = { ArrowLeft: -STEP, ArrowRight: STEP }[event.key];
    const target = event.target as HTMLElement;
    if (!step || event.ctrlKey || event.altKey || event.metaKey) return;
    if (target.closest("input, select, media-volume-range, media-captions-menu")) return;
    event.preventDefault();
    this.choose(this.chosen() + step * 1000);
  }

  private onLive(event: Event): void {
    if (!this.tuner.behind) return;
    event.stopImmediatePropagation();
    this.tuner.backToLive();
  }

  /** The moment that the thumb stands at. */
  private chosen(): number {
    return Date.now() - (REACH - this.range.valueAsNumber) * 1000;
  }

  private choose(moment: number): void {
    this.ask();
    this.range.value = `${REACH - (Date.now() - moment) / 1000}`;
    this.show();
    this.settle();
  }

  private settle(): void {
    clearTimeout(this.settling);
    this.settling = window.setTimeout(() => this.go(), SETTLED);
  }

  /** Plays from where the thumb stands. */
  private go(): void {
    clearTimeout(this.settling);
    this.settling = 0;
    this.label.hidden = true;
    const moment = Math.max(this.chosen(), this.since);
    if (Date.now() - moment < NEAR * 1000) {
      if (this.tuner.behind) this.tuner.backToLive();
    } else if (!this.seek(moment)) {
      this.aim = { moment, since: performance.now() };
      this.tuner.playFrom(moment, Math.max(Math.floor(moment / WINDOW) * WINDOW, this.since));
    }
    this.follow();
  }

  /** Goes there inside of what is played; false where that does not reach. */
  private seek(moment: number): boolean {
    const { video, tuner } = this;
    if (!tuner.behind || video.seekable.length === 0) return false;
    const target = video.currentTime + (moment - tuner.moment().getTime()) / 1000;
    const last = video.seekable.length - 1;
    if (target < video.seekable.start(0) || target > video.seekable.end(last) - STEP) return false;
    video.currentTime = target;
    video.play().catch(() => undefined);
    return true;
  }

  /** Puts the thumb where the picture is, unless a hand is on it. */
  private follow(): void {
    if (this.dragging || this.settling) return;
    const { behind } = this.tuner;
    const moment = this.tuner.moment().getTime();
    if (behind && this.isOnItsWay(moment)) return;
    const late = behind ? (Date.now() - moment) / 1000 : 0;
    this.range.value = `${REACH - late}`;
    this.say(behind ? this.text(moment) : words.live);
  }

  private isOnItsWay(moment: number): boolean {
    const { aim } = this;
    if (Number.isNaN(aim.moment)) return false;
    const far = Math.abs(moment - aim.moment) > NEAR * 1000;
    if (far && performance.now() - aim.since < PATIENCE) return true;
    aim.moment = Number.NaN;
    return false;
  }

  private show(): void {
    const text = this.text(this.chosen());
    this.say(text);
    this.label.textContent = text;
    this.label.hidden = false;
    const percent = (this.range.valueAsNumber / REACH) * 100;
    this.label.style.insetInlineStart = `${percent}%`;
    // It would be cut at the edges of a narrow screen.
    this.label.style.transform = `translateX(-${percent}%)`;
  }

  private say(text: string): void {
    if (this.range.getAttribute("aria-valuetext") === text) return;
    this.range.setAttribute("aria-valuetext", text);
  }

  private text(moment: number): string {
    const on = this.programmes.find(
      ({ start, end }) => Date.parse(start) <= moment && moment < Date.parse(end),
    );
    const time = clockText(this.root.dataset, new Date(moment));
    return on ? `${time} · ${on.title}` : time;
  }

  /** Asks what was on, for the marks, the words and whoever shows what is on the screen. */
  private async ask(): Promise<void> {
    if (performance.now() - this.asked < FRESH) return;
    this.asked = performance.now();
    try {
      const answer = await fetch((this.root.dataset.src ?? "").replace(/[^/]*$/, "past.json"));
      if (!answer.ok) return;
      const { since, ...told } = (await answer.json()) as Answer;
      this.since = Date.parse(since) || 0;
      this.programmes = told.programmes;
      document.dispatchEvent(new CustomEvent("siar:past", { detail: told }));
    } catch {
      // No signal: the times are told without titles.
      this.asked = Number.NEGATIVE_INFINITY;
      return;
    }
    this.mark();
  }

  private mark(): void {
    const now = Date.now();
    const begun = this.programmes.filter(
      ({ start, end }) => Date.parse(end) - Date.parse(start) >= MARKED,
    );
    const marks = begun.map(({ start }) => {
      const mark = document.createElement("i");
      mark.style.insetInlineStart = `${100 - (now - Date.parse(start)) / (REACH * 10)}%`;
      return mark;
    });
    this.box.querySelector(".marks")?.replaceChildren(...marks);
  }
}
