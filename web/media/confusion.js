// Confusion matrices of several runs side by side: rows are what was, columns what was said; darker is more of the row.
import { h } from "../lib/dom.js";
import { count } from "../lib/format.js";

/** Beyond this many labels numbers would not fit. */
const MOST_NUMBERS = 14;

export function confusionGrid(items) {
  return h(".confusions", items.map((item) => {
    const total = item.counts.flat().reduce((sum, value) => sum + value, 0);
    const right = item.counts.reduce((sum, row, index) => sum + row[index], 0);
    const hasNumbers = item.labels.length <= MOST_NUMBERS;
    return h(".confusion", h("p.media-run", h("span.run-mark", { ariaHidden: "true", style: { "--mark": item.run.colour } }), h("span.cut", item.run.name),
      h("span.faint", `${total ? Math.round((right / total) * 1000) / 10 : 0} % of ${count(total)} right`)),
    h("table", { ariaLabel: `Confusion matrix of ${item.run.name}: rows are actual, columns predicted labels` },
      hasNumbers ? h("thead", h("tr", h("td"), item.labels.map((label) => h("th", { scope: "col" }, label)))) : null,
      h("tbody", item.counts.map((row, index) => {
        const sum = row.reduce((all, value) => all + value, 0) || 1;
        return h("tr", hasNumbers ? h("th", { scope: "row" }, item.labels[index]) : null, row.map((value, column) => {
          const share = value / sum;
          return h("td", {
            title: `${item.labels[index]} taken for ${item.labels[column]}: ${value}`, class: share > 0.55 ? "strong" : "",
            style: { "--share": `${Math.round(share * 100)}%` },
          }, hasNumbers ? String(value) : "");
        }));
      }))));
  }));
}
