// What a viewer reads when something does not play: what happened, what to do.
import { notice } from "./dom";
import type { Fault } from "./engine";
import { words } from "./words";

export interface Ways {
  retry: () => void;
  /** Hands the playlist to whatever application plays it. */
  open: () => void;
  /** Absent when sound alone is what failed. */
  listen?: () => void;
}

export function faultNotice(kind: Fault, ways: Ways): HTMLElement {
  if (kind === "network") {
    return notice({
      kind: "warn",
      icon: "offline",
      title: words.offline,
      advice: words.offlineAdvice,
    });
  }
  if (kind === "missing") {
    return notice({
      kind: "warn",
      icon: "clock",
      title: words.missing,
      advice: words.missingAdvice,
      action: { words: words.again, icon: "restart", run: ways.retry },
    });
  }
  if (kind === "gone" || kind === "stopped") {
    return notice({ kind: "bad", icon: "bad", title: words[kind], advice: words.goneAdvice });
  }
  if (kind === "unsupported") {
    return notice({
      kind: "bad",
      icon: "bad",
      title: words.cannotPlay,
      advice: words.unsupportedAdvice,
      action: { words: words.open, icon: "play", run: ways.open },
    });
  }
  const { listen } = ways;
  return notice({
    kind: "bad",
    icon: "bad",
    title: words.cannotPlay,
    advice: words.cannotPlayAdvice,
    ...(listen ? { action: { words: words.listen, icon: "audio", run: listen } } : {}),
  });
}
