// Draws lines with their axes on a surface: what the screen, PNG and SVG share.

import { tickNumber, xTicks } from "./axisText.js";
import { seen, yBounds } from "./bounds.js";
import { bandShape, lineShape, withGaps } from "./paths.js";
import { makeScale } from "./scale.js";

const ROOM = { top: 10, right: 12, bottom: 24 };
const CHARACTER = 6.4;

/**
 * `model`: `{ axis, range, kind, percent, lines }`; a line is `{ id, label, colour, dash, main, raw, band }` with columns
 * `{ x, last, first, min, max, count, marks }`. The layout that comes back turns pixels into values.
 */
export function layOut(model, [width, height]) {
  const columns = model.lines.flatMap((line) => [line.main, line.raw].filter(Boolean)).map((each) => seen(each, model.range));
  const bands = model.lines.filter((line) => line.band).map((line) => line.band);
  const bounds = yBounds(columns, { percent: model.percent, kind: model.kind, bands });
  const frame = { top: ROOM.top, bottom: height - ROOM.bottom };
  const yScale = makeScale(model.kind, roomy(bounds.domain, model.kind), [frame.bottom, frame.top]);
  const yTicks = yScale.ticks(Math.max(2, Math.round((frame.bottom - frame.top) / 34)));
  frame.left = Math.round(Math.max(...yTicks.map((value) => tickNumber(value).length), 2) * CHARACTER + 12);
  frame.right = width - ROOM.right;
  const xScale = makeScale("linear", model.range, [frame.left, frame.right]);
  return { frame, xScale, yScale, yTicks, bounds, width, height };
}

/** A little air above and below, so that no line hides on the frame. */
function roomy([low, high], kind) {
  if (kind !== "linear" || !(high > low)) return [low, high];
  const air = (high - low) * 0.04;
  return [low - air, high + air];
}

export function drawLines(surface, model, layout, theme) {
  drawAxes(surface, model, layout, theme);
  const { frame, xScale, yScale } = layout;
  surface.within(frame.left, frame.top - 1, frame.right - frame.left, frame.bottom - frame.top + 2, () => {
    for (const line of model.lines) {
      if (line.band) surface.shape(bandShape(line.band, xScale, yScale), { colour: line.colour, opacity: 0.16 });
    }
    for (const line of model.lines) {
      if (line.raw) stroke(surface, line.raw, layout, { colour: line.colour, width: 1, opacity: 0.25 });
    }
    for (const line of model.lines) drawLine(surface, line, layout);
    for (const line of model.lines) {
      drawMarks(surface, line, layout);
      if (model.percent > 0) drawClipped(surface, line.raw ?? line.main, line.colour, layout);
    }
  });
}

export function drawLine(surface, line, { xScale, yScale }, width = line.width ?? 1.5) {
  const columns = withGaps(line.main, line.main.marks);
  stroke(surface, columns, { xScale, yScale }, { colour: line.colour, width, dash: line.dash });
  if (columns.first) return;
  // A point without neighbours has no line.
  const { x, last } = columns;
  for (let index = 0; index < x.length; index += 1) {
    const isAlone = !Number.isFinite(last[index - 1]) && !Number.isFinite(last[index + 1]);
    if (isAlone) surface.circle(xScale.pixel(x[index]), yScale.pixel(last[index]), 2.5, { colour: line.colour });
  }
}

function stroke(surface, columns, { xScale, yScale }, style) {
  const { bars, path } = lineShape(columns, xScale, yScale);
  if (bars.length) surface.bars(bars, style);
  else surface.line(path, style);
}

function drawAxes(surface, model, { frame, xScale, yScale, yTicks }, theme) {
  for (const value of yTicks) {
    const y = Math.round(yScale.pixel(value)) + 0.5;
    surface.line([frame.left, y, frame.right, y], { colour: theme.grid, width: 1 });
    surface.text(tickNumber(value), frame.left - 6, y, { colour: theme.text, align: "right", baseline: "middle", font: theme.font });
  }
  const ticks = xTicks(model.axis, xScale, Math.max(2, Math.floor((frame.right - frame.left) / 72)));
  for (const { value, text } of ticks) {
    const x = Math.round(xScale.pixel(value)) + 0.5;
    surface.line([x, frame.bottom, x, frame.bottom + 4], { colour: theme.axis, width: 1 });
    const half = (text.length * CHARACTER) / 2;
    const align = x + half > frame.right + ROOM.right ? "right" : x - half < 0 ? "left" : "center";
    surface.text(text, align === "right" ? frame.right + ROOM.right - 2 : x, frame.bottom + 17, {
      colour: theme.text, align, font: theme.font,
    });
  }
  surface.line([frame.left, frame.bottom + 0.5, frame.right, frame.bottom + 0.5], { colour: theme.axis, width: 1 });
}

/** A cross at the foot for NaN, a triangle at the edge for what is infinite. */
function drawMarks(surface, line, { frame, xScale }) {
  for (const [place, value] of (line.raw ?? line.main).marks ?? []) {
    const x = xScale.pixel(place);
    if (Number.isNaN(value)) {
      const y = frame.bottom - 5;
      surface.line([x - 3, y - 3, x + 3, y + 3, NaN, NaN, x - 3, y + 3, x + 3, y - 3], { colour: line.colour, width: 1.5 });
    } else {
      triangle(surface, x, value > 0 ? frame.top : frame.bottom, value > 0, line.colour);
    }
  }
}

/** Points beyond the clipped edge leave a small triangle there, one for each few pixels. */
function drawClipped(surface, columns, colour, { frame, xScale, yScale }) {
  const [low, high] = yScale.domain;
  let [lastUp, lastDown] = [-Infinity, -Infinity];
  for (let index = 0; index < columns.x.length; index += 1) {
    const x = xScale.pixel(columns.x[index]);
    if ((columns.max?.[index] ?? columns.last[index]) > high && x - lastUp >= 7) {
      triangle(surface, x, frame.top, true, colour);
      lastUp = x;
    }
    if ((columns.min?.[index] ?? columns.last[index]) < low && x - lastDown >= 7) {
      triangle(surface, x, frame.bottom, false, colour);
      lastDown = x;
    }
  }
}

function triangle(surface, x, y, pointsUp, colour) {
  const foot = pointsUp ? y + 6 : y - 6;
  surface.shape([x, y, x + 3.5, foot, x - 3.5, foot], { colour });
}
