// A dialog over the page: the browser's own, which keeps the focus inside, closes at Escape and gives the focus back.
import { h } from "../lib/dom.js";
import { icon } from "../lib/icons.js";

/**
 * Opens a dialog. `buttons`: { label, act, kind: "primary" | "danger" | "" }; `act` may answer false, or a promise of
 * it, to keep the dialog open. Answers the <dialog>; its `closed` event says that it is gone.
 */
export function openDialog({ title, content, buttons = [], onclose = null, class: name = "" }) {
  const dialog = h("dialog.dialog", { class: name, ariaLabel: title });
  const close = () => dialog.close();
  const run = async (button, element) => {
    element.disabled = true;
    try {
      if (await button.act?.() !== false) close();
    } finally {
      element.disabled = false;
    }
  };
  const form = h("form", { method: "dialog", onsubmit: (event) => {
    event.preventDefault();
    const main = buttons.findIndex((button) => button.kind === "primary" || button.kind === "danger primary");
    if (main >= 0) run(buttons[main], footer.children[main]);
  } },
    h("header.dialog-head", h("h2", title),
      h("button.button.plain.icon.small", { type: "button", ariaLabel: "Close", onclick: close }, icon("close"))),
    h(".content", content));
  const footer = h("footer", buttons.map((button) => {
    const element = h("button.button", {
      type: button.kind?.includes("primary") ? "submit" : "button", class: button.kind ?? "",
      onclick: button.kind?.includes("primary") ? null : () => run(button, element),
    }, button.label);
    return element;
  }));
  if (buttons.length) form.append(footer);
  dialog.append(form);
  dialog.addEventListener("click", (event) => { if (event.target === dialog) close(); });
  dialog.addEventListener("close", () => {
    dialog.remove();
    onclose?.();
  });
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

/** Asks for one yes; resolves to whether it was given. */
export function confirmDialog({ title, text, label, danger = false }) {
  return new Promise((resolve) => {
    let answer = false;
    openDialog({
      title, content: h("p", text), onclose: () => resolve(answer),
      buttons: [
        { label: "Cancel" },
        { label, kind: danger ? "danger primary" : "primary", act: () => { answer = true; } },
      ],
    });
  });
}
