// A table of very many rows and columns of which only those in sight exist. It knows rows by their place and asks for
// what it shows; what a row or a cell is, its owner says.
//
// What scrolls is an empty box of the whole height and width. The rows lie in a layer that stands still sideways, as
// wide as the window, and their cells are moved within it: however many columns there are, no more is painted than is
// seen. A row that leaves at the top comes in again at the bottom, with its elements.
//
// Roles and numbers tell a screen reader where it is in the whole; the arrow keys and j k move the row in focus.
import { atNextFrame, fill, h } from "../../lib/dom.js";

const rowHeight = 30;
const headHeight = 44;
const spareRows = 6;
const spareWidth = 240;
const checkWidth = 36;

/**
 * `owner`: {
 *   rowCount(), row(index): { kind: "run" | "group" | "waiting", … },
 *   need(first, last, columns): the rows and columns that are in sight,
 *   makeHead(column), makeCheckAll(), makeGroup(row, width), fillCell(cell, column, row), cellTitle(column, row),
 *   checkLabel(row), isSelected(row), select(row, index, event), toggleGroup(row), resize(column, width),
 * }
 */
export class Grid {
  constructor(owner) {
    this.owner = owner;
    /** Elements of rows, by their index modulo their count. */
    this.slots = [];
    this.focused = 0;
    this.lines = h(".grid-lines");
    this.head = h(".grid-head", { role: "row" });
    this.spacer = h(".grid-spacer", this.lines);
    this.element = h("#runs-grid.grid", { role: "grid", tabIndex: 0, ariaLabel: "Runs" }, this.head, this.spacer);
    this.element.setAttribute("aria-multiselectable", "true");
    this.element.addEventListener("scroll", () => this.draw(), { passive: true });
    this.element.addEventListener("click", (event) => this.clicked(event));
    this.element.addEventListener("pointerover", (event) => this.explain(event));
    this.later = atNextFrame(() => this.draw());
    this.size = { width: 0, height: 0 };
    this.observer = new ResizeObserver(() => this.later());
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
    for (const line of this.slots) line.element.remove();
    this.slots = [];
    this.shownHead = null;
    this.draw();
  }

  /** Rows or their choice are different: what is in sight is filled anew, its elements stay. */
  refresh() {
    for (const line of this.slots) line.index = -1;
    this.draw();
  }

  /** The rows between two places are different. */
  refreshBetween(first, last) {
    for (const line of this.slots) if (line.index >= first && line.index <= last) line.index = -1;
    this.draw();
  }

  draw() {
    if (!this.columns) return;
    const { scrollTop, scrollLeft, clientWidth, clientHeight } = this.element;
    const count = this.owner.rowCount();
    if (this.drawnCount !== count || this.drawnWidth !== this.totalWidth) {
      this.drawnCount = count;
      this.drawnWidth = this.totalWidth;
      this.spacer.style.setProperty("height", `${count * rowHeight}px`);
      this.spacer.style.setProperty("width", `${this.totalWidth}px`);
      this.element.setAttribute("aria-rowcount", count + 1);
    }
    if (this.size.width !== clientWidth) {
      this.size = { width: clientWidth };
      this.element.style.setProperty("--grid-width", `${clientWidth}px`);
      for (const line of this.slots) line.index = -1;
    }
    const wanted = Math.min(count, Math.ceil(Math.max(0, clientHeight - headHeight) / rowHeight) + 1 + 2 * spareRows);
    this.provide(wanted);
    const first = Math.max(0, Math.min(count - wanted, Math.floor(scrollTop / rowHeight) - spareRows));
    const columns = this.columnsInSight(scrollLeft, clientWidth);
    this.drawHead(columns);
    this.moveAside(scrollLeft);
    for (let index = first; index < first + wanted; index++) {
      const line = this.slots[index % wanted];
      if (line.index !== index) this.fillLine(line, index, columns);
      else if (line.columns !== columns.key) this.fillCells(line, columns, true);
    }
    if (wanted) this.owner.need(first, first + wanted - 1, this.shownColumns(columns));
  }

  /** As many elements as there are rows in sight. */
  provide(count) {
    if (this.slots.length === count) return;
    while (this.slots.length > count) this.slots.pop().element.remove();
    while (this.slots.length < count) {
      const line = this.makeLine();
      this.slots.push(line);
      this.lines.append(line.element);
    }
    // Another count puts each index elsewhere.
    for (const line of this.slots) line.index = -1;
  }

  /** One by one: a variable that all of them inherit would make the browser look at every cell. */
  moveAside(scrollLeft) {
    const place = `translateX(${-scrollLeft}px)`;
    for (const part of [this.headCells, ...this.slots.map((line) => line.cells)]) {
      if (part.place !== place) part.style.setProperty("transform", place);
      part.place = place;
    }
  }

  columnsInSight(scrollLeft = this.element.scrollLeft, width = this.element.clientWidth) {
    const left = scrollLeft + this.pinnedWidth - spareWidth;
    const right = scrollLeft + width + spareWidth;
    let first = this.pinnedCount;
    while (first < this.columns.length && this.places[first].left + this.places[first].width < left) first++;
    let last = first;
    while (last < this.columns.length && this.places[last].left < right) last++;
    return { first, last, key: `${first}-${last}` };
  }

  shownColumns(columns = this.columnsInSight()) {
    return [...this.columns.slice(0, this.pinnedCount), ...this.columns.slice(columns.first, columns.last)];
  }

  drawHead(columns) {
    const key = `${columns.key} ${this.owner.headKey(this.shownColumns(columns))}`;
    if (this.shownHead === key) return;
    this.shownHead = key;
    const pinned = h(".grid-pinned", { style: { width: `${this.pinnedWidth}px` } }, this.owner.makeCheckAll());
    for (let at = 0; at < this.pinnedCount; at++) pinned.append(this.headCell(at));
    this.headCells = h(".grid-cells");
    for (let at = columns.first; at < columns.last; at++) this.headCells.append(this.headCell(at));
    this.head.setAttribute("aria-rowindex", 1);
    fill(this.head, pinned, this.headCells);
  }

  headCell(at) {
    const column = this.columns[at];
    const cell = this.owner.makeHead(column);
    cell.setAttribute("aria-colindex", at + 2);
    this.place(cell, at);
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

  place(cell, at) {
    cell.style.setProperty("left", `${this.places[at].left}px`);
    cell.style.setProperty("width", `${this.places[at].width}px`);
  }

  // MARK: Rows

  makeLine() {
    const check = h("input.grid-check", { type: "checkbox", tabIndex: -1 });
    const pinned = h(".grid-pinned", { style: { width: `${this.pinnedWidth}px` } }, h(".check-cell", { role: "gridcell" }, check));
    const cells = h(".grid-cells");
    const line = { element: h(".grid-row", { role: "row" }), check, pinned, cells, pinnedCells: [], shown: new Map(), spare: [], index: -1, kind: "", isSelected: null };
    for (let at = 0; at < this.pinnedCount; at++) {
      const cell = this.makeCell();
      this.moveCell(cell, at);
      line.pinnedCells.push(cell);
      pinned.append(cell);
    }
    return line;
  }

  makeCell() {
    return h(".grid-cell", { role: "gridcell" });
  }

  moveCell(cell, at) {
    cell.column = this.columns[at];
    cell.setAttribute("aria-colindex", at + 2);
    this.place(cell, at);
  }

  fillLine(line, index, columns) {
    const { element } = line;
    const row = this.owner.row(index);
    const isSelected = this.owner.isSelected(row);
    line.index = index;
    line.row = row;
    element.id = `row-${index}`;
    element.dataset.index = index;
    element.style.setProperty("transform", `translateY(${index * rowHeight}px)`);
    element.setAttribute("aria-rowindex", index + 2);
    if (line.isSelected !== isSelected) element.setAttribute("aria-selected", String(isSelected));
    line.isSelected = isSelected;
    element.classList.toggle("focused", index === this.focused);
    const isGroup = row.kind === "group";
    if (isGroup) fill(element, this.owner.makeGroup(row, this.element.clientWidth));
    else if (line.kind === "group" || line.kind === "") fill(element, line.pinned, line.cells);
    if (line.kind !== row.kind) element.dataset.kind = row.kind;
    line.kind = row.kind;
    if (isGroup) return;
    line.check.hidden = row.kind === "waiting";
    line.check.checked = isSelected;
    line.check.dataset.index = index;
    line.check.setAttribute("aria-label", this.owner.checkLabel(row));
    for (const cell of line.pinnedCells) this.owner.fillCell(cell, cell.column, row);
    this.fillCells(line, columns, false);
  }

  /** The cells that are in sight; `keeps`: those that stay show the same as before. */
  fillCells(line, columns, keeps) {
    line.columns = columns.key;
    if (line.kind === "group") return;
    const { shown, spare } = line;
    for (const [at, cell] of shown) {
      if (at >= columns.first && at < columns.last) continue;
      shown.delete(at);
      spare.push(cell);
    }
    for (let at = columns.first; at < columns.last; at++) {
      let cell = shown.get(at);
      if (cell && keeps) continue;
      if (!cell) {
        cell = spare.pop() ?? line.cells.appendChild(this.makeCell());
        this.moveCell(cell, at);
        shown.set(at, cell);
      }
      this.owner.fillCell(cell, cell.column, line.row);
    }
    while (spare.length) spare.pop().remove();
  }

  lineOf(element) {
    const row = element?.closest?.(".grid-row");
    return row ? this.slots.find((line) => line.element === row) : null;
  }

  /** What a cell cannot show stands in its tooltip, made when it is pointed at. */
  explain(event) {
    const cell = event.target.closest?.(".grid-row .grid-cell");
    const line = cell ? this.lineOf(cell) : null;
    if (line && line.row.kind === "run") cell.title = this.owner.cellTitle(cell.column, line.row);
  }

  clicked(event) {
    const line = this.lineOf(event.target);
    if (!line || event.target.closest("a")) return;
    const { index, row } = line;
    this.focus(index, { scroll: false });
    if (row.kind === "group") this.owner.toggleGroup(row);
    else if (row.kind === "run" && (event.target.closest(".check-cell") || event.shiftKey || event.metaKey || event.ctrlKey)) this.owner.select(row, index, event);
  }

  focus(index, { scroll = true } = {}) {
    const count = this.owner.rowCount();
    if (!count) return;
    this.focused = Math.max(0, Math.min(count - 1, index));
    this.element.setAttribute("aria-activedescendant", `row-${this.focused}`);
    if (scroll) {
      const top = this.focused * rowHeight;
      const height = this.element.clientHeight - headHeight;
      if (top < this.element.scrollTop) this.element.scrollTop = top;
      else if (top + rowHeight > this.element.scrollTop + height) this.element.scrollTop = top + rowHeight - height;
    }
    this.draw();
    for (const line of this.slots) line.element.classList.toggle("focused", line.index === this.focused);
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
