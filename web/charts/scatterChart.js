// Points of two values, with the front of those that nothing beats. A click opens the run.
import { shownNumber, tickNumber } from "./axisText.js";
import { prepared } from "./lineChart.js";
import { makeScale } from "./scale.js";
import { CanvasSurface, SVGSurface } from "./surface.js";
import { chartTheme } from "./theme.js";

const ROOM = { top: 14, right: 18, bottom: 42, left: 68 };

export class ScatterChart {
  /** `onOpen(id)`: a point was chosen. */
  constructor({ onOpen }) {
    this.onOpen = onOpen;
    this.element = document.createElement("div");
    this.element.className = "chart-plot still";
    this.element.tabIndex = 0;
    this.element.setAttribute("role", "application");
    this.element.setAttribute("aria-label", "Scatter plot. Arrow keys go from point to point, Enter opens the run.");
    this.canvas = document.createElement("canvas");
    this.tip = document.createElement("div");
    this.tip.className = "chart-tooltip";
    this.tip.setAttribute("role", "status");
    this.tip.hidden = true;
    this.element.append(this.canvas, this.tip);
    this.at = -1;
    this.resizes = new ResizeObserver(() => this.draw());
    this.resizes.observe(this.element);
    this.element.addEventListener("pointermove", (event) => this.choose(this.nearest(event)));
    this.element.addEventListener("pointerleave", () => this.choose(-1));
    this.element.addEventListener("click", (event) => this.open(this.nearest(event)));
    this.element.addEventListener("keydown", (event) => this.key(event));
  }

  destroy() {
    this.resizes.disconnect();
  }

  /** `model`: `{ x, y, points, front }`; an axis is `{ name, words }`; a point `{ id, label, colour, x, y, size, more }`. */
  show(model) {
    this.model = model;
    this.at = -1;
    this.draw();
  }

  draw() {
    const size = [this.element.clientWidth, this.element.clientHeight];
    if (!this.model || size[0] < 60) return;
    this.theme = chartTheme(this.element);
    this.places = this.drawOn(new CanvasSurface(prepared(this.canvas, size)), size);
    this.canvas.style.cursor = this.at < 0 ? "default" : "pointer";
  }

  drawOn(surface, [width, height]) {
    const { points, x, y, front } = this.model;
    const { theme } = this;
    const domain = (key, words) => (words ? [-0.5, words.length - 0.5] : padded(points.map((point) => point[key])));
    const xScale = makeScale("linear", domain("x", x.words), [ROOM.left, width - ROOM.right]);
    const yScale = makeScale("linear", domain("y", y.words), [height - ROOM.bottom, ROOM.top]);
    for (const [value, words] of ticks(y, yScale, Math.max(2, Math.round(height / 60)))) {
      const place = Math.round(yScale.pixel(value)) + 0.5;
      surface.line([ROOM.left, place, width - ROOM.right, place], { colour: theme.grid, width: 1 });
      surface.text(words, ROOM.left - 8, place, { colour: theme.text, align: "right", baseline: "middle", font: theme.font });
    }
    for (const [value, words] of ticks(x, xScale, Math.max(2, Math.round(width / 90)))) {
      const place = Math.round(xScale.pixel(value)) + 0.5;
      surface.line([place, ROOM.top, place, height - ROOM.bottom], { colour: theme.grid, width: 1 });
      surface.text(words, place, height - ROOM.bottom + 16, { colour: theme.text, align: "center", font: theme.font });
    }
    surface.text(x.name, (ROOM.left + width - ROOM.right) / 2, height - 8, { colour: theme.strong, align: "center", font: theme.font });
    surface.text(y.name, 14, (ROOM.top + height - ROOM.bottom) / 2, { colour: theme.strong, align: "center", turned: true, font: theme.font });
    const places = points.map((point) => [xScale.pixel(point.x), yScale.pixel(point.y)]);
    if (front.length > 1) surface.line(front.flatMap((index) => places[index]), { colour: theme.accent, width: 1.5, dash: [5, 4] });
    points.forEach((point, index) => {
      const isFront = front.includes(index);
      surface.circle(...places[index], (point.size ?? 5) + (index === this.at ? 2 : 0), {
        colour: point.colour, opacity: index === this.at ? 1 : 0.8, outline: isFront ? theme.accent : theme.ground,
      });
    });
    return places;
  }

  nearest(event) {
    const box = this.element.getBoundingClientRect();
    const [x, y] = [event.clientX - box.left, event.clientY - box.top];
    let [best, reach] = [-1, 18];
    (this.places ?? []).forEach(([px, py], index) => {
      const distance = Math.hypot(px - x, py - y);
      if (distance < reach) [best, reach] = [index, distance];
    });
    return best;
  }

  choose(index) {
    if (index === this.at) return;
    this.at = index;
    this.draw();
    this.tip.hidden = index < 0;
    if (index < 0) return;
    const point = this.model.points[index];
    this.tip.textContent = [point.label, `${this.model.x.name}: ${valueWords(point.x, this.model.x)}`, `${this.model.y.name}: ${valueWords(point.y, this.model.y)}`, ...point.more].join("\n");
    const [x, y] = this.places[index];
    const left = x + 16 + this.tip.offsetWidth > this.element.clientWidth ? x - 16 - this.tip.offsetWidth : x + 16;
    this.tip.style.transform = `translate(${Math.round(left)}px, ${Math.round(Math.max(0, y - 20))}px)`;
  }

  key(event) {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (step) {
      const order = this.model.points.map((_, index) => index).sort((a, b) => this.places[a][0] - this.places[b][0]);
      this.choose(order[(order.indexOf(this.at) + step + order.length) % order.length]);
    } else if (event.key === "Enter") this.open(this.at);
    else return;
    event.preventDefault();
  }

  open(index) {
    if (index >= 0) this.onOpen(this.model.points[index].id);
  }

  svg() {
    const size = [this.element.clientWidth, this.element.clientHeight];
    const surface = new SVGSurface(...size);
    surface.shape([0, 0, size[0], 0, size[0], size[1], 0, size[1]], { colour: this.theme.ground });
    this.drawOn(surface, size);
    return surface.markup;
  }
}

function padded(values) {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const air = (high - low) * 0.06 || Math.abs(low) * 0.1 || 0.5;
  return [low - air, high + air];
}

function ticks(axis, scale, count) {
  if (axis.words) return axis.words.map((words, index) => [index, words.length > 14 ? `${words.slice(0, 13)}…` : words]);
  return scale.ticks(count).map((value) => [value, tickNumber(value)]);
}

const valueWords = (value, axis) => (axis.words ? axis.words[value] : shownNumber(value));
