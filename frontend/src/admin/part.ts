// One part to the bucket. XMLHttpRequest, because fetch tells no progress of what it sends.
import { Fault } from "./transport";

/** Ms without a byte after which a part counts as lost: a dead line may say nothing for minutes. */
const STALLED = 60_000;

/** What the bucket answered to a part that it did not take; `status` 0 is the line. */
export class PartRefused extends Error {
  constructor(
    readonly status: number,
    /** S3's word for it, "" if none could be read. */
    readonly code: string,
  ) {
    super(`${status} ${code}`);
  }

  /** Whether a fresh address may help: this one has expired, or was signed by a wrong clock. */
  get wantsFreshAddress(): boolean {
    return this.status === 401 || this.status === 403 || PASSED.has(this.code);
  }

  /** The fault as the person hears of it. */
  get fault(): Fault {
    if (this.status === 0) return new Fault(0, "broken");
    if (this.status === 507 || FULL.has(this.code)) return new Fault(507, "bucket_full", true);
    // The site knows whether it was cancelled or joined: the next attempt asks it.
    if (this.status === 404) return new Fault(404, "bucket_busy", false);
    const passes = this.status >= 500 || this.status === 408 || this.status === 429;
    if ((passes && this.status !== 501) || BUSY.has(this.code))
      return new Fault(this.status, "bucket_busy", false);
    if (this.code === "RequestTimeTooSkewed") return new Fault(this.status, "bucket_clock", true);
    return new Fault(this.status, "bucket", true);
  }
}

// Codes of https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html and of other makers.
const PASSED = new Set(["ExpiredToken", "RequestExpired", "RequestTimeTooSkewed"]);
const FULL = new Set(["QuotaExceeded", "InsufficientStorage", "XMinioStorageFull"]);
/** Those that come with 400 or 409 and pass by themselves. */
const BUSY = new Set([
  "BadDigest",
  "IncompleteBody",
  "OperationAborted",
  "RequestTimeout",
  "SlowDown",
]);

/** Sends `body` to `url`; rejects with PartRefused. */
export function put(
  url: string,
  body: Blob,
  signal: AbortSignal,
  progressed: (bytes: number) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    let watch = 0;
    const alive = (): void => {
      clearTimeout(watch);
      watch = window.setTimeout(() => request.abort(), STALLED);
    };
    const stop = (): void => request.abort();
    request.upload.addEventListener("progress", (event) => {
      alive();
      progressed(event.loaded);
    });
    request.addEventListener("loadend", () => {
      clearTimeout(watch);
      signal.removeEventListener("abort", stop);
      const taken = request.status >= 200 && request.status < 300;
      progressed(taken ? body.size : 0);
      if (taken) resolve();
      else reject(new PartRefused(request.status, codeIn(request.responseText)));
    });
    signal.addEventListener("abort", stop);
    request.open("PUT", url);
    alive();
    // A slice of a file has no type: with one the browser would ask for leave to send its header.
    request.send(body);
    if (signal.aborted) request.abort();
  });
}

/** The code in S3's answer, "" if it is none. */
function codeIn(xml: string): string {
  return /<Code>(\w+)<\/Code>/.exec(xml)?.[1] ?? "";
}
