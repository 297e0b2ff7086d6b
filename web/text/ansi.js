// Terminal output as pieces of styled text. Colours become classes; whatever else a program sends to move the cursor
// about is dropped, except that a carriage return starts the line again, as it does on a terminal.

const names = ["black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"];
// eslint-disable-next-line no-control-regex
const sequence = /\u001b(?:\[([0-9;:]*)([@-~])|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[@-Z\\^_])/g;

/** The style that a line begins with goes in, the one that it ends with comes out. */
export function styledLine(line, style = {}) {
  const shown = overwritten(line);
  const pieces = [];
  let from = 0;
  let current = style;
  for (const match of shown.matchAll(sequence)) {
    push(pieces, shown.slice(from, match.index), current);
    from = match.index + match[0].length;
    if (match[2] === "m") current = changed(current, match[1]);
  }
  push(pieces, shown.slice(from), current);
  return { pieces, style: current };
}

export function plainLine(line) {
  return overwritten(line).replace(sequence, "");
}

/** What a carriage return leaves on the screen: progress bars draw one line many times. */
function overwritten(line) {
  const parts = line.split("\r").filter((part) => part !== "");
  return parts.length > 1 ? parts[parts.length - 1] : line.replaceAll("\r", "");
}

function push(pieces, text, style) {
  if (text !== "") pieces.push({ text, classes: classesOf(style) });
}

function classesOf(style) {
  const result = [];
  if (style.colour) result.push(`ansi-${style.colour}`);
  if (style.back) result.push(`ansi-on-${style.back}`);
  for (const name of ["bold", "dim", "italic", "underline"]) if (style[name]) result.push(`ansi-${name}`);
  return result;
}

function changed(style, text) {
  const codes = text === "" ? [0] : text.split(/[;:]/).map(Number);
  let next = { ...style };
  for (let index = 0; index < codes.length; index += 1) {
    const code = codes[index];
    if (code === 0) next = {};
    else if (code === 1) next.bold = true;
    else if (code === 2) next.dim = true;
    else if (code === 3) next.italic = true;
    else if (code === 4) next.underline = true;
    else if (code === 22) next.bold = next.dim = false;
    else if (code === 23) next.italic = false;
    else if (code === 24) next.underline = false;
    else if (code >= 30 && code <= 37) next.colour = names[code - 30];
    else if (code >= 90 && code <= 97) next.colour = `bright-${names[code - 90]}`;
    else if (code === 39) next.colour = undefined;
    else if (code >= 40 && code <= 47) next.back = names[code - 40];
    else if (code >= 100 && code <= 107) next.back = `bright-${names[code - 100]}`;
    else if (code === 49) next.back = undefined;
    else if (code === 38 || code === 48) {
      const [colour, used] = extended(codes, index);
      next[code === 38 ? "colour" : "back"] = colour;
      index += used;
    }
  }
  return next;
}

/** One of 256 colours, or red, green and blue: the nearest of the sixteen that the page has for both themes. */
function extended(codes, index) {
  if (codes[index + 1] === 5) {
    const number = codes[index + 2];
    if (number < 8) return [names[number], 2];
    if (number < 16) return [`bright-${names[number - 8]}`, 2];
    if (number >= 232) return [number < 244 ? "bright-black" : "white", 2];
    const cube = number - 16;
    return [nearest(Math.floor(cube / 36) * 51, Math.floor((cube % 36) / 6) * 51, (cube % 6) * 51), 2];
  }
  if (codes[index + 1] === 2) return [nearest(codes[index + 2], codes[index + 3], codes[index + 4]), 4];
  return [undefined, 0];
}

function nearest(red, green, blue) {
  const most = Math.max(red, green, blue);
  const bit = (value) => (value > most / 2 && most > 40 ? 1 : 0);
  const name = names[bit(red) + 2 * bit(green) + 4 * bit(blue)];
  return most > 200 ? `bright-${name}` : name;
}
