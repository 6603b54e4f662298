// Parts of the player that are fetched at the first tap, over whatever signal there is.

const failures = new Map<string, number>();

/**
 * Imports the module at `address`. A browser may remember for as long as the page lives that an
 * address failed (HTML, "fetch a single module script"), so each new attempt has one of its own.
 */
export async function load<Module>(address: string): Promise<Module> {
  const times = failures.get(address) ?? 0;
  try {
    return (await import(times === 0 ? address : `${address}?${times}`)) as Module;
  } catch (error) {
    failures.set(address, times + 1);
    throw error;
  }
}

export function hasMediaSource(): boolean {
  return "ManagedMediaSource" in window || "MediaSource" in window;
}

export function canPlay(video: HTMLVideoElement): boolean {
  return hasMediaSource() || video.canPlayType("application/vnd.apple.mpegurl") !== "";
}
