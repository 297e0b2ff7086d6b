// From values to pixels and back: linear, logarithmic, and symmetric logarithmic (linear near zero).

const shapes = {
  linear: () => ({ forth: (value) => value, back: (place) => place }),
  log: () => ({ forth: (value) => (value > 0 ? Math.log10(value) : NaN), back: (place) => 10 ** place }),
  symlog: (unit) => ({
    forth: (value) => Math.sign(value) * Math.log10(1 + Math.abs(value) / unit),
    back: (place) => Math.sign(place) * unit * (10 ** Math.abs(place) - 1),
  }),
};

/** `domain`: the values at both ends; `range`: their pixels. */
export function makeScale(kind, domain, range) {
  const [low, high] = padded(kind, domain);
  const largest = Math.max(Math.abs(low), Math.abs(high)) || 1;
  const shape = shapes[kind](10 ** (Math.floor(Math.log10(largest)) - 3));
  const [from, to] = [shape.forth(low), shape.forth(high)];
  const factor = to === from ? 0 : (range[1] - range[0]) / (to - from);
  return {
    kind,
    domain: [low, high],
    range,
    pixel: (value) => range[0] + (shape.forth(value) - from) * factor,
    value: (pixel) => (factor === 0 ? low : shape.back(from + (pixel - range[0]) / factor)),
    ticks: (count) => ticks(kind, low, high, count),
  };
}

/** A domain that can be drawn: of some width, and above zero for a logarithm. */
function padded(kind, [low, high]) {
  if (!Number.isFinite(low) || !Number.isFinite(high)) return kind === "log" ? [1, 10] : [0, 1];
  if (kind === "log") {
    if (high <= 0) return [1, 10];
    const least = low > 0 ? low : high / 1e6;
    return least < high ? [least, high] : [least / 2, high * 2];
  }
  if (low < high) return [low, high];
  const room = Math.abs(low) * 0.1 || 0.5;
  return [low - room, high + room];
}

function ticks(kind, low, high, count) {
  if (kind === "log") return logTicks(low, high, count);
  if (kind === "symlog") return symlogTicks(low, high, count);
  return linearTicks(low, high, count);
}

export function linearTicks(low, high, count) {
  const step = niceStep((high - low) / Math.max(1, count));
  if (!(step > 0)) return [low];
  const result = [];
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  for (let index = first; index <= last; index += 1) result.push(Number((index * step).toPrecision(12)));
  return result;
}

/** The next of 1, 2, 5, 10, 20 … */
export function niceStep(raw) {
  const power = 10 ** Math.floor(Math.log10(raw));
  const part = raw / power;
  const nice = part <= 1 ? 1 : part <= 2 ? 2 : part <= 5 ? 5 : 10;
  return nice * power;
}

function logTicks(low, high, count) {
  const [from, to] = [Math.ceil(Math.log10(low) - 1e-9), Math.floor(Math.log10(high) + 1e-9)];
  if (to - from < 1) return linearTicks(low, high, count).filter((value) => value > 0);
  const stride = Math.max(1, Math.ceil((to - from + 1) / Math.max(1, count)));
  const result = [];
  for (let power = from; power <= to; power += stride) {
    for (const digit of to - from < 3 ? [1, 2, 5] : [1]) {
      const value = Number((digit * 10 ** power).toPrecision(12));
      if (value <= high * (1 + 1e-9)) result.push(value);
    }
  }
  return result;
}

function symlogTicks(low, high, count) {
  const largest = Math.max(Math.abs(low), Math.abs(high));
  const top = Math.floor(Math.log10(largest));
  const powers = [];
  for (let power = top - 3; power <= top; power += 1) powers.push(10 ** power);
  const thin = powers.filter((_, index) => (powers.length - 1 - index) % (count < 6 ? 2 : 1) === 0);
  const all = [...thin.map((value) => -value).reverse(), 0, ...thin];
  return all.filter((value) => value >= low && value <= high);
}
