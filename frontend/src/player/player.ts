// One player of a page: from the tap on play to the end, faults included.
import {
  about,
  chosenQuality,
  chosenSound,
  fill,
  type Quality,
  rememberSound,
  size,
  USUAL,
} from "../shared/quota";
import type * as Cards from "./cards";
import { followChapters } from "./chapters";
import type * as Controls from "./controls";
import type { Engine, Fault, Listener, Source } from "./engine";
import { faultNotice } from "./faults";
import { Meter } from "./meter";
import { canPlay, load } from "./modules";
import { isGrowing, sounds, variants, within } from "./playlist";
import { buildView, type View } from "./view";
import { words } from "./words";

/** Milliseconds between attempts while the network is away. */
const RETRY = 4000;

export class Player {
  private view: View | undefined;
  private engine: Engine | undefined;
  private starting = false;
  /** What is fetched at the first tap, once it is here. */
  private parts: typeof Controls | undefined;
  private cards: Cards.Card[] = [];
  private cardPlace: Cards.CardPlace | undefined;
  private readonly source: Source;
  /** Links of the page's list of chapters, each with its second. */
  private chapterLinks: HTMLElement[] = [];
  /** Seconds that can be seen of a title that is being made. */
  private ready = Number.POSITIVE_INFINITY;
  private meter: Meter | undefined;
  private retryTimer = 0;
  private fault: HTMLElement | undefined;
  /** When the fault was said, in milliseconds of `performance.now()`. */
  private saidAt = 0;
  private lastTick = 0;
  /** The live address of a channel, whatever part of it is watched. */
  private readonly channel: string;

  constructor(private readonly root: HTMLElement) {
    this.source = {
      master: new URL(root.dataset.src ?? "", location.href).href,
      live: root.dataset.kind === "live",
      variants: [],
      // A still picture is all that there is to see: nobody pays for it by the minute.
      choice: root.dataset.sound ? "audio" : chosenQuality(),
      sounds: [],
      sound: chosenSound(),
      growing: false,
      behind: false,
      start: 0,
    };
    this.channel = this.source.master;
    root.querySelector(".start")?.addEventListener("click", (event) => {
      event.preventDefault();
      this.begin();
    });
    addEventListener("offline", () => this.view && this.say("network"));
    addEventListener("online", () => this.retry());
  }

  /** What the viewer is shown: the stream's own clock; before the start, `late` milliseconds ago. */
  moment(late = 0): Date {
    return this.engine?.moment() ?? new Date(Date.now() - late);
  }

  /** Says what watching costs before the tap; `panel` is Hemat Kuota, where a page has one. */
  showPrices(panel: HTMLElement | null): void {
    if (panel) {
      this.meter = new Meter(panel, this.source.choice, (choice) => this.choose(choice));
    }
    this.readPlaylist().then(() => {
      this.meter?.offer(this.qualities());
      this.showCost();
    });
  }

  private qualities(): Quality[] {
    const known = this.source.variants.length > 0 ? this.source.variants : USUAL.slice(0, 4);
    return this.root.dataset.sound ? known.filter(({ key }) => key === "audio") : known;
  }

  /** The price of a minute, beside the button that starts it. */
  private showCost(): void {
    const line = this.root.querySelector<HTMLElement>("[data-cost]");
    const chosen = within(this.qualities(), this.source.choice);
    if (!line || !chosen) return;
    line.textContent = fill(line.dataset.cost ?? "", {
      quality: chosen.key === "audio" ? words.audio : chosen.key,
      size: size(chosen.perMinute),
      price: about(chosen.perMinute),
    });
  }

  /** Shows the age rating of what is on; none while fillers play. */
  rate(letters: string, meaning: string): void {
    const box = this.root.querySelector<HTMLElement>(".top .rating");
    const [short, long] = box?.children ?? [];
    if (box) box.hidden = letters === "";
    if (short) short.textContent = letters;
    if (long) long.textContent = meaning;
  }

  /** Sound alone, for this time: it is not remembered. */
  listen(): void {
    this.choose("audio");
    this.meter?.show("audio");
    this.begin();
  }

  /** Plays from the chapter whose link is tapped, and marks the one that is on. */
  followChapters(links: HTMLElement[]): void {
    this.chapterLinks = links;
    for (const link of links) {
      link.addEventListener("click", (event) => {
        event.preventDefault();
        this.seek(Number(link.dataset.seek));
        // On a phone the list is longer than the screen.
        this.root.scrollIntoView({ block: "nearest" });
      });
    }
  }

  /** Where a programme on demand begins once it is started. */
  startAt(seconds: number): void {
    this.source.start = seconds;
  }

  /** Plays from `seconds` of a programme on demand. */
  seek(seconds: number): void {
    if (!this.view) {
      this.startAt(seconds);
      this.begin();
      return;
    }
    this.view.video.currentTime = Math.min(seconds, Math.max(0, this.ready - 1));
    this.play();
  }

  /** Whether a channel is watched from an earlier moment on. */
  get behind(): boolean {
    return this.source.behind;
  }

  /** Plays a channel from a moment on, into what follows; the window begins at `from`. */
  playFrom(moment: number, from = moment): void {
    const start = Math.floor(from / 1000);
    this.tune(this.channel.replace(/[^/]*$/, `${start}-/$&`), Math.floor(moment / 1000) - start);
  }

  /** Plays a channel where it is live. */
  backToLive(): void {
    this.tune(this.channel);
  }

  /** Plays `master` from its second `start` on; without one, where it is live. */
  private tune(master: string, start?: number): void {
    const behind = start !== undefined;
    this.source.master = master;
    this.source.start = start ?? 0;
    this.source.behind = behind;
    this.source.variants = [];
    this.engine?.destroy();
    this.engine = undefined;
    for (const tag of this.root.querySelectorAll<HTMLElement>(".tag.live")) tag.hidden = behind;
    // On a phone the button stands below the picture.
    this.root.scrollIntoView({ block: "nearest" });
    this.begin();
  }

  async begin(): Promise<void> {
    if (this.view) {
      this.play();
      return this.start();
    }
    const old = this.root.querySelector<HTMLElement>(".screen");
    if (!old) return;
    const { screen, video } = buildView(this.root, old, this.source.live);
    if (!canPlay(video)) return this.say("unsupported");
    this.view = { screen, video };
    old.replaceWith(screen);
    video.addEventListener("timeupdate", () => this.tick());
    followChapters(this.chapterLinks, video);
    // The tap allows sound; some browsers forget it over an await, so play() comes first.
    this.play();
    await this.start();
  }

  private play(): void {
    // Refused without a tap: the play button of the controls stands there.
    this.view?.video.play().catch(() => undefined);
  }

  /** Fetches controls and engine, unless they are here or on their way. */
  private async start(): Promise<void> {
    if (!this.view || this.engine || this.starting) return;
    const { hls = "", worker = "", controls = "" } = this.root.dataset;
    const { video } = this.view;
    this.starting = true;
    try {
      const parts = await load<typeof Controls>(controls);
      if (!this.parts) this.take(parts, video);
      if (this.source.variants.length === 0) await this.readPlaylist();
      if (this.source.growing) await this.keepToReady(parts.lastReady);
      this.offerSounds(parts.soundMenu);
      parts.showToKeys(this.root);
      parts.showListening(this.root, this.view.screen, this.source.choice === "audio");
      const files = { hls, worker };
      this.engine = await parts.startEngine(files, video, this.source, this.listener(video, parts));
      this.play();
    } catch {
      // The signal is too weak for a part of the player: `retry` asks for it again.
      this.say("network");
    } finally {
      this.starting = false;
    }
  }

  private take(parts: typeof Controls, video: HTMLVideoElement): void {
    this.parts = parts;
    if (this.source.live) parts.followLive(this.root, video, this);
    if (this.root.dataset.storyboard) parts.countSprites((count) => this.meter?.addBytes(count));
  }

  private listener(video: HTMLVideoElement, parts: typeof Controls): Listener {
    return {
      bytes: (count) => this.meter?.addBytes(count),
      cards: (cards) => {
        this.cards = cards;
        this.prepareCards().catch(() => undefined);
      },
      fault: (kind) => this.say(kind),
      // What was on its way when the connection was lost still arrives.
      recovered: (asked) => asked >= this.saidAt && this.unsay(),
      chapters: (chapters, duration) => parts.markChapters(video, chapters, duration),
      growing: (seconds) => {
        this.ready = seconds ?? Number.POSITIVE_INFINITY;
        parts.showGrowth(this.root, seconds);
      },
    };
  }

  private async readPlaylist(): Promise<void> {
    try {
      const answer = await fetch(this.source.master);
      if (!answer.ok) return;
      const text = await answer.text();
      this.source.variants = variants(text, this.source.master);
      const group = this.source.variants[0]?.group ?? "";
      this.source.sounds = sounds(text, this.source.master, group);
      this.source.growing = isGrowing(text);
    } catch {
      // The engine meets the same fault and says it.
    }
  }

  /** A chapter may be chosen that is not made yet: begin with the last that is. */
  private async keepToReady(lastReady: typeof Controls.lastReady): Promise<void> {
    const picture = this.source.variants.find(({ key }) => key !== "audio");
    if (!picture || this.source.start === 0) return;
    this.source.start = Math.min(this.source.start, await lastReady(picture.url));
  }

  private choose(choice: string): void {
    if (!this.engine) {
      this.source.choice = choice;
      this.showCost();
      return;
    }
    if (this.engine.choose(choice)) return;
    this.source.choice = choice;
    this.startAgain();
  }

  private startAgain(): void {
    this.source.start = this.view?.video.currentTime ?? 0;
    this.engine?.destroy();
    this.engine = undefined;
    this.start();
  }

  private offerSounds(soundMenu: typeof Controls.soundMenu): void {
    const bar = this.view?.screen.querySelector("media-control-bar");
    if (!bar || bar.querySelector(".sounds")) return;
    const menu = soundMenu(this.source.sounds, this.source.sound, (name) => {
      rememberSound(name);
      this.source.sound = name;
      if (this.engine?.hear(name) === false) this.startAgain();
    });
    if (menu) bar.querySelector("media-fullscreen-button")?.before(menu);
  }

  /** Without the part that draws cards the programme plays on; the next playlist asks again. */
  private async prepareCards(): Promise<void> {
    if (this.cardPlace || this.cards.length === 0) return;
    const { CardPlace } = await load<typeof Cards>(this.root.dataset.card ?? "");
    this.cardPlace ??= new CardPlace(this.root);
  }

  private tick(): void {
    const now = performance.now();
    const passed = Math.min((now - this.lastTick) / 1000, 1);
    this.lastTick = now;
    if (!this.engine?.counts) this.meter?.reckon(passed);
    this.meter?.addSeconds(passed);
    const moment = this.moment();
    this.cardPlace?.show(this.cards, moment.getTime());
    const clock = this.root.querySelector(".clock");
    if (clock) clock.textContent = this.parts?.clockText(this.root.dataset, moment) ?? "";
    this.root.dispatchEvent(new CustomEvent("siar:moment", { detail: moment, bubbles: true }));
  }

  private say(kind: Fault): void {
    const audio = this.source.choice === "audio";
    const box = faultNotice(kind, {
      retry: () => this.retry(),
      open: () => location.assign(this.source.master),
      ...(audio ? {} : { listen: () => this.choose("audio") }),
    });
    this.unsay();
    if (kind === "stopped") this.parts?.showGrowth(this.root, null);
    this.root.after(box);
    this.fault = box;
    this.saidAt = performance.now();
    if (kind === "network") this.retryTimer = window.setTimeout(() => this.retry(), RETRY);
  }

  private unsay(): void {
    clearTimeout(this.retryTimer);
    this.fault?.remove();
    this.fault = undefined;
  }

  private retry(): void {
    if (!this.fault) return;
    if (this.engine) this.engine.retry();
    else this.start();
    this.play();
    clearTimeout(this.retryTimer);
    this.retryTimer = window.setTimeout(() => this.retry(), RETRY);
  }
}
