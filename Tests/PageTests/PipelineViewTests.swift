import JSON
import TestSupport
import Testing

extension AllPageTests {
    @Suite struct PipelineViewTests {
        @Test func `a run's graph shows states, and of a stage why it ran, its files and its log`() throws {
            let page = try Page(RunsTableTests.files, runs: Array(RunsTableTests.runs.prefix(2)))
            try page.open("/runs/two?tab=graph")
            try page.browser.waitFor("document.querySelectorAll('.graph-box').length === 2")
            #expect(try page.browser.texts(".graph-box").map { $0.contains("skipped") } == [true, false])
            try page.browser.click(".graph-box[data-stage=train]")
            try page.browser.waitForText("param seed changed: 0 → 5", in: ".stage-panel")
            try page.browser.waitForText("trained", in: ".stage-log")
            try page.browser.waitForText("scale.txt", in: ".stage-panel")
            try page.browser.reload()
            try page.browser.waitForText("param seed changed", in: ".stage-panel")
            try page.browser.press(Key.escape)
            try page.browser.waitFor("!document.querySelector('.stage-panel')")
            try page.expectQuietConsole()
        }

        @Test func `the workspace's graph says what would run, and follows an edit`() throws {
            let page = try Page(RunsTableTests.files, runs: [RunsTableTests.runs[0]])
            try page.open("/pipeline")
            try page.browser.waitForText("up to date", in: ".graph-summary")
            try page.project.write("params.yaml", "scale: 1\nseed: 9\n")
            try page.browser.run("dispatchEvent(new Event('focus'))")
            try page.browser.waitForText("1 would run", in: ".graph-summary")
            try page.expectQuietConsole()
        }

        @Test func `an empty project is told the next command`() throws {
            let page = try Page()
            for (path, text) in [
                ("/runs", "No run yet"), ("/pipeline", "No pipeline yet"), ("/data", "No data yet"),
                ("/models", "No model yet"), ("/new", "Nothing to run yet"),
            ] {
                try page.open(path)
                try page.browser.waitForText(text, in: "h2")
                try page.browser.waitFor("document.querySelector('.command code').innerText.length > 3")
            }
            _ = try page.browser.consoleErrors()
        }

        @Test func `data has its versions, who made and who read them`() throws {
            let page = try Page(RunsTableTests.files, runs: RunsTableTests.runs)
            try page.open("/data")
            try page.browser.waitForText("scale.txt", in: "td")
            try page.browser.run(
                "[...document.querySelectorAll('td a')].find((a) => a.innerText === 'scale.txt').click()")
            try page.browser.waitFor("document.querySelectorAll('.versions section').length === 2")
            try page.browser.waitForText("three", in: ".uses")
            try page.expectQuietConsole()
        }

        @Test func `a model's alias is set and moved in place`() throws {
            let page = try Page()
            try page.send("POST", "/api/2.0/mlflow/registered-models/create", "{\"name\": \"guess\"}")
            for _ in 0..<2 {
                try page.send(
                    "POST", "/api/2.0/mlflow/model-versions/create", "{\"name\": \"guess\", \"source\": \"s3://b/m\"}")
            }
            try page.open("/models")
            try page.browser.click("td a")
            try page.browser.waitFor("document.querySelectorAll('tbody tr').length === 2")
            try page.browser.click("[aria-label='Add an alias to version 1']")
            try page.browser.type("champion", into: "dialog input")
            try page.browser.press(Key.enter)
            try page.browser.waitForText("champion", in: "tbody tr:nth-child(2)")
            try page.browser.click("[aria-label='Add an alias to version 2']")
            try page.browser.type("champion", into: "dialog input")
            try page.browser.press(Key.enter)
            try page.browser.waitForText("champion", in: "tbody tr:nth-child(1)")
            #expect(try page.browser.count("[aria-label='Remove the alias champion']") == 1)
            try page.browser.click(".crumbs a")
            try page.browser.waitForText("champion → 2", in: "td")
            try page.browser.back()
            try page.browser.click("[aria-label='Remove the alias champion']")
            try page.browser.waitFor("!document.querySelector('[aria-label=\"Remove the alias champion\"]')")
            try page.expectQuietConsole()
        }
    }

    @Suite struct ModelPageTests {
        @Test func `a model that another program registers appears, and nothing of its text is markup`() throws {
            let page = try Page()
            let evil = "<img src=x onerror=document.title='owned'>"
            let run = try page.logRun("maker")
            try page.open("/models")
            try page.browser.waitForText("No model yet", in: "h2")
            try page.browser.waitFor("document.querySelector('.nav-live').dataset.state === 'live'")
            let model = "{\"name\": \"\(evil)\", \"description\": \"\(evil)\"}"
            #expect(try page.send("POST", "/api/2.0/mlflow/registered-models/create", model).status == 200)
            let version = """
                {"name": "\(evil)", "source": "s3://bucket/\(evil)", "run_id": "\(run)", "description": "\(evil)"}
                """
            #expect(try page.send("POST", "/api/2.0/mlflow/model-versions/create", version).status == 200)
            try page.browser.waitForText(evil, in: "td a")
            try page.browser.waitForText("1", in: "td.number")
            try page.browser.click("td a")
            try page.browser.waitForText(evil, in: "h1")
            try page.browser.waitForText("maker", in: "td a")
            #expect(try page.browser.count("img[src=x]") == 0)
            try page.browser.click("td a")
            try page.browser.waitForText("maker", in: "h1")
            try page.expectQuietConsole()
        }
    }

    @Suite struct LaunchTests {
        @Test func `a clone shows what will run, runs it and follows it, and leaves the workspace alone`() throws {
            let page = try Page(RunsTableTests.files, runs: RunsTableTests.runs)
            try page.open("/new?from=two")
            try page.browser.waitForText("2 from the cache", in: ".plan-words")
            try page.browser.run(
                """
                const field = [...document.querySelectorAll('.param-row')].find((r) => r.dataset.name === 'seed').querySelector('input');
                field.value = '8'; field.dispatchEvent(new Event('input'));
                """)
            try page.browser.waitForText("1 from the cache", in: ".plan-words")
            try page.browser.waitForText("1 will run", in: ".plan-words")
            try page.browser.click("button.primary")
            try page.browser.waitFor("location.search.includes('started=')")
            try page.browser.waitForText("finished", in: ".view-head")
            try page.browser.waitForText("ran", in: ".graph-box[data-stage=train]")
            #expect(try page.project.read("params.yaml") == "scale: 2\nseed: 7\n")
            let reply = try page.send("GET", "/api/v1/table?column=metrics.score&limit=1")
            #expect(reply.text.contains("[18.0]"))
            try page.expectQuietConsole()
        }

        @Test func `a run that was started is stopped`() throws {
            let page = try Page([
                "repro.yaml": "stages:\n  wait:\n    cmd: echo begun && sleep 600\n    outs: [never.txt]\n"
            ])
            try page.open("/new")
            try page.browser.waitForText("1 will run", in: ".plan-words")
            try page.browser.click("button.primary")
            try page.browser.waitFor("document.querySelector('.graph-box[data-state=running]')")
            try page.browser.click(".graph-box")
            try page.browser.waitForText("begun", in: ".stage-log")
            try page.browser.click("button.danger")
            try page.browser.waitForText("interrupted", in: ".view-head")
            try page.expectQuietConsole()
        }

        @Test func `a role that may not run is told so`() throws {
            let page = try Page(
                RunsTableTests.files.merging(["tokens": "write ci bbbbbbbbbbbbbbbb\n"]) { $1 },
                command: ["server", "--port", "0", "--tokens", "tokens", "--json"])
            try page.open("/new")
            try page.browser.type("bbbbbbbbbbbbbbbb", into: "#token")
            try page.browser.press(Key.enter)
            try page.browser.waitForText("Your role may look, but not start runs")
            #expect(try page.browser.run("return document.querySelector('button.primary').disabled") == .bool(true))
        }
    }
}
