// One run: what it was, what came out, what its stages did and printed, which files and code it had.
import { Tabs } from "../../components/tabs.js";
import { get } from "../../lib/api.js";
import { fill, h } from "../../lib/dom.js";
import { onChange } from "../../lib/events.js";
import { here, href, path, rewrite } from "../../lib/router.js";
import { choice, urlState } from "../../lib/urlState.js";
import { runHead } from "./head.js";
import { overviewTab } from "./overview.js";

const tabs = [
  { name: "overview", label: "Overview", make: overviewTab },
  { name: "charts", label: "Charts", make: async (run) => (await import("./charts.js")).chartsTab(run) },
  { name: "graph", label: "Graph", make: async (run) => (await import("./graph.js")).graphTab(run) },
  { name: "stages", label: "Stages", make: async (run) => (await import("./stages.js")).stagesTab(run) },
  { name: "logs", label: "Logs", make: async (run) => (await import("./logs.js")).logsTab(run) },
  { name: "files", label: "Files", make: async (run) => (await import("./files.js")).filesTab(run) },
  { name: "media", label: "Media", make: async (run) => (await import("./media.js")).mediaTab(run) },
  { name: "code", label: "Code", make: async (run) => (await import("./code.js")).codeTab(run) },
];
const state = urlState({ tab: choice("overview", tabs.map((tab) => tab.name)) });

export async function mount(outlet, { params, query, signal, setTitle }) {
  const record = await get(path("runs", params.run), {}, { signal });
  const page = new RunPage(record, params.run, signal);
  setTitle(record.name);
  fill(outlet, page.head.element, page.tabs.element, page.body);
  await page.tabs.show(state.read(query).tab);
  return { update: (place) => page.moved(place) };
}

/** What the tabs share: the run as it is now, and who wants to know when it changes. */
class RunPage {
  constructor(record, name, signal) {
    Object.assign(this, { record, name, signal });
    this.head = runHead(this);
    this.body = h(".view-body.run-body");
    this.tabs = new Tabs({
      label: "Parts of the run", body: this.body, signal, href: (tab) => this.tabHref(tab), choose: (tab) => this.choose(tab),
      tabs: tabs.map((tab) => ({
        ...tab, make: (own) => tab.make({ page: this, record: this.record, signal: own, path: path("runs", this.record.id) }),
      })),
    });
    onChange((event) => {
      const isOurs = event.kind === "run" ? event.id === this.record.id : ["store", "resync"].includes(event.kind);
      if (isOurs) this.reload();
    }, { signal });
    // What only the clock changes: how long it runs, when it was last heard of.
    const clock = setInterval(() => !isOver(this.record) && this.head.show(this.record), 5000);
    signal.addEventListener("abort", () => clearInterval(clock));
  }

  tabHref(tab) {
    return href(path("runs", this.name), tab === "overview" ? {} : { tab });
  }

  choose(tab) {
    // Settings of other tabs stay in the URL, as long as the run is looked at.
    rewrite(state.write({ tab }, here().query), { push: true });
    this.tabs.show(tab);
  }

  moved(place) {
    if (decodeURIComponent(place.path.split("/")[2] ?? "") !== this.name) return location.reload();
    const { tab } = state.read(place.query);
    if (tab !== this.tabs.shown) this.tabs.show(tab);
    else this.tabs.part?.moved?.(place);
  }

  async reload() {
    if (this.isLoading) {
      this.isStale = true;
      return;
    }
    this.isLoading = true;
    try {
      this.record = await get(path("runs", this.record.id), {}, { signal: this.signal });
      this.head.show(this.record);
      await this.tabs.part?.changed?.(this.record);
    } catch {
      // The next event asks again.
    } finally {
      this.isLoading = false;
      if (this.isStale) setTimeout(() => this.reload(), 500);
      this.isStale = false;
    }
  }
}

function isOver(record) {
  return ["finished", "failed", "killed", "interrupted"].includes(record.status);
}
