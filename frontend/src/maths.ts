// Formulas: KaTeX is fetched only where a page has some.
import { all, make, onArrival, one } from "./dom.ts";

let ready: Promise<typeof import("./katex.ts")> | null = null;

export function watchMaths(): void {
  onArrival((root) => void typeset(root));
}

async function typeset(root: ParentNode): Promise<void> {
  const formulas = all(".math:not([data-set])", root);
  const { katex, katexCss } = document.body.dataset;
  if (formulas.length === 0 || !katex) return;
  if (katexCss && !one(`link[href="${CSS.escape(katexCss)}"]`)) {
    document.head.append(make("link", { rel: "stylesheet", href: katexCss }));
  }
  ready ??= import(katex);
  const { render } = await ready;
  for (const formula of formulas) render(formula);
}
