// One part to the bucket. XMLHttpRequest, because fetch tells no progress of what it sends.
import { Fault } from "./transport";

/** Ms without a byte after which a part counts as lost: a dead line may say nothing for minutes. */
const STALLED = 60_000;

/**
 * Sends `body` to `url`; rejects with a Fault of status 0 whatever went wrong, since
 * an address that expired or a bucket that rests is mended by the next attempt.
 */
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
      if (request.status === 200) {
        progressed(body.size);
        resolve();
      } else {
        progressed(0);
        reject(new Fault(0, ""));
      }
    });
    signal.addEventListener("abort", stop);
    request.open("PUT", url);
    alive();
    // A slice of a file has no type: with one the browser would ask for leave to send its header.
    request.send(body);
    if (signal.aborted) request.abort();
  });
}
