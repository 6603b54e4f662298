// What watching costs: megabytes and Rupiah. Shared by every page and the player.

/** A choice of Hemat Kuota. `perMinute` is bytes. */
export interface Quality {
  /** "audio", or the height: "240p". */
  key: string;
  /** Smaller pictures for which it stands, since they cost as much. */
  also?: string[];
  perMinute: number;
}

/** Before a playlist is read: what the ladder usually needs, in bytes a minute. */
export const USUAL: readonly Quality[] = [
  { key: "audio", perMinute: 0.4e6 },
  { key: "144p", perMinute: 1.7e6 },
  { key: "240p", perMinute: 3.1e6 },
  { key: "360p", perMinute: 5.2e6 },
  { key: "480p", perMinute: 8.3e6 },
  { key: "720p", perMinute: 15e6 },
  { key: "1080p", perMinute: 30e6 },
];

const CHOICE = "siar.mutu";
const SOUND = "siar.suara";
const TARIFF = "siar.tarif";
/** Rupiah a megabyte, a usual prepaid price; the viewer may change it. */
const USUAL_TARIFF = 4;

interface Connection {
  type?: string;
  saveData?: boolean;
  effectiveType?: string;
}

/** Storage is refused in some private windows: a choice then lasts as long as the page. */
function stored(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

function store(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // As above.
  }
}

/** Does each megabyte probably cost this viewer money? A phone that says nothing: yes. */
function metered(): boolean {
  const connection = (navigator as Navigator & { connection?: Connection }).connection;
  if (connection?.type === "wifi" || connection?.type === "ethernet") return false;
  const slow = connection?.effectiveType !== undefined && connection.effectiveType !== "4g";
  const said = connection?.saveData === true || connection?.type === "cellular" || slow;
  return said || matchMedia("(max-width: 40rem)").matches;
}

export function chosenQuality(): string {
  return stored(CHOICE) ?? (metered() ? "240p" : "480p");
}

export function rememberQuality(key: string): void {
  store(CHOICE, key);
}

/** The name of the sound (a language) that was chosen last, "" before that. */
export function chosenSound(): string {
  return stored(SOUND) ?? "";
}

export function rememberSound(name: string): void {
  store(SOUND, name);
}

/** Rupiah a megabyte. */
export function tariff(): number {
  const value = Number(stored(TARIFF));
  return value > 0 && value < 10_000 ? value : USUAL_TARIFF;
}

export function rememberTariff(value: number): void {
  store(TARIFF, String(value));
}

const language = document.documentElement.lang || "id";

/** 3,1 MB; whole numbers from 100 on. */
export function size(bytes: number): string {
  const [unit, name] = bytes < 0.1e6 ? [1e3, "kB"] : [1e6, "MB"];
  const value = bytes / unit;
  const digits = value >= 100 || name === "kB" ? 0 : 1;
  const text = value.toLocaleString(language, {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
  return `${text} ${name}`;
}

const english = language.startsWith("en");
const words = english
  ? { about: "about ", under: "under Rp1" }
  : { about: "sekitar ", under: "kurang dari Rp1" };

/** Rp12 for so many bytes; "<Rp1" for what costs something, and less than that. */
export function price(bytes: number): string {
  const rupiah = (bytes / 1e6) * tariff();
  if (rupiah > 0 && rupiah < 0.5) return "<Rp1";
  return `Rp${rupiah.toLocaleString(language, { maximumFractionDigits: 0 })}`;
}

/** The same in a sentence: "sekitar Rp12", "kurang dari Rp1". */
export function about(bytes: number): string {
  const text = price(bytes);
  if (text === "<Rp1") return words.under;
  return bytes > 0 ? words.about + text : text;
}

/** Replaces {names} in a sentence that a template gave. */
export function fill(sentence: string, values: Record<string, string>): string {
  return sentence.replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);
}
