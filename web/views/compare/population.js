// The runs that a plot is about: those that are compared, or all of their experiments; and their values as columns.
import { select } from "../../charts/chartToolbar.js";
import { get } from "../../lib/api.js";
import { coloursFor } from "../../lib/colours.js";

const MOST_RUNS = 1000;

/** `{ runs, isCut }` for the scope that the page is at. */
export async function population(page, signal) {
  if (page.state.scope === "these") return { runs: page.runs, isCut: false };
  const experiments = [...new Set(page.runs.map((run) => run.experiment))];
  const answer = await get("/runs", { experiment: experiments, limit: MOST_RUNS }, { signal });
  const colours = coloursFor(page.runs.map((run) => run.id));
  for (const run of answer.runs) {
    run.isCompared = colours.has(run.id);
    run.colour = colours.get(run.id) ?? "var(--text-faint)";
  }
  return { runs: answer.runs, isCut: answer.hasMore };
}

export function scopeChoice(page, choose) {
  const choice = select("Runs", { these: `the ${page.runs.length} compared`, all: "all of the experiment" }, (scope) => {
    page.set({ scope });
    choose();
  });
  choice.show(page.state.scope);
  return choice.element;
}

/** Names of columns: metrics, then params that are not the same in all runs; each with its words. */
export function columnsOf(runs) {
  const names = (kind) => [...new Set(runs.flatMap((run) => Object.keys(run[kind])))].sort();
  const varies = (kind, name) => new Set(runs.map((run) => JSON.stringify(run[kind][name]))).size > 1;
  return Object.fromEntries([
    ...names("metrics").map((name) => [`metrics.${name}`, name]),
    ...names("params").filter((name) => varies("params", name)).map((name) => [`params.${name}`, name]),
    ["duration", "duration"],
  ]);
}

/** What a run has in a column: a number, a text, or undefined. */
export function valueOf(run, column) {
  if (column === "duration") return run.durationMs;
  const [kind, ...rest] = column.split(".");
  const name = rest.join(".");
  if (kind === "metrics") return run.metrics[name]?.value;
  const value = run.params[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value === "string" && value.trim() !== "" && Number.isFinite(Number(value))) return Number(value);
  return typeof value === "object" ? JSON.stringify(value) : value;
}

/** How a column becomes places: numbers as they are, words one after another. */
export function columnScale(runs, column) {
  const values = runs.map((run) => valueOf(run, column)).filter((value) => value !== undefined && !(typeof value === "number" && !Number.isFinite(value)));
  if (values.every((value) => typeof value === "number")) {
    return { isOrdered: true, place: (value) => value, least: Math.min(...values), most: Math.max(...values), words: null };
  }
  const words = [...new Set(values.map(String))].sort((a, b) => a.localeCompare(b, "en", { numeric: true }));
  return { isOrdered: false, place: (value) => words.indexOf(String(value)), least: 0, most: Math.max(0, words.length - 1), words };
}

/** Colours from low to high: one hue that gets stronger, which every eye can order. */
export function rampColour(share, isDark) {
  const mix = (from, to) => Math.round(from + (to - from) * share);
  const [low, high] = isDark ? [[60, 72, 105], [140, 200, 255]] : [[196, 208, 235], [30, 58, 160]];
  return `rgb(${mix(low[0], high[0])} ${mix(low[1], high[1])} ${mix(low[2], high[2])})`;
}
