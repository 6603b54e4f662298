// Plays by hls.js, which needs a MediaSource.
import type Hls from "hls.js";
import type { DateRange, ErrorData, HlsConfig, LevelDetails, RetryConfig } from "hls.js";
import { addressOf, refusal } from "./address";
import type { Card } from "./cards";
import { CHAPTER_CLASS, type Chapter } from "./chapters";
import type { Engine, Fault, Listener, Source } from "./engine";
import { climb } from "./growth";
import { NOTICE_CLASS, type Notice, TOLD, type Told } from "./notice";
import { ON_AIR, PROGRAMME_CLASS, type Variant, within } from "./playlist";

const CARD_CLASS = "id.siar.card";

/** Held a steady 14 s behind live in trials; by default the distance grows 1 s a stall. */
const LIVE: Partial<HlsConfig> = {
  liveSyncDuration: 14,
  liveMaxLatencyDuration: 40,
  maxLiveSyncPlaybackRate: 1.05,
  // Else the length is that of the window, and controls take the channel for a film.
  liveDurationInfinity: true,
};

/** Who watches from the beginning is minutes behind live, and stays there. */
const BEHIND: Partial<HlsConfig> = { liveDurationInfinity: true };

/**
 * What was taken down is a hole in a channel: a gap in the playlist, or a 410 for who holds an
 * older one. hls.js waits there; after so many seconds without a picture we go on where it is live,
 * or for who is behind at what follows.
 */
const PATIENCE = 6;

/**
 * A 410 is asked for again until `passHoles` has seen it: given up, it would stop sound and picture
 * both, and one of them may not have come as far as the hole.
 */
function askAgain(library: typeof Hls): Partial<HlsConfig> {
  const usual = library.DefaultConfig.fragLoadPolicy.default;
  const errorRetry: RetryConfig | null = usual.errorRetry && {
    ...usual.errorRetry,
    shouldRetry: (_config, _count, _timeout, answer, retry) => retry || answer?.code === 410,
  };
  return { fragLoadPolicy: { default: { ...usual, errorRetry } } };
}

/** Seconds by which the end of what is buffered may miss a border. */
const SLACK = 0.5;

const DAY = 86_400_000;

/** Milliseconds after which the page asks what is on in any case: edits change what comes. */
const EVERY = 60_000;

function toCard(range: DateRange): Card {
  const start = range.startDate.getTime();
  const attributes: Record<string, string> = {};
  for (const name of range.attr.clientAttrs) attributes[name] = String(range.attr[name]);
  const end = range.endDate?.getTime() ?? start + DAY;
  return { id: range.id, start, end, attributes };
}

function rangesOf(details: LevelDetails, kind: string): DateRange[] {
  const ranges = Object.values(details.dateRanges) as (DateRange | undefined)[];
  return ranges.filter((range): range is DateRange => range?.class === kind);
}

function toNotice(range: DateRange): Notice {
  const { id, start, end, attributes } = toCard(range);
  return { id, start, end, text: attributes["X-TEXT"] ?? "" };
}

function chaptersOf(details: LevelDetails): Chapter[] {
  const chapters = rangesOf(details, CHAPTER_CLASS).map((range) => ({
    start: range.startTime,
    title: String(range.attr["X-TITLE"] ?? ""),
  }));
  return chapters.sort((one, other) => one.start - other.start);
}

function faultOf(error: ErrorData, source: Source): Fault {
  const why = refusal(error.response?.code ?? 0, source);
  return why ?? (error.type === "networkError" ? "network" : "unplayable");
}

/** The publication whose file `url` is. */
function publicationOf(url: string): string {
  return /\/publications\/(\w+)\//.exec(url)?.[1] ?? url;
}

export class HlsEngine implements Engine {
  readonly counts = true;
  /** The dearest picture of a growing title that has begun. */
  private ready: Variant | undefined;
  private segments = 0;
  /** The last programme that the playlist has named. */
  private newest: string | undefined;
  private asked = 0;
  private readonly hls: Hls;
  private mediaErrors = 0;
  private lastMediaError = 0;
  private hungry = 0;
  /** Whether a segment of captions was dropped. */
  private dropped = false;
  /** The publications that were refused: a delta update does not say that they are gaps. */
  private readonly refused = new Set<string>();
  private readonly watch: number;
  private readonly over = new AbortController();
  /** Whether the viewer wants it to play: an error and a new source pause the element too. */
  private wanted: boolean;

  constructor(
    private readonly library: typeof Hls,
    worker: string,
    private readonly video: HTMLVideoElement,
    private readonly source: Source,
    private readonly listener: Listener,
  ) {
    this.wanted = !video.paused;
    const { signal } = this.over;
    const note = () => {
      if (!video.error) this.wanted = !video.paused;
    };
    video.addEventListener("play", note, { signal });
    video.addEventListener("pause", note, { signal });
    this.hls = new library({
      workerPath: worker,
      startPosition: source.live && !source.behind ? -1 : source.start,
      // A phone keeps half a minute of what was seen; a day of live would fill it.
      backBufferLength: 30,
      // Cards are read from the playlist; tracks of metadata would only cost work.
      enableDateRangeMetadataCues: false,
      enableID3MetadataCues: false,
      enableEmsgMetadataCues: false,
      enableCEA708Captions: false,
      ...(source.live && !source.behind ? LIVE : {}),
      ...(source.behind ? BEHIND : {}),
      ...(source.captions ? { subtitlePreference: { lang: source.captions } } : {}),
      ...(source.live ? askAgain(library) : {}),
    });
    this.listen();
    this.hls.loadSource(addressOf(source));
    this.hls.attachMedia(video);
    this.watch = source.live ? window.setInterval(() => this.passHoles(), 1000) : 0;
  }

  /** Called each second of a live channel. */
  private passHoles(): void {
    const fed = this.video.paused || this.video.readyState > HTMLMediaElement.HAVE_CURRENT_DATA;
    this.hungry = fed ? 0 : this.hungry + 1;
    if (this.hungry < PATIENCE) return;
    const next = this.source.behind ? this.afterHole() : this.hls.liveSyncPosition;
    if (next === null || next <= this.video.currentTime) return;
    this.hungry = 0;
    this.video.currentTime = next;
    this.hls.startLoad(next);
  }

  /** Where the hole ends that the viewer stands at; null for none, and while it has no end. */
  private afterHole(): number | null {
    const at = this.video.currentTime + SLACK;
    const fragments = this.hls.latestLevelDetails?.fragments ?? [];
    const ahead = fragments.filter(({ end }) => end > at);
    const open = ahead.find(({ gap, url }) => !gap && !this.refused.has(publicationOf(url)));
    // On a slow network nothing is left out.
    return open === undefined || open === ahead[0] ? null : open.start + SLACK / 2;
  }

  private listen(): void {
    const { Events } = this.library;
    this.hls.on(Events.MANIFEST_PARSED, () => {
      if (this.pictureless()) return;
      this.keepOneCodec();
      if (this.source.growing) this.climb();
      this.cap(this.source.choice);
      this.hls.startLevel = this.hls.autoLevelCapping;
    });
    // Also where hls.js gives the element a new source to get over an error.
    this.hls.on(Events.MEDIA_ATTACHED, () => {
      if (this.wanted) this.video.play().catch(() => undefined);
    });
    this.hls.on(Events.AUDIO_TRACKS_UPDATED, () => this.hear(this.source.sound));
    this.hls.on(Events.SUBTITLE_TRACK_SWITCH, (_, { id }) => {
      // The next engine goes on with them: from the start, or in another quality.
      if (!this.over.signal.aborted) this.source.captions = this.hls.subtitleTracks[id]?.lang ?? "";
    });
    this.hls.on(Events.SUBTITLE_FRAG_PROCESSED, (_, { success }) => {
      this.dropped ||= !success;
    });
    this.hls.on(Events.FRAG_LOADED, (_, { frag }) => {
      this.listener.bytes(frag.stats.loaded);
      this.listener.recovered(frag.stats.loading.start);
      if (this.dropped && frag.type === "main") this.captionAgain();
    });
    this.hls.on(Events.LEVEL_LOADED, (_, { stats }) => this.listener.bytes(stats.loaded));
    this.hls.on(Events.LEVEL_UPDATED, (_, { details }) => {
      this.listener.cards(rangesOf(details, CARD_CLASS).map(toCard));
      if (this.source.live) {
        this.tellProgrammes(details);
        this.tellNotices(details);
        return;
      }
      this.grow(details);
      if (!details.live) this.listener.chapters(chaptersOf(details), details.edge);
    });
    this.hls.on(Events.ERROR, (_, error) => this.onError(error));
  }

  /**
   * hls.js drops a segment of captions that lies two joins in front of the picture, and asks for no
   * other from then on (1.7.4). Chosen anew, the captions go on with the dropped segment.
   */
  private captionAgain(): void {
    const chosen = this.hls.subtitleTrack;
    this.dropped = false;
    if (chosen < 0) return;
    // Those of a playlist that is whole are chosen anew only if none were.
    this.hls.subtitleTrack = -1;
    this.hls.subtitleTrack = chosen;
  }

  /** What the playlist names for the first time may be a cut-in: the page asks, and each minute. */
  private tellProgrammes(details: LevelDetails): void {
    const newest = rangesOf(details, PROGRAMME_CLASS).at(-1)?.id;
    if (newest === this.newest && performance.now() - this.asked < EVERY) return;
    this.newest = newest;
    this.asked = performance.now();
    document.dispatchEvent(new CustomEvent(ON_AIR));
  }

  /** The minute of live has those of now; a window of the past has none. */
  private tellNotices(details: LevelDetails): void {
    const edge = details.fragments.at(-1)?.programDateTime;
    if (this.source.behind || !edge) return;
    const detail: Told = { notices: rangesOf(details, NOTICE_CLASS).map(toNotice), edge };
    this.video.dispatchEvent(new CustomEvent(TOLD, { detail }));
  }

  /** hls.js never goes from one codec to another by itself: only the chosen ones' levels stay. */
  private keepOneCodec(): void {
    const { modern = false, opus = false } = this.chosen() ?? {};
    const fits = this.hls.levels.map(
      ({ videoCodec = "", audioCodec = "" }) =>
        videoCodec.startsWith("av01") === modern && /^opus/i.test(audioCodec) === opus,
    );
    if (!fits.includes(true)) return;
    for (let index = fits.length - 1; index >= 0; index -= 1) {
      if (!fits[index]) this.hls.removeLevel(index);
    }
  }

  private chosen(choice = this.source.choice): Variant | undefined {
    return within(this.source.variants, choice);
  }

  /**
   * Where no picture can be decoded, hls.js goes on with the variant of sound alone. The
   * viewer chose a picture: say that there is none, and let them choose the sound.
   */
  private pictureless(): boolean {
    const asked = this.chosen()?.key !== "audio";
    const lost = asked && this.hls.levels.every((level) => !level.videoCodec);
    if (lost) {
      this.destroy();
      this.listener.fault("unplayable");
    }
    return lost;
  }

  private onError(error: ErrorData): void {
    if (error.frag && error.response?.code === 410) this.refused.add(publicationOf(error.frag.url));
    if (!error.fatal) return;
    const undecodable = error.details === "manifestIncompatibleCodecsError";
    if (error.type === "mediaError" && !undecodable && this.mayRecover()) {
      this.hls.recoverMediaError();
      return;
    }
    const fault = faultOf(error, this.source);
    // A channel goes on after the hole; `passHoles` takes the viewer there.
    if (this.source.live && fault === "gone") return;
    if (fault === "stopped") this.source.growing = false;
    this.listener.fault(fault);
  }

  /** A new decoder cures a hiccup; the third within a minute is none. */
  private mayRecover(): boolean {
    const now = performance.now();
    this.mediaErrors = now - this.lastMediaError > 60_000 ? 1 : this.mediaErrors + 1;
    this.lastMediaError = now;
    return this.mediaErrors <= 2;
  }

  /** A title that is being made looks like a live one to hls.js; it ends as a film. */
  private grow(details: LevelDetails): void {
    this.segments = details.fragments.length;
    const whole = !details.live;
    this.listener.growing(whole ? null : details.edge);
    if (!whole || !this.source.growing) return;
    this.source.growing = false;
    this.cap(this.source.choice);
  }

  /** Qualities come one after another; what has not begun would keep the viewer waiting. */
  private climb(): void {
    const modern = this.chosen()?.modern;
    const pictures = this.source.variants.filter((v) => v.key !== "audio" && v.modern === modern);
    this.ready = pictures[0];
    climb(
      pictures.slice(1),
      () => this.segments,
      (variant) => {
        this.ready = variant;
        this.cap(this.source.choice);
      },
      () => this.over.signal.aborted || !this.source.growing,
    );
  }

  /** The choice is a ceiling: a slow network may take less, nothing takes more. */
  private cap(choice: string): void {
    const levels = this.hls.levels.map((level, index) => ({
      key: `${Math.min(level.width, level.height)}p`,
      perMinute: level.bitrate,
      index,
    }));
    const wanted = within(levels, this.chosen(choice)?.key ?? choice)?.index ?? -1;
    const ready = this.source.growing && this.ready ? within(levels, this.ready.key) : undefined;
    this.hls.autoLevelCapping = ready ? Math.min(wanted, ready.index) : wanted;
  }

  moment(): Date | null {
    return this.over.signal.aborted ? null : this.hls.playingDate;
  }

  choose(choice: string): boolean {
    const [before, after] = [this.chosen(), this.chosen(choice)];
    this.source.choice = choice;
    if (before?.key === "audio" || after?.key === "audio") return false;
    if (before?.modern !== after?.modern) return false;
    // What is buffered was paid for and is shown; the change comes with the next segment.
    this.cap(choice);
    return true;
  }

  hear(sound: string): boolean {
    this.source.sound = sound;
    const track = this.hls.audioTracks.findIndex(({ name }) => name === sound);
    if (track >= 0) this.hls.audioTrack = track;
    return track >= 0 || sound === "";
  }

  retry(): void {
    if (this.hls.levels.length > 0) this.hls.startLoad();
    else this.hls.loadSource(addressOf(this.source));
  }

  destroy(): void {
    window.clearInterval(this.watch);
    if (this.over.signal.aborted) return;
    // First: hls.js turns the captions off when it ends, and the next engine is to have them.
    this.over.abort();
    this.hls.destroy();
  }
}
