"""The page in a browser, on much data: `page.py [weight] [table] [charts]`; without a name all of them.

Times begin when the browser starts to load, or when something is done, and end with the frame that shows the thing.
"""
import os
import random
import sqlite3
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

import table  # noqa: E402
from browser import Browser  # noqa: E402
from serving import ROUNDS, Served, mark_filled, project, show, watch  # noqa: E402
from store import curve  # noqa: E402

CHART_RUNS, POINTS = 20, 1_000_000


def filled_charts():
    """The folder, and the ids of its runs."""
    folder, filler = project("charts", keeps=f"{CHART_RUNS} {POINTS}")
    if filler:
        generator = random.Random(2)
        one = curve(POINTS, generator)
        for index in range(CHART_RUNS):
            number, _ = filler.add_run(f"run-{index:02}", index)
            # The same noise, another height: making them is not what is measured.
            filler.add_series(number, "loss", type(one)("f", (value + index * 0.02 for value in one)))
        filler.done()
        mark_filled(folder, f"{CHART_RUNS} {POINTS}")
    database = sqlite3.connect(os.path.join(folder, ".repro", "tracking.sqlite"))
    return folder, [identifier for identifier, in database.execute("SELECT id FROM runs ORDER BY number")]


def charts():
    folder, runs = filled_charts()
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
    wanted = sys.argv[1:] or ["weight", "table", "charts"]
    load = " ".join(open("/proc/loadavg").read().split()[:3])
    print(f"{os.cpu_count()} cores, load {load}")
    for name in wanted:
        {"charts": charts, "table": table.measure, "weight": weight}[name]()


if __name__ == "__main__":
    main()
