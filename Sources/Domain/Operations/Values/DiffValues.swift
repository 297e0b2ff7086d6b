package import JSON

/// How params or metrics differ between two revisions.
package struct DiffValuesReport: Sendable {
    package struct Row: Sendable {
        package var name: String
        /// Nil: it is not there.
        package var before: JSONValue?
        package var after: JSONValue?

        /// After minus before; nil unless both are numbers.
        package var delta: Double? {
            guard let before = before?.asNumber, let after = after?.asNumber else { return nil }
            return after - before
        }
    }

    package var from: Revision
    package var to: Revision
    package var rows: [Row]
}

package struct DiffValuesOptions: Sendable {
    package var from: Revision
    package var to: Revision
    /// Also what is the same in both.
    package var includesEqual = false

    package init(from: Revision = .run("last"), to: Revision = .workspace) {
        self.from = from
        self.to = to
    }
}

package func diffParams(_ options: DiffValuesOptions, in surroundings: Surroundings) throws -> DiffValuesReport {
    difference(
        try showParams(options.from, in: surroundings), try showParams(options.to, in: surroundings), options)
}

package func diffMetrics(_ options: DiffValuesOptions, in surroundings: Surroundings) throws -> DiffValuesReport {
    difference(
        try showMetrics(options.from, in: surroundings), try showMetrics(options.to, in: surroundings), options)
}

private func difference(
    _ from: ShowValuesReport, _ to: ShowValuesReport, _ options: DiffValuesOptions
) -> DiffValuesReport {
    let before = Dictionary(from.values.map { ($0.name, $0.value) }, uniquingKeysWith: { a, _ in a })
    let after = Dictionary(to.values.map { ($0.name, $0.value) }, uniquingKeysWith: { a, _ in a })
    let rows = Set(before.keys).union(after.keys).sorted().compactMap { name -> DiffValuesReport.Row? in
        if !options.includesEqual, before[name] == after[name] { return nil }
        return DiffValuesReport.Row(name: name, before: before[name], after: after[name])
    }
    return DiffValuesReport(from: from.revision, to: to.revision, rows: rows)
}
