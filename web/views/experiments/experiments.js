// Experiments: named groups of runs, with how many there are and what became of the latest.
import { fill, h } from "../../lib/dom.js";
import { get } from "../../lib/api.js";
import { onChange } from "../../lib/events.js";
import { ago, moment } from "../../lib/format.js";
import { href } from "../../lib/router.js";
import { emptyState } from "../../components/emptyState.js";

export async function mount(outlet, { signal }) {
  const body = h(".view-body");
  const draw = async () => {
    const { experiments } = await get("/experiments", {}, { signal });
    fill(body, experiments.length ? table(experiments) : nothing());
  };
  await draw();
  fill(outlet, h("header.view-head", h("h1", "Experiments")), body);
  onChange((event) => {
    if (event.kind !== "run") draw().catch(() => {});
  }, { signal });
}

function table(experiments) {
  return h("table.plain-table.experiments",
    h("thead", h("tr", h("th", "Name"), h("th", "Made"), h("th", "Tags"))),
    h("tbody", experiments.map((experiment) => h("tr",
      h("td", h("a", { href: href("/runs", { experiment: experiment.name }) }, experiment.name)),
      h("td.quiet", { title: moment(experiment.createdAt) }, ago(experiment.createdAt)),
      h("td", Object.entries(experiment.tags).map(([key, value]) => h("span.badge", `${key}: ${value}`)))))));
}

function nothing() {
  return emptyState({
    title: "No experiment yet", text: "An experiment is a named group of runs. The first run makes one.",
    commands: ["repro run", "repro run --experiment tuning -S train.dim=70"],
  });
}
