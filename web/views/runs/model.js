// The rows of the runs table as the server gives them: blocks of runs and of columns, fetched when they come into sight,
// in one section or in one for each group.
import { get } from "../../lib/api.js";
import { isExported } from "../../lib/exported.js";

/** Runs and columns of a block: what is asked for at once. */
const blockRows = 100;
const blockColumns = 24;
/** Blocks farther from what is in sight are let go beyond so many rows. */
const keptRows = 4000;
/** Rows beyond what is in sight that are fetched with it. */
const rowsAhead = 40;
/** While one scrolls fast, what has passed by before its turn came is never asked for. */
const mostRequests = 3;

export class RunsModel {
  /** `changed(first, last)`: the rows between two places, or all of them, are different now. */
  constructor({ changed, failed, signal }) {
    this.changed = changed;
    this.failed = failed;
    this.signal = signal;
    this.sections = [];
    this.total = undefined;
    this.version = 0;
    this.requests = 0;
    this.curves = new Map();
    this.askedCurves = new Set();
  }

  /**
   * Asks anew: for the first rows and the count, or for the groups. The former rows stay until the new ones are here.
   * `columns`: those in sight; the others are asked for when they come into sight.
   */
  async load(question, columns) {
    const version = ++this.version;
    this.question = question;
    const sections = question.group ? await this.loadGroups(question) : [await this.loadFirst(question, columns)];
    if (version !== this.version) return false;
    this.curves.clear();
    this.askedCurves.clear();
    this.sections = sections;
    this.relayout();
    return true;
  }

  /** Others are shown: what is not here is asked for when it comes into sight. */
  setColumns(columns) {
    if (this.question) this.question = { ...this.question, columns };
  }

  async loadFirst(question, columns) {
    const section = { filter: question.filter, rows: [], count: 0, asked: new Map(), group: null, open: true };
    const refs = columns.map((column) => column.ref);
    const page = await this.page(section, 0, refs, true);
    section.count = page.total;
    this.keep(section, 0, refs, page.rows);
    return section;
  }

  async loadGroups(question) {
    const metrics = question.columns.filter((column) => column.kind === "metrics").map((column) => column.key).slice(0, 30);
    const { groups } = await get("/table/groups",
      { ...this.base(question), filter: question.filter, by: question.group.ref, metric: metrics }, { signal: this.signal });
    const opened = new Set(this.sections.filter((section) => section.group && section.open).map((section) => section.key));
    return groups.map((group) => {
      const condition = groupCondition(question.group.ref, group.value);
      const key = JSON.stringify(group.value);
      return {
        key, group, count: group.count, rows: [], asked: new Map(), open: opened.has(key) || groups.length === 1,
        filter: question.filter ? `(${question.filter}) and ${condition}` : condition,
      };
    });
  }

  base(question) {
    return {
      experiment: question.experiments, archived: question.show === "archived" ? "only" : question.show === "bin" ? "all" : "no",
      deleted: question.show === "bin" ? "true" : "",
    };
  }

  page(section, number, refs, total = false) {
    const { question } = this;
    return get("/table", {
      ...this.base(question), ...scopeOf(section, question), sort: question.sort.join(", "), offset: number * blockRows || "",
      limit: blockRows, column: refs, total: total ? "true" : "",
    }, { signal: this.signal });
  }

  /** Puts the values of a block to the rows that are there. */
  keep(section, number, refs, rows) {
    const asked = section.asked.get(number) ?? new Set();
    for (const ref of refs) asked.add(ref);
    section.asked.set(number, asked);
    rows.forEach((row, index) => {
      const place = number * blockRows + index;
      const known = section.rows[place];
      // Another run stands here by now: what is known of the former is not its.
      const values = known?.id === row.id ? known.values : new Map();
      refs.forEach((ref, at) => values.set(ref, row.values[at]));
      section.rows[place] = Object.assign(row, { kind: "run", values });
    });
  }

  relayout() {
    this.total = 0;
    for (const section of this.sections) {
      section.start = this.total;
      this.total += (section.group ? 1 : 0) + (section.open ? section.count : 0);
    }
  }

  get runCount() {
    return this.sections.reduce((sum, section) => sum + section.count, 0);
  }

  /** A run that is here, to tell by what its columns hold. */
  get sample() {
    return this.sections.find((section) => section.rows[0])?.rows[0];
  }

  /** { kind: "group", section }, { kind: "run", …row } or { kind: "waiting" }. */
  row(index) {
    const place = this.find(index);
    if (!place) return waiting;
    if (place.offset < 0) return { kind: "group", section: place.section };
    return place.section.rows[place.offset] ?? waiting;
  }

  find(index) {
    let low = 0;
    let high = this.sections.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.sections[middle].start <= index) low = middle;
      else high = middle - 1;
    }
    const section = this.sections[low];
    if (!section || index < 0 || index >= this.total) return null;
    return { section, offset: index - section.start - (section.group ? 1 : 0) };
  }

  /** Fetches what is missing of the rows between two places, in these columns. */
  need(first, last, columns) {
    for (const index of this.blockStarts(Math.max(0, first - rowsAhead), Math.min(this.total - 1, last + rowsAhead))) {
      const { section, offset } = this.find(index);
      const number = Math.floor(offset / blockRows);
      const asked = section.asked.get(number);
      const missing = columns.filter((column) => !asked?.has(column.ref));
      if (missing.length && this.requests < mostRequests) this.fetchBlock(section, number, this.widened(missing, asked));
    }
  }

  /** A place in each of the blocks between two places. */
  * blockStarts(first, last) {
    for (let index = first; index <= last;) {
      const { section, offset } = this.find(index);
      if (offset >= 0) yield index;
      const end = offset < 0 ? (section.open ? 0 : -1) : Math.min((Math.floor(offset / blockRows) + 1) * blockRows, section.count);
      index += Math.max(1, end - offset);
    }
  }

  /** With the neighbours that will be wanted soon. */
  widened(missing, asked) {
    const refs = this.question.columns.map((column) => column.ref);
    const blocks = new Set(missing.map((column) => Math.floor(refs.indexOf(column.ref) / blockColumns)));
    const near = refs.filter((ref, at) => blocks.has(Math.floor(at / blockColumns)) && !asked?.has(ref));
    return [...new Set([...missing.map((column) => column.ref), ...near])];
  }

  async fetchBlock(section, number, refs) {
    const asked = section.asked.get(number) ?? new Set();
    for (const ref of refs) asked.add(ref);
    section.asked.set(number, asked);
    const version = this.version;
    this.requests += 1;
    try {
      const page = await this.page(section, number, refs);
      this.requests -= 1;
      if (version !== this.version || section.asked.get(number) !== asked) return;
      this.keep(section, number, refs, page.rows);
      // Runs went since they were counted.
      if (page.rows.length < blockRows && number * blockRows + page.rows.length < section.count) {
        section.count = number * blockRows + page.rows.length;
        this.relayout();
      }
      this.forget(section, number);
      const start = section.start + (section.group ? 1 : 0) + number * blockRows;
      // Drawing asks for what else is in sight by now.
      this.changed(start, start + blockRows - 1);
    } catch (error) {
      this.requests -= 1;
      for (const ref of refs) asked.delete(ref);
      if (error.name !== "AbortError") this.failed(error);
    }
  }

  /** Lets go of blocks far away, so that a long scroll does not keep everything. */
  forget(section, number) {
    if (section.asked.size * blockRows <= keptRows) return;
    for (const other of [...section.asked.keys()]) {
      if (Math.abs(other - number) * blockRows <= keptRows / 2) continue;
      section.asked.delete(other);
      for (let index = 0; index < blockRows; index++) delete section.rows[other * blockRows + index];
    }
  }

  /** Asks again for what is in sight, lets go of the rest, and answers whether it is still wanted. */
  async refresh(first, last, columns) {
    const version = this.version;
    const section = this.sections[0];
    if (this.question.group || !section) return this.load(this.question, columns);
    const refs = columns.map((column) => column.ref);
    const numbers = [...new Set([Math.floor(first / blockRows), Math.floor(last / blockRows)])];
    const pages = await Promise.all(numbers.map((number, index) => this.page(section, number, refs, index === 0)));
    if (version !== this.version) return false;
    section.count = pages[0].total;
    section.rows = [];
    section.asked = new Map();
    numbers.forEach((number, index) => this.keep(section, number, refs, pages[index].rows));
    this.askedCurves.clear();
    this.relayout();
    return true;
  }

  /** Where a run is among the rows that are here; -1 if it is not. */
  indexOf(id) {
    for (const section of this.sections) {
      if (!section.open) continue;
      for (const key of Object.keys(section.rows)) {
        if (section.rows[key].id === id) return section.start + (section.group ? 1 : 0) + Number(key);
      }
    }
    return -1;
  }

  /** The curves of the rows between two places, for those of the columns that draw or sum up one. */
  async needCurves(first, last, columns) {
    const metrics = columns.filter((column) => column.kind === "metrics" && (column.spark || column.aggregate !== "last")).map((column) => column.key);
    const runs = [];
    for (let index = first; index <= last; index++) {
      const row = this.row(index);
      if (row.kind === "run" && metrics.some((metric) => !this.askedCurves.has(`${row.id} ${metric}`))) runs.push(row.id);
    }
    for (let at = 0; at < runs.length; at += 40) {
      const some = runs.slice(at, at + 40);
      for (const run of some) for (const metric of metrics) this.askedCurves.add(`${run} ${metric}`);
      const { curves } = await get("/sparklines", { run: some, metric: metrics }, { signal: this.signal });
      for (const curve of curves) this.curves.set(`${curve.run} ${curve.metric}`, curve);
      this.changed(first, last);
    }
  }

  curve(row, column) {
    return this.curves.get(`${row.id} ${column.key}`);
  }
}

const waiting = { kind: "waiting" };

/** A copy of the page has nobody who could read a filter: there a group is named as such. */
function scopeOf(section, question) {
  if (isExported && section.group) return { filter: question.filter, within: JSON.stringify([question.group.ref, section.group.value]) };
  return { filter: section.filter };
}

/** The condition of the filter language that holds for just the runs of a group. */
function groupCondition(ref, value) {
  if (value === null) return `${ref} is null`;
  if (typeof value === "number") return `${ref} = ${Number.isNaN(value) ? "nan" : value}`;
  if (typeof value === "boolean") return `${ref} = ${value}`;
  return `${ref} = ${quote(typeof value === "string" ? value : JSON.stringify(value))}`;
}

export function quote(text) {
  return `'${text.replaceAll("'", "''")}'`;
}
