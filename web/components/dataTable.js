// Rows and columns of a file, sorted by a click. Long tables show as many rows as one can look at.
import { fill, h } from "../lib/dom.js";
import { count } from "../lib/format.js";

const MOST_ROWS = 500;

export function dataTable(columns, rows) {
  const body = h("tbody");
  const note = h("p.faint");
  let order = { column: -1, down: false };
  const isNumber = columns.map((_, index) => rows.slice(0, 100).every((row) => row[index] === "" || row[index] === undefined || Number.isFinite(Number(row[index]))));
  const heads = columns.map((name, index) => h("th", { scope: "col", ariaSort: "none", class: isNumber[index] ? "number" : "" },
    h("button.head-button", { type: "button", onclick: () => sort(index) }, name)));
  const draw = () => {
    const shown = order.column < 0 ? rows : [...rows].sort((a, b) => compare(a[order.column], b[order.column], isNumber[order.column]) * (order.down ? -1 : 1));
    fill(body, shown.slice(0, MOST_ROWS).map((row) => h("tr", columns.map((_, index) => h("td", { class: isNumber[index] ? "number" : "" }, cell(row[index]))))));
    note.textContent = rows.length > MOST_ROWS ? `${MOST_ROWS} of ${count(rows.length)} rows.` : `${count(rows.length)} rows.`;
  };
  const sort = (column) => {
    order = { column, down: order.column === column && !order.down };
    heads.forEach((head, index) => head.setAttribute("aria-sort", index !== column ? "none" : order.down ? "descending" : "ascending"));
    draw();
  };
  draw();
  return h(".data-table", h(".data-scroll", { tabIndex: 0, role: "region", ariaLabel: "Table" }, h("table.plain-table", h("thead", h("tr", heads)), body)), note);
}

function compare(a, b, asNumbers) {
  return asNumbers ? Number(a) - Number(b) : String(a ?? "").localeCompare(String(b ?? ""), "en", { numeric: true });
}

function cell(value) {
  if (value === undefined || value === null) return "";
  const text = typeof value === "object" ? JSON.stringify(value) : String(value);
  return text.length > 300 ? `${text.slice(0, 300)}…` : text;
}
