// Which params tell a metric apart: the share of each in what a forest explains, and whether the metric rises with it.
import { paramImportance } from "../../analysis/importance.js";
import { select } from "../../charts/chartToolbar.js";
import { fill, h } from "../../lib/dom.js";
import { number, plural } from "../../lib/format.js";
import { population, scopeChoice } from "./population.js";

export function importanceTab(page, signal) {
  const metric = select("Metric", {}, (value) => { page.set({ metric: value }); draw(); });
  const content = h("div");
  const draw = async () => {
    const { runs } = await population(page, signal);
    const names = [...new Set(runs.flatMap((run) => Object.keys(run.metrics)))].sort();
    const name = names.includes(page.state.metric) ? page.state.metric : names[0];
    metric.show(name ?? "", Object.fromEntries(names.map((each) => [each, each])));
    const values = runs.map((run) => ({
      params: run.params, metrics: Object.fromEntries(Object.entries(run.metrics).map(([key, latest]) => [key, latest.value])),
    }));
    const { rows, n, caution } = paramImportance(values, name);
    fill(content,
      caution ? h(".notice.warn", h("strong", caution)) : null,
      rows.length ? table(rows) : h("p.quiet", "No param varies among these runs."),
      h("p.faint", `n = ${plural(n, "run")} with ${name ?? "a metric"}. Share: what 100 regression trees gain by splitting at the param. Correlation: Spearman's, of ranks. Neither proves a cause.`));
  };
  return {
    element: h(".plot-tab", h(".plot-bar", { role: "toolbar", ariaLabel: "Importance" }, scopeChoice(page, draw), metric.element), content),
    shown: draw, changed: draw, moved: draw,
  };
}

function table(rows) {
  return h("table.plain-table.importance",
    h("thead", h("tr", h("th", "Param"), h("th.number", "Values"), h("th.number", "Share"), h("th", { colSpan: 1 }, ""), h("th.number", "Correlation"), h("th", ""))),
    h("tbody", rows.map((row) => h("tr", h("th", { scope: "row" }, row.param), h("td.number", row.valueCount),
      h("td.number", `${Math.round(row.share * 100)} %`), h("td.bar", h(".share", { style: { width: `${row.share * 100}%` } })),
      h("td.number", Number.isFinite(row.correlation) ? number(row.correlation, 2) : "–"),
      h("td.bar", Number.isFinite(row.correlation) ? h(".correlation", h("i", {
        class: row.correlation < 0 ? "falls" : "",
        style: { left: `${row.correlation < 0 ? 50 + row.correlation * 50 : 50}%`, width: `${Math.abs(row.correlation) * 50}%` },
      })) : null)))));
}
