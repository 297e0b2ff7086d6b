// The points of charts, from the server: on as many columns as there are pixels, of the part that is looked at.
import { get } from "../lib/api.js";

const specials = { NaN: NaN, Infinity: Infinity, "-Infinity": -Infinity };
const kept = new Map();
const MOST_KEPT = 60;

/**
 * `{ range, columns, series: [{ run, extent, raw, smooth }] }` of a metric of several runs. What was asked for before is
 * answered at once, until `forgetSeries`.
 */
export async function loadSeries({ metric, runs, x, smooth, zoom, columns }, { signal } = {}) {
  const query = { metric, run: runs, x, columns };
  if (smooth) query.smooth = smooth;
  if (zoom) [query.from, query.to] = zoom;
  const key = JSON.stringify(query);
  const known = kept.get(key);
  if (known) return known;
  const answer = await get("/series", query, { signal });
  for (const series of answer.series) {
    for (const part of [series.raw, series.smooth]) {
      if (part?.marks) part.marks = part.marks.map(([place, name]) => [place, specials[name] ?? name]);
    }
  }
  kept.set(key, answer);
  if (kept.size > MOST_KEPT) kept.delete(kept.keys().next().value);
  return answer;
}

export function forgetSeries() {
  kept.clear();
}
