// A file on its way through the site, by tus.
import { DetailedError, defaultOptions, type PreviousUpload, Upload } from "tus-js-client";
import { sample } from "./sample";
import { Fault, faultOf, type Told, type Transport, wait } from "./transport";

/** Ms between questions whether a whole file has become a video, and between attempts to cancel. */
const ASKING = [1000, 3000, 5000, 10_000, 20_000, 30_000, 30_000];
const CANCELLING = [0, 1000, 3000, 5000];
/** Ms between further attempts to cancel, while the page is open. */
const STILL_CANCELLING = 15_000;
/** Ms that a cancellation waits for the request that begins the upload. */
const BEGINNING = 10_000;
/** Ms that a question waits for its answer: on a line that is dead a request may hang for minutes. */
const ANSWER = 8000;
/**
 * Ms without a sign of life after which an upload begins again from what has arrived: before its
 * first byte, while bytes are sent, and when all have been handed to the device, which may still
 * hold some of them.
 */
const STALLED = { opening: 15_000, sending: 10_000, ending: 60_000 };
const HEADERS = { "Tus-Resumable": "1.0.0" };
/** Ends a request of before whose last bytes are still on their way to the site. */
const TAKE_OVER = { "Siar-Take-Over": "1" };

export class Tus implements Transport {
  private readonly upload: Upload;
  private video = "";
  private isFound = false;
  private isStopped = false;
  private watch = 0;
  /** Ends when the site has said where the upload is, or that it is nowhere. */
  private placed: Promise<void> = Promise.resolve();
  private place: () => void = () => undefined;

  constructor(
    private readonly file: File,
    /** What the site is told of it beside its name: for whom it is. */
    private readonly whose: Record<string, string>,
    endpoint: string,
    private readonly told: Told,
    /** The address of an upload of an earlier visit, "" to look for one of this device. */
    private readonly known = "",
  ) {
    this.upload = new Upload(file, {
      endpoint,
      metadata: { filename: file.name, ...whose },
      retryDelays: null,
      removeFingerprintOnSuccess: true,
      onProgress: (sent) => {
        this.lives(sent < file.size ? STALLED.sending : STALLED.ending);
        told.progressed(sent);
      },
      onSuccess: () => {
        clearTimeout(this.watch);
        void this.arrived();
      },
      onUploadUrlAvailable: () => this.place(),
      onError: (error) => {
        clearTimeout(this.watch);
        this.place();
        told.failed(faultIn(error));
      },
      onAfterResponse: (_request, response) => {
        this.video = response.getHeader("Siar-Video") ?? this.video;
        told.kept(Number(response.getHeader("Upload-Offset") ?? 0));
      },
    });
  }

  async start(): Promise<void> {
    this.isStopped = false;
    if (!this.isFound) {
      this.isFound = true;
      await this.find();
    }
    const fault = await this.lookUp();
    if (this.isStopped) return;
    if (fault) return this.told.failed(fault);
    if (!this.upload.url)
      this.placed = new Promise((resolve) => {
        this.place = resolve;
      });
    this.lives(STALLED.opening);
    this.upload.start();
  }

  private async find(): Promise<void> {
    const earlier = await this.upload.findPreviousUploads();
    const same = earlier.find((one) => this.isMine(one));
    if (same) this.upload.resumeFromPreviousUpload(same);
    else if (this.known) this.upload.url = this.known;
    // What the site is told of a new upload: any device can tell by it whether a file is the same.
    else {
      const { options } = this.upload;
      options.metadata = { ...options.metadata, sample: await sample(this.file) };
    }
  }

  /** Waits `ms` for the next sign of life; then the request is cut off, as if the line had said so. */
  private lives(ms: number): void {
    clearTimeout(this.watch);
    if (this.isStopped) return;
    this.watch = window.setTimeout(async () => {
      await this.upload.abort();
      if (this.isStopped) return;
      this.place();
      this.told.failed(new Fault(0, "broken"));
    }, ms);
  }

  async pause(): Promise<void> {
    this.isStopped = true;
    clearTimeout(this.watch);
    await this.upload.abort();
  }

  async cancel(): Promise<string> {
    this.isStopped = true;
    clearTimeout(this.watch);
    // Cut off now, what the site has begun would be known to nobody.
    await Promise.race([this.placed, wait(BEGINNING)]);
    await this.upload.abort();
    const { url } = this.upload;
    if (!url) return "";
    for (const ms of CANCELLING) {
      await wait(ms);
      const answer = await ask("DELETE", url);
      if (answer && answer.status < 500) return answer.headers.get("Siar-Video") ?? "";
    }
    void cancelLater(url);
    return "";
  }

  /**
   * Returns what keeps the upload from going on. tus-js-client begins a new one at any answer but
   * success: all that was sent would be sent again for a session that has ended, or a site at rest.
   */
  private async lookUp(): Promise<Fault | null> {
    const { url } = this.upload;
    if (!url) return null;
    const answer = await ask("HEAD", url, TAKE_OVER);
    if (!answer) return new Fault(0, "broken");
    const isGone = answer.status === 404 || answer.status === 410;
    return answer.ok || isGone ? null : await faultOf(answer);
  }

  private isMine(earlier: PreviousUpload): boolean {
    const isKnown = !this.known || (earlier.uploadUrl ?? "").endsWith(this.known);
    return isKnown && isFor(earlier, { filename: this.file.name, ...this.whose });
  }

  /** All bytes are there; the server may still have to make the video of them. */
  private async arrived(): Promise<void> {
    this.told.stored();
    for (const pause of ASKING) {
      if (this.video) break;
      await wait(pause);
      const answer = await ask("HEAD", this.upload.url ?? "");
      this.video = answer?.headers.get("Siar-Video") ?? "";
      if (answer && !answer.ok) {
        const fault = await faultOf(answer);
        if (fault.final) return this.told.failed(fault);
      }
    }
    this.told.became(this.video);
  }
}

export interface Unfinished {
  name: string;
  sent: number;
  size: number;
}

/** Returns what an earlier visit from this device has begun to send for `whose`. */
export async function unfinished(whose: Record<string, string>): Promise<Unfinished | null> {
  const known = await defaultOptions.urlStorage?.findAllUploads();
  for (const earlier of known ?? []) {
    const { size, metadata, uploadUrl } = earlier;
    if (!size || !uploadUrl || !isFor(earlier, whose)) continue;
    const answer = await ask("HEAD", uploadUrl);
    const sent = Number(answer?.ok ? answer.headers.get("Upload-Offset") : 0);
    if (sent > 0) return { name: metadata.filename ?? "", sent, size };
  }
  return null;
}

function isFor({ metadata }: PreviousUpload, whose: Record<string, string>): boolean {
  return Object.entries(whose).every(([key, value]) => metadata[key] === value);
}

function ask(
  method: string,
  url: string,
  more: Record<string, string> = {},
): Promise<Response | null> {
  const headers = { ...HEADERS, ...more };
  // `keepalive`: a cancellation goes out even if the person closes the page now.
  const keepalive = method === "DELETE";
  const signal = AbortSignal.timeout(ANSWER);
  return fetch(url, { method, headers, keepalive, signal }).catch(() => null);
}

/** Cancels as soon as the line is back: the site may have got more than the browser knows. */
async function cancelLater(url: string): Promise<void> {
  for (;;) {
    await wait(STILL_CANCELLING);
    const answer = await ask("DELETE", url);
    if (answer && answer.status < 500) return;
  }
}

function faultIn(error: Error): Fault {
  const response = error instanceof DetailedError ? error.originalResponse : null;
  const kind = response?.getHeader("Content-Type") ?? "";
  const sentence = kind.startsWith("text/plain") ? (response?.getBody() ?? "").trim() : "";
  const fault = new Fault(response?.getStatus() ?? 0, response ? sentence : "broken");
  const isFinal = fault.final || Boolean(response?.getHeader("Siar-Final"));
  return new Fault(fault.status, fault.sentence, isFinal);
}
