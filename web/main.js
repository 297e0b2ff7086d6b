// The page: the frame around every view, the keys that work everywhere, and the router.
import { h, fill } from "./lib/dom.js";
import { get, remove } from "./lib/api.js";
import { iconURL } from "./lib/assets.js";
import { isDark, restoreTheme, setTheme } from "./lib/colours.js";
import { onChange, onConnection, togglePause } from "./lib/events.js";
import { exportedAt, exportedStart } from "./lib/exported.js";
import { moment } from "./lib/format.js";
import { icon } from "./lib/icons.js";
import { bindKey, offerCommand, offerSearch, showKeys, startKeyboard } from "./lib/keyboard.js";
import { here, href, navigate, onMove, path, startRouter } from "./lib/router.js";
import { forgetSession, session } from "./lib/session.js";
import { sections, views } from "./views/index.js";

restoreTheme();

const isExport = document.documentElement.dataset.routing === "hash";
const brand = h("a.nav-brand", { href: href("/"), title: "Repro" },
  h("img", { src: iconURL(), alt: "" }), h("span.cut", "Repro"));
const links = sections.map((section) =>
  h("a.nav-link", { href: href(section.path), title: section.name }, icon(section.icon), h("span", section.name)));
const live = h("button.nav-live", { type: "button", onclick: togglePause }, h("span", { role: "status" }));
const account = h("span", { hidden: true });
const tool = (name, label, act) =>
  h("button.nav-link.nav-tool", { type: "button", onclick: act, title: label }, icon(name), h("span", label));
const copied = h(".nav-live", { dataset: { state: "copy" }, title: `A copy, taken ${exportedAt}` }, h("span", `Copy of ${moment(exportedAt)}`));
const nav = h("nav.nav", { ariaLabel: "Pages" }, brand, links, h(".nav-space"), isExport ? copied : live,
  tool("keyboard", "Keys", showKeys), tool("theme", "Theme", toggleTheme), account);
const view = h("main#view", { tabIndex: -1 });
fill(document.getElementById("app"), nav, view);

onMove((place) => {
  for (const [index, section] of sections.entries()) {
    const isHere = place.path === section.path || place.path.startsWith(`${section.path}/`) ||
      (section.also ?? []).some((prefix) => place.path.startsWith(prefix));
    if (isHere) links[index].setAttribute("aria-current", "page");
    else links[index].removeAttribute("aria-current");
  }
  if (place.path !== "/login") showAccount();
});

// Also for views that do not listen: the mark at the left is true everywhere.
onChange(() => {});
onConnection((state) => {
  const [words, title] = {
    live: ["Live", "What changes appears by itself; click to pause"], lost: ["Connecting again…", "The server does not answer"],
    paused: ["Paused", "Nothing changes by itself; click to go on"], off: ["Not live", ""],
  }[state];
  live.dataset.state = state;
  live.firstChild.textContent = words;
  live.title = title;
  live.setAttribute("aria-pressed", String(state === "paused"));
});

let shownAccount = null;

async function showAccount() {
  try {
    const known = await session();
    if (known === shownAccount) return;
    shownAccount = known;
    brand.lastChild.textContent = known.project || "Repro";
    brand.title = `${known.project || "Repro"} · repro ${known.version}`;
    account.hidden = !known.usesTokens;
    fill(account, tool("logout", known.name ? `Log out ${known.name}` : "Log out", logOut));
  } catch {
    // The view says what is wrong.
  }
}

async function logOut() {
  await remove("/session");
  forgetSession();
  shownAccount = null;
  navigate(href("/login"));
}

function toggleTheme() {
  setTheme(isDark() ? "light" : "dark");
}

startKeyboard();
for (const section of sections) {
  bindKey(`o ${section.key}`, `Go to ${section.name}`, () => navigate(href(section.path)), { group: "Everywhere" });
  offerCommand(`Go to ${section.name}`, () => navigate(href(section.path)), { hint: `o ${section.key}` });
}
offerCommand("Light or dark", toggleTheme);
if (!isExport) offerCommand("Pause, or go on with, what changes by itself", togglePause);
offerCommand("Follow the system's light or dark", () => setTheme(null));
offerCommand("Show the keys", showKeys, { hint: "?" });
if (!isExport) {
  offerSearch(async (text) => {
    const quoted = text.replace(/'/g, "");
    const page = await get("/runs", { filter: `name ilike '%${quoted}%'`, limit: 8 });
    return page.runs.map((run) => ({
      name: run.name, hint: `run · ${run.experiment}`, act: () => navigate(href(path("runs", run.id))),
    }));
  });
}

if (isExport && location.hash === "") history.replaceState(null, "", `#${exportedStart}`);
if (here().path === "/") navigate(href(sections[0].path), { replace: true }).catch(() => {});
startRouter(views, view);
