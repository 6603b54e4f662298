// How a file's bytes travel: by tus through the site, or in parts straight to the bucket.

/** What a transport says of its file. */
export interface Told {
  progressed(sent: number): void;
  /** All bytes are there. */
  stored(): void;
  /** The id of the video that came of it; "" if none will. */
  became(video: string): void;
  failed(fault: Fault): void;
}

export interface Transport {
  /** Begins, or goes on from where an earlier attempt or visit stopped. */
  start(): Promise<void>;
  pause(): Promise<void>;
  /** Stops and removes what was sent. */
  cancel(): Promise<void>;
}

/** Waits between attempts, ms; the last one is repeated as long as the page is open. */
export const WAITS = [1000, 3000, 5000, 10_000];

/** Answers that another attempt does not change. */
const FINAL = new Set([400, 401, 403, 404, 410, 413, 415, 429, 507]);

/** Why it did not go on. `status` is 0 where nothing answered; `sentence` is for the person. */
export class Fault extends Error {
  constructor(
    readonly status: number,
    readonly sentence: string,
  ) {
    super(`${status} ${sentence}`);
  }

  get final(): boolean {
    return FINAL.has(this.status);
  }
}
