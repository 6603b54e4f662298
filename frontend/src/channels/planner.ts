// A channel's day in the CMS: follows what is on air, says when a video ends.

import { offerTimeline } from "./timeline";

function say(line: HTMLElement, state: "on-air" | "aired"): void {
  const words = document.querySelector<HTMLTemplateElement>(`#planner-${state}`);
  if (!words || line.dataset.said === state) return;
  line.dataset.said = state;
  line.querySelector(".planner-state")?.replaceChildren(words.content.cloneNode(true));
  line.querySelector(".planner-buttons")?.remove();
}

/** The page was right when it was made; from then on the lines go with the clock. */
function followTheClock(): void {
  const now = Date.now() / 1000;
  for (const line of document.querySelectorAll<HTMLElement>(".planner-line[data-end]")) {
    const isOnAir = Number(line.dataset.start) <= now && now < Number(line.dataset.end);
    if (isOnAir) {
      line.setAttribute("aria-current", "true");
      say(line, "on-air");
    } else if (line.hasAttribute("aria-current")) {
      line.removeAttribute("aria-current");
      say(line, "aired");
    }
  }
}

function two(number: number): string {
  return String(number).padStart(2, "0");
}

/** "19:30:00" and 62 seconds to "19.31.02". */
function endOf(start: string, seconds: number): string {
  const [hours = 0, minutes = 0, rest = 0] = start.split(":").map(Number);
  const end = Math.round(hours * 3600 + minutes * 60 + rest + seconds) % 86_400;
  return [end / 3600, (end / 60) % 60, end % 60].map((part) => two(Math.floor(part))).join(".");
}

function showEnd(form: HTMLFormElement): void {
  const video = form.elements.namedItem("video") as HTMLInputElement;
  const start = form.elements.namedItem("start") as HTMLInputElement;
  const line = form.querySelector<HTMLElement>(".planner-until");
  const seconds = Number(video.dataset.seconds ?? 0);
  if (!line) return;
  line.hidden = !seconds || !start.value;
  if (line.hidden) return;
  line.textContent = (line.dataset.until ?? "").replace("{end}", endOf(start.value, seconds));
}

/** Shows the fields that what was chosen needs. */
function showFields(form: HTMLFormElement): void {
  const given = new FormData(form);
  const chosen = String(given.get("content") ?? given.get("what") ?? "");
  for (const part of form.querySelectorAll<HTMLElement>("[data-for]")) {
    part.hidden = !part.dataset.for?.split(" ").includes(chosen);
  }
}

/** The chooser tells which video was chosen; its address tells how long that one is. */
async function askLength(form: HTMLFormElement): Promise<void> {
  const video = form.elements.namedItem("video") as HTMLInputElement;
  const asked = video.value;
  video.dataset.seconds = "";
  if (asked) {
    const answer = await fetch(`${video.dataset.chosen}${encodeURIComponent(asked)}/`);
    const told = answer.ok ? await answer.json() : null;
    if (video.value === asked) video.dataset.seconds = String(told?.result?.seconds ?? "");
  }
  showEnd(form);
}

for (const form of document.querySelectorAll<HTMLFormElement>(".planner-form")) {
  if (!form.elements.namedItem("video")) continue;
  const video = form.elements.namedItem("video") as HTMLInputElement;
  video.addEventListener("change", () => void askLength(form));
  showEnd(form);
  showFields(form);
  form.addEventListener("input", () => {
    showEnd(form);
    showFields(form);
  });
}
for (const button of document.querySelectorAll<HTMLElement>("[data-confirm]")) {
  button.addEventListener("click", (event) => {
    if (!window.confirm(button.dataset.confirm)) event.preventDefault();
  });
}
if (window.location.hash === "#tambah") {
  document.querySelector<HTMLElement>("#tambah :is(button, select)")?.focus();
}
followTheClock();
window.setInterval(followTheClock, 1000);
offerTimeline();
