// What stands at the ticks of an axis, and how wide apart ticks of time are.

import { linearTicks, niceStep } from "./scale.js";

const SI = ["", "k", "M", "G", "T"];

/** A number at a tick: short, and exact for the numbers that ticks are. */
export function tickNumber(value) {
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (size >= 1e15 || size < 1e-4) return value.toExponential().replace("e+", "e");
  if (size < 1000) return String(Number(value.toPrecision(6)));
  const power = Math.min(SI.length - 1, Math.floor(Math.log10(size) / 3 + 1e-9));
  return `${Number((value / 1000 ** power).toPrecision(6))}${SI[power]}`;
}

/** A value in a tooltip: as many digits as tell it from its neighbours. */
export function shownNumber(value) {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "NaN" : value > 0 ? "∞" : "−∞";
  if (Number.isInteger(value) && Math.abs(value) < 1e12) return value.toLocaleString("en-US").replaceAll(",", " ");
  const size = Math.abs(value);
  if (size >= 1e6 || (size < 1e-3 && size > 0)) return value.toExponential(4).replace("e+", "e");
  return String(Number(value.toPrecision(6)));
}

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;
const timeSteps = [
  1, 2, 5, 10, 20, 50, 100, 200, 500, second, 2 * second, 5 * second, 10 * second, 15 * second, 30 * second, minute,
  2 * minute, 5 * minute, 10 * minute, 15 * minute, 30 * minute, hour, 2 * hour, 3 * hour, 6 * hour, 12 * hour, day,
  2 * day, 7 * day, 14 * day, 28 * day,
];

function timeTicks(low, high, count, offset) {
  const raw = (high - low) / Math.max(1, count);
  const step = timeSteps.find((each) => each >= raw) ?? niceStep(raw / day) * day;
  const result = [];
  for (let index = Math.ceil((low - offset) / step); index * step + offset <= high; index += 1) {
    result.push(index * step + offset);
  }
  return { ticks: result, step };
}

export function duration(milliseconds) {
  const sign = milliseconds < 0 ? "−" : "";
  const size = Math.abs(milliseconds);
  if (size < second) return `${sign}${Number(size.toPrecision(4))} ms`;
  if (size < minute) return `${sign}${Number((size / second).toPrecision(4))} s`;
  const [d, h, m, s] = [size / day, (size % day) / hour, (size % hour) / minute, (size % minute) / second].map(Math.floor);
  const parts = [d && `${d} d`, h && `${h} h`, m && `${m} min`, s && `${s} s`].filter(Boolean);
  return sign + parts.slice(0, 2).join(" ");
}

function clock(moment, step) {
  const date = new Date(moment);
  const two = (number) => String(number).padStart(2, "0");
  const days = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  if (step >= day) return days;
  const time = `${two(date.getHours())}:${two(date.getMinutes())}`;
  const midnight = date.getHours() === 0 && date.getMinutes() === 0 && date.getSeconds() === 0;
  if (midnight && step >= minute) return days.slice(5);
  if (step >= minute) return time;
  const seconds = `${time}:${two(date.getSeconds())}`;
  return step >= second ? seconds : `${seconds}.${String(date.getMilliseconds()).padStart(3, "0")}`;
}

/** Ticks with their words along an x axis: of steps, of time, or of another metric. */
export function xTicks(axis, scale, count) {
  const [low, high] = scale.domain;
  if (axis === "wall") {
    const zone = new Date(low).getTimezoneOffset() * minute;
    const { ticks, step } = timeTicks(low, high, count, zone);
    return ticks.map((value) => ({ value, text: clock(value, step) }));
  }
  if (axis === "relative") {
    return timeTicks(low, high, count, 0).ticks.map((value) => ({ value, text: value === 0 ? "0" : duration(value) }));
  }
  const values = linearTicks(low, high, count);
  const shown = axis === "step" ? values.filter(Number.isInteger) : values;
  return shown.map((value) => ({ value, text: tickNumber(value) }));
}

export function xText(axis, value) {
  if (axis === "wall") return new Date(value).toLocaleString();
  if (axis === "relative") return duration(value);
  if (axis === "step") return `step ${shownNumber(Math.round(value))}`;
  return `${axis.replace(/^metrics\./, "")} ${shownNumber(value)}`;
}
