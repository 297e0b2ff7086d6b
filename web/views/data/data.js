// Data of the project: what is tracked and what stages make, how large, in how many versions, and who reads it.
import { debounced, fill, h } from "../../lib/dom.js";
import { get } from "../../lib/api.js";
import { onChange } from "../../lib/events.js";
import { bytes, count, plural } from "../../lib/format.js";
import { icon } from "../../lib/icons.js";
import { bindKey } from "../../lib/keyboard.js";
import { here, href, path, rewrite } from "../../lib/router.js";
import { emptyState } from "../../components/emptyState.js";

export async function mount(outlet, { query, signal }) {
  let data = [];
  const search = h("input.field", { type: "search", value: query.get("search") ?? "", placeholder: "Search paths", ariaLabel: "Search paths" });
  const total = h("span.faint", { role: "status" });
  const body = h(".view-body");
  const draw = () => {
    const wanted = search.value.trim().toLowerCase();
    const found = data.filter((one) => one.path.toLowerCase().includes(wanted));
    total.textContent = plural(found.length, "path");
    fill(body, data.length ? table(found) : emptyState({
      title: "No data yet", text: "Track a file or a folder, however large: its versions are kept, and every run remembers which one it read.",
      commands: ["repro add data/raw", "git add data/raw.repro && git commit -m 'Track the data'"],
    }));
  };
  search.addEventListener("input", () => { rewrite(search.value ? { search: search.value } : {}); draw(); });
  const load = async () => {
    ({ data } = await get("/data", {}, { signal }));
    draw();
  };
  await load();
  fill(outlet, h("header.view-head", h("h1", "Data"), total, h(".actions", search)), body);
  bindKey("/", "Search paths", () => search.focus(), { signal });
  const again = debounced(1500, () => load().catch(() => {}));
  onChange((event) => { if (event.kind !== "model") again(); }, { signal });
  return { update: () => { search.value = here().query.get("search") ?? ""; draw(); } };
}

const sources = { tracked: "tracked", stage: "out", seen: "dep" };

function table(data) {
  return h(".table-frame", h("table.plain-table.data-table",
    h("thead", h("tr", h("th", "Path"), h("th", "Kind"), h("th", "Made by"), h("th", "Read by"), h("th.number", "Size"), h("th.number", "Files"), h("th.number", "Versions"))),
    h("tbody", data.map((one) => h("tr",
      h("td", h("a.data-path", { href: href(path("data", ...one.path.split("/"))) }, icon(one.fileCount === undefined ? "file" : "folder", 14), h("span", one.path))),
      h("td.quiet", sources[one.source]),
      h("td", one.stage ? h("a", { href: href("/pipeline", { stage: one.stage }) }, one.stage) : h("span.faint", one.source === "tracked" ? "you" : "")),
      h("td.data-stages", one.stages.map((stage) => h("a.badge", { href: href("/pipeline", { stage }) }, stage))),
      h("td.number", bytes(one.sizeBytes)),
      h("td.number.faint", one.fileCount === undefined ? "" : count(one.fileCount)),
      h("td.number", one.versionCount))))));
}
