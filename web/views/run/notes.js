// What people write about a run, in a safe part of Markdown; edited in place. Kept as MLflow keeps it, in a tag.
import { toastError } from "../../components/toast.js";
import { fill, h } from "../../lib/dom.js";
import { setRunTags } from "../../lib/runs.js";
import { may } from "../../lib/session.js";
import { markdown } from "../../text/markdown.js";
import { panel } from "../../components/panel.js";

export const noteTag = "mlflow.note.content";

export function notesPanel(page) {
  const content = h(".content.markdown");
  const edit = h("button.button.plain.small", { type: "button", hidden: true, onclick: () => open() }, "Edit");
  let text = "";
  let isEditing = false;
  may("write").then((allowed) => { edit.hidden = !allowed; });

  const show = (run) => {
    if (isEditing) return;
    text = run.tags[noteTag] ?? "";
    fill(content, text ? markdown(text) : h("p.faint", "No notes yet."));
  };
  const open = () => {
    isEditing = true;
    edit.hidden = true;
    const field = h("textarea.field.notes-field", {
      value: text, rows: Math.min(24, Math.max(5, text.split("\n").length + 1)), ariaLabel: "Notes in Markdown",
      onkeydown: (event) => {
        if (event.key === "Escape") close();
        else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) save();
        else return;
        event.preventDefault();
        event.stopPropagation();
      },
    });
    const save = async () => {
      try {
        await setRunTags(page.record.id, { [noteTag]: field.value === "" ? null : field.value });
        page.record.tags[noteTag] = field.value;
        close();
      } catch (error) {
        toastError(error);
      }
    };
    fill(content, field, h(".notes-actions",
      h("button.button.primary.small", { type: "button", onclick: save }, "Save"),
      h("button.button.small", { type: "button", onclick: () => close() }, "Cancel"),
      h("span.faint", "Markdown; Ctrl Enter saves")));
    field.focus();
  };
  const close = () => {
    isEditing = false;
    edit.hidden = false;
    show(page.record);
    edit.focus();
  };
  return { element: panel("Notes", content, edit), show };
}
