// Names and values in a panel; with a field to search where there are many.
import { fill, h } from "../../lib/dom.js";
import { panel } from "../../components/panel.js";

const MANY = 12;

export function valueTable({ title, empty }) {
  const find = h("input.field.small", {
    type: "search", placeholder: `Find ${title.toLowerCase()}`, ariaLabel: `Find ${title.toLowerCase()}`, hidden: true, oninput: () => draw(),
  });
  const count = h("span.faint");
  const body = h("tbody");
  const table = h("table.plain-table.values", body);
  const nothing = h("p.content.faint");
  let rows = [];
  const draw = () => {
    const words = find.value.toLowerCase().split(/\s+/).filter(Boolean);
    const found = rows.filter((row) => words.every((word) => row.name.toLowerCase().includes(word)));
    fill(body, found.map((row) => h("tr",
      h("th", { scope: "row" }, row.href ? h("a", { href: row.href }, row.name) : row.name),
      h("td.number.mono", { title: row.title }, row.value), h("td.faint", row.note ?? ""))));
    nothing.textContent = found.length ? "" : rows.length ? "Nothing is called so." : empty;
    nothing.hidden = found.length > 0;
  };
  return {
    element: panel(title, [table, nothing], count, find),
    show: (list) => {
      rows = list;
      find.hidden = list.length <= MANY;
      count.textContent = list.length ? String(list.length) : "";
      draw();
    },
  };
}
