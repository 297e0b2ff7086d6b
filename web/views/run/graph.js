// The pipeline of a run: what each stage did, how long it took, what came from the cache, and what the run waited for.
import { h } from "../../lib/dom.js";
import { bindKey } from "../../lib/keyboard.js";
import { here, rewrite } from "../../lib/router.js";
import { text, urlState } from "../../lib/urlState.js";
import { runGraph } from "../pipeline/runGraph.js";

const state = urlState({ stage: text("") });

export async function graphTab({ record, signal }) {
  const part = h(".graph-split");
  const summary = h(".graph-summary");
  const graph = await runGraph(part, {
    run: record, signal, summary, selected: state.read(here().query).stage,
    select: (stage) => rewrite(state.write({ stage: stage ?? "" }, here().query)),
  });
  bindKey("Escape", "Close the stage", () => graph.select(null), { signal });
  return {
    element: h(".graph-view", summary, part),
    moved: (place) => graph.select(state.read(place.query).stage || null, { quiet: true }),
  };
}
