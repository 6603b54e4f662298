// What an engine fetches first, and what it means when that is refused.
import type { Fault, Source } from "./engine";
import { within } from "./playlist";

/** What to fetch: the whole, or for sound alone the playlist of the chosen sound. */
export function addressOf(source: Source): string {
  const chosen = within(source.variants, source.choice);
  if (chosen?.key !== "audio") return source.master;
  return source.sounds.find(({ name }) => name === source.sound)?.url ?? chosen.url;
}

/** Why there is nothing, by the HTTP status; undefined where the status does not say. */
export function refusal(status: number, source: Source): Fault | undefined {
  if (status !== 404 && status !== 410) return undefined;
  // What is being made goes away only when somebody cancels it or it cannot be made.
  if (source.growing) return "stopped";
  return status === 410 ? "gone" : "missing";
}
