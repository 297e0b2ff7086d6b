// One registered model: its versions, the runs that they come from, and its aliases, which are changed in place.
import { fill, h } from "../../lib/dom.js";
import { get, put, remove } from "../../lib/api.js";
import { onChange } from "../../lib/events.js";
import { ago, moment, plural } from "../../lib/format.js";
import { icon } from "../../lib/icons.js";
import { href, path } from "../../lib/router.js";
import { may } from "../../lib/session.js";
import { openDialog } from "../../components/dialog.js";
import { toastError } from "../../components/toast.js";

export async function mount(outlet, { params, signal, setTitle }) {
  const canWrite = await may("write");
  const where = path("models", params.model);
  const draw = async () => {
    const model = await get(where, {}, { signal });
    setTitle(model.name);
    fill(outlet,
      h("header.view-head", h(".crumbs", h("a", { href: href("/models") }, "Models"), "/"), h("h1.cut", model.name),
        h("span.faint", plural(model.versions.length, "version"))),
      h(".view-body", model.description ? h("p", model.description) : null, table(model)));
  };
  const change = async (act) => {
    try {
      await act();
      await draw();
    } catch (error) {
      toastError(error);
    }
  };
  const table = (model) => h(".table-frame", h("table.plain-table.models",
    h("thead", h("tr", h("th", "Version"), h("th", "Aliases"), h("th", "From run"), h("th", "Made"), h("th", "Source"), h("th", "Description"))),
    h("tbody", model.versions.map((version) => h("tr",
      h("td", h("strong", version.number), version.stage !== "None" ? h("span.badge.teal", version.stage) : null),
      h("td.aliases", version.aliases.map((alias) => h("span.badge.violet", alias, canWrite ? h("button.badge-remove", {
        type: "button", ariaLabel: `Remove the alias ${alias}`, onclick: () => change(() => remove(`${where}/aliases/${encodeURIComponent(alias)}`)),
      }, icon("close", 10)) : null)),
        canWrite ? h("button.button.plain.small", { type: "button", ariaLabel: `Add an alias to version ${version.number}`, onclick: () => ask(version) }, icon("plus", 12), "alias") : null),
      h("td", version.runName ? h("a", { href: href(path("runs", version.run)) }, version.runName) : h("span.faint", version.run.slice(0, 12))),
      h("td.quiet", { title: moment(version.createdAt) }, ago(version.createdAt)),
      h("td.mono.faint", version.source),
      h("td.quiet", version.description))))));
  const ask = (version) => {
    const name = h("input.field", { required: true, ariaLabel: "Alias", placeholder: "champion", style: { width: "100%" } });
    openDialog({
      title: `Alias for version ${version.number}`, content: [h("p.quiet", "If another version has it, it moves here."), name],
      buttons: [{ label: "Cancel" }, {
        label: "Set", kind: "primary", act: () => {
          if (!name.value.trim()) { name.focus(); return false; }
          change(() => put(`${where}/aliases/${encodeURIComponent(name.value.trim())}`, { version: version.number }));
          return true;
        },
      }],
    });
    name.focus();
  };
  await draw();
  onChange((event) => { if (event.kind !== "run") draw().catch(() => {}); }, { signal });
}
