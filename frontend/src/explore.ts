// Explorables: controls that redraw a figure as they move. One request is in flight at most; while it is, only the
// latest position is remembered. An answer is shown only if it is newer than what is shown.
import { all, make, one, put } from "./dom.ts";
import { ask } from "./net.ts";
import { complain } from "./say.ts";

interface Explored {
  turn: number;
  dropped?: boolean;
  picture: string;
  alt: string;
  caption: string;
  html: string;
}
type Value = number | boolean | string;

/** Below this width, parts of a picture stand below each other (src/gradus/web/looks.py). */
const NARROW = 560;

export function watchExplorables(): void {
  const near = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) {
        if (!isIntersecting) continue;
        near.unobserve(target);
        new Explorable(target as HTMLElement).start();
      }
    },
    { rootMargin: "400px" },
  );
  for (const section of all(".explorable")) near.observe(section);
}

class Explorable {
  #turn = 0;
  #shown = 0;
  #flying = false;
  #waiting = false;
  #frame = 0;
  #wide = true;
  readonly #form: HTMLFormElement;

  constructor(readonly section: HTMLElement) {
    this.#form = one<HTMLFormElement>("form.controls", section) ?? document.createElement("form");
  }

  start(): void {
    this.#form.addEventListener("input", () => this.#moved());
    this.#form.addEventListener("change", () => this.#moved());
    this.#form.addEventListener("submit", (event) => event.preventDefault());
    this.#form.addEventListener("reset", () => requestAnimationFrame(() => this.#moved()));
    this.#guess();
    this.#outputs();
    this.#wide = this.#width() >= NARROW;
    this.#moved();
    this.#follow();
  }

  /** A picture is drawn for the page it stands on: anew when the colors change, or when the page becomes narrow or wide. */
  #follow(): void {
    const again = () => this.#moved();
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", again);
    new MutationObserver(again).observe(document.documentElement, { attributeFilter: ["data-theme"] });
    new ResizeObserver(() => {
      const wide = this.#width() >= NARROW;
      if (wide === this.#wide) return;
      this.#wide = wide;
      this.#moved();
    }).observe(this.section);
  }

  #width(): number {
    const { paddingLeft, paddingRight } = getComputedStyle(this.section);
    return this.section.clientWidth - Number.parseFloat(paddingLeft) - Number.parseFloat(paddingRight);
  }

  #look(): Record<string, Value> {
    const { theme } = document.documentElement.dataset;
    const dark = theme === "dark" || (theme !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
    return { theme: dark ? "dark" : "light", width: Math.round(this.#width()), ratio: devicePixelRatio };
  }

  /** Ask what the reader expects before the picture is shown. */
  #guess(): void {
    const question = one<HTMLFormElement>("form.predict", this.section);
    if (!question) return;
    this.section.dataset.predict = "waiting";
    const answered = (event: Event) => {
      event.preventDefault();
      if (new FormData(question).entries().next().done) return;
      if (this.section.dataset.predict === "answered") return;
      this.section.dataset.predict = "answered";
      tell(question);
      one<HTMLElement>("input, select", this.#form)?.focus({ preventScroll: true });
    };
    question.addEventListener("submit", answered);
  }

  #values(): Record<string, Value> {
    const values: Record<string, Value> = {};
    for (const field of this.#form.elements) {
      if (field instanceof HTMLSelectElement) values[field.name] = field.value;
      else if (!(field instanceof HTMLInputElement) || !field.name) continue;
      else if (field.type === "range" || field.type === "number") values[field.name] = field.valueAsNumber;
      else if (field.type === "checkbox") values[field.name] = field.checked;
      else if (field.type !== "radio" || field.checked) values[field.name] = field.value;
    }
    return values;
  }

  /** Write each slider's value beside it, with the digits that its step has. */
  #outputs(): void {
    for (const field of all<HTMLInputElement>("input[type=range]", this.#form)) {
      const output = one<HTMLOutputElement>("output", field.closest("label") ?? field.parentElement ?? this.#form);
      if (output) output.value = field.valueAsNumber.toFixed(digits(field.step)).replace("-", "−");
    }
  }

  #moved(): void {
    this.#outputs();
    cancelAnimationFrame(this.#frame);
    this.#frame = requestAnimationFrame(() => void this.#draw());
  }

  async #draw(): Promise<void> {
    if (this.#flying) {
      this.#waiting = true;
      return;
    }
    this.#flying = true;
    this.section.setAttribute("aria-busy", "true");
    try {
      const turn = ++this.#turn;
      const answer = await ask<Explored>("POST", this.section.dataset.url ?? "", { values: this.#values(), turn, ...this.#look() });
      if (!answer.dropped && answer.turn > this.#shown) await this.#show(answer);
    } catch (error) {
      this.#fail(error);
    } finally {
      this.#flying = false;
      if (this.#waiting) {
        this.#waiting = false;
        void this.#draw();
      } else this.section.removeAttribute("aria-busy");
    }
  }

  /** The new picture is decoded before it takes the old one's place, so nothing flickers. */
  async #show(answer: Explored): Promise<void> {
    const picture = one<HTMLImageElement>("img.picture", this.section);
    if (picture && answer.picture) {
      const next = new Image();
      next.src = answer.picture;
      await next.decode().catch(() => undefined);
      picture.width = next.naturalWidth || picture.width;
      picture.height = next.naturalHeight || picture.height;
      picture.src = answer.picture;
      picture.alt = answer.alt;
    }
    this.#shown = answer.turn;
    this.section.dataset.drawn = "";
    const caption = one(".caption", this.section);
    if (caption && caption.textContent !== answer.caption) caption.textContent = answer.caption;
    const table = one(".table", this.section);
    if (table && answer.html) put(table, answer.html);
  }

  #fail(error: unknown): void {
    complain(error, one(".caption", this.section));
  }
}

/** Mark the choice that is right and say whether it was the reader's. */
function tell(question: HTMLFormElement): void {
  const { right } = question.dataset;
  const fields = all<HTMLInputElement>("input[type=radio]", question);
  const hit = fields.some((field) => field.checked && field.value === right);
  for (const field of fields) {
    field.disabled = true;
    if (field.value !== right) continue;
    field.closest("label")?.setAttribute("data-right", "");
    field.closest("label")?.append(make("span", { class: "chip" }, "right"));
  }
  one("button", question)?.remove();
  const words = hit ? "That is what happens. Move the controls and see when it changes." : "It comes out otherwise. Move the controls and see why.";
  question.append(make("p", { class: "told", role: "status" }, words));
}

function digits(step: string): number {
  const text = String(Number(step) || 1);
  return text.includes("e-") ? Number(text.split("e-")[1]) : (text.split(".")[1] ?? "").length;
}
