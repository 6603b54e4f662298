// One file on the upload screen: what is seen of it.
import type { StateEvent } from "./progress";
import { say, type Words } from "./words";

export type Button = "pause" | "resume" | "cancel" | "retry" | "choose" | "discard";

const MAIN = new Set<Button>(["retry", "resume", "choose"]);

/** What is said of a file that was sent, by the state of its encode; "done" of the others. */
const SENTENCES: Record<string, string> = {
  waiting: "arrived",
  probing: "arrived",
  failed: "refused",
};
/** The edge of a row by the state of its encode; the others have none. */
const TONES: Record<string, string> = { ready: "ok", withdrawn: "ok", failed: "bad" };

export class Row {
  readonly element = document.createElement("li");
  private readonly line = document.createElement("p");
  private readonly bar = document.createElement("progress");
  private readonly buttons = document.createElement("p");

  constructor(
    private readonly words: Words,
    readonly name: string,
    private readonly pressed: (button: Button) => void,
  ) {
    const title = document.createElement("strong");
    title.textContent = name;
    this.bar.max = 100;
    this.bar.value = 0;
    this.bar.setAttribute("aria-label", say(words, "progress", { name }));
    this.buttons.className = "siar-buttons";
    this.element.tabIndex = -1;
    this.element.append(title, this.bar, this.line, this.buttons);
  }

  /** Shows a sentence, how far it is (0 to 1; null keeps the bar) and what can be done. */
  show(sentence: string, fraction: number | null, buttons: Button[], tone = ""): void {
    this.line.textContent = sentence;
    this.element.dataset.tone = tone;
    if (fraction !== null) this.bar.value = Math.round(fraction * 100);
    this.offer(buttons);
  }

  /**
   * Follows what the machines do with the video that came of it: nothing is well before
   * somebody has looked into the file. `progress.js` fills the place and says what changed.
   */
  follow(video: string, address: string): void {
    const place = document.createElement("p");
    place.dataset.siarState = video;
    place.addEventListener("siar:state", (event) => this.became(event as StateEvent, address));
    this.bar.hidden = true;
    this.line.after(place);
    this.links([["edit", address]]);
  }

  private became({ detail }: StateEvent, address: string): void {
    this.line.textContent = say(this.words, SENTENCES[detail.code] ?? "done");
    this.element.dataset.tone = TONES[detail.code] ?? "";
    const watch = detail.preview && detail.code !== "failed";
    this.links([
      ...(watch ? [["watch", `${address}#siar-preview`] as const] : []),
      ["edit", address],
    ]);
  }

  /** Shows ways to go on; made anew only when they change. */
  private links(links: (readonly [string, string])[]): void {
    const names = links.map(([name]) => name).join();
    if (this.buttons.dataset.buttons === names) return;
    this.buttons.dataset.buttons = names;
    const held = this.hasFocus();
    this.buttons.replaceChildren(
      ...links.map(([name, address], place) => {
        const link = document.createElement("a");
        link.className = place === 0 ? "button" : "button button-secondary";
        link.href = address;
        link.textContent = say(this.words, name);
        return link;
      }),
    );
    if (held) this.buttons.querySelector("a")?.focus();
  }

  /** Goes; the focus passes on to its neighbour, or to where files are chosen. */
  remove(): void {
    const held = this.hasFocus();
    const near = this.element.nextElementSibling ?? this.element.previousElementSibling;
    this.element.remove();
    const next =
      near?.querySelector<HTMLElement>("button, a") ??
      document.querySelector<HTMLElement>("input[type=file]");
    if (held) next?.focus();
  }

  private hasFocus(): boolean {
    return this.element.contains(document.activeElement);
  }

  /** Makes buttons anew only when they change: the one that has the focus keeps it. */
  private offer(buttons: Button[]): void {
    if (this.buttons.dataset.buttons === buttons.join()) return;
    const held = this.hasFocus();
    this.buttons.dataset.buttons = buttons.join();
    this.buttons.replaceChildren(...buttons.map((button) => this.make(button)));
    // Without a button the row itself keeps the place of who goes by keyboard.
    if (held) (this.buttons.querySelector("button") ?? this.element).focus();
  }

  private make(button: Button): HTMLButtonElement {
    const element = document.createElement("button");
    element.type = "button";
    element.className = MAIN.has(button) ? "button" : "button button-secondary";
    element.dataset.button = button;
    element.textContent = say(this.words, button);
    element.setAttribute("aria-label", `${say(this.words, button)}: ${this.name}`);
    element.addEventListener("click", () => this.pressed(button));
    return element;
  }
}
