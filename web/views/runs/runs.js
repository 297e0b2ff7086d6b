// The runs table: which runs, in which order, with which columns. All of that is in the URL.
import { debounced, fill, h } from "../../lib/dom.js";
import { get } from "../../lib/api.js";
import { onColours } from "../../lib/colours.js";
import { onChange } from "../../lib/events.js";
import { plural } from "../../lib/format.js";
import { icon } from "../../lib/icons.js";
import { bindKey, offerCommand } from "../../lib/keyboard.js";
import { here, href, navigate, path, rewrite } from "../../lib/router.js";
import { may } from "../../lib/session.js";
import { emptyState } from "../../components/emptyState.js";
import { errorBox } from "../../components/errorBox.js";
import { tableCells } from "./cells.js";
import { parseColumn, reference, sortName, writeColumn } from "./columns.js";
import { filterBox } from "./filterBox.js";
import { Grid } from "./grid.js";
import { tableMenus } from "./menus.js";
import { RunsModel } from "./model.js";
import { Selection } from "./selection.js";
import { fields } from "./tableState.js";

const usualColumns = ["status", "duration", "start_time"];

export async function mount(outlet, context) {
  const view = new RunsView(outlet, context);
  await view.start();
  return { update: (place) => view.moved(place), dispose: () => view.dispose() };
}

class RunsView {
  constructor(outlet, { signal, query, setTitle }) {
    Object.assign(this, { outlet, signal, setTitle });
    this.state = fields.read(query);
    this.canWrite = false;
    this.columns = [];
    this.lastChosen = null;
    this.model = new RunsModel({
      signal, failed: (error) => this.showError(error),
      changed: (first, last) => this.grid.refreshBetween(first, last),
    });
    this.grid = new Grid(this);
    this.selection = new Selection({
      changed: () => this.grid.refresh(), refresh: () => this.reload(),
      view: () => ({
        show: this.state.show, filter: this.state.filter, sort: this.state.sort, experiments: this.state.experiment, columns: this.columns,
        total: this.model.runCount, canWrite: this.canWrite, base: this.model.base(this.question()),
      }),
    });
    this.filter = filterBox({
      apply: (filter) => this.change({ filter }), known: () => this.keys(), scope: () => this.model.base(this.question()),
    });
    this.needCurves = debounced(60, () => {
      const { index } = this.grid.anchor();
      this.model.needCurves(Math.max(0, index - 10), index + 60, this.grid.shownColumns()).catch(() => {});
    });
    this.refreshSoon = debounced(300, () => this.refresh());
  }

  async start() {
    this.build();
    this.bindKeys();
    this.filter.set(this.state.filter);
    may("write").then((yes) => {
      this.canWrite = yes;
      this.selection.draw();
    });
    await this.chooseColumns();
    await this.reload({ first: true });
    onChange((event) => this.heard(event), { signal: this.signal });
    onColours(() => this.grid.refresh(), { signal: this.signal });
    if (!matchMedia("(pointer: coarse)").matches) this.grid.element.focus({ preventScroll: true });
  }

  dispose() {
    this.grid.dispose();
    this.refreshSoon.cancel();
    this.needCurves.cancel();
  }

  keys() {
    this.knownKeys ??= get("/keys", {}, { signal: this.signal });
    return this.knownKeys;
  }

  // MARK: Frame

  build() {
    this.title = h("h1", "Runs");
    this.total = h("span.faint", { role: "status" });
    this.busy = h(".loading");
    this.groupButton = h("button.button", { type: "button", ariaHaspopup: "menu", title: "Group (g)", onclick: (event) => this.groupMenu(event.currentTarget) }, icon("group"), h("span", "Group"));
    this.showButton = h("button.button", { type: "button", ariaHaspopup: "menu", onclick: (event) => this.showMenu(event.currentTarget) });
    const tools = [
      this.showButton, this.groupButton,
      h("button.button", { type: "button", title: "Columns", onclick: () => this.columnPanel() }, icon("columns"), h("span", "Columns")),
      h("button.button", { type: "button", ariaHaspopup: "menu", onclick: (event) => this.viewsMenu(event.currentTarget) }, icon("star"), h("span", "Views")),
      h("button.button.icon", { type: "button", ariaHaspopup: "menu", ariaLabel: "More", title: "More", onclick: (event) => this.moreMenu(event.currentTarget) }, icon("more")),
    ];
    this.body = h(".runs-body", this.grid.element);
    fill(this.outlet, h(".runs",
      h("header.view-head", this.title, this.total, h(".actions", tools)),
      h(".runs-tools", this.filter.element), this.busy, this.body, this.selection.bar));
  }

  drawFrame() {
    const { experiment, group, show } = this.state;
    const words = { active: "Active", archived: "Archived", bin: "Bin" };
    fill(this.title, experiment.length === 1 ? experiment[0] : experiment.length ? `${experiment.length} experiments` : "Runs");
    this.setTitle(experiment.length === 1 ? `${experiment[0]} · Runs` : "Runs");
    this.total.textContent = this.state.group
      ? `${plural(this.model.sections.length, "group")} of ${plural(this.model.runCount, "run")}` : plural(this.model.runCount, "run");
    fill(this.showButton, words[show], icon("chevron", 12));
    this.showButton.setAttribute("aria-pressed", String(show !== "active"));
    this.groupButton.setAttribute("aria-pressed", String(Boolean(group)));
    fill(this.groupButton, icon("group"), h("span", group ? parseColumn(group).label : "Group"));
  }

  // MARK: State

  question() {
    const { filter, group, sort, experiment, show } = this.state;
    return {
      filter, show, experiments: experiment, columns: this.columns, group: group ? parseColumn(group) : null,
      sort: sort ? sort.split(/,\s*(?=(?:[^`]*`[^`]*`)*[^`]*$)/) : [],
    };
  }

  /** The state is another: into the URL, and asked for. */
  async change(changes, { push = true } = {}) {
    Object.assign(this.state, changes);
    rewrite(fields.write(this.state, here().query), { push });
    await this.reload();
  }

  async moved({ query }) {
    const former = this.state;
    this.state = fields.read(query);
    this.filter.set(this.state.filter);
    if (JSON.stringify(former.col) !== JSON.stringify(this.state.col) || JSON.stringify(former.experiment) !== JSON.stringify(this.state.experiment)) {
      await this.chooseColumns();
    }
    await this.reload();
  }

  /** As the URL says; else those that tell the runs apart. */
  async chooseColumns() {
    let refs = this.state.col;
    if (!refs.length) {
      const keys = await get("/table/varying", { ...this.model.base(this.question()), filter: "", runs: 100 }, { signal: this.signal }).catch(() => null);
      refs = [...usualColumns,
        ...(keys?.metrics ?? []).filter((key) => !key.startsWith("system/")).slice(0, 6).map((key) => reference("metrics", key)),
        ...(keys?.params ?? []).slice(0, 10).map((key) => reference("params", key))];
    }
    this.setColumns(refs.map(parseColumn));
  }

  setColumns(columns) {
    const name = columns.find((column) => column.ref === "name") ?? parseColumn("name!pin");
    const others = columns.filter((column) => column.ref !== "name");
    name.pinned = true;
    if (innerWidth < 520) name.width = Math.min(name.width, 132);
    this.columns = [name, ...others.filter((column) => column.pinned), ...others.filter((column) => !column.pinned)];
    this.model.setColumns(this.columns);
    this.grid.setColumns(this.columns);
  }

  /** Other columns: shown at once; values that are not here are asked for as they come into sight. */
  applyColumns(columns) {
    this.setColumns(columns);
    this.state.col = this.columns.filter((column) => column.ref !== "name" || column.width !== 200).map(writeColumn);
    rewrite(fields.write(this.state, here().query));
    // The means of groups are the server's.
    if (this.state.group) this.reload({ keepScroll: true });
    else this.grid.refresh();
  }

  async reload({ first = false, keepScroll = false } = {}) {
    this.busy.dataset.busy = "";
    try {
      if (!await this.model.load(this.question(), this.grid.shownColumns())) return;
      this.filter.hideProblem();
      if (!keepScroll) this.grid.element.scrollTop = 0;
      this.showRows();
    } catch (error) {
      if (error.name === "AbortError") throw error;
      if (first && !this.state.filter && !this.state.sort) throw error;
      this.showError(error);
    } finally {
      delete this.busy.dataset.busy;
    }
  }

  showRows() {
    this.drawFrame();
    const isEmpty = this.model.total === 0;
    this.grid.element.hidden = isEmpty;
    this.body.querySelector(".empty, .notice")?.remove();
    if (isEmpty) this.body.append(this.emptyState());
    this.grid.refresh();
  }

  showError(error) {
    if (error.name === "AbortError") return;
    this.drawFrame();
    if (error.column || /filter/.test(error.message)) this.filter.showError(error);
    else {
      this.body.querySelector(".notice")?.remove();
      this.body.prepend(errorBox(error));
    }
  }

  emptyState() {
    const { filter, show, experiment } = this.state;
    if (filter) {
      return emptyState({ title: "No run passes the filter", text: filter, action: h("button.button", { type: "button", onclick: () => { this.filter.set(""); this.change({ filter: "" }); } }, "Clear the filter") });
    }
    if (show === "bin") return emptyState({ title: "The bin is empty", text: "Deleted runs come here, and can be restored." });
    if (show === "archived") return emptyState({ title: "Nothing is archived", text: "Archived runs are out of sight and stay as they are." });
    return emptyState({
      title: experiment.length ? "No run in this experiment yet" : "No run yet",
      text: "Run the pipeline, or log from any program that knows MLflow, and it appears here.",
      commands: ["repro run", `MLFLOW_TRACKING_URI=${location.origin} python train.py`],
    });
  }

  // MARK: Live

  heard(event) {
    if (event.kind === "model") return;
    if (event.kind === "store" || event.kind === "resync") this.knownKeys = null;
    this.refreshSoon();
  }

  /** Asks again for what is in sight; what one looks at stays where it is. */
  async refresh() {
    if (document.hidden) {
      document.addEventListener("visibilitychange", () => this.refreshSoon(), { once: true, signal: this.signal });
      return;
    }
    const hadNone = this.model.total === 0;
    if (hadNone && !this.state.col.length) await this.chooseColumns();
    const { index, rest } = this.grid.anchor();
    const top = this.model.row(index);
    const focused = this.model.row(this.grid.focused);
    try {
      if (!await this.model.refresh(index, index + 60, this.grid.shownColumns())) return;
    } catch (error) {
      return this.showError(error);
    }
    // At the very top new runs push the others down; further below, what is in sight stays.
    if (index > 0 && top.kind === "run") {
      const now = this.model.indexOf(top.id);
      if (now >= 0 && now !== index) this.grid.restore(now, rest);
    }
    if (focused.kind === "run") {
      const now = this.model.indexOf(focused.id);
      if (now >= 0) this.grid.focused = now;
    }
    this.showRows();
  }

  // MARK: What the grid asks

  rowCount() { return this.model.total ?? 0; }
  row(index) { return this.model.row(index); }

  need(first, last, columns) {
    if (!this.model.question) return;
    this.model.need(first, last, columns);
    if (columns.some((column) => column.spark || column.aggregate !== "last")) this.needCurves();
  }

  isSelected(row) { return row.kind === "run" && this.selection.has(row.id); }

  toggleGroup(row) {
    row.section.open = !row.section.open;
    this.model.relayout();
    this.grid.refresh();
  }

  select(row, index, event) {
    if (event?.shiftKey && this.lastChosen !== null) {
      const [from, to] = [Math.min(index, this.lastChosen), Math.max(index, this.lastChosen)];
      const ids = [];
      for (let at = from; at <= to; at++) if (this.row(at).kind === "run") ids.push(this.row(at).id);
      this.selection.add(ids);
    } else {
      this.selection.toggle(row.id);
    }
    this.lastChosen = index;
  }

  resize(column, width) {
    column.width = width ?? parseColumn(column.ref).width;
    this.applyColumns(this.columns);
  }

  drop(column, before) {
    if (!column || column === before || column.ref === "name") return;
    column.pinned = before.ref === "name" ? column.pinned : before.pinned;
    const others = this.columns.filter((one) => one !== column);
    others.splice(before.ref === "name" ? 1 : others.indexOf(before), 0, column);
    this.applyColumns(others);
  }

  // MARK: Columns, order, groups

  sortBy(column, adding, direction = null) {
    const all = this.question().sort;
    const name = sortName(column);
    const own = all.find((one) => one.replace(/\s+(asc|desc)$/i, "") === name);
    const isDown = / desc$/i.test(own ?? "");
    // Numbers and times are most asked for from the top down.
    const startsDown = column.numeric || ["start_time", "end_time", "duration"].includes(column.ref);
    const next = direction ?? (!own ? (startsDown ? "desc" : "asc") : isDown === startsDown ? (startsDown ? "asc" : "desc") : null);
    const others = adding ? all.filter((one) => one !== own) : [];
    this.change({ sort: [...others, ...(next ? [`${name} ${next}`] : [])].join(", ") });
  }

  // MARK: Keys

  bindKeys() {
    const bind = (keys, words, act) => bindKey(keys, words, act, { signal: this.signal, group: "Runs" });
    const focused = () => this.row(this.grid.focused);
    bind("/", "Filter", () => this.filter.focus());
    bind("j", "Next row", () => this.grid.focus(this.grid.focused + 1));
    bind("k", "Row before", () => this.grid.focus(this.grid.focused - 1));
    bind("ArrowDown", "Next row", () => this.grid.focus(this.grid.focused + 1));
    bind("ArrowUp", "Row before", () => this.grid.focus(this.grid.focused - 1));
    bind("PageDown", "A page down", () => this.grid.focus(this.grid.focused + 20));
    bind("PageUp", "A page up", () => this.grid.focus(this.grid.focused - 20));
    bind("Home", "First row", () => this.grid.focus(0));
    bind("End", "Last row", () => this.grid.focus(this.rowCount() - 1));
    bind("x", "Choose the row", () => { const row = focused(); if (row.kind === "run") this.select(row, this.grid.focused); });
    bind("c", "Compare the chosen runs", () => this.selection.compare());
    bind("g", "Group", () => this.groupMenu(this.groupButton));
    bind("Enter", "Open the run, or the group", () => {
      const row = focused();
      if (row.kind === "group") this.toggleGroup(row);
      else if (row.kind === "run") navigate(href(path("runs", row.id)));
    });
    bind("Escape", "Choose none", () => this.selection.clear());
    offerCommand("Choose columns", () => this.columnPanel(), { signal: this.signal });
    offerCommand("Not grouped", () => this.change({ group: "" }), { signal: this.signal });
    offerCommand("Show archived runs", () => this.change({ show: "archived" }), { signal: this.signal });
    offerCommand("Show the bin", () => this.change({ show: "bin" }), { signal: this.signal });
  }
}

Object.assign(RunsView.prototype, tableCells, tableMenus);
