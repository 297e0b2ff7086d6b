// What holds for all charts: which metrics, along what, how smooth, which scale, in which groups.
import { debounced, fill, h } from "../lib/dom.js";
import { bindKey } from "../lib/keyboard.js";
import { amounts, amountText, bandNames, scaleNames, smoothing, smoothingNames } from "./chartSettings.js";

export function chartToolbar(board) {
  const find = h("input.field.chart-find", {
    type: "search", placeholder: "Find metrics", ariaLabel: "Find metrics", spellcheck: false, value: board.state.find,
    oninput: debounced(150, () => board.set({ find: find.value })),
  });
  const shown = h("span.faint.chart-count", { role: "status" });
  const axis = select("Along", axes(board), (x) => board.set({ x }));
  const kind = select("Smooth", smoothingNames, (value) => {
    board.set({ smooth: value ? `${value}:${amounts[value][Math.floor(amounts[value].length / 2)]}` : "" });
  });
  const amount = h("input.chart-slider", {
    type: "range", min: 0, step: 1, ariaLabel: "How smooth",
    oninput: debounced(80, () => {
      const { kind: name } = smoothing(board.state.smooth);
      if (name) board.set({ smooth: `${name}:${amounts[name][Number(amount.value)]}` });
    }),
  });
  const amountWords = h("span.faint");
  const smooth = h("span.chart-amount", amount, amountWords);
  const scale = select("Scale", scaleNames, (value) => board.set({ scale: value }));
  const clip = select("Outliers", { 0: "shown", 1: "clip 1 %", 5: "clip 5 %" }, (value) => board.set({ clip: Number(value) }));
  const group = select("Group by", groups(board), (value) => board.set({ group: value }));
  const centre = select("Line", { mean: "mean", median: "median" }, (value) => board.set({ centre: value }));
  const band = select("Band", bandNames, (value) => board.set({ band: value }));
  const element = h(".chart-toolbar", { role: "toolbar", ariaLabel: "Charts" },
    find, shown, axis.element, kind.element, smooth, scale.element, clip.element,
    board.runs().length > 1 ? group.element : null, centre.element, band.element);
  const show = () => {
    const { state } = board;
    axis.show(state.x, axes(board));
    scale.show(state.scale);
    clip.show(String(state.clip));
    group.show(state.group, groups(board));
    centre.show(state.centre);
    band.show(state.band);
    centre.element.hidden = band.element.hidden = !state.group;
    const now = smoothing(state.smooth);
    kind.show(now.kind);
    smooth.hidden = !now.kind;
    if (now.kind) {
      amount.max = amounts[now.kind].length - 1;
      amount.value = nearest(amounts[now.kind], now.amount);
      amountWords.textContent = amountText(now);
      amount.setAttribute("aria-valuetext", amountText(now));
    }
  };
  show();
  bindKey("/", "Find metrics", () => find.focus(), { signal: board.signal });
  return {
    element, show,
    count: (found, all) => { shown.textContent = found === all ? `${all}` : `${found} of ${all}`; },
  };
}

function nearest(list, value) {
  let best = 0;
  list.forEach((each, index) => { if (Math.abs(each - value) < Math.abs(list[best] - value)) best = index; });
  return best;
}

function axes(board) {
  const result = { step: "step", relative: "time since start", wall: "wall time" };
  for (const metric of board.metrics.slice(0, 200)) result[`metrics.${metric}`] = metric;
  return result;
}

/** Params and tags that are not the same in all runs: grouping by another would make one group. */
function groups(board) {
  const result = { "": "none" };
  const runs = board.runs();
  for (const [kind, word] of [["params", "param"], ["tags", "tag"]]) {
    const names = new Set(runs.flatMap((run) => Object.keys(run[kind] ?? {})));
    for (const name of [...names].sort()) {
      const values = new Set(runs.map((run) => JSON.stringify(run[kind]?.[name])));
      if (values.size > 1 && !name.startsWith("mlflow.")) result[`${kind}.${name}`] = `${word} ${name}`;
    }
  }
  if (new Set(runs.map((run) => run.experiment)).size > 1) result.experiment = "experiment";
  return result;
}

/** A choice with its label before it. */
export function select(label, options, choose) {
  const field = h("select.field", { ariaLabel: label, onchange: () => choose(field.value) });
  const element = h("label.chart-choice", h("span.faint", label), field);
  let known = "";
  const offer = (list) => {
    const text = JSON.stringify(list);
    if (text === known) return;
    known = text;
    fill(field, Object.entries(list).map(([value, words]) => h("option", { value }, words)));
  };
  offer(options);
  return {
    element,
    show: (value, list) => {
      if (list) offer(list);
      field.value = value;
      // What the URL names may not be among what these runs have.
      if (field.value !== value) {
        field.append(h("option", { value }, value));
        field.value = value;
      }
    },
  };
}
