// A short word at the bottom of the page, read aloud, too; with an action such as "Undo" if there is one.
import { h } from "../lib/dom.js";

let region = null;

export function toast(text, { action = null, act = null, seconds = action ? 20 : 5 } = {}) {
  if (!region) {
    region = h(".toasts", { role: "status", ariaLive: "polite" });
    document.body.append(region);
  }
  const element = h(".toast", h("span", text));
  const close = () => element.remove();
  if (action) {
    element.append(h("button", { type: "button", onclick: () => { close(); act(); } }, action));
  }
  region.append(element);
  // It stays while one is about to use it.
  let timer = setTimeout(close, seconds * 1000);
  const wait = () => clearTimeout(timer);
  const goOn = () => { wait(); timer = setTimeout(close, seconds * 1000); };
  for (const [name, act] of [["pointerenter", wait], ["focusin", wait], ["pointerleave", goOn], ["focusout", goOn]]) element.addEventListener(name, act);
  return close;
}

/** Says what went wrong with something that was asked for. */
export function toastError(error) {
  if (error.name === "AbortError") return;
  toast(error.hint ? `${error.message}: ${error.hint}` : error.message, { seconds: 8 });
}
