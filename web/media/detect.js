// What a logged file shows, told by its shape: docs/page.md lists the conventions.
import { tableOf } from "../components/preview.js";
import { parseDelimited } from "../text/delimited.js";
import { confusion, curvesFromScores } from "../analysis/rates.js";

/** Image files of one subject at several steps: `{ key, step }`. */
export function imagePlace(path) {
  // As MLflow names what log_image is given with a key and a step.
  const logged = /^(?:images\/)?(.+?)%step%(\d+)%timestamp%\d+%[^/]*$/.exec(path);
  if (logged) return { key: logged[1].replaceAll("#", "/"), step: Number(logged[2]) };
  const numbered = /^(.*?)(\d+)(\.[^./]+)$/.exec(path);
  if (numbered && /[/_.\- ]$|(step|epoch|iter)$/i.test(numbered[1])) {
    return { key: numbered[1].replace(/[/_.\- ]+$/, "") + numbered[3], step: Number(numbered[2]) };
  }
  return { key: path, step: null };
}

/** `{ kind, … }` of the text of a file, or null: `confusion`, `roc`, `pr`, `histogram`, `table`. */
export function detect(name, text) {
  const end = name.split(".").at(-1).toLowerCase();
  if (end === "csv" || end === "tsv") {
    const [columns = [], ...rows] = parseDelimited(text, end === "csv" ? "," : "\t");
    return fromTable(columns, rows);
  }
  if (end === "jsonl" || end === "ndjson") {
    const values = text.split("\n").filter((line) => line.trim() !== "").map(parsed);
    return values.includes(undefined) ? null : fromJSON(values);
  }
  return end === "json" ? fromJSON(parsed(text)) : null;
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function fromJSON(value) {
  if (value === null || typeof value !== "object") return null;
  const labels = value.labels ?? value.classes;
  const matrix = value.matrix ?? value.confusion_matrix;
  if (Array.isArray(matrix) && matrix.every((row) => Array.isArray(row) && row.length === matrix.length)) {
    return { kind: "confusion", labels: (labels ?? matrix.map((_, index) => index)).map(String), counts: matrix };
  }
  // As DVCLive and scikit-learn's exporters name them.
  for (const inner of [value.roc, value.prc, value.precision_recall, value.calibration, value.data]) {
    if (Array.isArray(inner) && inner[0] && typeof inner[0] === "object" && !Array.isArray(inner[0])) return fromJSON(inner);
  }
  if (Array.isArray(value) && value.length && value.every((row) => row && Array.isArray(row.counts) && Array.isArray(row.edges ?? row.bins))) return histograms(value);
  if (Array.isArray(value.counts) && Array.isArray(value.edges ?? value.bins)) return histograms([value]);
  if (Array.isArray(value.fpr) && Array.isArray(value.tpr)) return roc(value.fpr.map((x, index) => ({ x: Number(x), y: Number(value.tpr[index]) })));
  if (Array.isArray(value.precision) && Array.isArray(value.recall)) return pr(value.recall.map((x, index) => ({ x: Number(x), y: Number(value.precision[index]) })));
  const table = tableOf(value);
  return table ? fromTable(table.columns, table.rows) : null;
}

const roc = (points) => ({ kind: "roc", points: points.filter(isPoint) });
const pr = (points) => ({ kind: "pr", points: points.filter(isPoint) });
const isPoint = (point) => Number.isFinite(point.x) && Number.isFinite(point.y);

function histograms(rows) {
  const steps = rows.map((row, index) => ({ step: Number(row.step ?? row.epoch ?? index), edges: (row.edges ?? row.bins).map(Number), counts: row.counts.map(Number) }));
  const isWhole = steps.every((row) => row.edges.length === row.counts.length + 1 || row.edges.length === row.counts.length);
  return isWhole ? { kind: "histogram", steps: steps.sort((a, b) => a.step - b.step) } : null;
}

function fromTable(columns, rows) {
  const place = (...names) => columns.findIndex((name) => names.includes(String(name).trim().toLowerCase()));
  const numbers = (index) => rows.map((row) => (row[index] === "" || row[index] === undefined ? NaN : Number(row[index])));
  const pairs = (x, y) => {
    const [xs, ys] = [numbers(x), numbers(y)];
    return xs.map((value, index) => ({ x: value, y: ys[index] }));
  };
  const [fpr, tpr] = [place("fpr", "false_positive_rate"), place("tpr", "true_positive_rate")];
  if (fpr >= 0 && tpr >= 0) return roc(pairs(fpr, tpr));
  const [recall, precision] = [place("recall"), place("precision")];
  if (recall >= 0 && precision >= 0 && rows.length > 2) return pr(pairs(recall, precision));
  const [actual, predicted] = [place("actual", "actual_label", "true_label", "target", "label"), place("predicted", "predicted_label", "prediction")];
  const score = place("score", "probability", "prob");
  if (actual >= 0 && score >= 0) {
    const labels = numbers(actual);
    if (labels.every((label) => label === 0 || label === 1)) {
      const curves = curvesFromScores(numbers(score), labels);
      return { kind: "scores", roc: curves.roc.filter(isPoint), pr: curves.pr.filter(isPoint) };
    }
  }
  if (actual >= 0 && predicted >= 0) {
    const count = place("count", "n");
    const all = rows.map((row) => ({ actual: row[actual], predicted: row[predicted], count: count >= 0 ? Number(row[count]) : 1 }));
    const found = confusion(all);
    if (found.labels.length <= 60) return { kind: "confusion", ...found };
  }
  return rows.length ? { kind: "table", columns, rows } : null;
}
