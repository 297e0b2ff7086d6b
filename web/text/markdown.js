// A safe part of Markdown, as elements: headings, paragraphs, lists, quotes, code, emphasis, links. No HTML comes
// through, no image is fetched, and a link goes where http, https or mailto go, or into the page.

const safeLink = /^(?:https?:\/\/|mailto:|\/|#)/i;

/** Elements for the text, in a fragment. */
export function markdown(text) {
  const lines = text.replaceAll("\r\n", "\n").split("\n");
  const fragment = document.createDocumentFragment();
  for (let index = 0; index < lines.length; ) index = block(lines, index, fragment);
  return fragment;
}

function block(lines, index, parent) {
  const line = lines[index];
  if (line.trim() === "") return index + 1;
  const fence = line.match(/^\s*(```+|~~~+)/);
  if (fence) return codeBlock(lines, index, fence[1], parent);
  const heading = line.match(/^(#{1,6})\s+(.*?)\s*#*$/);
  if (heading) {
    // The page has its own first headings.
    append(parent, `h${Math.min(6, heading[1].length + 2)}`, heading[2]);
    return index + 1;
  }
  if (/^\s*(?:-{3,}|\*{3,}|_{3,})\s*$/.test(line)) {
    parent.append(document.createElement("hr"));
    return index + 1;
  }
  if (/^\s*>/.test(line)) return quote(lines, index, parent);
  if (item(line)) return list(lines, index, parent);
  return paragraph(lines, index, parent);
}

function codeBlock(lines, index, fence, parent) {
  const content = [];
  let next = index + 1;
  while (next < lines.length && !lines[next].trim().startsWith(fence)) {
    content.push(lines[next]);
    next += 1;
  }
  const code = document.createElement("code");
  code.textContent = content.join("\n");
  const pre = document.createElement("pre");
  pre.append(code);
  parent.append(pre);
  return next + 1;
}

function quote(lines, index, parent) {
  const content = [];
  let next = index;
  while (next < lines.length && /^\s*>/.test(lines[next])) {
    content.push(lines[next].replace(/^\s*> ?/, ""));
    next += 1;
  }
  const element = document.createElement("blockquote");
  element.append(markdown(content.join("\n")));
  parent.append(element);
  return next;
}

const item = (line) => line.match(/^(\s*)([-*+]|\d{1,9}[.)])\s+(.*)$/);

function list(lines, index, parent) {
  const isOrdered = /\d/.test(item(lines[index])[2]);
  const indent = item(lines[index])[1].length;
  const element = document.createElement(isOrdered ? "ol" : "ul");
  let next = index;
  while (next < lines.length) {
    const found = item(lines[next]);
    if (found && found[1].length === indent && /\d/.test(found[2]) === isOrdered) {
      append(element, "li", found[3]);
      next += 1;
    } else if (found && found[1].length > indent && element.lastChild) {
      next = list(lines, next, element.lastChild);
    } else if (!found && lines[next].trim() !== "" && /^\s/.test(lines[next]) && element.lastChild) {
      element.lastChild.append(" ", ...inline(lines[next].trim()));
      next += 1;
    } else break;
  }
  parent.append(element);
  return next;
}

function paragraph(lines, index, parent) {
  const content = [];
  let next = index;
  const ends = (line) => line.trim() === "" || /^(#{1,6}\s|\s*(```|~~~|>))/.test(line) || item(line);
  do {
    content.push(lines[next].trim());
    next += 1;
  } while (next < lines.length && !ends(lines[next]));
  append(parent, "p", content.join("\n"));
  return next;
}

function append(parent, name, text) {
  const element = document.createElement(name);
  element.append(...inline(text));
  parent.append(element);
}

const spans = /(`+)([^`]+?)\1(?!`)|\*\*(.+?)\*\*|__(.+?)__|\*([^*\s][^*]*?)\*|\b_([^_]+?)_\b|~~(.+?)~~|\[([^\]]+)\]\(([^()\s]+)\)|(https?:\/\/[^\s<>()]+)/g;

function inline(text) {
  const nodes = [];
  let from = 0;
  for (const match of text.matchAll(spans)) {
    if (match.index > from) nodes.push(text.slice(from, match.index));
    from = match.index + match[0].length;
    nodes.push(span(match));
  }
  if (from < text.length) nodes.push(text.slice(from));
  return nodes;
}

function span([whole, , code, strong, strong2, soft, soft2, struck, label, target, bare]) {
  if (code !== undefined) return element("code", [code]);
  if (strong ?? strong2) return element("strong", inline(strong ?? strong2));
  if (soft ?? soft2) return element("em", inline(soft ?? soft2));
  if (struck) return element("s", inline(struck));
  const address = target ?? bare;
  if (!safeLink.test(address)) return whole;
  const link = element("a", [label ?? bare]);
  link.href = address;
  link.rel = "noopener noreferrer";
  return link;
}

function element(name, children) {
  const result = document.createElement(name);
  result.append(...children);
  return result;
}
