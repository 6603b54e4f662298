// The editor's player: what is encoded so far, growing while the rest is encoded.
import type Hls from "hls.js";
import type { LoaderResponse, LoadPolicy, RetryConfig } from "hls.js";

/** Ms between two questions for a video of which nothing can be watched yet. */
const WAIT = 250;
/** How often it asks: a file waits its turn for an hour at most while somebody looks on. */
const QUESTIONS = 14_400;

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

async function play(
  box: HTMLElement,
  video: HTMLVideoElement,
  said: HTMLElement,
): Promise<Hls | null> {
  const source = box.dataset.siarPreview ?? "";
  const { default: Library } = (await import(/* @vite-ignore */ box.dataset.hls ?? "")) as {
    default: typeof Hls;
  };
  const say = (sentence: string | undefined): void => {
    said.textContent = sentence ?? "";
    said.hidden = !sentence;
  };
  say(undefined);
  video.hidden = false;
  if (!Library.isSupported()) {
    video.src = source;
    void video.play();
    return null;
  }
  const waits = patient(() => say(box.dataset.waiting));
  const hls = new Library({
    workerPath: box.dataset.worker,
    // A growing playlist looks live: begin at its beginning, not at its edge.
    startPosition: 0,
    manifestLoadPolicy: waits,
    playlistLoadPolicy: waits,
  });
  hls.on(Library.Events.MANIFEST_PARSED, () => say(undefined));
  hls.on(Library.Events.ERROR, (_event, data) => {
    if (!data.fatal) return;
    say(box.dataset.broken);
    video.hidden = true;
    hls.destroy();
  });
  hls.loadSource(source);
  hls.attachMedia(video);
  void video.play().catch(() => undefined);
  return hls;
}

for (const box of document.querySelectorAll<HTMLElement>("[data-siar-preview]")) {
  const button = box.querySelector<HTMLButtonElement>("[data-play]");
  const video = box.querySelector("video");
  const said = box.querySelector<HTMLElement>("[role=status]");
  if (!button || !video || !said) continue;
  let hls: Hls | null = null;
  button.addEventListener("click", async () => {
    hls?.destroy();
    hls = await play(box, video, said);
  });
  box.addEventListener("siar:preview", () => {
    button.hidden = !box.dataset.siarPreview;
  });
}
