import Files
import JSON
import TestSupport
import Testing

extension AllPageTests {
    /// The rules of axe-core, in both themes: nothing serious in any view.
    @Suite struct AccessibilityTests {
        @Test func `no view has a serious finding of axe`() throws {
            let root = AbsolutePath("../../..", relativeTo: AbsolutePath(#filePath))
            let rules = String(
                decoding: try FileSystem.real.read(root.appending(".build/vendor/axe.min.js")), as: UTF8.self)
            let page = try Page(RunsTableTests.files, runs: RunsTableTests.runs)
            let views = [
                ("/runs", ".grid-row a"), ("/runs?group=params.scale", ".grid-group"), ("/experiments", "td"),
                ("/pipeline?stage=train", ".stage-panel"), ("/runs/two?tab=graph&stage=train", ".stage-panel"),
                ("/data", "td"), ("/data/scale.txt", ".versions"), ("/models", ".empty"),
                ("/new?from=two", ".graph-box"),
            ]
            for isDark in [false, true] {
                for (path, selector) in views {
                    try page.open(path, isDark: isDark)
                    try page.browser.waitFor("document.querySelector('\(selector)')")
                    let found = try page.browser.findAccessibilityProblems(rules: rules)
                    #expect(found == [], "\(path), \(isDark ? "dark" : "light")")
                }
            }
        }

        @Test(arguments: [380, 760, 2560])
        func `nothing is cut off at any width`(width: Int) throws {
            let page = try Page(RunsTableTests.files, runs: RunsTableTests.runs)
            for path in [
                "/runs", "/experiments", "/pipeline", "/runs/two?tab=graph", "/data", "/models", "/new?from=two",
            ] {
                try page.open(path, width: width)
                try page.browser.waitFor("document.querySelector('h1')?.innerText")
                try page.browser.waitFor("document.documentElement.scrollWidth <= innerWidth")
            }
            try page.expectQuietConsole()
        }
    }
}

extension Browser {
    /// What axe calls serious or critical: rule and place.
    fileprivate func findAccessibilityProblems(rules: String) throws -> [String] {
        // Through the protocol: our Content-Security-Policy lets no script in by an element.
        try run("\(rules); window.axe = axe; return 1")
        try run(
            """
            window.axeDone = null;
            axe.run(document, { resultTypes: ['violations'] }).then((result) => {
                window.axeDone = result.violations.filter((v) => ['serious', 'critical'].includes(v.impact))
                    .flatMap((v) => v.nodes.map((n) => `${v.id}: ${n.html.slice(0, 160)} ${n.failureSummary.slice(0, 200)}`));
            });
            """)
        guard case .array(let found) = try waitFor("window.axeDone ? [true, ...window.axeDone] : null", within: 60)
        else {
            return ["no answer"]
        }
        return found.compactMap { if case .string(let text) = $0 { text } else { nil } }
    }
}
