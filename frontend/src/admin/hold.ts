// One tab sends a file, not two.

export type LetGo = () => void;

/** Ms to wait for it: this tab may have let go just now, another one will not soon. */
const PATIENCE = 2000;

/** Holds `name` for this tab; null while another tab holds it. It ends with the tab. */
export function hold(name: string): Promise<LetGo | null> {
  // Not offered outside of https: there two tabs send the same parts, which does no harm.
  if (!navigator.locks) return Promise.resolve(() => undefined);
  const { signal, abort } = patience();
  return new Promise((resolve) => {
    navigator.locks
      .request(name, { signal }, () => {
        clearTimeout(abort);
        return new Promise<void>((letGo) => resolve(letGo));
      })
      .catch(() => resolve(null));
  });
}

function patience(): { signal: AbortSignal; abort: number } {
  const controller = new AbortController();
  const abort = window.setTimeout(() => controller.abort(), PATIENCE);
  return { signal: controller.signal, abort };
}
