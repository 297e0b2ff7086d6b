// From series and settings to the lines of a chart.
import { groupLine } from "./grouping.js";
import { param } from "../lib/format.js";

/** `runs`: `{ id, name, colour, params, tags }` in the order in which they are drawn. */
export function chartModel(answer, settings, runs) {
  const lines = settings.group ? groupedLines(answer, settings, runs) : runLines(answer, settings, runs);
  return {
    axis: settings.x, kind: settings.scale, percent: settings.clip, lines,
    range: settings.zoom ?? widened(answer.range),
  };
}

/** A series of one step has no width; a chart has. */
function widened([from, to]) {
  return from < to ? [from, to] : [from - 0.5, to + 0.5];
}

function runLines(answer, settings, runs) {
  const byRun = new Map(answer.series.map((series) => [series.run, series]));
  return runs.filter((run) => byRun.has(run.id)).map((run) => {
    const { raw, smooth } = byRun.get(run.id);
    const shows = smooth && settings.raw;
    return {
      id: run.id, label: run.name, colour: run.colour, dash: run.dash,
      main: smooth ? { ...smooth, marks: raw.marks } : raw, raw: shows ? raw : null,
    };
  });
}

/** What runs are grouped by: `params.lr`, `tags.team`, `experiment`. */
function groupName(run, by) {
  if (by === "experiment") return run.experiment ?? "";
  const [kind, ...rest] = by.split(".");
  const value = (kind === "tags" ? run.tags : run.params)?.[rest.join(".")];
  return value === undefined ? "none" : param(value);
}

function groupedLines(answer, settings, runs) {
  const byRun = new Map(answer.series.map((series) => [series.run, series]));
  const groups = new Map();
  for (const run of runs) {
    if (!byRun.has(run.id)) continue;
    const name = groupName(run, settings.group);
    if (!groups.has(name)) groups.set(name, { colour: run.colour, members: [] });
    groups.get(name).members.push(byRun.get(run.id));
  }
  const named = [...groups].sort(([a], [b]) => a.localeCompare(b, "en", { numeric: true }));
  return named.map(([name, { colour, members }]) => {
    const grouped = groupLine(members.map((series) => series.smooth ?? series.raw), settings);
    const marks = members.flatMap((series) => series.raw.marks ?? []);
    return {
      id: `group ${name}`, label: `${settings.group.replace(/^(params|tags)\./, "")} = ${name} (${members.length})`, colour,
      main: { x: grouped.x, last: grouped.centre, n: grouped.n, marks },
      band: { x: grouped.x, low: grouped.low, high: grouped.high },
    };
  });
}

/** The drawn points as CSV: what the chart shows, in the range that it shows. */
export function chartCSV(model) {
  const rows = [["line", "x", "step", "value", "least", "greatest", "points"]];
  for (const line of model.lines) {
    const columns = line.main;
    for (let index = 0; index < columns.x.length; index += 1) {
      const x = columns.x[index];
      if (x < model.range[0] || x > model.range[1]) continue;
      rows.push([
        line.label, x, columns.step?.[index] ?? (model.axis === "step" ? x : ""), columns.last[index],
        line.band?.low[index] ?? columns.min?.[index] ?? columns.last[index],
        line.band?.high[index] ?? columns.max?.[index] ?? columns.last[index], columns.n?.[index] ?? columns.count?.[index] ?? 1,
      ]);
    }
  }
  return rows.map((row) => row.map(csvCell).join(",")).join("\r\n") + "\r\n";
}

/** Quoted where needed. A text that a spreadsheet would take for a formula gets an apostrophe before it. */
function csvCell(value) {
  if (typeof value === "number") return String(value);
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
