// One file in two places: here and on the learner's disk. Whatever happens, neither text is lost: a save names the
// version that it builds on, a change on disk is shown at once or put beside ours, and what is not saved yet is also
// kept in the browser's own storage.
import { listen, onReconnect } from "./events.ts";
import { ask, Offline, Refused } from "./net.ts";
import type { Pad } from "./pad.ts";
import { complain, toast } from "./say.ts";

export type State = "saved" | "dirty" | "saving" | "conflict" | "offline" | "readonly";
export interface Conflict {
  mine: string;
  theirs: string;
  version: string;
}
interface OnDisk {
  source: string;
  version: string;
  readonly: boolean;
}
interface Saved {
  version: string;
  kept?: string;
}
type Settle = (conflict: Conflict, file: SharedFile) => void;

const PAUSE = 800;
const AGAIN = 3000;

export class SharedFile {
  version: string;
  #saved: string;
  #state: State = "saved";
  #timer = 0;
  #saving: Promise<Saved | null> | null = null;
  readonly #draft: string;

  constructor(
    readonly url: string,
    readonly pad: Pad,
    version: string,
    readonly identity: { exercise: string; context: string },
    readonly show: (state: State) => void,
    readonly settle: Settle,
  ) {
    this.version = version;
    this.#saved = pad.text();
    this.#draft = `gradus:draft:${document.body.dataset.workspace ?? ""}:${url}`;
    listen("file", (event) => {
      if (event.exercise === identity.exercise && event.context === identity.context) void this.look(event.version);
    });
    onReconnect(() => void this.look());
    addEventListener("online", () => void this.save());
    addEventListener("pagehide", () => this.#leave());
    this.#recover();
  }

  get state(): State {
    return this.#state;
  }

  get dirty(): boolean {
    return this.pad.text() !== this.#saved;
  }

  /** To be called after every change of the text. */
  edited(): void {
    if (this.#state === "conflict" || this.#state === "readonly") return;
    clearTimeout(this.#timer);
    if (!this.dirty) return this.#become("saved");
    this.#remember();
    this.#become("dirty");
    this.#timer = window.setTimeout(() => void this.save(), PAUSE);
  }

  /** Write what is there now. Returns whether the disk then holds it. */
  async save(): Promise<boolean> {
    clearTimeout(this.#timer);
    if (this.#state === "conflict" || this.#state === "readonly") return false;
    await this.#saving;
    if (!this.dirty) return true;
    this.#saving = this.#write(this.pad.text(), this.version);
    const written = (await this.#saving) !== null;
    this.#saving = null;
    if (written && this.dirty) this.edited();
    return written;
  }

  /** Overwrite the version that the conflict named by `text`; the server keeps what lay there and says where. */
  async overrule(conflict: Conflict, text: string): Promise<void> {
    this.#become("saving");
    if (this.pad.text() !== text) this.pad.set(text);
    const saved = await this.#write(text, conflict.version);
    if (saved) toast(saved.kept ? `Saved. What lay on disk is kept in ${saved.kept}.` : "Saved.", "good");
  }

  /** Show what lies on disk; ours is one Undo away. */
  take(conflict: { theirs: string; version: string }): void {
    this.#saved = conflict.theirs;
    this.version = conflict.version;
    this.pad.set(conflict.theirs);
    this.#forget();
    this.#become("saved");
  }

  /** Another request saved `text` on the way. */
  wrote(text: string, version: string): void {
    this.#saved = text;
    this.version = version;
    if (this.dirty) return this.edited();
    this.#forget();
    this.#become("saved");
  }

  /** Handle the refusal of a save, wherever it came from. */
  refused(error: unknown): void {
    const conflict = error instanceof Refused && error.status === 409 ? (error.data.conflict as Conflict | undefined) : undefined;
    if (conflict) {
      this.#clash(conflict);
    } else if (error instanceof Offline) {
      this.#become("offline");
      this.#timer = window.setTimeout(() => void this.save(), AGAIN);
    } else {
      this.#become("dirty");
      complain(error);
    }
  }

  /** Look at the disk, if it has another version than ours. */
  async look(version?: string): Promise<void> {
    if (version !== undefined && version === this.version) return;
    await this.#saving;
    if (version === this.version || this.#state === "conflict") return;
    try {
      const disk = await ask<OnDisk>("GET", this.url);
      if (disk.version === this.version) return;
      if (disk.source === this.pad.text()) return this.wrote(disk.source, disk.version);
      if (this.dirty) {
        await this.#write(this.pad.text(), this.version); // Refused: the server then knows of the conflict and keeps both.
        return;
      }
      this.take({ theirs: disk.source, version: disk.version });
      toast("The file changed on disk; this is its new text.", "info");
    } catch (error) {
      if (!(error instanceof Offline)) complain(error);
    }
  }

  async #write(source: string, version: string): Promise<Saved | null> {
    this.#become("saving");
    try {
      const saved = await ask<Saved>("PUT", this.url, { source, version });
      this.wrote(source, saved.version);
      return saved;
    } catch (error) {
      this.refused(error);
      return null;
    }
  }

  #clash(conflict: Conflict): void {
    clearTimeout(this.#timer);
    this.#remember();
    this.#become("conflict");
    this.settle({ ...conflict, mine: this.pad.text() }, this);
  }

  #become(state: State): void {
    if (state !== this.#state) {
      this.#state = state;
      this.show(state);
    }
  }

  #leave(): void {
    if (!this.dirty || this.#state === "conflict" || this.#state === "readonly") return;
    const body = { source: this.pad.text(), version: this.version };
    ask("PUT", this.url, body, { keepalive: true }).catch(() => undefined);
  }

  #remember(): void {
    try {
      localStorage.setItem(this.#draft, JSON.stringify({ source: this.pad.text(), version: this.version }));
    } catch {
      // Storage is full or forbidden: the server's copy has to do.
    }
  }

  #forget(): void {
    try {
      localStorage.removeItem(this.#draft);
    } catch {
      // As above.
    }
  }

  /** Text that a crash or a lost connection kept from the disk: saved now if nothing changed there, else shown beside it. */
  #recover(): void {
    let draft: { source: string; version: string } | null = null;
    try {
      draft = JSON.parse(localStorage.getItem(this.#draft) ?? "null");
    } catch {
      return;
    }
    if (!draft || typeof draft.source !== "string") return;
    if (draft.source === this.#saved) return this.#forget();
    this.pad.set(draft.source);
    if (draft.version === this.version) {
      toast("Unsaved text from your last visit is back.", "good");
      this.edited();
    } else void this.#write(draft.source, draft.version);
  }
}
