import JSON
import TestSupport
import Testing

extension AllPageTests {
    @Suite struct RunsTableTests {
        /// Four runs of a pipeline of two stages, with a metric each.
        static let files = [
            "repro.yaml": """
            stages:
              prepare:
                cmd: printf %s ${scale} > scale.txt
                params: [scale]
                outs: [scale.txt]
              train:
                cmd: mkdir -p out && printf '{"score":%s%s}' $(cat scale.txt) ${seed} > out/metrics.json && echo trained
                deps: [scale.txt]
                params: [seed]
                metrics: [out/metrics.json]
            """,
            "params.yaml": "scale: 1\nseed: 0\n",
        ]
        static let runs = [
            ["--name", "one"], ["--name", "two", "-S", "seed=5"], ["--name", "three", "-S", "scale=2", "-S", "seed=0"],
            ["--name", "four", "-S", "seed=7"],
        ]

        @Test func `runs are sorted and filtered, and the URL brings the same picture back`() throws {
            let page = try Page(Self.files, runs: Self.runs)
            try page.open("/runs")
            try page.expectRows(["four", "three", "two", "one"])
            try page.browser.click(".grid-title[title='metrics.score'] .grid-sort")
            try page.expectRows(["four", "three", "two", "one"])
            try page.browser.click(".grid-title[title='metrics.score'] .grid-sort")
            try page.expectRows(["one", "two", "three", "four"])
            try page.browser.press("/")
            try page.browser.waitFor("document.activeElement.id === 'filter'")
            try page.browser.press("params.scale = 2", Key.enter)
            try page.expectRows(["three", "four"])
            try page.browser.reload()
            try page.expectRows(["three", "four"])
            #expect(
                try page.browser.run("return document.getElementById('filter').value") == .string("params.scale = 2"))
            try page.browser.back()
            try page.expectRows(["one", "two", "three", "four"])
            try page.expectQuietConsole()
        }

        @Test func `a mistake in the filter is shown under its place, with a hint`() throws {
            let page = try Page(Self.files, runs: [Self.runs[0]])
            try page.open("/runs")
            try page.browser.waitFor("document.querySelector('.grid-row a')")
            try page.browser.type("status = 'failed' and metrcs.acc > 1", into: "#filter")
            try page.browser.press(Key.enter)
            try page.browser.waitForText("metrcs is not a kind of column", in: ".filter-problem")
            try page.browser.waitForText("did you mean `metrics`?", in: ".filter-problem")
            let echo = try page.browser.text(".filter-problem pre")
            #expect(echo.hasSuffix("\n" + String(repeating: " ", count: 22) + "^^^^^^^^^^"))
            #expect(try page.browser.count(".grid-row a") == 1)
            try page.expectQuietConsole(except: ["400 (Bad Request)"])
        }

        @Test func `the filter completes columns and values`() throws {
            let page = try Page(Self.files, runs: Self.runs)
            try page.open("/runs")
            try page.browser.waitFor("document.querySelector('.grid-row a')")
            try page.browser.type("sco", into: "#filter")
            try page.browser.waitForText("metrics.score", in: "#filter-list li:first-child")
            try page.browser.press(Key.down, Key.enter)
            try page.browser.waitFor("document.getElementById('filter').value === 'metrics.score '")
            try page.browser.type("params.seed = ", into: "#filter")
            try page.browser.waitForText("7", in: "#filter-list")
            try page.browser.type("status = 'fi", into: "#filter")
            try page.browser.waitForText("'finished'", in: "#filter-list")
            try page.expectQuietConsole()
        }

        @Test func `rows are grouped, and a group opens`() throws {
            let page = try Page(Self.files, runs: Self.runs)
            try page.open("/runs?group=params.scale")
            try page.browser.waitFor("document.querySelectorAll('.grid-group').length === 2")
            try page.browser.waitForText("scale: 1", in: ".grid-group")
            #expect(try page.browser.count(".grid-row a") == 0)
            try page.browser.click(".grid-row[data-index='1']")
            try page.expectRows(["four", "three"])
            try page.expectQuietConsole()
        }

        @Test func `keys move, choose and compare`() throws {
            let page = try Page(Self.files, runs: Self.runs)
            try page.open("/runs")
            try page.expectRows(["four", "three", "two", "one"])
            try page.browser.press("j", "x", "j", "x")
            try page.browser.waitForText("2 runs chosen", in: ".selection-bar")
            #expect(try page.browser.count(".grid-row[aria-selected=true]") == 2)
            try page.browser.press(Key.escape)
            try page.browser.waitFor("document.querySelector('.selection-bar').hidden")
            try page.browser.press("k", "x", "k", "x", "c")
            try page.browser.waitFor(
                "location.pathname === '/compare' && new URLSearchParams(location.search).getAll('run').length === 2")
        }

        @Test func `runs are archived, deleted, restored and tagged together`() throws {
            let page = try Page(Self.files, runs: Self.runs)
            try page.open("/runs")
            try page.expectRows(["four", "three", "two", "one"])
            try page.browser.press("x", "j", "x")
            try page.browser.click(".selection-bar button.danger")
            try page.expectRows(["two", "one"])
            try page.browser.click(".toast button")
            try page.expectRows(["four", "three", "two", "one"])
            try page.browser.click(".grid-row[data-index='0'] .grid-check")
            try page.browser.run(
                "[...document.querySelectorAll('.selection-bar button')].find((b) => b.innerText === 'Archive').click()"
            )
            try page.expectRows(["three", "two", "one"])
            try page.open("/runs?show=archived")
            try page.expectRows(["four"])
            try page.expectQuietConsole()
        }

        @Test func `columns are chosen, moved, resized and remembered in the URL`() throws {
            let page = try Page(Self.files, runs: [Self.runs[0]])
            try page.open("/runs?col=status&col=params.seed")
            let titles = "[...document.querySelectorAll('.grid-title')].map((t) => t.title).join()"
            try page.browser.waitFor("\(titles) === 'name,status,params.seed'")
            try page.browser.click("button[title=Columns]")
            try page.browser.type("score", into: ".column-panel input[type=search]")
            try page.browser.click(".column-item input")
            try page.browser.press(Key.escape)
            try page.browser.waitFor("\(titles) === 'name,status,params.seed,metrics.score'")
            try page.browser.waitForText("10", in: ".grid-row")
            try page.browser.run("document.querySelector(\".grid-title[title='metrics.score'] .grid-more\").click()")
            try page.browser.waitForText("Keep at the left", in: ".menu")
            try page.browser.run(
                "[...document.querySelectorAll('.menu-item')].find((m) => m.innerText.includes('Keep at the left')).click()"
            )
            try page.browser.waitFor("\(titles) === 'name,metrics.score,status,params.seed'")
            try page.browser.reload()
            try page.browser.waitFor("\(titles) === 'name,metrics.score,status,params.seed'")
            try page.browser.waitFor("document.querySelectorAll('.grid-row .grid-pinned .grid-cell').length === 2")
            try page.expectQuietConsole()
        }

        @Test func `rows are sorted by the value of a series that a column shows`() throws {
            let page = try Page()
            for (name, values) in [("a", [5.0, 1, 9]), ("b", [4, 3, 2]), ("c", [8, 7, 6])] {
                try page.logRun(name, metrics: ["loss": values])
            }
            try page.open("/runs?col=metrics.loss!min&col=metrics.loss")
            let title = ".grid-title[title='metrics.loss (min)']"
            try page.browser.click("\(title) .grid-sort")
            try page.expectRows(["c", "b", "a"])
            try page.browser.waitForText("6", in: ".grid-row[data-index='0'] .grid-cell.number")
            try page.browser.click("\(title) .grid-sort")
            try page.expectRows(["a", "b", "c"])
            try page.browser.waitFor("document.querySelector(\"\(title)\").ariaSort === 'ascending'")
            try page.browser.run("document.querySelector(\"\(title) .grid-more\").click()")
            try page.browser.waitForText("Greatest value", in: ".menu")
            try page.browser.run(
                "[...document.querySelectorAll('.menu-item')].find((m) => m.innerText.includes('Greatest')).click()")
            try page.browser.click(".grid-title[title='metrics.loss (max)'] .grid-sort")
            try page.expectRows(["a", "c", "b"])
            try page.expectQuietConsole()
        }

        @Test func `the colour of a run is chosen, and is the same in other views and after a reload`() throws {
            let page = try Page(Self.files, runs: [Self.runs[0]])
            try page.open("/runs")
            try page.browser.click(".grid-row .run-mark")
            try page.browser.click(".swatch:nth-child(3)")
            let colour = "getComputedStyle(document.querySelector('#view .run-mark')).backgroundColor"
            let isChosen = "\(colour) === 'rgb(46, 158, 76)'"
            try page.browser.waitFor(isChosen)
            try page.browser.click(".grid-row a")
            try page.browser.waitForText("one", in: "h1")
            try page.browser.waitFor(isChosen)
            try page.browser.reload()
            try page.browser.waitFor(isChosen)
            try page.browser.click(".view-head .run-mark")
            try page.browser.run(
                "[...document.querySelectorAll('.menu-item')].find((m) => m.innerText.includes('As usual')).click()")
            try page.browser.waitFor("localStorage.getItem('repro.colours') === '{}'")
            try page.expectQuietConsole()
        }

        /// More rows and columns than are ever asked for at once.
        @Test func `values come as their rows and columns come into sight`() throws {
            let page = try Page()
            for index in 0..<250 {
                try page.logRun(
                    "run-\(index)",
                    params: Dictionary(uniqueKeysWithValues: (0..<60).map { ("p\($0)", "\(index * 1000 + $0)") }))
            }
            let columns = (0..<60).map { "col=params.p\($0)" }.joined(separator: "&")
            try page.open("/runs?\(columns)&sort=name")
            try page.browser.waitForText("run-0", in: ".grid-row")
            try page.browser.run("document.getElementById('runs-grid').scrollTo(100000, 100000)")
            try page.browser.waitForText("run-99", in: ".grid-row")
            try page.browser.waitForText("99059", in: ".grid-row")
            #expect(try page.browser.count(".grid-row") < 80)
            #expect(try page.browser.count(".grid-cell") < 2000)
            try page.expectQuietConsole()
        }

        @Test func `a run that begins in a terminal appears by itself, and nothing that one looks at moves`() throws {
            let page = try Page(Self.files, runs: [Self.runs[0]])
            try page.open("/runs")
            try page.expectRows(["one"])
            try page.browser.press("x")
            try page.project.succeed("run", "--name", "later", "-S", "seed=3")
            try page.expectRows(["later", "one"])
            #expect(try page.browser.count(".grid-row[aria-selected=true]") == 1)
            #expect(try page.browser.text(".grid-row[aria-selected=true] a") == "one")
            try page.expectQuietConsole()
        }

        @Test func `names that look like markup are shown as they are`() throws {
            let page = try Page(Self.files, runs: [Self.runs[0]])
            let name = "<script>alert(1)</script>"
            try page.send("POST", "/api/2.0/mlflow/experiments/create", "{\"name\": \"\(name)\"}")
            let made = try page.send(
                "POST", "/api/2.0/mlflow/runs/create",
                "{\"experiment_id\": \"1\", \"run_name\": \"<img src=x onerror=alert(2)>\", \"start_time\": 1, "
                    + "\"tags\": [{\"key\": \"k\", \"value\": \"<svg onload=alert(3)>\"}]}")
            #expect(made.status == 200)
            try page.open("/experiments")
            try page.browser.waitForText(name, in: "td")
            try page.browser.run(
                "[...document.querySelectorAll('td a')].find((a) => a.innerText.includes('script')).click()")
            try page.browser.waitForText("<img src=x onerror=alert(2)>", in: ".grid-row")
            try page.browser.waitForText(name, in: "h1")
            #expect(try page.browser.count("img[src=x], td script, svg[onload]") == 0)
            try page.open("/runs?group=tags.k")
            try page.browser.waitForText("<svg onload=alert(3)>", in: ".grid-group")
            try page.expectQuietConsole()
        }
    }
}
