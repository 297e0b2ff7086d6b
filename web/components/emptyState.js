// Where there is nothing yet: what would be here, and the command that puts it there.
import { h } from "../lib/dom.js";
import { icon } from "../lib/icons.js";
import { toast } from "./toast.js";

/** `commands`: lines of a shell; each can be copied. */
export function emptyState({ title, text, commands = [], action = null }) {
  return h(".empty", h("h2", title), text ? h("p", text) : null, commands.map(commandLine), action);
}

export function commandLine(line) {
  return h(".command",
    h("code", { tabIndex: 0 }, line),
    h("button.button.plain.icon.small", { type: "button", ariaLabel: `Copy: ${line}`, title: "Copy", onclick: () => copy(line) },
      icon("copy", 14)));
}

export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    toast("Copied");
  } catch {
    toast("The browser does not let the page copy; select the text instead");
  }
}
