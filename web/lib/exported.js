// A copy of views in one document, which `repro ui --export` makes: what a server would answer stands in the document.

import { groupsOfTable, pageOfTable } from "./exportedTable.js";

const element = document.getElementById("exported");
const copy = element ? JSON.parse(element.textContent) : null;

export const isExported = copy !== null;

/** The icon of the page as a data URL, the view that opens, and when the copy was taken. */
export const exportedIcon = copy?.icon;
export const exportedStart = copy?.start;
export const exportedAt = copy?.takenAt;

const ignored = new Set(["columns", "from", "to", "limit", "offset", "groups", "runs"]);
const alsoIgnored = { "/table": ["column", "sort", "total"], "/sparklines": ["run", "metric"] };

/** As the server names a call it has recorded: Sources/Interfaces/Server/Export/RecordedCalls.swift. */
function keyOf(path, query) {
  const items = [...new URLSearchParams(query)]
    .filter(([name, value]) => !ignored.has(name) && !alsoIgnored[path]?.includes(name) && value !== "");
  const sorted = items.map((item, index) => [...item, index]).sort(([a, , i], [b, , j]) => (a < b ? -1 : a > b ? 1 : i - j));
  return [decodeURIComponent(path), ...sorted.map(([name, value]) => `${name}=${value}`)].join("\n");
}

/** The whole table of runs behind a question, with all its columns; undefined if it is not in the copy. */
function tableOf(query) {
  const found = copy.answers[keyOf("/table", new URLSearchParams(query))];
  return found === undefined ? undefined : JSON.parse(found);
}

/** What the server answered to a GET, as a `Response`; `query`: text. */
export function exportedAnswer(path, query) {
  const question = new URLSearchParams(query);
  if (path === "/table") return responseOf(pageOfTable(tableOf, question));
  if (path === "/table/groups" && question.get("by") !== "experiment") return responseOf(groupsOfTable(tableOf, question));
  const found = copy.answers[keyOf(path, query)];
  if (found === undefined) return responseOf(undefined);
  if (!found.startsWith("base64:")) return new Response(found);
  const letters = atob(found.slice("base64:".length));
  return new Response(Uint8Array.from(letters, (letter) => letter.charCodeAt(0)));
}

function responseOf(answer) {
  if (answer !== undefined) return new Response(JSON.stringify(answer));
  const error = { message: "this copy of the page does not have that", hint: "it was made for some views only: `repro ui` has all of them" };
  return new Response(JSON.stringify({ error }), { status: 404 });
}

/** What a download of an answer links to. */
export function exportedURL(path, query) {
  const found = copy.answers[keyOf(path, query)];
  if (found === undefined) return "";
  return `data:application/octet-stream;base64,${found.startsWith("base64:") ? found.slice(7) : btoa(Array.from(new TextEncoder().encode(found), (byte) => String.fromCharCode(byte)).join(""))}`;
}
