// The token of a day: the server gives it, this device keeps it and forgets it when the day ends.

export interface Day {
  token: string;
  /** The device's local date, "" where it cannot remember: then nobody is counted. */
  date: string;
}

const KEY = "siar-hari";
const ADDRESS = "/seen/token/";

/** Characters of a token that the server has signed; devices once made shorter ones themselves. */
const LENGTH = 24;

export function dateOf(now: Date): string {
  const two = (part: number) => String(part).padStart(2, "0");
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}

/** For a device that remembers nothing: one for this page alone, and the date it is of. */
let here = ["", ""];

/** The day of `now`; undefined without a token. `store` may refuse (private windows). */
export function dayOf(store: () => Storage, now: Date): Day | undefined {
  const date = dateOf(now);
  let kept = here;
  let told = "";
  try {
    const known = store().getItem(KEY);
    if (known) [kept, told] = [known.split(" "), date];
  } catch {
    // What cannot be read was not kept either.
  }
  const [of, token] = kept;
  return of === date && token?.length === LENGTH ? { token, date: told } : undefined;
}

/** Asks the server for the token of `now`; whether there is one now. Its network may have had its share. */
export async function ask(store: () => Storage, now: Date): Promise<boolean> {
  const date = dateOf(now);
  try {
    const answer = await fetch(ADDRESS, { method: "POST", body: date, priority: "low" });
    const token = answer.status === 200 ? await answer.text() : "";
    if (token.length !== LENGTH) return false;
    here = [date, token];
    store().setItem(KEY, `${date} ${token}`);
  } catch {
    // No line, or nothing that can be kept: then it is one for this page.
  }
  return dayOf(store, now) !== undefined;
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
