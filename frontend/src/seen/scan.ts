// On a large screen nobody taps: a card of the player gets the address as a picture to scan.

/** Pixels of width from which a viewer sits too far away for a tap. */
const LARGE = "(min-width: 1280px)";

/** Adds the picture to `card`, once. It is drawn by our own server, place and card in it. */
export function offerScan(card: HTMLElement): void {
  const link = card.querySelector<HTMLAnchorElement>("a.chat");
  if (!link || !matchMedia(LARGE).matches || !card.closest(".player")) return;
  const { pathname, search } = new URL(link.href);
  const image = new Image(112, 112);
  Object.assign(image, { className: "scan", alt: "", src: `${pathname}qr.svg${search}` });
  link.before(image);
}
