// The runs that no other run beats in both directions.

/** `points`: `{ x, y }`; `wants`: 'least' or 'most' of each. The indexes of the front, from left to right. */
export function paretoFront(points, wants) {
  const sign = { x: wants.x === "most" ? -1 : 1, y: wants.y === "most" ? -1 : 1 };
  const order = points
    .map((point, index) => ({ index, x: sign.x * point.x, y: sign.y * point.y }))
    .filter(({ x, y }) => Number.isFinite(x) && Number.isFinite(y))
    .sort((a, b) => a.x - b.x || a.y - b.y);
  const front = [];
  let best = Infinity;
  let twin = null;
  for (const each of order) {
    if (each.y < best) {
      best = each.y;
      twin = each;
      front.push(each.index);
    } else if (twin && each.x === twin.x && each.y === twin.y) {
      front.push(each.index);
    }
  }
  return front.sort((a, b) => points[a].x - points[b].x);
}
