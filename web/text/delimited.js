// CSV and TSV, with quotes, as rows of text.

/** At most `limit` rows. `isWhole` tells whether the text ended there; a last row that was cut off is left out. */
export function parseDelimited(text, separator = ",", { limit = Infinity, isWhole = true } = {}) {
  const rows = [];
  let row = [];
  let index = text.startsWith("\ufeff") ? 1 : 0;
  while (index < text.length && rows.length < limit) {
    let value = "";
    if (text[index] === '"') {
      [value, index] = quoted(text, index + 1);
      // What follows a closing quote is kept as it is.
      const start = index;
      while (index < text.length && text[index] !== separator && text[index] !== "\n") index += 1;
      value += text.slice(start, index).replace(/\r$/, "");
    } else {
      const start = index;
      while (index < text.length && text[index] !== separator && text[index] !== "\n") index += 1;
      value = text.slice(start, index).replace(/\r$/, "");
    }
    row.push(value);
    if (index >= text.length) {
      if (isWhole) rows.push(row);
      return rows;
    }
    if (text[index] === "\n") {
      rows.push(row);
      row = [];
    } else if (index + 1 === text.length) {
      row.push("");
      if (isWhole) rows.push(row);
      return rows;
    }
    index += 1;
  }
  return rows;
}

function quoted(text, from) {
  let value = "";
  let index = from;
  while (index < text.length) {
    const end = text.indexOf('"', index);
    if (end < 0) return [value + text.slice(index), text.length];
    value += text.slice(index, end);
    if (text[end + 1] !== '"') return [value, end + 1];
    value += '"';
    index = end + 2;
  }
  return [value, index];
}
