// Colours of runs: each run has one, the same in every view, on every machine, after every reload.
//
// Any two colours of a palette are at least 21 apart in CIE Lab, for full sight and as simulated for protanopia,
// deuteranopia and tritanopia, and each has a contrast of 3 or more with its background.

const light = [
  "#2940d6", "#d1618e", "#2e9e4c", "#8a2877", "#828cc9", "#5a4a0c", "#9a69e2", "#174f3c", "#8e961d", "#6d1d96",
];
const dark = [
  "#ab94eb", "#edd578", "#18b418", "#ed78a7", "#62e1ea", "#656b14", "#bad9a6", "#a1458e", "#227744", "#9e4be7",
];

const chosen = new Map(Object.entries(JSON.parse(localStorage.getItem("repro.colours") ?? "{}")));
const darkQuery = matchMedia("(prefers-color-scheme: dark)");
const listeners = new Set();

const paletteSize = light.length;

export function isDark() {
  const theme = document.documentElement.dataset.theme;
  return theme ? theme === "dark" : darkQuery.matches;
}

/** The palette for the theme that is shown. */
export function palette() {
  return isDark() ? dark : light;
}

/** The place of a run's colour in the palette: as chosen, else by its id. */
export function runColourIndex(id) {
  return chosen.get(id) ?? hash(id) % paletteSize;
}

export function runColour(id) {
  return palette()[runColourIndex(id)];
}

/**
 * Colours for runs that are shown together: each its own, no two alike while there are enough of them. Which is decided
 * by the ids alone, so that the same runs have the same colours again.
 */
export function coloursFor(ids) {
  const taken = new Set();
  const result = new Map();
  for (const id of ids) {
    let index = runColourIndex(id);
    for (let step = 0; step < paletteSize && taken.has(index) && !chosen.has(id); step++) {
      index = (index + 1) % paletteSize;
    }
    taken.add(index);
    result.set(id, palette()[index]);
  }
  return result;
}

export function isColourChosen(id) {
  return chosen.has(id);
}

/** Chooses a run's colour by its place in the palette; null: as usual again. */
export function chooseColour(id, index) {
  if (index === null) chosen.delete(id);
  else chosen.set(id, index);
  localStorage.setItem("repro.colours", JSON.stringify(Object.fromEntries(chosen)));
  for (const listener of listeners) listener();
}

/** Calls `listener` when colours have changed: a choice, or the theme. */
export function onColours(listener, { signal } = {}) {
  listeners.add(listener);
  signal?.addEventListener("abort", () => listeners.delete(listener));
}

/** "light", "dark", or null to follow the system. */
export function setTheme(theme) {
  if (theme) {
    document.documentElement.dataset.theme = theme;
    localStorage.setItem("repro.theme", theme);
  } else {
    delete document.documentElement.dataset.theme;
    localStorage.removeItem("repro.theme");
  }
  for (const listener of listeners) listener();
}

export function restoreTheme() {
  const theme = localStorage.getItem("repro.theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
}

darkQuery.addEventListener("change", () => {
  for (const listener of listeners) listener();
});

function hash(text) {
  let value = 2166136261;
  for (let index = 0; index < text.length; index++) {
    value = Math.imul(value ^ text.charCodeAt(index), 16777619);
  }
  // Mixed once more: the low bits alone would follow the last letters.
  value ^= value >>> 15;
  return Math.imul(value, 2246822519) >>> 3;
}
