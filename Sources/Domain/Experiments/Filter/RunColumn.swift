/// Something of a run that can be filtered by, sorted by and shown: `status`, `metrics.loss`, `stages.train.state`.
package enum RunColumn: Hashable, Sendable {
    case attribute(RunAttribute)
    case metric(String)
    case param(String)
    case tag(String)
    case stage(String, StageField)

    /// The key of a metric, param or tag, or the stage; nil for an attribute.
    package var keyName: String? {
        switch self {
        case .attribute: nil
        case .metric(let name), .param(let name), .tag(let name), .stage(let name, _): name
        }
    }
}

/// What every run has. The raw value is the name in filters.
package enum RunAttribute: String, Sendable, CaseIterable {
    case id
    case name
    case status
    case experiment
    case user
    case host
    case command
    case commit
    case branch
    case failure
    case startTime = "start_time"
    case endTime = "end_time"
    /// In seconds.
    case duration
}

/// What every stage execution has. The raw value is the name in filters.
package enum StageField: String, Sendable, CaseIterable {
    case state
    /// In seconds.
    case duration
    case exitCode = "exit_code"
}
