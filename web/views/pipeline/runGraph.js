// The graph of one run, with the chosen stage beside it.
import { debounced, fill, h } from "../../lib/dom.js";
import { get } from "../../lib/api.js";
import { onChange } from "../../lib/events.js";
import { duration } from "../../lib/format.js";
import { path } from "../../lib/router.js";
import { emptyState } from "../../components/emptyState.js";
import { criticalPath, edgesByFiles } from "../../components/graphLayout.js";
import { pipelineGraph } from "../../components/pipelineGraph.js";
import { stagePanel } from "./stagePanel.js";

/**
 * Fills `part` with the graph, and follows the run until `signal` fires.
 * `select(stage | null)` hears what is chosen; `changed(status)` what becomes of the run; `summary`: an element for facts.
 */
export async function runGraph(part, { run, signal, selected = null, select = () => {}, changed = () => {}, summary = null }) {
  let stages = [];
  let graph = null;
  let panel = null;
  let panelAbort = null;
  let chosen = selected;
  const choose = (name, { quiet = false } = {}) => {
    if (name === chosen && panel) return;
    chosen = name;
    if (!quiet) select(name);
    showPanel();
    draw();
  };
  const showPanel = () => {
    panelAbort?.abort();
    panel?.remove();
    panel = null;
    const stage = stages.find((one) => one.name === chosen);
    if (!stage) return;
    panelAbort = new AbortController();
    signal.addEventListener("abort", () => panelAbort?.abort(), { once: true });
    panel = stagePanel(stage, { run, close: () => choose(null), signal: panelAbort.signal });
    part.append(panel);
  };
  const draw = () => {
    const edges = edgesByFiles(stages);
    const critical = criticalPath(stages, edges);
    const options = {
      stages, edges,
      critical: critical.durationMs > 0 ? critical.names : new Set(), selected: chosen, select: choose,
    };
    if (graph) graph.update(options);
    else {
      graph = pipelineGraph(options);
      part.prepend(graph);
    }
    if (summary) fill(summary, facts(stages, critical));
  };
  const load = async () => {
    ({ stages } = await get(`${path("runs", run.id)}/stages`, {}, { signal }));
    if (!stages.length) {
      fill(part, emptyState({
        title: "This run has no stages", text: "It was logged by a program of its own, not by a pipeline. With a pipeline, each stage is shown here.",
        commands: ["repro stage add -n train -d train.py -o model.pkl -- python train.py", "repro run"],
      }));
      return;
    }
    draw();
    panel?.update(stages.find((one) => one.name === chosen) ?? stages[0]);
  };
  await load();
  if (stages.length) showPanel();
  const again = debounced(200, async () => {
    try {
      const now = await get(path("runs", run.id), {}, { signal });
      changed(now.status);
      await load();
    } catch {
      // The next event asks again.
    }
  });
  onChange((event) => {
    if (event.kind === "store" || event.kind === "resync" || event.id === run.id) again();
  }, { signal });
  return { select: choose };
}

function facts(stages, critical) {
  const count = (state) => stages.filter((stage) => stage.state === state).length;
  const badge = (amount, word, kind) => amount ? h("span.badge", { class: kind }, `${amount} ${word}`) : null;
  return [
    badge(count("ran"), "ran", "good"), badge(count("running"), "running", "accent"), badge(count("cached"), "from the cache", "violet"),
    badge(count("skipped"), "skipped", ""), badge(count("failed"), "failed", "bad"), badge(count("blocked") + count("waiting"), "not run", ""),
    critical.durationMs > 0 ? h("span.badge.accent", { title: [...critical.names].reverse().join(" → ") }, `critical path ${duration(critical.durationMs)}`) : null,
  ];
}
