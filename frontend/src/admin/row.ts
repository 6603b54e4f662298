// One file on the upload screen: what is seen of it.
import { say, type Words } from "./words";

export type Button = "pause" | "resume" | "cancel" | "retry";

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
    this.element.append(title, this.bar, this.line, this.buttons);
  }

  /** Shows a sentence, how far it is (0 to 1; null keeps the bar) and what can be done. */
  show(sentence: string, fraction: number | null, buttons: Button[], tone = ""): void {
    this.line.textContent = sentence;
    this.element.dataset.tone = tone;
    if (fraction !== null) this.bar.value = Math.round(fraction * 100);
    this.offer(buttons);
  }

  /** Shows the way to the video. */
  link(address: string): void {
    const link = document.createElement("a");
    link.className = "button";
    link.href = address;
    link.textContent = say(this.words, "edit");
    this.buttons.dataset.buttons = "link";
    this.buttons.replaceChildren(link);
  }

  remove(): void {
    this.element.remove();
  }

  /** Makes buttons anew only when they change: the one that has the focus keeps it. */
  private offer(buttons: Button[]): void {
    if (this.buttons.dataset.buttons === buttons.join()) return;
    const held = this.buttons.contains(document.activeElement);
    this.buttons.dataset.buttons = buttons.join();
    this.buttons.replaceChildren(...buttons.map((button) => this.make(button)));
    if (held) this.buttons.querySelector("button")?.focus();
  }

  private make(button: Button): HTMLButtonElement {
    const element = document.createElement("button");
    element.type = "button";
    element.className =
      button === "retry" || button === "resume" ? "button" : "button button-secondary";
    element.dataset.button = button;
    element.textContent = say(this.words, button);
    element.setAttribute("aria-label", `${say(this.words, button)}: ${this.name}`);
    element.addEventListener("click", () => this.pressed(button));
    return element;
  }
}
