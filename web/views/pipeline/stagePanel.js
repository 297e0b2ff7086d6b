// One stage, beside the graph: its commands, what it read and made, why it ran, and what it printed.
import { fill, h } from "../../lib/dom.js";
import { getText } from "../../lib/api.js";
import { bytes, duration, moment } from "../../lib/format.js";
import { icon } from "../../lib/icons.js";
import { href, path } from "../../lib/router.js";
import { stateMark } from "../../components/state.js";

/** `stage`: of the API; `run`: its run, or null for the workspace; `close()`. */
export function stagePanel(stage, { run = null, close, signal }) {
  const facts = h(".stage-facts");
  const log = h("pre.stage-log", { tabIndex: 0, ariaLabel: "Log" });
  const panel = h("aside.stage-panel", { ariaLabel: `Stage ${stage.name}` }, facts, run ? section("Log", log) : null);
  let now = stage;
  const draw = () => {
    fill(facts,
      h("header", h("h2.cut", now.name), stateMark(now.state),
        h("button.button.plain.icon.small", { type: "button", ariaLabel: "Close", title: "Close (Esc)", onclick: close }, icon("close", 14))),
      now.description ? section(null, h("p.quiet", now.description)) : null,
      now.failure ? section("Failure", h(".notice.bad", now.failure)) : null,
      section(run ? "Why" : "Why it would run", now.reasons.length
        ? h("ul", now.reasons.map((reason) => h("li", reason)))
        : h("p.quiet", now.state === "skipped" || now.state === "skip" ? "Nothing has changed since it last ran." : "No reason is recorded.")),
      section(now.commands.length > 1 ? "Commands" : "Command", h("pre", now.commands.join("\n"))),
      run ? section("Time", h("dl.pairs", h("dt", "Started"), h("dd", moment(now.startedAt, { seconds: true }) || "not yet"),
        h("dt", "Took"), h("dd", duration(now.durationMs) || "…"),
        now.exitCode ? [h("dt", "Exit code"), h("dd", now.exitCode)] : null)) : null,
      section("Deps", files(now.deps)), section("Outs", files(now.outs)),
      now.params?.length ? section("Params", h("ul", now.params.flatMap((request) => request.keys.length
        ? request.keys.map((key) => h("li.mono", request.file === "params.yaml" ? key : `${request.file}:${key}`))
        : [h("li.mono", request.file)]))) : null);
  };
  draw();
  const follow = run ? follower(log, `${path("runs", run.id)}/stages/${encodeURIComponent(stage.name)}/log`, () => now.state === "running", signal) : () => {};
  follow();
  panel.update = (next) => {
    now = next;
    draw();
    follow();
  };
  return panel;
}

function section(title, ...content) {
  return h("section", title ? h("h3", title) : null, content);
}

function files(list) {
  if (!list.length) return h("p.quiet", "None");
  return h("ul", list.map((file) => {
    const name = typeof file === "string" ? file : file.path;
    return h("li.file", h("a.mono", { href: href(path("data", ...name.split("/"))) }, name),
      file.sizeBytes !== undefined ? h("span.faint", bytes(file.sizeBytes)) : null);
  }));
}

/** Answers what reads the log from where it was, again and again while the stage runs. The end stays in sight if it was. */
function follower(element, where, isRunning, signal) {
  let from = 0;
  let isReading = false;
  const read = async () => {
    const text = await getText(where, { from }, { signal });
    if (!text) return;
    if (from === 0) fill(element);
    from += new TextEncoder().encode(text).length;
    const isAtEnd = element.scrollTop + element.clientHeight >= element.scrollHeight - 4;
    element.append(withoutColours(text));
    if (isAtEnd) element.scrollTop = element.scrollHeight;
  };
  return async () => {
    if (isReading) return;
    isReading = true;
    try {
      // What it prints while it ends is read once more.
      for (let wasRunning = true; wasRunning && !signal.aborted;) {
        wasRunning = isRunning();
        // A stage that has just begun has no log yet.
        await read().catch((error) => { if (error.status !== 404) throw error; });
        if (wasRunning) await new Promise((resolve) => { setTimeout(resolve, 800); });
      }
      if (from === 0) fill(element, "It printed nothing.");
    } catch (error) {
      if (error.name !== "AbortError") fill(element, error.message);
    } finally {
      isReading = false;
    }
  };
}

function withoutColours(text) {
  return text.replace(/\u001b\[[0-9;?]*[A-Za-z]/g, "").replace(/[^\n]*\r(?!\n)/g, "");
}
