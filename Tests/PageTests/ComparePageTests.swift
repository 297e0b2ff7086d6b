import JSON
import TestSupport
import Testing

extension AllPageTests {
    @Suite struct ComparePageTests {
        private func page() throws -> Page {
            let page = try Page(
                ["repro.yaml": RunPageTests.pipeline, "n.txt": "20\n", "params.yaml": "by: 1\nother: 3\n"],
                runs: [["--name", "first"], ["--name", "second", "-S", "by=5"]])
            return page
        }

        @Test func `what differs is a table, and where it began is told from the metric to the param`() throws {
            let page = try page()
            try page.open("/compare?run=first&run=second")
            try page.browser.waitForText("value is 41 in first and 45 in second", in: ".gap")
            #expect(try page.browser.texts(".course a") == ["double", "report"])
            try page.browser.waitForText("by 1 → 5", in: ".divergence-params")
            try page.browser.waitForText("+4", in: ".differences")
            #expect(try page.browser.texts(".differences tbody th[scope=row]").contains("other") == false)
            try page.browser.click(".difference-bar input[type=checkbox]")
            try page.browser.waitFor("location.search.includes('same=1')")
            try page.browser.click(".differences th:nth-child(3) .base-button")
            try page.browser.waitForText("value is 45 in second and 41 in first", in: ".gap")
            try page.browser.reload()
            try page.browser.waitForText("value is 45 in second and 41 in first", in: ".gap")
            try page.browser.press("n")
            try page.browser.waitFor("document.querySelector('tr.differs.current')")
            try page.browser.click("#tab-stages")
            try page.browser.waitForText("makes other doubled.txt", in: ".stage-grid")
            try page.expectQuietConsole()
        }

        @Test func `a file that differs is told with its rows`() throws {
            let page = try page()
            // What is tracked is kept, so that its versions can be compared.
            for (name, content) in [("third", "23\n"), ("fourth", "24\n")] {
                try page.project.write("n.txt", content)
                try page.project.succeed("add", "n.txt")
                try page.project.succeed("run", "--name", name)
            }
            try page.open("/compare?run=third&run=fourth")
            try page.browser.waitForText("n.txt", in: ".divergence-files")
            try page.browser.waitForText("row 1", in: ".divergence-files")
            try page.browser.waitForText("+ 24", in: ".divergence-lines")
            try page.expectQuietConsole()
        }

        @Test func `scatter, parallel coordinates and importance show what goes with what`() throws {
            let page = try Page()
            var runs: [String] = []
            for index in 0..<8 {
                let quality = Double(index) / 8
                runs.append(
                    try page.logRun(
                        "r\(index)", params: ["lr": "\(index)", "kind": index % 2 == 0 ? "a" : "b"],
                        metrics: ["accuracy": [quality], "cost": [1 + quality * quality]]))
            }
            let query = runs.prefix(4).map { "run=\($0)" }.joined(separator: "&")
            try page.open("/compare?\(query)&tab=scatter&x=metrics.cost&y=metrics.accuracy&pareto=1&wants=least%20most")
            try page.browser.waitForText("4 runs · 4 on the front", in: ".plot-tab")
            try page.open("/compare?\(query)&tab=parallel&scope=all")
            try page.browser.waitFor("document.querySelectorAll('.parallel .line').length === 8")
            try page.browser.waitFor("document.querySelectorAll('.parallel .name').length === 4")
            try page.open("/compare?\(query)&tab=importance&scope=all&metric=accuracy")
            try page.browser.waitForText("Only 8 runs", in: ".notice")
            #expect(try page.browser.text(".importance tbody th") == "lr")
            try page.browser.waitForText("n = 8 runs with accuracy")
            try page.expectQuietConsole()
        }

        @Test func `curves of classifiers, matrices and pictures of runs stand together`() throws {
            let page = try Page()
            var runs: [String] = []
            for index in 0..<2 {
                let run = try page.logRun("r\(index)", metrics: ["m": [1]])
                runs.append(run)
                let middle = index == 0 ? "0.6" : "0.9"
                try page.putArtifact(
                    run, "roc.json",
                    "{\"roc\": [{\"fpr\": 0, \"tpr\": 0}, {\"fpr\": 0.5, \"tpr\": \(middle)}, {\"fpr\": 1, \"tpr\": 1}]}"
                )
                try page.putArtifact(run, "confusion.csv", "actual,predicted\ncat,cat\ncat,dog\ndog,dog\n")
                for step in [1, 2] {
                    try page.putArtifact(
                        run, "images/digit%25step%25\(step)%25timestamp%251700000000000%25ab.svg",
                        "<svg xmlns='http://www.w3.org/2000/svg' width='8' height='8'/>")
                }
            }
            try page.open("/compare?run=\(runs[0])&run=\(runs[1])&tab=media")
            try page.browser.waitForText("r1 · area 0.7", in: ".media-legend")
            try page.browser.waitForText("66.7 % of 3 right", in: ".confusion")
            try page.browser.waitFor(
                "[...document.querySelectorAll('.media-image img')].filter((i) => i.complete && i.alt.endsWith('step 2')).length === 2"
            )
            try page.browser.run(
                "const s = document.querySelector('.media-steps input'); s.value = 0; s.dispatchEvent(new Event('input'))"
            )
            try page.browser.waitFor(
                "[...document.querySelectorAll('.media-image img')].every((i) => i.alt.endsWith('step 1'))")
            try page.expectQuietConsole()
        }
    }
}
