/// A graph written down for other programs, or as a list for people.
struct GraphText {
    /// In topological order.
    let labels: [String]
    /// What people are told of each node, behind its label; nil: nothing.
    let notes: [String?]
    let edges: [(from: Int, to: Int)]

    /// `evaluate · run`.
    var notedLabels: [String] { zip(labels, notes).map { label, note in note.map { "\(label) · \($0)" } ?? label } }

    /// Each node with those that it needs: `evaluate · run ← train, load`.
    var list: [String] {
        var parents: [Int: [Int]] = [:]
        for edge in edges { parents[edge.to, default: []].append(edge.from) }
        return notedLabels.enumerated().map { index, label in
            let needs = (parents[index] ?? []).map { printable(labels[$0]) }
            return printable(label) + (needs.isEmpty ? "" : " ← " + needs.joined(separator: ", "))
        }
    }

    /// For Graphviz.
    var dot: String {
        let nodes = labels.map { "  \(Self.quoted($0));" }
        let arrows = edges.map { "  \(Self.quoted(labels[$0.from])) -> \(Self.quoted(labels[$0.to]));" }
        return (["digraph pipeline {", "  node [shape=box];"] + nodes + arrows + ["}"]).joined(separator: "\n")
    }

    /// For Mermaid; the names stand in labels, because few characters are allowed in ids.
    var mermaid: String {
        let nodes = labels.enumerated().map { "  s\($0.offset)[\"\(Self.escaped($0.element))\"]" }
        let arrows = edges.map { "  s\($0.from) --> s\($0.to)" }
        return (["flowchart TD"] + nodes + arrows).joined(separator: "\n")
    }

    private static func quoted(_ text: String) -> String {
        "\"" + text.map { $0 == "\"" || $0 == "\\" ? "\\\($0)" : "\($0)" }.joined() + "\""
    }

    private static func escaped(_ text: String) -> String {
        text.map { $0 == "\"" ? "#quot;" : $0 == "#" ? "#35;" : "\($0)" }.joined()
    }
}
