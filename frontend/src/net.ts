// Requests to our own server: JSON in, JSON out, the CSRF token on everything that changes something.

export interface Problem {
  what: string;
  where?: string;
  next_step?: string;
}

/** The server answered, and the answer is a no; `data` is its whole body. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly data: { error?: Problem; html?: string; [key: string]: unknown },
  ) {
    super(data.error?.what ?? `The server answered ${status}.`);
  }
}

/** The server did not answer at all. */
export class Offline extends Error {
  constructor() {
    super("Gradus does not answer. Is it still running in your terminal?");
  }
}

export function csrf(): string {
  return document.querySelector<HTMLMetaElement>('meta[name="csrf-token"]')?.content ?? "";
}

interface Extra {
  signal?: AbortSignal;
  keepalive?: boolean;
}

/** Ask the server. Raises `Refused`, `Offline`, or the abort of `signal`. */
export async function ask<T>(method: "GET" | "POST" | "PUT", url: string, body?: unknown, extra: Extra = {}): Promise<T> {
  const headers: Record<string, string> = { Accept: "application/json" };
  if (method !== "GET") {
    headers["X-CSRF-Token"] = csrf();
    headers["X-Gradus-Conflict"] = "expected"; // Two sides of a file come with status 200: they are no fault of the page.
  }
  if (body !== undefined) headers["Content-Type"] = "application/json";
  let response: Response;
  try {
    response = await fetch(url, {
      method,
      headers,
      credentials: "same-origin",
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...extra,
    });
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    document.dispatchEvent(new CustomEvent("gradus:offline"));
    throw new Offline();
  }
  document.dispatchEvent(new CustomEvent("gradus:online"));
  const data = await response.json().catch(() => ({}));
  if (!response.ok) throw new Refused(response.status, data);
  if (data?.conflict && data.error) throw new Refused(409, data);
  return data as T;
}

/** Whether an error only says that a newer request took this one's place. */
export function aborted(error: unknown): boolean {
  return error instanceof DOMException && error.name === "AbortError";
}

/** Counts requests of one kind; an answer is worth showing only if nothing newer was asked since. */
export class Turns {
  #last = 0;
  #controller: AbortController | null = null;

  /** Begin a request: the one before is aborted. */
  next(): { turn: number; signal: AbortSignal } {
    this.#controller?.abort();
    this.#controller = new AbortController();
    return { turn: ++this.#last, signal: this.#controller.signal };
  }

  /** Give up the request that is under way. */
  stop(): void {
    this.#controller?.abort();
    this.#last++;
  }

  current(turn: number): boolean {
    return turn === this.#last;
  }
}
