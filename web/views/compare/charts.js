// The curves of all runs over each other.
import { ChartBoard } from "../../charts/chartBoard.js";
import { chartSchema } from "../../charts/chartSettings.js";
import { h } from "../../lib/dom.js";
import { here, rewrite } from "../../lib/router.js";
import { urlState } from "../../lib/urlState.js";

// Other tabs have an x and a search of their own.
const names = { x: "along", find: "metrics" };
const schema = urlState(Object.fromEntries(Object.entries(chartSchema).map(([key, field]) => [names[key] ?? key, field])));
const read = (query) => {
  const state = schema.read(query);
  return Object.fromEntries(Object.keys(chartSchema).map((key) => [key, state[names[key] ?? key]]));
};
const write = (state, query) => schema.write(Object.fromEntries(Object.keys(chartSchema).map((key) => [names[key] ?? key, state[key]])), query);

export function chartsTab(page, signal) {
  const metrics = () => page.report.metrics.map((row) => row.key);
  const board = new ChartBoard({
    runs: () => page.runs, metrics: metrics(), state: read(here().query), signal,
    onState: (state) => rewrite(write(state, here().query)),
  });
  return {
    element: h("div", board.element),
    changed: () => { board.setMetrics(metrics()); board.redraw(); },
    moved: (place) => board.setState(read(place.query)),
  };
}
