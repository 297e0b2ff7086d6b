// Columns of points as what is drawn. A line through all points of a column covers, at its pixel, all from the least to
// the greatest value, and from where the column before left off: such columns are bars a pixel wide, which a canvas fills
// twenty times as fast as it strokes a path through as many corners. Where points are sparse they are a path.

/** `{ bars: [x, top, bottom, …], path: [x, y, …] }`: bars for what is dense and moves, else a path. */
export function lineShape(columns, xScale, yScale) {
  if (!columns.first) return { bars: [], path: pathThrough(columns, xScale, yScale) };
  const { x, last, first, min, max } = columns;
  const bars = [];
  let [previousX, previousY] = [NaN, yScale.pixel(first[0])];
  // Whether a path through the ends of the columns would leave out nothing that is seen.
  let isFlat = true;
  for (let index = 0; index < x.length; index += 1) {
    const place = Math.round(xScale.pixel(x[index]));
    // Up is less: the greatest value is the top.
    let [top, bottom] = [yScale.pixel(max[index]), yScale.pixel(min[index])];
    const [start, close] = [yScale.pixel(first[index]), yScale.pixel(last[index])];
    if (top < Math.min(previousY, close) - 0.5 || bottom > Math.max(previousY, close) + 0.5) isFlat = false;
    const end = bars.length - 3;
    if (place === previousX) {
      top = Math.min(top, bars[end + 1], start);
      bottom = Math.max(bottom, bars[end + 2], start);
      [bars[end + 1], bars[end + 2]] = [top, bottom];
    } else {
      if (place === previousX + 1) {
        top = Math.min(top, previousY);
        bottom = Math.max(bottom, previousY);
      } else if (Number.isFinite(previousX)) {
        // Further apart than a pixel: a path would slope, and bars would not.
        return { bars: [], path: pathThrough(columns, xScale, yScale) };
      }
      bars.push(place, top, bottom);
    }
    [previousX, previousY] = [place, close];
  }
  // Then it is smoother as that path.
  return isFlat ? { bars: [], path: ends(columns, xScale, yScale) } : { bars, path: [] };
}

function pathThrough({ x, last, first, min, max, count }, xScale, yScale) {
  const points = [];
  for (let index = 0; index < x.length; index += 1) {
    const place = xScale.pixel(x[index]);
    if (first && count[index] > 1) {
      points.push(place, yScale.pixel(first[index]), place, yScale.pixel(min[index]), place, yScale.pixel(max[index]));
    }
    points.push(place, yScale.pixel(last[index]));
  }
  return points;
}

function ends({ x, last }, xScale, yScale) {
  const points = [];
  for (let index = 0; index < x.length; index += 1) points.push(xScale.pixel(x[index]), yScale.pixel(last[index]));
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
