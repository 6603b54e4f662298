// Chapters of a programme, from EXT-X-DATERANGE: marks in the time range, and the page's list.

export const CHAPTER_CLASS = "id.siar.chapter";

export interface Chapter {
  /** Seconds from the beginning. */
  start: number;
  title: string;
}

/**
 * Marks `chapters` in the controls, which read a track of that kind and name a chapter to who
 * points at it. The last one ends at `duration` seconds.
 */
export function markChapters(video: HTMLVideoElement, chapters: Chapter[], duration: number): void {
  // A track cannot be taken away again, and a programme has its chapters once.
  if ([...video.textTracks].some(({ kind }) => kind === "chapters")) return;
  const track = video.addTextTrack("chapters");
  chapters.forEach(({ start, title }, index) => {
    const end = chapters[index + 1]?.start ?? duration;
    if (end > start) track.addCue(new VTTCue(start, end, title));
  });
}

/** Shows in the page's list which chapter is on. */
export function followChapters(links: HTMLElement[], video: HTMLVideoElement): void {
  const show = () => {
    const begun = links.filter((link) => Number(link.dataset.seek) <= video.currentTime + 0.05);
    for (const link of links) {
      if (link === begun.at(-1)) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
  };
  video.addEventListener("timeupdate", show);
}
