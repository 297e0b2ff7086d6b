// A mistake or a failure, with the server's words: what is wrong, and what to do.
import { h } from "../lib/dom.js";

export function errorBox(error) {
  return h(".notice.bad", { role: "alert" },
    h("strong", error.message),
    error.hint ? h(".hint", error.hint) : null);
}
