// A pipeline as boxes and lines, of a run or of the workspace: drag to move, wheel with Ctrl to zoom, Tab or arrow keys
// from box to box. What a box says of its stage is its owner's.
import { fill, h, svg } from "../lib/dom.js";
import { stageDuration } from "../lib/format.js";
import { icon } from "../lib/icons.js";
import { boxHeight, boxWidth, layOut } from "./graphLayout.js";

/**
 * `options`: { stages: [{ name, state, durationMs, note }], edges, critical: Set, selected, select(name) }.
 * Answers an element with `update(options)`: as long as the stages are the same, boxes stay where they are.
 */
export function pipelineGraph(first) {
  let options = first;
  let layout = null;
  let shape = "";
  let direction = null;
  let zoom = 1;
  let userZoomed = false;
  const boxes = new Map();
  const canvas = h(".graph-canvas");
  const scroller = h(".graph-scroller", { tabIndex: -1 }, canvas);
  const button = (label, name, act) => h("button.button.icon.small", { type: "button", ariaLabel: label, title: label, onclick: act }, name);
  const element = h(".graph", scroller, h(".graph-tools",
    button("Zoom out", "−", () => zoomBy(1 / 1.25)), button("Zoom in", "+", () => zoomBy(1.25)),
    button("All in sight", icon("pipeline", 14), () => { userZoomed = false; fit(); })));

  const draw = async () => {
    const wanted = innerWidth < 700 ? "TB" : "LR";
    const now = JSON.stringify([options.stages.map((stage) => stage.name), options.edges, wanted]);
    if (now !== shape) {
      shape = now;
      direction = wanted;
      layout = await layOut(options.stages, options.edges, wanted);
      fit();
    }
    if (!layout) return;
    const lines = svg("svg", { class: "graph-lines", width: layout.width, height: layout.height, "aria-hidden": "true" },
      svg("defs", {}, arrow("graph-arrow"), arrow("graph-arrow-critical")),
      layout.edges.map((edge) => {
        const isCritical = options.critical?.has(edge.from) && options.critical?.has(edge.to);
        return svg("path", {
          class: isCritical ? "critical" : "", d: curve(edge.points, direction),
          "marker-end": `url(#graph-arrow${isCritical ? "-critical" : ""})`,
        });
      }));
    canvas.querySelector(".graph-lines")?.remove();
    canvas.prepend(lines);
    canvas.style.setProperty("width", `${layout.width}px`);
    canvas.style.setProperty("height", `${layout.height}px`);
    for (const [name, element] of boxes) if (!layout.boxes.has(name)) { element.remove(); boxes.delete(name); }
    for (const stage of options.stages) {
      if (!boxes.has(stage.name)) boxes.set(stage.name, canvas.appendChild(makeBox(stage.name)));
      showBox(boxes.get(stage.name), stage);
    }
  };
  const makeBox = (name) => h("button.graph-box", {
    type: "button", dataset: { stage: name }, style: { width: `${boxWidth}px`, height: `${boxHeight}px` },
    onclick: () => options.select(options.selected === name ? null : name), onkeydown: (event) => move(event, name),
  });
  // A box stays the same element while its stage goes on: a click must not fall between two of them.
  const showBox = (box, stage) => {
    const place = layout.boxes.get(stage.name);
    box.dataset.state = stage.state;
    box.title = stage.description ?? stage.name;
    box.classList.toggle("critical", options.critical?.has(stage.name) ?? false);
    box.setAttribute("aria-pressed", String(options.selected === stage.name));
    box.style.setProperty("left", `${place.x - boxWidth / 2}px`);
    box.style.setProperty("top", `${place.y - boxHeight / 2}px`);
    fill(box, h("span.graph-name.cut", stage.name),
      h("span.graph-facts", h("span.state", { dataset: { state: stage.state } }, stage.word ?? stage.state),
        h("span.faint", stageDuration(stage)),
        stage.state === "cached" && !stage.word ? h("span.badge.violet", "cache hit") : null));
  };
  /** To the nearest box in the direction of the arrow. */
  const move = (event, name) => {
    const way = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] }[event.key];
    if (!way) return;
    event.preventDefault();
    const from = layout.boxes.get(name);
    let best = null;
    for (const [other, place] of layout.boxes) {
      const along = (place.x - from.x) * way[0] + (place.y - from.y) * way[1];
      const aside = Math.abs((place.x - from.x) * way[1]) + Math.abs((place.y - from.y) * way[0]);
      if (along > 10 && (!best || along + 2 * aside < best.cost)) best = { other, cost: along + 2 * aside };
    }
    if (best) boxes.get(best.other).focus();
  };
  const apply = () => {
    canvas.style.setProperty("zoom", String(zoom));
  };
  const zoomBy = (factor) => {
    userZoomed = true;
    zoom = Math.min(2, Math.max(0.2, zoom * factor));
    apply();
  };
  const fit = () => {
    if (!layout || userZoomed || !scroller.clientWidth) return;
    const room = Math.min(scroller.clientWidth / layout.width, scroller.clientHeight / layout.height);
    zoom = Math.min(1.15, Math.max(0.45, room));
    apply();
  };
  scroller.addEventListener("wheel", (event) => {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    zoomBy(Math.exp(-event.deltaY / 300));
  }, { passive: false });
  dragToScroll(scroller);
  new ResizeObserver(() => { fit(); draw(); }).observe(scroller);

  element.update = (next) => {
    options = next;
    return draw();
  };
  element.update(first).catch((error) => fill(canvas, h("p.notice.bad", { role: "alert" }, error.message, h("span.hint", error.hint ?? ""))));
  return element;
}

function arrow(id) {
  return svg("marker", { id, viewBox: "0 0 8 8", refX: 7, refY: 4, markerWidth: 7, markerHeight: 7, orient: "auto-start-reverse" },
    svg("path", { d: "M0 0.5 7.5 4 0 7.5z" }));
}

function curve(points, direction) {
  const [start, end] = [points[0], points.at(-1)];
  const middle = points.slice(1, -1);
  if (middle.length <= 1) {
    return direction === "LR"
      ? `M${start.x} ${start.y}C${(start.x + end.x) / 2} ${start.y} ${(start.x + end.x) / 2} ${end.y} ${end.x} ${end.y}`
      : `M${start.x} ${start.y}C${start.x} ${(start.y + end.y) / 2} ${end.x} ${(start.y + end.y) / 2} ${end.x} ${end.y}`;
  }
  let text = `M${start.x} ${start.y}`;
  for (let index = 1; index < points.length - 1; index++) {
    const next = index === points.length - 2 ? points[index + 1]
      : { x: (points[index].x + points[index + 1].x) / 2, y: (points[index].y + points[index + 1].y) / 2 };
    text += `Q${points[index].x} ${points[index].y} ${next.x} ${next.y}`;
  }
  return text;
}

function dragToScroll(element) {
  element.addEventListener("pointerdown", (event) => {
    if (event.target.closest("button") || event.button !== 0) return;
    const from = { x: event.clientX + element.scrollLeft, y: event.clientY + element.scrollTop };
    element.setPointerCapture(event.pointerId);
    element.onpointermove = (move) => {
      element.scrollLeft = from.x - move.clientX;
      element.scrollTop = from.y - move.clientY;
    };
    element.onpointerup = () => { element.onpointermove = null; };
  });
}
