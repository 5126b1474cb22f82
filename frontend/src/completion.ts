// Completion of what a module or an imported name holds: the server knows the libraries. Names of the learner's own text
// are completed by CodeMirror's Python support.
import type { Completion, CompletionContext, CompletionResult, CompletionSource } from "@codemirror/autocomplete";
import { ask } from "./net.ts";

interface Item {
  label: string;
  type: string;
  detail?: string;
  info?: string;
}

const DOTTED = /((?:[A-Za-z_]\w*\.)+)(\w*)$/;
const FROM = /^\s*from\s+([\w.]+)\s+import\s+(?:[^#]*,\s*)?\(?\s*(\w*)$/;
const IMPORT = /^\s*(?:import|from)\s+(?:[\w.]+(?:\s+as\s+\w+)?\s*,\s*)*((?:\w+\.)*)(\w*)$/;

export function memberSource(url: string, exercise?: string): CompletionSource {
  return async (context) => {
    const before = context.state.doc.lineAt(context.pos);
    const wanted = query(before.text.slice(0, context.pos - before.from));
    if (!wanted || (!context.explicit && wanted.path === "" && wanted.prefix === "")) return null;
    const imports = { ...known(context.state.doc.toString()), ...wanted.imports };
    return fetchItems(url, { imports, path: wanted.path, prefix: wanted.prefix, ...(exercise ? { exercise } : {}) }, context, wanted.prefix);
  };
}

interface Query {
  path: string;
  prefix: string;
  imports: Record<string, string>;
}

/** What is being asked for at the end of a line. */
export function query(line: string): Query | null {
  const from = FROM.exec(line);
  if (from) return direct(from[1] ?? "", from[2] ?? "");
  const whole = IMPORT.exec(line);
  if (whole) return direct((whole[1] ?? "").replace(/\.$/, ""), whole[2] ?? "");
  const dotted = DOTTED.exec(line);
  return dotted ? { path: (dotted[1] ?? "").slice(0, -1), prefix: dotted[2] ?? "", imports: {} } : null;
}

/** A module that need not be imported yet stands for itself. */
function direct(path: string, prefix: string): Query {
  const top = path.split(".")[0] ?? "";
  return { path, prefix, imports: top ? { [top]: top } : {} };
}

/** The names that the text's import statements bind, and what they stand for. */
export function known(source: string): Record<string, string> {
  const names: Record<string, string> = {};
  for (const [, list] of source.matchAll(/^\s*import\s+([^#\n]+)/gm)) {
    for (const part of (list ?? "").split(",")) {
      const [module, alias] = part.trim().split(/\s+as\s+/);
      if (module && alias) names[alias] = module;
      else if (module) names[module.split(".")[0] ?? module] = module.split(".")[0] ?? module;
    }
  }
  for (const [, module, list] of source.matchAll(/^\s*from\s+([\w.]+)\s+import\s+\(?([^#)\n]*(?:\n[^)]*)?)\)?/gm)) {
    for (const part of (list ?? "").split(",")) {
      const [name, alias] = part.trim().split(/\s+as\s+/);
      if (name && /^\w+$/.test(name)) names[alias ?? name] = `${module}.${name}`;
    }
  }
  return names;
}

async function fetchItems(url: string, body: unknown, context: CompletionContext, prefix: string): Promise<CompletionResult | null> {
  const leaving = new AbortController();
  context.addEventListener("abort", () => leaving.abort());
  try {
    const { items } = await ask<{ items: Item[] }>("POST", url, body, { signal: leaving.signal });
    if (items.length === 0) return null;
    return { from: context.pos - prefix.length, options: items.map(option), validFor: /^\w*$/ };
  } catch {
    return null;
  }
}

function option({ label, type, detail, info }: Item): Completion {
  return { label, type, ...(detail ? { detail } : {}), ...(info ? { info } : {}), ...(label.startsWith("_") ? { boost: -50 } : {}) };
}
