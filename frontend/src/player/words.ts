// What the player says, in both languages of the site. The voice is DESIGN.md's.

const id = {
  listening: "Suara saja",
  audio: "Suara",
  cannotPlay: "Video tidak dapat diputar di peramban ini",
  cannotPlayAdvice: "Perbarui peramban Anda, atau dengarkan suaranya saja.",
  unsupportedAdvice: "Perbarui peramban Anda, atau buka tayangan ini di aplikasi pemutar.",
  open: "Buka di pemutar",
  listen: "Dengar saja",
  offline: "Sambungan terputus",
  offlineAdvice: "Tayangan berlanjut sendiri saat sinyal kembali.",
  missing: "Tayangan ini belum tersedia",
  missingAdvice: "Coba lagi sebentar lagi, atau pilih tayangan lain.",
  gone: "Tayangan ini sudah ditarik",
  goneAdvice: "Pilih tayangan lain.",
  stopped: "Video ini tidak jadi disiapkan",
  again: "Coba lagi",
  minutes: "menit",
  seconds: "detik",
  running: "{span} berjalan",
  left: "sisa {span}",
  pause: "jeda sampai {time}",
  spoken: "Bahasa suara",
  growing: "Masih disiapkan: {span} siap. Sisanya dan mutu lain menyusul sendiri.",
};

const en: typeof id = {
  listening: "Audio only",
  audio: "Audio",
  cannotPlay: "This browser cannot play the video",
  cannotPlayAdvice: "Update your browser, or listen to the sound alone.",
  unsupportedAdvice: "Update your browser, or open this in a player application.",
  open: "Open in a player",
  listen: "Listen only",
  offline: "The connection is lost",
  offlineAdvice: "Playback goes on by itself when the signal is back.",
  missing: "This is not available yet",
  missingAdvice: "Try again in a moment, or choose something else.",
  gone: "This was withdrawn",
  goneAdvice: "Choose something else.",
  stopped: "This video will not be finished",
  again: "Try again",
  minutes: "minutes",
  seconds: "seconds",
  running: "{span} so far",
  left: "{span} left",
  pause: "break until {time}",
  spoken: "Spoken language",
  growing: "Still being prepared: {span} ready. The rest and other qualities follow by themselves.",
};

export const words = document.documentElement.lang.startsWith("en") ? en : id;

/** A length in words, as the server says it: 45 detik, 60 menit. */
export function span(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  if (seconds < 90) return `${seconds} ${words.seconds}`;
  return `${Math.round(seconds / 60)} ${words.minutes}`;
}

/** The same for what is there already, never more than that: 4 menit for 299 s. */
export function atLeast(seconds: number): string {
  const whole = seconds < 90 ? Math.floor(seconds) : Math.floor(seconds / 60) * 60;
  return span(whole * 1000);
}
