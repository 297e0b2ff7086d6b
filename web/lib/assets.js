// Files of the page that are loaded when something needs them.
import { h } from "./dom.js";
import { exportedIcon, isExported } from "./exported.js";

const root = new URL("../", import.meta.url);
const loaded = new Map();

/** A stylesheet, by its path below web/; resolves when it holds. */
export function loadStyle(path) {
  // A copy has all of them from the start.
  if (isExported) return Promise.resolve();
  return once(path, (url) => h("link", { rel: "stylesheet", href: url }));
}

/** A script of others that makes a global, such as `vendor/dagre.min.js`; resolves when it has run. */
export function loadScript(path) {
  if (isExported) return loadFromCopy(path);
  return once(path, (url) => h("script", { src: url }));
}

/** The icon of the page. */
export function iconURL() {
  return exportedIcon ?? new URL("icon.svg", root).href;
}

async function loadFromCopy(path) {
  if (!loaded.has(path)) {
    if (!window.reproScripts[path]) throw new MissingFile(path);
    window.reproScripts[path]();
    loaded.set(path, true);
  }
}

function once(path, makeElement) {
  if (!loaded.has(path)) {
    loaded.set(path, new Promise((resolve, reject) => {
      const element = makeElement(new URL(path, root).href);
      element.addEventListener("load", resolve);
      element.addEventListener("error", () => {
        loaded.delete(path);
        reject(new MissingFile(path));
      });
      document.head.append(element);
    }));
  }
  return loaded.get(path);
}

class MissingFile extends Error {
  constructor(path) {
    super(`${path} cannot be loaded`);
    this.hint = path.startsWith("vendor/")
      ? "this repro was built without it: run scripts/setup build, then build again"
      : "load the page again; repro may have been updated";
  }
}
