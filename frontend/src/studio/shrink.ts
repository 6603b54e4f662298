// A photo made small on the phone: what the site keeps of it has no more pixels.

/** Bytes of what is sent: 6 s at 400 kbit/s. */
export const MOST_BYTES = 300_000;
/** As the site draws it (cms/traders/pictures.py). */
const LONGEST = 1600;
const QUALITIES = [0.85, 0.75, 0.65, 0.55, 0.45];
/** By how much it is drawn smaller where no quality fits. */
const SMALLER = 0.75;
const SMALLEST = 400;

/** Returns `file` as a JPEG of at most MOST_BYTES, upright; itself where it is small or cannot be read. */
export async function shrink(file: File): Promise<File> {
  if (file.size <= MOST_BYTES) return file;
  const picture = await decode(file);
  if (!picture) return file; // HEIC, outside of Safari: the site reads it
  try {
    return (await fitted(picture, file)) ?? file;
  } finally {
    URL.revokeObjectURL(picture.src);
  }
}

async function fitted(picture: HTMLImageElement, file: File): Promise<File | null> {
  for (let longest = LONGEST; longest >= SMALLEST; longest *= SMALLER) {
    const canvas = draw(picture, longest);
    for (const quality of QUALITIES) {
      const blob = await encode(canvas, quality);
      if (!blob) return null;
      if (blob.size <= MOST_BYTES) return named(blob, file);
    }
  }
  return null;
}

/**
 * By an image element, not createImageBitmap: it turns the photo as its EXIF says in every
 * browser, and Chrome decodes a JPEG of 50 million pixels at a fraction when it is drawn small.
 */
function decode(file: File): Promise<HTMLImageElement | null> {
  const url = URL.createObjectURL(file);
  const picture = new Image();
  return new Promise((resolve) => {
    picture.onload = () => resolve(picture);
    picture.onerror = () => {
      URL.revokeObjectURL(url);
      resolve(null);
    };
    picture.src = url;
  });
}

function draw(picture: HTMLImageElement, longest: number): HTMLCanvasElement {
  const { naturalWidth: width, naturalHeight: height } = picture;
  const scale = Math.min(1, longest / Math.max(width, height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(width * scale));
  canvas.height = Math.max(1, Math.round(height * scale));
  const context = canvas.getContext("2d");
  if (context) {
    context.fillStyle = "#fff"; // under what is transparent: JPEG would make it black
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.imageSmoothingQuality = "high";
    context.drawImage(picture, 0, 0, canvas.width, canvas.height);
  }
  return canvas;
}

function encode(canvas: HTMLCanvasElement, quality: number): Promise<Blob | null> {
  return new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", quality));
}

/** The time stays: by name, size and time an upload that was begun is found again. */
function named(blob: Blob, { name, lastModified }: File): File {
  const stem = name.replace(/\.\w+$/, "");
  return new File([blob], `${stem}.jpg`, { type: "image/jpeg", lastModified });
}
