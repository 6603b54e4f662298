// The picture of a proof goes to the phone's own sheet. Only pages with one load this file.

/** A link to a picture hands it to the phone's own sheet; where there is none it saves it. */
function offerPictures(): void {
  const trial = new File([], "contoh.png", { type: "image/png" });
  if (!navigator.canShare?.({ files: [trial] })) return;
  for (const link of document.querySelectorAll<HTMLAnchorElement>("a[data-share-picture]")) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      sharePicture(link).catch(() => location.assign(link.href));
    });
  }
}

async function sharePicture(link: HTMLAnchorElement): Promise<void> {
  const answer = await fetch(link.href);
  if (!answer.ok) throw new Error(`The picture answered ${answer.status}.`);
  const file = new File([await answer.blob()], link.download, { type: "image/png" });
  // Closing the sheet rejects; there is nothing to say about it.
  await navigator.share({ files: [file] }).catch(() => undefined);
}

offerPictures();
