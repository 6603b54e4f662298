// "Bagikan" opens the phone's own sheet; where there is none the link opens WhatsApp.

export function offerSharing(): void {
  if (!navigator.share) return;
  for (const link of document.querySelectorAll<HTMLAnchorElement>("[data-share]")) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      const url = document.querySelector<HTMLLinkElement>("link[rel=canonical]")?.href;
      // Closing the sheet rejects; there is nothing to say about it.
      navigator.share({ title: document.title, url: url ?? location.href }).catch(() => undefined);
    });
  }
}
