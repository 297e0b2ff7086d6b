// Lines of several runs as one: mean or median with a band. Every run of the group counts at every place that its own
// line reaches.

/** Two-sided 95 % quantiles of Student's t, for 1, 2, 3 … degrees of freedom. */
const student = [
  12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.16, 2.145, 2.131, 2.12, 2.11,
  2.101, 2.093, 2.086, 2.08, 2.074, 2.069, 2.064, 2.06, 2.056, 2.052, 2.048, 2.045, 2.042,
];

export function groupLine(lines, { centre = "mean", band = "minmax" }) {
  const places = [...new Set(lines.flatMap((line) => Array.from(line.x)))].sort((a, b) => a - b);
  const readers = lines.map((line) => reader(line));
  const result = { x: places, centre: [], low: [], high: [], n: [] };
  for (const x of places) {
    const values = readers.map((read) => read(x)).filter((value) => value !== undefined);
    const [middle, low, high] = summary(values, centre, band);
    result.centre.push(middle);
    result.low.push(low);
    result.high.push(high);
    result.n.push(values.length);
  }
  return result;
}

/** Reads a line at places that only grow: between two of its points on the line through them, beyond its ends not at all. */
function reader({ x, last }) {
  let index = 0;
  return (place) => {
    while (index < x.length && x[index] < place) index += 1;
    if (index === x.length) return undefined;
    if (x[index] === place) {
      // Of several points at one place the last counts.
      let end = index;
      while (end + 1 < x.length && x[end + 1] === place) end += 1;
      return last[end];
    }
    if (index === 0) return undefined;
    const part = (place - x[index - 1]) / (x[index] - x[index - 1]);
    return last[index - 1] + part * (last[index] - last[index - 1]);
  };
}

export function summary(values, centre, band) {
  const n = values.length;
  if (n === 0) return [NaN, NaN, NaN];
  const sorted = [...values].sort((a, b) => a - b);
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  const median = n % 2 ? sorted[(n - 1) / 2] : (sorted[n / 2 - 1] + sorted[n / 2]) / 2;
  const middle = centre === "median" ? median : mean;
  if (band === "minmax") return [middle, sorted[0], sorted[n - 1]];
  if (n < 2) return [middle, middle, middle];
  const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1));
  const error = deviation / Math.sqrt(n);
  const reach = { std: deviation, sem: error, ci95: error * (student[n - 2] ?? 1.96) }[band];
  return [middle, middle - reach, middle + reach];
}
