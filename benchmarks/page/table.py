"""The table of runs with very many rows and columns, as a person meets it: first rows, sorting, filtering, scrolling."""
import json

from serving import ROUNDS, Served, mark_filled, project, show, watch
from browser import Browser

RUNS, COLUMNS = 100_000, 200

# What a change of the table takes: from the deed to the frame in which the new rows stand.
DEED = """
    window.done = null;
    const rows = () => [...document.querySelectorAll(".grid-row a")].slice(0, 5).map((a) => a.textContent).join();
    const before = rows(), start = performance.now();
    %s;
    requestAnimationFrame(function look() {
        if (rows() === before || document.querySelector(".loading").dataset.busy !== undefined) requestAnimationFrame(look);
        else window.done = performance.now() - start;
    });"""

# One step a frame for three seconds; a row without a name has not come yet.
SCROLL = """
    window.done = null;
    const grid = document.getElementById("runs-grid"), [across, down] = arguments;
    const frames = [];
    let blank = 0, rows = 0, last = performance.now();
    const end = last + 3000;
    requestAnimationFrame(function step(now) {
        frames.push(now - last);
        last = now;
        const shown = grid.querySelectorAll(".grid-row:not([data-kind=waiting])").length, all = grid.querySelectorAll(".grid-row").length;
        blank += all - shown;
        rows += all;
        grid.scrollBy(across, down);
        if (now < end) return requestAnimationFrame(step);
        frames.shift();
        frames.sort((a, b) => a - b);
        const middle = (share) => frames[Math.floor(frames.length * share)];
        window.done = { frames: 1000 * frames.length / frames.reduce((a, b) => a + b, 0), median: middle(0.5), slow: middle(0.95), blank: blank / rows };
    });"""


def filled():
    """Filling takes minutes: the folder is kept, and used again while its size is the same."""
    params = [f"group{index % 5}.param{index}" for index in range(COLUMNS // 2)]
    metrics = [f"set{index % 5}/metric{index}" for index in range(COLUMNS // 2)]
    folder, filler = project("table", keeps=f"{RUNS} {COLUMNS}")
    if filler:
        for first in range(0, RUNS, 1000):
            numbers = [filler.add_run(f"run-{index:06}", index)[0] for index in range(first, first + 1000)]
            filler.add_values(numbers, params, metrics)
        filler.done()
        mark_filled(folder, f"{RUNS} {COLUMNS}")
    return folder, params, metrics


def measure():
    folder, params, metrics = filled()
    columns = "&".join(f"col={name}" for name in ["status", "duration"] + [f"metrics.{name}" for name in metrics]
                       + [f"params.{name}" for name in params])
    times = {name: [] for name in ["first", "first usual", "sort", "filter", "both"]}
    with Served(folder) as url:
        browser = Browser()
        try:
            watch(browser, rows=".grid-row a")
            for _ in range(ROUNDS):
                browser.open(f"{url}/runs")
                times["first usual"].append(browser.wait("window.seen.rows"))
                browser.open(f"{url}/runs?{columns}")
                times["first"].append(browser.wait("window.seen.rows"))
                sort = f'document.querySelector(".grid-title[title=\'metrics.{metrics[0]}\'] .grid-sort").click()'
                times["sort"].append(deed(browser, sort))
                times["filter"].append(deed(browser, enter(f"metrics.{metrics[1]} < 0.5")))
                times["both"].append(deed(browser, enter(f"metrics.{metrics[1]} < 0.5 and params.{params[2]} > 900")))
                deed(browser, enter(""))
            size = f"{RUNS:,} runs × {COLUMNS} columns"
            show(f"{size}: first rows, usual columns", times["first usual"], "500 ms")
            show(f"{size}: first rows, all columns", times["first"], "500 ms")
            show(f"{size}: sorted by a metric", times["sort"], "300 ms")
            show(f"{size}: filtered by a metric, sorted", times["filter"], "300 ms")
            show(f"{size}: by a metric and a param, sorted", times["both"], "300 ms")
            for name, across, down in [("rows, 90 px a frame", 0, 90), ("rows, 600 px a frame", 0, 600), ("columns, 60 px a frame", 60, 0)]:
                browser.run('document.getElementById("runs-grid").scrollTo(0, 3000)')
                browser.wait("document.querySelectorAll('.grid-row[data-kind=waiting]').length === 0")
                browser.run(SCROLL, across, down)
                found = browser.wait("window.done")
                print(f"{size}: scroll {name:24} {found['frames']:5.1f} frames/s   median {found['median']:.1f} ms, "
                      f"19 of 20 under {found['slow']:.1f} ms, rows not there yet {found['blank']:.1%}   target 50", flush=True)
            print("console errors:", browser.errors())
        finally:
            browser.quit()


def enter(text):
    return f"""const field = document.getElementById("filter"); field.value = {json.dumps(text)};
        field.dispatchEvent(new KeyboardEvent("keydown", {{ key: "Enter", bubbles: true, cancelable: true }}))"""


def deed(browser, script):
    browser.run(DEED % script)
    return browser.wait("window.done")
