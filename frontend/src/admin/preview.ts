// The editor's player: what is encoded so far, growing while the rest is encoded.
import type Hls from "hls.js";
import type { LoaderResponse, LoadPolicy, RetryConfig } from "hls.js";

/** Ms between two questions for a video of which nothing can be watched yet. */
const WAIT = 250;
/** How often it asks: a file waits its turn for an hour at most while somebody looks on. */
const QUESTIONS = 14_400;
/** States after which nothing more comes of what was being made. */
const ENDED_WITHOUT = ["failed", "cancelled", "taken_down"];

/** Asks again while nothing is there yet; `asked` is told each time. */
function patient(asked: () => void): LoadPolicy {
  const again: RetryConfig = {
    maxNumRetry: QUESTIONS,
    retryDelayMs: WAIT,
    maxRetryDelayMs: WAIT,
    shouldRetry: (_config, count, isTimeout, response: LoaderResponse | undefined) => {
      const missing = isTimeout || response?.code === 404 || (response?.code ?? 0) >= 500;
      if (missing) asked();
      return missing && count < QUESTIONS;
    },
  };
  return {
    default: {
      maxTimeToFirstByteMs: 20_000,
      maxLoadTimeMs: 20_000,
      timeoutRetry: again,
      errorRetry: again,
    },
  };
}

/** One player at a time: the button, the picture and what is said beside it. */
class Preview {
  private readonly button: HTMLButtonElement | null;
  private readonly video: HTMLVideoElement | null;
  private readonly said: HTMLElement | null;
  private hls: Hls | null = null;
  /** Pressed, and nothing of it can be seen yet. */
  private waiting = false;
  private source = "";
  /** Counts the starts: what was loaded for an earlier one than the last is dropped. */
  private start = 0;

  constructor(private readonly box: HTMLElement) {
    this.button = box.querySelector<HTMLButtonElement>("[data-play]");
    this.video = box.querySelector("video");
    this.said = box.querySelector<HTMLElement>("[role=status]");
    this.button?.addEventListener("click", () => this.press());
    box.addEventListener("siar:preview", () => this.follow());
    document.addEventListener("visibilitychange", () => this.look());
  }

  /** A second press while the first one waits changes nothing. */
  private press(): void {
    if (!this.waiting) void this.begin();
  }

  private async begin(): Promise<void> {
    this.stop();
    const mine = this.start;
    this.waiting = true;
    this.source = this.box.dataset.siarPreview ?? "";
    if (this.video) this.video.hidden = false;
    try {
      const loaded = (await import(/* @vite-ignore */ this.box.dataset.hls ?? "")) as {
        default: typeof Hls;
      };
      if (mine === this.start) this.play(loaded.default);
    } catch {
      if (mine === this.start) this.fail();
    }
  }

  /** What can be watched is another one now, or nothing. */
  private follow(): void {
    const source = this.box.dataset.siarPreview ?? "";
    const ended = ENDED_WITHOUT.includes(this.box.dataset.code ?? "");
    if (this.button) this.button.hidden = !source;
    if (source === this.source) return;
    // What plays goes on when the next one is begun, but not when its own files are removed.
    if (this.waiting && source) void this.begin();
    else if (!source || ended) this.stop();
  }

  /** Nobody waits where nobody looks. */
  private look(): void {
    if (!this.waiting) return;
    if (document.hidden) {
      this.start += 1;
      this.hls?.destroy();
      this.hls = null;
    } else if (!this.hls) void this.begin();
  }

  private stop(): void {
    this.start += 1;
    this.waiting = false;
    this.hls?.destroy();
    this.hls = null;
    if (this.video) this.video.hidden = true;
    this.say(undefined);
  }

  private fail(): void {
    this.stop();
    this.say(this.box.dataset.broken);
  }

  private play(Library: typeof Hls): void {
    const video = this.video;
    if (!video) return;
    if (!Library.isSupported()) {
      this.waiting = false;
      video.src = this.source;
      void video.play().catch(() => undefined);
      return;
    }
    const waits = patient(() => this.say(this.box.dataset.waiting));
    const hls = new Library({
      workerPath: this.box.dataset.worker,
      // A growing playlist looks live: begin at its beginning, not at its edge.
      startPosition: 0,
      manifestLoadPolicy: waits,
      playlistLoadPolicy: waits,
    });
    this.hls = hls;
    hls.on(Library.Events.MANIFEST_PARSED, () => this.say(undefined));
    hls.on(Library.Events.FRAG_BUFFERED, () => {
      if (this.hls === hls) this.waiting = false;
    });
    hls.on(Library.Events.ERROR, (_event, data) => {
      if (data.fatal && this.hls === hls) this.fail();
    });
    hls.loadSource(this.source);
    hls.attachMedia(video);
    void video.play().catch(() => undefined);
  }

  private say(sentence: string | undefined): void {
    if (!this.said) return;
    this.said.textContent = sentence ?? "";
    this.said.hidden = !sentence;
  }
}

for (const box of document.querySelectorAll<HTMLElement>("[data-siar-preview]")) new Preview(box);
