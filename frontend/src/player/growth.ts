// A title that is still being made: which of its qualities can be had already.
import type { Variant } from "./playlist";

/** Milliseconds between questions about a quality that is not there yet. */
const AGAIN = 2000;

function segmentsIn(playlist: string): number {
  return playlist.split("#EXTINF").length - 1;
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
    while (!isOver() && !(await has(variant, playing()))) {
      await new Promise((done) => setTimeout(done, AGAIN));
    }
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
