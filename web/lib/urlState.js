// What a view shows, as the query of its URL: short, complete, and without what is as usual.
//
//   const state = urlState({ filter: text(""), sort: text("start_time desc"), columns: list([]), page: number(0) });
//   const shown = state.read(query);              // { filter, sort, columns, page }
//   rewrite(state.write({ ...shown, page: 2 }));  // only what differs from the usual
//
// Parameters that the schema does not name are kept, so that parts of a view can each have their own.

export const text = (usual = "") => ({ usual, read: (values) => values[0], write: (value) => [value] });

export const number = (usual = 0) => ({
  usual,
  read: (values) => (values[0] !== "" && Number.isFinite(Number(values[0])) ? Number(values[0]) : undefined),
  write: (value) => [String(value)],
});

export const flag = (usual = false) => ({
  usual,
  read: (values) => (values[0] === "1" ? true : values[0] === "0" ? false : undefined),
  write: (value) => [value ? "1" : "0"],
});

export const choice = (usual, allowed) => ({
  usual,
  read: (values) => (allowed.includes(values[0]) ? values[0] : undefined),
  write: (value) => [value],
});

/** Several values: a repeated parameter. */
export const list = (usual = []) => ({
  usual,
  read: (values) => values.filter((value) => value !== ""),
  write: (value) => (value.length ? value : [""]),
});

/** Anything that JSON can say. */
export const json = (usual = null) => ({
  usual,
  read: (values) => {
    try {
      return JSON.parse(values[0]);
    } catch {
      return undefined;
    }
  },
  write: (value) => [JSON.stringify(value)],
});

export function urlState(schema) {
  return {
    /** From URLSearchParams. */
    read(query) {
      const state = {};
      for (const [name, field] of Object.entries(schema)) {
        const values = query.getAll(name);
        state[name] = (values.length ? field.read(values) : undefined) ?? field.usual;
      }
      return state;
    },
    /** To URLSearchParams; `others`: a query whose unknown parameters are kept. */
    write(state, others = new URLSearchParams()) {
      const query = new URLSearchParams();
      for (const [name, value] of others) if (!(name in schema)) query.append(name, value);
      for (const [name, field] of Object.entries(schema)) {
        const value = state[name] ?? field.usual;
        if (JSON.stringify(value) === JSON.stringify(field.usual)) continue;
        for (const written of field.write(value)) query.append(name, written);
      }
      return query;
    },
  };
}
