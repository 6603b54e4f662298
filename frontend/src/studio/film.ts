// A film off the phone: sent while its part is being marked, by eye in a small player.
import { Sending } from "../admin/sending";
import { Tus, unfinished } from "../admin/tus";
import { readWords, say, shown, size } from "../admin/words";

interface Places {
  picker: HTMLInputElement;
  list: HTMLElement;
  status: HTMLElement;
  video: HTMLVideoElement;
  here: HTMLButtonElement;
  form: HTMLFormElement;
  begin: HTMLInputElement;
}

function find(root: HTMLElement): Places | null {
  const picker = root.querySelector<HTMLInputElement>("input[type=file]");
  const list = root.querySelector<HTMLElement>("[data-list]");
  const status = root.querySelector<HTMLElement>("[data-status]");
  const video = root.querySelector<HTMLVideoElement>("video");
  const here = root.querySelector<HTMLButtonElement>("[data-here]");
  const form = root.querySelector<HTMLFormElement>("form[data-part]");
  const begin = form?.querySelector<HTMLInputElement>("input[name=begin]");
  if (!picker || !list || !status || !video || !here || !form || !begin) return null;
  return { picker, list, status, video, here, form, begin };
}

/** Sends films to a clip, and its part; the page is loaded anew once both are there. */
class Film {
  private readonly words = readWords();
  private sending: Sending | null = null;
  private marked = false;
  private arrived: boolean;

  constructor(
    private readonly root: HTMLElement,
    private readonly places: Places,
  ) {
    this.arrived = root.dataset.arrived === "yes";
    places.picker.addEventListener("change", () => this.take(places.picker.files?.[0]));
    places.here.addEventListener("click", () => this.markHere());
    places.begin.addEventListener("change", () => this.show());
    places.form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.send();
    });
    window.addEventListener("online", () => this.sending?.online());
    window.addEventListener("beforeunload", (event) => {
      if (this.sending?.active && !this.sending.whole) event.preventDefault();
    });
    // On a slow line a film may be chosen before this script has come.
    if (!this.arrived) this.take(places.picker.files?.[0]);
    if (!this.arrived && !this.sending) void this.recall();
  }

  /** Says what an earlier visit has sent: the same file goes on from there. */
  private async recall(): Promise<void> {
    const found = await unfinished(this.whose);
    if (!found || this.sending) return;
    const values = { name: shown(found.name), sent: size(found.sent), total: size(found.size) };
    const line = document.createElement("li");
    line.textContent = say(this.words, "there_already", values);
    this.places.list.replaceChildren(line);
  }

  private get whose(): Record<string, string> {
    return { purpose: "clip", target: this.root.dataset.clip ?? "" };
  }

  /** Begins to send a file, unless it cannot be sent. */
  private take(file: File | undefined): void {
    const refusal = file ? this.refusal(file) : "";
    if (refusal) this.say(refusal);
    if (!file || refusal) return;
    this.preview(file);
    const { endpoint = "/uploads/" } = this.root.dataset;
    this.sending = new Sending(file, {
      words: this.words,
      transport: (told) => new Tus(file, this.whose, endpoint, told),
      edit: () => "",
      announce: (sentence) => this.say(sentence),
      idle: () => this.settle(),
    });
    this.places.list.replaceChildren(this.sending.row.element);
    void this.sending.begin();
  }

  private refusal(file: File): string {
    const most = Number(this.root.dataset.most);
    if (file.size === 0) return say(this.words, "empty");
    return file.size > most ? say(this.words, "too_big", { most: size(most) }) : "";
  }

  private preview(file: File): void {
    const { video, here } = this.places;
    if (video.src) URL.revokeObjectURL(video.src);
    video.src = URL.createObjectURL(file);
    video.hidden = here.hidden = false;
  }

  private markHere(): void {
    const { video, begin } = this.places;
    begin.value = video.currentTime.toFixed(1);
    video.pause();
  }

  private show(): void {
    const { video, begin } = this.places;
    if (video.src) video.currentTime = Number(begin.value) || 0;
  }

  /** A file was sent, or given up. */
  private settle(): void {
    const { picker } = this.places;
    if (this.sending?.done && this.sending.whole) this.arrived = true;
    picker.disabled = this.sending !== null && !this.sending.done;
    this.goOn();
  }

  /** Keeps the part without leaving the page, on which the file is still being sent. */
  private async send(): Promise<void> {
    const { form } = this.places;
    try {
      const answer = await fetch(form.action, {
        method: "POST",
        body: new FormData(form),
        headers: { Accept: "application/json" },
      });
      const told = (await answer.json()) as { sentence: string; ok: boolean };
      this.marked = told.ok;
      this.say(told.sentence);
    } catch {
      this.say(this.root.dataset.unsent ?? "");
    }
    this.goOn();
  }

  private goOn(): void {
    if (this.marked && this.arrived) location.reload();
  }

  private say(sentence: string): void {
    this.places.status.textContent = sentence;
  }
}

/** Wakes the screen on which a film is sent. */
export function receive(root: HTMLElement): void {
  const places = find(root);
  if (places) new Film(root, places);
}
