// What every page loads. Each `watch…` looks whether the page has what it works on, and otherwise does nothing.
import "./hypertext.ts";
import { watchCards } from "./cards.ts";
import { watchCells } from "./cells.ts";
import { watchContents } from "./contents.ts";
import { one } from "./dom.ts";
import { connect, listen } from "./events.ts";
import { watchEditor } from "./exercise.ts";
import { watchExplorables } from "./explore.ts";
import { watchKeys } from "./keys.ts";
import { watchMaths } from "./maths.ts";
import { watchMilestone } from "./milestone.ts";
import { complain, speak } from "./say.ts";
import { watchScrollers } from "./scrollers.ts";
import { watchTheme } from "./theme.ts";

document.documentElement.classList.add("js");
watchTheme();
watchKeys();
watchMaths();
watchScrollers();
watchContents();
watchCells();
watchCards();
watchExplorables();
void start();
listen("host", ({ state, what }) => {
  document.documentElement.dataset.host = state;
  if (state === "failed") complain(new Error(what));
  else if (state === "ready" && one("#editor")) speak("The checker is ready");
});

async function start(): Promise<void> {
  connect();
  const save = await watchEditor();
  watchMilestone(save ?? (async () => undefined));
}
