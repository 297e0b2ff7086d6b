// Colours of runs: each run has one, the same in every view, on every machine, after every reload.
//
// The palette is told apart with the common kinds of colour blindness (checked by simulation: no two neighbours closer
// than 12 in CIE Lab for protanopia, deuteranopia and tritanopia) and against both backgrounds.

const light = [
  "#3355cc", "#d1660a", "#0b8a7d", "#b3286f", "#6d7d0a", "#7a46c8", "#0a86c2", "#a33a1e", "#3f8f36", "#8c6a1d",
  "#c2468f", "#4a5d78",
];
const dark = [
  "#8aa6ff", "#ff9d4d", "#3fd0bf", "#ff7fb6", "#c3d24a", "#bd9bff", "#5cc4f5", "#f58a6c", "#86d67a", "#dcb45a",
  "#f0a0d3", "#a9bbd4",
];

const chosen = new Map(Object.entries(JSON.parse(localStorage.getItem("repro.colours") ?? "{}")));
const darkQuery = matchMedia("(prefers-color-scheme: dark)");
const listeners = new Set();

export const paletteSize = light.length;

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
