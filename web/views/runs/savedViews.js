// Views of the runs table under a name, for everyone who uses the project: a tag of the experiment (of Default if all are
// shown) holds the query of the URL, so that a saved view is just a link.
import { h } from "../../lib/dom.js";
import { get, patch } from "../../lib/api.js";
import { path } from "../../lib/router.js";
import { openDialog } from "../../components/dialog.js";
import { openMenu } from "../../components/menu.js";
import { toast, toastError } from "../../components/toast.js";

const prefix = "repro.view.";

async function load(experiment) {
  const { experiments } = await get("/experiments");
  const tags = experiments.find((one) => one.name === experiment)?.tags ?? {};
  return Object.entries(tags).filter(([key]) => key.startsWith(prefix))
    .map(([key, query]) => ({ name: key.slice(prefix.length), query }));
}

/** `experiment`: whose views; `query()`: of the URL now; `show(query)`. */
export async function openViewsMenu(anchor, { experiment, query, show, canWrite }) {
  let views = [];
  try {
    views = await load(experiment);
  } catch (error) {
    toastError(error);
  }
  const change = async (name, text) => {
    try {
      await patch(path("experiments", experiment), { tags: { [prefix + name]: text } });
      toast(text === null ? `Removed the view ${name}` : `Saved the view ${name}`);
    } catch (error) {
      toastError(error);
    }
  };
  openMenu(anchor, [
    { title: views.length ? "Saved views" : "No view is saved yet" },
    ...views.map((view) => ({ label: view.name, act: () => show(view.query) })),
    "-",
    canWrite ? { label: "Save this view…", act: () => ask((name) => change(name, query())) } : null,
    canWrite && views.length ? { label: "Remove a view…", act: () => openMenu(anchor, views.map((view) => ({
      label: view.name, danger: true, act: () => change(view.name, null),
    }))) } : null,
    { label: "As usual", act: () => show("") },
  ], { label: "Saved views" });
}

function ask(save) {
  const name = h("input.field", { required: true, ariaLabel: "Name", placeholder: "best this week", style: { width: "100%" } });
  openDialog({
    title: "Save this view", content: [h("p.quiet", "Columns, order, filter and groups, for everyone who opens this project."), name],
    buttons: [{ label: "Cancel" }, {
      label: "Save", kind: "primary", act: () => {
        if (!name.value.trim()) { name.focus(); return false; }
        save(name.value.trim());
        return true;
      },
    }],
  });
  name.focus();
}
