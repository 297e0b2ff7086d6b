// From URLs to views and back. Every view is a URL that shows the same picture when it is loaded again.
//
// A view is a module with `mount(outlet, context)`. It fills the outlet and may answer `{ update(location), dispose() }`:
// `update` is called when only the query or the path's names have changed; without it the view is mounted anew.
// `context`: { params, query, signal, setTitle }: names of the path, URLSearchParams, an AbortSignal that fires when the
// view is left (for fetches, listeners and keys), and a function for the title of the tab.
import { fill, h } from "./dom.js";
import { errorBox } from "../components/errorBox.js";
import { loadStyle } from "./assets.js";

// A static export has no server that would answer each path: there the path stands behind a #.
const usesHash = document.documentElement.dataset.routing === "hash";

let table = [];
let outlet = null;
let current = null;
let navigation = 0;
const listeners = new Set();

/** The place that the address bar shows: { path, query }. */
export function here() {
  const text = usesHash ? location.hash.slice(1) || "/" : location.pathname + location.search;
  const [path, query = ""] = text.split("?");
  return { path, query: new URLSearchParams(query) };
}

/** What to put into `href` for a path such as `/runs` with a query: an object or URLSearchParams. */
export function href(path, query) {
  const text = query instanceof URLSearchParams ? query.toString() : queryText(query ?? {});
  return `${usesHash ? "#" : ""}${path}${text ? "?" : ""}${text}`;
}

/** A path from words that may hold anything: `path("runs", name)`. */
export function path(...words) {
  return "/" + words.map((word) => encodeURIComponent(word)).join("/");
}

function queryText(query) {
  const params = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one !== null && one !== undefined && one !== "" && one !== false) params.append(key, one);
    }
  }
  return params.toString();
}

/** Goes to an `href`. `replace`: the browser's Back does not come here again. */
export function navigate(target, { replace = false } = {}) {
  history[replace ? "replaceState" : "pushState"](null, "", target);
  return show();
}

/** Writes a changed query into the address without mounting anything: for a view that has drawn it already. */
export function rewrite(query, { push = false } = {}) {
  const target = href(here().path, query);
  const now = usesHash ? location.hash : location.pathname + location.search;
  if (target === now) return;
  history[push ? "pushState" : "replaceState"](null, "", target);
  if (current) current.shown = target;
  for (const listener of listeners) listener(here());
}

/** Calls `listener` with the place after each change of it. */
export function onMove(listener) {
  listeners.add(listener);
}

/** `views`: { pattern: "/runs/:run", load: () => import(…), styles: […], title }; the first that matches is shown. */
export function startRouter(views, element) {
  table = views.map((view) => ({ ...view, segments: view.pattern.split("/").slice(1) }));
  outlet = element;
  addEventListener("popstate", show);
  if (usesHash) addEventListener("hashchange", show);
  document.addEventListener("click", followLink);
  return show();
}

function followLink(event) {
  const link = event.target.closest?.("a[href]");
  if (!link || event.defaultPrevented || event.button !== 0) return;
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  if (link.target || link.hasAttribute("download") || link.origin !== location.origin) return;
  const target = link.getAttribute("href");
  const isOurs = usesHash ? target.startsWith("#/") : target.startsWith("/") && !target.startsWith("/api/");
  if (!isOurs) return;
  event.preventDefault();
  navigate(target);
}

function match(place) {
  const words = place.path.split("/").slice(1).map(decodeSafely);
  if (words.length > 1 && words.at(-1) === "") words.pop();
  for (const view of table) {
    const params = {};
    const fits = view.segments.every((segment, index) => {
      if (segment.startsWith("*")) {
        params[segment.slice(1)] = words.slice(index).join("/");
        return index < words.length;
      }
      if (!segment.startsWith(":")) return segment === words[index];
      params[segment.slice(1)] = words[index];
      return words[index] !== undefined && words[index] !== "";
    });
    const takesAll = view.segments.at(-1)?.startsWith("*");
    if (fits && (takesAll || view.segments.length === words.length)) return { view, params };
  }
  return null;
}

function decodeSafely(word) {
  try {
    return decodeURIComponent(word);
  } catch {
    return word;
  }
}

async function show() {
  const place = here();
  const target = href(place.path, place.query);
  const found = match(place);
  for (const listener of listeners) listener(place);
  if (current?.view === found?.view && current?.handle?.update) {
    if (current.shown === target) return;
    current.shown = target;
    current.handle.update({ ...place, params: found.params });
    return;
  }
  const number = ++navigation;
  current?.abort.abort();
  try {
    current?.handle?.dispose?.();
  } finally {
    current = null;
  }
  outlet.scrollTop = 0;
  if (!found) {
    document.title = "Not found · Repro";
    fill(outlet, errorBox({ message: `there is no page at ${place.path}`, hint: "choose one at the left" }));
    return;
  }
  const abort = new AbortController();
  const entry = { view: found.view, handle: null, abort, shown: target };
  current = entry;
  setTitle(found.view.title);
  try {
    const [module] = await Promise.all([found.view.load(), ...(found.view.styles ?? []).map(loadStyle)]);
    if (number !== navigation) return;
    fill(outlet);
    const context = { params: found.params, query: place.query, path: place.path, signal: abort.signal, setTitle };
    const handle = await module.mount(outlet, context);
    if (number !== navigation) handle?.dispose?.();
    else entry.handle = handle ?? null;
    // The query may have moved on while the view was being mounted.
    if (number === navigation && handle?.update && entry.shown !== href(here().path, here().query)) show();
  } catch (error) {
    if (error.name === "AbortError" || number !== navigation) return;
    console.warn(error);
    fill(outlet, h(".view-body", errorBox(error)));
  }
}

function setTitle(title) {
  document.title = title ? `${title} · Repro` : "Repro";
}
