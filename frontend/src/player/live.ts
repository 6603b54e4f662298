// What a channel's player has besides: it goes back, and on after a pause.
import { PastBar } from "./past";
import { followPauses, type Tuner } from "./pauses";

export function followLive(root: HTMLElement, video: HTMLVideoElement, tuner: Tuner): void {
  followPauses(video, tuner);
  new PastBar(root, video, tuner);
}
