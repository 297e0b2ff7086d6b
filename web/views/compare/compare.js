// Runs side by side: what differs and where it began, their curves, and how params and metrics go together.
import { colourMark } from "../../components/colourMark.js";
import { emptyState } from "../../components/emptyState.js";
import { Tabs } from "../../components/tabs.js";
import { get } from "../../lib/api.js";
import { coloursFor, onColours } from "../../lib/colours.js";
import { debounced, fill, h } from "../../lib/dom.js";
import { onChange } from "../../lib/events.js";
import { plural } from "../../lib/format.js";
import { icon } from "../../lib/icons.js";
import { here, href, path, rewrite } from "../../lib/router.js";
import { choice, flag, list, text, urlState } from "../../lib/urlState.js";
import { differencesTab } from "./differences.js";

const tabs = [
  { name: "differences", label: "Differences", make: differencesTab },
  { name: "charts", label: "Charts", make: async (...parts) => (await import("./charts.js")).chartsTab(...parts) },
  { name: "scatter", label: "Scatter", make: async (...parts) => (await import("./scatter.js")).scatterTab(...parts) },
  { name: "parallel", label: "Parallel", make: async (...parts) => (await import("./parallel.js")).parallelTab(...parts) },
  { name: "importance", label: "Importance", make: async (...parts) => (await import("./importance.js")).importanceTab(...parts) },
  { name: "stages", label: "Stages", make: async (...parts) => (await import("./stages.js")).stagesTab(...parts) },
  { name: "media", label: "Media", make: async (...parts) => (await import("./media.js")).mediaTab(...parts) },
];

const schema = urlState({
  run: list([]), tab: choice("differences", tabs.map((tab) => tab.name)), base: text(""), same: flag(false), find: text(""),
  metric: text(""), other: text(""), x: text(""), y: text(""), size: text(""), pareto: flag(false), wants: text(""),
  scope: choice("these", ["these", "all"]), axes: list([]), colour: text(""),
});

export async function mount(outlet, { query, signal, setTitle }) {
  const state = schema.read(query);
  if (state.run.length < 2) {
    fill(outlet, h("header.view-head", h("h1", "Compare")), h(".view-body", emptyState({
      title: "Choose two runs or more", text: "Mark runs in the table with x, and press c.", commands: ["repro compare run1 run2"],
      action: h("a.button.primary", { href: href("/runs") }, "To the runs"),
    })));
    return { update: () => mount(outlet, { query: here().query, signal, setTitle }) };
  }
  const page = new ComparePage(state, signal);
  await page.load();
  setTitle(`Compare ${plural(page.runs.length, "run")}`);
  fill(outlet, page.head, page.tabs.element, page.body);
  await page.tabs.show(state.tab);
  return { update: (place) => page.moved(place) };
}

class ComparePage {
  constructor(state, signal) {
    this.state = state;
    this.signal = signal;
    this.title = h("h1");
    this.chips = h(".run-chips");
    this.head = h("header.view-head", this.title, this.chips);
    this.body = h(".view-body.compare-body");
    this.tabs = new Tabs({
      label: "Ways to compare", body: this.body, signal, choose: (tab) => this.choose(tab),
      href: (tab) => href("/compare", schema.write({ ...this.state, tab })),
      tabs: tabs.map((tab) => ({ ...tab, make: (own) => tab.make(this, own) })),
    });
    const again = debounced(800, () => this.load().then(() => this.tabs.part?.changed?.(), () => {}));
    onChange((event) => {
      if (event.kind !== "run" || this.runs.some((run) => run.id === event.id)) again();
    }, { signal });
    onColours(() => {
      this.colour();
      this.tabs.part?.changed?.();
    }, { signal });
  }

  async load() {
    this.report = await get("/compare", { run: this.state.run }, { signal: this.signal });
    this.runs = this.report.runs;
    this.colour();
  }

  colour() {
    const colours = coloursFor(this.runs.map((run) => run.id));
    this.runs.forEach((run) => { run.colour = colours.get(run.id); });
    this.title.textContent = plural(this.runs.length, "run");
    fill(this.chips, this.runs.map((run) => this.chip(run)));
  }

  chip(run) {
    const others = this.state.run.filter((_, index) => this.runs[index].id !== run.id);
    return h("span.run-chip", colourMark(run, { colour: run.colour }),
      h("a.cut", { href: href(path("runs", run.id)), title: `${run.name} · ${run.experiment}` }, run.name),
      others.length < 2 ? null : h("a.run-chip-close", {
        href: href("/compare", schema.write({ ...this.state, run: others }, here().query)), ariaLabel: `Without ${run.name}`,
      }, icon("close", 11)));
  }

  /** The run that others are held against, by its place. */
  get base() {
    return Math.max(0, this.runs.findIndex((run) => run.id === this.state.base));
  }

  set(change, { push = false } = {}) {
    this.state = { ...this.state, ...change };
    rewrite(schema.write(this.state, here().query), { push });
  }

  choose(tab) {
    this.set({ tab }, { push: true });
    this.tabs.show(tab);
  }

  async moved(place) {
    const state = schema.read(place.query);
    const isOther = state.run.join("\n") !== this.state.run.join("\n");
    this.state = state;
    if (isOther) {
      await this.load();
      this.tabs.close();
    }
    if (this.tabs.shown !== state.tab) await this.tabs.show(state.tab);
    else this.tabs.part?.moved?.(place);
  }
}
