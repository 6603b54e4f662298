// Pictures for who moves the time by keys; media-chrome shows them to pointers alone.

/** Milliseconds that the picture stays after the last key. */
const STAYS = 1500;

/** Asks media-chrome for the picture of a moment; null takes it away. */
function ask(range: HTMLElement, seconds: number | null): void {
  const asked = { bubbles: true, composed: true, detail: seconds };
  range.dispatchEvent(new CustomEvent("mediapreviewrequest", asked));
}

/** Lets the time range of a player that has pictures show the moment that its keys have come to. */
export function showToKeys(player: HTMLElement): void {
  const range = player.querySelector<HTMLElement>("media-time-range:not([data-keys])");
  if (!range || !player.dataset.storyboard) return;
  range.dataset.keys = "";
  show(range);
}

function show(range: HTMLElement): void {
  const input = range.shadowRoot?.querySelector<HTMLInputElement>("input");
  const rail = range.shadowRoot?.querySelector<HTMLElement>("#preview-rail");
  if (!input || !rail) return;
  let timer = 0;
  let byKeys = false;

  const end = () => {
    if (timer === 0) return;
    clearTimeout(timer);
    timer = 0;
    range.removeAttribute("dragging");
    rail.style.transform = "";
    ask(range, null);
  };
  const ahead = () => {
    const [first, last] = (range.getAttribute("mediaseekable") ?? "").split(":").map(Number);
    if (first === undefined || last === undefined) return;
    clearTimeout(timer);
    timer = window.setTimeout(end, STAYS);
    // It would be cut at the edges of a narrow screen.
    rail.style.transform = `translateX(clamp(3rem, ${input.valueAsNumber * 100}%, 100% - 3rem))`;
    ask(range, first + input.valueAsNumber * (last - first));
    // What media-chrome looks for when it shows the picture; playback leaves the thumb alone, too.
    range.setAttribute("dragging", "");
  };

  input.addEventListener("keydown", () => {
    byKeys = true;
  });
  range.addEventListener("pointerdown", () => {
    byKeys = false;
    end();
  });
  input.addEventListener("input", () => byKeys && ahead());
  input.addEventListener("blur", end);
}
