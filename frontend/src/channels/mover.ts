// Moves entries of the timeline: by drag, by the handle on a phone, by keys.

import type { Timeline } from "./timeline";

/** So near, in pixels, a start snaps to the end of what is before it. */
const NEAR = 8;
const MINUTE = 60;
/** Less than this is a click. */
const CLICK = 4;

export interface Span {
  element: HTMLElement;
  line: HTMLElement;
  start: number;
  end: number;
}

/** "19.30.05" of seconds since midnight. */
export function clock(seconds: number): string {
  return [seconds / 3600, (seconds / 60) % 60, seconds % 60]
    .map((part) => String(Math.floor(part)).padStart(2, "0"))
    .join(".");
}

export class Mover {
  private held: { span: Span; from: number; grabbed: number; moved: boolean } | null = null;
  /** A drag ends in a click, also one that ends where it began. */
  private dragged = false;
  private readonly says: HTMLElement | null;

  constructor(private readonly timeline: Timeline) {
    this.says = document.querySelector("#planner-says");
    for (const span of timeline.spans) {
      if (span.line.dataset.move) this.listen(span);
    }
  }

  private listen(span: Span): void {
    const { element } = span;
    const grip = document.createElement("i");
    grip.className = "planner-grip";
    grip.setAttribute("aria-hidden", "true");
    element.append(grip);
    element.setAttribute("aria-describedby", "planner-keys");
    element.addEventListener("pointerdown", (event) => this.grab(span, event));
    element.addEventListener("pointermove", (event) => this.drag(event));
    element.addEventListener("pointerup", () => this.drop());
    element.addEventListener("pointercancel", () => this.letGo());
    element.addEventListener("keydown", (event) => this.press(span, event));
    element.addEventListener("blur", () => this.leave(span));
    element.addEventListener("click", (event) => {
      // By key or a tap that moved nothing: the page on which all of it can be changed.
      if (event.detail === 0 ? !this.isMoved(span) : !this.dragged) this.open(span);
    });
  }

  private isMoved(span: Span): boolean {
    return this.held?.span === span && this.held.moved;
  }

  private open(span: Span): void {
    if (span.element.dataset.dropped) return;
    span.line.querySelector<HTMLAnchorElement>(".planner-buttons a")?.click();
  }

  private grab(span: Span, event: PointerEvent): void {
    this.dragged = false;
    const onGrip = (event.target as HTMLElement).closest(".planner-grip");
    // A finger beside the handle scrolls the page.
    if (event.button !== 0 || (event.pointerType === "touch" && !onGrip)) return;
    this.held = { span, from: span.start, grabbed: event.clientY, moved: false };
    span.element.setPointerCapture(event.pointerId);
  }

  private drag(event: PointerEvent): void {
    if (!this.held) return;
    const away = event.clientY - this.held.grabbed;
    const near = Math.abs(away) < CLICK;
    if (near && !this.held.moved) return;
    this.held.moved = true;
    this.dragged = true;
    const { span, from } = this.held;
    // Back where it began it has its own second again, also one between two minutes.
    this.to(span, near ? from : this.snapped(span, from + away / this.timeline.pixels));
  }

  private press(span: Span, event: KeyboardEvent): void {
    const step = { ArrowUp: -MINUTE, ArrowDown: MINUTE }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      if (this.held?.span !== span) {
        this.held = { span, from: span.start, grabbed: 0, moved: false };
      }
      this.held.moved = true;
      const away = step * (event.shiftKey ? 10 : 1);
      this.to(span, this.bounded(span, this.whole(span.start) + away));
    } else if (event.key === "Enter" && this.isMoved(span)) {
      event.preventDefault();
      this.drop();
    } else if (event.key === "Escape" && this.isMoved(span)) {
      event.preventDefault();
      this.letGo();
    }
  }

  /** To the end of another entry that is near, else to a whole minute. */
  private snapped(span: Span, start: number): number {
    const near = this.timeline.spans.find(
      (other) =>
        other !== span &&
        !other.element.classList.contains("is-filler") &&
        Math.abs(other.end - start) * this.timeline.pixels < NEAR,
    );
    return this.bounded(span, near ? Math.ceil(near.end) : this.whole(start));
  }

  private whole(start: number): number {
    const { midnight } = this.timeline;
    return midnight + Math.round((start - midnight) / MINUTE) * MINUTE;
  }

  private bounded(span: Span, start: number): number {
    const { midnight, earliest, begin } = this.timeline;
    const least = Math.max(begin, Math.ceil(earliest));
    const most = midnight + 24 * 3600 - 1;
    return Math.min(Math.max(start, least), Math.max(least, most, span.start));
  }

  private to(span: Span, start: number): void {
    const length = span.end - span.start;
    span.start = start;
    span.end = start + length;
    this.timeline.put(span, start);
    span.element.classList.add("is-moving");
    span.element.dataset.time = clock(start - this.timeline.midnight);
    if (this.says) this.says.textContent = span.element.dataset.time;
  }

  private letGo(): void {
    if (!this.held) return;
    const { span, from } = this.held;
    this.held = null;
    this.to(span, from);
    span.element.classList.remove("is-moving");
    delete span.element.dataset.time;
    if (this.says) this.says.textContent = "";
  }

  /** What was moved by keys and not saved goes back, and that is said. */
  private leave(span: Span): void {
    const moved = this.isMoved(span);
    this.letGo();
    if (moved && this.says) this.says.textContent = this.says.dataset.left ?? "";
  }

  /** Sends where it was put; the answer is the day as it is then. */
  private drop(): void {
    const held = this.held;
    if (!held?.moved || held.span.start === held.from) {
      this.letGo();
      return;
    }
    const form = document.querySelector<HTMLFormElement>("#planner-move");
    const start = form?.elements.namedItem("start") as HTMLInputElement | null;
    if (!form || !start) return;
    this.held = null;
    held.span.element.dataset.dropped = "true";
    form.action = held.span.line.dataset.move ?? "";
    start.value = clock(held.span.start - this.timeline.midnight);
    form.submit();
  }
}
