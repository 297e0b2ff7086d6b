// The command palette: type a few letters of what you want, Enter does it.
import { h, fill, debounced } from "../lib/dom.js";

/** `commands()` answers { name, hint, act }; `sources` are asked for more while one types. */
export function openPalette(commands, sources) {
  if (document.querySelector(".palette[open]")) return;
  const input = h("input.palette-input", {
    type: "text", placeholder: "Search pages, runs and commands", ariaLabel: "Search pages, runs and commands", role: "combobox",
    ariaExpanded: "true", ariaControls: "palette-list", ariaAutocomplete: "list", spellcheck: false, autocomplete: "off",
  });
  const list = h("ul#palette-list.palette-list", { role: "listbox", ariaLabel: "Commands" });
  const dialog = h("dialog.dialog.palette", { ariaLabel: "Commands" }, input, list);
  let shown = [];
  let found = [];
  let active = 0;
  let question = 0;

  const draw = () => {
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    const own = commands().map((command) => ({ command, score: score(command.name, words) }))
      .filter((item) => item.score > 0).sort((a, b) => b.score - a.score).map((item) => item.command);
    shown = [...own, ...found].slice(0, 40);
    active = Math.min(active, Math.max(0, shown.length - 1));
    fill(list, shown.map((command, index) => h("li.menu-item", {
      role: "option", id: `palette-${index}`, ariaSelected: String(index === active),
      onclick: () => choose(index), onmousemove: () => { if (active !== index) { active = index; mark(); } },
    }, h("span.cut", command.name), command.hint ? h("span.faint", command.hint) : null)));
    if (!shown.length) fill(list, h("li.menu-title", { role: "option", ariaSelected: "false" }, "Nothing is called so"));
    input.setAttribute("aria-activedescendant", shown.length ? `palette-${active}` : "");
  };
  const mark = () => {
    [...list.children].forEach((item, index) => item.setAttribute("aria-selected", String(index === active)));
    list.children[active]?.scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", `palette-${active}`);
  };
  const choose = (index) => {
    const command = shown[index];
    if (!command) return;
    dialog.close();
    command.act();
  };
  const ask = debounced(120, async () => {
    const number = ++question;
    const text = input.value.trim();
    const answers = text ? await Promise.all(sources.map((search) => Promise.resolve(search(text)).catch(() => []))) : [];
    if (number !== question) return;
    found = answers.flat();
    draw();
  });

  input.addEventListener("input", () => { active = 0; draw(); ask(); });
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown") active = (active + 1) % Math.max(1, shown.length);
    else if (event.key === "ArrowUp") active = (active - 1 + shown.length) % Math.max(1, shown.length);
    else if (event.key === "Enter") { event.preventDefault(); choose(active); return; }
    else return;
    event.preventDefault();
    mark();
  });
  dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  draw();
  dialog.showModal();
  input.focus();
}

/** 0: not meant. The beginning of the name counts most, then of a word, then anywhere. */
function score(name, words) {
  const text = name.toLowerCase();
  let total = 1;
  for (const word of words) {
    const place = text.indexOf(word);
    if (place < 0) return 0;
    total += place === 0 ? 4 : /\W/.test(text[place - 1]) ? 2 : 1;
  }
  return total;
}
