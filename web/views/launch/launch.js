// A new run, from nothing or as the clone of another: params typed as they are in the file, what each stage would do
// before anything begins, and then the run, live, with stop.
import { debounced, fill, h } from "../../lib/dom.js";
import { get, post } from "../../lib/api.js";
import { onChange } from "../../lib/events.js";
import { icon } from "../../lib/icons.js";
import { here, href, navigate, path, rewrite } from "../../lib/router.js";
import { param } from "../../lib/format.js";
import { emptyState } from "../../components/emptyState.js";
import { errorBox } from "../../components/errorBox.js";
import { toast, toastError } from "../../components/toast.js";
import { pipelineGraph } from "../../components/pipelineGraph.js";
import { stateMark } from "../../components/state.js";
import { runGraph } from "../pipeline/runGraph.js";
import { actions, planEdges } from "../pipeline/workspaceGraph.js";
import { paramField } from "./paramField.js";

export async function mount(outlet, context) {
  const started = context.query.get("started");
  if (started) return follow(outlet, started, context);
  return form(outlet, context);
}

async function form(outlet, { query, signal, setTitle }) {
  let launch;
  try {
    launch = await get("/launch", { from: query.get("from") }, { signal });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    fill(outlet, h("header.view-head", h("h1", "New run")), error.status === 404 && !query.get("from") ? emptyState({
      title: "Nothing to run yet", text: error.message,
      commands: ["repro stage add -n train -d train.py -o model.pkl -- python train.py"],
    }) : h(".view-body", errorBox(error)));
    return;
  }
  const { from } = launch;
  setTitle(from ? `Clone ${from.name}` : "New run");
  const edited = query.get("params");
  const before = edited ? safeJSON(edited) : {};
  const values = new Map(launch.params.map((one) => [one.name, before[one.name] ?? one.value]));
  const name = h("input.field", { placeholder: "a name is made if it is empty", ariaLabel: "Name", value: query.get("name") ?? "" });
  const experiment = h("input.field", { placeholder: "as configured", ariaLabel: "Experiment", value: from?.experiment ?? "" });
  const force = h("input", { type: "checkbox" });
  const problem = h("div");
  const plan = h(".launch-plan");
  const changes = h("span.faint", { role: "status" });
  const search = h("input.field", { type: "search", placeholder: "Search params", ariaLabel: "Search params" });
  let isRight = true;
  let graph = null;

  /** Only what is to be other than in the workspace. */
  const body = () => ({
    params: Object.fromEntries(launch.params.filter((one) => JSON.stringify(values.get(one.name)) !== JSON.stringify(one.current))
      .map((one) => [one.name, values.get(one.name)])),
    name: name.value.trim(), experiment: experiment.value.trim(), force: force.checked,
  });
  const start = h("button.button.primary", { type: "submit", disabled: true }, icon("play", 14), "Run");
  let question = 0;
  const ask = debounced(250, async () => {
    const number = ++question;
    const { params } = body();
    const amount = Object.keys(params).length;
    changes.textContent = amount ? `${amount} other than in the workspace` : "as in the workspace";
    start.disabled = true;
    if (!launch.mayLaunch) return fill(plan, h("p.notice.warn", "Your role may look, but not start runs: that takes admin, since params become commands."));
    if (!isRight) return;
    try {
      const { stages } = await post("/launch/plan", body(), { signal });
      if (number !== question) return;
      fill(problem);
      start.disabled = false;
      const options = { stages: stages.map((stage) => ({ ...stage, ...actions[stage.action] })), edges: planEdges(stages), selected: null, select: () => {} };
      const amountOf = (...names) => stages.filter((stage) => names.includes(stage.action)).length;
      if (!graph) graph = pipelineGraph(options);
      else graph.update(options);
      fill(plan, h(".plan-words", h("span.badge.accent", `${amountOf("run", "waits")} will run`),
        h("span.badge.violet", `${amountOf("restore")} from the cache`), h("span.badge", `${amountOf("skip", "frozen")} unchanged`)),
        graph,
        h("ul.plan-reasons", stages.filter((stage) => stage.reasons.length && stage.action !== "skip").map((stage) =>
          h("li", h("strong", stage.name), " ", h("span.quiet", stage.reasons[0])))));
    } catch (error) {
      if (error.name === "AbortError" || number !== question) return;
      fill(problem, errorBox(error));
    }
  });

  const rows = launch.params.map((one) => {
    const row = h(".param-row");
    const cut = one.name.lastIndexOf(".");
    const field = paramField(one, values.get(one.name), (value, mistake) => {
      isRight = !mistake;
      if (!mistake) values.set(one.name, value);
      mark();
      ask();
    });
    const mark = () => {
      const value = values.get(one.name);
      row.classList.toggle("changed", JSON.stringify(value) !== JSON.stringify(one.value));
    };
    fill(row, h("label", { htmlFor: field.id, title: one.name }, h("span.visually-hidden", one.name.slice(0, cut + 1)), one.name.slice(cut + 1)), field.element,
      h("span.faint.cut", { title: "in the workspace" }, JSON.stringify(one.current) === JSON.stringify(one.value) ? "" : `now ${param(one.current)}`));
    row.dataset.name = one.name.toLowerCase();
    row.dataset.group = one.name.slice(0, Math.max(0, cut));
    mark();
    return row;
  });
  const groups = [...Map.groupBy(rows, (row) => row.dataset.group)].map(([name, members]) =>
    h("fieldset.param-group", name ? h("legend", name) : null, members));
  search.addEventListener("input", () => {
    for (const row of rows) row.hidden = !row.dataset.name.includes(search.value.trim().toLowerCase());
    for (const group of groups) group.hidden = [...group.querySelectorAll(".param-row")].every((row) => row.hidden);
  });
  const element = h("form.launch", {
    onsubmit: async (event) => {
      event.preventDefault();
      if (start.disabled) return;
      start.disabled = true;
      try {
        const { runs } = await post("/launch", body());
        toast(`Started ${runs[0].name}`);
        navigate(href("/new", { started: runs[0].id }));
      } catch (error) {
        fill(problem, errorBox(error));
        start.disabled = false;
      }
    },
  },
    h(".launch-params",
      h(".launch-names", h("label", "Name ", name), h("label", "Experiment ", experiment),
        h("label.check", force, "Run also what is unchanged")),
      launch.absent.length ? h("p.notice.warn", `No stage reads these params of ${from?.name} any more: ${launch.absent.join(", ")}`) : null,
      launch.params.length > 12 ? search : null,
      launch.params.length ? h(".param-rows", groups) : h("p.quiet", "The pipeline's stages read no params.")),
    h(".launch-side", problem, plan));
  for (const field of [name, experiment]) field.addEventListener("input", () => rewriteName(name.value));
  force.addEventListener("change", ask);
  fill(outlet, h(".launch-view",
    h("header.view-head", from ? h(".crumbs", "Clone of", h("a", { href: href(path("runs", from.id)) }, from.name)) : null,
      h("h1", "New run"), changes, h(".actions", start)),
    element));
  start.setAttribute("form", "launch-form");
  element.id = "launch-form";
  ask();
}

function rewriteName(name) {
  const query = here().query;
  if (name) query.set("name", name);
  else query.delete("name");
  rewrite(query);
}

function safeJSON(text) {
  try {
    return JSON.parse(text) ?? {};
  } catch {
    return {};
  }
}

/** The run that was started, stage by stage. */
async function follow(outlet, id, { signal, setTitle }) {
  const run = await get(path("runs", id), {}, { signal });
  setTitle(run.name);
  const status = h("span");
  const stop = h("button.button.danger", { type: "button", hidden: true, onclick: async () => {
    stop.disabled = true;
    try {
      await post(`${path("runs", id)}/stop`, {});
      toast("Asked it to stop");
    } catch (error) {
      toastError(error);
      stop.disabled = false;
    }
  } }, icon("stop", 14), "Stop");
  const summary = h(".graph-summary");
  const part = h(".graph-split");
  const draw = (now) => {
    fill(status, stateMark(now));
    stop.hidden = !["queued", "running"].includes(now);
  };
  draw(run.status);
  fill(outlet, h(".graph-view",
    h("header.view-head", h("h1", run.name), status,
      h(".actions", summary, stop, h("a.button", { href: href(path("runs", id)) }, "Open the run"),
        h("a.button", { href: href("/new", { from: id }) }, icon("clone", 14), "Once more"))),
    part));
  // The worker makes the tree first: until then no stage is known.
  const begin = async () => {
    const { stages } = await get(`${path("runs", id)}/stages`, {}, { signal });
    const now = await get(path("runs", id), {}, { signal });
    draw(now.status);
    if (!stages.length && ["queued", "running"].includes(now.status)) {
      fill(part, h("p.empty", "Making the run's own tree…"));
      return false;
    }
    fill(part);
    await runGraph(part, { run: now, signal, summary, changed: draw });
    return true;
  };
  let hasBegun = await begin();
  onChange(() => {
    if (!hasBegun) again();
  }, { signal });
  const again = debounced(150, async () => {
    if (!hasBegun) hasBegun = await begin().catch(() => false);
  });
}
