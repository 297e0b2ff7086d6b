// The table of runs in a copy: pages, orders and groups of it, made here since there is no server to make them.
//
// `tableOf(query)` answers the whole table that a question's scope and filter found: { columns, rows, total }.

/** As `/table` answers. */
export function pageOfTable(tableOf, query) {
  const found = rowsOf(tableOf, query);
  if (!found) return undefined;
  const { place, rows, total } = found;
  const sorted = [...rows];
  for (const order of sortsOf(query).reverse()) sortRows(sorted, (row) => row.values[place(order.ref)], order.isDown);
  const offset = Number(query.get("offset") ?? 0);
  const limit = Number(query.get("limit") ?? 100);
  const columns = query.getAll("column").map(place);
  return {
    total, hasMore: offset + limit < sorted.length,
    rows: sorted.slice(offset, offset + limit).map((row) => ({ ...row, values: columns.map((at) => row.values[at] ?? null) })),
  };
}

/** As `/table/groups` answers. */
export function groupsOfTable(tableOf, query) {
  const found = rowsOf(tableOf, query);
  if (!found) return undefined;
  const at = found.place(query.get("by"));
  const groups = Map.groupBy(found.rows, (row) => JSON.stringify(row.values[at] ?? null));
  const metrics = query.getAll("metric").map((name) => [name, found.place(`metrics.${name}`)]);
  const answer = [...groups].map(([value, rows]) => ({
    value: JSON.parse(value), count: rows.length,
    metrics: Object.fromEntries(metrics.map(([name, place]) => [name, rangeOf(rows.map((row) => row.values[place]))]).filter(([, range]) => range)),
  }));
  sortRows(answer, (group) => group.value, false);
  return { groups: answer };
}

/**
 * The rows, and where a column stands in their values. A group of the table is asked for by its filter and one condition
 * more; which, `within` says: the column and its value.
 */
function rowsOf(tableOf, query) {
  const within = query.get("within");
  const scope = new URLSearchParams(query);
  for (const name of ["within", "by", "metric"]) scope.delete(name);
  const table = tableOf(scope);
  if (!table) return null;
  const places = new Map(table.columns.map((ref, index) => [plain(ref), index]));
  const place = (ref) => places.get(plain(ref));
  if (!within) return { place, rows: table.rows, total: Math.min(table.total, table.rows.length) };
  const [by, value] = JSON.parse(within);
  const rows = table.rows.filter((row) => JSON.stringify(row.values[place(by)] ?? null) === JSON.stringify(value));
  return { place, rows, total: rows.length };
}

const plain = (ref) => ref.replaceAll("`", "");

function sortsOf(query) {
  const sorts = (query.get("sort") ?? "").split(/,\s*(?=(?:[^`]*`[^`]*`)*[^`]*$)/).filter(Boolean).map((text) => {
    const [, ref, direction] = /^(.*?)(?:\s+(asc|desc))?$/i.exec(text);
    return { ref: ref.replace(/^(?:min|max)\((.*)\)$/, "$1"), isDown: direction?.toLowerCase() === "desc" };
  });
  return sorts.length ? sorts : [{ ref: "start_time", isDown: true }];
}

/** Numbers by size, then texts by letters, then what has no value. */
function sortRows(rows, read, isDown) {
  const rank = (value) => (value === null || value === undefined ? 2 : typeof value === "number" ? 0 : 1);
  rows.sort((one, other) => {
    const [a, b] = [read(one), read(other)];
    if (rank(a) !== rank(b)) return rank(a) - rank(b);
    const order = typeof a === "number" ? a - b : String(a) < String(b) ? -1 : String(a) > String(b) ? 1 : 0;
    return isDown ? -order : order;
  });
}

function rangeOf(values) {
  const numbers = values.filter((value) => typeof value === "number");
  if (!numbers.length) return null;
  return {
    mean: numbers.reduce((sum, value) => sum + value, 0) / numbers.length, min: Math.min(...numbers), max: Math.max(...numbers), count: numbers.length,
  };
}
