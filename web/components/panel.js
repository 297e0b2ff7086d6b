// A titled box.
import { h } from "../lib/dom.js";

export function panel(title, content, ...actions) {
  return h("section.panel", h("header", h("h2", title), h(".actions", actions)), content);
}
