// The contents of a lesson say where the reader is.
import { all, one } from "./dom.ts";

export function watchContents(): void {
  const links = all<HTMLAnchorElement>(".contents a");
  const heads = links.map((link) => one(link.hash || "#none"));
  if (links.length === 0) return;
  const mark = () => {
    const at = heads.findLastIndex((head) => head !== null && head.getBoundingClientRect().top < innerHeight * 0.3);
    links.forEach((link, place) => place === Math.max(at, 0) ? link.setAttribute("aria-current", "true") : link.removeAttribute("aria-current"));
  };
  let frame = 0;
  addEventListener("scroll", () => {
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(mark);
  });
  mark();
}
