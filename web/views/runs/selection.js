// Runs that are chosen, and what can be done with all of them at once.
import { fill, h } from "../../lib/dom.js";
import { apiURL, post } from "../../lib/api.js";
import { plural } from "../../lib/format.js";
import { icon } from "../../lib/icons.js";
import { href, navigate } from "../../lib/router.js";
import { confirmDialog, openDialog } from "../../components/dialog.js";
import { openMenu } from "../../components/menu.js";
import { toast, toastError } from "../../components/toast.js";

export class Selection {
  /** `changed()`: who shows it draws again; `view()`: { show, filter, experiments, columns, total, canWrite, base }. */
  constructor({ changed, view, refresh }) {
    this.ids = new Set();
    /** Everything that the filter finds, also what was never loaded. */
    this.isAll = false;
    this.changed = changed;
    this.view = view;
    this.refresh = refresh;
    this.bar = h(".selection-bar", { role: "toolbar", ariaLabel: "Chosen runs", hidden: true });
  }

  get count() {
    return this.isAll ? this.view().total : this.ids.size;
  }

  has(id) {
    return this.isAll || this.ids.has(id);
  }

  toggle(id) {
    if (this.isAll) return this.clear();
    if (!this.ids.delete(id)) this.ids.add(id);
    this.draw();
  }

  add(ids) {
    for (const id of ids) this.ids.add(id);
    this.draw();
  }

  all() {
    this.isAll = true;
    this.draw();
  }

  clear() {
    this.ids.clear();
    this.isAll = false;
    this.draw();
  }

  draw() {
    const { show, canWrite, total } = this.view();
    this.bar.hidden = this.count === 0;
    if (this.count) {
      const button = (label, name, act, kind = "") =>
        h("button.button.small", { type: "button", class: kind, onclick: act }, name ? icon(name, 14) : null, label);
      fill(this.bar, h("strong", { role: "status" }, `${plural(this.count, "run")} chosen`),
        !this.isAll && total > this.ids.size ? button(`All ${total}`, null, () => this.all(), "plain") : null,
        this.ids.size === 1 && !this.isAll ? button("Clone", "clone", () => navigate(href("/new", { from: [...this.ids][0] }))) : null,
        button("Compare", "compare", () => this.compare(), "primary"),
        canWrite && show !== "bin" ? [
          button("Tag", "tag", () => this.tag()),
          show === "archived" ? button("Unarchive", "restore", () => this.act("unarchive")) : button("Archive", "archive", () => this.act("archive")),
          button("Delete", "remove", () => this.act("delete"), "danger"),
        ] : null,
        canWrite && show === "bin" ? button("Restore", "restore", () => this.act("restore")) : null,
        h("button.button.small", { type: "button", ariaHaspopup: "menu", onclick: (event) => this.exportMenu(event.currentTarget) }, icon("download", 14), "Export"),
        h("button.button.plain.icon.small", { type: "button", ariaLabel: "Choose none", title: "Choose none (Esc)", onclick: () => this.clear() }, icon("close", 14)));
    }
    this.changed();
  }

  compare() {
    const ids = [...this.ids];
    if (this.isAll || ids.length < 2 || ids.length > 20) {
      toast("Choose two to twenty runs to compare");
      return;
    }
    navigate(href("/compare", { run: ids }));
  }

  /** What a change is asked for: the chosen runs, or the question that finds them. */
  target() {
    if (!this.isAll) return { runs: [...this.ids] };
    const { filter, experiments, show } = this.view();
    return { filter, experiments, archived: show === "archived" ? "only" : show === "bin" ? "all" : "no" };
  }

  async act(action, extra = {}, undone = null) {
    const amount = plural(this.count, "run");
    if (this.isAll) {
      const yes = await confirmDialog({
        title: `${action[0].toUpperCase()}${action.slice(1)} ${amount}?`, label: action[0].toUpperCase() + action.slice(1),
        text: "That is everything that the filter finds, also what is not in sight.", danger: action === "delete",
      });
      if (!yes) return;
    }
    const target = this.target();
    const opposite = undone ?? { archive: "unarchive", unarchive: "archive", delete: "restore", restore: "delete" }[action];
    try {
      const { count } = await post("/runs/actions", { action, ...target, ...extra });
      this.clear();
      await this.refresh();
      const said = { archive: "Archived", unarchive: "Unarchived", delete: "Deleted", restore: "Restored", tag: "Tagged" }[action];
      // The question that found them finds others now: only chosen runs can be undone one by one.
      const canUndo = target.runs && opposite;
      toast(`${said} ${plural(count, "run")}`, canUndo ? {
        action: "Undo", act: async () => {
          await post("/runs/actions", { action: opposite, ...target }).catch(toastError);
          this.refresh();
        },
      } : {});
    } catch (error) {
      toastError(error);
    }
  }

  tag() {
    const key = h("input.field", { required: true, placeholder: "team", ariaLabel: "Tag", style: { flex: "1" } });
    const value = h("input.field", { placeholder: "nlp; empty takes the tag away", ariaLabel: "Value", style: { flex: "2" } });
    openDialog({
      title: `Tag ${plural(this.count, "run")}`, content: h(".row", key, value),
      buttons: [{ label: "Cancel" }, {
        label: "Tag", kind: "primary", act: () => {
          if (!key.value.trim()) { key.focus(); return false; }
          this.act("tag", { tags: { [key.value.trim()]: value.value || null } }, "");
          return true;
        },
      }],
    });
    key.focus();
  }

  exportMenu(anchor) {
    const { base, filter, sort, columns } = this.view();
    const query = {
      ...base, filter, sort, column: columns.map((column) => column.ref), run: this.isAll ? [] : [...this.ids],
    };
    const save = (format) => {
      const link = h("a", { href: apiURL("/table/export", { ...query, format }), download: `runs.${format}` });
      document.body.append(link);
      link.click();
      link.remove();
    };
    openMenu(anchor, [
      { label: "CSV, the columns shown", act: () => save("csv") },
      { label: "JSON, the columns shown", act: () => save("json") },
      "-",
      { label: "Copy as a command", act: () => copyCommand(filter, sort, columns) },
    ], { label: "Export" });
  }
}

async function copyCommand(filter, sort, columns) {
  const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;
  const words = ["repro runs", filter ? `--filter ${quoted(filter)}` : "", sort ? `--sort ${quoted(sort)}` : "",
    `--columns ${quoted(["name", ...columns.map((column) => column.ref).filter((ref) => ref !== "name")].join(","))}`];
  const { copy } = await import("../../components/emptyState.js");
  copy(words.filter(Boolean).join(" "));
}
