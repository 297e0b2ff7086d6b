import Experiments

extension RunStatus {
    /// For people, and how it looks.
    var words: (String, Style) {
        switch self {
        case .finished: (rawValue, .good)
        case .failed, .killed: (rawValue, .bad)
        case .interrupted, .stalled: (rawValue, .warning)
        case .running, .queued: (rawValue, .notice)
        }
    }
}

extension StageState {
    /// For people, and how it looks; the words of a live run are the same.
    var words: (String, Style) {
        switch self {
        case .waiting: ("waiting", .faint)
        case .running: ("running", .notice)
        case .ran: ("ran", .good)
        case .cached: ("cached", .notice)
        case .skipped: ("skipped", .faint)
        case .failed: ("failed", .bad)
        case .blocked: ("not run", .warning)
        }
    }
}
