// The rows of the runs table as the server gives them: pages of runs, fetched when they come into sight, in one section
// or in one for each group.
import { get } from "../../lib/api.js";

/** Runs of a page: a page of very many columns would be long in coming. */
const pageSize = (columns) => (columns.length > 60 ? 40 : 100);
/** Pages farther from what is in sight are let go beyond so many rows. */
const keptRows = 4000;

export class RunsModel {
  /** `changed(first, last)`: the rows between two places, or all of them, are different now. */
  constructor({ changed, failed, signal }) {
    this.changed = changed;
    this.failed = failed;
    this.signal = signal;
    this.sections = [];
    this.version = 0;
    this.places = new Map();
    this.curves = new Map();
    this.asked = new Set();
  }

  /** Asks anew: for the first page and the count, or for the groups. The former rows stay until the new ones are here. */
  async load(question) {
    const version = ++this.version;
    this.question = question;
    this.pageSize = pageSize(question.columns);
    this.curves.clear();
    this.asked.clear();
    const sections = question.group ? await this.loadGroups(question) : [await this.loadFirst(question)];
    if (version !== this.version) return false;
    this.sections = sections;
    this.relayout();
    return true;
  }

  async loadFirst(question) {
    const section = { filter: question.filter, rows: [], count: 0, pending: new Set(), group: null, open: true };
    const page = await this.page(section, question, 0, true);
    section.count = page.total;
    page.rows.forEach((row, index) => { section.rows[index] = row; });
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
        key, group, count: group.count, rows: [], pending: new Set(), open: opened.has(key) || groups.length === 1,
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

  async page(section, question, offset, total = false) {
    const page = await get("/table", {
      ...this.base(question), filter: section.filter, sort: question.sort.join(", "), offset: offset || "", limit: this.pageSize,
      column: question.columns.map((column) => column.ref), total: total ? "true" : "",
    }, { signal: this.signal });
    // Until others come, rows stay with the columns that they were asked for.
    const places = new Map(question.columns.map((column, index) => [column.ref, index]));
    for (const row of page.rows) row.places = places;
    return page;
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

  /** { kind: "group", section }, { kind: "run", …row } or { kind: "waiting" }. */
  row(index) {
    const place = this.find(index);
    if (!place) return { kind: "waiting" };
    if (place.offset < 0) return { kind: "group", section: place.section };
    return place.section.rows[place.offset] ?? { kind: "waiting" };
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

  /** Fetches what is missing between two places. */
  need(first, last) {
    for (let index = first; index <= last; index++) {
      const place = this.find(index);
      if (!place || place.offset < 0 || place.section.rows[place.offset]) continue;
      this.fetchPage(place.section, Math.floor(place.offset / this.pageSize));
    }
  }

  async fetchPage(section, number) {
    if (section.pending.has(number)) return;
    section.pending.add(number);
    const version = this.version;
    try {
      const page = await this.page(section, this.question, number * this.pageSize);
      if (version !== this.version) return;
      page.rows.forEach((row, index) => { section.rows[number * this.pageSize + index] = row; });
      // Runs went since they were counted.
      if (!page.hasMore && number * this.pageSize + page.rows.length < section.count) {
        section.count = number * this.pageSize + page.rows.length;
        this.relayout();
      }
      this.forget(section, number);
      const start = section.start + (section.group ? 1 : 0) + number * this.pageSize;
      this.changed(start, start + page.rows.length - 1);
    } catch (error) {
      if (error.name !== "AbortError") this.failed(error);
    } finally {
      section.pending.delete(number);
    }
  }

  /** Lets go of pages far away, so that a long scroll does not keep everything. */
  forget(section, number) {
    const kept = Object.keys(section.rows).length;
    if (kept <= keptRows) return;
    for (const key of Object.keys(section.rows)) {
      if (Math.abs(Math.floor(Number(key) / this.pageSize) - number) * this.pageSize > keptRows / 2) delete section.rows[key];
    }
  }

  /** Asks again for what is in sight, keeps what is the same, and says whether rows moved. */
  async refresh(first, last) {
    const version = this.version;
    if (this.question.group) return this.load(this.question);
    const section = this.sections[0];
    if (!section) return this.load(this.question);
    const numbers = new Set([Math.floor(first / this.pageSize), Math.floor(last / this.pageSize)]);
    const pages = await Promise.all([...numbers].map(async (number, index) => ({
      number, page: await this.page(section, this.question, number * this.pageSize, index === 0),
    })));
    if (version !== this.version) return false;
    section.count = pages[0].page.total;
    const rows = [];
    for (const { number, page } of pages) {
      page.rows.forEach((row, index) => { rows[number * this.pageSize + index] = row; });
    }
    section.rows = rows;
    this.asked.clear();
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

  /** The curves of the rows between two places, for columns that draw or sum up one. */
  async needCurves(first, last, columns) {
    const metrics = columns.filter((column) => column.kind === "metrics" && (column.spark || column.aggregate !== "last"));
    if (!metrics.length) return;
    const runs = [];
    for (let index = first; index <= last; index++) {
      const row = this.row(index);
      if (row.kind === "run" && !this.asked.has(row.id)) runs.push(row.id);
    }
    if (!runs.length) return;
    for (const run of runs) this.asked.add(run);
    const { curves } = await get("/sparklines", { run: runs, metric: metrics.map((column) => column.key) }, { signal: this.signal });
    for (const curve of curves) this.curves.set(`${curve.run} ${curve.metric}`, curve);
    this.changed(first, last);
  }

  curve(row, column) {
    return this.curves.get(`${row.id} ${column.key}`);
  }
}

/** The condition of the filter language that holds for just the runs of a group. */
export function groupCondition(ref, value) {
  if (value === null) return `${ref} is null`;
  if (typeof value === "number") return `${ref} = ${Number.isNaN(value) ? "nan" : value}`;
  if (typeof value === "boolean") return `${ref} = ${value}`;
  return `${ref} = ${quote(typeof value === "string" ? value : JSON.stringify(value))}`;
}

export function quote(text) {
  return `'${text.replaceAll("'", "''")}'`;
}
