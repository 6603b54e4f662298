// The upload screen: files by picker or by drag, one after another, each with its own row.
import { Direct } from "./direct";
import { Sending } from "./sending";
import type { Told, Transport } from "./transport";
import { Tus } from "./tus";
import { type Earlier, isOf, readEarlier, Unfinished } from "./unfinished";
import { readWords, say, shown, size } from "./words";

/** Two at once use a phone's uplink no better than one, and show results later. */
const AT_ONCE = 1;

interface Places {
  list: HTMLElement;
  status: HTMLElement;
  drop: HTMLElement;
  picker: HTMLInputElement;
  /** Whose the videos will be; null where the file replaces that of a video. */
  cooperative: HTMLSelectElement | null;
}

class Screen {
  private readonly words = readWords();
  private readonly all: Sending[] = [];
  private earlier: Unfinished[] = [];

  constructor(
    private readonly root: HTMLElement,
    private readonly places: Places,
  ) {
    const { direct = "", endpoint = "/uploads/" } = root.dataset;
    this.earlier = readEarlier().map(
      (earlier) =>
        new Unfinished(earlier, {
          words: this.words,
          direct,
          endpoint,
          proceed: (file, of) => {
            this.enlist(file, of);
            this.next();
          },
          announce: (sentence) => this.announce(sentence),
        }),
    );
    places.list.append(...this.earlier.map((one) => one.row.element));
  }

  /** Takes files; those that cannot be sent say why. */
  async add(files: Iterable<File>): Promise<void> {
    for (const file of files) {
      const refusal = this.refusal(file);
      if (refusal) this.refuse(`${shown(file.name)}: ${refusal}`);
      else this.enlist(file, await this.begun(file));
    }
    this.next();
  }

  /** What an earlier visit has sent of `file`, for the co-operative that is chosen. */
  private async begun(file: File): Promise<Earlier | undefined> {
    for (const { earlier } of this.earlier)
      if (this.isForChosen(earlier) && (await isOf(earlier, file))) return earlier;
    return undefined;
  }

  private isForChosen(earlier: Earlier): boolean {
    const { cooperative } = this.places;
    return !cooperative || cooperative.value === earlier.cooperative;
  }

  online(): void {
    for (const one of this.all) one.online();
  }

  get isBusy(): boolean {
    return this.all.some((one) => one.active && !one.whole);
  }

  private refusal(file: File): string {
    const most = Number(this.root.dataset.most);
    if (file.size === 0) return say(this.words, "empty");
    if (file.size > most) return say(this.words, "too_big", { most: size(most) });
    if (this.places.cooperative?.value === "") return say(this.words, "choose_cooperative");
    return this.all.some((one) => !one.done && isSame(one.file, file))
      ? say(this.words, "twice")
      : "";
  }

  private refuse(sentence: string): void {
    const item = document.createElement("li");
    item.dataset.tone = "bad";
    item.textContent = sentence;
    this.places.list.append(item);
    this.announce(sentence);
  }

  private enlist(file: File, earlier?: Earlier): void {
    const row = this.earlier.find((one) => one.earlier === earlier);
    this.earlier = this.earlier.filter((one) => one !== row);
    const sending = new Sending(file, {
      words: this.words,
      transport: this.way(file, earlier),
      edit: (video) => (this.root.dataset.edit ?? "").replace(/\/0\//, `/${video}/`),
      announce: (sentence) => this.announce(sentence),
      idle: () => this.next(),
    });
    this.all.push(sending);
    if (row) row.row.element.replaceWith(sending.row.element);
    else this.places.list.append(sending.row.element);
  }

  /** Straight to the bucket of originals where there is one, else through the site. */
  private way(file: File, of?: Earlier): (told: Told) => Transport {
    const { direct, person = "", endpoint = "/uploads/" } = this.root.dataset;
    const { purpose, target = "" } = this.root.dataset;
    const cooperative = of?.cooperative ?? this.places.cooperative?.value ?? "";
    if (direct && of?.way !== "site")
      return (told) => new Direct(file, cooperative, direct, person, told, of?.id);
    const known = of ? `${endpoint}${of.id}` : "";
    const whose: Record<string, string> = purpose ? { purpose, target } : { cooperative };
    return (told) => new Tus(file, whose, endpoint, told, known);
  }

  private announce(sentence: string): void {
    this.places.status.textContent = sentence;
  }

  private next(): void {
    const waiting = this.all.filter((one) => !one.active && !one.done && !one.begun);
    const busy = this.all.filter((one) => one.active && !one.whole).length;
    for (const one of waiting.slice(0, Math.max(0, AT_ONCE - busy))) void one.begin();
  }
}

function isSame(one: File, other: File): boolean {
  const { name, size: bytes, lastModified } = one;
  return name === other.name && bytes === other.size && lastModified === other.lastModified;
}

function find(root: HTMLElement): Places | null {
  const list = root.querySelector<HTMLElement>("[data-list]");
  const status = root.querySelector<HTMLElement>("[data-status]");
  const drop = root.querySelector<HTMLElement>("[data-drop]");
  const picker = root.querySelector<HTMLInputElement>("input[type=file]");
  const cooperative = root.querySelector<HTMLSelectElement>("select");
  if (!list || !status || !drop || !picker) return null;
  return { list, status, drop, picker, cooperative };
}

function take(screen: Screen, { drop, picker }: Places): void {
  const pick = (): void => {
    // A copy: the list is emptied with the field.
    void screen.add([...(picker.files ?? [])]);
    picker.value = "";
  };
  picker.addEventListener("change", pick);
  // On a slow line files may be chosen before this script has come.
  if (picker.files?.length) pick();
  for (const kind of ["dragenter", "dragover"])
    drop.addEventListener(kind, (event) => {
      event.preventDefault();
      drop.dataset.over = "";
    });
  for (const kind of ["dragleave", "drop"])
    drop.addEventListener(kind, () => {
      delete drop.dataset.over;
    });
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    void screen.add([...(event.dataTransfer?.files ?? [])]);
  });
}

function start(root: HTMLElement): void {
  const places = find(root);
  if (!places) return;
  const screen = new Screen(root, places);
  take(screen, places);
  window.addEventListener("online", () => screen.online());
  window.addEventListener("beforeunload", (event) => {
    if (screen.isBusy) event.preventDefault();
  });
}

const root = document.getElementById("siar-upload");
if (root) start(root);
