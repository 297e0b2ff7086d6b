// What the stages of a run printed; of one that runs, as it comes.
import { emptyState } from "../../components/emptyState.js";
import { errorBox } from "../../components/errorBox.js";
import { LogView } from "../../components/logView.js";
import { stateMark } from "../../components/state.js";
import { apiURL, get, getBytes } from "../../lib/api.js";
import { fill, h } from "../../lib/dom.js";
import { bindKey } from "../../lib/keyboard.js";
import { here, path, rewrite } from "../../lib/router.js";
import { icon } from "../../lib/icons.js";
import { text, urlState } from "../../lib/urlState.js";

const state = urlState({ stage: text("") });
const PAUSE = 1000;

export async function logsTab({ record, signal }) {
  const view = new LogView();
  signal.addEventListener("abort", () => view.destroy());
  bindKey("/", "Find in the log", () => view.find.focus(), { signal });
  const list = h(".log-stages", { role: "tablist", ariaLabel: "Stages" });
  const notice = h(".log-notice");
  const download = h("a.button.small", { download: "" }, icon("download", 14), "Download");
  let stages = [];
  let shown = "";
  let read = 0;
  let abort = new AbortController();

  const load = async () => { ({ stages } = await get(path("runs", record.id, "stages"), {}, { signal })); };
  const drawList = () => fill(list, stages.map((stage) => h("button.tab", {
    type: "button", role: "tab", ariaSelected: String(stage.name === shown), onclick: () => open(stage.name),
  }, stage.name, " ", stateMark(stage.state))));

  const open = (name) => {
    shown = name;
    rewrite(state.write({ stage: name === usual() ? "" : name }, here().query));
    abort.abort();
    abort = new AbortController();
    signal.addEventListener("abort", () => abort.abort());
    view.clear();
    read = 0;
    fill(notice);
    download.href = apiURL(path("runs", record.id, "stages", name, "log"));
    download.download = `${record.name}-${name}.log`;
    drawList();
    follow(abort.signal);
  };
  /** Reads what is there, and what comes while the stage runs. */
  const follow = async (own) => {
    while (!own.aborted) {
      const stage = stages.find((each) => each.name === shown);
      const wasRunning = stage?.state === "running";
      try {
        const bytes = await getBytes(path("runs", record.id, "stages", shown, "log"), read ? { from: read } : {}, { signal: own });
        if (own.aborted) return;
        read += bytes.length;
        if (bytes.length) view.append(bytes);
        if (!bytes.length && !read) fill(notice, h("p.faint", wasRunning ? "Nothing yet." : "It printed nothing."));
        else fill(notice);
      } catch (error) {
        if (error.name === "AbortError") return;
        fill(notice, error.status === 404 ? h("p.faint", whyNone(stage)) : errorBox(error));
        if (error.status) return;
      }
      if (!wasRunning) return;
      await new Promise((resolve) => setTimeout(resolve, PAUSE));
      await load().then(drawList, () => {});
    }
  };
  const usual = () => (stages.find((stage) => stage.state === "running") ?? stages.find((stage) => stage.state === "failed")
    ?? stages.find((stage) => stage.hasLog) ?? stages[0])?.name;

  await load();
  if (stages.length === 0) return { element: emptyState({ title: "No logs", text: "Logs are kept of the stages of a pipeline. This run has none.", commands: ["repro run"] }) };
  open(state.read(here().query).stage || usual());
  return {
    element: h(".log-tab", list, h(".log-bar", view.find, view.hits, h("span.log-space"), view.size, download), notice, view.window),
    changed: async () => {
      const before = stages.find((stage) => stage.name === shown)?.state;
      await load();
      drawList();
      if (before !== "running" && stages.find((stage) => stage.name === shown)?.state === "running") follow(abort.signal);
    },
  };
}

function whyNone(stage) {
  const words = {
    waiting: "Its turn has not come.", blocked: "It was never run: a stage above it failed, or the run was stopped.",
    cached: "Its outputs came from the run cache, and no run that is known printed its log.",
    skipped: "Nothing had changed, so it did not run; no run that is known printed its log.",
  };
  return words[stage?.state] ?? "It printed nothing.";
}
