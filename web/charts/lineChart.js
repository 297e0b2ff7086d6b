// A line chart on two canvases: the picture, and above it what follows the pointer. Drag to zoom, double click to
// see all; with the keyboard, arrows move the cursor, + and − zoom, 0 shows all.

import { barAt, drawBars, isBars, layOutBars } from "./barPicture.js";
import { pointsAt } from "./hover.js";
import { drawLine, drawLines, layOut } from "./linePicture.js";
import { CanvasSurface, SVGSurface } from "./surface.js";
import { chartTheme } from "./theme.js";
import { ChartTooltip } from "./tooltip.js";
import { ChartGestures } from "./gestures.js";

export class LineChart {
  /** Calls `onZoom` with a range, or null for all. `link`: a `HoverLink`. */
  constructor({ label, link, onZoom }) {
    this.link = link;
    this.onZoom = onZoom;
    this.element = document.createElement("div");
    this.element.className = "chart-plot";
    this.element.tabIndex = 0;
    this.element.setAttribute("role", "application");
    this.element.setAttribute("aria-roledescription", "line chart");
    this.element.setAttribute("aria-label", `${label}. Arrow keys move the cursor, plus and minus zoom, 0 shows all.`);
    this.picture = document.createElement("canvas");
    this.overlay = document.createElement("canvas");
    for (const canvas of [this.picture, this.overlay]) canvas.setAttribute("aria-hidden", "true");
    this.tooltip = new ChartTooltip();
    this.element.append(this.picture, this.overlay, this.tooltip.element, this.tooltip.spoken);
    this.gestures = new ChartGestures(this);
    this.resizes = new ResizeObserver(() => this.draw());
    this.resizes.observe(this.element);
    this.themes = matchMedia("(prefers-color-scheme: dark)");
    this.redraw = () => this.draw();
    this.themes.addEventListener("change", this.redraw);
    this.follow = () => this.drawOverlay();
    link?.addEventListener("change", this.follow);
  }

  destroy() {
    this.resizes.disconnect();
    this.themes.removeEventListener("change", this.redraw);
    this.link?.removeEventListener("change", this.follow);
    if (this.link?.state?.source === this) this.link.show(null);
  }

  show(model) {
    this.model = model;
    this.draw();
  }

  draw() {
    const size = [this.element.clientWidth, this.element.clientHeight];
    if (!this.model || size[0] < 40 || size[1] < 40) return;
    this.theme = chartTheme(this.element);
    this.isBars = isBars(this.model);
    this.element.classList.toggle("still", this.isBars);
    this.layout = this.drawOn(new CanvasSurface(prepared(this.picture, size)), size);
    this.drawOverlay();
  }

  drawOn(surface, size) {
    const layout = this.isBars ? layOutBars(this.model, size) : layOut(this.model, size);
    if (this.isBars) drawBars(surface, layout, this.theme);
    else drawLines(surface, this.model, layout, this.theme);
    return layout;
  }

  drawOverlay() {
    if (!this.layout) return;
    const { layout, model, theme } = this;
    const surface = new CanvasSurface(prepared(this.overlay, [layout.width, layout.height]));
    const { frame } = layout;
    if (this.isBars) return;
    const drag = this.gestures.drag;
    if (drag) {
      const [left, right] = [Math.min(...drag), Math.max(...drag)];
      surface.shape([left, frame.top, right, frame.top, right, frame.bottom, left, frame.bottom], { colour: theme.accent, opacity: 0.15 });
    }
    const state = this.link?.state;
    const isOurs = state?.source === this;
    const line = model.lines.find((each) => each.id === state?.id);
    if (line && model.lines.length > 1) drawLine(surface, line, layout, 3);
    if (!state || state.axis !== model.axis || drag) return this.tooltip.hide();
    const x = layout.xScale.pixel(state.place);
    if (x < frame.left || x > frame.right) return this.tooltip.hide();
    surface.line([x, frame.top, x, frame.bottom], { colour: theme.axis, width: 1, dash: [3, 3] });
    const points = pointsAt(model, layout, state.place, isOurs ? state.pointerY : undefined);
    for (const point of points) {
      surface.circle(layout.xScale.pixel(point.x), point.y, 3.5, { colour: point.line.colour, outline: theme.ground });
    }
    if (isOurs) this.tooltip.show(points, { model, layout, x, speaks: state.isKeyboard });
    else this.tooltip.hide();
  }

  /** The cursor is at a pixel; null: it is gone. */
  point(x, y, isKeyboard = false) {
    if (!this.layout) return;
    if (x === null) return this.link?.show(null);
    if (this.isBars) return this.link?.show({ source: this, axis: null, id: barAt(this.layout, y)?.line.id });
    const place = this.layout.xScale.value(x);
    const nearest = pointsAt(this.model, this.layout, place, y)[0];
    this.link?.show({
      source: this, axis: this.model.axis, place, pointerY: y, isKeyboard,
      id: nearest && (isKeyboard || y === undefined || Math.abs(nearest.y - y) < 24) ? nearest.line.id : undefined,
    });
  }

  svg(width = this.layout.width, height = this.layout.height) {
    const surface = new SVGSurface(width, height);
    surface.shape([0, 0, width, 0, width, height, 0, height], { colour: this.theme.ground });
    this.drawOn(surface, [width, height]);
    return surface.markup;
  }

  /** A canvas of twice the size on the screen, on the ground of the page. */
  png() {
    const size = [this.layout.width, this.layout.height];
    const canvas = document.createElement("canvas");
    const context = prepared(canvas, size, 2);
    context.fillStyle = this.theme.ground;
    context.fillRect(0, 0, ...size);
    this.drawOn(new CanvasSurface(context), size);
    return canvas;
  }
}

/** A canvas of this size, empty, on which one unit is one pixel of the page. */
export function prepared(canvas, [width, height], ratio = window.devicePixelRatio || 1) {
  const [w, h] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== w || canvas.height !== h) [canvas.width, canvas.height] = [w, h];
  const context = canvas.getContext("2d");
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  return context;
}
