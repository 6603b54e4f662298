// One sentence over the picture of a channel, from EXT-X-DATERANGE: polite, and closed by a tap.
// Its words and its look are here, since the page's own files have no room for them.

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

/** Shows the sentence of the moment beside `video`; one that was closed does not come again. */
export class NoticePlace {
  private known: Notice[] = [];
  private shown = "";
  private readonly closed = new Set<string>();
  private readonly box = document.createElement("div");

  constructor(
    private readonly video: HTMLVideoElement,
    private readonly moment: () => Date | null,
  ) {
    dress();
    this.box.className = "notice";
    this.box.setAttribute("role", "status");
    video.parentElement?.after(this.box);
    video.addEventListener("timeupdate", this.show);
  }

  tell(notices: Notice[]): void {
    this.known = notices;
    this.show();
  }

  end(): void {
    this.video.removeEventListener("timeupdate", this.show);
    this.box.remove();
  }

  private readonly show = (): void => {
    const at = this.moment()?.getTime() ?? Date.now();
    const on = this.known.find(
      ({ id, start, end }) => start <= at && at < end && !this.closed.has(id),
    );
    if ((on?.id ?? "") === this.shown) return;
    this.shown = on?.id ?? "";
    this.box.replaceChildren(...(on ? [this.draw(on)] : []));
  };

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
