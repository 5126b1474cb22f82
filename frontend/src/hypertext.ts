// htmx, loaded once, for parts of a page that are plain fragments: hx-get and hx-post in the templates.
import htmx from "htmx.org";
import { arrived } from "./dom.ts";
import { csrf } from "./net.ts";

htmx.config.includeIndicatorCSS = false;

interface Request {
  request: { method: string; headers: Record<string, string> };
  target?: Element;
}

document.addEventListener("htmx:config:request", (event) => {
  const { request } = (event as CustomEvent<{ ctx: Request }>).detail.ctx;
  request.headers["X-CSRF-Token"] = csrf();
});
document.addEventListener("htmx:after:swap", (event) => {
  const target = (event as CustomEvent<{ ctx?: Request }>).detail.ctx?.target;
  arrived(target?.isConnected ? target : document.body);
});
document.addEventListener("htmx:error", () => document.dispatchEvent(new CustomEvent("gradus:offline")));
