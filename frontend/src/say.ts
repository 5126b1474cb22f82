// What the page says: spoken to screen readers in #status, shown as a toast, or as a notice where it belongs.
import { icon, make, one, put } from "./dom.ts";
import { Offline, Refused, aborted } from "./net.ts";

/** Speak a short sentence without showing it. */
export function speak(text: string): void {
  const status = one("#status");
  if (!status) return;
  status.textContent = "";
  requestAnimationFrame(() => (status.textContent = text));
}

type Kind = "good" | "bad" | "info";
const ICONS: Record<Kind, string> = { good: "passed", bad: "warning", info: "info" };

/** Show a sentence for some seconds (a bad one until it is closed) and speak it. */
export function toast(text: string, kind: Kind = "info"): void {
  const shelf = one("#toasts") ?? document.body.appendChild(make("div", { id: "toasts", class: "toasts" }));
  const close = make("button", { type: "button", class: "toast-close", "aria-label": "Close this message" }, "×");
  const note = make("div", { class: `toast toast-${kind}` }, icon(ICONS[kind]), make("p", {}, text), close);
  close.addEventListener("click", () => note.remove());
  shelf.append(note);
  while (shelf.children.length > 3) shelf.firstElementChild?.remove();
  if (kind !== "bad") setTimeout(() => note.remove(), 6000);
  speak(text);
}

/** Say that something went wrong, in `place` if there is one. */
export function complain(error: unknown, place?: Element | null): void {
  if (aborted(error)) return;
  if (place && error instanceof Refused && error.data.html) {
    put(place, error.data.html);
    return;
  }
  const text = error instanceof Error ? error.message : String(error);
  const next = error instanceof Refused ? error.data.error?.next_step : undefined;
  if (!(error instanceof Offline || error instanceof Refused)) console.error(error);
  toast(next ? `${text} ${next}` : text, "bad");
}
