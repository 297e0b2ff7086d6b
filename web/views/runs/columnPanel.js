// Choosing columns: search, switch on and off, by kind; hide what is the same in all runs.
import { fill, h } from "../../lib/dom.js";
import { openDialog } from "../../components/dialog.js";
import { attributeNames, parseColumn, reference } from "./columns.js";

/** `keys`: what runs have logged; `columns`: those shown; `apply(columns)`; `varying()`: a promise of what differs. */
export function openColumnPanel({ keys, columns, apply, varying, reset }) {
  let shown = [...columns];
  const all = [
    ...attributeNames.map((name) => name),
    ...keys.metrics.map((key) => reference("metrics", key)),
    ...keys.params.map((key) => reference("params", key)),
    ...keys.stages.flatMap((key) => [reference("stages", key, "state"), reference("stages", key, "duration")]),
    ...keys.tags.map((key) => reference("tags", key)),
  ].map(parseColumn);
  const search = h("input.field", { type: "search", placeholder: "Search columns", ariaLabel: "Search columns", style: { width: "100%" } });
  const list = h(".column-list", { role: "group", ariaLabel: "Columns", tabIndex: 0 });
  const note = h("p.faint", { role: "status" });

  const isShown = (column) => shown.some((one) => one.ref === column.ref);
  const toggle = (column) => {
    shown = isShown(column) ? shown.filter((one) => one.ref !== column.ref) : [...shown, column];
    apply(shown);
  };
  const draw = () => {
    const wanted = search.value.trim().toLowerCase();
    const found = all.filter((column) => column.ref.toLowerCase().includes(wanted));
    const groups = Map.groupBy(found.slice(0, 400), (column) => column.group);
    fill(list, [...groups].map(([name, members]) => [
      h(".column-group", h("h3", name),
        h("button.button.plain.small", { type: "button", onclick: () => {
          const missing = members.filter((column) => !isShown(column));
          shown = missing.length ? [...shown, ...missing] : shown.filter((one) => !members.some((column) => column.ref === one.ref));
          apply(shown);
          draw();
        } }, members.every(isShown) ? "None" : "All")),
      members.map((column) => h("label.check.column-item",
        h("input", { type: "checkbox", checked: isShown(column), onchange: () => toggle(column) }),
        h("span.cut", { title: column.ref }, column.label))),
    ]), found.length > 400 ? h("p.faint", `${found.length - 400} more: search for them`) : null,
      found.length ? null : h("p.faint", "No column is called so"));
  };
  const hideConstant = async () => {
    const keys = await varying();
    const different = new Set([
      ...keys.params.map((key) => reference("params", key)), ...keys.metrics.map((key) => reference("metrics", key)),
      ...keys.tags.map((key) => reference("tags", key)),
    ]);
    const before = shown.length;
    shown = shown.filter((column) => ["attribute", "stages"].includes(column.kind) || different.has(column.ref));
    apply(shown);
    draw();
    note.textContent = `Hid ${before - shown.length} that have one value in ${keys.runCount === 1000 ? "the first 1000" : `all ${keys.runCount}`} runs`;
  };
  search.addEventListener("input", draw);
  draw();
  openDialog({
    title: "Columns", class: "column-panel",
    content: [search, h(".column-tools",
      h("button.button.small", { type: "button", onclick: hideConstant }, "Hide constant columns"),
      h("button.button.small", { type: "button", onclick: () => { shown = reset(); draw(); } }, "As usual")), note, list],
  });
  search.focus();
}
