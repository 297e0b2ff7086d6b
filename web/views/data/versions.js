// One path: its versions, the runs that made each, and the runs that read it.
import { fill, h } from "../../lib/dom.js";
import { get } from "../../lib/api.js";
import { bytes, count, plural } from "../../lib/format.js";
import { href, path } from "../../lib/router.js";
import { commandLine } from "../../components/emptyState.js";

export async function mount(outlet, { params, signal, setTitle }) {
  const data = await get("/data", { path: params.path }, { signal });
  setTitle(data.path);
  const size = (one) => one.fileCount === undefined ? bytes(one.sizeBytes) : `${bytes(one.sizeBytes)} in ${plural(one.fileCount, "file")}`;
  fill(outlet,
    h("header.view-head", h(".crumbs", h("a", { href: href("/data") }, "Data"), "/"), h("h1.cut", data.path),
      h("span.faint", `${size(data)}, ${plural(data.versionCount, "version")}`)),
    h(".view-body",
      data.source === "stage" ? h("p", "Made by the stage ", h("a", { href: href("/pipeline", { stage: data.stage }) }, data.stage), ".")
        : data.source === "tracked" ? h("p", "Tracked: its pointer file is in Git.") : h("p", "Read by stages; nothing of Repro keeps it."),
      h(".versions", data.versions.map((version) => h("section.panel",
        h("header", h("code", { title: `object ${version.object}\nSHA-256 ${version.sha256}` }, version.sha256.slice(0, 12)),
          h("span.faint", size(version)), version.isCurrent ? h("span.badge.good", "now") : null),
        h(".content", uses("Made by", version.madeBy), uses("Read by", version.usedBy))))),
      h("h2", "On the command line"),
      commandLine(`repro diff ${data.path}`), commandLine(`repro cat ${data.path}`)));
}

function uses(title, { count: total, first }) {
  if (!total) return h("p", h("span.faint", `${title} `), h("span.quiet", "no run that is known"));
  return h(".uses", h("span.faint", title), first.map((use) => h("a.badge", { href: href(path("runs", use.run), { tab: "graph", stage: use.stage }), title: `stage ${use.stage}` }, use.name)),
    total > first.length ? h("span.faint", `and ${count(total - first.length)} more`) : null);
}
