// How a file's bytes travel: by tus through the site, or in parts straight to the bucket.

/** What a transport says of its file. */
export interface Told {
  /** Bytes that are there or on their way. */
  progressed(sent: number): void;
  /** Bytes that are there for good: a later attempt goes on from them. */
  kept(bytes: number): void;
  /** All bytes are there. */
  stored(): void;
  /** The id of the video that came of it; "" if it is made later, by itself. */
  became(video: string): void;
  failed(fault: Fault): void;
}

export interface Transport {
  /** Begins, or goes on from where an earlier attempt or visit stopped. */
  start(): Promise<void>;
  pause(): Promise<void>;
  /** Stops and removes what was sent; returns the video if it had become one before. */
  cancel(): Promise<string>;
}

/** Answers that another attempt does not change. */
const FINAL = new Set([400, 401, 403, 404, 410, 413, 415, 429, 507]);

/** Why it did not go on. */
export class Fault extends Error {
  /** Whether another attempt does not help before somebody has done something. */
  readonly final: boolean;

  constructor(
    /** Of the answer; 0 where nothing answered. */
    readonly status: number,
    /** For the person, as the site has said it; or a key of the words. */
    readonly sentence: string,
    final = FINAL.has(status),
  ) {
    super(`${status} ${sentence}`);
    this.final = final;
  }

  /** Whether the line is at fault, which comes back by itself. */
  get isOfLine(): boolean {
    return this.status === 0;
  }
}

/** Returns what an answer of the site that is no success means. */
export async function faultOf(answer: Response): Promise<Fault> {
  // Proxies in front say 502 too, in HTML, of what passes by itself.
  const plain = (answer.headers.get("Content-Type") ?? "").startsWith("text/plain");
  const sentence = plain ? (await answer.text()).trim() : "";
  const final = answer.headers.has("Siar-Final") || FINAL.has(answer.status);
  return new Fault(answer.status, sentence, final);
}

/** Resolves after `ms`, at once when `signal` is aborted. */
export function wait(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const timer = window.setTimeout(resolve, ms);
    signal?.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
