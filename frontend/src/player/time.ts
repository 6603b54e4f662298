// Moments by the channel's own clock.

/** 19.30 WIB: by the zone and its name that a player's `data` carries. */
export function clockText({ zone, zoneName = "" }: DOMStringMap, moment: Date): string {
  const time = moment.toLocaleTimeString(document.documentElement.lang || "id", {
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
    ...(zone ? { timeZone: zone } : {}),
  });
  return `${time} ${zoneName}`.trim();
}
