// Asking the server. Errors carry its message and hint; a 401 leads to the login.
import { exportedAnswer, exportedURL, isExported } from "./exported.js";
import { here, href, navigate } from "./router.js";

class APIError extends Error {
  constructor(status, { kind, message, hint, column } = {}) {
    super(message ?? `the server answered ${status}`);
    this.status = status;
    this.kind = kind;
    this.hint = hint;
    this.column = column;
  }
}

/** The server did not answer. */
class Unreachable extends Error {
  constructor() {
    super("the server does not answer");
    this.hint = "is `repro ui` still running? This page goes on by itself once it is back";
  }
}

const base = "/api/v1";

/** The URL of a call, for links and images. `query` as for `href`. */
export function apiURL(path, query) {
  if (isExported) return exportedURL(path, href("", query).replace(/^#/, ""));
  return base + href(path, query).replace(/^#/, "");
}

/** Answers the JSON of a GET; `query`: an object, lists become repeated parameters. */
export function get(path, query, { signal } = {}) {
  return send("GET", path, { query, signal });
}

export function post(path, body = {}, { signal } = {}) {
  return send("POST", path, { body, signal });
}

export function patch(path, body = {}) {
  return send("PATCH", path, { body });
}

export function put(path, body = {}) {
  return send("PUT", path, { body });
}

export function remove(path, body = {}) {
  return send("DELETE", path, { body });
}

/** The text of a GET, as it is. */
export async function getText(path, query, { signal } = {}) {
  return (await request("GET", path, { query, signal })).text();
}

/** The bytes of a GET, as they are. */
export async function getBytes(path, query, { signal, headers } = {}) {
  return new Uint8Array(await (await request("GET", path, { query, signal, headers })).arrayBuffer());
}

async function send(method, path, options) {
  const response = await request(method, path, options);
  return revive(await response.json());
}

async function request(method, path, { query, body, signal, headers = {} }) {
  const options = { method, signal, headers: { ...headers }, credentials: "same-origin" };
  if (body !== undefined) {
    options.body = JSON.stringify(body);
    options.headers["Content-Type"] = "application/json";
  }
  let response;
  try {
    response = isExported ? await answerOfCopy(method, path, query) : await fetch(apiURL(path, query), options);
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Unreachable();
  }
  if (response.ok) return response;
  let details = {};
  try {
    details = (await response.json()).error ?? {};
  } catch {
    // Not of our API: a proxy in between.
  }
  if (response.status === 401 && path !== "/session") {
    const place = here();
    if (place.path !== "/login") navigate(href("/login", { to: href(place.path, place.query) }), { replace: true });
  }
  throw new APIError(response.status, details);
}

/** A copy has no server: nothing can be changed, and what was not recorded is not there. */
function answerOfCopy(method, path, query) {
  if (method !== "GET") return new Response(JSON.stringify({ error: { message: "this is a copy: nothing can be changed in it" } }), { status: 403 });
  return exportedAnswer(path, href("", query).replace(/^#/, ""));
}

// Numbers that JSON does not have come as these texts, and only where a number stands.
const specials = { NaN: NaN, Infinity: Infinity, "-Infinity": -Infinity };
const numericKeys = new Set(["value", "first", "last", "min", "max", "best", "mean"]);

function revive(value) {
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index++) {
      if (typeof value[index] === "object" && value[index]) revive(value[index]);
    }
  } else if (value && typeof value === "object") {
    for (const key of Object.keys(value)) {
      const inner = value[key];
      if (typeof inner === "object" && inner) revive(inner);
      else if (typeof inner === "string" && numericKeys.has(key) && inner in specials) value[key] = specials[inner];
    }
  }
  return value;
}
