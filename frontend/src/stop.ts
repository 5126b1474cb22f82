// What takes longer than a blink can be stopped.
import { make } from "./dom.ts";

const PATIENCE = 400;

/** Offer a Stop button beside `button` once `PATIENCE` has passed; the returned function takes it away again. */
export function offerStop(button: HTMLElement | null, stop: () => void): () => void {
  const other = make("button", { type: "button", class: "button button-small", "data-action": "stop" }, "Stop");
  other.addEventListener("click", (event) => {
    event.stopPropagation();
    stop();
  });
  const timer = setTimeout(() => button?.after(other), PATIENCE);
  return () => {
    clearTimeout(timer);
    if (document.activeElement === other) button?.focus();
    other.remove();
  };
}
