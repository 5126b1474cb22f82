// The event stream: one a page, closed while the page is hidden (a browser keeps only six connections to one host, so
// forgotten tabs would stop every other), opened anew with growing pauses when it breaks.
import { one } from "./dom.ts";

export interface FileEvent {
  exercise: string;
  context: string;
  version: string;
  path: string;
}
export interface ProbeEvent {
  job: string;
  stage: number;
  id: string;
  title: string;
  outcome: string;
  message: string;
  html: string;
}
export interface MilestoneEvent {
  job: string;
  stage: number;
  state: string;
  outcome: string;
  html: string;
}
interface Events {
  hello: { server: string };
  file: FileEvent;
  attempt: { exercise: string; outcome: string };
  host: { state: "warming" | "ready" | "failed"; what: string };
  probe: ProbeEvent;
  milestone: MilestoneEvent;
}
type Name = keyof Events;
const NAMES: Name[] = ["hello", "file", "attempt", "host", "probe", "milestone"];
const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 10_000;
const HIDDEN_FOR = 20_000;

let source: EventSource | null = null;
let pause = FIRST_PAUSE;
let retry = 0;
let sleep = 0;
let server = "";

/** Listen to one kind of event. */
export function listen<K extends Name>(name: K, heard: (data: Events[K]) => void): void {
  document.addEventListener(`gradus:event:${name}`, (event) => heard((event as CustomEvent<Events[K]>).detail));
}

/** Called after each (re)connection: what happened in between was missed. */
export function onReconnect(behavior: () => void): void {
  document.addEventListener("gradus:reconnected", behavior);
}

export function connect(): void {
  document.addEventListener("gradus:offline", () => banner(true));
  document.addEventListener("gradus:online", () => banner(false));
  document.addEventListener("visibilitychange", () => {
    clearTimeout(sleep);
    if (document.hidden) sleep = window.setTimeout(close, HIDDEN_FOR);
    else open();
  });
  addEventListener("pagehide", close);
  addEventListener("pageshow", open);
  addEventListener("online", open);
  open();
}

function open(): void {
  if (source || document.hidden) return;
  clearTimeout(retry);
  source = new EventSource("/api/events");
  for (const name of NAMES) source.addEventListener(name, (event) => tell(name, event as MessageEvent<string>));
  source.addEventListener("open", () => {
    pause = FIRST_PAUSE;
    banner(false);
  });
  source.addEventListener("error", broken);
}

function close(): void {
  clearTimeout(retry);
  source?.close();
  source = null;
}

function tell(name: Name, event: MessageEvent<string>): void {
  const data = JSON.parse(event.data);
  if (name === "hello") {
    const again = server !== "";
    if (again && data.server !== server) return location.reload();
    server = data.server;
    if (again) document.dispatchEvent(new CustomEvent("gradus:reconnected"));
  }
  document.dispatchEvent(new CustomEvent(`gradus:event:${name}`, { detail: data }));
}

async function broken(): Promise<void> {
  close();
  retry = window.setTimeout(open, pause);
  pause = Math.min(pause * 2, LONGEST_PAUSE);
  try {
    const answer = await fetch("/static/icon.svg", { method: "HEAD", cache: "no-store" });
    if (!answer.ok) banner(true); // Another launch answers, which does not know this page.
  } catch {
    banner(true);
  }
}

function banner(shown: boolean): void {
  const offline = one("#offline");
  if (offline) offline.hidden = !shown;
  document.documentElement.toggleAttribute("data-offline", shown);
}
