// What stands in the heads and cells of the runs table: methods of RunsView, which the grid calls.
import { h } from "../../lib/dom.js";
import { runColour } from "../../lib/colours.js";
import { count, number } from "../../lib/format.js";
import { icon } from "../../lib/icons.js";
import { href, path } from "../../lib/router.js";
import { cellContent, cellTitle, isNumericCell, labelParts, parseColumn } from "./columns.js";

export const tableCells = {
  makeHead(column) {
    const direction = this.question().sort.map((one) => /^(.*?)(?:\s+(asc|desc))?$/i.exec(one)).find((one) => one[1] === column.ref);
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

  makeCell(column, row) {
    if (column.ref === "name") {
      return h(".grid-cell.grid-run", { role: "gridcell", title: row.name },
        h("span.run-mark", { style: { background: runColour(row.id) } }),
        h("a.cut", { href: href(path("runs", row.id)), tabIndex: -1 }, row.name),
        row.archived && this.state.show !== "archived" ? h("span.badge", "archived") : null);
    }
    const value = this.value(row, column);
    const curve = this.model.curve(row, column);
    return h(".grid-cell", {
      role: "gridcell", class: isNumericCell(column, value) ? "number" : "", title: cellTitle(column, row, value, curve),
    }, wrapped(cellContent(column, row, value, curve)));
  },

  /** A param's values are numbers or are not: its first one tells how its title stands. */
  isNumeric(column) {
    const row = column.kind === "params"
      ? this.model.sections.flatMap((section) => section.rows.slice(0, 1)).find((one) => one && this.value(one, column) !== undefined)
      : null;
    return isNumericCell(column, row ? this.value(row, column) : null);
  },

  /** Undefined if the row was asked for without the column. */
  value(row, column) {
    return row.values[row.places.get(column.ref)];
  },

  makeCheck(row, index) {
    return h(".check-cell", { role: "gridcell" }, row.kind === "waiting" ? null : h("input.grid-check", {
      type: "checkbox", tabIndex: -1, checked: this.isSelected(row), ariaLabel: `Choose ${row.name}`, dataset: { index },
    }));
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
      h("strong.cut", `${parseColumn(this.state.group).label}: ${group.value === null ? "none" : typeof group.value === "number" ? number(group.value) : String(group.value)}`),
      h("span.badge", count(group.count)),
      metrics.map((column) => {
        const range = group.metrics[column.key];
        return h("span.grid-mean", { title: `${column.key}: mean of ${range.count}; from ${range.min} to ${range.max}` },
          h("span.faint", labelParts(column).name), ` ${number(range.mean, 4)}`,
          range.count > 1 ? h("span.faint", ` ${number(range.min, 3)}…${number(range.max, 3)}`) : null);
      }));
  },
};

function wrapped(content) {
  return typeof content === "string" ? h("span.cut", content) : content;
}
