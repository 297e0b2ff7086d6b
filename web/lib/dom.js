// Making elements. Data becomes text or an attribute, never markup: nothing here, or anywhere in the page, parses HTML.

const svgNamespace = "http://www.w3.org/2000/svg";

/**
 * An element: `h("button.primary#save", { onclick: save, disabled: true }, "Save")`.
 *
 * Properties: `on…` with a function is a listener; `class`, `dataset`, `style` (an object) and `aria…` (`ariaLabel`) as
 * expected; what the element has as a property is set as one; anything else is an attribute. `null`, `undefined` and
 * `false` set nothing. Children: elements, texts, numbers, lists of them; `null` and `false` are passed over.
 */
export function h(name, properties, ...children) {
  return build(name, properties, children, (tag) => document.createElement(tag));
}

/** As `h`, for what is drawn: `svg("path", { d: "…" })`. Properties are attributes. */
export function svg(name, properties, ...children) {
  return build(name, properties, children, (tag) => document.createElementNS(svgNamespace, tag));
}

/** Puts `children` in the place of what is in `element`. */
export function fill(element, ...children) {
  element.replaceChildren(...nodes(children));
  return element;
}

/** Adds to what is in `element`. */
export function append(element, ...children) {
  element.append(...nodes(children));
  return element;
}

function build(name, properties, children, create) {
  if (properties instanceof Node || typeof properties !== "object" || Array.isArray(properties)) {
    children = [properties, ...children];
    properties = null;
  }
  const [, tag, rest] = /^([\w-]*)(.*)$/.exec(name);
  const element = create(tag || "div");
  for (const [, kind, word] of rest.matchAll(/([.#])([\w-]+)/g)) {
    if (kind === "#") element.id = word;
    else element.classList.add(word);
  }
  for (const [key, value] of Object.entries(properties ?? {})) set(element, key, value);
  element.append(...nodes(children));
  return element;
}

function set(element, key, value) {
  if (value === null || value === undefined || value === false) return;
  if (key.startsWith("on") && typeof value === "function") {
    element.addEventListener(key.slice(2), value);
  } else if (key === "class") {
    element.classList.add(...String(value).split(" ").filter(Boolean));
  } else if (key === "dataset") {
    for (const [name, text] of Object.entries(value)) if (text != null) element.dataset[name] = text;
  } else if (key === "style") {
    // One by one: a style attribute is refused by our Content-Security-Policy.
    for (const [name, text] of Object.entries(value)) if (text != null) element.style.setProperty(name, text);
  } else if (/^aria[A-Z]/.test(key)) {
    element.setAttribute(`aria-${key.slice(4).toLowerCase()}`, value);
  } else if (element instanceof HTMLElement && key in element && !attributesOnly.has(key)) {
    element[key] = value;
  } else {
    element.setAttribute(key, value === true ? "" : value);
  }
}

const attributesOnly = new Set(["list", "form", "role", "popover", "width", "height"]);

function* nodes(children) {
  for (const child of children) {
    if (child === null || child === undefined || child === false || child === true) continue;
    if (Array.isArray(child)) yield* nodes(child);
    else yield child instanceof Node ? child : document.createTextNode(String(child));
  }
}

/** Calls `body` once for a burst of calls, `milliseconds` after the last. */
export function debounced(milliseconds, body) {
  let timer = 0;
  const call = (...values) => {
    clearTimeout(timer);
    timer = setTimeout(() => body(...values), milliseconds);
  };
  call.cancel = () => clearTimeout(timer);
  return call;
}

/** Calls `body` at the next frame, once however often it was asked for. */
export function atNextFrame(body) {
  let frame = 0;
  const call = () => {
    frame ||= requestAnimationFrame(() => {
      frame = 0;
      body();
    });
  };
  call.cancel = () => {
    cancelAnimationFrame(frame);
    frame = 0;
  };
  return call;
}
