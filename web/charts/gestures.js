// Pointer and keyboard on a chart.

export class ChartGestures {
  constructor(chart) {
    this.chart = chart;
    this.drag = null;
    const { element } = chart;
    element.addEventListener("pointerdown", (event) => this.down(event));
    element.addEventListener("pointermove", (event) => this.move(event));
    element.addEventListener("pointerup", (event) => this.up(event));
    element.addEventListener("pointercancel", () => this.cancel());
    element.addEventListener("pointerleave", () => !this.drag && chart.point(null));
    element.addEventListener("dblclick", () => chart.onZoom?.(null));
    element.addEventListener("keydown", (event) => this.key(event));
    element.addEventListener("blur", () => chart.point(null));
  }

  place(event) {
    const box = this.chart.element.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  }

  clamped(x) {
    const { left, right } = this.chart.layout.frame;
    return Math.min(right, Math.max(left, x));
  }

  down(event) {
    // A finger scrolls; it zooms with the keys of the card.
    if (event.button !== 0 || event.pointerType === "touch" || !this.chart.layout?.xScale) return;
    const x = this.clamped(this.place(event)[0]);
    this.drag = [x, x];
    this.chart.element.setPointerCapture(event.pointerId);
  }

  move(event) {
    if (!this.chart.layout) return;
    const [x, y] = this.place(event);
    if (this.drag) {
      this.drag[1] = this.clamped(x);
      this.chart.drawOverlay();
    } else {
      this.cursor = x;
      this.chart.point(x, y);
    }
  }

  up() {
    if (!this.drag) return;
    const [low, high] = [Math.min(...this.drag), Math.max(...this.drag)];
    this.cancel();
    if (high - low >= 5) this.zoom(low, high);
  }

  cancel() {
    this.drag = null;
    this.chart.drawOverlay();
  }

  zoom(low, high) {
    const { xScale } = this.chart.layout;
    this.chart.onZoom?.([xScale.value(low), xScale.value(high)]);
  }

  key(event) {
    if (!this.chart.layout?.xScale || event.ctrlKey || event.metaKey || event.altKey) return;
    const { left, right } = this.chart.layout.frame;
    const middle = this.clamped(this.cursor ?? (left + right) / 2);
    const stride = (right - left) / (event.shiftKey ? 10 : 100);
    const moves = { ArrowLeft: middle - stride, ArrowRight: middle + stride, Home: left, End: right };
    if (event.key in moves) {
      this.cursor = this.clamped(moves[event.key]);
      this.chart.point(this.cursor, undefined, true);
    } else if (event.key === "+" || event.key === "=") {
      this.around(middle, 0.5);
    } else if (event.key === "-") {
      this.around(middle, 2);
    } else if (event.key === "0" || event.key === "Escape") {
      this.chart.onZoom?.(null);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  around(middle, factor) {
    const { left, right } = this.chart.layout.frame;
    this.zoom(middle - (middle - left) * factor, middle + (right - middle) * factor);
  }
}
