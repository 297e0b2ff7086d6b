import Diagnostics
import Experiments
import Files
import JSON
import Objects
import Synchronization
import TestSupport

@testable import Server

/// A server of a test's own, in this process, on a free port, with an empty store.
final class ServerUnderTest: Sendable {
    let folder: TemporaryFolder
    let store: any TrackingStore
    let objects: ObjectStore
    let services: Services
    let server: ReproServer
    let problems = Recorder()

    /// `address`: of a PostgreSQL database.
    init(
        tokens: String = "", hostNames: [String] = [], options: ServerOptions = ServerOptions(version: "0.0.0"),
        address: String? = nil
    ) throws {
        folder = try TemporaryFolder()
        let file = folder.path.appending("tracking.sqlite")
        store = try address.map { try SQLExperimentStore.postgreSQL($0) } ?? SQLExperimentStore.shared(file: file)
        objects = try ObjectStore.openOrCreate(at: folder.path.appending("store"))
        var options = options
        options.tokens = try TokenTable(parsing: tokens, file: "tokens.txt")
        options.hostNames = hostNames
        let problems = problems
        services = Services(
            store: store, isStoreRemote: address != nil,
            objects: objects, scratch: folder.path.appending("scratch"))
        server = try ReproServer(
            options: options, services: services,
            log: ServerLog(access: nil, problem: { problems.add($0) }))
    }

    /// One request on a connection of its own.
    func send(
        _ method: String, _ path: String, headers: [String] = [], body: String = ""
    ) throws -> RawReply {
        let client = try RawClient(port: server.port)
        guard let reply = client.request(method, path, headers: headers, body: Array(body.utf8)) else {
            throw NoReply()
        }
        return reply
    }

    /// A call of MLflow's API with a JSON body.
    func post(_ call: String, _ body: String, _ method: String = "POST") throws -> RawReply {
        try send(method, "/api/2.0/mlflow/\(call)", headers: ["Content-Type: application/json"], body: body)
    }

    func get(_ call: String) throws -> RawReply { try send("GET", "/api/2.0/mlflow/\(call)") }

    func makeRun(_ name: String = "r") throws -> RunID {
        try store.createRun(
            NewRun(experiment: ExperimentID(0), name: name, startedAt: Timestamp(milliseconds: 1), user: "ana")
        ).id
    }

    struct NoReply: Error {}
}

final class Recorder: Sendable {
    private let list = Mutex<[String]>([])

    func add(_ text: String) { list.withLock { $0.append(text) } }

    var texts: [String] { list.withLock { $0 } }
}

extension RawReply {
    var json: JSONValue { (try? JSONValue(parsing: body)) ?? .null }

    /// MLflow's error code and message.
    var mlflowError: (code: String, message: String) {
        guard case .object(let object) = json, case .string(let code)? = object["error_code"],
            case .string(let message)? = object["message"]
        else { return ("", text) }
        return (code, message)
    }
}
