// A title that is still being made: which of its qualities can be had already, and how much.
import type { Variant } from "./playlist";

/** Milliseconds between questions about what is not there yet. */
const AGAIN = 2000;

function pause(): Promise<void> {
  return new Promise((done) => setTimeout(done, AGAIN));
}

function segmentsIn(playlist: string): number {
  return playlist.split("#EXTINF").length - 1;
}

/** Seconds of a media playlist. */
function lengthOf(playlist: string): number {
  const lengths = [...playlist.matchAll(/^#EXTINF:([\d.]+)/gm)].map(([, length]) => Number(length));
  return lengths.reduce((sum, length) => sum + length, 0);
}

/**
 * Asks for the playlists of `variants`, cheapest first, until each has as many segments as what
 * plays (`playing`). The origin holds an answer until there is something to tell. Ends when all
 * are there, or when `isOver`.
 */
export async function climb(
  variants: readonly Variant[],
  playing: () => number,
  onReady: (variant: Variant) => void,
  isOver: () => boolean,
): Promise<void> {
  for (const variant of variants) {
    while (!isOver() && !(await has(variant, playing()))) await pause();
    if (isOver()) return;
    onReady(variant);
  }
}

async function has(variant: Variant, segments: number): Promise<boolean> {
  try {
    const answer = await fetch(variant.url);
    return answer.ok && segmentsIn(await answer.text()) >= segments;
  } catch {
    return false; // no signal: the engine meets the same and says it
  }
}

/**
 * Tells how many seconds of the media playlist at `url` are ready, null once it is whole; for
 * players that do not say it themselves. Ends then, or when `isOver`.
 */
export async function follow(
  url: string,
  onGrown: (seconds: number | null) => void,
  isOver: () => boolean,
): Promise<void> {
  while (!isOver()) {
    const text = await read(url);
    if (text?.includes("#EXT-X-ENDLIST")) return onGrown(null);
    if (text) onGrown(lengthOf(text));
    await pause();
  }
}

/** The last second of the media playlist at `url` that can be begun at; 0 where there is none. */
export async function lastReady(url: string): Promise<number> {
  const text = await read(url);
  return text ? Math.max(0, lengthOf(text) - 1) : 0;
}

async function read(url: string): Promise<string | undefined> {
  try {
    const answer = await fetch(url);
    return answer.ok ? await answer.text() : undefined;
  } catch {
    return undefined; // as above
  }
}
