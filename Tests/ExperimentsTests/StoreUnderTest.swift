import Diagnostics
import Files
import Hashing
import JSON
import Objects
import TestSupport
import Testing

@testable import Experiments

/// The implementations of `ExperimentStore`: every suite named `…Conformance` runs over each. A new one is done when
/// it passes.
enum StoreUnderTest: CaseIterable, CustomTestStringConvertible {
    case sqlite
    /// As a server uses it: points wait in the inbox.
    case sqliteOfServer
    /// Where PostgreSQL is installed; `PostgreSQLStoreTests` complains where it is not.
    case postgresql

    static var allCases: [StoreUnderTest] {
        [.sqlite, .sqliteOfServer] + (PostgreSQLServer.isInstalled ? [.postgresql] : [])
    }

    var testDescription: String { "\(self)" }

    /// A new, empty store.
    func make() throws -> any TrackingStore {
        switch self {
        case .sqlite: try SQLExperimentStore.inMemory()
        case .sqliteOfServer: try SQLExperimentStore.inMemory(folding: .whenManyWait)
        case .postgresql: try SQLExperimentStore.postgreSQL(try PostgreSQLServer.shared.get().makeDatabase())
        }
    }
}

/// The n-th second.
func moment(_ second: Int64) -> Timestamp { Timestamp(milliseconds: second * 1000) }

extension ExperimentStore {
    /// A run of the default experiment that starts at its `second` and has logged what is given.
    @discardableResult
    func addRun(
        _ name: String, second: Int64 = 1, params: [String: JSONValue] = [:], metrics: [String: Double] = [:],
        tags: [String: String] = [:]
    ) throws -> Run {
        let run = try createRun(
            NewRun(experiment: ExperimentID(0), name: name, startedAt: moment(second), user: "ana"))
        try logParams(params.map { Param(key: $0.key, value: $0.value) }, run: run.id)
        try logMetrics(
            metrics.map { Metric(key: $0.key, value: $0.value, timestamp: moment(second)) }, run: run.id, stage: nil)
        try setTags(tags.map { Tag(key: $0.key, value: $0.value) }, run: run.id)
        return run
    }

    func names(_ query: RunQuery) throws -> [String] { try listRuns(query).records.map(\.run.name) }
}

/// Some digest; another one for each number.
func makeDigest(_ number: UInt8) throws -> Digest {
    let sha256 = SHA256Digest(bytes: [UInt8](repeating: number, count: 32))
    return Digest(
        id: ObjectID(XXH3Digest(high: .max, low: UInt64(number))), sha256: try #require(sha256),
        sizeBytes: UInt64(number) * 1000)
}
