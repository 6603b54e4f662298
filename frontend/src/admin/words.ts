// Numbers and sentences of the upload screen. The sentences come from the server.

export type Words = Record<string, string>;

/** The words that the page carries in `<script type="application/json" id="siar-words">`. */
export function readWords(): Words {
  return JSON.parse(document.getElementById("siar-words")?.textContent ?? "{}") as Words;
}

/** Puts `values` into the `{name}` places of a sentence. */
export function say(words: Words, key: string, values: Record<string, string> = {}): string {
  return (words[key] ?? key).replace(/\{(\w+)\}/g, (_all, name: string) => values[name] ?? "");
}

/** A file's name as it can be shown: without what turns the words after it around. */
export function shown(name: string): string {
  return name.replace(/[\p{Cc}\p{Bidi_Control}]/gu, "");
}

/** 3,1 MB: decimal units, one digit after the comma below ten; of a `whole` below 1 MB in kB. */
export function size(bytes: number, whole = 1_000_000): string {
  if (whole < 1_000_000) return `${Math.round(bytes / 1000)} kB`;
  const megabytes = bytes / 1_000_000;
  const [value, unit] = megabytes >= 1000 ? [megabytes / 1000, "GB"] : [megabytes, "MB"];
  const digits = value < 10 ? 1 : 0;
  const options = { minimumFractionDigits: digits, maximumFractionDigits: digits };
  return `${value.toLocaleString(document.documentElement.lang || "id", options)} ${unit}`;
}

/** How long `seconds` are, in words; null is "being reckoned". */
export function left(words: Words, seconds: number | null): string {
  if (seconds === null) return say(words, "unknown");
  if (seconds < 60) return say(words, "seconds");
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return say(words, "minutes", { n: String(minutes) });
  const values = { n: String(Math.floor(minutes / 60)), minutes: String(minutes % 60) };
  return say(words, minutes % 60 ? "hours_minutes" : "hours", values);
}
