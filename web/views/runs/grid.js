// A table of very many rows and columns of which only those in sight exist. It knows rows by their place and asks for
// what it shows; what a row or a cell is, its owner says.
//
// Roles and numbers tell a screen reader where it is in the whole; the arrow keys and j k move the row in focus.
import { atNextFrame, fill, h } from "../../lib/dom.js";

const rowHeight = 30;
const headHeight = 44;
const spareRows = 8;
const spareWidth = 240;
const checkWidth = 36;

/**
 * `owner`: {
 *   rowCount(), row(index): { key, kind: "run" | "group" | "waiting", … }, need(first, last): what is in sight,
 *   columns: those to show, pinned ones first,
 *   makeHead(column, index), makeCell(column, row), cellTitle…: see runs.js,
 *   isSelected(row), select(row, index, event), open(row, event), resize(column, width), drop(column, before),
 * }
 */
export class Grid {
  constructor(owner) {
    this.owner = owner;
    this.rows = new Map();
    this.focused = 0;
    this.lines = h(".grid-lines");
    this.head = h(".grid-head", { role: "row" });
    this.spacer = h(".grid-spacer", this.lines);
    this.element = h("#runs-grid.grid", { role: "grid", tabIndex: 0, ariaLabel: "Runs" }, this.head, this.spacer);
    this.element.setAttribute("aria-multiselectable", "true");
    this.element.addEventListener("scroll", () => this.draw(), { passive: true });
    this.element.addEventListener("click", (event) => this.clicked(event));
    this.later = atNextFrame(() => this.draw());
    this.observer = new ResizeObserver(this.later);
    this.observer.observe(this.element);
  }

  dispose() {
    this.observer.disconnect();
    this.later.cancel();
  }

  /** The columns are others, or elsewhere: everything is made anew. */
  setColumns(columns) {
    this.columns = columns;
    let left = checkWidth;
    this.places = columns.map((column) => {
      const place = { left, width: column.width };
      left += column.width;
      return place;
    });
    this.totalWidth = left;
    this.pinnedCount = columns.filter((column) => column.pinned).length;
    this.pinnedWidth = this.pinnedCount ? this.places[this.pinnedCount - 1].left + this.places[this.pinnedCount - 1].width : checkWidth;
    this.element.setAttribute("aria-colcount", columns.length + 1);
    this.clear();
  }

  /** Rows have other content: those in sight are made anew. */
  clear() {
    for (const line of this.rows.values()) line.element.remove();
    this.rows.clear();
    this.shownHead = null;
    this.draw();
  }

  /** The rows between two places are new or different. */
  refreshBetween(first, last) {
    const columns = this.columnsInSight();
    for (const [index, line] of this.rows) {
      if (index >= first && index <= last) this.fillLine(line, this.owner.row(index), index, columns);
    }
    this.draw();
  }

  draw() {
    if (!this.columns) return;
    const count = this.owner.rowCount();
    if (this.drawnCount !== count || this.drawnWidth !== this.totalWidth) {
      this.drawnCount = count;
      this.drawnWidth = this.totalWidth;
      this.spacer.style.setProperty("height", `${count * rowHeight}px`);
      this.spacer.style.setProperty("width", `${this.totalWidth}px`);
      this.head.style.setProperty("width", `${this.totalWidth}px`);
      this.element.setAttribute("aria-rowcount", count + 1);
    }
    const top = this.element.scrollTop;
    const height = this.element.clientHeight - headHeight;
    const first = Math.max(0, Math.floor(top / rowHeight) - spareRows);
    const last = Math.min(count - 1, Math.ceil((top + height) / rowHeight) + spareRows);
    const columns = this.columnsInSight();
    this.drawHead(columns);
    for (const [index, line] of this.rows) {
      if (index < first || index > last) {
        line.element.remove();
        this.rows.delete(index);
      }
    }
    for (let index = first; index <= last; index++) {
      const line = this.rows.get(index);
      if (!line) this.addLine(index, columns);
      else if (line.columns !== columns.key) this.moveColumns(line, columns);
    }
    if (last >= first) this.owner.need(first, last);
  }

  columnsInSight() {
    const left = this.element.scrollLeft + this.pinnedWidth - spareWidth;
    const right = this.element.scrollLeft + this.element.clientWidth + spareWidth;
    let first = this.pinnedCount;
    while (first < this.columns.length && this.places[first].left + this.places[first].width < left) first++;
    let last = first;
    while (last < this.columns.length && this.places[last].left < right) last++;
    return { first, last, key: `${first}-${last}` };
  }

  drawHead(columns) {
    if (this.shownHead === columns.key) return;
    this.shownHead = columns.key;
    const pinned = h(".grid-pinned", { style: { width: `${this.pinnedWidth}px` } }, this.owner.makeCheckAll());
    for (let index = 0; index < this.pinnedCount; index++) pinned.append(this.headCell(index));
    const cells = [];
    for (let index = columns.first; index < columns.last; index++) cells.push(this.headCell(index));
    this.head.setAttribute("aria-rowindex", 1);
    fill(this.head, pinned, cells);
  }

  headCell(index) {
    const column = this.columns[index];
    const cell = this.owner.makeHead(column, index);
    cell.setAttribute("aria-colindex", index + 2);
    this.place(cell, index);
    cell.append(this.resizer(column, cell));
    return cell;
  }

  resizer(column, cell) {
    return h(".grid-resizer", {
      onclick: (event) => event.stopPropagation(),
      ondblclick: () => this.owner.resize(column, null),
      onpointerdown: (event) => {
        event.preventDefault();
        event.stopPropagation();
        const start = event.clientX;
        const width = column.width;
        const target = event.currentTarget;
        target.setPointerCapture(event.pointerId);
        target.onpointermove = (move) => {
          column.width = Math.max(48, Math.min(900, width + move.clientX - start));
          cell.style.setProperty("width", `${column.width}px`);
        };
        target.onpointerup = () => {
          target.onpointermove = null;
          target.onpointerup = null;
          if (column.width !== width) this.owner.resize(column, column.width);
        };
      },
    });
  }

  place(cell, index) {
    cell.style.setProperty("left", `${this.places[index].left}px`);
    cell.style.setProperty("width", `${this.places[index].width}px`);
  }

  addLine(index, columns) {
    const element = h(".grid-row", { role: "row", id: `row-${index}` });
    const line = { element, columns: null };
    this.rows.set(index, line);
    this.fillLine(line, this.owner.row(index), index, columns);
    this.lines.append(element);
  }

  fillLine(line, row, index, columns = this.columnsInSight()) {
    const { element } = line;
    line.columns = columns.key;
    element.style.setProperty("transform", `translateY(${index * rowHeight}px)`);
    element.style.setProperty("width", `${this.totalWidth}px`);
    element.dataset.index = index;
    element.dataset.kind = row.kind;
    element.setAttribute("aria-rowindex", index + 2);
    element.setAttribute("aria-selected", String(this.owner.isSelected(row)));
    element.classList.toggle("focused", index === this.focused);
    line.cells = null;
    if (row.kind === "group") {
      fill(element, this.owner.makeGroup(row, this.element.clientWidth));
      return;
    }
    const pinned = h(".grid-pinned", { style: { width: `${this.pinnedWidth}px` } }, this.owner.makeCheck(row, index));
    for (let at = 0; at < this.pinnedCount; at++) pinned.append(this.cell(row, at));
    line.row = row;
    line.cells = new Map();
    for (let at = columns.first; at < columns.last; at++) line.cells.set(at, this.cell(row, at));
    fill(element, pinned, [...line.cells.values()]);
  }

  /** Other columns are in sight: only those that come and go are touched. */
  moveColumns(line, columns) {
    line.columns = columns.key;
    if (!line.cells) return;
    for (const [at, cell] of line.cells) {
      if (at >= columns.first && at < columns.last) continue;
      cell.remove();
      line.cells.delete(at);
    }
    for (let at = columns.first; at < columns.last; at++) {
      if (line.cells.has(at)) continue;
      const cell = this.cell(line.row, at);
      line.cells.set(at, cell);
      line.element.append(cell);
    }
  }

  cell(row, at) {
    const cell = row.kind === "waiting" ? h(".grid-cell", { role: "gridcell" }) : this.owner.makeCell(this.columns[at], row);
    cell.setAttribute("aria-colindex", at + 2);
    this.place(cell, at);
    return cell;
  }

  clicked(event) {
    const element = event.target.closest(".grid-row");
    if (!element || event.target.closest("a")) return;
    const index = Number(element.dataset.index);
    const row = this.owner.row(index);
    this.focus(index, { scroll: false });
    if (row.kind === "group") this.owner.toggleGroup(row);
    else if (row.kind === "run" && event.target.closest(".grid-check, .check-cell")) this.owner.select(row, index, event);
    else if (row.kind === "run" && (event.shiftKey || event.metaKey || event.ctrlKey)) this.owner.select(row, index, event);
  }

  focus(index, { scroll = true } = {}) {
    const count = this.owner.rowCount();
    if (!count) return;
    const former = this.focused;
    this.focused = Math.max(0, Math.min(count - 1, index));
    this.element.setAttribute("aria-activedescendant", `row-${this.focused}`);
    this.rows.get(former)?.element.classList.remove("focused");
    if (scroll) {
      const top = this.focused * rowHeight;
      const height = this.element.clientHeight - headHeight;
      if (top < this.element.scrollTop) this.element.scrollTop = top;
      else if (top + rowHeight > this.element.scrollTop + height) this.element.scrollTop = top + rowHeight - height;
    }
    this.draw();
    this.rows.get(this.focused)?.element.classList.add("focused");
  }

  /** The index of the first row that is wholly in sight, and how far it is from the top. */
  anchor() {
    const index = Math.ceil(this.element.scrollTop / rowHeight);
    return { index, rest: index * rowHeight - this.element.scrollTop };
  }

  restore(index, rest) {
    this.element.scrollTop = index * rowHeight - rest;
  }
}
