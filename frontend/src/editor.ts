// The editor: CodeMirror 6 for Python. Only pages with something to write load this file.
import { acceptCompletion, autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { python, pythonLanguage } from "@codemirror/lang-python";
import { bracketMatching, foldEffect, foldGutter, foldKeymap, indentOnInput, indentUnit } from "@codemirror/language";
import { type Diagnostic, lintGutter, linter, lintKeymap } from "@codemirror/lint";
import { MergeView, unifiedMergeView } from "@codemirror/merge";
import { highlightSelectionMatches, searchKeymap } from "@codemirror/search";
import { Compartment, EditorState, type Extension, Prec, Transaction } from "@codemirror/state";
import {
  crosshairCursor,
  drawSelection,
  dropCursor,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  highlightSpecialChars,
  type KeyBinding,
  keymap,
  lineNumbers,
  rectangularSelection,
} from "@codemirror/view";
import { memberSource } from "./completion.ts";
import { colors } from "./editor-theme.ts";
import type { Mark } from "./marks.ts";
import type { Pad, PadOptions } from "./pad.ts";

/** The policy allows only styles that carry the page's nonce. */
function nonce(): Extension {
  const value = document.querySelector<HTMLMetaElement>('meta[name="style-nonce"]')?.content;
  return value ? EditorView.cspNonce.of(value) : [];
}

/**
 * Text typed over a selection is put in by us. Left to itself, Chromium carries the look of what it replaces along as an
 * inline style, which the policy refuses (and says so in the console).
 */
const typedOver = EditorView.domEventHandlers({
  beforeinput(event, view) {
    const { data, inputType } = event;
    if (inputType !== "insertText" || !data || view.composing || view.state.readOnly || view.state.selection.main.empty) return false;
    const { from, to } = view.state.selection.main;
    const insert = () => view.state.update(view.state.replaceSelection(data), { userEvent: "input.type", scrollIntoView: true });
    event.preventDefault();
    if (!view.state.facet(EditorView.inputHandler).some((handle) => handle(view, from, to, data, insert))) view.dispatch(insert());
    return true;
  },
});

function basics(label: string): Extension {
  return [
    nonce(),
    typedOver,
    highlightSpecialChars(),
    history(),
    drawSelection(),
    dropCursor(),
    EditorState.allowMultipleSelections.of(true),
    indentUnit.of("    "),
    indentOnInput(),
    bracketMatching(),
    rectangularSelection(),
    crosshairCursor(),
    python(),
    colors,
    EditorView.contentAttributes.of({ "aria-label": label, tabindex: "0", spellcheck: "false", autocapitalize: "off", autocorrect: "off" }),
  ];
}

function help(options: PadOptions): Extension {
  return [
    lineNumbers(),
    closeBrackets(),
    highlightActiveLine(),
    highlightActiveLineGutter(),
    autocompletion({ icons: false, maxRenderedOptions: 60 }),
    options.completeUrl
      ? pythonLanguage.data.of({ autocomplete: memberSource(options.completeUrl, options.exercise) })
      : [],
    options.compact ? [] : [foldGutter(), highlightSelectionMatches()],
    options.lint ? [linter(marks(options.lint), { delay: 500 }), lintGutter()] : [],
  ];
}

function marks(lint: (source: string) => Promise<Mark[]>): (view: EditorView) => Promise<Diagnostic[]> {
  return async (view) => {
    const doc = view.state.doc;
    const found = await lint(doc.toString());
    const at = (line: number, column: number) => {
      const there = doc.line(Math.min(Math.max(line, 1), doc.lines));
      return Math.min(there.from + Math.max(column - 1, 0), there.to);
    };
    return found.map((mark) => {
      const from = at(mark.line, mark.column);
      return {
        from,
        to: Math.max(at(mark.end_line, mark.end_column), from),
        severity: mark.severity,
        source: mark.code,
        message: mark.message,
      };
    });
  };
}

/** Ours come before the default keymap, which owns Mod-Enter. */
function keys(options: PadOptions): Extension {
  const ours: KeyBinding[] = [];
  const bind = (key: string, action?: () => void) => {
    if (action) ours.push({ key, preventDefault: true, stopPropagation: true, run: () => (action(), true) });
  };
  bind("Mod-Enter", options.run);
  bind("Mod-Shift-Enter", options.runAlone ?? options.run);
  bind("Mod-s", options.save);
  return [
    Prec.highest(keymap.of(ours)),
    keymap.of([
      ...closeBracketsKeymap,
      ...completionKeymap,
      ...defaultKeymap,
      ...(options.compact ? [] : searchKeymap),
      ...historyKeymap,
      ...foldKeymap,
      ...lintKeymap,
      { key: "Tab", run: acceptCompletion },
      indentWithTab,
    ]),
  ];
}

/** Put a full editor where `field` is; the field keeps the text for forms and for whoever reads it. */
export function codePad(field: HTMLTextAreaElement, options: PadOptions): Pad {
  const lock = new Compartment();
  const view = new EditorView({
    state: EditorState.create({
      doc: field.value,
      extensions: [
        keys(options),
        basics(options.label),
        help(options),
        lock.of(EditorState.readOnly.of(options.readonly ?? false)),
        EditorView.updateListener.of((update) => {
          if (!update.docChanged) return;
          field.value = update.state.doc.toString();
          options.changed?.();
        }),
      ],
    }),
  });
  field.hidden = true;
  field.after(view.dom);
  if (options.foldHead) foldHead(view);
  return {
    text: () => view.state.doc.toString(),
    set: (text) => replace(view, text),
    focus: () => view.focus(),
    lock: (readonly) => view.dispatch({ effects: lock.reconfigure(EditorState.readOnly.of(readonly)) }),
    goto: (line) => {
      const { from } = view.state.doc.line(Math.min(Math.max(line, 1), view.state.doc.lines));
      view.dispatch({ selection: { anchor: from }, effects: EditorView.scrollIntoView(from, { y: "center" }) });
      view.focus();
    },
  };
}

/** Fold the comment that repeats the task at the top of a file: the page shows the task anyway. */
function foldHead(view: EditorView): void {
  const { doc } = view.state;
  let last = 0;
  while (last < doc.lines && doc.line(last + 1).text.startsWith("#")) last++;
  if (last < 5) return;
  view.dispatch({ effects: foldEffect.of({ from: doc.line(1).to, to: doc.line(last).to }) });
}

/** Change only what differs between the common beginning and the common end. */
function replace(view: EditorView, text: string): void {
  const old = view.state.doc.toString();
  if (old === text) return;
  let from = 0;
  while (from < old.length && from < text.length && old[from] === text[from]) from++;
  let end = 0;
  while (end < old.length - from && end < text.length - from && old[old.length - 1 - end] === text[text.length - 1 - end]) end++;
  view.dispatch({
    changes: { from, to: old.length - end, insert: text.slice(from, text.length - end) },
    annotations: [Transaction.userEvent.of("input.replace"), Transaction.addToHistory.of(true)],
  });
}

/** Show `theirs` beside an editable `mine` (below each other's lines where it is narrow); returns how to read `mine`. */
export function mergePad(place: HTMLElement, theirs: string, mine: string): () => string {
  const readOnly = [EditorState.readOnly.of(true), EditorView.editable.of(false)];
  const words = { Accept: "Keep mine", Reject: "Take theirs", "Revert this chunk": "Take this part from disk" };
  const ours = [EditorState.phrases.of(words), lineNumbers(), keymap.of([...defaultKeymap, ...historyKeymap])];
  if (innerWidth < 760) {
    const view = new EditorView({
      parent: place,
      doc: mine,
      extensions: [basics("Your text, compared with the file on disk"), ours, unifiedMergeView({ original: theirs, mergeControls: true })],
    });
    return () => view.state.doc.toString();
  }
  const merge = new MergeView({
    parent: place,
    a: { doc: theirs, extensions: [basics("The file on disk"), lineNumbers(), readOnly] },
    b: { doc: mine, extensions: [basics("Your text"), ours] },
    revertControls: "a-to-b",
    highlightChanges: true,
    gutter: true,
    collapseUnchanged: { margin: 3, minSize: 6 },
  });
  return () => merge.b.state.doc.toString();
}
