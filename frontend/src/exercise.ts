// The page where one writes: the editor over a real file, check, run, hints, history.
import { all, icon, make, one, put, reveal } from "./dom.ts";
import { settle } from "./conflict.ts";
import { SharedFile, type State } from "./file.ts";
import type { Mark } from "./marks.ts";
import { ask, Refused, Turns } from "./net.ts";
import { openPad, type Pad } from "./pad.ts";
import { complain, speak, toast } from "./say.ts";
import { offerStop } from "./stop.ts";

const WORDS: Record<State, string> = {
  saved: "Saved",
  dirty: "Not saved yet",
  saving: "Saving …",
  conflict: "Changed on disk, too",
  offline: "Offline: kept in this browser",
  readonly: "Read only",
};

interface Checked {
  superseded?: boolean;
  version: string;
  verdict: { outcome: string; headline: string };
  html: string;
}

export async function watchEditor(): Promise<(() => Promise<void>) | null> {
  const section = one("#editor");
  const field = section && one<HTMLTextAreaElement>("textarea", section);
  if (!section || !field) return null;
  const desk = await Desk.open(section, field);
  return () => desk.file.save().then(() => undefined);
}

class Desk {
  readonly checks = new Turns();
  readonly runs = new Turns();
  pad!: Pad;
  file!: SharedFile;

  private constructor(readonly section: HTMLElement) {}

  static async open(section: HTMLElement, field: HTMLTextAreaElement): Promise<Desk> {
    const desk = new Desk(section);
    const { lint, complete, exercise = "", context = "work", readonly, file: url = "", version = "" } = section.dataset;
    desk.pad = await openPad(field, {
      label: one(`label[for="${field.id}"]`)?.textContent?.trim() || "Your code",
      run: () => (section.dataset.check ? void desk.check() : one('[data-key="mod+enter"]')?.click()),
      runAlone: () => void desk.run(),
      save: () => void desk.file.save().then((saved) => saved && speak("Saved")),
      changed: () => desk.file?.edited(),
      readonly: readonly === "true",
      foldHead: true,
      exercise,
      ...(complete ? { completeUrl: complete } : {}),
      ...(lint ? { lint: (source: string) => lintMarks(lint, source) } : {}),
    });
    desk.file = new SharedFile(url, desk.pad, version, { exercise, context }, (state) => desk.show(state), (conflict, file) => void settle(conflict, file));
    if (readonly === "true") desk.show("readonly");
    desk.buttons();
    return desk;
  }

  show(state: State): void {
    const place = one("#editor-state");
    if (!place || this.section.dataset.readonly === "true") return;
    place.dataset.state = state;
    place.textContent = WORDS[state];
  }

  buttons(): void {
    const actions: Record<string, () => Promise<unknown>> = {
      check: () => this.check(),
      run: () => this.run(),
      save: () => this.file.save(),
      hint: () => this.hint(),
      ways: () => this.ways(),
      solution: () => this.fetchInto("POST", `/api/solution/${this.section.dataset.exercise}`, "#solution"),
      history: () => this.fetchInto("GET", `/api/history/${this.section.dataset.exercise}`, "#history"),
    };
    document.addEventListener("click", (event) => {
      const target = event.target as Element;
      const action = actions[target.closest<HTMLElement>("[data-action]")?.dataset.action ?? ""];
      if (action) {
        event.preventDefault();
        void action();
        return;
      }
      const line = target.closest<HTMLElement>("[data-line]")?.dataset.line;
      if (line) this.pad.goto(Number(line));
      const shown = target.closest<HTMLElement>("a[data-event], button[data-event]")?.dataset.event;
      if (shown) {
        event.preventDefault();
        void this.fetchInto("GET", `/api/history/${this.section.dataset.exercise}/${shown}${location.search}`, "#history-entry");
      }
    });
    document.addEventListener("submit", (event) => {
      const form = event.target as HTMLFormElement;
      if (/\/api\/(restore|reset)\//.test(form.action)) {
        event.preventDefault();
        void this.replaceText(form);
      }
    });
    for (const fold of all<HTMLDetailsElement>("details[data-load]")) {
      fold.addEventListener("toggle", () => fold.open && void actions[fold.dataset.load ?? ""]?.());
    }
    one("#scratch")?.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      void this.run();
    });
  }

  async check(): Promise<void> {
    const place = one("#verdict");
    const { turn, signal } = this.checks.next();
    if (this.file.state === "conflict") return toast("First choose between the two texts of this file.", "bad");
    const source = this.pad.text();
    this.busy("check", place, "Checking");
    const done = offerStop(one('[data-action="check"]'), () => {
      this.checks.stop();
      this.idle("check", place);
      speak("Stopped");
    });
    try {
      const { context, check = "" } = this.section.dataset;
      const answer = await ask<Checked>("POST", check, { source, version: this.file.version, context }, { signal });
      if (answer.version) this.file.wrote(source, answer.version);
      if (answer.superseded || !this.checks.current(turn) || !place) return;
      put(place, answer.html);
      one("#output")?.replaceChildren();
      if (answer.verdict.outcome === "passed") one("#ways-fold")?.removeAttribute("hidden");
      void refreshStatus();
      reveal(place);
    } catch (error) {
      if (error instanceof Refused && error.status === 409) this.file.refused(error);
      else if (this.checks.current(turn)) complain(error, place);
    } finally {
      done();
      if (this.checks.current(turn)) this.idle("check", place);
    }
  }

  async run(): Promise<void> {
    const place = one("#output");
    const { run, context } = this.section.dataset;
    if (!run) return;
    const { turn, signal } = this.runs.next();
    this.busy("run", place, "Running");
    const done = offerStop(one('[data-action="run"]'), () => {
      this.runs.stop();
      this.idle("run", place);
      speak("Stopped");
    });
    try {
      const scratch = one<HTMLInputElement>("#scratch")?.value ?? "";
      const ran = await ask<{ superseded?: boolean; html: string }>("POST", run, { source: this.pad.text(), scratch, context }, { signal });
      if (ran.superseded || !this.runs.current(turn) || !place) return;
      put(place, ran.html);
      reveal(place);
    } catch (error) {
      if (this.runs.current(turn)) complain(error, place);
    } finally {
      done();
      if (this.runs.current(turn)) this.idle("run", place);
    }
  }

  async hint(): Promise<void> {
    const list = one("#hints");
    if (!list) return;
    try {
      const hint = await ask<{ level: number; remaining: number; html: string }>("POST", `/api/hint/${this.section.dataset.exercise}`, {});
      const old = one(`li[data-level="${hint.level}"]`, list);
      const shelf = make("ol", {});
      put(shelf, hint.html);
      const item = shelf.firstElementChild;
      if (!item) return;
      if (old) old.replaceWith(item);
      else list.append(item);
      item.dispatchEvent(new CustomEvent("gradus:arrived", { bubbles: true }));
      reveal(item);
      speak(item.textContent?.trim() ?? "");
      for (const button of all<HTMLButtonElement>('[data-action="hint"]')) button.disabled = hint.remaining === 0;
      for (const count of all("[data-hints-left]")) count.textContent = String(hint.remaining);
    } catch (error) {
      complain(error);
    }
  }

  /** Other ways: their fold opens, which fetches them; once open, they are fetched anew. */
  async ways(): Promise<void> {
    const fold = one<HTMLDetailsElement>("#ways-fold");
    if (fold && !fold.open) {
      fold.hidden = false;
      fold.open = true;
      reveal(fold);
      return;
    }
    await this.fetchInto("POST", `/api/ways/${this.section.dataset.exercise}`, "#ways");
  }

  async fetchInto(method: "GET" | "POST", url: string, selector: string): Promise<void> {
    const place = one(selector) ?? one("#history");
    if (!place) return;
    place.setAttribute("aria-busy", "true");
    try {
      put(place, (await ask<{ html: string }>(method, url, method === "POST" ? {} : undefined)).html);
      if (selector === "#history-entry") reveal(place);
    } catch (error) {
      complain(error, place);
    } finally {
      place.removeAttribute("aria-busy");
    }
  }

  /** Restore or reset: the server changes the file and sends its new text. */
  async replaceText(form: HTMLFormElement): Promise<void> {
    if (!(await this.file.save()) && this.file.dirty) return;
    const fields = Object.fromEntries(new FormData(form));
    const body = { ...fields, version: this.file.version, context: this.section.dataset.context, confirm: true };
    try {
      const answer = await ask<{ source: string; version: string }>("POST", form.action, body);
      this.file.take({ theirs: answer.source, version: answer.version });
      form.closest("dialog")?.close();
      toast("Done. What was there is kept in the history.", "good");
      this.pad.focus();
    } catch (error) {
      if (error instanceof Refused && error.status === 409) this.file.refused(error);
      else complain(error);
    }
  }

  busy(action: string, place: Element | null, words: string): void {
    speak(words);
    place?.setAttribute("aria-busy", "true");
    for (const button of all(`[data-action="${action}"]`)) button.dataset.busy = "";
  }

  idle(action: string, place: Element | null): void {
    place?.removeAttribute("aria-busy");
    for (const button of all(`[data-action="${action}"]`)) delete button.dataset.busy;
  }
}

const STATUS_ICONS: Record<string, string> = { tried: "not_yet", passed: "passed", mastered: "star", "passed with help": "hint" };

/** Write the exercise's status anew at the head of the page. */
async function refreshStatus(): Promise<void> {
  const place = one(".page-head .status");
  const { status } = await ask<{ status: string }>("GET", location.pathname + location.search).catch(() => ({ status: "" }));
  if (!place || !status || status === place.dataset.status) return;
  place.dataset.status = status;
  place.replaceChildren(icon(STATUS_ICONS[status] ?? "unstarted"), ` ${status}`);
}

async function lintMarks(url: string, source: string): Promise<Mark[]> {
  try {
    return (await ask<{ marks: Mark[] }>("POST", url, { source })).marks;
  } catch {
    return []; // The check will speak up; marks are a courtesy.
  }
}

