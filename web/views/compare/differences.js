// What differs between runs, as a table; above it, where two of them first part.
import { bytes, duration, number, param } from "../../lib/format.js";
import { debounced, fill, h } from "../../lib/dom.js";
import { bindKey } from "../../lib/keyboard.js";
import { href, path } from "../../lib/router.js";
import { divergencePanel } from "./divergence.js";

export function differencesTab(page, signal) {
  const divergence = divergencePanel(page, signal);
  const find = h("input.field", {
    type: "search", placeholder: "Find", ariaLabel: "Find rows", value: page.state.find, spellcheck: false,
    oninput: debounced(120, () => { page.set({ find: find.value }); draw(); }),
  });
  const same = h("input", { type: "checkbox", checked: page.state.same, onchange: () => { page.set({ same: same.checked }); draw(); } });
  const count = h("span.faint", { role: "status" });
  const table = h(".difference-scroll", { tabIndex: 0, role: "region", ariaLabel: "What differs" });
  const step = (direction) => move(table, direction);
  bindKey("n", "Next difference", () => step(1), { signal });
  bindKey("p", "Previous difference", () => step(-1), { signal });
  bindKey("/", "Find rows", () => find.focus(), { signal });

  const draw = () => {
    const sections = rowsOf(page);
    const words = page.state.find.toLowerCase().split(/\s+/).filter(Boolean);
    let [shown, differing] = [0, 0];
    const parts = sections.map(({ title, rows }) => {
      const wanted = rows.filter((row) => (page.state.same || row.differs) && words.every((word) => row.name.toLowerCase().includes(word)));
      shown += wanted.length;
      differing += wanted.filter((row) => row.differs).length;
      return wanted.length ? [h("tr.section", h("th", { scope: "rowgroup", colSpan: page.runs.length + 1 }, title)), wanted.map((row) => line(page, title, row))] : null;
    });
    count.textContent = page.state.same ? `${shown} rows, ${differing} differ` : `${differing} differences`;
    const current = table.querySelector("tr.current")?.dataset.row;
    fill(table, shown ? h("table.differences", head(page, draw), h("tbody", parts)) : h("p.faint", page.state.find ? "Nothing is called so." : "Nothing that is recorded differs."));
    // Where one was stays marked.
    if (current) table.querySelector(`tr[data-row="${CSS.escape(current)}"]`)?.classList.add("current");
    divergence.show();
  };
  draw();
  const bar = h(".difference-bar", { role: "toolbar", ariaLabel: "Differences" }, find, h("label.check", same, "also what is the same"), count,
    h(".button-group", h("button.button.small", { type: "button", title: "Previous difference (p)", onclick: () => step(-1) }, "Previous"),
      h("button.button.small", { type: "button", title: "Next difference (n)", onclick: () => step(1) }, "Next")));
  return { element: h(".difference-tab", divergence.element, bar, table), changed: draw, moved: draw };
}

function head(page, draw) {
  return h("thead", h("tr", h("td"), page.runs.map((run, index) => h("th", { scope: "col", class: index === page.base ? "base" : "" },
    h(".run-column-head", h("span.run-mark", { ariaHidden: "true", style: { "--mark": run.colour } }), h("a.cut", { href: href(path("runs", run.id)) }, run.name)),
    h("button.base-button", {
      type: "button", ariaPressed: String(index === page.base), title: "Hold the others against this run",
      onclick: () => { page.set({ base: run.id }); draw(); },
    }, index === page.base ? "baseline" : "make baseline")))));
}

function line(page, section, row) {
  const base = row.values[page.base];
  return h("tr", { class: row.differs ? "differs" : "", tabIndex: row.differs ? -1 : null, dataset: { row: `${section} ${row.name}` } }, h("th", { scope: "row" }, row.name), row.values.map((value, index) => {
    const isOther = index !== page.base && JSON.stringify(value) !== JSON.stringify(base);
    return h("td", { class: [isOther && !row.delta ? "other" : "", index === page.base ? "base" : ""].join(" ").trim() },
      row.show(value, index), isOther && row.delta ? row.delta(value, base) : null);
  }));
}

/** Sections of rows: `{ name, values, differs, show(value, index), delta(value, base) }`. */
function rowsOf(page) {
  const { report, runs } = page;
  const plain = (value) => (value === null ? h("span.faint", "–") : h("span.mono", param(value)));
  const of = (rows, show, delta) => rows.map((row) => ({ name: row.key, values: row.values, differs: row.differs, show, delta }));
  const facts = (name, read, show = plain) => {
    const values = runs.map((run) => read(run) ?? null);
    return { name, values, differs: new Set(values.map((value) => JSON.stringify(value))).size > 1, show };
  };
  return [
    { title: "Metrics", rows: of(report.metrics, (value) => (value === null ? h("span.faint", "–") : h("span.mono", number(value))), metricDelta) },
    { title: "Params", rows: of(report.params, plain) },
    { title: "Code", rows: of(report.code, (value) => (value === null ? h("span.faint", "–") : h("span.mono", { title: value }, value.slice(0, 12)))) },
    { title: "Environment", rows: [
      facts("command", (run) => run.command?.join(" ")), facts("user", (run) => run.user), facts("host", (run) => run.process?.host),
      ...of(report.tags.filter((row) => isEnvironment(row.key)), plain),
    ] },
    { title: "Stages", rows: stageRows(report) },
    { title: "Run", rows: [
      facts("status", (run) => run.status), facts("experiment", (run) => run.experiment),
      facts("took", (run) => run.durationMs, (value) => (value === null ? "–" : duration(value))),
    ] },
    { title: "Tags", rows: of(report.tags.filter((row) => !isEnvironment(row.key) && !["mlflow.note.content", "mlflow.runName"].includes(row.key)), plain) },
  ].filter((section) => section.rows.length);
}

const isEnvironment = (key) => /^(repro\.(env|environment|system|host|python|cuda|swift|os)|mlflow\.(source|user|docker|project))/.test(key);

function metricDelta(value, base) {
  if (typeof value !== "number" || typeof base !== "number" || !Number.isFinite(value - base)) return null;
  const gap = value - base;
  return h("small.delta", `${gap > 0 ? "+" : "−"}${number(Math.abs(gap))}`);
}

/** Of each stage that differs its command and its files; then how it went. */
function stageRows(report) {
  const files = (stage, kind, list) => list.map((file) => ({
    name: `${stage} ${kind} ${file.path}`, values: file.contents.map((content) => content?.object ?? null), differs: true,
    show: (value, index) => (value === null ? h("span.faint", "absent") : [h("span.mono", value.slice(0, 8)), " ", h("small.faint", bytes(file.contents[index].sizeBytes))]),
  }));
  const rows = report.stageDifferences.flatMap((stage) => [
    ...files(stage.stage, "reads", stage.inputs),
    ...(stage.commands.length ? [{
      name: `${stage.stage} command`, values: stage.commands.map((commands) => commands.join("\n") || null), differs: true,
      show: (value) => (value === null ? "–" : h("code.difference-command", value)),
    }] : []),
    ...(stage.onlySettingsDiffer ? [{ name: `${stage.stage} params, variables or options`, values: stage.states.map((state, index) => (state === null ? null : index)), differs: true, show: () => h("span.faint", "differ") }] : []),
    ...files(stage.stage, "makes", stage.outputs),
  ]);
  return rows.concat(report.stages.map((row) => ({
    name: `${row.key} state`, values: row.values, differs: row.differs, show: (value) => value ?? h("span.faint", "–"),
  })));
}

/** To the row that differs next, and back to the first after the last. */
function move(table, direction) {
  const rows = [...table.querySelectorAll("tr.differs")];
  if (rows.length === 0) return;
  const index = rows.indexOf(table.querySelector("tr.current"));
  const next = rows[(index + direction + rows.length + (index < 0 && direction < 0 ? 1 : 0)) % rows.length];
  rows[index]?.classList.remove("current");
  next.classList.add("current");
  next.scrollIntoView({ block: "center", inline: "nearest" });
  next.focus({ preventScroll: true });
}
