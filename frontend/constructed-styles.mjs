// media-chrome writes `<style>` into its shadow roots. A policy of `style-src 'self'`
// blocks those (37 times a page, and the control bar grows to 12,795 px). This plugin
// of esbuild hands the same HTML to `fillShadow`, which makes constructed style sheets
// of it: they are no inline styles, so pages need neither nonce nor hash and a cache
// may share them. The version of media-chrome is pinned; the build fails when a place
// that is rewritten here is no longer found.
// The HTML is sent without its indentation: 700 bytes less, packed by gzip.
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

const helper = fileURLToPath(new URL("./src/player/shadow.ts", import.meta.url));

const fills = [
  [
    /this\.shadowRoot\.setHTMLUnsafe \? this\.shadowRoot\.setHTMLUnsafe\(html\) : this\.shadowRoot\.innerHTML = html;/g,
    "fillShadow(this.shadowRoot, html);",
  ],
  [
    /this\.shadowRoot\.innerHTML = this\.constructor\.getTemplateHTML\(attrs\);/g,
    "fillShadow(this.shadowRoot, this.constructor.getTemplateHTML(attrs));",
  ],
];

function rewrite(text, path) {
  if (path.endsWith("element-utils.js")) {
    return text.replaceAll('"style:not([media])"', '"[data-sheet]:not([media])"');
  }
  let changed = text.replace(/\n[ \t]+/g, "\n");
  for (const [place, instead] of fills) changed = changed.replace(place, instead);
  if (changed.includes("fillShadow")) {
    return `import { fillShadow } from ${JSON.stringify(helper)};\n${changed}`;
  }
  if (/attachShadow/.test(text)) {
    throw new Error(`${path}: media-chrome fills its shadow root in a new way`);
  }
  return changed;
}

export const constructedStyles = {
  name: "constructed-styles",
  setup(build) {
    build.onLoad({ filter: /media-chrome[\\/]dist[\\/].*\.js$/ }, async ({ path }) => ({
      contents: rewrite(await readFile(path, "utf8"), path),
      loader: "js",
    }));
  },
};
