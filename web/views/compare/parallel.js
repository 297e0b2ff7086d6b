// Parallel coordinates: a line a run through its params and metrics. Drag along an axis to keep only the runs that pass
// there; a click on the axis lets all through again.
import { select } from "../../charts/chartToolbar.js";
import { shownNumber, tickNumber } from "../../charts/axisText.js";
import { linearTicks } from "../../charts/scale.js";
import { openMenu } from "../../components/menu.js";
import { isDark } from "../../lib/colours.js";
import { fill, h, svg } from "../../lib/dom.js";
import { plural } from "../../lib/format.js";
import { href, navigate, path } from "../../lib/router.js";
import { columnScale, columnsOf, population, rampColour, scopeChoice, valueOf } from "./population.js";

const ROOM = { top: 34, bottom: 18, side: 64, axis: 96 };
const MOST_AXES = 9;

export function parallelTab(page, signal) {
  const picture = svg("svg", { class: "parallel", role: "group", "aria-label": "Parallel coordinates" });
  const holder = h(".plot-holder", picture);
  const note = h("p.faint", { role: "status" });
  const brushes = new Map();
  let data = { runs: [], columns: {} };

  const load = async () => {
    data = await population(page, signal);
    data.columns = columnsOf(data.runs);
    draw();
  };
  const usualAxes = () => {
    const params = Object.keys(data.columns).filter((name) => name.startsWith("params."));
    const metrics = Object.keys(data.columns).filter((name) => name.startsWith("metrics."));
    const varying = metrics.filter((name) => new Set(data.runs.map((run) => valueOf(run, name))).size > 1);
    const kept = Math.min(2, varying.length);
    const room = Math.min(MOST_AXES, Math.max(kept + 1, 1 + Math.floor((holder.clientWidth - 2 * ROOM.side) / ROOM.axis)));
    return [...params.slice(0, room - kept), ...varying.slice(0, kept)];
  };
  const colour = select("Colour by", {}, (value) => { page.set({ colour: value }); draw(); });
  const choose = h("button.button.small", { type: "button", ariaHaspopup: "menu", onclick: () => openMenu(choose, Object.entries(data.columns).map(([name, words]) => {
    const axes = page.state.axes.length ? page.state.axes : usualAxes();
    return { label: words, hint: name.split(".")[0], checked: axes.includes(name), staysOpen: true, act: () => {
      page.set({ axes: axes.includes(name) ? axes.filter((each) => each !== name) : [...axes, name] });
      draw();
    } };
  }), { label: "Axes" }) }, "Axes");
  const clear = h("button.button.small", { type: "button", hidden: true, onclick: () => { brushes.clear(); draw(); } }, "All runs again");

  const draw = () => {
    const [width, height] = [holder.clientWidth, holder.clientHeight];
    if (width < 80 || data.runs.length === 0) return;
    const names = (page.state.axes.length ? page.state.axes : usualAxes()).filter((name) => name in data.columns);
    const axes = names.map((name, index) => {
      const scale = columnScale(data.runs, name);
      const x = names.length === 1 ? width / 2 : ROOM.side + (index * (width - 2 * ROOM.side)) / (names.length - 1);
      const span = scale.most - scale.least || 1;
      const y = (place) => height - ROOM.bottom - ((place - scale.least) / span) * (height - ROOM.top - ROOM.bottom);
      return { name, x, y, scale, place: (run) => { const value = valueOf(run, name); return value === undefined ? NaN : y(scale.place(value)); } };
    });
    const by = page.state.colour || names.findLast((name) => name.startsWith("metrics.")) || "";
    colour.show(by, { "": "run", ...data.columns });
    const ramp = by ? columnScale(data.runs, by) : null;
    const colourOf = (run) => {
      const value = by ? valueOf(run, by) : undefined;
      if (!by || value === undefined) return run.colour;
      return rampColour((ramp.place(value) - ramp.least) / (ramp.most - ramp.least || 1), isDark());
    };
    const passes = (run) => axes.every((axis) => {
      const brush = brushes.get(axis.name);
      if (!brush) return true;
      const y = axis.place(run);
      return y >= brush[0] && y <= brush[1];
    });
    const lines = data.runs.map((run) => ({ run, isIn: passes(run) })).sort((a, b) => a.isIn - b.isIn);
    const kept = lines.filter((line) => line.isIn).length;
    picture.setAttribute("viewBox", `0 0 ${width} ${height}`);
    fill(picture, lines.map(({ run, isIn }) => lineOf(run, axes, isIn, colourOf(run))), axes.map((axis) => axisOf(axis, height)));
    clear.hidden = brushes.size === 0;
    note.textContent = brushes.size ? `${kept} of ${plural(data.runs.length, "run")} pass` : `${plural(data.runs.length, "run")}${data.isCut ? ", the latest of the experiment" : ""}. Drag along an axis to choose among them.`;
  };
  const lineOf = (run, axes, isIn, stroke) => {
    let d = "";
    for (const axis of axes) {
      const y = axis.place(run);
      d += Number.isFinite(y) ? `${d && !d.endsWith(" ") ? "L" : "M"}${axis.x} ${y}` : d ? " " : "";
    }
    const words = `${run.name}: ${axes.map((axis) => `${data.columns[axis.name]} ${wordsOf(valueOf(run, axis.name))}`).join(", ")}`;
    return svg("path", {
      class: isIn ? "line" : "line out", d: d.trim() || "M0 0", stroke, tabindex: isIn ? "0" : null, role: "link", "aria-label": words,
      onclick: () => navigate(href(path("runs", run.id))), onkeydown: (event) => event.key === "Enter" && navigate(href(path("runs", run.id))),
    }, svg("title", words));
  };
  const axisOf = (axis, height) => {
    const ticks = axis.scale.words ? axis.scale.words.map((words, index) => [index, words]) : linearTicks(axis.scale.least, axis.scale.most, 5).map((value) => [value, tickNumber(value)]);
    const brush = brushes.get(axis.name);
    const grip = svg("rect", { class: "grip", x: axis.x - 14, y: ROOM.top, width: 28, height: height - ROOM.top - ROOM.bottom });
    grip.addEventListener("pointerdown", (event) => drag(event, axis, grip));
    return [
      svg("line", { class: "axis", x1: axis.x, x2: axis.x, y1: ROOM.top, y2: height - ROOM.bottom }),
      svg("text", { class: "name", x: axis.x, y: 18, "text-anchor": "middle" }, cut(data.columns[axis.name], 18)),
      ticks.map(([value, words]) => svg("text", { x: axis.x + 6, y: axis.y(value) + 4 }, cut(words, 16))),
      brush ? svg("rect", { class: "brush", x: axis.x - 6, y: brush[0], width: 12, height: brush[1] - brush[0] }) : null, grip,
    ].flat();
  };
  const drag = (event, axis) => {
    event.preventDefault();
    const top = picture.getBoundingClientRect().top;
    const start = event.clientY - top;
    const moved = (now) => {
      const end = now.clientY - top;
      if (Math.abs(end - start) < 4) brushes.delete(axis.name);
      else brushes.set(axis.name, [Math.min(start, end), Math.max(start, end)]);
      draw();
    };
    const done = (now) => {
      removeEventListener("pointermove", moved);
      removeEventListener("pointerup", done);
      moved(now);
    };
    addEventListener("pointermove", moved, { signal });
    addEventListener("pointerup", done, { signal });
  };
  const resizes = new ResizeObserver(() => { brushes.clear(); draw(); });
  resizes.observe(holder);
  signal.addEventListener("abort", () => resizes.disconnect());
  return {
    element: h(".plot-tab", h(".plot-bar", { role: "toolbar", ariaLabel: "Parallel coordinates" }, scopeChoice(page, load), colour.element, choose, clear), holder, note),
    shown: load, changed: load, moved: draw,
  };
}

const cut = (text, length) => (text.length > length ? `${text.slice(0, length - 1)}…` : text);
const wordsOf = (value) => (value === undefined ? "–" : typeof value === "number" ? shownNumber(value) : String(value));
