import Files
import TestSupport

extension TemporaryProject {
    /// A pipeline of three stages that takes no time: `head` keeps the first lines of data.txt, `count` counts them,
    /// `shout` makes them loud. Params: `head.lines`, `shout.mark`. Metric: `line_count`.
    static func sample() throws -> TemporaryProject {
        let params = """
            head:
              lines: 2  # how many
            shout:
              mark: "!"

            """
        let pipeline = #"""
            stages:
              head:
                cmd: head -n ${head.lines} data.txt >part.txt && echo kept ${head.lines} lines
                deps: [data.txt]
                params: [head.lines]
                outs: [part.txt]
              count:
                cmd: |
                  echo "{\"line_count\": $(wc -l <part.txt)}" >count.json
                deps: [part.txt]
                metrics: [count.json]
              shout:
                cmd: sed 's/$/${shout.mark}/' part.txt >loud.txt
                desc: Make it loud
                deps: [part.txt]
                params: [shout.mark]
                outs: [loud.txt]

            """#
        return try TemporaryProject([
            "data.txt": "one\ntwo\nthree\nfour\n", "params.yaml": params, "repro.yaml": pipeline,
        ])
    }
}

/// `text` with what differs from one run of the tests to the next replaced: durations, short ids, ages.
func normalised(_ text: String) -> String {
    text
        .replacing(#/ *\b(\d+ ms|\d+\.\d+ s)\b/#, with: " TIME")
        .replacing(#/\([0-9a-f]{8}\)/#, with: "(ID)")
        .replacing(#/just now|\d+ s ago/#, with: "AGO")
}

extension TemporaryProject {
    /// A copy of `fixtures/formats/dvc-3-cache` or `dvc-2-cache`: projects as DVC left them, with their caches.
    static func madeByDVC(_ sample: String) throws -> TemporaryProject {
        let folder = AbsolutePath(#filePath + "/../../../fixtures/formats").appending(sample)
        let project = try TemporaryProject()
        let copied = try project.shell(
            "cp -r '\(folder)/.' . && mv dvc-folder .dvc && mv gitignore .gitignore && mv sub/gitignore sub/.gitignore "
                + "&& git init -q && repro init -q")
        if copied.status != 0 { throw UnexpectedStatus(command: ["cp"], result: copied) }
        return project
    }
}
