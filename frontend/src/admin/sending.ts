// One file on its way: it goes on by itself after a break, a reload, a day.
import { type Button, Row } from "./row";
import { Speed } from "./speed";
import { type Fault, type Told, type Transport, WAITS } from "./transport";
import { left, say, size, type Words } from "./words";

export interface Context {
  words: Words;
  /** The way that the bytes of the file take. */
  transport(told: Told): Transport;
  /** Address of a video's page, for its id. */
  edit(video: string): string;
  announce(sentence: string): void;
  /** It has ended, or waits for the person: the next one may begin. */
  idle(): void;
}

export class Sending implements Told {
  readonly row: Row;
  active = false;
  /** Whether it was ever begun: a paused one waits for the person, not for its turn. */
  begun = false;
  done = false;
  private readonly transport: Transport;
  private readonly speed = new Speed();
  private sent = 0;
  private attempts = 0;
  private finder = 0;

  constructor(
    private readonly file: File,
    private readonly context: Context,
  ) {
    this.row = new Row(context.words, file.name, (button) => void this.press(button));
    this.transport = context.transport(this);
    this.row.show(say(context.words, "waiting"), 0, ["cancel"]);
  }

  /** Begins, from where an earlier visit stopped. */
  async begin(): Promise<void> {
    this.active = true;
    this.begun = true;
    await this.transport.start();
  }

  /** The connection is back: no need to wait for the next attempt. */
  online(): void {
    if (this.finder && this.active) this.again(0);
  }

  private async press(button: Button): Promise<void> {
    if (button === "pause") {
      await this.stop();
      const values = { sent: size(this.sent), total: size(this.file.size) };
      this.row.show(say(this.context.words, "paused", values), null, ["resume", "cancel"]);
    } else if (button === "cancel") {
      await this.cancel();
    } else {
      this.active = true;
      this.attempts = 0;
      this.speed.reset();
      this.progressed(this.sent);
      await this.transport.start();
    }
  }

  private async stop(): Promise<void> {
    clearTimeout(this.finder);
    this.finder = 0;
    this.active = false;
    await this.transport.pause();
    this.context.idle();
  }

  private async cancel(): Promise<void> {
    clearTimeout(this.finder);
    this.active = false;
    this.done = true;
    await this.transport.cancel();
    this.row.remove();
    this.context.announce(`${this.file.name}: ${say(this.context.words, "cancelled")}`);
    this.context.idle();
  }

  progressed(sent: number): void {
    if (!this.active) return;
    if (sent > this.sent) this.attempts = 0;
    this.sent = sent;
    this.speed.mark(sent, performance.now());
    const values = {
      sent: size(sent),
      total: size(this.file.size),
      left: left(this.context.words, this.speed.left(this.file.size - sent)),
    };
    const sentence = say(this.context.words, "sending", values);
    this.row.show(sentence, sent / this.file.size, ["pause", "cancel"]);
  }

  failed(fault: Fault): void {
    if (fault.final) {
      this.active = false;
      const said =
        fault.status === 401 ? say(this.context.words, "signed_out") : fault.sentence.trim();
      const sentence = said || say(this.context.words, "failed");
      this.row.show(sentence, null, ["retry", "cancel"], "bad");
      this.context.announce(`${this.file.name}: ${sentence}`);
      this.context.idle();
      return;
    }
    this.row.show(say(this.context.words, "broken"), null, ["pause", "cancel"], "warn");
    if (this.attempts === 0) this.context.announce(say(this.context.words, "broken"));
    this.again(WAITS[Math.min(this.attempts, WAITS.length - 1)] ?? 0);
    this.attempts += 1;
  }

  private again(wait: number): void {
    clearTimeout(this.finder);
    this.finder = window.setTimeout(() => {
      this.finder = 0;
      this.speed.reset();
      void this.transport.start();
    }, wait);
  }

  stored(): void {
    this.active = false;
    this.done = true;
    this.row.show(say(this.context.words, "arrived"), 1, []);
    this.context.idle();
  }

  became(video: string): void {
    const sentence = say(this.context.words, video ? "arrived" : "failed");
    this.row.show(sentence, 1, [], video ? "" : "bad");
    if (video) this.row.follow(video, this.context.edit(video));
    this.context.announce(`${this.file.name}: ${sentence}`);
  }
}
