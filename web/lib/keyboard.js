// Keys and commands. A view binds keys and offers commands for as long as it is shown; `?` lists the keys, Ctrl/Cmd-K
// searches the commands.
import { h, fill } from "./dom.js";
import { openDialog } from "../components/dialog.js";
import { openPalette } from "../components/palette.js";

const bindings = [];
const commands = [];
const sources = [];
let pending = "";
let pendingTimer = 0;

/**
 * Binds a key, such as "j", "/", "Escape", "shift+x", or two in a row, "g r". Passed over while one types into a field,
 * unless `inFields`. The latest binding of a key wins.
 */
export function bindKey(keys, explanation, act, { signal, inFields = false, group = "This view" } = {}) {
  add(bindings, { keys, explanation, act, inFields, group }, signal);
}

/** Offers a command in the palette: { name, hint, act }. */
export function offerCommand(name, act, { signal, hint = "" } = {}) {
  add(commands, { name, act, hint }, signal);
}

/** Asks `search(text)` for more commands while one types: a list of { name, hint, act }, or a promise of one. */
export function offerSearch(search, { signal } = {}) {
  add(sources, search, signal);
}

export function startKeyboard() {
  addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing) return;
    if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "k") {
      event.preventDefault();
      openPalette(() => [...commands].reverse(), sources);
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (document.querySelector("dialog[open], .menu:popover-open")) return;
    const key = event.shiftKey && event.key.length > 1 ? `shift+${event.key}` : event.key;
    const typing = isField(event.target);
    const found = find(pending ? `${pending} ${key}` : key, typing) ?? find(key, typing);
    if (found) {
      clearPending();
      event.preventDefault();
      found.act(event);
    } else if (!typing && bindings.some((binding) => binding.keys.startsWith(`${key} `))) {
      clearPending();
      pending = key;
      pendingTimer = setTimeout(clearPending, 1500);
    } else {
      clearPending();
    }
  });
  bindKey("?", "Show the keys", showKeys, { group: "Everywhere" });
}

function add(list, item, signal) {
  list.push(item);
  signal?.addEventListener("abort", () => {
    const index = list.indexOf(item);
    if (index >= 0) list.splice(index, 1);
  });
}

function find(keys, typing) {
  return bindings.findLast((binding) => binding.keys === keys && (!typing || binding.inFields));
}

function clearPending() {
  clearTimeout(pendingTimer);
  pending = "";
}

function isField(target) {
  return target instanceof HTMLElement &&
    (target.isContentEditable || /^(TEXTAREA|SELECT)$/.test(target.tagName) ||
      (target.tagName === "INPUT" && !/^(checkbox|radio|range|button)$/.test(target.type)));
}

export function showKeys() {
  const groups = new Map();
  for (const binding of bindings) {
    if (!groups.has(binding.group)) groups.set(binding.group, new Map());
    groups.get(binding.group).set(binding.keys, binding.explanation);
  }
  groups.get("Everywhere")?.set("Ctrl K", "Search commands, runs and pages");
  const content = h(".keys");
  fill(content, [...groups].reverse().map(([name, keys]) => [
    h("h3", name),
    h("dl.pairs", [...keys].map(([key, explanation]) => [
      h("dt", key.split(" ").map((part) => [h("kbd", part.replace("Escape", "Esc")), " "])),
      h("dd", explanation),
    ])),
  ]));
  openDialog({ title: "Keys", content });
}
