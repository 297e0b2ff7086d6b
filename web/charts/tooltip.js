// What stands beside the pointer on a chart: the nearest lines first.

import { shownNumber, xText } from "./axisText.js";

const MOST_ROWS = 12;

export class ChartTooltip {
  constructor() {
    this.element = document.createElement("div");
    this.element.className = "chart-tooltip";
    this.element.hidden = true;
    this.spoken = document.createElement("span");
    this.spoken.className = "visually-hidden";
    this.spoken.setAttribute("aria-live", "polite");
  }

  hide() {
    this.element.hidden = true;
  }

  show(points, { model, layout, x, speaks }) {
    if (points.length === 0) return this.hide();
    this.element.replaceChildren(heading(model, points[0]), ...points.slice(0, MOST_ROWS).map(row));
    if (points.length > MOST_ROWS) this.element.append(text("p", "chart-tooltip-more", `and ${points.length - MOST_ROWS} more`));
    this.element.hidden = false;
    const width = this.element.offsetWidth;
    const isRight = x + 14 + width <= layout.width;
    this.element.style.transform = `translate(${Math.round(isRight ? x + 14 : Math.max(0, x - 14 - width))}px, ${layout.frame.top + 4}px)`;
    if (speaks) {
      const said = points.slice(0, 3).map((point) => `${point.line.label} ${shownNumber(point.value)}`).join(", ");
      this.spoken.textContent = `${xText(model.axis, points[0].x)}: ${said}`;
    }
  }
}

function heading(model, point) {
  const step = point.step === undefined ? "" : ` · step ${shownNumber(point.step)}`;
  return text("p", "chart-tooltip-place", xText(model.axis, point.x) + step);
}

function row(point) {
  const line = document.createElement("div");
  line.className = "chart-tooltip-row";
  const swatch = document.createElement("i");
  swatch.style.background = point.line.colour;
  const value = text("b", "", shownNumber(point.value));
  line.append(swatch, text("span", "chart-tooltip-name", point.line.label), value);
  const more = details(point);
  if (more) line.append(text("small", "", more));
  return line;
}

function details(point) {
  if (point.low !== undefined) return `${shownNumber(point.low)} … ${shownNumber(point.high)} · n ${point.n}`;
  if (point.raw !== undefined) return `raw ${shownNumber(point.raw)}`;
  return point.count > 1 ? `${shownNumber(point.min)} … ${shownNumber(point.max)} of ${shownNumber(point.count)}` : "";
}

function text(name, className, words) {
  const element = document.createElement(name);
  if (className) element.className = className;
  element.textContent = words;
  return element;
}
