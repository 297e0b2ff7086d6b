// What charts show, as it stands in the URL: for all of them, and for one metric where that is told apart.
import { choice, flag, json, number, text } from "../lib/urlState.js";

export const chartSchema = {
  x: text("step"),
  smooth: text(""),
  scale: choice("linear", ["linear", "log", "symlog"]),
  clip: number(0),
  group: text(""),
  centre: choice("mean", ["mean", "median"]),
  band: choice("minmax", ["minmax", "std", "sem", "ci95"]),
  find: text(""),
  raw: flag(true),
  // What part of the axis is seen, by all charts: [from, to], or null for all.
  zoom: json(null),
  // By metric: { scale, clip, smooth, wide }.
  charts: json({}),
};

/** The settings that hold for one metric. */
export function settingsFor(state, metric) {
  const own = state.charts?.[metric] ?? {};
  return { ...state, ...own, metric, wide: Boolean(own.wide) };
}

/** The state with something changed for one metric; null takes it back. */
export function changed(state, metric, change) {
  const own = { ...state.charts?.[metric], ...change };
  for (const key of Object.keys(own)) if (own[key] === null) delete own[key];
  const charts = { ...state.charts, [metric]: own };
  if (Object.keys(own).length === 0) delete charts[metric];
  return { ...state, charts };
}

/** How smooth: `ema:0.02` is { kind: "ema", amount: 0.02 }. */
export function smoothing(words) {
  const [kind, amount] = (words ?? "").split(":");
  return kind ? { kind, amount: Number(amount) } : { kind: "", amount: 0 };
}

/** The steps of the slider of each kind, from a little to much. */
export const amounts = {
  ema: [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2],
  mean: [3, 5, 10, 20, 50, 100, 200, 500, 1000],
  gaussian: [1, 2, 5, 10, 20, 50, 100, 200, 500],
};

export const smoothingNames = { "": "none", ema: "time-weighted", mean: "running mean", gaussian: "Gaussian" };

export function amountText({ kind, amount }) {
  if (kind === "ema") return `halves over ${Number((amount * 100).toPrecision(3))} % of the axis`;
  if (kind === "mean") return `last ${amount} points`;
  if (kind === "gaussian") return `σ ${amount} points`;
  return "";
}

export const scaleNames = { linear: "linear", log: "log", symlog: "symlog" };
export const bandNames = { minmax: "min–max", std: "± standard deviation", sem: "± standard error", ci95: "95 % confidence" };
