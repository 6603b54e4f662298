// A channel that is paused goes on where it was left, not where it is live by then.

/** A shorter pause leaves a viewer inside the window of the live playlist. */
const LONG_PAUSE = 20_000;

/** Who pauses goes on at a full ten seconds: viewers, and caches, share these addresses. */
const STEP = 10_000;

/** The part of a player that can leave live and go on from a moment. */
export interface Tuner {
  readonly behind: boolean;
  /** The moment that is shown. */
  moment(): Date;
  /** Plays from `moment`, in the window that begins at `from`: there unless it is told. */
  playFrom(moment: number, from?: number): void;
  backToLive(): void;
}

export function followPauses(video: HTMLVideoElement, tuner: Tuner): void {
  let paused: { at: number; moment: number } | undefined;
  video.addEventListener("pause", () => {
    paused = { at: performance.now(), moment: tuner.moment().getTime() };
  });
  video.addEventListener("play", () => {
    const left = paused;
    paused = undefined;
    if (!left || tuner.behind || performance.now() - left.at < LONG_PAUSE) return;
    tuner.playFrom(Math.floor(left.moment / STEP) * STEP);
  });
}
