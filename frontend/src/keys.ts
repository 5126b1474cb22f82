// Keyboard shortcuts: the page says which ones it has with data-key; this reads them and shows them under `?`.
import { all, make, one } from "./dom.ts";

const MAC = /Mac|iPhone|iPad/.test(navigator.platform);
const PAUSE = 1200; // between the keys of a sequence such as "g m"
const NAMES: Record<string, string> = { enter: "Enter", escape: "Esc", mod: MAC ? "⌘" : "Ctrl", shift: MAC ? "⇧" : "Shift" };

let begun = "";
let forget = 0;

export function watchKeys(): void {
  document.addEventListener("keydown", pressed);
  document.addEventListener("click", (event) => {
    const button = (event.target as Element).closest<HTMLElement>("[data-open], [data-close]");
    if (!button) return;
    if (button.dataset.open !== undefined) openDialog(button.dataset.open);
    else button.closest("dialog")?.close();
  });
}

function openDialog(id: string): void {
  const dialog = one<HTMLDialogElement>(`dialog#${CSS.escape(id)}`);
  if (!dialog || dialog.open) return;
  if (id === "keys") fillHelp(dialog);
  dialog.showModal();
}

function pressed(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing || event.altKey) return;
  const held = event.ctrlKey || event.metaKey;
  if (one("dialog[open]") || (typing(event.target) && !held)) return;
  const key = event.key.toLowerCase();
  if (key === "?" && !held) {
    event.preventDefault();
    openDialog("keys");
    return;
  }
  const name = (held ? "mod+" : "") + (event.shiftKey && key.length > 1 ? "shift+" : "") + key;
  const sequence = begun ? `${begun} ${name}` : name;
  clearTimeout(forget);
  begun = "";
  const target = find(sequence) ?? find(name);
  if (target) {
    if (name === "enter" && busy(event.target)) return;
    event.preventDefault();
    use(target);
  } else if (all(`[data-key^="${CSS.escape(name)} "]`).length > 0) {
    begun = name;
    forget = window.setTimeout(() => (begun = ""), PAUSE);
  }
}

function typing(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement) return true;
  return target instanceof HTMLInputElement && !["radio", "checkbox", "range", "button", "submit"].includes(target.type);
}

/** Enter already means something on the element that has the focus. */
function busy(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest("a, button, input, summary, select, textarea") !== null;
}

function find(key: string): HTMLElement | undefined {
  const found = all(`[data-key="${CSS.escape(key)}"]`).filter((node) => !(node as HTMLButtonElement).disabled);
  return found.find((node) => node.checkVisibility()) ?? found.find((node) => node.closest("#nav") !== null);
}

function use(node: HTMLElement): void {
  const field = node.matches("label") ? (node as HTMLLabelElement).control : null;
  if (node.matches("input:not([type=radio], [type=checkbox], [type=submit]), textarea, select")) node.focus();
  else if (field) {
    field.focus();
    field.click();
  } else node.click();
}

function caps(key: string): (HTMLElement | string)[] {
  const parts = key.split(" ").map((step) => step.split("+").map((name) => make("kbd", {}, NAMES[name] ?? name.toUpperCase())));
  return parts.flatMap((step, at) => (at === 0 ? step : [" then ", ...step]));
}

function fillHelp(dialog: HTMLDialogElement): void {
  const seen = new Set<string>(["?"]);
  const rows = [row(["?"], "Show this list")];
  for (const node of all("[data-key]")) {
    const key = node.dataset.key ?? "";
    const label = node.dataset.keyLabel ?? node.getAttribute("aria-label") ?? node.textContent?.trim().replace(/\s+/g, " ") ?? "";
    if (!key || seen.has(key) || /^[2-9]$/.test(key)) continue;
    seen.add(key);
    rows.push(key === "1" ? row(["1", "…"], "Choose an answer") : row(caps(key), label));
  }
  rows.push(row(["escape"].map((name) => NAMES[name] ?? name), "Leave the editor with Esc, then Tab; close a window"));
  const list = one(".keys-list", dialog) ?? dialog.appendChild(make("dl", { class: "keys-list" }));
  list.replaceChildren(...rows);
}

function row(keys: (HTMLElement | string)[], label: string): HTMLElement {
  const shown = keys.map((key) => (typeof key === "string" && key.trim() === key ? make("kbd", {}, key) : key));
  return make("div", {}, make("dt", {}, ...shown), make("dd", {}, label));
}
