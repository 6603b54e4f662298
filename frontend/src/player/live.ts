// What a channel's player has besides: it goes back, on after a pause, and tells what is told.
import { NoticePlace } from "./notice";
import { PastBar } from "./past";
import { followPauses, type Tuner } from "./pauses";

export function followLive(root: HTMLElement, video: HTMLVideoElement, tuner: Tuner): void {
  followPauses(video, tuner);
  new PastBar(root, video, tuner);
  // Every quality tells notices, and the name of any sound is answered.
  const live = (root.dataset.src ?? "").replace(/[^/]*$/, "a48.m3u8");
  new NoticePlace(video, live, tuner);
}
