// Plays one address in the player under test and writes down all that a viewer would notice.
const video = document.querySelector("video");
const seen = { events: [], errors: [], ranges: {}, firstDate: null, playingAt: null };
window.seen = seen;

function note(kind, detail) {
  const { currentTime: at, played } = video;
  const furthest = played.length ? played.end(played.length - 1) : at;
  const ahead = bufferedAfter(at);
  seen.events.push({ kind, detail: String(detail ?? ""), at, furthest, ahead });
}

/** How many seconds from `moment` on can be played without another segment. */
function bufferedAfter(moment) {
  for (let i = 0; i < video.buffered.length; i += 1) {
    const [start, end] = [video.buffered.start(i), video.buffered.end(i)];
    if (start <= moment && moment < end) return end - moment;
  }
  return 0;
}

video.addEventListener("playing", () => {
  if (seen.playingAt === null) {
    seen.playingAt = performance.now();
    seen.startedAt = video.currentTime;
    seen.firstDate = window.date();
  }
});
for (const kind of ["waiting", "stalled", "seeking", "ended", "error"]) {
  video.addEventListener(kind, () => {
    if (seen.playingAt !== null) note(kind, video.error?.message);
  });
}
video.addEventListener("resize", () => note("resize", `${video.videoWidth}x${video.videoHeight}`));

/** `latency` is how many seconds behind live a viewer may be: without a bound in a start-over. */
window.playWithHls = (src, latency = 40) => {
  // As the site's player is set: steady at 14 s behind live.
  const hls = new Hls({ liveSyncDuration: 14, liveMaxLatencyDuration: latency });
  hls.on(Hls.Events.ERROR, (_, data) => {
    // Who chooses another language gives up the segment of the old one that is on its way.
    if (!data.fatal && data.details === Hls.ErrorDetails.INTERNAL_ABORTED) return;
    seen.errors.push(`${data.details} ${data.error?.message}`);
  });
  hls.on(Hls.Events.LEVEL_UPDATED, (_, { details }) => {
    for (const range of Object.values(details.dateRanges)) {
      const { id, class: kind, startTime: start, duration, attr } = range;
      seen.ranges[id] = { kind, start, duration, price: attr["X-PRICE"] };
    }
  });
  window.date = () => hls.playingDate?.getTime() ?? null;
  window.returnToLive = () => setInterval(() => {
    if (video.readyState > 2) seen.ready = performance.now();
    else if (performance.now() - (seen.ready ?? 0) > 6000) video.currentTime = hls.liveSyncPosition;
  }, 500);
  /** Makes hls.js take the best quality: on a busy machine it measures a slow line. */
  window.goUp = () => (hls.config.abrBandWidthUpFactor = 1000);
  window.keepQuality = () => player.configure({ abr: { enabled: false } });
  window.codec = () => hls.levels[hls.currentLevel]?.videoCodec;
  window.languages = () => hls.audioTracks.map((track) => [track.lang, track.name]);
  window.chooseLanguage = (number) => (hls.audioTrack = number);
  window.chooseCaptions = () => (hls.subtitleTrack = 0);
  hls.loadSource(src);
  hls.attachMedia(video);
  video.play();
};

/** The site's own player of a channel, from an earlier moment on. */
window.playWithSite = (master) => {
  const chosen = { variants: [], choice: "", sounds: [], sound: "" };
  const source = { master, live: true, behind: true, growing: false, start: 0, ...chosen };
  const told = (kind) => (detail) => kind === "fault" && seen.errors.push(detail);
  const listener = new Proxy({}, { get: (_, kind) => told(kind) });
  const engine = new site.HlsEngine(Hls, "", video, source, listener);
  window.date = () => engine.moment()?.getTime() ?? null;
  video.play();
};

/** Writes down what captions stand on the screen at which moment of the channel. */
window.followWords = () => {
  seen.words = [];
  setInterval(() => {
    const shown = [...video.textTracks].filter(({ mode }) => mode === "showing");
    const cues = shown.flatMap(({ activeCues }) => [...(activeCues ?? [])]);
    if (!video.paused) seen.words.push([window.date(), cues.map(({ text }) => text)]);
  }, 100);
};

/** What docs/decisions/011 asks of whoever plays a channel in shaka: to go on after a gap. */
function goOnAfterGaps(player) {
  const failureCallback = (error) => {
    if (error.code !== shaka.util.Error.Code.SEGMENT_MISSING) return;
    error.severity = shaka.util.Error.Severity.RECOVERABLE;
    player.retryStreaming(1);
  };
  player.configure({ streaming: { failureCallback } });
}

/** shaka takes EXT-X-START of 0 for nothing said: a start-over says to it where it begins. */
window.playWithShaka = async (src, latency = 40) => {
  shaka.polyfill.installAll();
  const player = new shaka.Player();
  window.returnToLive = () => goOnAfterGaps(player);
  await player.attach(video);
  player.addEventListener("error", (event) => seen.errors.push(String(event.detail.code)));
  for (const kind of ["timelineregionadded", "metadataadded"]) {
    player.addEventListener(kind, (event) => {
      const region = event.detail ?? event;
      seen.ranges[region.id] = { kind: region.schemeIdUri ?? region.metadataType };
    });
  }
  window.keepQuality = () => player.configure({ abr: { enabled: false } });
  window.codec = () => player.getVariantTracks().find((track) => track.active)?.videoCodec;
  const languages = () => player.getAudioTracks();
  window.languages = () => languages().map((track) => [track.language, track.label]);
  window.chooseLanguage = (number) => player.selectAudioTrack(languages()[number]);
  window.captions = () => player.getTextTracks().map((track) => track.language);
  window.chooseCaptions = () => player.selectTextTrack(player.getTextTracks()[0]);
  window.date = () => player.getPlayheadTimeAsDate()?.getTime() ?? null;
  window.told = () => ({
    buffered: player.getBufferedInfo(),
    live: [player.isLive(), player.isInProgress(), player.isFullyLoaded()],
    ends: player.getManifest()?.presentationTimeline.getDuration(),
    qualities: player.getStats().switchHistory,
  });
  await player.load(src, latency === Infinity ? 0 : null).catch((error) => seen.errors.push(String(error.code)));
  video.play();
};
