// A file on its way straight to the bucket: the site only says where each part goes.
import { put } from "./part";
import { Fault, type Told, type Transport } from "./transport";

/** Parts on their way at once: a cut line costs what is on its way, one alone leaves gaps. */
const AT_ONCE = 2;
/** Addresses that are asked for at once; they hold for an hour. */
const BATCH = 8;
/** Attempts without one byte after which it is the bucket that refuses, not the line. */
const REFUSALS = 5;

interface State {
  part_size: number;
  have: number[];
  video: number | null;
}

export class Direct implements Transport {
  private id = "";
  private each = 0;
  private missing: number[] = [];
  private urls = new Map<number, string>();
  /** Bytes of each part that are there or on their way. */
  private sent = new Map<number, number>();
  private stop = new AbortController();
  private refusals = 0;
  /** Whether the bucket ever took a byte. */
  private moved = false;

  constructor(
    private readonly file: File,
    private readonly cooperative: string,
    private readonly endpoint: string,
    /** What the person is told where the bucket takes nothing. */
    private readonly refusal: string,
    private readonly told: Told,
  ) {}

  async start(): Promise<void> {
    this.stop = new AbortController();
    const { signal } = this.stop;
    try {
      let video = await this.find(signal);
      while (!video) {
        await this.sendMissing(signal);
        video = await this.complete(signal);
      }
      this.remember("");
      this.told.stored();
      this.told.became(String(video));
    } catch (wrong) {
      if (signal.aborted) return;
      this.told.failed(wrong instanceof Fault ? wrong : new Fault(0, ""));
    }
  }

  async pause(): Promise<void> {
    this.stop.abort();
  }

  async cancel(): Promise<void> {
    this.stop.abort();
    const id = this.id || this.remembered();
    this.remember("");
    // What cannot be removed now is given up by the server later.
    if (id) await fetch(`${this.endpoint}/${id}`, { method: "DELETE" }).catch(() => undefined);
  }

  /** Finds what an earlier attempt or visit has sent, or begins; returns the video if there is one. */
  private async find(signal: AbortSignal): Promise<number | null> {
    this.id = this.remembered();
    if (this.id) {
      const answer = await this.ask("GET", "", signal).catch((wrong: unknown) => {
        if (wrong instanceof Fault && wrong.status === 404) return null;
        throw wrong;
      });
      if (answer) {
        const state = (await answer.json()) as State;
        this.each = state.part_size;
        this.lack(state.have);
        return state.video;
      }
      this.remember("");
    }
    const wish = { name: this.file.name, cooperative: this.cooperative, size: this.file.size };
    // Not cut off by a pause: what was begun must be remembered.
    const begun = await this.ask("POST", "", undefined, wish);
    const made = (await begun.json()) as { id: string; part_size: number };
    this.each = made.part_size;
    this.remember(made.id);
    this.lack([]);
    if (signal.aborted) throw new Fault(0, "");
    return null;
  }

  /** Notes which parts are there and so which are missing. */
  private lack(have: number[]): void {
    const count = Math.ceil(this.file.size / this.each);
    const there = new Set(have);
    this.sent = new Map(have.map((number) => [number, this.slice(number).size]));
    this.missing = Array.from({ length: count }, (_, place) => place + 1).filter(
      (number) => !there.has(number),
    );
    this.urls.clear();
    this.tell();
  }

  private async sendMissing(signal: AbortSignal): Promise<void> {
    const lanes = Array.from({ length: AT_ONCE }, () => this.lane(signal));
    // A part that fails does not cut off the others: their bytes were paid for.
    const ended = await Promise.allSettled(lanes);
    const failed = ended.find((one) => one.status === "rejected");
    if (!failed) return;
    this.refusals += 1;
    if (this.refusals >= REFUSALS && !this.moved) throw new Fault(403, this.refusal);
    throw failed.reason;
  }

  private async lane(signal: AbortSignal): Promise<void> {
    for (;;) {
      const number = this.missing.shift();
      if (number === undefined) return;
      try {
        const url = await this.url(number, signal);
        await put(url, this.slice(number), signal, (bytes) => {
          this.moved ||= bytes > 0;
          this.sent.set(number, bytes);
          this.tell();
        });
      } catch (wrong) {
        // The other lane begins no more parts; the next attempt asks what is missing.
        this.missing = [];
        throw wrong;
      }
    }
  }

  /** Returns the address of a part; asks for those of the next ones too. */
  private async url(number: number, signal: AbortSignal): Promise<string> {
    if (!this.urls.has(number)) {
      const numbers = [number, ...this.missing.slice(0, BATCH - 1)];
      const answer = await this.ask("POST", "/parts", signal, { numbers });
      const { urls } = (await answer.json()) as { urls: Record<string, string> };
      for (const [name, url] of Object.entries(urls)) this.urls.set(Number(name), url);
    }
    return this.urls.get(number) ?? "";
  }

  private async complete(signal: AbortSignal): Promise<number | null> {
    const answer = await this.ask("POST", "/complete", signal, {});
    const { video, have } = (await answer.json()) as { video?: number; have?: number[] };
    if (have) this.lack(have);
    return video ?? null;
  }

  /** Asks the site; 409 says which parts are there, everything else but success is a fault. */
  private async ask(
    method: string,
    path: string,
    signal?: AbortSignal,
    values?: object,
  ): Promise<Response> {
    const place = this.id ? `${this.endpoint}/${this.id}${path}` : this.endpoint;
    const answer = await fetch(place, {
      method,
      signal: signal ?? null,
      headers: values ? { "Content-Type": "application/json" } : {},
      body: values ? JSON.stringify(values) : null,
    }).catch(() => null);
    if (!answer) throw new Fault(0, "");
    if (!answer.ok && answer.status !== 409) throw new Fault(answer.status, await answer.text());
    return answer;
  }

  private slice(number: number): Blob {
    return this.file.slice((number - 1) * this.each, number * this.each);
  }

  private total(): number {
    return [...this.sent.values()].reduce((sum, bytes) => sum + bytes, 0);
  }

  private tell(): void {
    if (!this.stop.signal.aborted) this.told.progressed(this.total());
  }

  private get key(): string {
    const { name, size, lastModified } = this.file;
    return `siar-upload:${this.cooperative}:${size}:${lastModified}:${name}`;
  }

  private remembered(): string {
    return localStorage.getItem(this.key) ?? "";
  }

  private remember(id: string): void {
    this.id = id;
    if (id) localStorage.setItem(this.key, id);
    else localStorage.removeItem(this.key);
  }
}
