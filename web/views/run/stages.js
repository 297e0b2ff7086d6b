// The stages of a run, in the order of the pipeline: what became of each and why, what it ran, read and made.
import { emptyState } from "../../components/emptyState.js";
import { stateMark } from "../../components/state.js";
import { get } from "../../lib/api.js";
import { fill, h } from "../../lib/dom.js";
import { bytes, moment, stageDuration } from "../../lib/format.js";
import { href, path } from "../../lib/router.js";

export async function stagesTab({ record, signal }) {
  const content = h(".stage-list");
  const open = new Set();
  const show = async () => {
    const { stages } = await get(path("runs", record.id, "stages"), {}, { signal });
    fill(content, stages.length ? stages.map((stage) => card(stage)) : nothing());
  };
  const card = (stage) => {
    const isOpen = open.has(stage.name) || stage.state === "failed";
    return h("details.panel.stage", {
      open: isOpen, dataset: { stage: stage.name },
      ontoggle: (event) => (event.target.open ? open.add(stage.name) : open.delete(stage.name)),
    }, h("summary", h("strong.cut", stage.name), stateMark(stage.state),
      h("span.faint", stageDuration(stage)),
      h("span.quiet.cut.stage-why", stage.failure ?? stage.reasons[0] ?? "")),
    h(".content.stage-content",
      stage.failure ? h(".notice.bad", h("strong", stage.failure), stage.exitCode === undefined ? null : h(".hint", `exit code ${stage.exitCode}`)) : null,
      h("div", h("h3", stage.state === "skipped" ? "Why it did not run" : "Why it ran"),
        stage.reasons.length ? h("ul.plain-list", stage.reasons.map((reason) => h("li", reason))) : h("p.faint", stage.state === "skipped" ? "Nothing had changed since it last ran." : "No reason is recorded.")),
      h("div", h("h3", "Command"), stage.commands.map((command) => h("pre.code-block", command))),
      h(".stage-files", files("Read", stage.deps), files("Made", stage.outs)),
      h("dl.pairs", [
        ["Started", moment(stage.startedAt, { seconds: true })], ["Stage key", stage.stageKey ? h("code", stage.stageKey.slice(0, 16)) : ""],
      ].filter(([, value]) => value).map(([name, value]) => [h("dt", name), h("dd", value)])),
      h("p", h("a", { href: href(path("runs", record.id), { tab: "logs", stage: stage.name }) }, "What it printed"))));
  };
  const files = (title, list) => h("div", h("h3", title), list.length
    ? h("ul.run-files", list.map((file) => h("li",
      h("a.mono.cut", { href: href(path("runs", record.id), { tab: "files", file: `stages/${file.path}` }) }, file.path),
      h("span.faint", file.sizeBytes === undefined ? "absent" : bytes(file.sizeBytes)), h("span.faint.mono", file.object?.slice(0, 8) ?? ""))))
    : h("p.faint", "nothing"));
  await show();
  return { element: content, changed: () => show() };
}

function nothing() {
  return emptyState({
    title: "No stages", text: "This run was no run of a pipeline. Stages come from repro.yaml or dvc.yaml.",
    commands: ["repro stage add train --deps data.csv --outs model.bin 'python train.py'", "repro run"],
  });
}
