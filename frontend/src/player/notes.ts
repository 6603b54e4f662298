// What the player says beside its picture: how much of a title is ready, that it is only heard.
import { fill } from "../shared/quota";
import { icon } from "./dom";
import { atLeast, words } from "./words";

/** How much of a title that is being made can be seen, under its picture; null takes it away. */
export function showGrowth(player: HTMLElement, seconds: number | null): void {
  let note = player.parentElement?.querySelector<HTMLElement>(".growing");
  if (seconds === null) {
    note?.remove();
    return;
  }
  if (!note) {
    note = Object.assign(document.createElement("p"), { className: "note growing" });
    player.after(note);
  }
  note.textContent = fill(words.growing, { span: atLeast(seconds) });
}

/** Over the picture of what is only listened to. */
export function showListening(player: HTMLElement, screen: HTMLElement, listening: boolean): void {
  player.classList.toggle("listening", listening);
  player.querySelector(".ear")?.remove();
  if (!listening || player.dataset.sound) return;
  const ear = document.createElement("span");
  ear.className = "ear";
  ear.setAttribute("slot", "centered-chrome");
  ear.setAttribute("noautohide", "");
  ear.append(icon("audio"), words.listening);
  screen.append(ear);
}

/** The pictures for scrubbing cost as well: tells the bytes of each that the page fetches. */
export function countSprites(onBytes: (count: number) => void): void {
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries() as PerformanceResourceTiming[]) {
      if (entry.name.includes("/storyboard-")) onBytes(entry.transferSize);
    }
  }).observe({ type: "resource" });
}
