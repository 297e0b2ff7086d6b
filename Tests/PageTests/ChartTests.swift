import JSON
import TestSupport
import Testing

extension AllPageTests {
    @Suite struct ChartTests {
        /// Of the pixels of a chart's line, x and y, as the canvas has them; `document` is searched for the first chart.
        private static let pixels = """
            (() => {
              const canvas = document.querySelector('.chart[data-drawn] canvas');
              if (!canvas) return null;
              const { width, height } = canvas, data = canvas.getContext('2d').getImageData(0, 0, width, height).data;
              let [top, at, count] = [height, -1, 0];
              // The palette's least colourful line has 56 between its channels, axes and their text have 25 at most.
              for (let place = 0; place < data.length; place += 4) {
                const [r, g, b] = [data[place], data[place + 1], data[place + 2]], y = Math.floor(place / 4 / width);
                if (data[place + 3] > 150 && Math.max(r, g, b) - Math.min(r, g, b) > 40) { count++; if (y < top) { top = y; at = place / 4 % width; } }
              }
              return { top, at: at / width, height, count };
            })()
            """

        @Test func `a spike of one in fifty thousand points is seen, and stays where it is when one looks closer`()
            throws
        {
            let page = try Page()
            let values = (0..<50_000).map { $0 == 31_234 ? 100.0 : 1 }
            let run = try page.logRun("spike", metrics: ["loss": values])
            try page.open("/runs/\(run)?tab=charts")
            try page.browser.waitFor("document.querySelector('.chart[data-drawn]:not([data-busy])')")
            try page.browser.waitFor("\(Self.pixels)?.top < 30")
            let before = try place(page)
            #expect(abs(before - 0.62) < 0.06)
            try drag(page, from: 0.5, to: 0.75)
            try page.browser.waitFor("location.search.includes('zoom=')")
            try page.browser.waitFor("document.querySelector('.chart[data-drawn]:not([data-busy])')")
            try page.browser.waitFor("\(Self.pixels)?.top < 30")
            let url = try page.browser.url
            try page.browser.reload()
            try page.browser.waitFor("\(Self.pixels)?.top < 30")
            #expect(try page.browser.url == url)
            try page.browser.run(
                "document.querySelector('.chart-plot').dispatchEvent(new MouseEvent('dblclick', { bubbles: true }))")
            try page.browser.waitFor("!location.search.includes('zoom=')")
            // Only this test reads pixels back.
            try page.expectQuietConsole(except: ["willReadFrequently"])
        }

        @Test func `smoothing, scale and groups are in the URL and survive a reload`() throws {
            let page = try Page()
            var runs: [String] = []
            for index in 0..<4 {
                let values = (0..<300).map { 1 + Double(($0 * 7 + index * 3) % 11) }
                runs.append(
                    try page.logRun(
                        "r\(index)", params: ["lr": index < 2 ? "0.1" : "0.2", "seed": "\(index)"],
                        metrics: ["loss": values]))
            }
            let query = runs.map { "run=\($0)" }.joined(separator: "&")
            try page.open("/compare?\(query)&tab=charts")
            try page.browser.waitFor("document.querySelector('.chart[data-drawn]')")
            for (label, value) in [("Smooth", "mean"), ("Scale", "log"), ("Group by", "params.lr"), ("Band", "ci95")] {
                try choose(page, label, value)
            }
            for part in ["smooth=mean", "scale=log", "group=params.lr", "band=ci95"] {
                try page.browser.waitFor("location.search.includes('\(part)')")
            }
            try page.browser.reload()
            try page.browser.waitFor("document.querySelector('.chart[data-drawn]')")
            #expect(
                try page.browser.run("return document.querySelector('select[aria-label=\"Group by\"]').value")
                    == .string("params.lr"))
            #expect(
                try page.browser.run("return document.querySelector('select[aria-label=Smooth]').value")
                    == .string("mean"))
            try hover(page, at: 0.5)
            try page.browser.waitForText("lr = 0.1 (2)", in: ".chart-tooltip")
            try page.browser.waitForText("n 2", in: ".chart-tooltip")
            try page.expectQuietConsole()
        }

        @Test func `values that are no numbers are marked, and outliers that are clipped are counted in words`() throws
        {
            let page = try Page()
            var values = (0..<400).map { Double($0 % 10) }
            values[100] = .nan
            values[101] = .infinity
            values[200] = 1e6
            let run = try page.logRun("odd", metrics: ["loss": values])
            try page.open("/runs/\(run)?tab=charts&clip=1")
            try page.browser.waitForText("NaN at 1 place, ∞ at 1 place", in: ".chart-note")
            try page.browser.waitForText("Clipped to 98 %", in: ".chart-note")
            try page.expectQuietConsole()
        }

        @Test func `of a thousand metrics only those in view are fetched, and search finds the others`() throws {
            let page = try Page()
            var metrics: [String: [Double]] = [:]
            for index in 0..<300 { metrics["layer\(index % 3)/weight_\(index)"] = [1, 2, 3] }
            let run = try page.logRun("wide", metrics: metrics)
            try page.open("/runs/\(run)?tab=charts")
            try page.browser.waitFor("document.querySelector('.chart[data-drawn]')")
            let asked = try page.browser.run(
                "return performance.getEntriesByType('resource').filter((e) => e.name.includes('/api/v1/series')).length"
            )
            guard case .integer(let count) = asked else { Issue.record("\(asked)"); return }
            #expect(count < 30)
            try page.browser.type("weight_217", into: ".chart-find")
            try page.browser.waitFor(
                "document.querySelectorAll('.chart').length === 1 && document.querySelector('.chart[data-drawn]')")
            #expect(try page.browser.text(".chart figcaption").contains("weight_217"))
            try page.expectQuietConsole()
        }

        @Test func `a chart is read and zoomed with the keyboard`() throws {
            let page = try Page()
            let run = try page.logRun("keys", metrics: ["loss": (0..<100).map(Double.init)])
            try page.open("/runs/\(run)?tab=charts")
            try page.browser.waitFor("document.querySelector('.chart[data-drawn]')")
            try page.browser.run("document.querySelector('.chart-plot').focus()")
            try page.browser.press("\u{E014}")
            try page.browser.waitFor(
                "document.querySelector('.chart-plot [aria-live]').textContent.includes('step 50: keys 50')")
            try page.browser.press("+")
            try page.browser.waitFor("location.search.includes('zoom=')")
            try page.browser.press("0")
            try page.browser.waitFor("!location.search.includes('zoom=')")
            try page.expectQuietConsole()
        }

        private func place(_ page: Page) throws -> Double {
            let found = try page.browser.run("return \(Self.pixels)")
            guard case .object(let object) = found, case .number(let at)? = object["at"] else { return -1 }
            return at
        }

        /// A part of the plot's box, from left to right.
        private func point(_ page: Page, _ share: Double) throws -> (x: Int, y: Int) {
            let found = try page.browser.run(
                "const b = document.querySelector('.chart-plot').getBoundingClientRect(); return [b.left, b.top, b.width, b.height].map(Math.round)"
            )
            guard case .array(let items) = found else { return (0, 0) }
            let box = items.map { if case .integer(let number) = $0 { Double(number) } else { 0.0 } }
            return (Int(box[0] + box[2] * share), Int(box[1] + box[3] / 2))
        }

        private func drag(_ page: Page, from: Double, to: Double) throws {
            try page.browser.drag(from: try point(page, from), to: try point(page, to))
        }

        private func hover(_ page: Page, at share: Double) throws {
            let place = try point(page, share)
            try page.browser.run(
                "document.querySelector('.chart-plot').dispatchEvent(new PointerEvent('pointermove', { clientX: arguments[0], clientY: arguments[1], bubbles: true }))",
                .integer(Int64(place.x)), .integer(Int64(place.y)))
        }

        private func choose(_ page: Page, _ label: String, _ value: String) throws {
            try page.browser.waitFor("document.querySelector('select[aria-label=\"\(label)\"]')?.checkVisibility()")
            try page.browser.run(
                "const s = document.querySelector(`select[aria-label=\"${arguments[0]}\"]`); s.value = arguments[1]; s.dispatchEvent(new Event('change'))",
                .string(label), .string(value))
        }
    }
}
