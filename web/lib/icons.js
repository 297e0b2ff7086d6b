// The page's pictograms: strokes on a grid of 16, in the colour of the text around them.
import { svg } from "./dom.js";

const paths = {
  runs: "M2.5 4h11M2.5 8h11M2.5 12h11M5 2.5v11",
  experiments: "M6 2.5h4M6.8 2.5v4L3 12.2a1 1 0 0 0 .9 1.3h8.2a1 1 0 0 0 .9-1.3L9.2 6.5v-4M5 9.5h6",
  pipeline: "M2.5 3h4v3h-4zM9.5 10h4v3h-4zM9.5 3h4v3h-4zM6.5 4.5h3M4.5 6v5.5h5",
  data: "M8 6c3 0 5.5-.8 5.5-1.9S11 2.2 8 2.2s-5.5.8-5.5 1.9S5 6 8 6ZM2.5 4.1v7.8c0 1 2.5 1.9 5.5 1.9s5.5-.9 5.5-1.9V4.1M2.5 8c0 1 2.5 1.9 5.5 1.9s5.5-.9 5.5-1.9",
  models: "M8 1.8 13.5 5v6L8 14.2 2.5 11V5zM2.5 5 8 8l5.5-3M8 8v6.2",
  compare: "M3 13.5V7M8 13.5v-11M13 13.5V9.5",
  search: "M7 11.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9ZM10.3 10.3l3.4 3.4",
  theme: "M13.5 9.3A5.8 5.8 0 0 1 6.7 2.5a5.8 5.8 0 1 0 6.8 6.8Z",
  keyboard: "M1.8 4h12.4v8H1.8zM4.5 6.6h.01M7 6.6h.01M9.5 6.6h.01M12 6.6h.01M4.8 9.6h6.4",
  columns: "M2.5 2.8h11v10.4h-11zM6.2 2.8v10.4M9.8 2.8v10.4",
  group: "M2.5 3h11M5 7h8.5M5 10h8.5M5 13h8.5M2.5 7v6",
  tag: "M2.5 2.5h5l6 6-5 5-6-6zM5.2 5.2h.01",
  archive: "M2.5 3h11v3h-11zM3.5 6v7h9V6M6.5 8.5h3",
  remove: "M3 4.5h10M6.5 4.5v-2h3v2M4.3 4.5l.6 9h6.2l.6-9",
  restore: "M3 8a5 5 0 1 0 1.6-3.7L2.5 6M2.5 2.5V6H6",
  download: "M8 2.5v7.5M4.8 7 8 10.2 11.2 7M2.8 13.3h10.4",
  close: "M4 4l8 8M12 4l-8 8",
  check: "M3 8.5l3.3 3.3L13 5",
  copy: "M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3",
  chevron: "M4.5 6.5 8 10l3.5-3.5",
  right: "M6.5 4.5 10 8l-3.5 3.5",
  up: "M8 13V3.5M4.5 7 8 3.5 11.5 7",
  down: "M8 3v9.5M4.5 9 8 12.5 11.5 9",
  pin: "M9.5 2.5l4 4-2 .5-2.7 2.7-.3 3-5.2-5.2 3-.3L9 4.5zM5.5 10.5l-3 3",
  plus: "M8 3.5v9M3.5 8h9",
  more: "M3.5 8h.01M8 8h.01M12.5 8h.01",
  play: "M5 3.2v9.6L12.5 8z",
  stop: "M4 4h8v8H4z",
  edit: "M10.5 3.2l2.3 2.3-7.3 7.3-2.8.5.5-2.8zM9 4.7 11.3 7",
  file: "M4 1.8h5l3 3v9.4H4zM9 1.8v3h3",
  folder: "M1.8 3.5h4.4l1.5 1.7h6.5v8H1.8z",
  filter: "M2.5 3.5h11L9.3 8.4v4.1l-2.6 1.3V8.4z",
  star: "M8 2.2l1.8 3.7 4 .6-2.9 2.8.7 4L8 11.4l-3.6 1.9.7-4L2.2 6.5l4-.6z",
  link: "M6.8 9.2a2.5 2.5 0 0 0 3.5 0l2.5-2.5a2.5 2.5 0 1 0-3.5-3.5l-.9.9M9.2 6.8a2.5 2.5 0 0 0-3.5 0L3.2 9.3a2.5 2.5 0 1 0 3.5 3.5l.9-.9",
  logout: "M9.5 2.5h-6v11h6M7 8h7M11.5 5.5 14 8l-2.5 2.5",
  clone: "M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3M9.5 7.8v3.4M7.8 9.5h3.4",
};

export function icon(name, size = 16) {
  return svg(
    "svg",
    { viewBox: "0 0 16 16", width: size, height: size, fill: "none", stroke: "currentColor", "stroke-width": 1.4,
      "stroke-linecap": "round", "stroke-linejoin": "round", "aria-hidden": "true" },
    svg("path", { d: paths[name] ?? paths.more }));
}
