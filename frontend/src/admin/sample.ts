// Whether a file that is chosen again is the same one, on whatever device.

/** Bytes that are read at the start, in the middle and at the end. */
const PIECE = 65_536;

/** Returns a short text that differs for files that differ; "" if the file cannot be read. */
export async function sample(file: File): Promise<string> {
  const places = [0, Math.floor(file.size / 2), Math.max(0, file.size - PIECE)];
  const slices = places.map((at) => file.slice(at, at + PIECE).arrayBuffer());
  const pieces = await Promise.all(slices).catch(() => null);
  if (!pieces) return "";
  // Two runs of FNV-1a: crypto.subtle is not offered outside of https.
  let [one, two] = [0x811c9dc5, 0x01000193];
  for (const piece of pieces)
    for (const byte of new Uint8Array(piece)) {
      one = Math.imul(one ^ byte, 0x01000193);
      two = Math.imul(two ^ byte, 0x0100018d);
    }
  return [one, two].map((part) => (part >>> 0).toString(16).padStart(8, "0")).join("");
}
