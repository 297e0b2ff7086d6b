package import Diagnostics

/// A named group of runs.
package struct Experiment: Sendable, Equatable {
    /// Runs that were given no experiment are in this one.
    package static let defaultName = "Default"

    package let id: ExperimentID
    package var name: String
    package var createdAt: Timestamp
    /// When it was moved to the bin; nil if it is not there.
    package var deletedAt: Timestamp?

    package init(id: ExperimentID, name: String, createdAt: Timestamp, deletedAt: Timestamp? = nil) {
        self.id = id
        self.name = name
        self.createdAt = createdAt
        self.deletedAt = deletedAt
    }
}

/// A number that the store gave to an experiment; the default one has 0.
package struct ExperimentID: Hashable, Sendable, CustomStringConvertible {
    package let number: Int64

    package init(_ number: Int64) { self.number = number }

    package var description: String { String(number) }
}
