// Every view of the page: the pattern of its URL, and where it is. The first pattern that fits is shown.
// `:name` stands for one part of the path, `*name`, at the end, for all the rest.

export const views = [
  {
    pattern: "/experiments", title: "Experiments",
    load: () => import("./experiments/experiments.js"), styles: ["views/experiments/experiments.css"],
  },
  { pattern: "/login", title: "Log in", load: () => import("./login/login.js"), styles: ["views/login/login.css"] },
];

/** What stands in the navigation; `key` after `g` goes there; `also`: other paths that belong to it. */
export const sections = [
  { name: "Experiments", path: "/experiments", icon: "experiments", key: "e" },
];
