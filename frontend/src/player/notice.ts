// One sentence over the picture of a channel, from EXT-X-DATERANGE: polite, and closed by a tap.
// Its words and its look are here, since the page's own files have no room for them.

import type { Tuner } from "./pauses";
import { attributes } from "./playlist";

export const NOTICE_CLASS = "id.siar.notice";

export interface Notice {
  id: string;
  /** Milliseconds since 1970, on the programme's own clock. */
  start: number;
  end: number;
  text: string;
}

const words = document.documentElement.lang.startsWith("en") ? "Close" : "Tutup";

// Below the picture on a phone, where captions and the card need theirs; else under rating and
// "Langsung", away from both. The box without a sentence has no height, and stays for who listens.
const look = `
.player .notice > div { display: flex; align-items: center; gap: var(--s3); padding-inline-start: var(--s3);
  background: var(--surface); color: var(--ink); border: 1px solid var(--line); border-inline-start: 4px solid var(--accent); }
.player .notice p { flex: 1; margin: 0; padding-block: var(--s2); font-weight: 700; overflow-wrap: anywhere; }
.player .notice button { min-inline-size: 2.75rem; min-block-size: 2.75rem; padding-inline: var(--s3); border: 0;
  background: none; color: var(--action); font: inherit; cursor: pointer; }
.player:fullscreen .notice { position: absolute; inset: 3.25rem var(--s3) auto; }
@container player (min-width: 46rem) {
  .player .notice { position: absolute; inset: 3.25rem var(--s3) auto; z-index: 1; }
  .player .notice > div { inline-size: fit-content; max-inline-size: 44rem; border-radius: var(--r2); box-shadow: var(--shade); }
}`;

let dressed = false;

function dress(): void {
  if (dressed) return;
  dressed = true;
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(look);
  document.adoptedStyleSheets.push(sheet);
}

/** All that live tells over the picture; it reaches at least to `edge`, in milliseconds. */
export interface Told {
  notices: Notice[];
  edge: number;
}

/** What a playlist of live tells. */
function noticesIn(text: string): Told {
  const notices: Notice[] = [];
  for (const [, line = ""] of text.matchAll(/^#EXT-X-DATERANGE:(.*)$/gm)) {
    const said = attributes(line);
    const start = Date.parse(said.get("START-DATE") ?? "");
    const end = start + Number(said.get("DURATION")) * 1000;
    if (said.get("CLASS") !== NOTICE_CLASS || Number.isNaN(end)) continue;
    notices.push({ id: said.get("ID") ?? "", start, end, text: said.get("X-TEXT") ?? "" });
  }
  const dates = [...text.matchAll(/^#EXT-X-PROGRAM-DATE-TIME:(.*)$/gm)];
  return { notices, edge: Date.parse(dates.at(-1)?.[1] ?? "") };
}

/** An engine that reads the minute of live says so on its element, each time it has. */
export const TOLD = "siar:told";

/** Milliseconds without that after which the page looks at live itself. */
const EVERY = 10_000;

/** Who is behind is further behind than so many milliseconds: else it has not arrived yet. */
const ARRIVED = 2000;

/**
 * Shows the sentence of the moment beside `video`; one that was closed does not come again.
 *
 * What `live`, a playlist, has told is kept: who is behind sees it at its own moment, until it
 * ended.
 */
export class NoticePlace {
  private readonly known = new Map<string, Notice>();
  private shown = "";
  private looked = Number.NEGATIVE_INFINITY;
  private readonly closed = new Set<string>();
  private readonly box = document.createElement("div");

  constructor(
    video: HTMLVideoElement,
    private readonly live: string,
    private readonly tuner: Tuner,
  ) {
    dress();
    this.box.className = "notice";
    this.box.setAttribute("role", "status");
    video.parentElement?.after(this.box);
    video.addEventListener(TOLD, (event) => {
      const { notices, edge } = (event as CustomEvent<Told>).detail;
      this.looked = performance.now();
      this.tell(notices, edge);
    });
    video.addEventListener("timeupdate", () => {
      this.look();
      this.show();
    });
  }

  /** What live tells no more ended at `edge`. */
  private tell(notices: Notice[], edge: number): void {
    for (const each of this.known.values()) {
      if (!notices.some(({ id }) => id === each.id)) each.end = Math.min(each.end, edge);
    }
    for (const each of notices) {
      // A playlist tells the beginning as far as it goes back itself.
      const start = Math.min(each.start, this.known.get(each.id)?.start ?? each.start);
      this.known.set(each.id, { ...each, start });
    }
    this.show();
  }

  /** Looks at live for a browser that plays HLS itself, and for who is behind. */
  private async look(): Promise<void> {
    if (performance.now() - this.looked < EVERY) return;
    this.looked = performance.now();
    try {
      const answer = await fetch(this.live);
      const { notices, edge } = noticesIn(answer.ok ? await answer.text() : "");
      if (!Number.isNaN(edge)) this.tell(notices, edge);
    } catch {
      // Away from the network: what is known holds.
    }
  }

  private show(): void {
    const at = this.tuner.moment().getTime();
    if (this.tuner.behind && Math.abs(Date.now() - at) < ARRIVED) return;
    const on = [...this.known.values()].find(
      ({ id, start, end }) => start <= at && at < end && !this.closed.has(id),
    );
    if ((on?.id ?? "") === this.shown) return;
    this.shown = on?.id ?? "";
    this.box.replaceChildren(...(on ? [this.draw(on)] : []));
  }

  private draw({ id, text }: Notice): HTMLElement {
    const row = document.createElement("div");
    const sentence = document.createElement("p");
    const button = document.createElement("button");
    sentence.textContent = text;
    button.type = "button";
    button.textContent = words;
    button.addEventListener("click", () => {
      this.closed.add(id);
      this.show();
    });
    row.append(sentence, button);
    return row;
  }
}
