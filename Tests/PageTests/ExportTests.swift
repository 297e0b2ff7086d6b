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

        @Test func `a view that is not there is refused`() throws {
            let page = try Page()
            let result = try page.project.run(["ui", "--export", "copy", "--view", "/runs/none"])
            #expect(result.status == 3)
            #expect(result.stderr.contains("the page has no view at /runs/none"))
        }
    }
}
