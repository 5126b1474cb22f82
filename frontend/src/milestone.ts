// A milestone under way: its probes come in one by one over the event stream; a reload finds the job again.
import { all, arrived, make, one, put, reveal } from "./dom.ts";
import { listen, onReconnect, type MilestoneEvent, type ProbeEvent } from "./events.ts";
import { ask } from "./net.ts";
import { complain, speak } from "./say.ts";

/** Between the press and the server's answer: the first probes may come sooner than the job's name. */
const STARTING = "starting";

interface Job {
  state: "running" | "done" | "failed" | "cancelled";
  probes: ProbeEvent[];
  html: string;
}

export function watchMilestone(before: () => Promise<void>): void {
  const section = one(".milestone[data-start]");
  if (!section) return;
  const start = section.dataset.start ?? "";

  const running = (job: string) => {
    section.dataset.job = job;
    section.toggleAttribute("data-running", job !== "");
    for (const button of all<HTMLButtonElement>('[data-action="prove"]', section)) button.disabled = job !== "";
    for (const button of all('[data-action="cancel"]', section)) button.hidden = job === "";
  };
  const catchUp = async () => {
    const job = section.dataset.job;
    if (!job || job === STARTING) return;
    try {
      const now = await ask<Job>("GET", `${start}/${job}`);
      const shown = all("#probes > .probe").length;
      if (now.state !== "running") finish(now.html);
      if (shown < now.probes.length) location.reload(); // Some came while nobody listened; the server draws them all.
    } catch (error) {
      complain(error, one("#report"));
      running("");
    }
  };
  const finish = (html: string) => {
    const report = one("#report");
    running("");
    if (!report) return;
    put(report, html);
    reveal(report);
  };
  const prove = async (form: HTMLFormElement | null) => {
    const data = form ? new FormData(form).get("data") : null;
    one("#probes")?.replaceChildren();
    one("#report")?.replaceChildren();
    running(STARTING);
    speak("The examination begins");
    try {
      await before();
      const { job } = await ask<{ job: string }>("POST", start, data ? { data } : {});
      if (section.dataset.job === STARTING) running(job);
    } catch (error) {
      running("");
      complain(error, one("#report"));
    }
  };
  section.addEventListener("click", (event) => {
    const button = (event.target as Element).closest<HTMLButtonElement>("[data-action]");
    if (button?.dataset.action === "prove") {
      event.preventDefault();
      void prove(button.form);
    } else if (button?.dataset.action === "cancel" && section.dataset.job) {
      event.preventDefault();
      ask("POST", `${start}/${section.dataset.job}/cancel`, {}).catch((error) => complain(error));
    }
  });
  const ours = (event: ProbeEvent | MilestoneEvent) =>
    String(event.stage) === section.dataset.stage && [event.job, STARTING].includes(section.dataset.job ?? "");
  listen("probe", (probe) => ours(probe) && showProbe(probe));
  listen("milestone", (event) => {
    if (ours(event) && event.state !== "running") finish(event.html);
  });
  onReconnect(() => void catchUp());
  running(section.dataset.job ?? "");
  void catchUp();
}

function showProbe(probe: ProbeEvent): void {
  const list = one("#probes");
  if (!list) return;
  const fresh = make("template", {});
  fresh.innerHTML = probe.html;
  const item = fresh.content.firstElementChild;
  if (!item) return;
  const old = one(`[data-probe="${CSS.escape(probe.id)}"]`, list);
  if (old) old.replaceWith(item);
  else list.append(item);
  arrived(item);
  speak(`${probe.title}: ${probe.outcome.replace("_", " ")}`);
}
