// Photos of a form: made small, sent while the rest is being written, and named by the form.
import { Sending } from "../admin/sending";
import { Tus } from "../admin/tus";
import { readWords, say, shown, type Words } from "../admin/words";
import { shrink } from "./shrink";

/** Bytes that the site takes, of what cannot be made small here. */
const LARGEST = 12 * 2 ** 20;
const ENDPOINT = "/uploads/";

/** One photo, from the moment it is chosen. */
class Photo {
  readonly element = document.createElement("li");
  sending: Sending | null = null;
  private isEnded = false;
  private readonly picture = document.createElement("img");

  constructor(
    readonly chosen: File,
    private readonly field: string,
    private readonly words: Words,
    private readonly tell: (sentence: string) => void,
    private readonly changed: () => void,
  ) {
    this.picture.alt = "";
    this.picture.hidden = true;
    // What this browser cannot show is sent without being seen.
    this.picture.onload = () => {
      this.picture.hidden = false;
    };
    this.element.append(say(words, "shrinking"));
  }

  /** Makes it small, and says so when it may be sent. */
  async prepare(): Promise<void> {
    const file = await shrink(this.chosen);
    this.picture.src = URL.createObjectURL(file);
    const refusal = file.size > LARGEST ? "too_big" : file.size === 0 ? "empty" : "";
    if (refusal) {
      this.refuse(say(this.words, refusal));
      return;
    }
    this.sending = new Sending(file, {
      words: this.words,
      transport: (told) => new Tus(file, { purpose: "photo" }, ENDPOINT, told),
      edit: () => "",
      announce: this.tell,
      idle: () => this.settle(),
    });
    this.element.replaceChildren(this.picture, this.sending.row.element);
    this.changed();
  }

  private refuse(sentence: string): void {
    this.element.dataset.tone = "bad";
    this.element.replaceChildren(`${shown(this.chosen.name)}: ${sentence}`, this.remover());
    this.changed();
  }

  /** It has ended, or waits for the person. */
  private settle(): void {
    if (this.sending?.done) this.end(this.sending);
    this.changed();
  }

  private end({ made, row }: Sending): void {
    if (!row.element.isConnected) this.element.remove(); // cancelled
    if (!this.element.isConnected || this.isEnded) return;
    this.isEnded = true;
    const input = document.createElement("input");
    input.type = "hidden";
    input.name = this.field;
    input.value = made;
    this.element.append(...(made ? [input] : []), this.remover());
  }

  private remover(): HTMLButtonElement {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button button-secondary";
    button.textContent = say(this.words, "remove");
    button.setAttribute("aria-label", `${button.textContent}: ${shown(this.chosen.name)}`);
    button.addEventListener("click", () => {
      this.element.remove();
      this.changed();
    });
    return button;
  }

  /** Whether the form has to wait for it. */
  get isUnderWay(): boolean {
    const { sending } = this;
    if (!this.element.isConnected || this.element.dataset.tone) return false;
    return !sending?.begun || sending.active || (sending.done && !this.isEnded);
  }

  /** Whether it has stopped, and only the person can say how it goes on. */
  get isStuck(): boolean {
    return this.element.isConnected && !this.isUnderWay && !this.sending?.made;
  }
}

/** The photos of one form; they go one after another. */
class Photos {
  private readonly words = readWords();
  private readonly all: Photo[] = [];
  private isSaving = false;

  constructor(
    private readonly form: HTMLFormElement,
    private readonly status: HTMLElement,
  ) {
    for (const root of form.querySelectorAll<HTMLElement>("[data-photos]")) this.watch(root);
    window.addEventListener("online", () => {
      for (const { sending } of this.all) sending?.online();
    });
    form.addEventListener("submit", (event) => {
      this.isSaving = this.all.some((one) => one.isUnderWay || one.isStuck);
      if (this.isSaving) event.preventDefault();
      this.goOn();
    });
  }

  private watch(root: HTMLElement): void {
    const list = root.querySelector<HTMLElement>("[data-list]");
    if (!list) return;
    for (const picker of root.querySelectorAll<HTMLInputElement>("input[type=file]")) {
      const take = (): void => {
        for (const file of picker.files ?? []) this.add(file, root, list);
        picker.value = ""; // it is sent already, and not by the form once more
      };
      picker.addEventListener("change", take);
      take(); // on a slow line photos may be chosen before this script has come
    }
  }

  private add(file: File, root: HTMLElement, list: HTMLElement): void {
    const { photos = "", most = "1" } = root.dataset;
    if (this.all.some((one) => one.element.isConnected && isSame(one.chosen, file))) {
      this.say(say(this.words, "twice"));
      return;
    }
    if (most === "1") this.clear(root, list);
    if (list.children.length + root.querySelectorAll("[data-waiting] :checked").length >= +most) {
      this.say(say(this.words, "too_many"));
      return;
    }
    const tell = (sentence: string): void => this.say(sentence);
    const photo = new Photo(file, photos, this.words, tell, () => this.changed());
    this.all.push(photo);
    list.append(photo.element);
    void photo.prepare();
  }

  /** Another photo takes the place of the one that there is. */
  private clear(root: HTMLElement, list: HTMLElement): void {
    for (const old of root.querySelectorAll("[data-waiting]")) old.remove();
    for (const { element, sending } of this.all) {
      if (element.parentElement !== list) continue;
      if (sending && !sending.done) void sending.cancel();
      element.remove();
    }
  }

  private changed(): void {
    const here = this.all.filter((one) => one.element.isConnected);
    const isBusy = here.some(({ sending }) => sending?.active && !sending.whole);
    const next = here.find(({ sending }) => sending && !sending.begun && !sending.done);
    if (!isBusy && next?.sending) void next.sending.begin();
    this.goOn();
  }

  /** Saves the form that waited for its photos, or says why it is not saved. */
  private goOn(): void {
    if (!this.isSaving) return;
    if (this.all.some((one) => one.isUnderWay)) {
      this.say(say(this.words, "saving"));
      return;
    }
    this.isSaving = false;
    const stuck = this.all.find((one) => one.isStuck);
    if (stuck) {
      this.say(say(this.words, "unsent"));
      stuck.element.scrollIntoView({ block: "center" });
    } else {
      this.form.requestSubmit();
    }
  }

  private say(sentence: string): void {
    this.status.textContent = sentence;
  }
}

function isSame(one: File, other: File): boolean {
  const { name, size, lastModified } = one;
  return name === other.name && size === other.size && lastModified === other.lastModified;
}

/** Sends the photos of `form`, if it takes any, before it. */
export function send(form: HTMLFormElement): void {
  const status = form.querySelector<HTMLElement>("[data-status]");
  if (status && form.querySelector("[data-photos]")) new Photos(form, status);
}
