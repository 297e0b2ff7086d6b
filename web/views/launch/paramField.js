// A field for one param, of the kind that its value is: a number stays a number, a flag a flag, a text a text.
import { h } from "../../lib/dom.js";

let serial = 0;

/** `param`: { name, value, current }; `change(value, mistake)` hears what is typed. Answers { element, id }. */
export function paramField(param, value, change) {
  const id = `param-${++serial}`;
  if (typeof param.current === "boolean") {
    const box = h("input", { id, type: "checkbox", checked: value === true, onchange: () => change(box.checked, null) });
    return { id, element: h(".param-input", box) };
  }
  const isNumber = typeof param.current === "number";
  const isText = typeof param.current === "string";
  const input = h("input.field", {
    id, type: "text", inputMode: isNumber ? "decimal" : "text", spellcheck: false, autocomplete: "off",
    class: isText ? "" : "mono", value: isText && typeof value === "string" ? value : JSON.stringify(value),
  });
  input.addEventListener("input", () => {
    const { read, mistake } = parse(input.value, { isNumber, isText });
    if (mistake) input.setAttribute("aria-invalid", "true");
    else input.removeAttribute("aria-invalid");
    input.title = mistake ?? "";
    change(read, mistake);
  });
  return { id, element: h(".param-input", input) };
}

function parse(text, { isNumber, isText }) {
  if (isText) return { read: text, mistake: null };
  if (isNumber) {
    const number = Number(text);
    return text.trim() !== "" && Number.isFinite(number) ? { read: number, mistake: null } : { read: null, mistake: "not a number" };
  }
  try {
    return { read: JSON.parse(text), mistake: null };
  } catch {
    return { read: null, mistake: "not JSON: a list is [1, 2], a text \"a\"" };
  }
}
