// Bars for a metric that each run has logged once: the greatest length is the greatest value, and every bar has its
// name and its number. Drawn on the same surfaces as lines.
import { shownNumber } from "./axisText.js";

const CHARACTER = 6.2;

/** Whether lines are points only, so that there is nothing along the axis to see. */
export function isBars(model) {
  return model.lines.length > 0 && model.lines.every((line) => line.main.x.length + (line.main.marks?.length ?? 0) === 1);
}

export function layOutBars(model, [width, height]) {
  const rows = model.lines.map((line) => ({ line, value: line.main.last[0] ?? line.main.marks[0][1] }));
  const finite = rows.map((row) => row.value).filter(Number.isFinite);
  const [low, high] = [Math.min(0, ...finite), Math.max(0, ...finite)];
  const nameWidth = Math.min(width * 0.38, Math.max(...rows.map((row) => row.line.label.length)) * CHARACTER + 16);
  const numberWidth = Math.max(...rows.map((row) => shownNumber(row.value).length)) * CHARACTER + 12;
  const step = Math.min(40, (height - 12) / rows.length);
  const frame = { left: nameWidth, right: width - 10 - numberWidth, top: 6, bottom: 6 + step * rows.length };
  const scale = (value) => frame.left + ((value - low) / (high - low || 1)) * (frame.right - frame.left);
  return { rows, step, frame, scale, zero: scale(0), width, height, bounds: { above: 0, below: 0 } };
}

export function drawBars(surface, { rows, step, frame, scale, zero }, theme) {
  rows.forEach(({ line, value }, index) => {
    const middle = frame.top + (index + 0.5) * step;
    const half = Math.max(1.5, Math.min(11, step * 0.3));
    const end = Number.isFinite(value) ? scale(value) : zero;
    surface.shape([zero, middle - half, end, middle - half, end, middle + half, zero, middle + half], { colour: line.colour, opacity: 0.85 });
    if (step < 11) return;
    const room = Math.floor((frame.left - 14) / CHARACTER);
    const name = line.label.length > room ? `${line.label.slice(0, room - 1)}…` : line.label;
    surface.text(name, frame.left - 8, middle, { colour: theme.text, align: "right", baseline: "middle", font: theme.font });
    surface.text(shownNumber(value), Math.max(end, zero) + 6, middle, { colour: theme.strong, baseline: "middle", font: theme.font });
  });
  surface.line([zero, frame.top, zero, frame.bottom], { colour: theme.axis, width: 1 });
}

/** The bar below a place, if there is one. */
export function barAt({ rows, step, frame }, y) {
  return rows[Math.floor((y - frame.top) / step)];
}
