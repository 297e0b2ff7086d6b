// Registered models: their versions and what their aliases stand for.
import { fill, h } from "../../lib/dom.js";
import { get } from "../../lib/api.js";
import { onChange } from "../../lib/events.js";
import { ago, moment, plural } from "../../lib/format.js";
import { href, path } from "../../lib/router.js";
import { emptyState } from "../../components/emptyState.js";

export async function mount(outlet, { signal }) {
  const body = h(".view-body");
  const total = h("span.faint", { role: "status" });
  const draw = async () => {
    const { models } = await get("/models", {}, { signal });
    total.textContent = models.length ? plural(models.length, "model") : "";
    fill(body, models.length ? table(models) : emptyState({
      title: "No model yet", text: "Register a model under a name; aliases such as champion then stand for one of its versions, wherever it is used.",
      commands: ["repro models register guess RUN models/guess.bin --alias champion", "mlflow.register_model(f'runs:/{run_id}/model', 'guess')"],
    }));
  };
  await draw();
  fill(outlet, h("header.view-head", h("h1", "Models"), total), body);
  onChange((event) => { if (event.kind !== "run") draw().catch(() => {}); }, { signal });
}

function table(models) {
  return h(".table-frame", h("table.plain-table.models",
    h("thead", h("tr", h("th", "Name"), h("th.number", "Versions"), h("th", "Aliases"), h("th", "Changed"), h("th", "Description"))),
    h("tbody", models.map((model) => h("tr",
      h("td", h("a", { href: href(path("models", model.name)) }, model.name)),
      h("td.number", model.versionCount),
      h("td", model.aliases.map((alias) => h("span.badge.violet", `${alias.alias} → ${alias.version}`))),
      h("td.quiet", { title: moment(model.updatedAt) }, ago(model.updatedAt)),
      h("td.quiet", model.description))))));
}
