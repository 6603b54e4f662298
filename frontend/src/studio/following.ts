// How far a clip is: asked for again and again, and the page anew once it is something else.

const PACE = 3000;
const LONGEST = 30_000;
/** Ms after which a question counts as unanswered: a dead line says nothing. */
const ANSWER = 15_000;

interface Told {
  code: string;
  busy: boolean;
  html: string;
}

/** Codes that lead to another page, or to other buttons. */
const ENDS = new Set(["ready", "failed", "gone", "sending"]);

async function asked(address: string): Promise<Told> {
  const answer = await fetch(address, {
    headers: { Accept: "application/json" },
    signal: AbortSignal.timeout(ANSWER),
  });
  if (!answer.ok || answer.redirected) throw new Error(`status ${answer.status}`);
  return (await answer.json()) as Told;
}

/** Keeps `place` true while something goes on. */
export function follow(place: HTMLElement): void {
  if (!place.dataset.busy) return;
  let unanswered = 0;
  let timer = 0;
  const again = (): void => {
    clearTimeout(timer);
    timer = window.setTimeout(() => void look(), Math.min(PACE * 2 ** unanswered, LONGEST));
  };
  const look = async (): Promise<void> => {
    clearTimeout(timer);
    if (document.hidden) return;
    try {
      const told = await asked(place.dataset.told ?? "");
      unanswered = 0;
      if (ENDS.has(told.code)) {
        location.reload();
        return;
      }
      if (told.html !== place.innerHTML) place.innerHTML = told.html;
    } catch {
      unanswered += 1; // offline, or the site is being started again: what is shown stays
    }
    again();
  };
  document.addEventListener("visibilitychange", () => void look());
  window.addEventListener("online", () => void look());
  again();
}
