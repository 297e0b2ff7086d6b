// What the runs table shows, as the query of its URL.
import { choice, list, text, urlState } from "../../lib/urlState.js";

export const fields = urlState({
  experiment: list([]), filter: text(""), sort: text(""), group: text(""), col: list([]),
  show: choice("active", ["active", "archived", "bin"]),
});
