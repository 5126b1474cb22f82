// Two texts of one file. Both are shown; the learner decides, part by part if they like; neither is thrown away.
import { make } from "./dom.ts";
import type { Conflict, SharedFile } from "./file.ts";
import { editorModule } from "./pad.ts";
import { speak } from "./say.ts";

let open: HTMLDialogElement | null = null;

export async function settle(conflict: Conflict, file: SharedFile): Promise<void> {
  open?.remove();
  const compare = make("div", { class: "compare-pane" });
  const keep = make("button", { type: "button", class: "button button-primary" }, "Save my side");
  const take = make("button", { type: "button", class: "button" }, "Take the file on disk");
  const later = make("button", { type: "button", class: "button button-quiet" }, "Decide later");
  const dialog = make(
    "dialog",
    { class: "dialog dialog-wide", "aria-labelledby": "conflict-title" },
    make("h2", { id: "conflict-title" }, "The file changed in two places"),
    make("p", {}, "It was changed on disk while you were writing here. Nothing is overwritten until you choose; you can take over single parts, or edit your side first."),
    make("div", { class: "compare-heads" }, make("span", {}, "On disk"), make("span", {}, "Yours, here")),
    compare,
    make("div", { class: "dialog-actions" }, later, take, keep),
  );
  document.body.append(dialog);
  open = dialog;
  dialog.addEventListener("close", () => {
    dialog.remove();
    open = null;
    if (file.state === "conflict") leaveNote(conflict, file);
    else clearNote();
    file.pad.focus();
  });

  let mine = () => conflict.mine;
  keep.addEventListener("click", () => {
    void file.overrule(conflict, mine());
    dialog.close();
  });
  take.addEventListener("click", () => {
    file.take(conflict);
    speak("The file on disk is shown. Undo brings your text back.");
    dialog.close();
  });
  later.addEventListener("click", () => dialog.close());
  dialog.showModal();
  speak("The file changed in two places");
  try {
    mine = (await editorModule()).mergePad(compare, conflict.theirs, conflict.mine);
  } catch {
    compare.replaceChildren(make("pre", { class: "code" }, conflict.theirs), make("pre", { class: "code" }, conflict.mine));
  }
}

/** While nothing is decided, say so above the editor. */
function leaveNote(conflict: Conflict, file: SharedFile): void {
  const place = document.querySelector<HTMLElement>("#conflict");
  if (!place) return;
  const button = make("button", { type: "button", class: "button" }, "Compare and choose");
  button.addEventListener("click", () => void settle({ ...conflict, mine: file.pad.text() }, file));
  place.replaceChildren(
    make("div", { class: "notice notice-warn" }, make("p", {}, "This file also changed on disk. Saving waits for your choice."), button),
  );
  place.hidden = false;
}

function clearNote(): void {
  const place = document.querySelector<HTMLElement>("#conflict");
  if (!place) return;
  place.hidden = true;
  place.replaceChildren();
}
