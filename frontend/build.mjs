// Builds the browser's files into frontend/dist: `node build.mjs` (or `npm run build`).
// A room adds its entry to `entries`; the output is named after the key.
import { copyFile, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { constructedStyles } from "./constructed-styles.mjs";
import { icon } from "./icons.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const dist = join(here, "dist");

/** Chrome 105 is the baseline of DESIGN.md; Safari 16 is its contemporary. */
const target = ["chrome105", "safari16", "firefox110"];

const entries = {
  siar: "src/css/main.css",
  player: "src/player/main.ts",
  controls: "src/player/controls.ts",
  cards: "src/player/cards.ts",
  site: "src/site/main.ts",
  copy: "src/site/copy.ts",
  seen: "src/seen/main.ts",
  "share-picture": "src/site/share-picture.ts",
  rooms: "src/css/rooms.css",
  "player-look": "src/css/player.css",
  upload: "src/admin/upload.ts",
  progress: "src/admin/progress.ts",
  preview: "src/admin/preview.ts",
  names: "src/admin/names.ts",
  videos: "src/admin/videos.css",
  planner: "src/channels/planner.ts",
  "planner-look": "src/channels/planner.css",
  "as-run": "src/channels/as-run.css",
  studio: "src/studio/main.ts",
};

/** Copied as they are: one sprite, one mark. Referred to by `{% static %}`. */
const copied = ["icons.svg", "mark.svg"];

/** The mark for home screens; what a launcher masks has no corners of its own. */
const icons = {
  "icon-192.png": { side: 192, full: false },
  "icon-512.png": { side: 512, full: false },
  "icon-maskable-512.png": { side: 512, full: true },
};

/**
 * hls.js stays a file of its own, fetched at the first tap on play: 184 kB that a
 * reader of the page does not pay for. Its worker is started from `workerPath`.
 */
const libraries = {
  "hls.js": { from: "node_modules/hls.js/dist/hls.min.mjs", change: allowTracks },
  "hls.worker.js": { from: "node_modules/hls.js/dist/hls.worker.js", change: (text) => text },
};

/**
 * hls.js gives each caption track a `data:` address, which the policy (`media-src 'self' blob:`)
 * blocks; an empty track in a blob does the same service.
 */
function allowTracks(text) {
  const changed = text.replace(
    /(["'])data:,WEBVTT\1/,
    'URL.createObjectURL(new Blob(["WEBVTT"],{type:"text/vtt"}))',
  );
  if (changed === text) throw new Error("hls.js makes its caption tracks in a new way");
  return changed;
}

/** collectstatic fails on a comment that names a source map which is not there. */
async function copyLibrary(name, { from, change }) {
  const text = await readFile(join(here, from), "utf8");
  await writeFile(join(dist, name), change(text.replace(/^\/\/# sourceMappingURL=.*$/gm, "")));
}

async function drawIcons() {
  const svg = await readFile(join(here, "static", "mark.svg"), "utf8");
  for (const [name, { side, full }] of Object.entries(icons)) {
    await writeFile(join(dist, name), icon(svg, side, { full }));
  }
}

await rm(dist, { recursive: true, force: true });
await mkdir(dist, { recursive: true });
await build({
  absWorkingDir: here,
  entryPoints: entries,
  outdir: dist,
  bundle: true,
  minify: true,
  format: "esm",
  target,
  charset: "utf8",
  legalComments: "none",
  logLevel: "warning",
  plugins: [constructedStyles],
});
await Promise.all([
  ...copied.map((name) => copyFile(join(here, "static", name), join(dist, name))),
  drawIcons(),
  ...Object.entries(libraries).map(([name, library]) => copyLibrary(name, library)),
]);
