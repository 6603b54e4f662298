// The choice between a programme's sounds: Bahasa Indonesia, Jawa, Sunda …
import { icon } from "./dom";
import type { Sound } from "./playlist";
import { words } from "./words";

/** The playlist names them in Bahasa; an English page asks the browser. */
function nameOf({ name, language }: Sound): string {
  const page = document.documentElement.lang;
  if (!page.startsWith("en") || !language) return name;
  return new Intl.DisplayNames([page], { type: "language" }).of(language) ?? name;
}

/** A select of the system: every phone has a good one. Null where there is no choice. */
export function soundMenu(
  sounds: readonly Sound[],
  chosen: string,
  onChoice: (name: string) => void,
): HTMLElement | null {
  if (sounds.length < 2) return null;
  const label = document.createElement("label");
  label.className = "sounds";
  const select = document.createElement("select");
  select.setAttribute("aria-label", words.spoken);
  for (const sound of sounds) {
    select.add(new Option(nameOf(sound), sound.name, false, sound.name === chosen));
  }
  select.addEventListener("change", () => onChoice(select.value));
  // Space and arrows belong to the select, not to the player around it.
  select.addEventListener("keydown", (event) => event.stopPropagation());
  select.addEventListener("keyup", (event) => event.stopPropagation());
  label.append(icon("audio"), select);
  return label;
}
