// A run at a glance: facts, notes, tags, params, metrics, and what it used and made.
import { panel } from "../../components/panel.js";
import { get } from "../../lib/api.js";
import { fill, h } from "../../lib/dom.js";
import { bytes, duration, moment, number, param } from "../../lib/format.js";
import { href, path } from "../../lib/router.js";
import { notesPanel } from "./notes.js";
import { tagsPanel } from "./tags.js";
import { valueTable } from "./valueTable.js";

export async function overviewTab({ page, record, signal }) {
  const facts = h("dl.pairs");
  const failure = h(".run-failure");
  const metrics = valueTable({ title: "Metrics", empty: "It has logged no metric." });
  const params = valueTable({ title: "Params", empty: "It has logged no param." });
  const inputs = h(".content");
  const notes = notesPanel(page);
  const tags = tagsPanel(page);
  const show = (run) => {
    fill(failure, run.failure ? h(".notice.bad", h("strong", run.failure), hintFor(run)) : null);
    fill(facts, factsOf(run));
    metrics.show(Object.entries(run.metrics).map(([name, metric]) => ({
      name, value: number(metric.value), title: String(metric.value),
      note: metric.step ? `step ${metric.step}` : "", href: page.tabHref("charts") + `&find=${encodeURIComponent(name)}`,
    })));
    params.show(Object.entries(run.params).map(([name, value]) => ({ name, value: param(value), title: param(value) })));
    notes.show(run);
    tags.show(run);
  };
  show(record);
  showLineage(inputs, record, signal);
  const element = h(".run-overview", failure,
    h(".run-columns",
      h(".run-column",
        panel("About", h(".content", facts)), notes.element, tags.element, panel("Data and models", inputs)),
      h(".run-column", metrics.element, params.element)));
  return { element, changed: show };
}

function hintFor(run) {
  if (run.status === "killed") return h(".hint", "Its process is gone: out of memory, a reboot, or somebody ended it. Its logs are kept.");
  return h(".hint", h("a", { href: href(path("runs", run.id), { tab: "logs" }) }, "What it printed"));
}

function factsOf(run) {
  const rows = [
    ["Experiment", h("a", { href: href("/runs", { experiment: run.experiment }) }, run.experiment)],
    ["Started", moment(run.startedAt, { seconds: true })],
    ["Ended", run.endedAt ? moment(run.endedAt, { seconds: true }) : null],
    ["Took", run.durationMs === undefined ? null : duration(run.durationMs)],
    ["Last heard of", ["running", "stalled", "killed"].includes(run.status) ? moment(run.heartbeatAt, { seconds: true }) : null],
    ["By", run.user], ["On", run.process ? `${run.process.host}, process ${run.process.pid}` : null],
    ["Command", run.command ? h("code", run.command.join(" ")) : null],
    ["Commit", run.git ? commitWords(run) : null],
    ["Stages", run.stages.length ? stageWords(run) : null],
    ["Id", h("code", run.id)],
  ];
  return rows.filter(([, value]) => value).map(([name, value]) => [h("dt", name), h("dd", value)]);
}

function commitWords(run) {
  const words = [h("a.mono", { href: href(path("runs", run.id), { tab: "code" }) }, run.git.commit.slice(0, 10))];
  if (run.git.branch) words.push(` on ${run.git.branch}`);
  if (run.git.isDirty) words.push(", with uncommitted changes");
  return words;
}

/** `4 ran, 2 from cache, 3 skipped`. */
function stageWords(run) {
  const counts = new Map();
  for (const stage of run.stages) counts.set(stage.state, (counts.get(stage.state) ?? 0) + 1);
  const words = [...counts].map(([state, count]) => `${count} ${state}`).join(", ");
  return h("a", { href: href(path("runs", run.id), { tab: "stages" }) }, words);
}

async function showLineage(content, record, signal) {
  const [lineage, stages] = await Promise.all([
    get(path("runs", record.id, "lineage"), {}, { signal }), get(path("runs", record.id, "stages"), {}, { signal }),
  ]).catch(() => [{ datasets: [], inputModels: [], outputModels: [] }, { stages: [] }]);
  const made = new Set(stages.stages.flatMap((stage) => stage.outs.map((file) => file.path)));
  const read = new Map(stages.stages.flatMap((stage) => stage.deps).filter((file) => !made.has(file.path)).map((file) => [file.path, file]));
  const files = (list) => list.map((file) => h("li",
    h("a.mono.cut", { href: href(path("runs", record.id), { tab: "files", file: `stages/${file.path}` }) }, file.path),
    h("span.faint", file.sizeBytes === undefined ? "absent" : bytes(file.sizeBytes))));
  const group = (title, items) => items.length ? [h("h3", title), h("ul.run-files", items)] : [];
  const models = (list) => list.map((model) => h("li", h("span.cut", model.name ?? model.id), h("span.faint", model.type ?? "")));
  const parts = [
    group("Data that it read", [
      ...lineage.datasets.map((use) => h("li", h("span.cut", use.name), h("span.faint.mono", use.digest))), ...files([...read.values()]),
    ]),
    group("Models that it read", models(lineage.inputModels)),
    group("Files that it made", files(stages.stages.flatMap((stage) => stage.outs))),
    group("Models that it made", models(lineage.outputModels)),
  ].flat();
  fill(content, parts.length ? parts : h("p.faint", "It has logged no dataset and no model, and had no stages."));
}
