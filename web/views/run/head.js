// The top of a run's page: its name, how it stands, and what can be done with it.
import { colourMark } from "../../components/colourMark.js";
import { copy } from "../../components/emptyState.js";
import { openDialog } from "../../components/dialog.js";
import { stateMark } from "../../components/state.js";
import { toastError } from "../../components/toast.js";
import { onColours } from "../../lib/colours.js";
import { fill, h } from "../../lib/dom.js";
import { ago, duration, moment } from "../../lib/format.js";
import { icon } from "../../lib/icons.js";
import { here, href, navigate, path } from "../../lib/router.js";
import { renameRun } from "../../lib/runs.js";
import { may } from "../../lib/session.js";

export function runHead(page) {
  const status = h(".run-status");
  const title = h("h1.cut");
  const { record } = page;
  const mark = h("span.run-colour");
  const drawMark = () => fill(mark, colourMark(record));
  drawMark();
  const rename = h("button.button.plain.icon.small", { type: "button", hidden: true, ariaLabel: "Rename the run", title: "Rename", onclick: () => askName(page) }, icon("edit", 13));
  may("write").then((yes) => { rename.hidden = !yes; });
  onColours(drawMark, { signal: page.signal });
  const element = h("header.view-head",
    h("nav.crumbs", { ariaLabel: "Where this is" },
      h("a", { href: href("/runs", { experiment: record.experiment }) }, record.experiment), icon("right", 12)),
    mark, title, rename, status,
    h(".actions",
      h("button.button.plain.small.mono", { type: "button", title: "Copy the id", onclick: () => copy(record.id) }, record.id.slice(0, 8), icon("copy", 13)),
      h("a.button.small", { href: href("/runs", { experiment: record.experiment }) }, "All runs"),
      h("a.button.small", { href: href("/new", { from: record.id }) }, icon("clone", 14), "Clone")));
  const show = (now) => {
    title.textContent = title.title = now.name;
    fill(status, statusWords(now));
  };
  show(record);
  return { element, show };
}

function askName(page) {
  const { record } = page;
  const name = h("input.field", { required: true, ariaLabel: "Name", value: record.name, style: { width: "100%" } });
  openDialog({
    title: "Rename the run", content: name,
    buttons: [{ label: "Cancel" }, {
      label: "Rename", kind: "primary", act: async () => {
        try {
          await renameRun(record.id, name.value.trim());
          // A URL with the former name would lead nowhere.
          if (page.name !== record.id) navigate(href(path("runs", record.id), here().query), { replace: true });
          return true;
        } catch (error) {
          toastError(error);
          return false;
        }
      },
    }],
  });
  name.select();
}

/** How it stands, and since when: a run that is silent is not said to run. */
function statusWords(record) {
  const parts = [stateMark(record.status)];
  const add = (text, title) => parts.push(h("span.quiet", { title: title ?? null }, text));
  if (record.startedAt) add(ago(record.startedAt), `started ${moment(record.startedAt, { seconds: true })}`);
  if (record.status === "running") {
    add(`for ${duration(Date.now() - new Date(record.startedAt))}`);
    if (record.heartbeatAt) add(`last heard of ${ago(record.heartbeatAt)}`, moment(record.heartbeatAt, { seconds: true }));
  } else if (record.status === "stalled" || record.status === "killed") {
    if (record.heartbeatAt) add(`last heard of ${ago(record.heartbeatAt)}`, moment(record.heartbeatAt, { seconds: true }));
  } else if (record.durationMs !== undefined) {
    add(`took ${duration(record.durationMs)}`);
  }
  return parts;
}
