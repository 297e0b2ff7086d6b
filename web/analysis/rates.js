// Curves of a classifier, from its points or from its scores.

/** Area below a curve by trapezoids; the points may come in any order. */
export function areaBelow(points) {
  const sorted = [...points].sort((a, b) => a.x - b.x || a.y - b.y);
  let area = 0;
  for (let index = 1; index < sorted.length; index += 1) {
    area += ((sorted[index].x - sorted[index - 1].x) * (sorted[index].y + sorted[index - 1].y)) / 2;
  }
  return area;
}

/** ROC and PR at every score that occurs, the highest first. `labels` are 1 or 0. */
export function curvesFromScores(scores, labels) {
  const order = scores.map((_, index) => index).sort((a, b) => scores[b] - scores[a]);
  const positives = labels.reduce((sum, label) => sum + (label ? 1 : 0), 0);
  const negatives = labels.length - positives;
  const roc = [{ x: 0, y: 0, threshold: Infinity }];
  const pr = [];
  let [hits, misses] = [0, 0];
  order.forEach((row, place) => {
    if (labels[row]) hits += 1;
    else misses += 1;
    if (place + 1 < order.length && scores[order[place + 1]] === scores[row]) return;
    const threshold = scores[row];
    roc.push({ x: negatives ? misses / negatives : 0, y: positives ? hits / positives : 0, threshold });
    pr.push({ x: positives ? hits / positives : 0, y: hits / (hits + misses), threshold });
  });
  return { roc, pr };
}

/** How often each pair of actual and predicted label occurs; labels in the order of numbers, else of the alphabet. */
export function confusion(pairs) {
  const labels = [...new Set(pairs.flatMap((pair) => [String(pair.actual), String(pair.predicted)]))];
  const areNumbers = labels.every((label) => label !== "" && Number.isFinite(Number(label)));
  labels.sort(areNumbers ? (a, b) => Number(a) - Number(b) : undefined);
  const place = new Map(labels.map((label, index) => [label, index]));
  const counts = labels.map(() => new Array(labels.length).fill(0));
  for (const { actual, predicted, count = 1 } of pairs) {
    counts[place.get(String(actual))][place.get(String(predicted))] += count;
  }
  return { labels, counts };
}
