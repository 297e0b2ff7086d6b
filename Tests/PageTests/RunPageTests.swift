import JSON
import TestSupport
import Testing

extension AllPageTests {
    @Suite struct RunPageTests {
        static let pipeline = """
            stages:
              double:
                cmd: printf '\\033[31mred\\033[0m line\\nline two\\n'; echo $(( $(cat n.txt) * 2 + ${by} )) > doubled.txt
                deps: [n.txt]
                params: [by]
                outs: [doubled.txt]
              report:
                cmd: |-
                  echo "{\\"value\\": $(cat doubled.txt)}" > report.json
                deps: [doubled.txt]
                metrics: [report.json]

            """

        private func pipelinePage(runs: [[String]]) throws -> Page {
            try Page(["repro.yaml": Self.pipeline, "n.txt": "20\n", "params.yaml": "by: 1\n"], runs: runs)
        }

        @Test func `a run of a pipeline shows what came out, why, from what, and what was printed`() throws {
            let page = try pipelinePage(runs: [["--name", "first"]])
            try page.open("/runs/first")
            try page.browser.waitForText("first", in: "h1")
            try page.browser.waitForText("finished", in: ".run-status")
            try page.browser.waitForText("41", in: ".values")
            try page.browser.waitForText("2 ran", in: ".pairs")
            try page.browser.waitForText("n.txt", in: ".run-files")
            try page.browser.click("#tab-stages")
            try page.browser.waitFor("document.querySelectorAll('.stage').length === 2")
            try page.browser.click(".stage summary")
            try page.browser.waitForText("echo $((", in: ".stage[open] pre")
            try page.browser.click("#tab-logs")
            try page.browser.waitForText("line two", in: ".log")
            #expect(try page.browser.text(".log .ansi-red") == "red")
            try page.browser.type("line", into: ".log-bar input")
            try page.browser.waitForText("1 of 2", in: ".log-bar")
            try page.browser.waitFor("document.querySelectorAll('.log mark').length === 2")
            try page.browser.click("#tab-files")
            try page.browser.click("[data-file='stages/doubled.txt']")
            try page.browser.waitForText("41", in: ".preview-text")
            #expect(try page.browser.url.contains("file=stages%2Fdoubled.txt"))
            try page.browser.reload()
            try page.browser.waitForText("41", in: ".preview-text")
            try page.expectQuietConsole()
        }

        @Test func `what files and names hold never runs`() throws {
            let page = try Page()
            let evil = "<script>document.title = 'owned'</script><img src=x onerror=\"document.title='owned'\">"
            let run = try page.logRun(
                evil, params: ["p": evil], metrics: ["m": [1]],
                tags: ["mlflow.note.content": "\(evil)\n\n[click](javascript:document.title='owned') **bold**"])
            try page.putArtifact(run, "report.html", evil)
            try page.putArtifact(
                run, "drawing.svg", "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'>\(evil)</svg>")
            try page.putArtifact(
                run, "table.csv", "a,b\n\"\(evil.split(separator: "\"").joined(separator: "\"\""))\",2\n3,4\n")
            try page.open("/runs/\(run)")
            try page.browser.waitForText(evil, in: "h1")
            try page.browser.waitForText("bold", in: ".markdown strong")
            #expect(try page.browser.count(".markdown a") == 0)
            for (file, selector) in [
                ("report.html", ".preview-text"), ("drawing.svg", ".preview-image"), ("table.csv", ".data-table td"),
            ] {
                try page.open("/runs/\(run)?tab=files&file=artifacts/\(file)")
                try page.browser.waitFor("document.querySelector(\"\(selector)\")")
                #expect(try page.browser.run("return document.title === 'owned'") == .bool(false))
                #expect(
                    try page.browser.run("return document.querySelectorAll('#view script, #view iframe').length")
                        == .integer(0))
            }
            try page.expectQuietConsole()
        }

        @Test func `notes and tags are edited in place, and stay`() throws {
            let page = try Page()
            let run = try page.logRun("r")
            try page.open("/runs/\(run)")
            try page.browser.waitFor(
                "[...document.querySelectorAll('.panel button')].find((b) => b.innerText === 'Edit')?.checkVisibility()"
            )
            try page.browser.run(
                "[...document.querySelectorAll('.panel button')].find((b) => b.innerText === 'Edit').click()")
            try page.browser.type("# Why\n\nIt **works**", into: ".notes-field")
            try page.browser.press(Key.control, with: Key.enter)
            try page.browser.waitForText("works", in: ".markdown strong")
            try page.browser.run(
                "[...document.querySelectorAll('.panel button')].find((b) => b.innerText.trim() === 'Add').click()")
            try page.browser.type("team", into: ".tag-form input:first-child")
            try page.browser.type("nlp", into: ".tag-form input:nth-child(2)")
            try page.browser.press(Key.enter)
            try page.browser.waitForText("team: nlp", in: ".tag")
            try page.browser.reload()
            try page.browser.waitForText("works", in: ".markdown strong")
            try page.browser.click(".tag button:last-child")
            try page.browser.waitForText("No tags yet", in: ".tag-list")
            try page.browser.click(".toast button")
            try page.browser.waitForText("team: nlp", in: ".tag")
            try page.expectQuietConsole()
        }

        @Test func `a run is renamed in place, whatever its URL called it`() throws {
            let page = try pipelinePage(runs: [["--name", "first"]])
            try page.open("/runs/first?tab=logs")
            try page.browser.click("[aria-label='Rename the run']")
            try page.browser.type("second <b>", into: "dialog input")
            try page.browser.press(Key.enter)
            try page.browser.waitForText("second <b>", in: "h1")
            try page.browser.waitFor("location.search === '?tab=logs' && !location.pathname.includes('first')")
            try page.browser.waitForText("line two", in: ".log")
            try page.browser.click("[aria-label='Rename the run']")
            try page.browser.type("third", into: "dialog input")
            try page.browser.press(Key.enter)
            try page.browser.waitForText("third", in: "h1")
            try page.expectQuietConsole()
        }

        @Test func `what a run logs meanwhile appears by itself`() throws {
            let page = try Page()
            let run = try page.logRun("live", metrics: ["loss": [3, 2]], isOver: false)
            try page.open("/runs/\(run)")
            try page.browser.waitForText("running", in: ".run-status")
            try page.browser.waitForText("2", in: ".values")
            try page.logMetric(run, "loss", [0.5], from: 2)
            try page.browser.waitForText("0.5", in: ".values")
            try page.expectQuietConsole()
        }

        @Test func `the code of a run is its commit and its uncommitted changes`() throws {
            let page = try Page([
                "repro.yaml": Self.pipeline, "n.txt": "20\n", "params.yaml": "by: 1\n", "code.py": "print(1)\n",
            ])
            try page.project.commitToGit()
            try page.project.write("code.py", "print(2)\n")
            try page.project.succeed("run", "--name", "dirty")
            try page.open("/runs/dirty?tab=code")
            try page.browser.waitForText("code.py", in: ".diff-file summary")
            #expect(try page.browser.texts(".diff-hunk .removed td:last-child") == ["−print(1)"])
            #expect(try page.browser.texts(".diff-hunk .added td:last-child") == ["+print(2)"])
            try page.expectQuietConsole()
        }
    }
}
