// What plays a playlist: hls.js, or the browser itself where there is no MediaSource.
import type Hls from "hls.js";
import type { Card } from "./cards";
import type { Chapter } from "./chapters";
import { HlsEngine } from "./hls-engine";
import { hasMediaSource, load } from "./modules";
import { NativeEngine } from "./native-engine";
import type { Sound, Variant } from "./playlist";

/**
 * "stopped": it was being made, and will not be; "unplayable": its picture cannot be decoded
 * here; "unsupported": the browser has no player.
 */
export type Fault = "network" | "missing" | "gone" | "stopped" | "unplayable" | "unsupported";

/** What an engine tells the player. */
export interface Listener {
  bytes(count: number): void;
  cards(cards: Card[]): void;
  /** The chapters of a programme that is whole, and its length in seconds. */
  chapters(chapters: Chapter[], duration: number): void;
  fault(kind: Fault): void;
  /** Data arrives that was asked for at `asked`, in milliseconds of `performance.now()`. */
  recovered(asked: number): void;
  /** How many seconds of a title that is being made are ready; null once it is whole. */
  growing(seconds: number | null): void;
}

export interface Source {
  master: string;
  live: boolean;
  variants: Variant[];
  choice: string;
  /** The sounds that may be chosen, and the name of the chosen one ("" for the usual). */
  sounds: Sound[];
  sound: string;
  /** The language of the captions that are on, "" for none. */
  captions?: string;
  /** Whether the title is still being made. */
  growing: boolean;
  /** Whether a live channel is watched from an earlier moment on: nothing may lead to live. */
  behind: boolean;
  /** Seconds at which a programme on demand begins; ignored for live. */
  start: number;
}

export interface Engine {
  /** The moment that is on screen, null where the stream does not say. */
  moment(): Date | null;
  /** Whether bytes are counted; else the meter reckons by time. */
  readonly counts: boolean;
  /** Changes the quality without a break; false when it needs another engine. */
  choose(choice: string): boolean;
  /** Changes the sound likewise. */
  hear(sound: string): boolean;
  retry(): void;
  destroy(): void;
}

/** Starts the engine that this browser can use. `files` are addresses of hls.js and its worker. */
export async function startEngine(
  files: { hls: string; worker: string },
  video: HTMLVideoElement,
  source: Source,
  listener: Listener,
): Promise<Engine> {
  if (!hasMediaSource()) return new NativeEngine(video, source, listener);
  const { default: library } = await load<{ default: typeof Hls }>(files.hls);
  return new HlsEngine(library, files.worker, video, source, listener);
}
