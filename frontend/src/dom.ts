// Small helpers over the document; nothing here knows a page.

export function one<T extends Element = HTMLElement>(selector: string, root: ParentNode = document): T | null {
  return root.querySelector<T>(selector);
}

export function all<T extends Element = HTMLElement>(selector: string, root: ParentNode = document): T[] {
  return [...root.querySelectorAll<T>(selector)];
}

type Child = Node | string | null | undefined;

/** An element with attributes (`true` sets an empty one, `false` none) and children; text is always text. */
export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Record<string, string | boolean> = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== false) node.setAttribute(name, value === true ? "" : value);
  }
  for (const child of children) if (child) node.append(child);
  return node;
}

/** One of the sprite's icons that the page carries. */
export function icon(name: string): SVGSVGElement {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `#i-${name}`);
  svg.append(use);
  return svg;
}

/** Put a fragment that our own server rendered in place; learners' texts in it come escaped. */
export function put(target: Element, html: string): void {
  target.innerHTML = html;
  arrived(target);
}

/** Tell every behavior that new elements are there. */
export function arrived(root: Element): void {
  root.dispatchEvent(new CustomEvent("gradus:arrived", { bubbles: true }));
}

export function onArrival(behavior: (root: ParentNode) => void): void {
  behavior(document);
  document.addEventListener("gradus:arrived", (event) => behavior(event.target as Element));
}

export function still(): boolean {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}

/** Scroll as little as shows a region whole, or its beginning if it is long. */
export function reveal(node: Element): void {
  const block = node.getBoundingClientRect().height < innerHeight * 0.6 ? "nearest" : "start";
  node.scrollIntoView({ behavior: still() ? "auto" : "smooth", block });
}
