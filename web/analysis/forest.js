// A small random forest of regression trees, to say which params tell the metric apart. The same runs give the same
// answer: its randomness comes from a seed.

const TREES = 100;
const DEEPEST = 6;
const LEAST_LEAF = 2;

/** Mulberry32: small, and good enough to draw rows. */
function random(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/**
 * The share of each feature in what the trees explain, adding up to 1; all 0 if they explain nothing.
 * `rows[i][feature]` are numbers, `targets[i]` what is to be explained.
 */
export function forestImportance(rows, targets, seed = 1) {
  const featureCount = rows[0]?.length ?? 0;
  const importance = new Array(featureCount).fill(0);
  const draw = random(seed);
  for (let tree = 0; tree < TREES; tree += 1) {
    const sample = rows.map(() => Math.floor(draw() * rows.length));
    grow({ rows, targets, importance, draw }, sample, 0);
  }
  const total = importance.reduce((sum, value) => sum + value, 0);
  return total > 0 ? importance.map((value) => value / total) : importance;
}

function grow(data, sample, depth) {
  if (depth === DEEPEST || sample.length < 2 * LEAST_LEAF) return;
  const best = bestSplit(data, sample);
  if (!best) return;
  data.importance[best.feature] += best.gain;
  const isLow = (row) => data.rows[row][best.feature] <= best.limit;
  grow(data, sample.filter(isLow), depth + 1);
  grow(data, sample.filter((row) => !isLow(row)), depth + 1);
}

/** A third of the features, at least one, is tried at each split: else the strongest would hide all others. */
function candidates(count, draw) {
  const all = Array.from({ length: count }, (_, index) => index);
  const wanted = Math.max(1, Math.round(count / 3));
  for (let index = 0; index < wanted; index += 1) {
    const other = index + Math.floor(draw() * (count - index));
    [all[index], all[other]] = [all[other], all[index]];
  }
  return all.slice(0, wanted);
}

function bestSplit({ rows, targets, importance, draw }, sample) {
  let best = null;
  for (const feature of candidates(importance.length, draw)) {
    const sorted = [...sample].sort((a, b) => rows[a][feature] - rows[b][feature]);
    const split = scan(sorted, (row) => rows[row][feature], (row) => targets[row]);
    if (split && (!best || split.gain > best.gain)) best = { feature, ...split };
  }
  return best;
}

/** The limit that lowers the sum of squared errors most. */
function scan(sorted, value, target) {
  const n = sorted.length;
  const total = sorted.reduce((sum, row) => sum + target(row), 0);
  const base = (total * total) / n;
  let [left, best] = [0, null];
  for (let count = 1; count < n; count += 1) {
    left += target(sorted[count - 1]);
    const [low, high] = [value(sorted[count - 1]), value(sorted[count])];
    if (low === high || count < LEAST_LEAF || n - count < LEAST_LEAF) continue;
    const gain = (left * left) / count + (total - left) ** 2 / (n - count) - base;
    if (gain > 1e-12 && (!best || gain > best.gain)) best = { gain, limit: (low + high) / 2 };
  }
  return best;
}
