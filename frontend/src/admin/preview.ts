// The editor's player: what is encoded so far, growing while the rest is encoded.
import type Hls from "hls.js";

async function play(
  box: HTMLElement,
  video: HTMLVideoElement,
  said: HTMLElement,
): Promise<Hls | null> {
  const source = box.dataset.siarPreview ?? "";
  const { default: Library } = (await import(/* @vite-ignore */ box.dataset.hls ?? "")) as {
    default: typeof Hls;
  };
  said.hidden = true;
  video.hidden = false;
  if (!Library.isSupported()) {
    video.src = source;
    void video.play();
    return null;
  }
  // A growing playlist looks live: begin at its beginning, not at its edge.
  const hls = new Library({ workerPath: box.dataset.worker, startPosition: 0 });
  hls.on(Library.Events.ERROR, (_event, data) => {
    if (!data.fatal) return;
    const missing = data.response?.code === 404;
    said.textContent = (missing ? box.dataset.waiting : box.dataset.broken) ?? "";
    said.hidden = false;
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
