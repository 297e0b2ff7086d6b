import Diagnostics
import Experiments
import Pipelines

/// Where values are read from: the workspace as it is, a run, or a commit.
package enum Revision: Sendable, Equatable {
    case workspace
    /// A run by its name or id; if there is none, what Git calls so.
    case run(String)

    package init(_ text: String?) {
        self = text.map { $0 == "workspace" ? .workspace : .run($0) } ?? .workspace
    }

    /// As a heading of a table.
    package var label: String {
        switch self {
        case .workspace: "workspace"
        case .run(let reference): reference
        }
    }
}
