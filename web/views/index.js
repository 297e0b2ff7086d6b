// Every view of the page: the pattern of its URL, and where it is. The first pattern that fits is shown.
// `:name` stands for one part of the path, `*name`, at the end, for all the rest.

export const views = [
  { pattern: "/runs", title: "Runs", load: () => import("./runs/runs.js"), styles: ["views/runs/runs.css"] },
  {
    pattern: "/experiments", title: "Experiments",
    load: () => import("./experiments/experiments.js"), styles: ["views/experiments/experiments.css"],
  },
  {
    pattern: "/runs/:run", title: "Run", load: () => import("./run/run.js"),
    styles: ["views/run/run.css", "styles/charts.css", "styles/graph.css", "styles/ansi.css", "media/media.css"],
  },
  {
    pattern: "/compare", title: "Compare", load: () => import("./compare/compare.js"),
    styles: ["views/run/run.css", "views/compare/compare.css", "styles/charts.css", "media/media.css"],
  },
  {
    pattern: "/pipeline", title: "Pipeline", load: () => import("./pipeline/workspaceGraph.js"), styles: ["styles/graph.css"],
  },
  { pattern: "/data", title: "Data", load: () => import("./data/data.js"), styles: ["views/data/data.css"] },
  { pattern: "/data/*path", title: "Data", load: () => import("./data/versions.js"), styles: ["views/data/data.css"] },
  { pattern: "/models", title: "Models", load: () => import("./models/models.js"), styles: ["views/models/models.css"] },
  {
    pattern: "/models/:model", title: "Model", load: () => import("./models/model.js"), styles: ["views/models/models.css"],
  },
  {
    pattern: "/new", title: "New run", load: () => import("./launch/launch.js"),
    styles: ["styles/graph.css", "views/launch/launch.css"],
  },
  { pattern: "/login", title: "Log in", load: () => import("./login/login.js"), styles: ["views/login/login.css"] },
];

/** What stands in the navigation; `key` after `o` goes there; `also`: other paths that belong to it. */
export const sections = [
  { name: "Runs", path: "/runs", icon: "runs", key: "r", also: ["/compare", "/new"] },
  { name: "Experiments", path: "/experiments", icon: "experiments", key: "e" },
  { name: "Pipeline", path: "/pipeline", icon: "pipeline", key: "p" },
  { name: "Data", path: "/data", icon: "data", key: "d" },
  { name: "Models", path: "/models", icon: "models", key: "m" },
];
