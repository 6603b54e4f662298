// Keeps "what is on" true on a live page: title, hours, progress, what comes next.
// The programme shown is the one on screen, some seconds behind the clock.
import { fill } from "../shared/quota";
import type { Player } from "./player";
import { span, words } from "./words";

interface Programme {
  start: string;
  end: string;
  title: string;
  hours: string;
  rating: string;
  ratingWords: string;
}

interface Answer {
  programmes: Programme[];
  /** The list "Berikutnya", drawn by the same template as the page. */
  next: string;
}

/** Milliseconds between questions; programmes change less often, edits may. */
const EVERY = 60_000;

export class NowPlace {
  private programmes: Programme[] = [];

  constructor(
    private readonly place: HTMLElement,
    private readonly player: Player,
  ) {
    this.ask();
    setInterval(() => this.show(), 1000);
    setInterval(() => this.ask(), EVERY);
  }

  private async ask(): Promise<void> {
    if (document.hidden || !this.place.dataset.now) return;
    try {
      const answer = await fetch(this.place.dataset.now);
      if (!answer.ok) return;
      const { programmes, next } = (await answer.json()) as Answer;
      this.programmes = programmes;
      const list = document.querySelector("[data-next]");
      if (list && next) list.innerHTML = next;
    } catch {
      // Away from the network: the page keeps what it knows.
    }
  }

  private show(): void {
    const moment = this.player.moment().getTime();
    const on = this.programmes.find(
      ({ start, end }) => Date.parse(start) <= moment && moment < Date.parse(end),
    );
    if (!on) {
      this.showBreak(moment);
      return;
    }
    this.write("title", on.title);
    this.write("hours", on.hours);
    this.player.rate(on.rating, on.ratingWords);
    this.showProgress(Date.parse(on.start), Date.parse(on.end), moment);
  }

  /** Between programmes fillers play: the channel's own name, and when it goes on. */
  private showBreak(moment: number): void {
    const next = this.programmes.find(({ start }) => moment < Date.parse(start));
    if (!next) return;
    const before = this.programmes.filter(({ end }) => Date.parse(end) <= moment).at(-1);
    this.write("title", this.place.dataset.name ?? "");
    this.write("hours", fill(words.pause, { time: next.hours.split(/[–\u00a0]/)[0] ?? "" }));
    this.player.rate("", "");
    if (before) this.showProgress(Date.parse(before.end), Date.parse(next.start), moment);
  }

  private showProgress(start: number, end: number, moment: number): void {
    const bar = this.place.querySelector("progress");
    const running = fill(words.running, { span: span(moment - start) });
    const left = fill(words.left, { span: span(end - moment) });
    if (bar) {
      bar.max = (end - start) / 1000;
      bar.value = (moment - start) / 1000;
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
