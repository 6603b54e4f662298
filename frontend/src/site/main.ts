// Every page: the quality in the app bar, the price of this page, sharing. Small on purpose.
import { variants, within } from "../player/playlist";
import { about, chosenQuality, fill, type Quality, size, USUAL } from "../shared/quota";
import { offerSharing } from "./share";

/** The sentence of `note` with what `qualities` need a minute. */
function showPrices(note: HTMLElement, watched: string, qualities: Quality[]): void {
  const picture = within(qualities, watched);
  const sound = within(qualities, "audio");
  if (!picture || !sound) return;
  note.textContent = fill(note.dataset.prices ?? "", {
    quality: picture.key,
    size: size(picture.perMinute),
    price: about(picture.perMinute),
    audio: size(sound.perMinute),
    audioPrice: about(sound.perMinute),
  });
}

/** The usual figures at once, then the channel's own, which the player's meter shows as well. */
async function priceWatching(note: HTMLElement, watched: string): Promise<void> {
  showPrices(note, watched, [...USUAL]);
  const address = note.dataset.playlist ?? "";
  try {
    const answer = await fetch(address);
    if (answer.ok) showPrices(note, watched, variants(await answer.text(), answer.url));
  } catch {
    // No signal: the usual figures stand.
  }
}

function showQuality(): void {
  const quality = chosenQuality();
  const words = quality === "audio" ? "" : quality;
  for (const link of document.querySelectorAll<HTMLElement>("[data-quota]")) {
    link.querySelector("span")?.append(words);
    if (words) link.setAttribute("aria-label", `${link.getAttribute("aria-label")}: ${words}`);
  }
  const shown = words || "240p";
  for (const label of document.querySelectorAll<HTMLElement>("[data-watch]")) {
    label.textContent = fill(label.dataset.watch ?? "", { quality: shown });
  }
  for (const note of document.querySelectorAll<HTMLElement>("[data-prices]")) {
    priceWatching(note, shown);
  }
}

/** Bytes over the network for this page so far; what a cache gave costs nothing. */
function pageBytes(): number {
  const kinds = ["navigation", "resource"].flatMap((kind) => performance.getEntriesByType(kind));
  return kinds.reduce((sum, entry) => sum + (entry as PerformanceResourceTiming).transferSize, 0);
}

function showWeight(): void {
  const line = document.querySelector<HTMLElement>("[data-weight]");
  const bytes = pageBytes();
  if (!line || bytes === 0) return;
  line.textContent = fill(line.dataset.weight ?? "", { size: size(bytes), price: about(bytes) });
  line.hidden = false;
}

showQuality();
offerSharing();
addEventListener("load", () =>
  setTimeout(() => {
    showWeight();
    import(document.body.dataset.cards ?? "");
  }),
);
