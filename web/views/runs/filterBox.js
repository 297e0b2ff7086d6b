// The filter: one line of the filter language, with completion of columns, words and values, and mistakes shown under
// the very place where they are.
import { debounced, fill, h } from "../../lib/dom.js";
import { get } from "../../lib/api.js";
import { icon } from "../../lib/icons.js";
import { attributeNames, reference } from "./columns.js";
import { quote } from "./model.js";

const words = ["and", "or", "not", "is null", "is not null", "in (", "like '%", "ilike '%", "~ '"];
const statuses = ["queued", "running", "finished", "failed", "killed", "interrupted", "stalled"];

/** `apply(text)`: the filter is to be this; `known()` answers the keys that runs have logged. */
export function filterBox({ apply, known, scope }) {
  const input = h("input#filter.field.filter-input", {
    type: "text", spellcheck: false, autocomplete: "off", role: "combobox", ariaExpanded: "false", ariaAutocomplete: "list",
    ariaControls: "filter-list", ariaLabel: "Filter runs", placeholder: "Filter: metrics.loss < 0.2 and params.type = 'cbow'",
  });
  input.setAttribute("aria-describedby", "filter-problem");
  const clear = h("button.filter-clear", { type: "button", ariaLabel: "Clear the filter", hidden: true, onclick: () => { input.value = ""; commit(); input.focus(); } }, icon("close", 12));
  const list = h("ul#filter-list.filter-list", { role: "listbox", ariaLabel: "Completions", hidden: true });
  const problem = h("#filter-problem.filter-problem", { role: "alert", hidden: true });
  const element = h(".filter", h(".filter-row", icon("filter", 14), input, clear), list, problem);
  let choices = [];
  let active = -1;
  let applied = "";
  let question = 0;

  const commit = () => {
    close();
    clear.hidden = !input.value;
    if (input.value.trim() !== applied) {
      applied = input.value.trim();
      apply(applied);
    }
  };
  const close = () => {
    question++;
    choices = [];
    active = -1;
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };
  const show = (found) => {
    // What one has moved to stays, if it is still there.
    active = active < 0 ? -1 : found.findIndex((choice) => choice.text === choices[active].text);
    choices = found;
    list.hidden = !found.length;
    input.setAttribute("aria-expanded", String(found.length > 0));
    fill(list, found.map((choice, index) => h("li.menu-item", {
      role: "option", id: `filter-${index}`, ariaSelected: "false",
      onmousedown: (event) => { event.preventDefault(); take(choice); },
    }, h("span.mono.cut", choice.text), choice.hint ? h("span.faint", choice.hint) : null)));
    mark();
  };
  const mark = () => {
    [...list.children].forEach((item, index) => item.setAttribute("aria-selected", String(index === active)));
    list.children[active]?.scrollIntoView({ block: "nearest" });
    if (active >= 0) input.setAttribute("aria-activedescendant", `filter-${active}`);
    else input.removeAttribute("aria-activedescendant");
  };
  const take = (choice) => {
    const before = input.value.slice(0, choice.from) + choice.text + (choice.open ? "" : " ");
    input.value = before + input.value.slice(input.selectionStart).replace(/^\s+/, "");
    input.setSelectionRange(before.length, before.length);
    clear.hidden = false;
    active = -1;
    complete();
  };
  const complete = async () => {
    const number = ++question;
    const found = await completions(input.value.slice(0, input.selectionStart), await known(), scope);
    if (number === question && document.activeElement === input) show(found);
  };
  const later = debounced(80, complete);

  input.addEventListener("input", () => { clear.hidden = !input.value; hideProblem(); later(); });
  input.addEventListener("focus", later);
  input.addEventListener("blur", () => { later.cancel(); close(); });
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter") {
      event.preventDefault();
      if (active >= 0) take(choices[active]);
      else commit();
    } else if (event.key === "Tab" && !event.shiftKey && choices.length && input.value) {
      event.preventDefault();
      take(choices[Math.max(0, active)]);
    } else if (event.key === "Escape") {
      event.preventDefault();
      if (choices.length) close();
      else { input.value = applied; input.blur(); document.getElementById("runs-grid")?.focus(); }
    } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && choices.length) {
      event.preventDefault();
      active = (active + (event.key === "ArrowDown" ? 1 : -1) + choices.length) % choices.length;
      mark();
    }
  });

  const hideProblem = () => {
    problem.hidden = true;
    input.removeAttribute("aria-invalid");
  };
  return {
    element, focus: () => { input.focus(); input.select(); },
    set: (text) => { applied = text; if (document.activeElement !== input) input.value = text; clear.hidden = !input.value; },
    /** The server's mistake, under its place. */
    showError: (error) => {
      input.setAttribute("aria-invalid", "true");
      problem.hidden = false;
      // The server's message goes on with the text and a mark under the place.
      const [words, ...excerpt] = error.message.split("\n");
      fill(problem,
        excerpt.length ? h("pre", { ariaHidden: "true" }, excerpt.map((line) => line.slice(2)).join("\n")) : null,
        h("span", words), error.hint ? h("span.quiet", ` — ${error.hint}`) : null);
    },
    hideProblem,
  };
}

/** What may stand at the end of `text`. */
async function completions(text, keys, scope) {
  const value = /((?:metrics|params|tags|stages)\.(?:`[^`]*`|[^\s()=<>!~,`]+)|[a-z_]+)\s*(=|!=|~|!~|like|ilike|in\s*\([^)]*)\s*['"]?([^'"]*)$/i.exec(text);
  if (value && !words.includes(value[1])) return values(value[1], value[3], text.length - value[3].length, text, scope);
  const word = /[^\s()]*$/.exec(text)[0];
  const from = text.length - word.length;
  const before = text.slice(0, from).trimEnd();
  const needsColumn = before === "" || /(\b(and|or|not)|\()$/i.test(before);
  if (!needsColumn) {
    const offered = /\b(null|['"\d)])$/i.test(before) || /['")\d]$/.test(before) ? ["and", "or"] : ["=", "!=", "<", "<=", ">", ">=", ...words.slice(3)];
    return offered.filter((one) => one.startsWith(word.toLowerCase()) && one !== word)
      .map((one) => ({ text: one, from, open: /['(%]$/.test(one) }));
  }
  const all = [
    ...keys.metrics.map((key) => ({ text: reference("metrics", key), hint: "metric" })),
    ...keys.params.map((key) => ({ text: reference("params", key), hint: "param" })),
    ...["name", ...attributeNames].map((key) => ({ text: key, hint: "run" })),
    ...keys.tags.map((key) => ({ text: reference("tags", key), hint: "tag" })),
    ...keys.stages.flatMap((key) => ["state", "duration"].map((field) => ({ text: reference("stages", key, field), hint: "stage" }))),
  ];
  const wanted = word.toLowerCase();
  const ranked = all.map((one) => ({ ...one, from, rank: rank(one.text.toLowerCase(), wanted) })).filter((one) => one.rank > 0);
  return ranked.sort((a, b) => b.rank - a.rank).slice(0, 12);
}

function rank(text, wanted) {
  if (!wanted) return 1;
  if (text.startsWith(wanted)) return 3;
  if (text.split(/[./]/).some((part) => part.startsWith(wanted))) return 2;
  return text.includes(wanted) ? 1 : 0;
}

async function values(column, begun, from, text, scope) {
  if (column === "status") return literal(statuses, begun, from, text);
  if (/^(start_time|end_time|duration|metrics\.)/.test(column)) return [];
  try {
    const { groups } = await get("/table/groups", { ...scope(), by: column, groups: 30 });
    return literal(groups.map((group) => group.value).filter((value) => value !== null), begun, from, text);
  } catch {
    return [];
  }
}

/** Values as they are written; an opening quote that is there already is kept. */
function literal(found, begun, from, text) {
  const isQuoted = /['"]/.test(text[from - 1] ?? "");
  return found.map((value) => {
    const written = typeof value === "string" ? quote(value) : JSON.stringify(value);
    return { text: written, from: isQuoted ? from - 1 : from, shown: String(value) };
  }).filter((one) => one.shown.toLowerCase().startsWith(begun.trim().toLowerCase())).slice(0, 12);
}
