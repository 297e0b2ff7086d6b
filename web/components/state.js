// The state of a run or of a stage: a mark and its word.
import { h } from "../lib/dom.js";

export function stateMark(state, { title = null } = {}) {
  return h("span.state", { dataset: { state }, title }, state);
}
