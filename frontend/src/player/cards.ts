// Product cards in time with the programme, from EXT-X-DATERANGE.
import { icon } from "./dom";
import { words } from "./words";

export const CARD_CLASS = "id.siar.card";

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

/** Shows the card of the moment in a player, and takes it away when it is over. */
export class CardPlace {
  private shown = "";

  constructor(private readonly player: HTMLElement) {}

  show(cards: readonly Card[], moment: number): void {
    const card = cards.find(({ start, end }) => start <= moment && moment < end);
    if ((card?.id ?? "") === this.shown) return;
    this.shown = card?.id ?? "";
    this.player.querySelector(":scope > .product")?.remove();
    if (card) this.player.append(drawCard(card));
  }
}
