// Reads manifests given as JSON on stdin with readers of other makers:
// [{kind: "hls" | "dash", text}] -> [{error} | {segments, …}] on stdout.
const hls = require("hls-parser");
const mpd = require("mpd-parser");

hls.setOptions({ strictMode: true });

function readHls(text) {
  const list = hls.parse(text);
  if (list.isMasterPlaylist) {
    return {
      variants: list.variants.map((v) => ({
        uri: v.uri,
        bandwidth: v.bandwidth,
        codecs: v.codecs,
        keyFrames: v.isIFrameOnly,
        sounds: v.audio.map((a) => ({ name: a.name, language: a.language ?? null, first: a.isDefault })),
      })),
    };
  }
  return {
    segments: list.segments.map((s) => ({
      uri: s.uri,
      number: s.mediaSequenceNumber,
      discontinuity: s.discontinuitySequence,
      map: s.map?.uri ?? null,
      duration: s.duration,
      range: s.byterange ?? null,
    })),
    keyFrames: list.isIFrame,
    ended: list.endlist,
    type: list.playlistType ?? null,
  };
}

function readDash(text) {
  const warnings = [];
  const read = mpd.parse(text, {
    manifestUri: "https://contoh.id/v/manifest.mpd",
    eventHandler: ({ type, message }) => warnings.push(`${type} ${message}`),
  });
  const audio = Object.values(read.mediaGroups.AUDIO.audio ?? {}).flatMap((g) => g.playlists);
  const all = [...read.playlists, ...audio];
  const groups = Object.entries(read.mediaGroups.AUDIO.audio ?? {});
  const texts = Object.entries(read.mediaGroups.SUBTITLES.subs ?? {});
  return {
    warnings,
    duration: read.duration,
    events: read.eventStream ?? [],
    sounds: groups.map(([name, g]) => ({ name, language: g.language, first: g.default })),
    captions: texts.map(([name, t]) => ({ name, language: t.language, uri: t.playlists[0].resolvedUri })),
    playlists: all.map((p) => ({
      name: p.attributes.NAME,
      segments: p.segments.map((s) => ({ uri: s.resolvedUri, duration: s.duration })),
    })),
  };
}

const asked = JSON.parse(require("node:fs").readFileSync(0, "utf8"));
const answers = asked.map(({ kind, text }) => {
  try {
    return kind === "hls" ? readHls(text) : readDash(text);
  } catch (error) {
    return { error: String(error.message ?? error) };
  }
});
process.stdout.write(JSON.stringify(answers));
