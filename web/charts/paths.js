// Columns of points as the corners of a line. Through a column of several points the line goes from the first over the
// least and the greatest to the last, all at one place: the pixels that the line through all points would cover.

export function linePath(columns, xScale, yScale) {
  const { x, last, first, min, max, count } = columns;
  const points = [];
  for (let index = 0; index < x.length; index += 1) {
    const px = xScale.pixel(x[index]);
    if (first && count[index] > 1) {
      points.push(px, yScale.pixel(first[index]), px, yScale.pixel(min[index]), px, yScale.pixel(max[index]));
    }
    points.push(px, yScale.pixel(last[index]));
  }
  return points;
}

/** Of columns that are one value each: between two points that are no neighbours for a NaN between them, a gap. */
export function withGaps(columns, marks) {
  const breaks = (marks ?? []).map(([place]) => place);
  if (breaks.length === 0 || columns.first) return columns;
  const result = { x: [], last: [] };
  let next = 0;
  for (let index = 0; index < columns.x.length; index += 1) {
    while (next < breaks.length && breaks[next] < columns.x[index]) {
      if (index > 0 && breaks[next] > columns.x[index - 1]) {
        result.x.push(breaks[next]);
        result.last.push(NaN);
      }
      next += 1;
    }
    result.x.push(columns.x[index]);
    result.last.push(columns.last[index]);
  }
  return result;
}

export function bandShape(band, xScale, yScale) {
  const points = [];
  for (let index = 0; index < band.x.length; index += 1) points.push(xScale.pixel(band.x[index]), yScale.pixel(band.high[index]));
  for (let index = band.x.length - 1; index >= 0; index -= 1) points.push(xScale.pixel(band.x[index]), yScale.pixel(band.low[index]));
  return points;
}
