// The screen once it plays: a video between media-chrome's controls.
import { icon } from "./dom";

export interface View {
  screen: HTMLElement;
  video: HTMLVideoElement;
}

function slotted(tag: string, slot: string, attributes: Record<string, string> = {}): HTMLElement {
  const made = document.createElement(tag);
  if (slot) made.setAttribute("slot", slot);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
}

function withIcon(element: HTMLElement, slot: string, name: string): HTMLElement {
  const picture = icon(name);
  picture.setAttribute("slot", slot);
  element.append(picture);
  return element;
}

/** The clock of what is on screen; a tap on it leads back to live. */
function liveControls(): HTMLElement[] {
  const button = slotted("media-live-button", "");
  button.append(slotted("span", "text", { class: "clock" }));
  return [button, slotted("span", "", { class: "gap" })];
}

function replayControls(): HTMLElement[] {
  // Not a button: its name would differ from the text that it shows (WCAG 2.5.3).
  const times = slotted("media-time-display", "", { showduration: "", notoggle: "" });
  return [times, slotted("media-time-range", "")];
}

function bar(live: boolean): HTMLElement {
  const made = slotted("media-control-bar", "");
  const play = slotted("media-play-button", "", { notooltip: "" });
  const captions = slotted("media-captions-menu-button", "", { notooltip: "" });
  const full = slotted("media-fullscreen-button", "", { notooltip: "" });
  made.append(
    withIcon(withIcon(play, "play", "play"), "pause", "pause"),
    slotted("media-mute-button", "", { notooltip: "" }),
    slotted("media-volume-range", ""),
    ...(live ? liveControls() : replayControls()),
    withIcon(captions, "icon", "caption"),
    withIcon(withIcon(full, "enter", "full"), "exit", "full"),
  );
  return made;
}

/** Pictures for scrubbing; the sprites are fetched when a thumb or a mouse asks for one. */
function thumbnails(address: string, video: HTMLVideoElement): HTMLTrackElement {
  // A track of another host is read only as CORS allows it.
  if (new URL(address, location.href).origin !== location.origin) video.crossOrigin = "anonymous";
  return Object.assign(document.createElement("track"), {
    kind: "metadata",
    label: "thumbnails",
    default: true,
    src: address,
  });
}

/** Builds the screen for a player; what lies over its picture (tag, rating) is carried over. */
export function buildView(player: HTMLElement, old: HTMLElement, live: boolean): View {
  // media-chrome names by id what fills the screen: the card is to come along.
  if (!player.id) player.id = `pemutar-${document.querySelectorAll("media-controller").length}`;
  const screen = slotted("media-controller", "", {
    class: "screen",
    lang: document.documentElement.lang,
    fullscreenelement: player.id,
    // The playlist ends 14 s after what is on screen (engine.ts): that counts as live.
    ...(live ? { liveedgeoffset: "25", seektoliveoffset: "14", defaultstreamtype: "live" } : {}),
  });
  const video = slotted("video", "media") as HTMLVideoElement;
  video.playsInline = true;
  if (player.dataset.storyboard) video.append(thumbnails(player.dataset.storyboard, video));
  const still = old.querySelector("img");
  if (still) video.poster = still.src;
  const top = old.querySelector<HTMLElement>(".top");
  // Rating and "Langsung" stay while the controls hide.
  top?.setAttribute("slot", "top-chrome");
  top?.setAttribute("noautohide", "");
  const loading = slotted("media-loading-indicator", "centered-chrome", { noautohide: "" });
  const menu = slotted("media-captions-menu", "", { hidden: "", anchor: "auto" });
  screen.append(video, ...(top ? [top] : []), loading, menu, bar(live));
  return { screen, video };
}
