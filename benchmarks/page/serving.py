"""A project full of runs, the page served on it, and how its times are shown."""
import json
import os
import statistics
import subprocess

from places import WORK, fresh_folder, repro
from store import Filler

ROUNDS = 7

# Set before anything of a page runs: when a thing was first there, in the page's own time.
WATCH = """
    window.seen = {};
    const watched = %s;
    (function look() {
        for (const [name, test] of watched) if (!(name in window.seen) && document.querySelector(test)) window.seen[name] = performance.now();
        requestAnimationFrame(look);
    })();
"""


class Served:
    """`repro ui` on a folder, until the end of the block."""

    def __init__(self, folder):
        self.folder = folder

    def __enter__(self):
        self.program = subprocess.Popen([repro(), "ui", "--no-open", "--port", "0", "--json"], cwd=self.folder,
                                        stdout=subprocess.PIPE, text=True)
        return json.loads(self.program.stdout.readline())["url"]

    def __exit__(self, *_):
        self.program.terminate()
        self.program.terminate()
        self.program.wait()


def project(name, keeps=None):
    """A folder, and what fills its database; nothing if what was filled before is still there, as `keeps` says."""
    folder = os.path.join(WORK, "page", name)
    filled = os.path.join(folder, ".filled")
    if keeps and os.path.exists(filled) and open(filled).read() == keeps:
        return folder, None
    fresh_folder("page", name)
    subprocess.run([repro(), "init"], cwd=folder, check=True, stdout=subprocess.DEVNULL)
    # The database is there once something has opened it.
    subprocess.run([repro(), "runs"], cwd=folder, check=True, stdout=subprocess.DEVNULL)
    return folder, Filler(os.path.join(folder, ".repro", "tracking.sqlite"))


def mark_filled(folder, keeps):
    with open(os.path.join(folder, ".filled"), "w") as file:
        file.write(keeps)


def show(title, times, target):
    times = sorted(times)
    print(f"{title:58} median {statistics.median(times):8.0f} ms   min {times[0]:7.0f}   target {target}", flush=True)


def watch(browser, **tests):
    browser.protocol("Page.enable", {})
    return browser.protocol("Page.addScriptToEvaluateOnNewDocument", {"source": WATCH % json.dumps(list(tests.items()))})
