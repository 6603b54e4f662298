// Reads a multivariant playlist for what its qualities cost (RFC 8216, 4.3.4.2).
import { type Quality, size } from "../shared/quota";

export interface Variant extends Quality {
  /** Absolute address of its media playlist. */
  url: string;
  /** Whether its picture is AV1: the same for about half the bytes, where it can be decoded. */
  modern: boolean;
  /** Whether its sound is Opus: as good as AAC for about half the bytes, where it can be decoded. */
  opus: boolean;
  /** The group of its sounds, "" for none (RFC 8216, 4.3.4.2: AUDIO). */
  group: string;
}

/** One of the sounds of a programme: a language, mostly. */
export interface Sound {
  /** As the playlist names it, in Bahasa; unique. */
  name: string;
  /** BCP 47, "" where nobody said. */
  language: string;
  url: string;
}

/** The ranges of what plays on a channel (`playout/dateranges.py`). */
export const PROGRAMME_CLASS = "id.siar.programme";

/** An engine says so on the page where it is time to ask what is on. */
export const ON_AIR = "siar:on";

const attribute = /([A-Z0-9-]+)=("[^"]*"|[^",]*)/g;

/** The attributes of a tag by name, without their quotes (RFC 8216, 4.2). */
export function attributes(line: string): Map<string, string> {
  const pairs = [...line.matchAll(attribute)];
  return new Map(pairs.map(([, name, value]) => [name ?? "", (value ?? "").replaceAll('"', "")]));
}

/** "240p" by the short side, so that a portrait video keeps its names; "audio" without picture. */
function keyOf(pairs: Map<string, string>): string {
  const sides = (pairs.get("RESOLUTION") ?? "").split("x").map(Number);
  return sides.length === 2 ? `${Math.min(...sides)}p` : "audio";
}

/** Whether the browser decodes what has `codecs`. */
function canDecode(codecs: string): boolean {
  const { ManagedMediaSource } = window as { ManagedMediaSource?: typeof MediaSource };
  const source = ManagedMediaSource ?? (window.MediaSource as typeof MediaSource | undefined);
  const type = `video/mp4; codecs="${codecs}"`;
  return source
    ? source.isTypeSupported(type)
    : document.createElement("video").canPlayType(type) !== "";
}

/**
 * The variants of a playlist, the smallest first, one of each size: in AV1 and with Opus if they can
 * be decoded. One in AV1 may cost less than a smaller one in H.264. Bandwidths include the sound.
 * Where one size has Opus, all have it.
 */
export function variants(text: string, base: string): Variant[] {
  const streams = [...text.matchAll(/^#EXT-X-STREAM-INF:(.*)\r?\n([^#\s].*)/gm)];
  const found = streams.flatMap(([, line = "", uri = ""]): Variant[] => {
    const pairs = attributes(line);
    const bits = Number(pairs.get("AVERAGE-BANDWIDTH") ?? pairs.get("BANDWIDTH"));
    const codecs = pairs.get("CODECS") ?? "";
    const [modern, opus] = [codecs.includes("av01"), codecs.includes("opus")];
    if (!(bits > 0) || ((modern || opus) && !canDecode(codecs))) return [];
    const [perMinute, url] = [(bits / 8) * 60, new URL(uri, base).href];
    return [{ key: keyOf(pairs), perMinute, url, modern, opus, group: pairs.get("AUDIO") ?? "" }];
  });
  const gain = ({ modern, opus }: Variant) => Number(modern) + 2 * Number(opus);
  const sorted = found
    .filter((one) => !found.some((other) => other.key === one.key && gain(other) > gain(one)))
    .sort((one, other) => linesOf(one.key) - linesOf(other.key) || one.perMinute - other.perMinute);
  return withoutTwins(sorted);
}

/**
 * Of neighbours that cost the same to the digit that is shown, the larger stands for both: slides
 * need no more bytes at 720 lines than at 480, so nobody would choose the smaller.
 */
function withoutTwins(sorted: Variant[]): Variant[] {
  const kept: Variant[] = [];
  for (const variant of sorted) {
    const last = kept.at(-1);
    const twin = last && last.key !== "audio" && size(last.perMinute) === size(variant.perMinute);
    if (twin) kept.pop();
    kept.push(twin ? { ...variant, also: [...(last.also ?? []), last.key] } : variant);
  }
  return kept;
}

/**
 * The sounds of `group`, the usual one first (RFC 8216, 4.3.4.1). Other groups have the same ones in
 * another quality or codec, which comes with the picture's.
 */
export function sounds(text: string, base: string, group: string): Sound[] {
  return text.split(/\r?\n/).flatMap((line): Sound[] => {
    if (!line.startsWith("#EXT-X-MEDIA:")) return [];
    const pairs = attributes(line.slice(13));
    const uri = pairs.get("URI");
    if (pairs.get("TYPE") !== "AUDIO" || !uri) return [];
    if (pairs.get("GROUP-ID") !== group) return [];
    const [name = "", language = ""] = [pairs.get("NAME"), pairs.get("LANGUAGE")];
    return [{ name, language, url: new URL(uri, base).href }];
  });
}

/** Whether the title is still being made; its origin says so (manifests/hls.py). */
export function isGrowing(text: string): boolean {
  return /^#EXT-X-SESSION-DATA:.*"id\.siar\.state".*"growing"/m.test(text);
}

/** Lines of a picture, 0 for sound alone. */
function linesOf(key: string): number {
  return Number.parseInt(key, 10) || 0;
}

/** Of `qualities`, smallest first, the largest within the choice; the smallest when all are larger. */
export function within<Q extends Quality>(qualities: Q[], choice: string): Q | undefined {
  const exact = qualities.find(({ key, also }) => key === choice || also?.includes(choice));
  if (exact || choice === "audio") return exact ?? qualities[0];
  const pictures = qualities.filter((quality) => quality.key !== "audio");
  const below = pictures.filter((quality) => linesOf(quality.key) <= linesOf(choice));
  return below.at(-1) ?? pictures[0] ?? qualities[0];
}
