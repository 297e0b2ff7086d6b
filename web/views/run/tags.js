// Tags of a run, added, changed and removed in place. Those that tools set for themselves are shown when asked for.
import { toast, toastError } from "../../components/toast.js";
import { fill, h } from "../../lib/dom.js";
import { icon } from "../../lib/icons.js";
import { setRunTags } from "../../lib/runs.js";
import { may } from "../../lib/session.js";
import { noteTag } from "./notes.js";
import { panel } from "../../components/panel.js";

const isOfTool = (key) => key.startsWith("mlflow.") || key.startsWith("repro.");

export function tagsPanel(page) {
  const list = h(".tag-list");
  const system = h("dl.pairs");
  const details = h("details.tag-system", h("summary.faint", "Set by tools"), system);
  const add = h("button.button.plain.small", { type: "button", hidden: true, onclick: () => edit("", "") }, icon("plus", 14), "Add");
  let canWrite = false;
  may("write").then((allowed) => {
    canWrite = allowed;
    add.hidden = !allowed;
    show(page.record);
  });

  const change = async (tags) => {
    const before = Object.fromEntries(Object.keys(tags).map((key) => [key, page.record.tags[key] ?? null]));
    try {
      await setRunTags(page.record.id, tags);
      apply(page.record.tags, tags);
      show(page.record);
      if (Object.values(tags).includes(null)) {
        toast("Tag removed", { action: "Undo", act: () => change(before) });
      }
    } catch (error) {
      toastError(error);
    }
  };
  const edit = (key, value) => {
    const name = h("input.field", { value: key, placeholder: "name", ariaLabel: "Name of the tag", readOnly: key !== "" });
    const words = h("input.field", { value, placeholder: "value", ariaLabel: "Value of the tag" });
    const form = h("form.tag-form", {
      onsubmit: (event) => {
        event.preventDefault();
        if (name.value.trim()) change({ [name.value.trim()]: words.value });
        else show(page.record);
      },
      onkeydown: (event) => {
        if (event.key !== "Escape") return;
        event.stopPropagation();
        show(page.record);
        add.focus();
      },
    }, name, words, h("button.button.small.primary", { type: "submit" }, "Save"));
    list.append(form);
    (key ? words : name).focus();
  };
  const show = (run) => {
    if (list.querySelector("form")?.contains(document.activeElement) && document.activeElement.tagName === "INPUT" && run !== page.record) return;
    const all = Object.entries(run.tags).sort(([a], [b]) => a.localeCompare(b));
    const own = all.filter(([key]) => !isOfTool(key));
    fill(list, own.map(([key, value]) => h("span.badge.tag",
      canWrite ? h("button", { type: "button", title: "Change", onclick: () => edit(key, value) }, words(key, value)) : words(key, value),
      canWrite ? h("button", { type: "button", ariaLabel: `Remove the tag ${key}`, onclick: () => change({ [key]: null }) }, icon("close", 11)) : null)),
    own.length ? null : h("span.faint", "No tags yet."));
    const others = all.filter(([key]) => isOfTool(key) && key !== noteTag);
    details.hidden = others.length === 0;
    fill(system, others.map(([key, value]) => [h("dt.mono", key), h("dd", value.length > 300 ? `${value.slice(0, 300)}…` : value)]));
  };
  return { element: panel("Tags", h(".content", list, details), add), show };
}

const words = (key, value) => (value === "" || value === "true" ? key : `${key}: ${value}`);

function apply(tags, changes) {
  for (const [key, value] of Object.entries(changes)) {
    if (value === null) delete tags[key];
    else tags[key] = value;
  }
}
