// Where the boxes of a pipeline stand: by dagre, from the left to the right or from the top down.
import { loadScript } from "../lib/assets.js";

export const boxWidth = 196;
export const boxHeight = 62;

/** `stages`: { name }; `edges`: [from, to] by name. Answers { boxes: Map, edges: [{ from, to, points }], width, height }. */
export async function layOut(stages, edges, direction = "LR") {
  await loadScript("vendor/dagre.min.js");
  const { dagre } = globalThis;
  const graph = new dagre.graphlib.Graph();
  graph.setGraph({ rankdir: direction, nodesep: 22, ranksep: 56, marginx: 16, marginy: 16 });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const stage of stages) graph.setNode(stage.name, { width: boxWidth, height: boxHeight });
  for (const [from, to] of edges) graph.setEdge(from, to);
  dagre.layout(graph);
  const { width, height } = graph.graph();
  return {
    boxes: new Map(stages.map((stage) => [stage.name, graph.node(stage.name)])),
    edges: graph.edges().map((edge) => ({ from: edge.v, to: edge.w, points: graph.edge(edge).points })),
    width: Number.isFinite(width) ? width : 0, height: Number.isFinite(height) ? height : 0,
  };
}

/** Who needs whom, by what each reads and makes: an out feeds every dep at, in or above its path. */
export function edgesByFiles(stages) {
  const makers = [];
  for (const stage of stages) for (const out of stage.outs) makers.push([pathOf(out), stage.name]);
  const edges = new Map();
  for (const stage of stages) {
    for (const dep of stage.deps) {
      for (const [out, maker] of makers) {
        if (maker !== stage.name && touches(pathOf(dep), out)) edges.set(`${maker}\n${stage.name}`, [maker, stage.name]);
      }
    }
  }
  return [...edges.values()];
}

function pathOf(file) {
  return typeof file === "string" ? file : file.path;
}

function touches(a, b) {
  return a === b || a.startsWith(`${b}/`) || b.startsWith(`${a}/`);
}

/** The chain of stages that took longest: what a run must wait for. Answers the names on it. */
export function criticalPath(stages, edges) {
  const took = new Map(stages.map((stage) => [stage.name, stage.durationMs ?? 0]));
  const before = new Map(stages.map((stage) => [stage.name, []]));
  for (const [from, to] of edges) before.get(to)?.push(from);
  const total = new Map();
  const through = new Map();
  const walk = (name, depth = 0) => {
    if (total.has(name) || depth > stages.length) return total.get(name) ?? 0;
    let best = 0;
    for (const former of before.get(name) ?? []) {
      const sum = walk(former, depth + 1);
      if (sum > best) {
        best = sum;
        through.set(name, former);
      }
    }
    total.set(name, best + (took.get(name) ?? 0));
    return total.get(name);
  };
  let last = null;
  for (const stage of stages) if (walk(stage.name) > (total.get(last) ?? 0)) last = stage.name;
  const path = new Set();
  for (let name = last; name; name = through.get(name)) path.add(name);
  return { names: path, durationMs: total.get(last) ?? 0 };
}
