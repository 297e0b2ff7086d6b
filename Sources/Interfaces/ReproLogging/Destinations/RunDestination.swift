import Diagnostics
import Experiments

/// Where a run is kept: a project here, or a server.
protocol RunDestination: Sendable {
    /// What names it in the spool.
    var address: DestinationAddress { get }

    /// Sends a message with the content of its files, all of it or, when it throws, possibly a part: then it is sent
    /// again. What is refused for good is answered.
    /// Throws `DestinationAway` if trying again later may help, and anything else if it will not.
    func send(_ update: RunUpdate, _ files: [OutgoingFile]) throws -> SentUpdate

    /// What a run that is resumed goes on from: its name, and the last step of each metric.
    func resumePoint(_ run: RunID) throws -> ResumePoint
}

struct SentUpdate: Sendable {
    var run: RunHead?
    var refusals: [UpdateRefusal] = []
}

/// What a run is called.
struct RunHead: Sendable, Equatable {
    var name: String
    var experiment: String
}

struct ResumePoint: Sendable {
    var id: RunID
    var head: RunHead
    var lastSteps: [String: Int64]
}

/// A destination as it is written down.
enum DestinationAddress: Sendable, Hashable {
    /// The project's root.
    case project(String)
    case server(String)
}

/// A destination cannot be reached now; what was to be sent is kept, and sent later.
struct DestinationAway: UserFacingError {
    let cause: any UserFacingError

    var kind: ErrorKind { .unavailable }
    var message: String { cause.message }
    var hint: String? { cause.hint }
}
