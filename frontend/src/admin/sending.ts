// One file on its way: it goes on by itself after a break, a reload, a day.
import { hold, type LetGo } from "./hold";
import { type Button, Row } from "./row";
import { Speed } from "./speed";
import { Fault, type Told, type Transport } from "./transport";
import { left, say, shown, size, type Words } from "./words";

/** Ms between attempts. */
const WAITS = [1000, 2000, 4000, 8000, 15_000, 30_000];
/** A line that is back is used within 5 s, also where the device does not notice that it is. */
const LONGEST_BROKEN = 4000;
const MOST_REFUSED = 8;
const MOST_BROKEN = 200;

export interface Context {
  words: Words;
  /** The way that the bytes of the file take. */
  transport(told: Told): Transport;
  /** Address of a video's page, for its id; "" where its page goes on by itself. */
  edit(video: string): string;
  announce(sentence: string): void;
  /** It has ended, or waits for the person: the next one may begin. */
  idle(): void;
}

export class Sending implements Told {
  readonly row: Row;
  active = false;
  /** Whether all its bytes are there: the next file may begin. */
  whole = false;
  /** Whether it was ever begun: a paused one waits for the person, not for its turn. */
  begun = false;
  done = false;
  /** The id of what came of it, "" before. */
  made = "";
  private readonly transport: Transport;
  private readonly speed = new Speed();
  private sent = 0;
  private safe = 0;
  private attempts = 0;
  private timer = 0;
  /** Whether it was the line that ended the attempts: they begin anew when it is back. */
  private isCut = false;
  private letGo: LetGo | null = null;

  constructor(
    readonly file: File,
    private readonly context: Context,
  ) {
    this.row = new Row(context.words, shown(file.name), (button) => void this.press(button));
    this.transport = context.transport(this);
    this.row.show(this.say("waiting"), 0, ["cancel"]);
  }

  /** Begins, from where an earlier visit stopped. */
  async begin(): Promise<void> {
    this.begun = true;
    this.announce(this.say("begun"));
    await this.go();
  }

  /** The connection is back: no need to wait for the next attempt. */
  online(): void {
    if (this.active && this.timer) this.again(0);
    else if (this.isCut) void this.go();
  }

  private async press(button: Button): Promise<void> {
    if (button === "cancel") return this.cancel();
    if (button !== "pause") return this.go();
    this.rest();
    const values = this.values(this.sent);
    this.row.show(this.say("paused", values), null, ["resume", "cancel"]);
    await this.transport.pause();
    this.context.idle();
  }

  private async go(): Promise<void> {
    if (this.active || this.done) return;
    this.active = true;
    this.whole = false;
    this.isCut = false;
    this.attempts = 0;
    this.speed.reset();
    this.progressed(this.sent);
    this.letGo ??= await this.hold();
    if (!this.active) return this.rest(); // paused or cancelled meanwhile
    if (this.letGo) await this.transport.start();
    else this.failed(new Fault(423, "other_tab", true));
  }

  private hold(): Promise<LetGo | null> {
    const { name, size: bytes, lastModified } = this.file;
    return hold(`siar-upload:${bytes}:${lastModified}:${name}`);
  }

  private still(): void {
    clearTimeout(this.timer);
    this.timer = 0;
    this.active = false;
  }

  /** Nothing goes on by itself; another tab may. */
  private rest(): void {
    this.still();
    this.letGo?.();
    this.letGo = null;
  }

  async cancel(): Promise<void> {
    this.still();
    this.done = true;
    this.row.show(this.say("cancelling"), null, []);
    // Where another tab sends it, it is that one's to cancel.
    this.letGo ??= await this.hold();
    const video = this.letGo ? await this.transport.cancel() : "";
    this.rest();
    if (video) {
      this.became(video);
    } else {
      this.row.remove();
      this.announce(this.say("cancelled"));
    }
    this.context.idle();
  }

  progressed(sent: number): void {
    if (!this.active) return;
    this.sent = sent;
    this.speed.mark(sent, performance.now());
    const values = {
      ...this.values(sent),
      left: left(this.context.words, this.speed.left(this.file.size - sent)),
    };
    this.row.show(this.say("sending", values), sent / this.file.size, ["pause", "cancel"]);
  }

  kept(bytes: number): void {
    if (bytes > this.safe) this.attempts = 0;
    this.safe = Math.max(this.safe, bytes);
  }

  failed(fault: Fault): void {
    if (!this.active) return;
    const most = fault.isOfLine ? MOST_BROKEN : MOST_REFUSED;
    if (fault.final || this.attempts >= most) {
      this.giveWay(fault);
      return;
    }
    const sentence = this.say(fault.sentence || "broken");
    this.row.show(sentence, null, ["pause", "cancel"], "warn");
    if (this.attempts === 0) this.announce(sentence);
    const longest = fault.isOfLine ? LONGEST_BROKEN : Number.POSITIVE_INFINITY;
    const wait = Math.min(WAITS[Math.min(this.attempts, WAITS.length - 1)] ?? 0, longest);
    // Not all at the same moment, where a bucket that is busy has refused many.
    this.again(wait * (0.75 + Math.random() / 2));
    // A device that knows that it has no line does not use up its attempts.
    if (navigator.onLine) this.attempts += 1;
  }

  /** Ends the attempts with a sentence; what was sent is kept, and the person may go on. */
  private giveWay(fault: Fault): void {
    this.rest();
    this.isCut = fault.isOfLine;
    const key = fault.final ? fault.sentence || "failed" : "tired";
    const sentence = this.say(fault.status === 401 ? "signed_out" : key);
    this.row.show(sentence, null, ["retry", "cancel"], "bad");
    this.announce(sentence);
    this.context.idle();
  }

  private again(wait: number): void {
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => {
      this.timer = 0;
      this.speed.reset();
      void this.transport.start();
    }, wait);
  }

  stored(): void {
    if (this.whole) return;
    this.whole = true;
    this.row.show(this.say("arrived"), 1, []);
    this.context.idle();
  }

  became(video: string): void {
    this.rest();
    this.done = true;
    this.made = video;
    const sentence = this.say(video ? "arrived" : "later");
    this.row.show(sentence, 1, [], video ? "" : "warn");
    const address = video && this.context.edit(video);
    if (address) this.row.follow(video, address);
    this.announce(sentence);
    this.context.idle();
  }

  /** Says it beside the name of the file, to those who do not see the row. */
  private announce(sentence: string): void {
    this.context.announce(`${this.row.name}: ${sentence}`);
  }

  private values(sent: number): { sent: string; total: string } {
    const { size: whole } = this.file;
    return { sent: size(sent, whole), total: size(whole, whole) };
  }

  private say(key: string, values: Record<string, string> = {}): string {
    return say(this.context.words, key, values);
  }
}
