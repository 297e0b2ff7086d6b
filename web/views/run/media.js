// What a run has logged to look at.
import { emptyState } from "../../components/emptyState.js";
import { runColour } from "../../lib/colours.js";
import { h } from "../../lib/dom.js";
import { collectMedia } from "../../media/collect.js";
import { fillMedia } from "../../media/mediaBoard.js";

export async function mediaTab({ record, signal }) {
  const element = h("div");
  const run = { id: record.id, name: record.name, colour: runColour(record.id) };
  fillMedia(element, await collectMedia([run], { signal }), signal, emptyState({
    title: "Nothing to look at", text: "Images, tables, confusion matrices, ROC and PR curves and histograms among the files of a run are shown here.",
    commands: ["repro log artifact plots/roc.json"],
  }));
  return { element };
}
