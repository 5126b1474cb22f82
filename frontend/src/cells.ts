// A lesson's cells: run them, change them, put them back. Cell n runs after the cells before it, in one namespace.
import { all, arrived, one, put } from "./dom.ts";
import { ask, Turns } from "./net.ts";
import { openPad, type Pad } from "./pad.ts";
import { complain, speak } from "./say.ts";
import { offerStop } from "./stop.ts";

interface Ran {
  superseded?: boolean;
  ok: boolean;
  html: string;
}

export function watchCells(): void {
  const lesson = one("[data-run][data-unit]");
  if (!lesson) return;
  for (const cell of all(".cell", lesson)) prepare(lesson, cell);
  reading(lesson);
}

function prepare(lesson: HTMLElement, cell: HTMLElement): void {
  const field = one<HTMLTextAreaElement>(".cell-source", cell);
  if (!field) return;
  const original = field.value;
  const turns = new Turns();
  const back = one<HTMLButtonElement>('[data-action="reset-cell"]', cell);
  let pad: Pad | null = null;

  const run = () => void runCell(lesson, cell, turns);
  const edit = async () => {
    cell.dataset.editing = "";
    one<HTMLButtonElement>('[data-action="edit-cell"]', cell)?.setAttribute("hidden", "");
    if (back) back.hidden = false;
    pad ??= await openPad(field, { label: "Code of this cell", run, compact: true });
    pad.focus();
  };
  const reset = () => {
    pad?.set(original);
    field.value = original;
    delete cell.dataset.editing;
    one<HTMLButtonElement>('[data-action="edit-cell"]', cell)?.removeAttribute("hidden");
    if (back) back.hidden = true;
    one<HTMLButtonElement>('[data-action="edit-cell"]', cell)?.focus();
    speak("The lesson's own code is back.");
  };
  cell.addEventListener("click", (event) => {
    const action = (event.target as Element).closest<HTMLElement>("[data-action]")?.dataset.action;
    if (action === "run-cell") run();
    else if (action === "edit-cell") void edit();
    else if (action === "reset-cell") reset();
  });
}

async function runCell(lesson: HTMLElement, cell: HTMLElement, turns: Turns): Promise<void> {
  const cells = all(".cell", lesson);
  const sources = cells
    .slice(0, cells.indexOf(cell) + 1)
    .map((each) => one<HTMLTextAreaElement>(".cell-source", each)?.value ?? "");
  const output = one(".cell-output", cell);
  const { turn, signal } = turns.next();
  cell.setAttribute("aria-busy", "true");
  speak("Running");
  const done = offerStop(one('[data-action="run-cell"]', cell), () => {
    turns.stop();
    cell.removeAttribute("aria-busy");
    speak("Stopped");
  });
  try {
    const ran = await ask<Ran>("POST", lesson.dataset.run ?? "", { cells: sources }, { signal });
    if (ran.superseded || !turns.current(turn) || !output) return;
    output.dataset.fresh = ran.ok ? "ok" : "error";
    put(output, ran.html);
    arrived(output);
  } catch (error) {
    if (turns.current(turn)) complain(error, output);
  } finally {
    done();
    if (turns.current(turn)) cell.removeAttribute("aria-busy");
  }
}

/** Tell the server how long the lesson was in front of the reader. */
function reading(lesson: HTMLElement): void {
  const url = lesson.dataset.seen;
  if (!url) return;
  let seconds = 0;
  let since = document.hidden ? 0 : performance.now();
  const settle = () => {
    if (since) seconds += (performance.now() - since) / 1000;
    since = document.hidden ? 0 : performance.now();
  };
  document.addEventListener("visibilitychange", settle);
  addEventListener("pagehide", () => {
    settle();
    const whole = Math.min(Math.round(seconds), 3 * 3600);
    seconds = 0;
    if (whole >= 2) ask("POST", url, { seconds: whole }, { keepalive: true }).catch(() => undefined);
  });
}
