import Diagnostics
import Experiments
import Files
import Glibc
import MicroHTTPD
import Objects
import Operations
import Processes
import SQLite
import Server
import Threads
import Workspaces

/// A project while it is served: from the first request to the signal that ends it. `repro server` and `repro ui`
/// differ in how they begin only.
struct ProjectServing {
    let url: String
    private let server: ReproServer
    private let signals: Mailbox<StopSignal>
    private let watcher: SignalWatcher
    private let call: Invocation

    /// - `options`: with the address and the tokens; the project's own are filled in here.
    /// - `isPortWish`: if the port is taken, any free one will do.
    init(
        _ call: Invocation, options: ServerOptions, durability: DatabaseOptions.Durability = .recent,
        store: String? = nil, logsRequests: Bool = false, isPortWish: Bool = false
    ) throws {
        Heap.keepSmall()
        // Before the first other thread: it must not be the one that a signal ends.
        let signals = Mailbox<StopSignal>()
        watcher = SignalWatcher { signals.send($0) }
        self.signals = signals
        self.call = call
        let (services, named) = try Self.services(call, options, durability: durability, store: store)
        var options = named
        let log = Self.log(call, logsRequests: logsRequests)
        do {
            server = try ReproServer(options: options, services: services, log: log)
        } catch  where isPortWish {
            options.port = 0
            server = try ReproServer(options: options, services: services, log: log)
        }
        let shownHost = options.host.contains(":") ? "[\(options.host)]" : options.host
        url = "\(options.tls == nil ? "http" : "https")://\(shownHost):\(server.port)"
    }

    /// What a server of the project works on, which is made if it is not there, and the options with its name.
    static func services(
        _ call: Invocation, _ options: ServerOptions, durability: DatabaseOptions.Durability = .recent,
        store: String? = nil
    ) throws -> (Services, ServerOptions) {
        let project = try Project.require(from: call.workingDirectory)
        if !project.isInitialised { _ = try Project.create(at: project.root) }
        let place = try TrackingPlace(of: project, environment: call.environment, asked: store)
        let store = try place.openShared(durability)
        let services = Services(
            store: store, isStoreRemote: store.isRemote,
            objects: try ObjectStore.openOrCreate(at: project.storeFolder, compresses: true),
            scratch: project.temporaryFolder, clock: call.clock, project: call.surroundings)
        var options = options
        options.title = String(decoding: project.root.name, as: UTF8.self)
        return (services, options)
    }

    /// Until Ctrl-C or SIGTERM; a second one does not wait for what has begun.
    func waitForEnd() {
        _ = signals.receive()
        call.note("stopping; again to stop at once")
        let signals = signals
        let impatience = Thread.start(name: "second signal") {
            _ = signals.receive()
            _exit(ErrorKind.interrupted.exitCode)
        }
        let cut = server.stop()
        if cut > 0 { call.note("\(cut) requests were cut") }
        _ = (watcher, impatience)
    }

    private static func log(_ call: Invocation, logsRequests: Bool) -> ServerLog {
        let errors = call.errors
        let line: @Sendable (String) -> Void = { text in
            errors.line(text)
            errors.flush()
        }
        return ServerLog(access: logsRequests ? line : nil, problem: line, clock: call.clock)
    }
}
