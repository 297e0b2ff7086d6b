// One metric of several runs as a card: fetched while it is in view, drawn again when settings, runs or points change.
import { errorBox } from "../components/errorBox.js";
import { openMenu } from "../components/menu.js";
import { atNextFrame, fill, h } from "../lib/dom.js";
import { icon } from "../lib/icons.js";
import { omissions } from "./bounds.js";
import { chartCSV, chartModel } from "./chartModel.js";
import { saveCanvas, saveText } from "./download.js";
import { LineChart } from "./lineChart.js";
import { loadSeries } from "./seriesSource.js";

export class ChartCard {
  /** `board`: `{ settings(metric), runs(), change(metric, change), link }`. */
  constructor(metric, board) {
    this.metric = metric;
    this.board = board;
    this.plot = h(".chart-holder");
    this.note = h("p.chart-note");
    this.reset = h("button.button.plain.small", { type: "button", hidden: true, onclick: () => this.zoom(null) }, "Show all");
    this.menuButton = h("button.button.plain.icon.small", {
      type: "button", ariaLabel: `Options of ${metric}`, ariaHaspopup: "menu", onclick: () => this.openMenu(),
    }, icon("more"));
    this.element = h("figure.chart", { dataset: { metric } },
      h("figcaption", h("span.cut", { title: metric }, metric), this.reset, this.menuButton), this.plot, this.note);
    this.redraw = atNextFrame(() => this.draw());
  }

  /** It has come into view. */
  mount() {
    if (this.chart) return;
    this.chart = new LineChart({
      label: this.metric, link: this.board.link, onZoom: (range) => this.zoom(range),
    });
    fill(this.plot, this.chart.element);
    this.refresh();
  }

  /** It has left the view: what it holds is given back. */
  unmount() {
    this.abort?.abort();
    this.redraw.cancel();
    this.chart?.destroy();
    this.chart = null;
    fill(this.plot);
  }

  /** Asks for the points and draws them; what is drawn stays until they are there. */
  async refresh() {
    if (!this.chart) return;
    this.settings = this.board.settings(this.metric);
    this.element.classList.toggle("wide", this.settings.wide);
    this.reset.hidden = !this.settings.zoom;
    // A zoom shows at once what there is, and a moment later all of it.
    if (this.answer) this.redraw();
    this.abort?.abort();
    const abort = new AbortController();
    this.abort = abort;
    const runs = this.board.runs();
    this.element.toggleAttribute("data-busy", true);
    try {
      const columns = Math.max(100, Math.ceil((this.plot.clientWidth || 400) * (window.devicePixelRatio || 1)));
      const answer = await loadSeries({
        metric: this.metric, runs: runs.map((run) => run.id), x: this.settings.x, smooth: this.settings.smooth,
        zoom: this.settings.zoom, columns: Math.min(10_000, Math.ceil(columns / 50) * 50),
      }, { signal: abort.signal });
      if (abort.signal.aborted || !this.chart) return;
      this.answer = answer;
      this.draw();
    } catch (error) {
      if (error.name === "AbortError") return;
      fill(this.note, errorBox(error));
    } finally {
      if (this.abort === abort) this.element.toggleAttribute("data-busy", false);
    }
  }

  /** The same points with other colours or scales. */
  draw() {
    if (!this.chart || !this.answer) return;
    const model = chartModel(this.answer, this.settings, this.board.runs());
    this.chart.show(model);
    const marks = model.lines.flatMap((line) => (line.raw ?? line.main).marks ?? []).map(([, value]) => value);
    const bounds = this.chart.layout?.bounds ?? { above: 0, below: 0 };
    const words = model.lines.length ? omissions(bounds, model.percent, marks) : "None of these runs has logged it.";
    this.note.textContent = words;
    this.element.toggleAttribute("data-drawn", true);
  }

  zoom(range) {
    this.board.set({ zoom: range });
  }

  openMenu() {
    const { settings } = this;
    const own = (change) => this.board.change(this.metric, change);
    const scale = (kind, label) => ({ label, checked: settings?.scale === kind, act: () => own({ scale: kind }) });
    const file = (end) => `${this.metric}.${end}`;
    openMenu(this.menuButton, [
      { title: "Scale of this chart" }, scale("linear", "Linear"), scale("log", "Logarithmic"), scale("symlog", "Symmetric logarithmic"),
      { label: "As all charts", act: () => own({ scale: null, clip: null, smooth: null }) }, "-",
      { label: "Clip outliers (1 % on each side)", checked: settings?.clip > 0, act: () => own({ clip: settings?.clip > 0 ? 0 : 1 }) },
      { label: "Full width", checked: settings?.wide, act: () => own({ wide: settings?.wide ? null : true }) }, "-",
      { label: "Save as PNG", act: () => saveCanvas(this.chart.png(), file("png")) },
      { label: "Save as SVG", act: () => saveText(this.chart.svg(), file("svg"), "image/svg+xml") },
      { label: "Save as CSV", act: () => saveText(chartCSV(this.chart.model), file("csv"), "text/csv") },
    ], { label: `Options of ${this.metric}` });
  }
}
