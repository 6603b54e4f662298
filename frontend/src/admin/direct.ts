// A file on its way straight to the bucket: the site only says where each part goes.
import { Memory } from "./memory";
import { PartRefused, put } from "./part";
import { sample } from "./sample";
import { Fault, faultOf, type Told, type Transport, wait } from "./transport";

/** Parts on their way at once: a cut line costs what is on its way, one alone leaves gaps. */
const AT_ONCE = 2;
/** Addresses that are asked for at once; they hold for an hour. */
const BATCH = 8;
/** Attempts without one byte after which it is the bucket that refuses (CORS), not the line. */
const REFUSALS = 5;
/** Ms after which an answer of the site is no longer waited for; joining takes a while. */
const PATIENCE = 120_000;
/** Ms between questions whether a whole file has become a video, and between attempts to cancel. */
const ASKING = [3000, 5000, 10_000, 20_000, 30_000, 30_000];
const CANCELLING = [0, 1000, 3000, 5000];
/** Ms that a cancellation waits for the request that begins the upload. */
const BEGINNING = 10_000;

interface State {
  id: string;
  part_size: number;
  have: number[];
  /** Whether nothing has to be sent any more. */
  whole: boolean;
  video: number | null;
}

/** The site has said how it stands with the file, instead of what was asked for. */
class Settled extends Error {
  constructor(readonly state: State) {
    super("settled");
  }
}

export class Direct implements Transport {
  private id = "";
  private each = 1;
  private missing: number[] = [];
  private urls = new Map<number, string>();
  /** Bytes of each part that is on its way. */
  private going = new Map<number, number>();
  private there = new Set<number>();
  private stop = new AbortController();
  private beginning: Promise<unknown> = Promise.resolve();
  private sample = "";
  private refusals = 0;
  /** Whether the bucket ever took a byte. */
  private moved = false;
  private readonly memory: Memory;

  constructor(
    private readonly file: File,
    private readonly cooperative: string,
    private readonly endpoint: string,
    person: string,
    private readonly told: Told,
    /** The id of an upload of an earlier visit, "" to look for one of this device. */
    known = "",
  ) {
    this.memory = new Memory(file, `${person}:${cooperative}`);
    if (known) this.id = this.memory.keep(known);
  }

  async start(): Promise<void> {
    this.stop = new AbortController();
    const { signal } = this.stop;
    try {
      const video = await this.deliver(signal);
      this.memory.forget();
      this.told.stored();
      this.told.became(video ? String(video) : "");
    } catch (wrong) {
      if (signal.aborted) return;
      const fault = faultOfAny(wrong);
      // It is there no more: the next attempt begins another one.
      if (fault.final && (fault.status === 404 || fault.status === 410)) this.forget();
      this.told.failed(fault);
    }
  }

  async pause(): Promise<void> {
    this.stop.abort();
  }

  async cancel(): Promise<string> {
    this.stop.abort();
    // The site cannot remove what it has not begun: the request under way is waited for.
    await Promise.race([this.beginning, wait(BEGINNING)]);
    const id = this.id || this.memory.read();
    this.forget();
    if (!id) return "";
    for (const ms of CANCELLING) {
      await wait(ms);
      // `keepalive`: it goes out even if the person closes the page now.
      const answer = await this.fetch(`/${id}`, { method: "DELETE", keepalive: true });
      if (answer?.status === 409) return String(((await answer.json()) as State).video ?? "");
      if (answer && answer.status < 500) break;
    }
    return ""; // what could not be removed the server gives up later
  }

  /** Sends what is missing until there is a video; null where it is made later. */
  private async deliver(signal: AbortSignal): Promise<number | null> {
    const state = await this.begin(signal);
    const still = state.whole || state.video ? state : await this.sendMissing(state, signal);
    if (still.video) return still.video;
    for (const pause of ASKING) {
      const { video, whole } = await this.complete(signal);
      if (video) return video;
      // Parts are missing after all: the next attempt asks which, and sends them.
      if (!whole) throw new Fault(503, "bucket_busy", false);
      this.told.stored();
      await wait(pause, signal);
    }
    return null;
  }

  /** Begins, or finds what an earlier attempt or visit has sent. */
  private async begin(signal: AbortSignal): Promise<State> {
    const isKnown = this.id !== "";
    this.id ||= this.memory.read() || this.memory.make();
    this.sample ||= await sample(this.file);
    const begun = this.ask("POST", "", undefined, this.wish()).catch((wrong: unknown) => {
      const isGone = wrong instanceof Fault && (wrong.status === 404 || wrong.status === 410);
      if (isKnown || !isGone || this.stop.signal.aborted) throw wrong;
      // What an earlier visit began was cancelled or deleted since: another one.
      this.id = this.memory.make();
      return this.ask("POST", "", undefined, this.wish());
    });
    // Not cut off by a pause: the site may have begun it when the answer is lost.
    this.beginning = begun.catch(() => undefined);
    const state = await begun;
    if (signal.aborted) throw new Fault(0, "broken");
    return state;
  }

  private wish(): object {
    const { file, cooperative, id } = this;
    // A device may give a name that is no Unicode text; JSON would carry it as it is.
    const name = new TextDecoder().decode(new TextEncoder().encode(file.name));
    return { id, name, cooperative, size: file.size, sample: this.sample };
  }

  /** Notes which parts are there and so which are missing. */
  private lack({ have, part_size }: State): void {
    this.each = part_size || this.each;
    const count = Math.ceil(this.file.size / this.each);
    this.there = new Set(have);
    this.going.clear();
    this.missing = Array.from({ length: count }, (_, place) => place + 1).filter(
      (number) => !this.there.has(number),
    );
    this.urls.clear();
    this.told.kept(this.bytesThere());
    this.tell();
  }

  /** Sends what is missing; returns how it stands then. */
  private async sendMissing(state: State, signal: AbortSignal): Promise<State> {
    this.lack(state);
    const lanes = Array.from({ length: AT_ONCE }, () => this.lane(signal));
    // A part that fails does not cut off the others: their bytes were paid for.
    const ended = await Promise.allSettled(lanes);
    const failed = ended.filter((one) => one.status === "rejected").map((one) => one.reason);
    if (failed.length === 0) return state;
    const settled = failed.find((one) => one instanceof Settled);
    if (settled) return settled.state;
    const reason: unknown = failed.find((one) => faultOfAny(one).final) ?? failed[0];
    if (reason instanceof PartRefused && reason.status === 0 && navigator.onLine) {
      this.refusals += 1;
      if (this.refusals >= REFUSALS && !this.moved) throw new Fault(403, "bucket");
    }
    throw reason;
  }

  private async lane(signal: AbortSignal): Promise<void> {
    for (;;) {
      const number = this.missing.shift();
      if (number === undefined) return;
      try {
        await this.send(number, signal);
      } catch (wrong) {
        // The other lane begins no more parts; the next attempt asks what is missing.
        this.missing = [];
        throw wrong;
      }
    }
  }

  /** Sends a part; once more to a fresh address where this one was refused. */
  private async send(number: number, signal: AbortSignal): Promise<void> {
    try {
      await this.put(number, signal);
    } catch (wrong) {
      if (!(wrong instanceof PartRefused && wrong.wantsFreshAddress)) throw wrong;
      this.urls.clear(); // those of a batch expire together
      await this.put(number, signal);
    }
    this.going.delete(number);
    this.there.add(number);
    this.told.kept(this.bytesThere());
  }

  private async put(number: number, signal: AbortSignal): Promise<void> {
    const url = await this.url(number, signal);
    await put(url, this.slice(number), signal, (bytes) => {
      this.moved ||= bytes > 0;
      this.going.set(number, bytes);
      this.tell();
    });
  }

  /** Returns the address of a part; asks for those of the next ones too. */
  private async url(number: number, signal: AbortSignal): Promise<string> {
    if (!this.urls.has(number)) {
      const numbers = [number, ...this.missing.slice(0, BATCH - 1)];
      const { urls } = await this.ask<{ urls: Record<string, string> }>("POST", "/parts", signal, {
        numbers,
      });
      for (const [name, url] of Object.entries(urls)) this.urls.set(Number(name), url);
    }
    return this.urls.get(number) ?? "";
  }

  private async complete(signal: AbortSignal): Promise<State> {
    return this.ask("POST", "/complete", signal, {}).catch((wrong: unknown) => {
      if (wrong instanceof Settled) return wrong.state;
      throw wrong;
    });
  }

  /** Asks the site; rejects with Settled where it says how it stands instead, else with a Fault. */
  private async ask<T = State>(
    method: string,
    path: string,
    signal?: AbortSignal,
    values?: object,
  ): Promise<T> {
    const place = path || method === "GET" ? `/${this.id}${path}` : "";
    const body = values ? JSON.stringify(values) : null;
    const answer = await this.fetch(
      place,
      { method, body, headers: values ? { "Content-Type": "application/json" } : {} },
      signal,
    );
    if (!answer) throw new Fault(0, "broken");
    if (answer.status === 409) throw new Settled((await answer.json()) as State);
    if (!answer.ok) throw await faultOf(answer);
    return (await answer.json()) as T;
  }

  /** Returns the answer, null where none came. */
  private async fetch(
    place: string,
    wish: RequestInit,
    signal?: AbortSignal,
  ): Promise<Response | null> {
    const ends = new AbortController();
    const end = (): void => ends.abort();
    const timer = window.setTimeout(end, PATIENCE);
    signal?.addEventListener("abort", end);
    if (signal?.aborted) end();
    const request = { ...wish, signal: ends.signal };
    const answer = await fetch(`${this.endpoint}${place}`, request).catch(() => null);
    clearTimeout(timer);
    signal?.removeEventListener("abort", end);
    return answer;
  }

  private slice(number: number): Blob {
    return this.file.slice((number - 1) * this.each, number * this.each);
  }

  private bytesThere(): number {
    const { each, there, file } = this;
    // Ten thousand parts are not cut out of the file to be measured; the last one may be shorter.
    const last = Math.ceil(file.size / each);
    return there.size * each - (there.has(last) ? last * each - file.size : 0);
  }

  private tell(): void {
    const going = [...this.going.values()].reduce((sum, bytes) => sum + bytes, 0);
    if (!this.stop.signal.aborted) this.told.progressed(this.bytesThere() + going);
  }

  private forget(): void {
    this.id = "";
    this.memory.forget();
  }
}

function faultOfAny(wrong: unknown): Fault {
  if (wrong instanceof PartRefused) return wrong.fault;
  return wrong instanceof Fault ? wrong : new Fault(0, "broken");
}
