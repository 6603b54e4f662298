// Every page: the quality in the app bar, the price of this page, sharing. Small on purpose.
import { chosenQuality, fill, price, size, USUAL } from "../shared/quota";
import { offerSharing } from "./share";

function perMinute(key: string): number {
  return USUAL.find((quality) => quality.key === key)?.perMinute ?? 0;
}

function showQuality(): void {
  const quality = chosenQuality();
  const words = quality === "audio" ? "" : quality;
  for (const link of document.querySelectorAll<HTMLElement>("[data-quota]")) {
    link.append(words);
    if (words) link.setAttribute("aria-label", `${link.getAttribute("aria-label")}: ${words}`);
  }
  const shown = words || "240p";
  for (const label of document.querySelectorAll<HTMLElement>("[data-watch]")) {
    label.textContent = fill(label.dataset.watch ?? "", { quality: shown });
  }
  for (const note of document.querySelectorAll<HTMLElement>("[data-prices]")) {
    note.textContent = fill(note.dataset.prices ?? "", {
      quality: shown,
      size: size(perMinute(shown)),
      price: price(perMinute(shown)),
      audio: size(perMinute("audio")),
      audioPrice: price(perMinute("audio")),
    });
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
  line.textContent = fill(line.dataset.weight ?? "", { size: size(bytes), price: price(bytes) });
  line.hidden = false;
}

showQuality();
offerSharing();
addEventListener("load", () => setTimeout(showWeight));
