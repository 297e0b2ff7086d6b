// How far the y axis reaches, and what it leaves out when outliers are clipped.

/** `columns`: of all lines that are drawn, those seen only. `percent` of the values are cut off at each end. */
export function yBounds(columns, { percent = 0, kind = "linear", bands = [] }) {
  const values = [];
  for (const each of columns) {
    for (let index = 0; index < each.x.length; index += 1) {
      values.push(each.min?.[index] ?? each.last[index], each.max?.[index] ?? each.last[index]);
    }
  }
  for (const band of bands) values.push(...band.low, ...band.high);
  const usable = values.filter((value) => Number.isFinite(value) && (kind !== "log" || value > 0));
  if (usable.length === 0) return { domain: [NaN, NaN], above: 0, below: 0 };
  let [low, high] = [Infinity, -Infinity];
  for (const value of usable) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  if (percent > 0) {
    const sorted = Float64Array.from(usable).sort();
    const at = (share) => sorted[Math.min(sorted.length - 1, Math.max(0, Math.round(share * (sorted.length - 1))))];
    const [from, to] = [at(percent / 100), at(1 - percent / 100)];
    if (to > from) [low, high] = [from, to];
  }
  const count = (test) => usable.reduce((sum, value) => sum + (test(value) ? 1 : 0), 0);
  return { domain: [low, high], above: count((value) => value > high), below: count((value) => value < low) };
}

/** The part of columns that lies within `[from, to]`, by their places. */
export function seen(columns, [from, to]) {
  const keep = [];
  for (let index = 0; index < columns.x.length; index += 1) {
    if (columns.x[index] >= from && columns.x[index] <= to) keep.push(index);
  }
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
