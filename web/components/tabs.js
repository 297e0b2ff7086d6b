// Tabs of a view: the bar, and the part that the chosen one shows. The number keys choose, too; which is shown stands in
// the URL, and that is its owner's.
import { fill, h } from "../lib/dom.js";
import { bindKey } from "../lib/keyboard.js";

export class Tabs {
  /**
   * - `tabs`: { name, label, make(signal): a part, or a promise of one }. A part is { element } with, if it wants,
   *   `shown()`: it is in the document; `changed(…)`: what the view is about is; `moved(place)`: the URL is.
   * - `href(name)`: of a tab; `choose(name)`: someone has chosen one, and wants to see it.
   */
  constructor({ label, tabs, body, signal, href, choose }) {
    Object.assign(this, { tabs, body, signal });
    this.links = tabs.map((tab, index) => {
      bindKey(String(index + 1), tab.label, () => choose(tab.name), { signal });
      return h("a.tab", {
        href: href(tab.name), role: "tab", id: `tab-${tab.name}`,
        onclick: (event) => {
          if (event.metaKey || event.ctrlKey || event.shiftKey) return;
          event.preventDefault();
          choose(tab.name);
        },
      }, tab.label);
    });
    this.element = h(".tabs", { role: "tablist", ariaLabel: label }, this.links);
    body.setAttribute("role", "tabpanel");
    signal.addEventListener("abort", () => this.close());
  }

  /** The name of the tab that is shown, or will be as soon as it is made. */
  get shown() {
    return this.current?.name;
  }

  /** What is shown; nothing while it is made. */
  get part() {
    return this.current?.part;
  }

  /** Lets go of what is shown, so that the same tab can be made anew. */
  close() {
    this.current?.abort.abort();
    this.current = null;
  }

  async show(name) {
    if (this.shown === name) return;
    this.close();
    const current = { name, abort: new AbortController(), part: null };
    this.current = current;
    this.links.forEach((link, index) => {
      const isShown = this.tabs[index].name === name;
      link.setAttribute("aria-selected", String(isShown));
      if (isShown) link.scrollIntoView({ block: "nearest", inline: "nearest" });
    });
    const part = await this.tabs.find((tab) => tab.name === name).make(current.abort.signal);
    if (this.current !== current) return;
    current.part = part;
    this.body.dataset.tab = name;
    this.body.setAttribute("aria-labelledby", `tab-${name}`);
    fill(this.body, part.element);
    part.shown?.();
  }
}
