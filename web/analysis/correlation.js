// Spearman's rank correlation: how far one value rises with the other, whatever the shape of the curve.

/** Ranks from 1; equal values share the mean of theirs. */
export function ranks(values) {
  const order = values.map((_, index) => index).sort((a, b) => values[a] - values[b]);
  const result = new Array(values.length);
  for (let start = 0; start < order.length; ) {
    let end = start;
    while (end + 1 < order.length && values[order[end + 1]] === values[order[start]]) end += 1;
    for (let index = start; index <= end; index += 1) result[order[index]] = (start + end) / 2 + 1;
    start = end + 1;
  }
  return result;
}

/** Between −1 and 1; NaN where one of both never changes. */
export function spearman(xs, ys) {
  return pearson(ranks(xs), ranks(ys));
}

function pearson(xs, ys) {
  const n = xs.length;
  const mean = (list) => list.reduce((sum, value) => sum + value, 0) / n;
  const [mx, my] = [mean(xs), mean(ys)];
  let [xy, xx, yy] = [0, 0, 0];
  for (let index = 0; index < n; index += 1) {
    const [dx, dy] = [xs[index] - mx, ys[index] - my];
    xy += dx * dy;
    xx += dx * dx;
    yy += dy * dy;
  }
  return xx > 0 && yy > 0 ? xy / Math.sqrt(xx * yy) : NaN;
}
