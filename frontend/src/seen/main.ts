// Tells which cards were seen: by a token of one day, in small posts, when the device is idle.
// Who gets no token (a slow line, a network that had its share) is not counted, and loses nothing.
import { PAUSE, pack, type Seen } from "./batches";
import { ask, dayOf, forget } from "./day";
import { offerScan } from "./scan";
import { Watch } from "./watch";

const ADDRESS = "/seen/";
const WAITING = "siar-dilihat";
const LAST = "siar-terkirim";

/** Milliseconds between looks whether it is time for a post. */
const EVERY = 15_000;

/** Milliseconds for which something waits for company while the page shows. */
const COMPANY = 30_000;

/** Milliseconds before a token is asked for again. */
const AGAIN = 600_000;

const device = () => localStorage;
let waiting: Seen[] = remembered(() => JSON.parse(sessionStorage.getItem(WAITING) ?? "[]"), []);
let last = 0;
let asked = Number.NEGATIVE_INFINITY;

/** What `read` gives, `otherwise` where the browser keeps nothing. */
function remembered<T>(read: () => T, otherwise: T): T {
  try {
    return read();
  } catch {
    return otherwise;
  }
}

function send(now: number): void {
  // Another tab may have told just now: it is the same viewer who pays.
  last = Math.max(
    last,
    remembered(() => Number(device().getItem(LAST)), 0),
  );
  if (last <= now && now - last < PAUSE) return;
  const day = dayOf(device, new Date(now));
  const post = day && pack(day, waiting, now);
  if (!post || !navigator.sendBeacon(ADDRESS, post.body)) return;
  last = now;
  waiting = post.left;
  remembered(() => device().setItem(LAST, String(now)), undefined);
}

/** Sees to it that there is a token as soon as there is something to tell. */
async function prepare(now: number): Promise<void> {
  if (now - asked < AGAIN || dayOf(device, new Date(now))) return;
  asked = now;
  if (await ask(device, new Date(now))) tick();
}

function note(card: HTMLElement): void {
  waiting.push([thingOf(card), Date.now()]);
  void prepare(Date.now());
}

/** What is not sent yet goes along to the next page of this tab. */
function keep(): void {
  send(Date.now());
  remembered(() => sessionStorage.setItem(WAITING, JSON.stringify(waiting)), undefined);
}

/** A card of the player knows its airing, and its place from the address of its chat. */
function thingOf(card: HTMLElement): string {
  const thing = card.dataset.seen ?? "";
  if (thing.includes(" ")) return thing;
  const link = card.querySelector<HTMLAnchorElement>("a.chat");
  const place = link ? new URL(link.href).searchParams.get("di") : "";
  return `${place || "lain"} ${thing}`;
}

const known = new WeakSet<HTMLElement>();
const watch = new Watch(note);

function look(): void {
  for (const card of document.querySelectorAll<HTMLElement>("[data-seen]")) {
    if (known.has(card)) continue;
    known.add(card);
    watch.add(card);
    offerScan(card);
  }
}

function tick(): void {
  const now = Date.now();
  forget(device, new Date(now));
  const [oldest] = waiting;
  if (oldest) void prepare(now);
  if (oldest && now - oldest[1] >= COMPANY && !document.hidden) send(now);
}

look();
forget(device, new Date());
new MutationObserver(look).observe(document.body, { childList: true, subtree: true });
setInterval(tick, EVERY);
document.addEventListener("visibilitychange", () => document.hidden && keep());
addEventListener("pagehide", keep);
