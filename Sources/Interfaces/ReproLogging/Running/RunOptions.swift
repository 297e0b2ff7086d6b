/// How a run is logged. Every setting has a value that is right for most.
public struct RunOptions: Sendable {
    /// Where a run is kept.
    public enum Destination: Sendable, Hashable {
        /// Inside a stage of `repro run`: the run of that stage. Else the server that `REPRO_TRACKING_URL`, or
        /// `tracking.url` in the project's settings, names. Else the project whose folder holds the working directory.
        case automatic
        /// The project at this folder.
        case project(String)
        /// The server at this URL, as `repro server` prints it. Without a token, that of `REPRO_TOKEN` is sent.
        case server(String, token: String? = nil)
    }

    /// Where the run is kept.
    public var destination = Destination.automatic
    /// How often cpu, memory, disk, network and GPUs are measured, as metrics `system/…`; nil for never.
    public var systemMetricsInterval: Duration? = .seconds(10)
    /// Whether the Git commit, and what was changed since, is recorded.
    public var recordsCode = true
    /// Whether a crash, and a signal that ends the process, are recorded. Handlers that the program has installed for
    /// SIGTERM, SIGINT, SIGHUP and SIGQUIT before the run starts stay as they are.
    public var watchesSignals = true
    /// Where messages are kept that cannot be sent; nil for `REPRO_SPOOL`, else `.repro/spool` of the project, else
    /// `~/.local/state/repro/spool`.
    public var spoolFolder: String?
    /// How long `finish` waits for a server that is away before it leaves the rest to `repro log sync`.
    public var finishTimeout: Duration = .seconds(10)
    /// Hears, on a thread of the library's, what went wrong, each thing once. The program goes on in any case.
    public var onProblem: (@Sendable (String) -> Void)?

    /// The standard settings.
    public init() {}

    /// The standard settings, but for the destination.
    public init(destination: Destination) { self.destination = destination }
}

/// How a run came to its end.
public enum RunEnding: Sendable, Hashable {
    /// All went well.
    case finished
    /// It failed, for this reason.
    case failed(String)
    /// Somebody asked it to stop, and it did.
    case interrupted
}

/// What became of all that a run logged.
public struct RunReport: Sendable, Hashable {
    /// How many things were logged: points, params, tags, files.
    public let accepted: UInt64
    /// Metric points that were thrown away because the buffer was full and the disk did not take them.
    public let droppedPoints: UInt64
    /// Whether everything is where runs are kept, and nothing is left to be sent.
    public let isDelivered: Bool
    /// The folder with what is left to be sent, by `repro log sync` or by the next run; nil if nothing is.
    public let spool: String?
    /// What went wrong, in words, each thing once.
    public let problems: [String]
}

/// Why a run could not be started: the project, the URL or the token is wrong. Nothing else in this library throws.
public struct LoggingError: Error, Sendable, CustomStringConvertible {
    /// What is wrong, in one sentence.
    public let message: String
    /// What to do about it, if that is known.
    public let hint: String?

    /// Both.
    public var description: String { message + (hint.map { "\nhint: \($0)" } ?? "") }
}
