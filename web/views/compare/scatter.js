// Two values of each run against each other, and the runs that no other beats in both.
import { paretoFront } from "../../analysis/pareto.js";
import { select } from "../../charts/chartToolbar.js";
import { saveText } from "../../charts/download.js";
import { ScatterChart } from "../../charts/scatterChart.js";
import { errorBox } from "../../components/errorBox.js";
import { fill, h } from "../../lib/dom.js";
import { plural } from "../../lib/format.js";
import { href, navigate, path } from "../../lib/router.js";
import { columnScale, columnsOf, population, scopeChoice, valueOf } from "./population.js";

export function scatterTab(page, signal) {
  const chart = new ScatterChart({ onOpen: (id) => navigate(href(path("runs", id))) });
  signal.addEventListener("abort", () => chart.destroy());
  const choose = (name) => (value) => { page.set({ [name]: value }); draw(); };
  const [x, y, size] = [select("x", {}, choose("x")), select("y", {}, choose("y")), select("Size", {}, choose("size"))];
  const pareto = h("input", { type: "checkbox", checked: page.state.pareto, onchange: () => { page.set({ pareto: pareto.checked }); draw(); } });
  const wants = select("Better is", { "": "higher y, higher x", "least most": "higher y, lower x", "most least": "lower y, higher x", "least least": "lower y, lower x" }, choose("wants"));
  const note = h("p.faint", { role: "status" });
  const holder = h(".plot-holder", chart.element);

  const draw = async () => {
    try {
      const { runs, isCut } = await population(page, signal);
      const columns = columnsOf(runs);
      const [first, ...others] = Object.keys(columns).filter((name) => name.startsWith("metrics."));
      const usual = { y: first ?? "duration", x: Object.keys(columns).find((name) => name.startsWith("params.")) ?? others[0] ?? "duration" };
      const at = { x: page.state.x || usual.x, y: page.state.y || usual.y, size: page.state.size };
      x.show(at.x, columns);
      y.show(at.y, columns);
      size.show(at.size, { "": "same", ...columns });
      wants.show(page.state.wants);
      wants.element.hidden = !page.state.pareto;
      const model = modelOf(runs, at, columns);
      if (page.state.pareto && !model.x.words && !model.y.words) {
        const [wantsX, wantsY] = (page.state.wants || "most most").split(" ");
        model.front = paretoFront(model.points, { x: wantsX, y: wantsY });
      }
      chart.show(model);
      const missing = runs.length - model.points.length;
      note.textContent = [
        plural(model.points.length, "run"), missing ? `${missing} lack one of the values` : "",
        model.front.length ? `${model.front.length} on the front` : "", isCut ? "the latest 1000 of the experiment" : "",
      ].filter(Boolean).join(" · ");
    } catch (error) {
      if (error.name !== "AbortError") fill(note, errorBox(error));
    }
  };
  const element = h(".plot-tab", h(".plot-bar", { role: "toolbar", ariaLabel: "Scatter plot" },
    scopeChoice(page, draw), y.element, x.element, size.element, h("label.check", pareto, "Pareto front"), wants.element,
    h("button.button.small", { type: "button", onclick: () => saveText(chart.svg(), "scatter.svg", "image/svg+xml") }, "SVG")), holder, note);
  return { element, changed: draw, shown: draw, moved: draw };
}

function modelOf(runs, at, columns) {
  const scales = Object.fromEntries(["x", "y", "size"].map((key) => [key, at[key] ? columnScale(runs, at[key]) : null]));
  const usable = runs.filter((run) => ["x", "y"].every((key) => {
    const value = valueOf(run, at[key]);
    return value !== undefined && (typeof value !== "number" || Number.isFinite(value));
  }));
  const span = scales.size ? scales.size.most - scales.size.least || 1 : 1;
  const points = usable.map((run) => {
    const sizeValue = scales.size ? valueOf(run, at.size) : undefined;
    return {
      id: run.id, label: run.name, colour: run.colour.startsWith("var") ? "#8a93a3" : run.colour,
      x: scales.x.place(valueOf(run, at.x)), y: scales.y.place(valueOf(run, at.y)),
      size: scales.size ? 4 + 9 * Math.sqrt(Math.max(0, ((sizeValue === undefined ? scales.size.least : scales.size.place(sizeValue)) - scales.size.least) / span)) : 5.5,
      more: at.size ? [`${columns[at.size]}: ${sizeValue ?? "–"}`] : [],
    };
  });
  const axis = (key) => ({ name: columns[at[key]] ?? at[key], words: scales[key].words });
  return { x: axis("x"), y: axis("y"), points, front: [] };
}
