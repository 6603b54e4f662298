// The accessible controls (media-chrome), fetched at the first tap on play.
// The dictionary comes first: elements read it when they are made.
import "./controls-language";

export { markChapters } from "./chapters";
export { startEngine } from "./engine";
export { lastReady } from "./growth";
export { followLive } from "./live";
export { countSprites, showGrowth, showListening } from "./notes";
export { showToKeys } from "./scrub";
export { soundMenu } from "./sounds";
export { clockText } from "./time";

import "media-chrome/dist/media-controller.js";
import "media-chrome/dist/media-control-bar.js";
import "media-chrome/dist/media-play-button.js";
import "media-chrome/dist/media-mute-button.js";
import "media-chrome/dist/media-volume-range.js";
import "media-chrome/dist/media-time-range.js";
import "media-chrome/dist/media-time-display.js";
import "media-chrome/dist/media-live-button.js";
import "media-chrome/dist/media-fullscreen-button.js";
import "media-chrome/dist/media-loading-indicator.js";
import "media-chrome/dist/menu/media-captions-menu.js";
import "media-chrome/dist/menu/media-captions-menu-button.js";
// The menu makes its items without asking for them: they would be mere text, without a role.
import "media-chrome/dist/menu/media-chrome-menu-item.js";
