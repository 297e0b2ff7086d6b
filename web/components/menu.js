// A menu below a button: arrow keys, Home, End, the first letter; Escape gives the focus back.
import { h } from "../lib/dom.js";

/**
 * Opens a menu at `anchor`, an element or { x, y }. `items`: { label, act, icon, hint, danger, checked, disabled },
 * "-" for a line, { title } for a heading, or an element of its own.
 */
export function openMenu(anchor, items, { label = "Menu" } = {}) {
  document.querySelector(".menu")?.remove();
  const menu = h(".menu", { popover: "auto", role: "menu", ariaLabel: label });
  for (const item of items) {
    if (!item) continue;
    if (item === "-") menu.append(h("hr"));
    else if (item instanceof Node) menu.append(item);
    else if (item.title) menu.append(h(".menu-title", { role: "presentation" }, item.title));
    else menu.append(menuItem(item, menu));
  }
  document.body.append(menu);
  menu.addEventListener("toggle", (event) => {
    if (event.newState === "closed") {
      menu.remove();
      if (anchor instanceof HTMLElement) {
        anchor.setAttribute("aria-expanded", "false");
        if (!document.activeElement || document.activeElement === document.body) anchor.focus();
      }
    }
  });
  menu.addEventListener("keydown", (event) => moveFocus(event, menu));
  menu.showPopover();
  place(menu, anchor);
  if (anchor instanceof HTMLElement) anchor.setAttribute("aria-expanded", "true");
  (menu.querySelector("input, [role^=menuitem]") ?? menu).focus();
  return menu;
}

function menuItem(item, menu) {
  const isChoice = item.checked !== undefined;
  return h("button.menu-item", {
    type: "button", role: isChoice ? "menuitemcheckbox" : "menuitem", disabled: item.disabled, class: item.danger ? "danger" : "",
    ariaChecked: isChoice ? String(Boolean(item.checked)) : null,
    onclick: () => {
      if (!item.staysOpen) menu.hidePopover();
      item.act?.();
    },
  }, isChoice ? h("span", { ariaHidden: "true", style: { width: "12px" } }, item.checked ? "✓" : "") : null,
    item.icon ?? null, h("span.cut", item.label), item.hint ? h("span.faint", item.hint) : null);
}

function place(menu, anchor) {
  // A button that shows under the pointer only has no place of its own when the keyboard opens its menu.
  const box = anchor instanceof Element
    ? (anchor.checkVisibility() ? anchor : anchor.parentElement).getBoundingClientRect()
    : { left: anchor.x, right: anchor.x, top: anchor.y, bottom: anchor.y };
  const { width, height } = menu.getBoundingClientRect();
  const left = Math.max(8, Math.min(box.left, innerWidth - width - 8));
  const below = box.bottom + 4;
  const top = below + height <= innerHeight - 8 ? below : Math.max(8, box.top - height - 4);
  menu.style.setProperty("left", `${left}px`);
  menu.style.setProperty("top", `${top}px`);
}

function moveFocus(event, menu) {
  const items = [...menu.querySelectorAll("[role^=menuitem]:not(:disabled)")];
  const index = items.indexOf(document.activeElement);
  const typing = event.target instanceof HTMLInputElement && event.target.type !== "checkbox";
  let next = null;
  if (event.key === "ArrowDown") next = items[(index + 1) % items.length];
  else if (event.key === "ArrowUp") next = items[(index - 1 + items.length) % items.length];
  else if (event.key === "Home" && !typing) next = items[0];
  else if (event.key === "End" && !typing) next = items.at(-1);
  else if (event.key.length === 1 && /\S/.test(event.key) && !typing && !event.ctrlKey && !event.metaKey) {
    const rest = [...items.slice(index + 1), ...items.slice(0, index + 1)];
    next = rest.find((item) => item.textContent.trim().toLowerCase().startsWith(event.key.toLowerCase()));
  }
  if (next) {
    event.preventDefault();
    next.focus();
  }
}
