// The upload screen: files by picker or by drag, one after another, each with its own row.
import { Direct } from "./direct";
import { Sending } from "./sending";
import type { Told, Transport } from "./transport";
import { Tus } from "./tus";
import { readWords, say, size, type Words } from "./words";

/** Two at once use a phone's uplink no better than one, and show results later. */
const AT_ONCE = 1;

/** Straight to the bucket of originals where there is one, else through the site. */
function way(
  root: HTMLElement,
  words: Words,
  file: File,
  cooperative: string,
): (told: Told) => Transport {
  const { direct, endpoint = "/uploads/" } = root.dataset;
  if (!direct) return (told) => new Tus(file, cooperative, endpoint, told);
  return (told) => new Direct(file, cooperative, direct, say(words, "bucket"), told);
}

function start(root: HTMLElement): void {
  const words = readWords();
  const list = root.querySelector<HTMLElement>("[data-list]");
  const status = root.querySelector<HTMLElement>("[data-status]");
  const drop = root.querySelector<HTMLElement>("[data-drop]");
  const picker = root.querySelector<HTMLInputElement>("input[type=file]");
  const cooperative = root.querySelector<HTMLSelectElement>("select");
  if (!list || !status || !drop || !picker || !cooperative) return;
  const all: Sending[] = [];

  const announce = (sentence: string): void => {
    status.textContent = sentence;
  };
  const next = (): void => {
    const waiting = all.filter((one) => !one.active && !one.done && !one.begun);
    const free = AT_ONCE - all.filter((one) => one.active).length;
    for (const one of waiting.slice(0, Math.max(0, free))) void one.begin();
  };
  const refuse = (name: string, sentence: string): void => {
    const item = document.createElement("li");
    item.dataset.tone = "bad";
    item.textContent = `${name}: ${sentence}`;
    list.append(item);
    announce(item.textContent);
  };
  const add = (files: Iterable<File>): void => {
    const most = Number(root.dataset.most);
    for (const file of files) {
      if (file.size === 0) refuse(file.name, say(words, "empty"));
      else if (file.size > most) refuse(file.name, say(words, "too_big", { most: size(most) }));
      else if (!cooperative.value) refuse(file.name, say(words, "choose_cooperative"));
      else {
        const sending = new Sending(file, {
          words,
          transport: way(root, words, file, cooperative.value),
          edit: (video) => (root.dataset.edit ?? "").replace(/\/0\//, `/${video}/`),
          announce,
          idle: next,
        });
        all.push(sending);
        list.append(sending.row.element);
      }
    }
    next();
  };

  picker.addEventListener("change", () => {
    add(picker.files ?? []);
    picker.value = "";
  });
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
    add(event.dataTransfer?.files ?? []);
  });
  window.addEventListener("online", () => {
    for (const one of all) one.online();
  });
  window.addEventListener("beforeunload", (event) => {
    if (all.some((one) => one.active)) event.preventDefault();
  });
}

const root = document.getElementById("siar-upload");
if (root) start(root);
