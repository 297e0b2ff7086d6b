// What stands in the heads and cells of the runs table: methods of RunsView, which the grid calls.
import { fill, h } from "../../lib/dom.js";
import { colourMark } from "../../components/colourMark.js";
import { count, number } from "../../lib/format.js";
import { icon } from "../../lib/icons.js";
import { href, path } from "../../lib/router.js";
import { cellContent, cellTitle, isNumericCell, labelParts, parseColumn, sortName } from "./columns.js";

export const tableCells = {
  makeHead(column) {
    const direction = this.question().sort.map((one) => /^(.*?)(?:\s+(asc|desc))?$/i.exec(one)).find((one) => one[1] === sortName(column));
    const arrow = direction ? (direction[2]?.toLowerCase() === "desc" ? "down" : "up") : null;
    const { prefix, name } = labelParts(column);
    const cell = h(".grid-cell.grid-title", {
      role: "columnheader", draggable: "true", title: `${column.ref}${column.aggregate === "last" ? "" : ` (${column.aggregate})`}`,
      class: this.isNumeric(column) ? "number" : "",
      ondragstart: (event) => { this.dragged = column; event.dataTransfer.effectAllowed = "move"; event.dataTransfer.setData("text/plain", column.ref); },
      ondragover: (event) => { if (this.dragged && this.dragged !== column) { event.preventDefault(); cell.classList.add("drop"); } },
      ondragleave: () => cell.classList.remove("drop"),
      ondrop: (event) => { event.preventDefault(); this.drop(this.dragged, column); },
      ondragend: () => { this.dragged = null; },
      oncontextmenu: (event) => { event.preventDefault(); this.columnMenu({ x: event.clientX, y: event.clientY }, column); },
    },
      h("button.grid-sort", { type: "button", tabIndex: -1, onclick: (event) => this.sortBy(column, event.shiftKey) },
        prefix ? h("span.grid-prefix.cut", prefix) : null,
        h("span.grid-name", h("span.cut", name, column.aggregate === "last" ? null : h("span.faint", ` ${column.aggregate}`)), arrow ? icon(arrow, 11) : null)),
      h("button.grid-more", { type: "button", tabIndex: -1, ariaLabel: `${column.label}: more`, onclick: (event) => this.columnMenu(event.currentTarget, column) }, icon("chevron", 12)));
    cell.setAttribute("aria-sort", arrow ? (arrow === "down" ? "descending" : "ascending") : "none");
    return cell;
  },

  /** What the head shows beside its columns: it is made anew when that has changed. */
  headKey(columns) {
    const chosen = this.selection.isAll ? "all" : this.selection.ids.size ? "some" : "none";
    return `${chosen} ${columns.map((column) => Number(this.isNumeric(column))).join("")} ${this.state.sort}`;
  },

  /** Puts into a cell what the run has; a cell that shows the same already is left alone. */
  fillCell(cell, column, row) {
    if (row.kind === "waiting") return setText(cell, "");
    if (column.ref === "name") return this.fillName(cell, row);
    const value = row.values.get(column.ref);
    const content = cellContent(column, row, value, this.model.curve(row, column));
    cell.classList.toggle("number", isNumericCell(column, value));
    if (typeof content === "string") setText(cell, content);
    else setNodes(cell, content);
  },

  fillName(cell, row) {
    cell.classList.add("grid-run");
    setNodes(cell, [
      colourMark(row, { tabIndex: -1 }),
      h("a.cut", { href: href(path("runs", row.id)), tabIndex: -1 }, row.name),
      row.archived && this.state.show !== "archived" ? h("span.badge", "archived") : null,
    ]);
  },

  cellTitle(column, row) {
    return column.ref === "name" ? row.name : cellTitle(column, row, row.values.get(column.ref), this.model.curve(row, column));
  },

  checkLabel(row) {
    return row.kind === "run" ? `Choose ${row.name}` : "";
  },

  /** A param's values are numbers or are not: its first one tells how its title stands. */
  isNumeric(column) {
    return isNumericCell(column, column.kind === "params" ? this.model.sample?.values.get(column.ref) : null);
  },

  makeCheckAll() {
    return h(".check-cell", { role: "columnheader" }, h("input", {
      type: "checkbox", tabIndex: -1, checked: this.selection.count > 0, indeterminate: this.selection.count > 0 && !this.selection.isAll,
      ariaLabel: "Choose all runs", onclick: () => { if (this.selection.count) this.selection.clear(); else this.selection.all(); },
    }));
  },

  makeGroup(row, width) {
    const { section } = row;
    const { group } = section;
    const metrics = this.columns.filter((column) => column.kind === "metrics" && group.metrics[column.key]).slice(0, width < 600 ? 1 : 6);
    return h(".grid-group", { role: "gridcell", style: { width: `${width}px` } },
      h("span.grid-toggle", { ariaHidden: "true", class: section.open ? "open" : "" }, icon("right", 12)),
      h("strong.cut", { title: this.state.group }, `${labelParts(parseColumn(this.state.group)).name}: ${group.value === null ? "none" : typeof group.value === "number" ? number(group.value) : String(group.value)}`),
      h("span.badge", count(group.count)),
      metrics.map((column) => {
        const range = group.metrics[column.key];
        return h("span.grid-mean", { title: `${column.key}: mean of ${range.count}; from ${range.min} to ${range.max}` },
          h("span.faint", labelParts(column).name), ` ${number(range.mean, 4)}`,
          range.count > 1 ? h("span.faint", ` ${number(range.min, 3)}…${number(range.max, 3)}`) : null);
      }));
  },
};

function setText(cell, text) {
  if (cell.text === text) return;
  cell.text = text;
  cell.classList.remove("rich");
  cell.textContent = text;
}

function setNodes(cell, nodes) {
  cell.text = null;
  cell.classList.add("rich");
  fill(cell, nodes);
}
