// The files of runs that show something: images by their names, tables and curves by a look into small ones.
import { get, getBytes } from "../lib/api.js";
import { path } from "../lib/router.js";
import { endOf, isImage } from "../components/preview.js";
import { detect, imagePlace } from "./detect.js";

const MOST_FILES = 1000;
const MOST_READ = 60;
const LARGEST = 2 * 1024 * 1024;
const readable = new Set(["csv", "tsv", "json", "jsonl", "ndjson"]);

/** `[{ kind, name, run, … }]`: of every run what it shows. An image has `step` and `call`. */
export async function collectMedia(runs, { signal }) {
  const found = await Promise.all(runs.map((run) => ofRun(run, signal)));
  return found.flat();
}

async function ofRun(run, signal) {
  const roots = [["artifacts", path("runs", run.id, "artifacts")], ["files", path("runs", run.id, "files")]];
  const files = (await Promise.all(roots.map(([kind, call]) => walk(kind, call, signal)))).flat();
  const items = files.filter((file) => isImage(file.name)).map((file) => {
    const { key, step } = imagePlace(file.name);
    return { kind: "image", name: key, step, run, call: file.call, file: file.name };
  });
  const others = files.filter((file) => readable.has(endOf(file.name)) && file.sizeBytes <= LARGEST).slice(0, MOST_READ);
  const shown = await Promise.all(others.map(async (file) => {
    const text = new TextDecoder().decode(await getBytes(file.call, {}, { signal }));
    const what = detect(file.name, text);
    if (what?.kind === "scores") {
      return [{ kind: "roc", points: what.roc, name: file.name, run }, { kind: "pr", points: what.pr, name: file.name, run }];
    }
    return what ? [{ ...what, name: file.name, run }] : [];
  }));
  return [...items, ...shown.flat()];
}

/** All files below; of what stages read and made only what they made. */
async function walk(kind, call, signal) {
  const files = [];
  const folders = [""];
  while (folders.length && files.length < MOST_FILES) {
    const folder = folders.shift();
    const { entries } = await get(call, folder ? { path: folder } : {}, { signal });
    for (const entry of entries) {
      const name = folder ? `${folder}/${entry.name}` : entry.name;
      if (kind === "files" && (entry.isStored === false || (!entry.isFolder && !entry.madeBy))) continue;
      if (entry.isFolder) folders.push(name);
      else files.push({ name, call: call + path(...name.split("/")), sizeBytes: entry.sizeBytes });
    }
  }
  return files;
}
