// Which points lie under a place of a chart, the nearest to the pointer first.

/** `[{ line, x, y, value, step, count, min, max }]`: of each line its point nearest to `place`, if it reaches that far. */
export function pointsAt(model, layout, place, pointerY) {
  const [low, high] = layout.xScale.domain;
  const reach = Math.abs(high - low) * 0.02;
  const found = [];
  for (const line of model.lines) {
    const index = nearestIndex(line.main.x, place);
    if (index < 0) continue;
    const x = line.main.x[index];
    const isOutside = x < low || x > high;
    const endsBefore = Math.abs(x - place) > reach && (index === 0 || index === line.main.x.length - 1);
    if (isOutside || endsBefore) continue;
    const value = line.main.last[index];
    found.push({
      line, x, value, y: layout.yScale.pixel(value), step: line.main.step?.[index], count: line.main.count?.[index] ?? 1,
      min: line.main.min?.[index], max: line.main.max?.[index], n: line.main.n?.[index],
      low: line.band?.low[index], high: line.band?.high[index],
      raw: line.raw ? line.raw.last[nearestIndex(line.raw.x, x)] : undefined,
    });
  }
  const distance = (point) => (pointerY === undefined ? 0 : Math.abs(point.y - pointerY));
  return found.sort((a, b) => distance(a) - distance(b));
}

/** By halves where places grow; along a metric that comes back, one by one. */
function nearestIndex(places, place) {
  if (places.length === 0) return -1;
  if (!grows(places)) {
    let best = 0;
    for (let index = 1; index < places.length; index += 1) {
      if (Math.abs(places[index] - place) < Math.abs(places[best] - place)) best = index;
    }
    return best;
  }
  let [low, high] = [0, places.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (places[middle] < place) low = middle + 1;
    else high = middle;
  }
  return low > 0 && place - places[low - 1] <= places[low] - place ? low - 1 : low;
}

const growth = new WeakMap();

function grows(places) {
  if (!growth.has(places)) growth.set(places, places.every((place, index) => index === 0 || places[index - 1] <= place));
  return growth.get(places);
}

/** Charts that move their cursors together, and light up the same run. */
export class HoverLink extends EventTarget {
  /** `state`: `{ source, axis, place, id }`; null when the pointer has left. */
  show(state) {
    this.state = state;
    this.dispatchEvent(new Event("change"));
  }
}
