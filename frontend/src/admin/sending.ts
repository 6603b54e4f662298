// One file on its way, by tus: it goes on by itself after a break, a reload, a day.
import { DetailedError, type PreviousUpload, Upload } from "tus-js-client";
import { type Button, Row } from "./row";
import { Speed } from "./speed";
import { left, say, size, type Words } from "./words";

/** Waits between attempts, ms; the last one is repeated as long as the page is open. */
const WAITS = [1000, 3000, 5000, 10_000];
/** Answers that another attempt does not change. */
const FINAL = new Set([400, 401, 403, 404, 410, 413, 415, 429, 507]);

export interface Context {
  endpoint: string;
  words: Words;
  cooperative: string;
  /** Address of a video's page, for its id. */
  edit(video: string): string;
  announce(sentence: string): void;
  /** It has ended, or waits for the person: the next one may begin. */
  idle(): void;
}

export class Sending {
  readonly row: Row;
  active = false;
  /** Whether it was ever begun: a paused one waits for the person, not for its turn. */
  begun = false;
  done = false;
  private readonly upload: Upload;
  private readonly speed = new Speed();
  private sent = 0;
  private video = "";
  private attempts = 0;
  private finder = 0;

  constructor(
    private readonly file: File,
    private readonly context: Context,
  ) {
    this.row = new Row(context.words, file.name, (button) => void this.press(button));
    this.upload = new Upload(file, {
      endpoint: context.endpoint,
      metadata: { filename: file.name, cooperative: context.cooperative },
      retryDelays: null,
      removeFingerprintOnSuccess: true,
      onProgress: (sent) => this.progressed(sent),
      onSuccess: () => void this.arrived(),
      onError: (error) => this.failed(error),
      onAfterResponse: (_request, response) => {
        this.video = response.getHeader("Siar-Video") ?? this.video;
      },
    });
    this.row.show(say(context.words, "waiting"), 0, ["cancel"]);
  }

  /** Begins, from where an earlier visit stopped. */
  async begin(): Promise<void> {
    this.active = true;
    this.begun = true;
    const earlier = await this.upload.findPreviousUploads();
    const same = earlier.find((one) => this.isMine(one));
    if (same) this.upload.resumeFromPreviousUpload(same);
    this.upload.start();
  }

  /** The connection is back: no need to wait for the next attempt. */
  online(): void {
    if (this.finder && this.active) this.again(0);
  }

  private isMine(earlier: PreviousUpload): boolean {
    const { filename, cooperative } = earlier.metadata;
    return filename === this.file.name && cooperative === this.context.cooperative;
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
      this.upload.start();
    }
  }

  private async stop(): Promise<void> {
    clearTimeout(this.finder);
    this.finder = 0;
    this.active = false;
    await this.upload.abort();
    this.context.idle();
  }

  private async cancel(): Promise<void> {
    clearTimeout(this.finder);
    this.active = false;
    this.done = true;
    await this.upload.abort();
    // The server may still hold the body that was just cut (423); what stays is swept away later.
    const options = { retryDelays: WAITS };
    if (this.upload.url) await Upload.terminate(this.upload.url, options).catch(() => undefined);
    this.row.remove();
    this.context.announce(`${this.file.name}: ${say(this.context.words, "cancelled")}`);
    this.context.idle();
  }

  private progressed(sent: number): void {
    this.sent = sent;
    this.attempts = 0;
    this.speed.mark(sent, performance.now());
    const values = {
      sent: size(sent),
      total: size(this.file.size),
      left: left(this.context.words, this.speed.left(this.file.size - sent)),
    };
    const sentence = say(this.context.words, "sending", values);
    this.row.show(sentence, sent / this.file.size, ["pause", "cancel"]);
  }

  private failed(error: Error): void {
    const response = error instanceof DetailedError ? error.originalResponse : null;
    const status = response?.getStatus() ?? 0;
    if (FINAL.has(status)) {
      this.active = false;
      const said = status === 401 ? say(this.context.words, "signed_out") : response?.getBody();
      const sentence = said?.trim() || say(this.context.words, "failed");
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
      this.upload.start();
    }, wait);
  }

  /** All bytes are there; the server may still have to make the video of them. */
  private async arrived(): Promise<void> {
    this.active = false;
    this.done = true;
    this.row.show(say(this.context.words, "arrived"), 1, []);
    this.context.idle();
    while (!this.video) {
      await new Promise((resolve) => setTimeout(resolve, 3000));
      const headers = { "Tus-Resumable": "1.0.0" };
      const answer = await fetch(this.upload.url ?? "", { method: "HEAD", headers }).catch(
        () => null,
      );
      this.video = answer?.headers.get("Siar-Video") ?? "";
      if (answer && FINAL.has(answer.status)) break;
    }
    const sentence = say(this.context.words, this.video ? "arrived" : "failed");
    this.row.show(sentence, 1, [], this.video ? "" : "bad");
    if (this.video) this.row.follow(this.video, this.context.edit(this.video));
    this.context.announce(`${this.file.name}: ${sentence}`);
  }
}
