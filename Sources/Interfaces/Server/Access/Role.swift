/// What a caller may do; each role may do all that the ones before it may.
package enum Role: String, Sendable, CaseIterable, Comparable {
    case read
    case write
    case admin

    package static func < (a: Role, b: Role) -> Bool { a.rank < b.rank }

    private var rank: Int {
        switch self {
        case .read: 1
        case .write: 2
        case .admin: 3
        }
    }
}

/// What a route asks of its caller.
enum Access: Sendable, Equatable {
    /// Nothing: for what a load balancer or a client asks before it has a token.
    case open
    case needs(Role)
}

/// Who makes a request.
struct Caller: Sendable, Equatable {
    /// For the log and for `user` of what is made; nil if there are no tokens.
    let name: String?
    let role: Role

    /// Without tokens, everyone who can reach the server is its owner: it then listens on this machine only.
    static let owner = Caller(name: nil, role: .admin)
}
