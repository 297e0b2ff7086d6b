// Changing runs.
import { patch } from "./api.js";
import { path } from "./router.js";

/** Sets tags of a run; a tag that is null is removed. */
export function setRunTags(run, tags) {
  return patch(path("runs", run), { tags });
}

export function renameRun(run, name) {
  return patch(path("runs", run), { name });
}
