import Files
import JSON
import TestSupport
import Testing

@Suite struct PlotsCommandTests {
    private static let pipeline = """
        plots:
        - curve: {x: step, y: {loss.csv: loss}, title: Loss}
        stages:
          train:
            cmd: |
              printf 'step,loss\\n0,${start}\\n1,0.5\\n' > loss.csv
              cp pixel.png picture.png
            deps: [pixel.png]
            params: [start]
            plots: [loss.csv: {x: step}, picture.png]

        """

    private func project(inGit: Bool = false) throws -> TemporaryProject {
        let project = try TemporaryProject([
            "repro.yaml": Self.pipeline, "params.yaml": "start: 4\n", "pixel.png": "png",
        ])
        if inGit { #expect(try project.shell("git init -q -b main").status == 0) }
        try project.succeed("run", "--name", "one")
        return project
    }

    @Test func `a page with all plots is written, and its path printed`() throws {
        let project = try project()
        let result = try project.succeed("plots", "show")
        #expect(result.stdout == project.path("repro-plots/index.html").description + "\n")
        let page = try project.read("repro-plots/index.html")
        #expect(page.contains("<title>Loss</title>"))
        #expect(page.contains("data:image/png;base64,cG5n"))
        #expect(try project.read("repro-plots/.gitignore") == "# Made by `repro plots`.\n/*\n")
    }

    @Test func `plots of a run are those of its code, committed or not`() throws {
        let project = try project(inGit: true)
        let identity = "-c user.name=T -c user.email=t@example.invalid"
        #expect(try project.shell("git add -A && git \(identity) commit -q -m one").status == 0)
        #expect(try project.shell("sed -i 's/title: Loss/title: Not committed/' repro.yaml").status == 0)
        try project.succeed("run", "--name", "two")
        #expect(try project.shell("git checkout -q repro.yaml").status == 0)
        let titles = try ["one", "two"].map { run in
            let page = try project.succeed("plots", "show", "curve", "--revision", run, "--out", "\(run).html")
            #expect(page.status == 0)
            return try project.read("\(run).html").contains("<title>Not committed</title>")
        }
        #expect(titles == [false, true])
    }

    @Test func `two runs are drawn into one picture, each in its colour`() throws {
        let project = try project()
        try project.succeed("run", "--name", "two", "-S", "start=8")
        let result = try project.succeed("plots", "diff", "one", "two", "--target", "curve", "--out", "d.html")
        #expect(result.stdout == project.path("d.html").description + "\n")
        let json = try project.succeed("plots", "diff", "one", "two", "--target", "curve", "--json").stdout
        guard case .object(let report) = try JSONValue(parsing: json), case .array(let plots)? = report["plots"],
            case .object(let plot)? = plots.first, case .array(let series)? = plot["series"]
        else {
            Issue.record("\(json)")
            return
        }
        #expect(report["revisions"] == .array([.string("one"), .string("two")]))
        #expect(plots.count == 1)
        let points = series.map { $0.text() }
        #expect(points.count == 2)
        #expect(points[0].contains(#""revision":"one","file":"loss.csv","field":"loss","points":[{"x":0,"y":4}"#))
        #expect(points[1].contains(#""revision":"two","file":"loss.csv","field":"loss","points":[{"x":0,"y":8}"#))
        #expect(try project.read("d.html").contains(">one<"))
    }

    @Test func `pictures for a report are files of their own`() throws {
        let project = try project()
        try project.succeed("plots", "show", "--format", "svg", "-o", "report")
        #expect(
            try project.files(below: "report") == ["report/curve.svg", "report/loss.csv.svg", "report/picture.png"])
        #expect(try project.read("report/curve.svg").hasPrefix("<svg xmlns=\"http://www.w3.org/2000/svg\""))
        try project.succeed("plots", "show", "curve", "--format", "svg", "-o", "one.svg")
        #expect(try project.read("one.svg") == project.read("report/curve.svg"))
        #expect(try project.run("plots", "show", "--format", "svg", "-o", "all.svg").status == 2)
    }

    @Test func `a commit has the plots that its lock file names`() throws {
        let project = try project(inGit: true)
        try project.commitToGit()
        try project.succeed("run", "-S", "start=8")
        let json = try project.succeed("plots", "diff", "HEAD", "--target", "curve", "--json").stdout
        #expect(json.contains(#""revision":"HEAD","file":"loss.csv","field":"loss","points":[{"x":0,"y":4}"#))
        #expect(json.contains(#""revision":"workspace","file":"loss.csv","field":"loss","points":[{"x":0,"y":8}"#))
    }

    @Test func `what is wrong with one plot does not hide the others`() throws {
        let project = try project()
        try project.write("bad.csv", "a,b\n1,2\n")
        try project.write("repro.yaml", Self.pipeline + "metrics: []\n")
        let result = try project.run("plots", "show", "curve", "bad.csv", "-y", "c")
        #expect(result.status == 0)
        #expect(result.stderr.contains("warning: plot bad.csv: bad.csv has no field c; it has a, b\n"))
        #expect(try project.run("plots", "show", "nothing.csv").status == 3)
    }
}
