// When a card counts as seen: half of it for two seconds without a break, on a page that shows
// (MRC Viewable Ad Impression Guidelines, with the two seconds of its rule for video).

export const HALF = 0.5;
export const LONG_ENOUGH = 2_000;

/** Calls `seen` once for each element that `add` is given, when it has been seen. */
export class Watch {
  private readonly inView = new Set<Element>();
  private readonly timers = new Map<Element, number>();
  private readonly observer: IntersectionObserver;

  constructor(private readonly seen: (element: HTMLElement) => void) {
    this.observer = new IntersectionObserver((entries) => entries.forEach(this.follow), {
      threshold: HALF,
    });
    document.addEventListener("visibilitychange", () => {
      for (const element of this.inView) {
        if (document.hidden) this.stop(element);
        else this.begin(element);
      }
    });
  }

  add(element: HTMLElement): void {
    this.observer.observe(element);
  }

  private readonly follow = ({ target, intersectionRatio }: IntersectionObserverEntry): void => {
    this.stop(target);
    this.inView.delete(target);
    if (intersectionRatio < HALF) return;
    this.inView.add(target);
    if (!document.hidden) this.begin(target);
  };

  private begin(element: Element): void {
    this.stop(element);
    const tell = () => {
      this.observer.unobserve(element);
      this.inView.delete(element);
      if (element.isConnected) this.seen(element as HTMLElement);
    };
    this.timers.set(element, window.setTimeout(tell, LONG_ENOUGH));
  }

  private stop(element: Element): void {
    clearTimeout(this.timers.get(element));
    this.timers.delete(element);
  }
}
