// Plays by the browser's own HLS: Safari of an iPhone that has no MediaSource.
import { addressOf, refusal } from "./address";
import type { Engine, Fault, Listener, Source } from "./engine";
import { follow } from "./growth";
import { ON_AIR } from "./playlist";

/** Milliseconds between questions what is on: this engine does not read the playlist. */
const UNTOLD = 10_000;

/** Languages of sound, as Safari has them. */
interface AudioTracks extends EventTarget, Iterable<{ label: string; enabled: boolean }> {}

type NativeVideo = HTMLVideoElement & { getStartDate?: () => Date; audioTracks?: AudioTracks };

export class NativeEngine implements Engine {
  readonly counts = false;
  private destroyed = false;
  private asking = 0;

  constructor(
    private readonly video: NativeVideo,
    private readonly source: Source,
    private readonly listener: Listener,
  ) {
    video.src = addressOf(source);
    if ((!source.live || source.behind) && source.start > 0) video.currentTime = source.start;
    video.addEventListener("error", this.onError);
    video.addEventListener("playing", this.onPlaying);
    // The sounds of a programme are known when its playlist has been read, each when it comes.
    video.addEventListener("loadedmetadata", this.onTracks);
    video.audioTracks?.addEventListener("addtrack", this.onTracks);
    if (source.growing) this.followGrowth();
    if (!source.live) return;
    this.asking = window.setInterval(() => document.dispatchEvent(new CustomEvent(ON_AIR)), UNTOLD);
  }

  private followGrowth(): void {
    const [first] = this.source.variants.filter(({ key }) => key !== "audio");
    if (!first) return;
    const onGrown = (seconds: number | null) => {
      this.source.growing = seconds !== null;
      this.listener.growing(seconds);
    };
    follow(first.url, onGrown, () => this.destroyed || !this.source.growing);
  }

  private readonly onError = async () => {
    if (this.video.error?.code === MediaError.MEDIA_ERR_NETWORK) this.listener.fault("network");
    else this.listener.fault(await this.reason());
  };

  /** The element does not tell what it was answered: ask the same again. */
  private async reason(): Promise<Fault> {
    try {
      const { status } = await fetch(this.source.master);
      const found = refusal(status, this.source);
      if (found === "stopped") this.source.growing = false;
      return found ?? "unplayable";
    } catch {
      return "network";
    }
  }

  private readonly onPlaying = () => this.listener.recovered(performance.now());
  private readonly onTracks = () => this.hear(this.source.sound);

  moment(): Date | null {
    const start = this.video.getStartDate?.().getTime() ?? Number.NaN;
    return Number.isNaN(start) ? null : new Date(start + this.video.currentTime * 1000);
  }

  choose(): boolean {
    return false;
  }

  hear(sound: string): boolean {
    this.source.sound = sound;
    const tracks = [...(this.video.audioTracks ?? [])];
    const chosen = tracks.find(({ label }) => label === sound);
    // None is switched off before the one in its place is there: it would be silent.
    if (!chosen) return sound === "";
    for (const track of tracks) track.enabled = track === chosen;
    return true;
  }

  retry(): void {
    const at = this.video.currentTime;
    this.video.load();
    if (!this.source.live) this.video.currentTime = at;
  }

  destroy(): void {
    this.destroyed = true;
    clearInterval(this.asking);
    this.video.removeEventListener("error", this.onError);
    this.video.removeEventListener("playing", this.onPlaying);
    this.video.removeEventListener("loadedmetadata", this.onTracks);
    this.video.audioTracks?.removeEventListener("addtrack", this.onTracks);
    this.video.removeAttribute("src");
  }
}
