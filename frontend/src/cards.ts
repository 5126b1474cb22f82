// Cards answer in place: the explanation takes the question's place, Enter or `n` goes on.
import { make, one, put } from "./dom.ts";
import { ask } from "./net.ts";
import { complain } from "./say.ts";

export function watchCards(): void {
  document.addEventListener("submit", (event) => {
    const form = event.target as HTMLFormElement;
    if (!form.matches("form.card")) return;
    event.preventDefault();
    void answer(form, event.submitter);
  });
}

async function answer(form: HTMLFormElement, button: HTMLElement | null): Promise<void> {
  const { csrf: _, ...fields } = Object.fromEntries(new FormData(form));
  button?.setAttribute("data-busy", "");
  try {
    const { html } = await ask<{ html: string }>("POST", form.action, fields);
    const place = make("div", { class: "card-answered", tabindex: "-1" });
    form.replaceWith(place);
    put(place, html);
    place.focus();
  } catch (error) {
    complain(error, one(".card-problem", form));
  } finally {
    button?.removeAttribute("data-busy");
  }
}
