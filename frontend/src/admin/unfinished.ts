// What an earlier visit has begun to send: each is continued with the same file, or discarded.
import { type Button, Row } from "./row";
import { sample } from "./sample";
import { say, shown, size, type Words } from "./words";

export interface Earlier {
  way: "site" | "bucket";
  id: string;
  name: string;
  size: number;
  /** Bytes that are there, null where the bucket has to be asked. */
  sent: number | null;
  cooperative: string;
  sample: string;
}

interface State {
  have: number[];
  part_size: number;
}

export interface Hosts {
  words: Words;
  direct: string;
  endpoint: string;
  proceed(file: File, earlier: Earlier): void;
  announce(sentence: string): void;
}

/** The list that the page carries. */
export function readEarlier(): Earlier[] {
  return JSON.parse(document.getElementById("siar-unfinished")?.textContent ?? "[]") as Earlier[];
}

/** Whether `file` is the one of which `earlier` has a part. */
export async function isOf(earlier: Earlier, file: File): Promise<boolean> {
  if (earlier.name !== file.name || earlier.size !== file.size) return false;
  return !earlier.sample || earlier.sample === (await sample(file));
}

export class Unfinished {
  readonly row: Row;
  private readonly picker = document.createElement("input");

  constructor(
    readonly earlier: Earlier,
    private readonly hosts: Hosts,
  ) {
    this.row = new Row(hosts.words, shown(earlier.name), (button) => void this.press(button));
    this.picker.type = "file";
    this.picker.hidden = true;
    this.picker.addEventListener("change", () => void this.choose(this.picker.files?.[0]));
    this.row.element.append(this.picker);
    this.show(earlier.sent);
    if (earlier.sent === null) void this.ask();
  }

  private get url(): string {
    const { direct, endpoint } = this.hosts;
    return this.earlier.way === "bucket"
      ? `${direct}/${this.earlier.id}`
      : `${endpoint}${this.earlier.id}`;
  }

  private show(sent: number | null): void {
    const { earlier } = this;
    const values = { sent: size(sent ?? 0), total: size(earlier.size) };
    const sentence = say(this.hosts.words, sent === null ? "begun_earlier" : "earlier", values);
    this.row.show(sentence, (sent ?? 0) / earlier.size, ["choose", "discard"], "warn");
  }

  private async ask(): Promise<void> {
    const answer = await fetch(this.url).catch(() => null);
    if (!answer?.ok || !this.row.element.isConnected) return;
    const { have, part_size } = (await answer.json()) as State;
    this.show(Math.min(this.earlier.size, have.length * part_size));
  }

  private async press(button: Button): Promise<void> {
    if (button === "choose") return this.picker.click();
    const { words, announce } = this.hosts;
    if (!confirm(say(words, "discard_sure", { name: this.row.name }))) return;
    const headers = { "Tus-Resumable": "1.0.0" };
    const answer = await fetch(this.url, { method: "DELETE", headers }).catch(() => null);
    const isGone = answer && (answer.ok || answer.status === 404 || answer.status === 410);
    const sentence = say(words, isGone ? "discarded" : "broken_action");
    if (isGone) this.row.remove();
    else this.row.show(sentence, null, ["choose", "discard"], "bad");
    announce(`${this.row.name}: ${sentence}`);
  }

  private async choose(file: File | undefined): Promise<void> {
    this.picker.value = "";
    if (!file) return;
    if (await isOf(this.earlier, file)) return this.hosts.proceed(file, this.earlier);
    const values = { name: this.row.name, total: size(this.earlier.size) };
    const sentence = say(this.hosts.words, "not_same", values);
    this.row.show(sentence, null, ["choose", "discard"], "bad");
    this.hosts.announce(sentence);
  }
}
