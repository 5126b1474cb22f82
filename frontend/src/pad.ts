// A pad is a place to write Python in: a plain text field at first, the full editor once it has been fetched. Whoever
// uses a pad cannot tell which one it is.
import type { Mark } from "./marks.ts";

export interface PadOptions {
  label: string;
  /** What Mod-Enter does. */
  run?: () => void;
  /** What Mod-Shift-Enter does. */
  runAlone?: () => void;
  /** What Mod-S does. */
  save?: () => void;
  changed?: () => void;
  lint?: (source: string) => Promise<Mark[]>;
  completeUrl?: string;
  exercise?: string;
  readonly?: boolean;
  /** Fold a long comment at the top. */
  foldHead?: boolean;
  /** Short pads for a lesson's cells: no search, no lint gutter. */
  compact?: boolean;
}

export interface Pad {
  text(): string;
  /** Replace the whole text by the smallest change, so that the cursor stays and Undo brings the old text back. */
  set(text: string): void;
  focus(): void;
  /** Put the cursor at the start of a line (from 1). */
  goto(line: number): void;
  lock(readonly: boolean): void;
}

/** The same over a plain text field: what is there before the editor comes, or if it cannot come. */
export class FieldPad implements Pad {
  constructor(
    readonly field: HTMLTextAreaElement,
    options: PadOptions,
  ) {
    field.addEventListener("input", () => options.changed?.());
    field.addEventListener("keydown", (event) => {
      if (!(event.ctrlKey || event.metaKey)) return;
      const wanted = event.key === "Enter" ? (event.shiftKey ? options.runAlone : options.run) : event.key === "s" ? options.save : undefined;
      if (!wanted) return;
      event.preventDefault();
      event.stopPropagation();
      wanted();
    });
  }
  text(): string {
    return this.field.value;
  }
  set(text: string): void {
    this.field.value = text;
  }
  focus(): void {
    this.field.focus();
  }
  goto(line: number): void {
    const at = this.field.value.split("\n").slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0);
    this.field.focus();
    this.field.setSelectionRange(at, at);
  }
  lock(readonly: boolean): void {
    this.field.readOnly = readonly;
  }
}

export type EditorModule = typeof import("./editor.ts");
let arriving: Promise<EditorModule> | null = null;

/** Fetch the editor, once. */
export function editorModule(): Promise<EditorModule> {
  const url = document.body.dataset.editor ?? "/static/editor.js";
  arriving ??= import(url).catch((error) => {
    arriving = null;
    throw error;
  });
  return arriving as Promise<EditorModule>;
}

/** The full editor over `field`, or the field itself where the editor cannot be had. */
export async function openPad(field: HTMLTextAreaElement, options: PadOptions): Promise<Pad> {
  try {
    return (await editorModule()).codePad(field, options);
  } catch (error) {
    console.warn("The editor could not be loaded; a plain field stands in.", error);
    field.hidden = false;
    return new FieldPad(field, options);
  }
}
