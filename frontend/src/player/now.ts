// Keeps "what is on" true on a live page: title, hours, progress, what comes next.
// The programme shown is the one on screen, some seconds behind the clock.
import { fill } from "../shared/quota";
import type { Player } from "./player";
import { ON_AIR } from "./playlist";
import { span, words } from "./words";

/** What fills the time between programmes, as the site answers it. */
interface Break {
  start: string;
  end: string;
  title: string;
}

/** A programme, as the site answers it. */
interface Answered extends Break {
  hours: string;
  rating: string;
  ratingWords: string;
}

/** The same with moments in milliseconds since 1970. */
type Timed<T> = Omit<T, "start" | "end"> & { start: number; end: number };

/** What was on, or is. */
interface Told {
  programmes: Answered[];
  breaks: Break[];
}

interface Answer extends Told {
  /** The list "Berikutnya", drawn by the same template as the page. */
  next: string;
}

/**
 * Milliseconds between questions of a page that does not play, as a cut-in may be a quarter of a
 * minute long. While it plays its engine says when to ask.
 */
const IDLE = 10_000;

/** Milliseconds that a player is behind the clock, and a page that does not play as well. */
const LATE = 14_000;

/** Programmes that are over and still known: four hours of short films. */
const KEPT = 999;

/** Milliseconds of a programme that are worth starting over. */
const WORTH = 5_000;

/** What is over stays known to who is behind. */
function joined<T extends Break>(known: Timed<T>[], answered: T[]): Timed<T>[] {
  const later = answered.map((each) => ({
    ...each,
    start: Date.parse(each.start),
    end: Date.parse(each.end),
  }));
  const from = later[0]?.start;
  return known
    .filter(({ end }) => !from || end <= from)
    .slice(-KEPT)
    .concat(later);
}

export class NowPlace {
  private programmes: Timed<Answered>[] = [];
  private breaks: Timed<Break>[] = [];
  /** What is on screen. */
  private on: Timed<Answered> | undefined;
  private readonly over: HTMLElement | null;
  private readonly live: HTMLElement | null;

  constructor(
    private readonly place: HTMLElement,
    private readonly player: Player,
  ) {
    this.over = this.button("[data-over]", () => {
      if (this.on) player.playFrom(this.on.start);
    });
    this.live = this.button("[data-live]", () => player.backToLive());
    document.addEventListener("siar:past", (event) => {
      // What is to come is asked for again: between what is known there may be holes.
      this.learn((event as CustomEvent<Told>).detail);
      this.ask();
    });
    document.addEventListener(ON_AIR, () => this.ask());
    this.ask();
    setInterval(() => this.show(), 1000);
    setInterval(() => {
      if (!document.querySelector("video")) this.ask();
    }, IDLE);
  }

  private button(name: string, act: () => void): HTMLElement | null {
    const found = document.querySelector<HTMLElement>(name);
    found?.addEventListener("click", act);
    return found;
  }

  private async ask(): Promise<void> {
    if (document.hidden || !this.place.dataset.now) return;
    try {
      const answer = await fetch(this.place.dataset.now);
      if (!answer.ok) return;
      const { next, ...told } = (await answer.json()) as Answer;
      this.learn(told);
      const list = document.querySelector("[data-next]");
      if (list && next) list.innerHTML = next;
    } catch {
      // Away from the network: the page keeps what it knows.
    }
  }

  private learn({ programmes, breaks }: Told): void {
    this.programmes = joined(this.programmes, programmes);
    this.breaks = joined(this.breaks, breaks);
  }

  private offer(moment: number): void {
    const since = this.on ? moment - this.on.start : 0;
    if (this.over) this.over.hidden = since < WORTH;
    if (this.live) this.live.hidden = !this.player.behind;
  }

  private show(): void {
    const moment = this.player.moment(LATE).getTime();
    const on = this.programmes.find(({ start, end }) => start <= moment && moment < end);
    this.on = on;
    this.offer(moment);
    if (!on) {
      this.showBreak(moment);
      return;
    }
    this.write("title", on.title);
    this.write("hours", on.hours);
    this.player.rate(on.rating, on.ratingWords);
    this.showProgress(on.start, on.end, moment);
  }

  /** Between programmes fillers play: their names as in the guide, and when it goes on. */
  private showBreak(moment: number): void {
    const next = this.programmes.find(({ start }) => moment < start);
    if (!next) return;
    const before = this.programmes.filter(({ end }) => end <= moment).at(-1);
    const filler = this.breaks.find(({ start, end }) => start <= moment && moment < end);
    this.write("title", filler?.title ?? this.place.dataset.name ?? "");
    this.write("hours", fill(words.pause, { time: next.hours.split(/[–\u00a0]/)[0] ?? "" }));
    this.player.rate("", "");
    if (before) this.showProgress(before.end, next.start, moment);
  }

  private showProgress(start: number, end: number, moment: number): void {
    const bar = this.place.querySelector("progress");
    const running = fill(words.running, { span: span(moment - start) });
    const left = fill(words.left, { span: span(end - moment) });
    if (bar) {
      if (bar.parentElement) bar.parentElement.hidden = false;
      bar.max = end - start;
      bar.value = moment - start;
      bar.setAttribute("aria-label", `${running}, ${left}`);
    }
    this.write("running", running);
    this.write("left", left);
  }

  private write(name: string, text: string): void {
    const target = this.place.querySelector(`[data-${name}]`);
    if (target && target.textContent !== text) target.textContent = text;
  }
}
