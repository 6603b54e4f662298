// A file on its way through the site, by tus.
import { DetailedError, type PreviousUpload, Upload } from "tus-js-client";
import { Fault, type Told, type Transport, WAITS } from "./transport";

export class Tus implements Transport {
  private readonly upload: Upload;
  private video = "";
  private begun = false;

  constructor(
    private readonly file: File,
    private readonly cooperative: string,
    endpoint: string,
    private readonly told: Told,
  ) {
    this.upload = new Upload(file, {
      endpoint,
      metadata: { filename: file.name, cooperative },
      retryDelays: null,
      removeFingerprintOnSuccess: true,
      onProgress: (sent) => told.progressed(sent),
      onSuccess: () => void this.arrived(),
      onError: (error) => told.failed(faultOf(error)),
      onAfterResponse: (_request, response) => {
        this.video = response.getHeader("Siar-Video") ?? this.video;
      },
    });
  }

  async start(): Promise<void> {
    if (!this.begun) {
      this.begun = true;
      const earlier = await this.upload.findPreviousUploads();
      const same = earlier.find((one) => this.isMine(one));
      if (same) this.upload.resumeFromPreviousUpload(same);
    }
    this.upload.start();
  }

  async pause(): Promise<void> {
    await this.upload.abort();
  }

  async cancel(): Promise<void> {
    await this.upload.abort();
    // The server may still hold the body that was just cut (423); what stays is swept away later.
    const options = { retryDelays: WAITS };
    if (this.upload.url) await Upload.terminate(this.upload.url, options).catch(() => undefined);
  }

  private isMine(earlier: PreviousUpload): boolean {
    const { filename, cooperative } = earlier.metadata;
    return filename === this.file.name && cooperative === this.cooperative;
  }

  /** All bytes are there; the server may still have to make the video of them. */
  private async arrived(): Promise<void> {
    this.told.stored();
    while (!this.video) {
      await new Promise((resolve) => setTimeout(resolve, 3000));
      const headers = { "Tus-Resumable": "1.0.0" };
      const answer = await fetch(this.upload.url ?? "", { method: "HEAD", headers }).catch(
        () => null,
      );
      this.video = answer?.headers.get("Siar-Video") ?? "";
      if (answer && new Fault(answer.status, "").final) break;
    }
    this.told.became(this.video);
  }
}

function faultOf(error: Error): Fault {
  const response = error instanceof DetailedError ? error.originalResponse : null;
  return new Fault(response?.getStatus() ?? 0, response?.getBody() ?? "");
}
