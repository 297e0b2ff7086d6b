// What changes, as the server tells it by server-sent events. One connection for the whole page.
//
// An event says that something is new, not what: a listener asks for what it shows. After a lost connection, events
// may have been missed: listeners get { kind: "resync" } and ask for everything that they show.

const listeners = new Set();
const stateListeners = new Set();
let source = null;
let state = "off";
let hasBeenLive = false;
let isPaused = false;
let retryTimer = 0;
let retryDelay = 500;

/** So long ago may a view that begins to listen have asked for what it shows. */
const memory = 30_000;
let lastTold = -Infinity;

/**
 * Calls `listener({ kind, id })` until `signal` fires. Kinds: `run` (a run's id), `experiment`, `model`, `store`
 * (another process wrote; which runs is not known), `workspace` and `resync`.
 */
export function onChange(listener, { signal } = {}) {
  listeners.add(listener);
  signal?.addEventListener("abort", () => {
    listeners.delete(listener);
    if (listeners.size === 0) disconnect();
  });
  connect();
  // What came while the view was being made had nobody to hear it.
  if (performance.now() - lastTold < memory) setTimeout(() => listeners.has(listener) && listener({ kind: "resync" }));
}

/** Calls `listener` with "live", "lost", "paused" or "off", now and at each change. */
export function onConnection(listener) {
  stateListeners.add(listener);
  listener(shownState());
}

/** Leaves what is shown as it is, until it goes on; then everything that was missed is asked for. */
export function togglePause() {
  isPaused = !isPaused;
  tellState();
  if (!isPaused) tell({ kind: "resync" });
}

function connect() {
  if (source || document.hidden) return;
  // A static export has nobody who could tell.
  if (document.documentElement.dataset.routing === "hash") return;
  source = new EventSource("/api/v1/events");
  for (const kind of ["run", "experiment", "model", "store", "workspace"]) {
    source.addEventListener(kind, (event) => tell({ kind, ...JSON.parse(event.data) }));
  }
  source.addEventListener("hello", () => {
    retryDelay = 500;
    setState("live");
    if (hasBeenLive) tell({ kind: "resync" });
    hasBeenLive = true;
  });
  source.addEventListener("error", () => {
    // The browser tries again by itself after some errors and gives up after others; one of us is enough.
    source.close();
    source = null;
    setState("lost");
    clearTimeout(retryTimer);
    retryTimer = setTimeout(connect, retryDelay);
    retryDelay = Math.min(retryDelay * 2, 10_000);
  });
}

function disconnect() {
  clearTimeout(retryTimer);
  source?.close();
  source = null;
  setState("off");
}

function tell(event) {
  lastTold = performance.now();
  if (isPaused) return;
  for (const listener of [...listeners]) {
    try {
      listener(event);
    } catch (error) {
      console.error(error);
    }
  }
}

function setState(value) {
  if (state === value) return;
  state = value;
  tellState();
}

function shownState() {
  return isPaused ? "paused" : state;
}

function tellState() {
  for (const listener of stateListeners) listener(shownState());
}

// A laptop that wakes up does not wait for the next attempt.
addEventListener("online", () => {
  if (state === "lost" && !source) {
    clearTimeout(retryTimer);
    connect();
  }
});

// A browser has six connections for a server and all of its tabs: a page out of sight gives its own back, and asks for
// what it missed when it is seen again.
function follow() {
  if (document.hidden) disconnect();
  else if (listeners.size) connect();
}

document.addEventListener("visibilitychange", follow);
addEventListener("pagehide", disconnect);
addEventListener("pageshow", follow);
