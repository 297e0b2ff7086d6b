// What runs have logged to look at, side by side and over each other.
import { emptyState } from "../../components/emptyState.js";
import { h } from "../../lib/dom.js";
import { collectMedia } from "../../media/collect.js";
import { fillMedia } from "../../media/mediaBoard.js";

export async function mediaTab(page, signal) {
  const element = h("div");
  fillMedia(element, await collectMedia(page.runs, { signal }), signal, emptyState({
    title: "Nothing to look at", text: "Images, tables, confusion matrices, ROC and PR curves and histograms among the files of these runs would be shown side by side.",
    commands: ["repro log artifact plots/roc.json"],
  }));
  return { element };
}
