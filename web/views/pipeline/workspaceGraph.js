// The pipeline of the workspace: what `repro run` would do now with each stage, and why.
import { debounced, fill, h } from "../../lib/dom.js";
import { get } from "../../lib/api.js";
import { onChange } from "../../lib/events.js";
import { icon } from "../../lib/icons.js";
import { bindKey } from "../../lib/keyboard.js";
import { here, href, rewrite } from "../../lib/router.js";
import { emptyState } from "../../components/emptyState.js";
import { errorBox } from "../../components/errorBox.js";
import { pipelineGraph } from "../../components/pipelineGraph.js";
import { stagePanel } from "./stagePanel.js";

/** What the plan says, as states that have a mark, and as words. */
export const actions = {
  skip: { state: "skipped", word: "up to date" }, frozen: { state: "skipped", word: "frozen" },
  restore: { state: "cached", word: "from the cache" }, run: { state: "queued", word: "would run" },
  waits: { state: "waiting", word: "depends on above" },
};

export function planEdges(stages) {
  return stages.flatMap((stage) => stage.waitsFor.map((from) => [from, stage.name]));
}

export async function mount(outlet, { query, signal }) {
  const part = h(".graph-split");
  const summary = h(".graph-summary");
  let stages = [];
  let chosen = query.get("stage");
  let graph = null;
  let panel = null;
  const choose = (name) => {
    chosen = name;
    const next = here().query;
    if (name) next.set("stage", name);
    else next.delete("stage");
    rewrite(next);
    showPanel();
    draw();
  };
  const showPanel = () => {
    panel?.remove();
    const stage = stages.find((one) => one.name === chosen);
    panel = stage ? stagePanel({ ...stage, state: actions[stage.action].state }, { close: () => choose(null), signal }) : null;
    if (panel) part.append(panel);
  };
  const draw = () => {
    const options = {
      stages: stages.map((stage) => ({ ...stage, ...actions[stage.action] })), edges: planEdges(stages), selected: chosen, select: choose,
    };
    if (graph) graph.update(options);
    else {
      graph = pipelineGraph(options);
      fill(part, graph);
    }
    const amount = (...names) => stages.filter((stage) => names.includes(stage.action)).length;
    fill(summary,
      amount("run", "waits") ? h("span.badge.accent", `${amount("run", "waits")} would run`) : h("span.badge.good", "up to date"),
      amount("restore") ? h("span.badge.violet", `${amount("restore")} from the cache`) : null,
      amount("skip", "frozen") ? h("span.badge", `${amount("skip", "frozen")} unchanged`) : null);
  };
  const load = async () => {
    try {
      ({ stages } = await get("/pipeline", {}, { signal }));
      if (!stages.length) throw Object.assign(new Error("the pipeline has no stage"), { status: 404 });
      draw();
      showPanel();
    } catch (error) {
      if (error.name === "AbortError") throw error;
      graph = null;
      fill(part, error.status === 404 || /no pipeline|repro\.yaml/.test(error.message) ? emptyState({
        title: "No pipeline yet", text: "A pipeline is a few commands with what each reads and makes, in repro.yaml or dvc.yaml.",
        commands: ["repro stage add -n train -d train.py -o model.pkl -- python train.py", "repro run"],
      }) : h(".view-body", errorBox(error)));
    }
  };
  fill(outlet, h(".graph-view",
    h("header.view-head", h("h1", "Pipeline"), h("span.faint", "of the workspace, as it is now"),
      h(".actions", summary, h("a.button", { href: href("/new") }, icon("play", 14), "New run"))),
    part));
  await load();
  bindKey("Escape", "Close the stage", () => choose(null), { signal });
  const again = debounced(800, load);
  onChange((event) => { if (event.kind !== "model") again(); }, { signal });
  addEventListener("focus", again, { signal });
  return {
    update: (place) => {
      if (place.query.get("stage") !== chosen) {
        chosen = place.query.get("stage");
        showPanel();
        draw();
      }
    },
  };
}
