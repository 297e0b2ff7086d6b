// A log of any length: only the lines in view are in the document. Colours of terminals, search, following its end.
import { atNextFrame, debounced, fill, h } from "../lib/dom.js";
import { plural } from "../lib/format.js";
import { plainLine, styledLine } from "../text/ansi.js";

const ROW = 18;
const OVERSCAN = 20;

export class LogView {
  constructor() {
    this.lines = [];
    this.styles = [];
    this.rest = "";
    this.follows = true;
    this.found = [];
    this.at = -1;
    this.decoder = new TextDecoder();
    this.find = h("input.field", {
      type: "search", placeholder: "Find in the log", ariaLabel: "Find in the log", spellcheck: false,
      oninput: debounced(120, () => this.search()),
      onkeydown: (event) => {
        if (event.key !== "Enter") return;
        event.preventDefault();
        this.next(event.shiftKey ? -1 : 1);
      },
    });
    this.hits = h("span.faint", { role: "status" });
    this.size = h("span.faint");
    this.spacer = h(".log-spacer");
    this.rows = h(".log-rows");
    this.window = h(".log", { tabIndex: 0, role: "log", ariaLabel: "Log", ariaLive: "off", onscroll: () => this.scrolled() }, this.spacer, this.rows);
    this.draw = atNextFrame(() => this.drawNow());
    this.resizes = new ResizeObserver(this.draw);
    this.resizes.observe(this.window);
  }

  destroy() {
    this.resizes.disconnect();
    this.draw.cancel();
  }

  clear() {
    Object.assign(this, { lines: [], styles: [], rest: "", follows: true, decoder: new TextDecoder() });
    this.draw();
  }

  /** More bytes at its end. A line that is not over yet is shown, too. */
  append(bytes) {
    const text = this.rest + this.decoder.decode(bytes, { stream: true });
    const parts = text.split(/\r?\n/);
    if (this.rest !== "") this.lines.pop();
    this.rest = parts.at(-1);
    if (this.rest === "") parts.pop();
    for (const part of parts) this.lines.push(part);
    this.styles.length = Math.min(this.styles.length, Math.max(0, this.lines.length - parts.length));
    if (this.find.value) this.search({ keeps: true });
    this.size.textContent = plural(this.lines.length, "line");
    this.draw();
  }

  scrolled() {
    const { scrollTop, clientHeight, scrollHeight } = this.window;
    this.follows = scrollTop + clientHeight >= scrollHeight - ROW;
    this.draw();
  }

  drawNow() {
    this.spacer.style.setProperty("height", `${this.lines.length * ROW}px`);
    if (this.follows) this.window.scrollTop = this.lines.length * ROW;
    const from = Math.max(0, Math.floor(this.window.scrollTop / ROW) - OVERSCAN);
    const to = Math.min(this.lines.length, Math.ceil((this.window.scrollTop + this.window.clientHeight) / ROW) + OVERSCAN);
    const digits = String(this.lines.length).length;
    this.rows.style.setProperty("transform", `translateY(${from * ROW}px)`);
    const rows = [];
    for (let index = from; index < to; index += 1) rows.push(this.row(index, digits));
    fill(this.rows, rows);
  }

  row(index, digits) {
    const { pieces, style } = styledLine(this.lines[index], this.styles[index - 1]);
    this.styles[index] = style;
    const isHit = this.found[this.at] === index;
    return h(".log-line", { class: isHit ? "hit" : "" },
      h("span.log-number", { ariaHidden: "true" }, String(index + 1).padStart(digits)),
      h("span", pieces.map((piece) => this.marked(piece))));
  }

  /** A piece of a line with what is searched for marked in it. */
  marked({ text, classes }) {
    const word = this.word;
    const parts = [];
    const lower = text.toLowerCase();
    let from = 0;
    for (let place = word ? lower.indexOf(word) : -1; place >= 0; place = lower.indexOf(word, from)) {
      parts.push(text.slice(from, place), h("mark", text.slice(place, place + word.length)));
      from = place + word.length;
    }
    parts.push(text.slice(from));
    return classes.length ? h("span", { class: classes.join(" ") }, parts) : parts;
  }

  search({ keeps = false } = {}) {
    this.word = this.find.value.toLowerCase();
    this.found = [];
    if (this.word) {
      this.lines.forEach((line, index) => { if (plainLine(line).toLowerCase().includes(this.word)) this.found.push(index); });
    }
    if (!keeps) {
      this.at = -1;
      if (this.found.length) this.next(1);
    }
    this.tell();
    this.draw();
  }

  next(direction) {
    if (this.found.length === 0) return;
    this.at = (this.at + direction + this.found.length) % this.found.length;
    this.follows = false;
    this.window.scrollTop = Math.max(0, this.found[this.at] * ROW - this.window.clientHeight / 2);
    this.tell();
    this.draw();
  }

  tell() {
    this.hits.textContent = !this.word ? "" : this.found.length ? `${Math.max(0, this.at) + 1} of ${this.found.length}` : "not found";
  }
}
