// Which params matter for a metric: rank correlation and the forest's share, with how much there is to go by.

import { spearman } from "./correlation.js";
import { forestImportance } from "./forest.js";

/** Fewer runs than this, or than this many for each param, prove little. */
const FEW_RUNS = 20;
const FEW_RUNS_A_PARAM = 5;

/** `runs`: `{ params, metrics: { name: number } }`. Rows by share, the greatest first. */
export function paramImportance(runs, metric) {
  const usable = runs.filter((run) => Number.isFinite(run.metrics[metric]));
  const features = varyingParams(usable);
  const targets = usable.map((run) => run.metrics[metric]);
  const caution = cautionFor(usable.length, features.length);
  if (usable.length < 3 || features.length === 0) return { n: usable.length, rows: [], caution };
  const table = usable.map((_, row) => features.map((feature) => feature.values[row]));
  const shares = forestImportance(table, targets);
  const rows = features.map((feature, index) => ({
    param: feature.name,
    share: shares[index],
    correlation: feature.isOrdered ? spearman(feature.values, targets) : NaN,
    valueCount: feature.valueCount,
  }));
  rows.sort((a, b) => b.share - a.share || (a.param < b.param ? -1 : 1));
  return { n: usable.length, rows, caution };
}

/** The params that are not the same in all runs, as numbers: numbers as they are, words by the order of the alphabet. */
function varyingParams(runs) {
  const names = [...new Set(runs.flatMap((run) => Object.keys(run.params)))].sort();
  return names.flatMap((name) => {
    const texts = runs.map((run) => shown(run.params[name]));
    const distinct = [...new Set(texts)].sort();
    if (distinct.length < 2) return [];
    const isOrdered = texts.every((text) => text !== "" && Number.isFinite(Number(text)));
    const values = texts.map((text) => (isOrdered ? Number(text) : distinct.indexOf(text)));
    return [{ name, values, isOrdered, valueCount: distinct.length }];
  });
}

function shown(value) {
  if (value === undefined || value === null) return "";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

function cautionFor(n, paramCount) {
  if (n < 3) return `Only ${n} ${n === 1 ? "run has" : "runs have"} this metric: at least 3 are needed.`;
  if (n < FEW_RUNS) return `Only ${n} runs: take this as a hint of where to look, not as a result.`;
  if (n < FEW_RUNS_A_PARAM * paramCount) return `${n} runs for ${paramCount} varying params: shares of the lower ones are mostly chance.`;
  return "";
}
