// Which upload a file belongs to, for a later visit: a reload, another tab, a day.

export class Memory {
  private readonly key: string;

  /** `whose` tells people and co-operatives apart that send the same file. */
  constructor(file: File, whose: string) {
    this.key = `siar-upload:${whose}:${file.size}:${file.lastModified}:${file.name}`;
  }

  /** The id of its upload, "" if there is none. */
  read(): string {
    try {
      return localStorage.getItem(this.key) ?? "";
    } catch {
      return ""; // a browser that keeps nothing: the upload goes on as long as the page is open
    }
  }

  /** Chooses an id, and keeps it before anybody hears of it. */
  make(): string {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    return this.keep([...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join(""));
  }

  /** Keeps the id of an upload that is there already. */
  keep(id: string): string {
    try {
      localStorage.setItem(this.key, id);
    } catch {
      // see read
    }
    return id;
  }

  forget(): void {
    try {
      localStorage.removeItem(this.key);
    } catch {
      // see read
    }
  }
}
