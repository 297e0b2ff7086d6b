// Every view of the page: the pattern of its URL, and where it is. The first pattern that fits is shown.
// `:name` stands for one part of the path, `*name`, at the end, for all the rest.

export const views = [
  {
    pattern: "/experiments", title: "Experiments",
    load: () => import("./experiments/experiments.js"), styles: ["views/experiments/experiments.css"],
  },
  {
    pattern: "/runs/:run", title: "Run", load: () => import("./run/run.js"),
    styles: ["views/run/run.css", "styles/charts.css", "styles/ansi.css", "media/media.css"],
  },
  {
    pattern: "/compare", title: "Compare", load: () => import("./compare/compare.js"),
    styles: ["views/run/run.css", "views/compare/compare.css", "styles/charts.css", "media/media.css"],
  },
  { pattern: "/login", title: "Log in", load: () => import("./login/login.js"), styles: ["views/login/login.css"] },
];

/** What stands in the navigation; `key` after `g` goes there; `also`: other paths that belong to it. */
export const sections = [
  { name: "Experiments", path: "/experiments", icon: "experiments", key: "e" },
];
