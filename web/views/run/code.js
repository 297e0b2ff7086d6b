// Which code and which environment a run had: the commit, and what was changed since, as a diff.
import { diffView } from "../../components/diffView.js";
import { commandLine } from "../../components/emptyState.js";
import { getText } from "../../lib/api.js";
import { h } from "../../lib/dom.js";
import { bytes } from "../../lib/format.js";
import { path } from "../../lib/router.js";
import { panel } from "../../components/panel.js";

export async function codeTab({ record, signal }) {
  const git = record.git;
  const parts = [panel("Code", h(".content", git ? commit(git) : h("p.faint", "The run was in no Git repository: which code it had is not known.")))];
  if (git?.patchBytes !== undefined) {
    const patch = await getText(path("runs", record.id, "patch"), {}, { signal });
    parts.push(panel("Uncommitted changes", diffView(patch), h("span.faint", bytes(git.patchBytes))));
  } else if (git?.isDirty) {
    parts.push(panel("Uncommitted changes", h("p.content.faint", "There were some, but they were too large to be kept.")));
  }
  parts.push(panel("Environment", h(".content", environment(record))));
  return { element: h(".run-code", parts) };
}

function commit(git) {
  return [
    h("dl.pairs", h("dt", "Commit"), h("dd", h("code", git.commit)), git.branch ? [h("dt", "Branch"), h("dd", git.branch)] : null,
      h("dt", "Uncommitted"), h("dd", git.isDirty ? "yes" : "no")),
    commandLine(`git checkout ${git.commit}`),
  ];
}

/** What tools say of the machine and the interpreter, as tags. */
function environment(record) {
  const wanted = /^(repro\.(env|environment|system|host|python|cuda|swift|os)|mlflow\.source|mlflow\.user)/;
  const rows = [
    ["Command", record.command?.join(" ")], ["Host", record.process?.host], ["User", record.user],
    ...Object.entries(record.tags).filter(([key]) => wanted.test(key)),
  ].filter(([, value]) => value);
  if (rows.length === 0) return h("p.faint", "Nothing is recorded of it.");
  return h("dl.pairs", rows.map(([name, value]) => [h("dt", name), h("dd.mono", value)]));
}
