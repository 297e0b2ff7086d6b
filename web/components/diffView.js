// A diff, file by file.
import { h } from "../lib/dom.js";
import { parseDiff } from "../text/diff.js";

/** Longer ones are shown when asked for. */
const MANY_LINES = 2000;

export function diffView(text) {
  const files = parseDiff(text);
  if (files.length === 0) return h("pre.code-block", text);
  return h(".diff", files.map((file) => h("details.diff-file", { open: lineCount(file) <= MANY_LINES },
    h("summary", h("span.mono.cut", file.path), file.note ? h("span.badge", file.note) : null,
      h("span.diff-added", `+${file.added}`), h("span.diff-removed", `−${file.removed}`)),
    file.hunks.map((hunk) => h("table.diff-hunk", { ariaLabel: `Changes of ${file.path}` },
      h("tbody", hunk.title ? h("tr.diff-title", h("td"), h("td"), h("td", hunk.title)) : null,
        hunk.lines.map((line) => h("tr", { class: line.kind },
          h("td.faint", line.before ?? ""), h("td.faint", line.after ?? ""),
          h("td", h("span.diff-sign", { same: " ", added: "+", removed: "−" }[line.kind]), line.text)))))))));
}

const lineCount = (file) => file.hunks.reduce((sum, hunk) => sum + hunk.lines.length, 0);
