// The metrics of a run over time.
import { emptyState } from "../../components/emptyState.js";
import { ChartBoard } from "../../charts/chartBoard.js";
import { chartSchema } from "../../charts/chartSettings.js";
import { runColour } from "../../lib/colours.js";
import { h } from "../../lib/dom.js";
import { here, rewrite } from "../../lib/router.js";
import { urlState } from "../../lib/urlState.js";

const schema = urlState(chartSchema);

export function chartsTab({ page, record, signal }) {
  const names = (run) => Object.keys(run.metrics);
  if (names(record).length === 0) {
    return {
      element: emptyState({ title: "No metric yet", text: "What a run logs with steps becomes a curve here.", commands: ["repro log metric loss=0.2 --step 3"] }),
      changed: (run) => {
        if (names(run).length === 0) return;
        page.tabs.close();
        page.tabs.show("charts");
      },
    };
  }
  const board = new ChartBoard({
    runs: () => [{ ...page.record, colour: runColour(record.id) }],
    metrics: names(record), state: schema.read(here().query), signal,
    onState: (state) => rewrite(schema.write(state, here().query)),
  });
  return {
    element: h("div", board.element),
    changed: (run) => board.setMetrics(names(run)),
    moved: (place) => board.setState(schema.read(place.query)),
  };
}
