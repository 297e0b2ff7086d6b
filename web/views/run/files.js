// The files of a run: what it logged as artifacts, and what its stages read and made. A tree, and a preview beside it.
import { emptyState } from "../../components/emptyState.js";
import { errorBox } from "../../components/errorBox.js";
import { previewFile } from "../../components/preview.js";
import { get } from "../../lib/api.js";
import { fill, h } from "../../lib/dom.js";
import { bytes } from "../../lib/format.js";
import { icon } from "../../lib/icons.js";
import { here, path, rewrite } from "../../lib/router.js";
import { text, urlState } from "../../lib/urlState.js";

const state = urlState({ file: text("") });
const kinds = { artifacts: "Artifacts", stages: "Files of stages" };

export async function filesTab({ record, signal }) {
  const preview = h(".file-preview", h("p.faint", "Choose a file."));
  const tree = h(".file-tree");
  const call = { artifacts: path("runs", record.id, "artifacts"), stages: path("runs", record.id, "files") };
  let abort = new AbortController();

  /** `file`: `artifacts/…` or `stages/…`. */
  const open = async (file, size) => {
    abort.abort();
    abort = new AbortController();
    signal.addEventListener("abort", () => abort.abort());
    rewrite(state.write({ file }, here().query));
    for (const item of tree.querySelectorAll("[aria-selected=true]")) item.setAttribute("aria-selected", "false");
    tree.querySelector(`[data-file="${CSS.escape(file)}"]`)?.setAttribute("aria-selected", "true");
    const [kind, ...rest] = file.split("/");
    await previewFile(preview, { call: call[kind] + path(...rest), name: rest.join("/"), sizeBytes: size, signal: abort.signal });
  };
  const level = async (kind, folder, depth) => {
    const { entries } = await get(call[kind], folder ? { path: folder } : {}, { signal });
    entries.sort((a, b) => b.isFolder - a.isFolder || a.name.localeCompare(b.name, "en", { numeric: true }));
    return entries.map((entry) => item(kind, folder, entry, depth));
  };
  const item = (kind, folder, entry, depth) => {
    const file = folder ? `${folder}/${entry.name}` : entry.name;
    const button = h("button.file-row", {
      type: "button", role: "treeitem", dataset: { file: `${kind}/${file}` }, ariaSelected: "false",
      ariaExpanded: entry.isFolder ? "false" : null, disabled: !entry.isFolder && entry.isStored === false,
      title: entry.isStored === false ? `${entry.name}: its content is not in this store` : entry.name,
      style: { "padding-inline-start": `${8 + depth * 14}px` },
    }, icon(entry.isFolder ? "folder" : "file", 14), h("span.cut", entry.name), h("span.faint", entry.sizeBytes === undefined ? "" : bytes(entry.sizeBytes)));
    if (!entry.isFolder) {
      button.addEventListener("click", () => open(`${kind}/${file}`, entry.sizeBytes));
      return button;
    }
    const inner = h(".file-folder", { role: "group", hidden: true });
    const toggle = async () => {
      const isOpen = button.getAttribute("aria-expanded") === "true";
      button.setAttribute("aria-expanded", String(!isOpen));
      inner.hidden = isOpen;
      if (!isOpen && !inner.childElementCount) fill(inner, await level(kind, file, depth + 1).catch((error) => errorBox(error)));
    };
    button.addEventListener("click", toggle);
    button.openFolder = () => (button.getAttribute("aria-expanded") === "true" ? null : toggle());
    return [button, inner];
  };
  /** Opens the folders on the way to a file, so that a URL shows it. */
  const reveal = async (file) => {
    const [kind, ...names] = file.split("/");
    for (let end = 1; end < names.length; end += 1) {
      await tree.querySelector(`[data-file="${CSS.escape(`${kind}/${names.slice(0, end).join("/")}`)}"]`)?.openFolder?.();
    }
    return tree.querySelector(`[data-file="${CSS.escape(file)}"]`);
  };
  tree.addEventListener("keydown", (event) => moveFocus(event, tree));

  const parts = [];
  for (const [kind, title] of Object.entries(kinds)) {
    const entries = await level(kind, "", 0);
    if (entries.length) parts.push(h("h3", title), h("div", { role: "tree", ariaLabel: title }, entries));
  }
  if (parts.length === 0) {
    return { element: emptyState({ title: "No files", text: "Files that a run logs, and what its stages read and made, are here.", commands: ["repro log artifact report.html"] }) };
  }
  fill(tree, parts);
  const wanted = state.read(here().query).file;
  if (wanted) reveal(wanted).then((row) => (row?.getAttribute("aria-expanded") ? row.openFolder() : open(wanted)));
  return { element: h(".file-tab", tree, preview), moved: (place) => {
    const { file } = state.read(place.query);
    if (file) reveal(file).then(() => open(file));
  } };
}

function moveFocus(event, tree) {
  const rows = [...tree.querySelectorAll(".file-row:not(:disabled)")].filter((row) => row.offsetParent);
  const index = rows.indexOf(document.activeElement);
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step && index >= 0) rows[index + step]?.focus();
  else if (event.key === "ArrowRight") document.activeElement.openFolder?.();
  else if (event.key === "ArrowLeft" && document.activeElement.getAttribute("aria-expanded") === "true") document.activeElement.click();
  else return;
  event.preventDefault();
}
