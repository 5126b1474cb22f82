// Code that is wider than its place scrolls; so that a keyboard can scroll it, it takes the focus, but only then.
import { all, onArrival } from "./dom.ts";

const sizes = new ResizeObserver((entries) => {
  for (const { target } of entries) settle(target as HTMLElement);
});

export function watchScrollers(): void {
  onArrival((root) => {
    for (const block of all("pre:not([tabindex])", root)) sizes.observe(block);
  });
  void document.fonts.ready.then(() => all("pre").forEach(settle));
}

function settle(block: HTMLElement): void {
  const wide = block.scrollWidth > block.clientWidth + 1;
  if (wide && !block.hasAttribute("tabindex")) {
    block.tabIndex = 0;
    block.dataset.scrolls = "";
  } else if (!wide && block.dataset.scrolls !== undefined) {
    block.removeAttribute("tabindex");
    delete block.dataset.scrolls;
  }
}
