// KaTeX in its own file. It builds elements and sets their styles one by one, so a strict policy has nothing to refuse.
import katex from "katex";

/** Replace the TeX source in `node` by the formula, with MathML beside it for screen readers; keep the source on errors. */
export function render(node: HTMLElement): void {
  const source = node.textContent ?? "";
  node.dataset.set = "";
  const displayMode = node.classList.contains("block");
  try {
    katex.render(source, node, { displayMode, output: "htmlAndMathml", throwOnError: true, strict: "ignore", trust: false });
  } catch {
    node.textContent = source;
    node.classList.add("math-source");
  }
}
