// Hemat Kuota: megabytes used so far, and a quality with its price a minute.
import {
  about,
  fill,
  price,
  type Quality,
  rememberQuality,
  rememberTariff,
  size,
  tariff,
} from "../shared/quota";
import { within } from "./playlist";
import { span, words } from "./words";

export class Meter {
  private bytes = 0;
  private seconds = 0;
  private qualities: Quality[] = [];

  constructor(
    private readonly panel: HTMLElement,
    private choice: string,
    private readonly onChoice: (key: string) => void,
  ) {
    panel.addEventListener("change", (event) => this.onChange(event.target as HTMLInputElement));
    const field = panel.querySelector<HTMLInputElement>("[data-tariff]");
    if (field) field.value = String(tariff());
  }

  /** Shows what may be chosen; the panel is hidden until then. */
  offer(qualities: Quality[]): void {
    this.qualities = qualities;
    this.panel.hidden = false;
    this.draw();
  }

  /** Marks a quality that was chosen elsewhere. */
  show(choice: string): void {
    this.choice = choice;
    if (!this.panel.hidden) this.draw();
  }

  addBytes(count: number): void {
    this.bytes += count;
    this.drawSum();
  }

  addSeconds(count: number): void {
    this.seconds += count;
    this.drawSum();
  }

  /** For an engine that counts no bytes: what so many seconds of the choice need. */
  reckon(seconds: number): void {
    const perMinute = within(this.qualities, this.choice)?.perMinute ?? 0;
    this.bytes += (perMinute * seconds) / 60;
  }

  private onChange(input: HTMLInputElement): void {
    if (input.matches("[data-tariff]")) rememberTariff(Number(input.value));
    if (input.name === "mutu") {
      this.choice = input.value;
      rememberQuality(input.value);
      this.onChoice(input.value);
    }
    this.draw();
  }

  private draw(): void {
    const place = this.panel.querySelector(".choices");
    const chosen = within(this.qualities, this.choice);
    // Redrawing the radios would take the focus of the one just chosen.
    if (place?.childElementCount !== this.qualities.length) {
      place?.replaceChildren(...this.qualities.map((quality) => this.radio(quality)));
    }
    for (const [index, quality] of this.qualities.entries()) {
      const label = place?.children[index];
      const input = label?.querySelector("input");
      const cost = label?.querySelector("small");
      if (input) input.checked = quality === chosen;
      if (cost) cost.textContent = `${size(quality.perMinute)} · ${price(quality.perMinute)}`;
    }
    const note = this.panel.querySelector<HTMLElement>("[data-rate]");
    if (note) note.textContent = fill(note.dataset.rate ?? "", { tariff: `Rp${tariff()}` });
    this.drawSum();
  }

  private radio(quality: Quality): HTMLElement {
    const label = document.createElement("label");
    const input = document.createElement("input");
    Object.assign(input, { type: "radio", name: "mutu", value: quality.key });
    const name = quality.key === "audio" ? words.audio : quality.key;
    label.append(input, name, document.createElement("small"));
    return label;
  }

  private drawSum(): void {
    const [output, note] = this.panel.querySelectorAll<HTMLElement>(".sum > *");
    if (output) output.textContent = size(this.bytes);
    if (note) note.textContent = `${about(this.bytes)} · ${span(this.seconds * 1000)}`;
  }
}
