// Experiments: named groups of runs, with how many there are, and a note and a name that are edited in place.
import { debounced, fill, h } from "../../lib/dom.js";
import { get, patch } from "../../lib/api.js";
import { onChange } from "../../lib/events.js";
import { ago, count, moment, plural } from "../../lib/format.js";
import { icon } from "../../lib/icons.js";
import { href, path } from "../../lib/router.js";
import { may } from "../../lib/session.js";
import { openDialog } from "../../components/dialog.js";
import { emptyState } from "../../components/emptyState.js";
import { toastError } from "../../components/toast.js";

const noteTag = "mlflow.note.content";

export async function mount(outlet, { signal }) {
  const body = h(".view-body");
  const total = h("span.faint", { role: "status" });
  const canWrite = await may("write");
  const draw = async () => {
    const [{ experiments }, { groups }] = await Promise.all([
      get("/experiments", {}, { signal }), get("/table/groups", { by: "experiment", archived: "no", groups: 1000 }, { signal }),
    ]);
    const counts = new Map(groups.map((group) => [group.value, group.count]));
    total.textContent = plural(experiments.length, "experiment");
    fill(body, experiments.length ? table(experiments, counts) : emptyState({
      title: "No experiment yet", text: "An experiment is a named group of runs. The first run makes one.",
      commands: ["repro run", "repro run --experiment tuning -S train.dim=70"],
    }));
  };
  const edit = (experiment) => {
    const name = h("input.field", { ariaLabel: "Name", value: experiment.name, style: { width: "100%" } });
    const note = h("textarea.field", { ariaLabel: "Note", rows: 6, value: experiment.tags[noteTag] ?? "", placeholder: "What is this about? Markdown is fine.", style: { width: "100%" } });
    openDialog({
      title: experiment.name, content: [name, note],
      buttons: [{ label: "Cancel" }, {
        label: "Save", kind: "primary", act: async () => {
          try {
            await patch(path("experiments", experiment.name), { name: name.value.trim() || experiment.name, note: note.value });
            await draw();
            return true;
          } catch (error) {
            toastError(error);
            return false;
          }
        },
      }],
    });
  };
  const table = (experiments, counts) => h(".table-frame", h("table.plain-table.experiments",
    h("thead", h("tr", h("th", "Name"), h("th.number", "Runs"), h("th", "Note"), h("th", "Tags"), h("th", "Made"), h("th", h("span.visually-hidden", "Edit")))),
    h("tbody", experiments.map((experiment) => h("tr",
      h("td", h("a", { href: href("/runs", { experiment: experiment.name }) }, experiment.name)),
      h("td.number", count(counts.get(experiment.name) ?? 0)),
      h("td.quiet.experiment-note", experiment.tags[noteTag] ?? ""),
      h("td", Object.entries(experiment.tags).filter(([key]) => key !== noteTag && !key.startsWith("repro."))
        .map(([key, value]) => h("span.badge", `${key}: ${value}`))),
      h("td.faint", { title: moment(experiment.createdAt) }, experiment.createdAt.startsWith("1970") ? "" : ago(experiment.createdAt)),
      h("td", canWrite ? h("button.button.plain.icon.small", { type: "button", ariaLabel: `Edit ${experiment.name}`, title: "Name and note", onclick: () => edit(experiment) }, icon("edit", 14)) : null))))));
  await draw();
  fill(outlet, h("header.view-head", h("h1", "Experiments"), total), body);
  const again = debounced(500, () => draw().catch(() => {}));
  onChange((event) => { if (event.kind !== "model") again(); }, { signal });
}
