// How far the y axis reaches, and what it leaves out when outliers are clipped.

/** `columns`: of all lines that are drawn, those seen only. `percent` of the values are cut off at each end. */
export function yBounds(columns, { percent = 0, kind = "linear", bands = [] }) {
  let [low, high] = [Infinity, -Infinity];
  const lists = [...columns.flatMap((each) => (each.min ? [each.min, each.max] : [each.last])), ...bands.flatMap((band) => [band.low, band.high])];
  const counts = (value) => Number.isFinite(value) && (kind !== "log" || value > 0);
  for (const list of lists) {
    for (const value of list) {
      if (!counts(value)) continue;
      if (value < low) low = value;
      if (value > high) high = value;
    }
  }
  if (low > high) return { domain: [NaN, NaN], above: 0, below: 0 };
  if (!(percent > 0)) return { domain: [low, high], above: 0, below: 0 };
  const sorted = Float64Array.from(lists.flatMap((list) => Array.from(list).filter(counts))).sort();
  const at = (share) => sorted[Math.min(sorted.length - 1, Math.max(0, Math.round(share * (sorted.length - 1))))];
  const [from, to] = [at(percent / 100), at(1 - percent / 100)];
  if (to > from) [low, high] = [from, to];
  const beyond = (test) => columns.reduce((sum, each) => sum + each.last.filter((value, index) => test(each, value, index)).length, 0);
  return {
    domain: [low, high],
    above: beyond((each, value, index) => (each.max?.[index] ?? value) > high),
    below: beyond((each, value, index) => counts(each.min?.[index] ?? value) && (each.min?.[index] ?? value) < low),
  };
}

/** The part of columns that lies within `[from, to]`, by their places. */
export function seen(columns, [from, to]) {
  const keep = [];
  for (let index = 0; index < columns.x.length; index += 1) {
    if (columns.x[index] >= from && columns.x[index] <= to) keep.push(index);
  }
  // Most often all of them are seen.
  if (keep.length === columns.x.length) return columns;
  const pick = (list) => list && keep.map((index) => list[index]);
  return { x: pick(columns.x), last: pick(columns.last), min: pick(columns.min), max: pick(columns.max) };
}

/** What the picture does not show, in words; empty if it shows all. */
export function omissions({ above, below }, percent, marks) {
  const parts = [];
  const places = (count) => `${count} ${count === 1 ? "place" : "places"}`;
  if (above || below) {
    const sides = [above && `${places(above)} above`, below && `${places(below)} below`].filter(Boolean).join(" and ");
    parts.push(`Clipped to ${100 - 2 * percent} %: ${sides} the picture.`);
  }
  const kinds = { NaN: 0, "∞": 0, "−∞": 0 };
  for (const mark of marks) kinds[Number.isNaN(mark) ? "NaN" : mark > 0 ? "∞" : "−∞"] += 1;
  const found = Object.entries(kinds).filter(([, count]) => count > 0).map(([name, count]) => `${name} at ${places(count)}`);
  if (found.length) parts.push(`Marked: ${found.join(", ")}.`);
  return parts.join(" ");
}
