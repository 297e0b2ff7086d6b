// Values as people read them.

/** A metric: enough digits to compare, not more. */
export function number(value, digits = 5) {
  if (value === null || value === undefined) return "";
  if (typeof value !== "number") return String(value);
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
  if (Number.isInteger(value) && Math.abs(value) < 1e7) return minus(String(value));
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-4 || size >= 1e7)) {
    return minus(value.toExponential(Math.max(0, digits - 2)).replace(/\.?0+e/, "e").replace("e+", "e"));
  }
  return minus(String(Number(value.toPrecision(digits))));
}

/** A param as it was written: texts bare, the rest as JSON. */
export function param(value) {
  if (value === null || value === undefined) return "";
  if (typeof value === "string") return value;
  if (typeof value === "number") return minus(String(value));
  return JSON.stringify(value);
}

/** A count with thin spaces: 12 345. */
export function count(value) {
  return String(value).replace(/\B(?=(\d{3})+$)/g, "\u2009");
}

export function bytes(value) {
  if (value === null || value === undefined) return "";
  const units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];
  let index = 0;
  while (value >= 1024 && index < units.length - 1) {
    value /= 1024;
    index += 1;
  }
  return `${index === 0 ? value : value.toFixed(value < 10 ? 1 : 0)} ${units[index]}`;
}

/** Milliseconds: 0.42 s, 12.3 s, 4 min 05 s, 2 h 14 min, 3 d 4 h. */
export function duration(milliseconds) {
  if (milliseconds === null || milliseconds === undefined) return "";
  const seconds = milliseconds / 1000;
  if (seconds < 10) return `${seconds.toFixed(2)} s`;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${pad(whole % 60)} s`;
  if (whole < 86400) return `${Math.floor(whole / 3600)} h ${pad(Math.floor((whole % 3600) / 60))} min`;
  return `${Math.floor(whole / 86400)} d ${Math.floor((whole % 86400) / 3600)} h`;
}

/** How long a stage ran; nothing of one that did not. */
export function stageDuration({ state, durationMs }) {
  return state === "skipped" || state === "cached" ? "" : duration(durationMs);
}

/** A moment, in the reader's time zone: 2026-11-21 10:20, with seconds if asked. */
export function moment(text, { seconds = false } = {}) {
  if (!text) return "";
  const date = new Date(text);
  const day = `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}`;
  return `${day} ${pad(date.getHours())}:${pad(date.getMinutes())}${seconds ? `:${pad(date.getSeconds())}` : ""}`;
}

/** How long ago: just now, 5 min ago, 3 h ago, 2 d ago; from 30 days on the day. */
export function ago(text, now = Date.now()) {
  if (!text) return "";
  const seconds = Math.max(0, (now - new Date(text).getTime()) / 1000);
  if (seconds < 45) return "just now";
  if (seconds < 3600) return `${Math.max(1, Math.round(seconds / 60))} min ago`;
  if (seconds < 86400) return `${Math.round(seconds / 3600)} h ago`;
  if (seconds < 30 * 86400) return `${Math.round(seconds / 86400)} d ago`;
  return moment(text).slice(0, 10);
}

/** One or several: `plural(3, "run")` is "3 runs". */
export function plural(amount, word, words = `${word}s`) {
  return `${count(amount)} ${amount === 1 ? word : words}`;
}

function pad(value) {
  return String(value).padStart(2, "0");
}

function minus(text) {
  return text.replace(/^-/, "−");
}
