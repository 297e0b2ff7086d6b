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
