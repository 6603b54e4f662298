// What is sent of what was seen, and when: viewers pay by the megabyte.
import type { Day } from "./day";

/** Milliseconds between two posts of a device: with its headers (HTTP/1.1) one costs 1.6 kB. */
export const PAUSE = 100_000;

/** Bytes of a body. What does not fit waits for the next. */
export const MOST = 560;

/** Milliseconds after which the server would no longer count it (cms/audience/events). */
const OLD = 270_000;

/** What was seen: a place and a card, and when (milliseconds since 1970). */
export type Seen = [thing: string, at: number];

export interface Post {
  body: string;
  left: Seen[];
}

/** The post of `now`, and what waits for the next; undefined if there is nothing to tell. */
export function pack({ token, date }: Day, waiting: Seen[], now: number): Post | undefined {
  const left = waiting.filter(([, at]) => now - at < OLD);
  const told: [string, number][] = [];
  const written = () => JSON.stringify({ k: token, d: date, t: Math.floor(now / 1000), e: told });
  while (left[0]) {
    const [thing, at] = left[0];
    told.push([thing, Math.max(0, Math.round((now - at) / 1000))]);
    // Places and keys are ASCII: a character is a byte.
    if (written().length > MOST) {
      told.pop();
      break;
    }
    left.shift();
  }
  return told.length > 0 ? { body: written(), left } : undefined;
}
