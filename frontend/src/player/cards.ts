// Product cards in time with the programme, from EXT-X-DATERANGE. Fetched with the first card.
import { icon } from "./dom";

const words = document.documentElement.lang.startsWith("en")
  ? { promotion: "Promotion", chat: "WhatsApp chat" }
  : { promotion: "Promosi", chat: "Chat WhatsApp" };

export interface Card {
  id: string;
  /** Milliseconds since 1970, on the programme's own clock (PROGRAM-DATE-TIME). */
  start: number;
  end: number;
  attributes: Record<string, string>;
}

/** Only addresses that a click may safely follow: of this site, or the web. */
function safe(address: string | undefined): string | undefined {
  if (!address) return undefined;
  const url = new URL(address, location.href);
  return url.protocol === "https:" || url.origin === location.origin ? url.href : undefined;
}

function element(tag: string, className: string, text = ""): HTMLElement {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.textContent = text;
  return made;
}

/** "Rp18.500" as the price lockup: small Rp, heavy number, small unit. */
function priceTag(price: string, unit: string | undefined): HTMLElement {
  const tag = element("span", "price");
  tag.append(element("small", "", "Rp"), price.replace(/^Rp/, ""));
  if (unit) tag.append(element("small", "", `/${unit}`));
  return tag;
}

function picture(address: string | undefined): HTMLElement {
  const url = safe(address);
  if (!url) {
    const blank = element("span", "blank");
    blank.append(icon("tag"));
    return blank;
  }
  return Object.assign(new Image(88, 88), { src: url, alt: "" });
}

function chat(address: string | undefined, name: string): HTMLElement[] {
  const url = safe(address);
  if (!url) return [];
  const link = element("a", "button chat") as HTMLAnchorElement;
  Object.assign(link, { href: url, target: "_blank", rel: "noopener nofollow" });
  link.append(icon("chat"), words.chat, element("span", "quiet", ` ${name}`));
  return [link];
}

/** The card as DESIGN.md draws it: label, name, price, stall and place, chat. */
export function drawCard({ id, attributes: card }: Card): HTMLElement {
  const article = element("article", "product");
  article.dataset.seen = id;
  const inside = element("div", "");
  const text = element("div", "text");
  const name = card["X-NAME"] ?? "";
  const where = [card["X-STALL"], card["X-PLACE"]].filter(Boolean).join(", ");
  text.append(element("span", "tag", card["X-LABEL"] ?? words.promotion), element("b", "", name));
  if (card["X-PRICE"]) text.append(priceTag(card["X-PRICE"], card["X-UNIT"]));
  text.append(element("span", "note", where));
  inside.append(picture(card["X-IMAGE"]), text, ...chat(card["X-LINK"], name));
  article.append(inside);
  return article;
}

/** Where to ask whether a card is still to show, from where its tap leads. */
function question(tap: string | undefined): string | undefined {
  const url = safe(tap);
  if (!url) return undefined;
  const { origin, pathname, searchParams } = new URL(url);
  return origin === location.origin
    ? `${pathname}tampil.json?s=${searchParams.get("s") ?? ""}`
    : undefined;
}

/** Milliseconds between questions while a card shows: what is taken down is away within 5 s. */
const LOOK = 3000;

/** Milliseconds that a card waits for the first answer. */
const PATIENCE = 1000;

/**
 * Shows the card of the moment in a player, and takes it away when it is over, or when its product
 * is taken down: the playlist names the cards of an entry until the entry ends.
 */
export class CardPlace {
  private shown = "";
  private timer = 0;
  private readonly gone = new Set<string>();

  constructor(private readonly player: HTMLElement) {}

  show(cards: readonly Card[], moment: number): void {
    const card = cards.find(({ start, end }) => start <= moment && moment < end);
    const id = card && !this.gone.has(card.id) ? card.id : "";
    if (id === this.shown) return;
    this.clear();
    if (!card || !id) return;
    this.shown = id;
    this.timer = window.setInterval(() => {
      if (!document.hidden) void this.look(card);
    }, LOOK);
    void this.begin(card);
  }

  private async begin(card: Card): Promise<void> {
    await Promise.race([
      this.look(card),
      new Promise((resolve) => {
        setTimeout(resolve, PATIENCE);
      }),
    ]);
    if (this.shown === card.id && !this.drawn()) this.player.append(drawCard(card));
  }

  /** Without an answer a card stays. */
  private async look(card: Card): Promise<void> {
    const address = question(card.attributes["X-LINK"]);
    if (!address) return;
    try {
      const answer = await fetch(address);
      if (!answer.ok || (await answer.json()).shows !== false) return;
    } catch {
      return;
    }
    this.gone.add(card.id);
    if (this.shown === card.id) this.clear();
  }

  private clear(): void {
    clearInterval(this.timer);
    this.shown = "";
    this.drawn()?.remove();
  }

  private drawn(): Element | null {
    return this.player.querySelector(":scope > .product");
  }
}
