// What the player says, in both languages of the site. The voice is DESIGN.md's.

const id = {
  listening: "Suara saja",
  audio: "Suara",
  promotion: "Promosi",
  chat: "Chat WhatsApp",
  cannotPlay: "Video tidak dapat diputar di peramban ini",
  cannotPlayAdvice: "Perbarui peramban Anda, atau dengarkan suaranya saja.",
  listen: "Dengar saja",
  offline: "Sambungan terputus",
  offlineAdvice: "Tayangan berlanjut sendiri saat sinyal kembali.",
  missing: "Tayangan ini belum tersedia",
  missingAdvice: "Coba lagi sebentar lagi, atau pilih tayangan lain.",
  gone: "Tayangan ini sudah ditarik",
  goneAdvice: "Pilih tayangan lain.",
  again: "Coba lagi",
  about: "sekitar",
  minutes: "menit",
  seconds: "detik",
  running: "{span} berjalan",
  left: "sisa {span}",
};

const en: typeof id = {
  listening: "Audio only",
  audio: "Audio",
  promotion: "Promotion",
  chat: "WhatsApp chat",
  cannotPlay: "This browser cannot play the video",
  cannotPlayAdvice: "Update your browser, or listen to the sound alone.",
  listen: "Listen only",
  offline: "The connection is lost",
  offlineAdvice: "Playback goes on by itself when the signal is back.",
  missing: "This is not available yet",
  missingAdvice: "Try again in a moment, or choose something else.",
  gone: "This was withdrawn",
  goneAdvice: "Choose something else.",
  again: "Try again",
  about: "about",
  minutes: "minutes",
  seconds: "seconds",
  running: "{span} so far",
  left: "{span} left",
};

export const words = document.documentElement.lang.startsWith("en") ? en : id;
