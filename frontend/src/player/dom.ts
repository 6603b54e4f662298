// Small pieces of page that the player draws.

const SVG = "http://www.w3.org/2000/svg";

/** A picture of the sprite, whose hashed address the page's body carries. */
export function icon(name: string, size = ""): SVGElement {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", `icon ${size}`.trim());
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `${document.body.dataset.sprite}#${name}`);
  svg.append(use);
  return svg;
}

export interface Notice {
  kind: "bad" | "warn";
  icon: string;
  title: string;
  advice: string;
  action?: { words: string; icon: string; run: () => void };
}

/** What happened, what to do, one button: a `.state` of the design. */
export function notice({ kind, icon: name, title, advice, action }: Notice): HTMLElement {
  const box = document.createElement("div");
  box.className = `state ${kind}`;
  box.setAttribute("role", kind === "bad" ? "alert" : "status");
  const text = document.createElement("div");
  const heading = document.createElement("b");
  heading.textContent = title;
  const sentence = document.createElement("p");
  sentence.textContent = advice;
  text.append(heading, sentence);
  if (action) {
    const button = document.createElement("button");
    button.className = "button plain";
    button.append(icon(action.icon, "small"), action.words);
    button.addEventListener("click", action.run);
    text.append(button);
  }
  box.append(icon(name), text);
  return box;
}
