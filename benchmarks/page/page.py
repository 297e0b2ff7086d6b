"""The page in a browser, on much data: `page.py [weight] [charts]`; without a name both.

Times begin when the browser starts to load, or when the mouse is let go, and end with the frame that shows the thing.
"""
import json
import os
import random
import statistics
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

from browser import Browser  # noqa: E402
from places import fresh_folder, repro  # noqa: E402
from store import Filler, curve  # noqa: E402

CHART_RUNS, POINTS = 20, 1_000_000
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


def project(name):
    folder = fresh_folder("page", name)
    subprocess.run([repro(), "init"], cwd=folder, check=True, stdout=subprocess.DEVNULL)
    # The database is there once something has opened it.
    subprocess.run([repro(), "runs"], cwd=folder, check=True, stdout=subprocess.DEVNULL)
    return folder, Filler(os.path.join(folder, ".repro", "tracking.sqlite"))


def show(title, times, target):
    times = sorted(times)
    print(f"{title:58} median {statistics.median(times):8.0f} ms   min {times[0]:7.0f}   target {target}", flush=True)


def watch(browser, **tests):
    browser.protocol("Page.enable", {})
    return browser.protocol("Page.addScriptToEvaluateOnNewDocument", {"source": WATCH % json.dumps(list(tests.items()))})


def charts():
    folder, filler = project("charts")
    generator = random.Random(2)
    one = curve(POINTS, generator)
    runs = []
    for index in range(CHART_RUNS):
        number, identifier = filler.add_run(f"run-{index:02}", index)
        # The same noise, another height: making them is not what is measured.
        filler.add_series(number, "loss", type(one)("f", (value + index * 0.02 for value in one)))
        runs.append(identifier)
    filler.done()
    with Served(folder) as url:
        browser = Browser()
        try:
            watch(browser, drawn=".chart[data-drawn]")
            address = f"{url}/compare?" + "&".join(f"run={run}" for run in runs) + "&tab=charts"
            first, zooms, smooths = [], [], []
            for _ in range(ROUNDS):
                browser.open(address)
                first.append(browser.wait("window.seen.drawn"))
                zooms.append(zoom(browser))
                smooths.append(smooth(browser))
            title = f"{CHART_RUNS} runs of {POINTS:,} points"
            show(f"{title}: first picture", first, "700 ms")
            show(f"{title}: zoom", zooms, "200 ms")
            show(f"{title}: smoothed anew", smooths, "none")
            print("console errors:", browser.errors())
        finally:
            browser.quit()


def zoom(browser):
    box = browser.run("const b = document.querySelector('.chart-plot').getBoundingClientRect(); return [b.left, b.top, b.width, b.height]")
    middle = box[1] + box[3] / 2
    browser.run("""
        window.zoomed = null;
        addEventListener("pointerup", () => {
            const start = performance.now(), card = document.querySelector(".chart");
            requestAnimationFrame(function look() {
                if (card.hasAttribute("data-busy")) requestAnimationFrame(look);
                else window.zoomed = performance.now() - start;
            });
        }, { once: true });""")
    browser.drag((round(box[0] + box[2] * 0.4), round(middle)), (round(box[0] + box[2] * 0.6), round(middle)))
    return browser.wait("window.zoomed")


def smooth(browser):
    browser.run("""
        window.smoothed = null;
        const field = document.querySelector("select[aria-label=Smooth]"), card = document.querySelector(".chart");
        const start = performance.now();
        field.value = "ema";
        field.dispatchEvent(new Event("change"));
        requestAnimationFrame(function look() {
            if (card.hasAttribute("data-busy")) requestAnimationFrame(look);
            else window.smoothed = performance.now() - start;
        });""")
    return browser.wait("window.smoothed")


def weight():
    folder, filler = project("weight")
    runs = [filler.add_run(f"run-{index}", index) for index in range(2)]
    filler.add_values([number for number, _ in runs], ["lr", "dim"], ["loss", "accuracy"])
    filler.done()
    pair = "&".join(f"run={identifier}" for _, identifier in runs)
    views = ["/runs", f"/runs/{runs[0][1]}", f"/runs/{runs[0][1]}?tab=charts", f"/compare?{pair}", f"/compare?{pair}&tab=charts",
             "/pipeline", "/data", "/models"]
    with Served(folder) as url:
        browser = Browser()
        try:
            total = {}
            for view in views:
                browser.open(url + view)
                browser.wait("document.querySelector('#view')?.childElementCount > 0")
                browser.wait("performance.now() > 1500")
                loaded = browser.run("""return performance.getEntriesByType("resource").filter((e) => e.name.includes("/assets/"))
                    .map((e) => [e.name, e.encodedBodySize, e.decodedBodySize])""")
                print(f"{view[:40]:42} {sum(entry[1] for entry in loaded) / 1024:7.1f} KiB in {len(loaded)} files", flush=True)
                total.update({name: sizes for name, *sizes in loaded})
            print(f"all of the page: {sum(sizes[0] for sizes in total.values()) / 1024:.1f} KiB compressed, "
                  f"{sum(sizes[1] for sizes in total.values()) / 1024:.1f} KiB plain, {len(total)} files   target 400 KiB")
        finally:
            browser.quit()


def main():
    wanted = sys.argv[1:] or ["weight", "charts"]
    load = " ".join(open("/proc/loadavg").read().split()[:3])
    print(f"{os.cpu_count()} cores, load {load}")
    for name in wanted:
        {"charts": charts, "weight": weight}[name]()


if __name__ == "__main__":
    main()
