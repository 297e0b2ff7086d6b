// All metrics of some runs as cards, by the first part of their names. Cards exist for all, charts only for those in
// view: a thousand metrics cost what a screenful does.
import { onColours } from "../lib/colours.js";
import { debounced, fill, h } from "../lib/dom.js";
import { onChange } from "../lib/events.js";
import { ChartCard } from "./chartCard.js";
import { changed, settingsFor } from "./chartSettings.js";
import { chartToolbar } from "./chartToolbar.js";
import { HoverLink } from "./hover.js";
import { forgetSeries } from "./seriesSource.js";

/** More cards than this are shown by sections that open. */
const MANY = 60;

export class ChartBoard {
  /**
   * `runs()`: what is drawn; `metrics`: their names; `state`: by `chartSchema`; `onState(state)` is told of changes.
   */
  constructor({ runs, metrics, state, onState, signal }) {
    Object.assign(this, { runs, metrics, state, onState, signal });
    this.link = new HoverLink();
    this.cards = new Map();
    this.sections = h(".chart-sections");
    this.toolbar = chartToolbar(this);
    this.element = h(".chart-board", this.toolbar.element, this.sections);
    this.sight = new IntersectionObserver((entries) => this.see(entries), { rootMargin: "200px 0px" });
    signal.addEventListener("abort", () => this.destroy());
    onColours(() => this.redraw(), { signal });
    const live = debounced(700, () => this.reload());
    onChange((event) => {
      const isOurs = event.kind !== "run" || this.runs().some((run) => run.id === event.id);
      if (isOurs && ["run", "store", "resync"].includes(event.kind)) live();
    }, { signal });
    this.arrange();
  }

  destroy() {
    this.sight.disconnect();
    for (const card of this.cards.values()) card.unmount();
  }

  see(entries) {
    for (const entry of entries) {
      const card = this.cards.get(entry.target.dataset.metric);
      if (entry.isIntersecting) card?.mount();
      else card?.unmount();
    }
  }

  settings(metric) {
    return settingsFor(this.state, metric);
  }

  /** Something for one metric. */
  change(metric, change) {
    this.setState(changed(this.state, metric, change));
  }

  /** Something for all charts. */
  set(change) {
    // Another axis has another range: what was zoomed into is not there any more.
    this.setState({ ...this.state, ...change, ...("x" in change ? { zoom: null } : {}) });
  }

  setState(state) {
    const findsOthers = state.find !== this.state.find;
    this.state = state;
    this.onState(state);
    this.toolbar.show();
    if (findsOthers) this.arrange();
    else for (const card of this.cards.values()) card.refresh();
  }

  setMetrics(metrics) {
    if (metrics.length === this.metrics.length && metrics.every((name, index) => name === this.metrics[index])) return;
    this.metrics = metrics;
    this.arrange();
  }

  reload() {
    forgetSeries();
    for (const card of this.cards.values()) card.refresh();
  }

  redraw() {
    for (const card of this.cards.values()) card.draw();
  }

  /** The cards that are searched for, below the first parts of their names. */
  arrange() {
    const words = this.state.find.toLowerCase().split(/\s+/).filter(Boolean);
    const found = this.metrics.filter((name) => words.every((word) => name.toLowerCase().includes(word)));
    const groups = new Map();
    for (const name of found) {
      const prefix = prefixOf(name);
      if (!groups.has(prefix)) groups.set(prefix, []);
      groups.get(prefix).push(name);
    }
    for (const [name, card] of this.cards) {
      if (found.includes(name)) continue;
      this.sight.unobserve(card.element);
      card.unmount();
      this.cards.delete(name);
    }
    const isLarge = found.length > MANY;
    fill(this.sections, [...groups].map(([prefix, names], index) => this.section(prefix, names, !isLarge || index === 0)));
    this.toolbar.count(found.length, this.metrics.length);
  }

  section(prefix, names, isOpen) {
    const grid = h(".chart-grid");
    const open = () => {
      if (grid.childElementCount) return;
      for (const name of names) grid.append(this.card(name).element);
    };
    if (isOpen) open();
    if (prefix === "" && names.length === this.metrics.length) return grid;
    return h("details.chart-section", { open: isOpen, ontoggle: (event) => event.target.open && open() },
      h("summary", h("span", prefix || "other"), h("span.faint", String(names.length))), grid);
  }

  card(name) {
    if (!this.cards.has(name)) {
      const card = new ChartCard(name, this);
      this.cards.set(name, card);
      this.sight.observe(card.element);
    }
    return this.cards.get(name);
  }
}

/** `train` of `train/loss`, `system` of `system.cpu`; a name of one word has none. */
function prefixOf(name) {
  const end = name.search(/[/.]/);
  return end > 0 ? name.slice(0, end) : "";
}
