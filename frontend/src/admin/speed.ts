// How fast bytes go, so that the time left is honest: by the last ten seconds only.

const WINDOW = 10_000;

export class Speed {
  private marks: { at: number; bytes: number }[] = [];

  /** `bytes` were sent in all at the moment `at` (ms). */
  mark(bytes: number, at: number): void {
    this.marks.push({ at, bytes });
    while ((this.marks[0]?.at ?? at) < at - WINDOW) this.marks.shift();
  }

  /** Seconds for `bytes` more; null before a second has been seen. */
  left(bytes: number): number | null {
    const first = this.marks[0];
    const last = this.marks[this.marks.length - 1];
    if (!first || !last || last.at - first.at < 1000) return null;
    const rate = (last.bytes - first.bytes) / ((last.at - first.at) / 1000);
    return rate > 0 ? bytes / rate : null;
  }

  /** Forgets: after a pause the old pace says nothing. */
  reset(): void {
    this.marks = [];
  }
}
