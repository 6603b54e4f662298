// The buttons of a video's machines: retry, put first, cancel, encode again.

/** Addresses that were asked and have not answered: a second press asks nothing. */
const asked = new Set<string>();

function token(): string {
  const field = document.querySelector<HTMLInputElement>("input[name=csrfmiddlewaretoken]");
  return field?.value ?? "";
}

/** Asks for what `button` stands for and shows why it is refused; `unsent` where nobody answers. */
export async function act(button: HTMLElement, unsent: string): Promise<void> {
  const address = button.dataset.url ?? "";
  if (asked.has(address)) return;
  asked.add(address);
  button.setAttribute("aria-disabled", "true");
  const said = await refusal(address, unsent);
  asked.delete(address);
  button.removeAttribute("aria-disabled");
  const fault = document.querySelector<HTMLElement>("[data-siar-fault]");
  if (!fault) return;
  fault.textContent = said;
  fault.hidden = !said;
}

/** Returns "" where it was done, else one sentence. */
async function refusal(address: string, unsent: string): Promise<string> {
  try {
    const answer = await fetch(address, { method: "POST", headers: { "X-CSRFToken": token() } });
    if (answer.ok && !answer.redirected) return "";
    if (answer.status !== 409) return unsent;
    return ((await answer.json()) as { sentence: string }).sentence;
  } catch {
    return unsent;
  }
}
