// A look into a file. Nothing of it is ever run: a page is shown as its text, a picture in an <img>, which runs no script.
import { apiURL, getBytes } from "../lib/api.js";
import { fill, h } from "../lib/dom.js";
import { bytes as sizeText, count } from "../lib/format.js";
import { icon } from "../lib/icons.js";
import { parseDelimited } from "../text/delimited.js";
import { dataTable } from "./dataTable.js";
import { errorBox } from "./errorBox.js";

const HEAD = 256 * 1024;
const MOST_OF_MEDIA = 64 * 1024 * 1024;
const images = { png: "image/png", jpg: "image/jpeg", jpeg: "image/jpeg", gif: "image/gif", webp: "image/webp", avif: "image/avif", svg: "image/svg+xml", bmp: "image/bmp", ico: "image/x-icon" };
const sounds = { wav: "audio/wav", mp3: "audio/mpeg", ogg: "audio/ogg", flac: "audio/flac", m4a: "audio/mp4" };
const films = { mp4: "video/mp4", webm: "video/webm", mov: "video/quicktime" };

export const endOf = (name) => (/\.([^./]+)$/.exec(name)?.[1] ?? "").toLowerCase();
export const isImage = (name) => endOf(name) in images;

/** Fills `outlet` with a preview of what `call`, a path of our API, answers. */
export async function previewFile(outlet, { call, name, sizeBytes, signal }) {
  const head = h("header.preview-head", h("span.mono.cut", { title: name }, name),
    h("span.faint", sizeBytes === undefined ? "" : sizeText(sizeBytes)),
    h("a.button.small", { href: apiURL(call), download: name.split("/").at(-1) }, icon("download", 14), "Download"));
  const content = h(".preview-content", { ariaBusy: "true" });
  fill(outlet, head, content);
  try {
    fill(content, await preview({ call, name, sizeBytes, signal }));
  } catch (error) {
    if (error.name === "AbortError") return;
    fill(content, errorBox(error));
  } finally {
    content.removeAttribute("aria-busy");
  }
}

async function preview(file) {
  const end = endOf(file.name);
  if (end in images) return media(file, images[end], (src) => h("img.preview-image", { src, alt: file.name }));
  if (end in sounds) return media(file, sounds[end], (src) => h("audio", { src, controls: true }));
  if (end in films) return media(file, films[end], (src) => h("video.preview-image", { src, controls: true }));
  const part = await getBytes(file.call, {}, { signal: file.signal, headers: { Range: `bytes=0-${HEAD - 1}` } });
  const isWhole = part.length < HEAD;
  if (looksBinary(part)) return binary(part, file);
  const text = new TextDecoder().decode(part);
  if (end === "csv" || end === "tsv") return delimited(text, end === "csv" ? "," : "\t", isWhole);
  if (isWhole && (end === "json" || end === "ipynb")) return json(text);
  return plain(text, isWhole);
}

/** Bytes with a type of ours, not the server's, and an address that no other page can open. */
async function media({ call, sizeBytes, signal }, type, make) {
  if (sizeBytes > MOST_OF_MEDIA) return h("p.faint", "Too large to be shown here.");
  const bytes = await getBytes(call, {}, { signal });
  const src = URL.createObjectURL(new Blob([bytes], { type }));
  signal.addEventListener("abort", () => URL.revokeObjectURL(src));
  return make(src);
}

function looksBinary(part) {
  const sample = part.subarray(0, 8192);
  if (sample.includes(0)) return true;
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(sample, { stream: true });
    return false;
  } catch {
    return true;
  }
}

function plain(text, isWhole) {
  return [h("pre.code-block.preview-text", text), isWhole ? null : h("p.faint", `The first ${sizeText(HEAD)}; download it to see the rest.`)];
}

function json(text) {
  let value;
  try {
    value = JSON.parse(text);
  } catch {
    return plain(text, true);
  }
  const table = tableOf(value);
  if (table) return dataTable(table.columns, table.rows);
  return plain(JSON.stringify(value, null, 2), true);
}

/** A table as MLflow logs one, or a list of objects of one shape. */
export function tableOf(value) {
  if (Array.isArray(value?.columns) && Array.isArray(value?.data)) return { columns: value.columns.map(String), rows: value.data };
  if (!Array.isArray(value) || value.length < 2 || !value.every((row) => row && typeof row === "object" && !Array.isArray(row))) return null;
  const columns = [...new Set(value.flatMap((row) => Object.keys(row)))];
  if (columns.length > 200) return null;
  return { columns, rows: value.map((row) => columns.map((name) => row[name])) };
}

function delimited(text, separator, isWhole) {
  const [columns = [], ...rows] = parseDelimited(text, separator, { isWhole });
  return [dataTable(columns, rows), isWhole ? null : h("p.faint", `The first ${count(rows.length)} rows; download it to see the rest.`)];
}

function binary(part, file) {
  const lines = [];
  for (let start = 0; start < Math.min(part.length, 512); start += 16) {
    const row = [...part.subarray(start, start + 16)];
    const hex = row.map((byte) => byte.toString(16).padStart(2, "0")).join(" ").padEnd(47);
    const letters = row.map((byte) => (byte >= 32 && byte < 127 ? String.fromCharCode(byte) : "·")).join("");
    lines.push(`${start.toString(16).padStart(6, "0")}  ${hex}  ${letters}`);
  }
  return [h("p.faint", `Not text${file.sizeBytes > 512 ? "; its first 512 bytes" : ""}:`), h("pre.code-block.preview-text", lines.join("\n"))];
}
