// The columns of the runs table: what each is, how it is written in a URL and in a filter, and how its cells look.
import { h } from "../../lib/dom.js";
import { ago, duration, moment, number, param } from "../../lib/format.js";
import { stateMark } from "../../components/state.js";

/** A column's name in filters, sorts and URLs: ``metrics.`val loss` `` where the key needs it. */
export function reference(kind, key, field) {
  if (kind === "attribute") return key;
  const quoted = /^[\w.\-/:@%]+$/.test(key) ? key : `\`${key}\``;
  return `${kind}.${quoted}${field ? `.${field}` : ""}`;
}

const attributes = {
  name: { label: "Name", width: 200 },
  status: { label: "Status", width: 108 },
  duration: { label: "Duration", width: 96, numeric: true },
  start_time: { label: "Started", width: 104 },
  end_time: { label: "Ended", width: 104 },
  experiment: { label: "Experiment", width: 130 },
  user: { label: "User", width: 100 },
  host: { label: "Host", width: 110 },
  command: { label: "Command", width: 220 },
  commit: { label: "Commit", width: 92 },
  branch: { label: "Branch", width: 110 },
  failure: { label: "Failure", width: 240 },
  id: { label: "Id", width: 120 },
};

export const attributeNames = Object.keys(attributes).filter((name) => name !== "name");

/**
 * From the text in the URL: `metrics.loss!max,spark,w140`. Flags: `w…` width, `min`/`max` show that value of the series
 * instead of the last, `spark` draws it, `pin` keeps the column at the left.
 */
export function parseColumn(text) {
  const mark = text.lastIndexOf("!");
  const ref = mark < 0 ? text : text.slice(0, mark);
  const flags = mark < 0 ? [] : text.slice(mark + 1).split(",");
  const [, kind = "attribute", rest = ref] = /^(metrics|params|tags|stages)\.(.*)$/s.exec(ref) ?? [];
  let key = rest;
  let field = null;
  if (kind === "stages") {
    field = key.slice(key.lastIndexOf(".") + 1);
    key = key.slice(0, key.lastIndexOf("."));
  }
  key = key.replaceAll("`", "");
  const known = kind === "attribute" ? attributes[key] : null;
  const width = flags.map((flag) => /^w(\d+)$/.exec(flag)?.[1]).find(Boolean);
  return {
    ref, kind, key, field,
    aggregate: flags.find((flag) => flag === "min" || flag === "max") ?? "last",
    spark: flags.includes("spark"), pinned: flags.includes("pin"),
    label: known?.label ?? (kind === "stages" ? `${key} ${field}` : key),
    group: { metrics: "Metrics", params: "Params", tags: "Tags", stages: "Stages", attribute: "Run" }[kind],
    numeric: known?.numeric ?? kind === "metrics",
    width: width ? Number(width) : known?.width ?? usualWidth(kind, key, flags.includes("spark")),
  };
}

/** What orders rows by what the column shows. */
export function sortName(column) {
  return column.aggregate === "last" ? column.ref : `${column.aggregate}(${column.ref})`;
}

export function writeColumn(column) {
  const flags = [];
  if (column.aggregate !== "last") flags.push(column.aggregate);
  if (column.spark) flags.push("spark");
  if (column.pinned) flags.push("pin");
  if (column.width !== parseColumn(column.ref + (column.spark ? "!spark" : "")).width) flags.push(`w${Math.round(column.width)}`);
  return flags.length || column.ref.includes("!") ? `${column.ref}!${flags.join(",")}` : column.ref;
}

function usualWidth(kind, key, spark) {
  const letters = Math.min(22, Math.max(8, key.split(/[./]/).at(-1).length + 2));
  return 34 + letters * 7 + (spark ? 64 : 0);
}

/** A key without the part that its neighbours share is easier to read: the stage or the folder goes above. */
export function labelParts(column) {
  if (column.kind === "attribute" || column.kind === "stages") return { prefix: "", name: column.label };
  const cut = Math.max(column.key.lastIndexOf("."), column.key.lastIndexOf("/"));
  return cut > 0
    ? { prefix: column.key.slice(0, cut), name: column.key.slice(cut + 1) }
    : { prefix: "", name: column.key };
}

/** What stands in a cell. `row`: of the server; `value`: its value of this column; `curve`: its sparkline, if it came. */
export function cellContent(column, row, value, curve) {
  if (column.kind === "metrics") {
    const shown = column.aggregate === "last" ? value : curve?.[column.aggregate]?.value;
    const text = number(shown);
    return column.spark ? [sparkline(curve), h("span", text)] : text;
  }
  if (column.kind === "attribute") {
    switch (column.key) {
      case "status": return stateMark(row.status, { title: row.failure ?? null });
      case "duration": return duration(row.durationMs);
      case "start_time": return ago(row.startedAt);
      case "end_time": return ago(row.endedAt);
      case "commit": return value ? value.slice(0, 8) : "";
      case "id": return row.id.slice(0, 12);
      default: return value ?? "";
    }
  }
  if (column.kind === "stages") {
    if (value === null || value === undefined) return "";
    return column.field === "state" ? stateMark(value) : column.field === "duration" ? duration(value * 1000) : number(value);
  }
  return column.kind === "params" ? (typeof value === "number" ? number(value, 8) : param(value)) : value ?? "";
}

/** The whole value, for the tooltip and for copying. */
export function cellTitle(column, row, value, curve) {
  if (column.kind === "metrics") {
    const lines = [`${column.key}: ${value ?? "not logged"}`];
    if (curve?.min) lines.push(`least ${curve.min.value} near step ${curve.min.fromStep}`);
    if (curve?.max) lines.push(`greatest ${curve.max.value} near step ${curve.max.fromStep}`);
    if (curve) lines.push(`${curve.count} points, last at step ${curve.lastStep}`);
    return lines.join("\n");
  }
  if (column.ref === "start_time") return moment(row.startedAt, { seconds: true });
  if (column.ref === "end_time") return moment(row.endedAt, { seconds: true });
  if (column.ref === "status") return row.failure ?? "";
  return value === null || value === undefined ? "" : param(value);
}

export function isNumericCell(column, value) {
  return column.numeric || (column.kind === "params" && typeof value === "number") ||
    (column.kind === "stages" && column.field !== "state");
}

function sparkline(curve) {
  const canvas = h("canvas.spark", { width: 120, height: 36, ariaHidden: "true" });
  if (curve?.points?.length > 1) draw(canvas, curve);
  return canvas;
}

function draw(canvas, curve) {
  const points = curve.points.map((value) => (typeof value === "number" ? value : NaN));
  const finite = points.filter(Number.isFinite);
  if (!finite.length) return;
  const low = Math.min(...finite);
  const high = Math.max(...finite);
  const context = canvas.getContext("2d");
  // Canvas knows no CSS variables; the text's colour follows the theme.
  context.strokeStyle = getComputedStyle(document.documentElement).getPropertyValue("--accent");
  context.lineWidth = 2.4;
  context.lineJoin = "round";
  context.beginPath();
  let pen = false;
  points.forEach((value, index) => {
    if (!Number.isFinite(value)) { pen = false; return; }
    const x = 3 + (index / (points.length - 1)) * 114;
    const y = 32 - (high === low ? 0.5 : (value - low) / (high - low)) * 28;
    if (pen) context.lineTo(x, y);
    else context.moveTo(x, y);
    pen = true;
  });
  context.stroke();
}
