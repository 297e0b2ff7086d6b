// The menus of the runs table: of a column, of groups, of what is shown, of saved views. Methods of RunsView.
import { get } from "../../lib/api.js";
import { icon } from "../../lib/icons.js";
import { here, href, navigate, rewrite } from "../../lib/router.js";
import { openMenu } from "../../components/menu.js";
import { toastError } from "../../components/toast.js";
import { parseColumn, reference } from "./columns.js";
import { openColumnPanel } from "./columnPanel.js";
import { openViewsMenu } from "./savedViews.js";
import { fields } from "./tableState.js";

export const tableMenus = {
  columnMenu(anchor, column) {
    const flag = (changes) => {
      Object.assign(column, changes);
      this.applyColumns(this.columns);
    };
    openMenu(anchor, [
      { title: column.ref },
      { label: "Sort up", icon: icon("up", 14), act: () => this.sortBy(column, false, "asc") },
      { label: "Sort down", icon: icon("down", 14), act: () => this.sortBy(column, false, "desc") },
      column.kind === "metrics" ? null : { label: "Group by this", icon: icon("group", 14), act: () => this.change({ group: column.ref }) },
      column.kind === "metrics" ? "-" : null,
      ...(column.kind === "metrics" ? [
        ...["last", "min", "max"].map((aggregate) => ({ label: { last: "Last value", min: "Least value", max: "Greatest value" }[aggregate], checked: column.aggregate === aggregate, act: () => flag({ aggregate }) })),
        { label: "Draw the curve", checked: column.spark, act: () => flag({ spark: !column.spark, width: parseColumn(`${column.ref}${column.spark ? "" : "!spark"}`).width }) },
      ] : []),
      "-",
      column.ref === "name" ? null : { label: "Keep at the left", checked: column.pinned, act: () => flag({ pinned: !column.pinned }) },
      column.ref === "name" ? null : { label: "Move left", act: () => this.shift(column, -1) },
      column.ref === "name" ? null : { label: "Move right", act: () => this.shift(column, 1) },
      column.ref === "name" ? null : { label: "Hide", act: () => this.applyColumns(this.columns.filter((one) => one !== column)) },
    ], { label: column.label });
  },

  shift(column, by) {
    const columns = this.columns.filter((one) => one !== column);
    const place = Math.max(1, Math.min(columns.length, this.columns.indexOf(column) + by));
    columns.splice(place, 0, column);
    this.applyColumns(columns);
  },

  async columnPanel() {
    try {
      openColumnPanel({
        keys: await this.keys(), columns: this.columns.slice(1), apply: (columns) => this.applyColumns(columns),
        varying: () => get("/table/varying", { ...this.model.base(this.question()), filter: this.state.filter }, { signal: this.signal }),
        reset: () => {
          this.state.col = [];
          rewrite(fields.write(this.state, here().query));
          this.chooseColumns().then(() => this.reload({ keepScroll: true }));
          return [];
        },
      });
    } catch (error) {
      toastError(error);
    }
  },

  async groupMenu(anchor) {
    const keys = await this.keys().catch(() => ({ params: [], tags: [] }));
    const offer = (ref) => ({ label: parseColumn(ref).label, checked: this.state.group === ref, act: () => this.change({ group: this.state.group === ref ? "" : ref }) });
    openMenu(anchor, [
      { label: "Not grouped", checked: !this.state.group, act: () => this.change({ group: "" }) },
      { title: "Run" }, ...["experiment", "status", "user", "branch", "commit"].map(offer),
      keys.params.length ? { title: "Params" } : null, ...keys.params.slice(0, 60).map((key) => offer(reference("params", key))),
      keys.tags.length ? { title: "Tags" } : null, ...keys.tags.slice(0, 30).map((key) => offer(reference("tags", key))),
    ], { label: "Group by" });
  },

  showMenu(anchor) {
    const offer = (show, label) => ({ label, checked: this.state.show === show, act: () => { this.selection.clear(); this.change({ show }); } });
    openMenu(anchor, [offer("active", "Active"), offer("archived", "Archived"), offer("bin", "Bin: deleted, can be restored")]);
  },

  viewsMenu(anchor) {
    openViewsMenu(anchor, {
      experiment: this.state.experiment[0] ?? "Default", canWrite: this.canWrite,
      query: () => fields.write(this.state).toString(), show: (query) => navigate(href("/runs", new URLSearchParams(query))),
    });
  },

  moreMenu(anchor) {
    openMenu(anchor, [
      { label: "Export all as CSV or JSON…", act: () => { this.selection.all(); } },
      { label: "New run…", act: () => navigate(href("/new")) },
    ], { label: "More" });
  },
};
