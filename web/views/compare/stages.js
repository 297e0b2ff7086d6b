// The stages of all runs side by side: what became of each, how long it took, and which of its files are not the same.
import { emptyState } from "../../components/emptyState.js";
import { stateMark } from "../../components/state.js";
import { h, fill } from "../../lib/dom.js";
import { plural, stageDuration } from "../../lib/format.js";
import { href, path } from "../../lib/router.js";

export function stagesTab(page) {
  const element = h("div");
  const draw = () => fill(element, page.report.stages.length ? table(page) : emptyState({
    title: "No stages", text: "None of these runs was a run of a pipeline.", commands: ["repro run"],
  }));
  draw();
  return { element, changed: draw };
}

function table({ runs, report }) {
  const differences = new Map(report.stageDifferences.map((stage) => [stage.stage, stage]));
  const order = runs.flatMap((run) => run.stages.map((stage) => stage.name));
  const names = [...new Set([...order, ...report.stages.map((row) => row.key)])];
  return h(".difference-scroll", { tabIndex: 0, role: "region", ariaLabel: "Stages" }, h("table.differences.stage-grid",
    h("thead", h("tr", h("td"), runs.map((run) => h("th", { scope: "col" }, h(".run-column-head",
      h("span.run-mark", { ariaHidden: "true", style: { "--mark": run.colour } }), h("a.cut", { href: href(path("runs", run.id), { tab: "stages" }) }, run.name)))))),
    h("tbody", names.map((name) => {
      const difference = differences.get(name);
      return h("tr", h("th", { scope: "row" }, name, difference ? h(".faint", words(difference)) : h(".faint", "the same in all")),
        runs.map((run, index) => {
          const stage = run.stages.find((each) => each.name === name);
          if (!stage) return h("td.faint", "–");
          return h("td", stateMark(stage.state), " ", h("span.faint", stageDuration(stage)),
            h("div", marks(difference, index).map((mark) => h(".mark", mark))));
        }));
    }))));
}

function words(difference) {
  const parts = [];
  if (difference.inputs.length) parts.push(`${plural(difference.inputs.length, "input")}`);
  if (difference.commands.length) parts.push("command");
  if (difference.onlySettingsDiffer) parts.push("params");
  if (difference.outputs.length) parts.push(`${plural(difference.outputs.length, "output")}`);
  return `${parts.join(", ")} differ`;
}

/** What this run has otherwise than the first. */
function marks(difference, index) {
  if (!difference || index === 0) return [];
  const others = (files) => files.filter((file) => file.contents[index]?.object !== file.contents[0]?.object).map((file) => file.path);
  const [inputs, outputs] = [others(difference.inputs), others(difference.outputs)];
  return [inputs.length ? `reads other ${list(inputs)}` : "", outputs.length ? `makes other ${list(outputs)}` : ""].filter(Boolean);
}

const list = (paths) => (paths.length > 2 ? `${paths.slice(0, 2).join(", ")} and ${paths.length - 2} more` : paths.join(", "));
