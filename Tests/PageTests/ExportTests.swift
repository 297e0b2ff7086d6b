import JSON
import TestSupport
import Testing

extension AllPageTests {
    @Suite struct ExportTests {
        @Test func `a copy opens from a file, without a server, and shows the same`() throws {
            let page = try Page(
                ["repro.yaml": RunPageTests.pipeline, "n.txt": "20\n", "params.yaml": "by: 1\n"],
                runs: [["--name", "first"], ["--name", "second", "-S", "by=5"]])
            let run = try page.logRun("<script>evil</script>", metrics: ["loss": (0..<3000).map { 1 / Double($0 + 1) }])
            try page.putArtifact(run, "evil.html", "</script><script>document.title = 'owned'</script>")
            try page.project.succeed(
                "ui", "--export", "copy", "--view", "\(page.base)/compare?run=first&run=second", "--view",
                "/runs/\(run)")
            let copy = "file://\(page.project.path("copy/index.html"))"
            try page.browser.open(copy)
            try page.browser.waitForText("value is 41 in first and 45 in second", in: ".gap")
            try page.browser.waitForText("Copy of", in: "nav")
            try page.browser.click("#tab-stages")
            try page.browser.waitForText("makes other doubled.txt", in: ".stage-grid")
            try page.browser.open("\(copy)#/runs/\(run)?tab=charts")
            try page.browser.waitFor("document.querySelector('.chart[data-drawn]')")
            try page.browser.open("\(copy)#/runs/\(run)?tab=files&file=artifacts%2Fevil.html")
            try page.browser.waitForText("document.title = 'owned'", in: ".preview-text")
            #expect(try page.browser.run("return document.title === 'owned'") == .bool(false))
            // What would change something is not offered.
            try page.browser.open("\(copy)#/runs/\(run)")
            try page.browser.waitForText("Notes")
            #expect(
                try page.browser.run(
                    "return [...document.querySelectorAll('.panel button')].filter((b) => b.checkVisibility() && b.innerText === 'Edit').length"
                ) == .integer(0))
            try page.expectQuietConsole()
        }

        @Test func `a copy of a table is sorted and grouped in the copy`() throws {
            let page = try Page(RunsTableTests.files, runs: RunsTableTests.runs)
            try page.project.succeed(
                "ui", "--export", "copy", "--view",
                "\(page.base)/runs?col=status&col=metrics.score!max,spark&sort=metrics.score%20desc")
            let copy = "file://\(page.project.path("copy/index.html"))"
            try page.browser.open(copy)
            try page.expectRows(["four", "three", "two", "one"])
            try page.browser.waitForText("27", in: ".grid-row[data-index='0'] .rich.number")
            try page.browser.click(".grid-title[title='name'] .grid-sort")
            try page.expectRows(["four", "one", "three", "two"])
            try page.browser.open("\(copy)#/runs?group=params.scale&col=params.seed")
            try page.browser.waitForText("scale: 1", in: ".grid-group")
            try page.browser.click(".grid-row[data-index='1']")
            try page.expectRows(["four", "three"])
            try page.browser.waitForText("7", in: ".grid-row .number")
            // A filter needs a server: that is said, and the rows stay.
            try page.browser.type("name = 'one'", into: "#filter")
            try page.browser.press(Key.enter)
            try page.browser.waitForText("this copy of the page does not have that", in: "[role=alert]")
            try page.expectQuietConsole()
        }

        @Test func `graph, pipeline, data, models and experiments are copied with what is one click away`() throws {
            let page = try Page(RunsTableTests.files, runs: Array(RunsTableTests.runs.prefix(2)))
            try page.send("POST", "/api/2.0/mlflow/registered-models/create", "{\"name\": \"guess\"}")
            try page.send(
                "POST", "/api/2.0/mlflow/model-versions/create", "{\"name\": \"guess\", \"source\": \"s3://b/m\"}")
            let views = ["/runs/two?tab=graph", "/pipeline", "/data", "/models", "/experiments"]
            try page.project.succeed(["ui", "--export", "copy"] + views.flatMap { ["--view", $0] })
            let copy = "file://\(page.project.path("copy/index.html"))"
            try page.browser.open(copy)
            try page.browser.click(".graph-box[data-stage=train]")
            try page.browser.waitForText("param seed changed: 0 → 5", in: ".stage-panel")
            try page.browser.waitForText("trained", in: ".stage-log")
            try page.browser.open("\(copy)#/pipeline")
            try page.browser.waitFor("document.querySelectorAll('.graph-box').length === 2")
            try page.browser.open("\(copy)#/data")
            try page.browser.click("td a[href$='/scale.txt']")
            try page.browser.waitForText("one", in: ".uses")
            try page.browser.open("\(copy)#/models")
            try page.browser.click("td a")
            try page.browser.waitForText("s3://b/m", in: "td")
            try page.browser.open("\(copy)#/experiments")
            try page.browser.waitForText("2", in: "td.number")
            try page.expectQuietConsole()
        }

        @Test func `a view that is not there is refused`() throws {
            let page = try Page()
            let result = try page.project.run(["ui", "--export", "copy", "--view", "/runs/none"])
            #expect(result.status == 3)
            #expect(result.stderr.contains("the page has no view at /runs/none"))
        }
    }
}
