// "Salin alamat": the address of a field goes to the clipboard. Without script it can be marked.

/** Where pages are not served over HTTPS there is no clipboard: the old command does it. */
async function copy(field: HTMLInputElement): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(field.value);
    return true;
  } catch {
    field.select();
    return document.execCommand("copy");
  }
}

for (const button of document.querySelectorAll<HTMLButtonElement>("[data-copy]")) {
  const field = document.querySelector<HTMLInputElement>(`#${button.dataset.copy}`);
  const said = document.querySelector("[data-copied]");
  if (!field) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    if (!(await copy(field))) return;
    const { done = "" } = button.dataset;
    button.textContent = done;
    if (said) said.textContent = `${done}: ${field.value}`;
  });
}
