// One tab sends a file, not two.

export type LetGo = () => void;

/** Holds `name` for this tab; null while another tab holds it. It ends with the tab. */
export function hold(name: string): Promise<LetGo | null> {
  // Not offered outside of https: there two tabs send the same parts, which does no harm.
  if (!navigator.locks) return Promise.resolve(() => undefined);
  return new Promise((resolve) => {
    void navigator.locks.request(name, { ifAvailable: true }, (lock) => {
      if (!lock) return resolve(null);
      return new Promise<void>((letGo) => resolve(letGo));
    });
  });
}
