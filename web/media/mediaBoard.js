// What runs have logged to look at, by kind and name: the same thing of several runs stands together, and one slider
// moves all of them from step to step.
import { LineChart } from "../charts/lineChart.js";
import { HoverLink } from "../charts/hover.js";
import { areaBelow } from "../analysis/rates.js";
import { dataTable } from "../components/dataTable.js";
import { getBytes } from "../lib/api.js";
import { fill, h } from "../lib/dom.js";
import { number as shown } from "../lib/format.js";
import { here, rewrite } from "../lib/router.js";
import { number, urlState } from "../lib/urlState.js";
import { confusionGrid } from "./confusion.js";

const state = urlState({ step: number(-1) });
const titles = { image: "Images", roc: "ROC", pr: "Precision and recall", confusion: "Confusion matrices", histogram: "Histograms", table: "Tables" };

export function mediaBoard(items, signal) {
  const steps = [...new Set(items.flatMap((item) => (item.kind === "image" && item.step !== null ? [item.step] : item.kind === "histogram" ? item.steps.map((row) => row.step) : [])))].sort((a, b) => a - b);
  const wanted = state.read(here().query).step;
  let at = wanted < 0 ? steps.length - 1 : nearestStep(steps, wanted);
  const parts = [];
  const words = h("output.faint");
  const slider = h("input.chart-slider", {
    type: "range", min: 0, max: Math.max(0, steps.length - 1), step: 1, value: at, ariaLabel: "Step",
    oninput: () => {
      at = Number(slider.value);
      rewrite(state.write({ step: at === steps.length - 1 ? -1 : steps[at] }, here().query));
      show();
    },
  });
  const show = () => {
    words.textContent = `step ${steps[at]}`;
    for (const part of parts) part.at?.(steps[at]);
  };
  const sections = Object.entries(titles).flatMap(([kind, title]) => {
    const names = [...new Set(items.filter((item) => item.kind === kind).map((item) => item.name))].sort();
    if (names.length === 0) return [];
    const cards = names.map((name) => {
      const part = makers[kind](items.filter((item) => item.kind === kind && item.name === name), signal);
      parts.push(part);
      return h("figure.media-card", { class: kind === "image" || kind === "table" || kind === "confusion" ? "wide" : "" }, h("figcaption.cut", { title: name }, name), part.element);
    });
    return [h("section", h("h2", title), h(".media-grid", cards))];
  });
  if (steps.length) show();
  return h(".media-board", steps.length > 1 ? h(".media-steps", h("span.faint", "Step"), slider, words) : null, sections);
}

const makers = {
  image: images, roc: (items, signal) => curves(items, signal, { x: "false positive rate", y: "true positive rate" }),
  pr: (items, signal) => curves(items, signal, { x: "recall", y: "precision" }),
  confusion: (items) => ({ element: confusionGrid(items) }), histogram: histogramCard,
  table: (items) => ({ element: h(".media-tables", items.map((item) => h("div", heading(item), dataTable(item.columns, item.rows)))) }),
};

const heading = (item) => h("p.media-run", h("span.run-mark", { ariaHidden: "true", style: { "--mark": item.run.colour } }), h("span.cut", item.run.name));

/** Steps that are not there show the last one before them. */
function nearestStep(steps, step) {
  let best = 0;
  steps.forEach((each, index) => { if (each <= step) best = index; });
  return best;
}

function images(items, signal) {
  const byRun = new Map();
  for (const item of items) byRun.set(item.run.id, [...(byRun.get(item.run.id) ?? []), item]);
  const addresses = new Map();
  signal.addEventListener("abort", () => addresses.forEach((address) => URL.revokeObjectURL(address)));
  const cells = [...byRun.values()].map((own) => {
    own.sort((a, b) => (a.step ?? 0) - (b.step ?? 0));
    const image = h("img", { alt: "", loading: "lazy" });
    const words = h("small.faint");
    return { own, image, words, element: h(".media-image", heading(own[0]), image, words) };
  });
  const at = async (step) => {
    for (const cell of cells) {
      const item = cell.own[nearestStep(cell.own.map((each) => each.step ?? 0), step ?? 0)];
      cell.words.textContent = item.step === null ? "" : `step ${item.step}`;
      cell.image.alt = `${item.name} of ${item.run.name}${item.step === null ? "" : ` at step ${item.step}`}`;
      cell.wanted = item.call;
      if (!addresses.has(item.call)) {
        try {
          addresses.set(item.call, URL.createObjectURL(new Blob([await getBytes(item.call, {}, { signal })], { type: typeOf(item.file) })));
        } catch (error) {
          if (error.name !== "AbortError") cell.words.textContent = error.message;
          continue;
        }
      }
      if (cell.wanted === item.call) cell.image.src = addresses.get(item.call);
    }
  };
  at(Infinity);
  return { element: h(".media-images", cells.map((cell) => cell.element)), at };
}

const typeOf = (name) => `image/${{ jpg: "jpeg", svg: "svg+xml" }[name.split(".").at(-1).toLowerCase()] ?? name.split(".").at(-1).toLowerCase()}`;

function chart(label, signal) {
  const line = new LineChart({ label, link: new HoverLink() });
  signal.addEventListener("abort", () => line.destroy());
  return line;
}

function curves(items, signal, names) {
  const line = chart(items[0].name, signal);
  const lines = items.map((item) => {
    const points = [...item.points].sort((a, b) => a.x - b.x || a.y - b.y);
    return {
      id: item.run.id, label: `${item.run.name} · area ${shown(areaBelow(points), 4)}`, colour: item.run.colour,
      main: { x: points.map((point) => point.x), last: points.map((point) => point.y) },
    };
  });
  line.show({ axis: `metrics.${names.x}`, kind: "linear", percent: 0, range: [0, 1], lines });
  const legend = h("ul.media-legend", lines.map((each) => h("li", h("span.run-mark", { ariaHidden: "true", style: { "--mark": each.colour } }), h("span.cut", each.label))));
  return { element: h("div", h(".chart-holder", line.element), h("p.faint.media-axes", `${names.y} over ${names.x}`), legend) };
}

function histogramCard(items, signal) {
  const line = chart(items[0].name, signal);
  const all = items.flatMap((item) => item.steps.flatMap((row) => row.edges));
  const range = [Math.min(...all), Math.max(...all)];
  const at = (step) => line.show({
    axis: "metrics.value", kind: "linear", percent: 0, range,
    lines: items.map((item) => {
      const row = item.steps[nearestStep(item.steps.map((each) => each.step), step)];
      return { id: item.run.id, label: item.run.name, colour: item.run.colour, main: stairs(row) };
    }),
  });
  at(Infinity);
  return { element: h(".chart-holder", line.element), at };
}

/** A count is as wide as its bin. */
function stairs({ edges, counts }) {
  const [x, last] = [[], []];
  counts.forEach((count, index) => {
    const end = edges[index + 1] ?? edges[index] + (edges[1] - edges[0] || 1);
    x.push(edges[index], end);
    last.push(count, count);
  });
  return { x, last };
}

export function fillMedia(outlet, items, signal, empty) {
  fill(outlet, items.length ? mediaBoard(items, signal) : empty);
}
