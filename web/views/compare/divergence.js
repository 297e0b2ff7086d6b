// Where two runs first part: from the gap in a metric up the pipeline to the stage that did not get the same, and to
// what it got otherwise.
import { errorBox } from "../../components/errorBox.js";
import { select } from "../../charts/chartToolbar.js";
import { get } from "../../lib/api.js";
import { fill, h } from "../../lib/dom.js";
import { bytes, number, param } from "../../lib/format.js";
import { href, path } from "../../lib/router.js";
import { icon } from "../../lib/icons.js";

export function divergencePanel(page, signal) {
  const content = h(".divergence-content");
  const metric = select("Metric", {}, (value) => { page.set({ metric: value }); show(); });
  const other = select("Run", {}, (value) => { page.set({ other: value }); show(); });
  const element = h("section.panel.divergence",
    h("header", h("h2", "Where they first part"), h(".actions", other.element, metric.element)), h(".content", content));
  let shown = "";

  const show = async () => {
    const { runs, report, state } = page;
    const base = runs[page.base];
    const others = runs.filter((run) => run !== base);
    const run = others.find((each) => each.id === state.other) ?? others[0];
    const metrics = report.metrics.filter((row) => row.differs).map((row) => row.key);
    const name = metrics.includes(state.metric) ? state.metric : usualMetric(report, metrics, runs.indexOf(base), runs.indexOf(run));
    other.show(run.id, Object.fromEntries(others.map((each) => [each.id, each.name])));
    metric.show(name ?? "", metrics.length ? Object.fromEntries(metrics.map((each) => [each, each])) : { "": "none differs" });
    other.element.hidden = others.length < 2;
    const question = JSON.stringify([base.id, run.id, name]);
    if (question === shown) return;
    shown = question;
    try {
      const { divergence } = await get("/divergence", { run: [base.id, run.id], metric: name }, { signal });
      if (shown === question) fill(content, story(page, base, run, name, divergence));
    } catch (error) {
      if (error.name === "AbortError") return;
      shown = "";
      fill(content, errorBox(error));
    }
  };
  return { element, show };
}

/** The metric with the greatest gap, relative to its size: what one would ask about first. */
function usualMetric(report, names, base, other) {
  const gap = (row) => {
    const [a, b] = [row.values[base], row.values[other]];
    return typeof a === "number" && typeof b === "number" ? Math.abs(a - b) / (Math.abs(a) + Math.abs(b) || 1) : -1;
  };
  return report.metrics.filter((row) => names.includes(row.key)).sort((a, b) => gap(b) - gap(a))[0]?.key;
}

function story(page, base, run, metric, found) {
  const row = page.report.metrics.find((each) => each.key === metric);
  const [before, after] = [base, run].map((each) => row?.values[page.runs.indexOf(each)]);
  const gap = row ? h("p.gap", h("strong", metric), " is ", h("b.mono", number(before) || "absent"), ` in ${base.name} and `, h("b.mono", number(after) || "absent"), ` in ${run.name}.`) : null;
  if (!found) return [gap, h("p.quiet", row ? "Nothing that is recorded explains it: the same code, params and files. A stage may not be deterministic." : "Nothing that is recorded differs.")];
  return [gap, found.course.length ? course(run, found) : null, cause(base, run, found)];
}

function course(run, found) {
  return h("ol.course", { ariaLabel: "From where they part to the metric" }, found.course.map((stage, index) => h("li", { class: index === 0 ? "origin" : "" },
    index ? icon("right", 12) : null, h("a", { href: href(path("runs", run.id), { tab: "stages" }) }, stage))));
}

function cause(base, run, found) {
  const stage = h("strong", found.stage ?? "");
  const own = found.params.filter((row) => row.key.startsWith(`${found.stage}.`));
  const named = own.length ? own : found.params;
  const params = named.length ? h("ul.divergence-params", named.slice(0, 12).map((row) => h("li",
    h("span.mono", row.key), " ", h("del.mono", shown(row.values[0])), " → ", h("ins.mono", shown(row.values[1]))))) : null;
  switch (found.cause) {
    case "files": return [h("p", stage, ` read other data in ${run.name}:`), files(base, run, found.files)];
    case "settings": return [h("p", stage, " read the same data with other params, variables or options. What differs is:"), params ?? h("p.faint", "no param; a variable or an option of the stage")];
    case "commands": return [h("p", stage, " ran another command. What differs is:"), params ?? h("p.faint", "no param: the pipeline file was edited")];
    case "outputs": return [h("p", stage, " got the same and made something else: it is not deterministic."), files(base, run, found.files)];
    default: return [h("p", params ? "They have no stages that differ. What differs is:" : "They have no stages that differ, and the same params: the code differs."), params];
  }
}

const shown = (value) => (value === null ? "–" : param(value));

function files(base, run, list) {
  return h("ul.divergence-files", list.map((file) => h("li",
    h("a.mono", { href: href(path("runs", run.id), { tab: "files", file: `stages/${file.path}` }) }, file.path), " ",
    h("span.faint", sizes(file)), " ", h("span", place(file)), lines(file))));
}

function sizes({ contents: [before, after] }) {
  if (!before) return "only in the second";
  if (!after) return "only in the first";
  return before.sizeBytes === after.sizeBytes ? bytes(before.sizeBytes) : `${bytes(before.sizeBytes)} → ${bytes(after.sizeBytes)}`;
}

/** Which part of the file: rows of a text, else bytes. */
function place(file) {
  if (!file.bytesBefore) return "";
  const rows = (range) => (range[0] === range[1] ? `row ${range[0]}` : `rows ${range[0]}–${range[1]}`);
  if (file.rowsBefore && file.rowsAfter) return file.rowsBefore.join() === file.rowsAfter.join() ? rows(file.rowsBefore) : `${rows(file.rowsBefore)} → ${rows(file.rowsAfter)}`;
  if (file.rowsAfter) return `${rows(file.rowsAfter)} added`;
  if (file.rowsBefore) return `${rows(file.rowsBefore)} removed`;
  return `bytes ${file.bytesBefore[0]}–${file.bytesBefore[1]}`;
}

function lines(file) {
  if (file.lineBefore === undefined && file.lineAfter === undefined) return null;
  return h("pre.divergence-lines",
    file.lineBefore === undefined ? null : h("span.removed", `− ${file.lineBefore}\n`), file.lineAfter === undefined ? null : h("span.added", `+ ${file.lineAfter}`));
}
