// A token that this device makes for one day of its own, and forgets when that day ends.

export interface Day {
  token: string;
  /** The device's local date, "" where it cannot remember: then nobody is counted. */
  date: string;
}

const KEY = "siar-hari";

export function dateOf(now: Date): string {
  const two = (part: number) => String(part).padStart(2, "0");
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}

function made(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(15));
  return btoa(String.fromCharCode(...bytes))
    .replace(/\+/g, "-")
    .replace(/\//g, "_");
}

/** For a device that remembers nothing: one for this page alone. */
let here = "";

/** The day of `now`; `store` may refuse (private windows, a full disk). */
export function dayOf(store: () => Storage, now: Date): Day {
  const date = dateOf(now);
  try {
    const [known, token] = (store().getItem(KEY) ?? "").split(" ");
    if (known === date && token) return { token, date };
    const fresh = made();
    store().setItem(KEY, `${date} ${fresh}`);
    return { token: fresh, date };
  } catch {
    here ||= made();
    return { token: here, date: "" };
  }
}

/** Forgets the token of a day that is over. */
export function forget(store: () => Storage, now: Date): void {
  try {
    const known = store().getItem(KEY);
    if (known && !known.startsWith(dateOf(now))) store().removeItem(KEY);
  } catch {
    // What cannot be read was not kept either.
  }
}
