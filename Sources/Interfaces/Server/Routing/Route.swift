import HTTP
import MicroHTTPD

/// One thing that the server does: for which method and path, for whom, and how.
struct Route: Sendable {
    enum Action: Sendable {
        /// The body, up to so many bytes, is read first.
        case respond(maximumBodyBytes: Int, HandlerThread, @Sendable (Request) throws -> Reply)
        /// The body is taken as it comes; the request that is given has none.
        case upload(@Sendable (Request) throws -> any Upload)
    }

    /// The shape of error replies: each API has its own.
    enum Dialect: Sendable {
        case mlflow
        case native
    }

    let method: HTTPMethod
    let pattern: PathPattern
    let access: Access
    let dialect: Dialect
    let action: Action
}

/// A path with `{name}` for any one segment and, at the end, `{name...}` for all the rest.
struct PathPattern: Sendable, CustomStringConvertible {
    enum Segment: Sendable, Equatable {
        case literal(String)
        case one(String)
        case rest(String)
    }

    let segments: [Segment]
    let description: String

    init(_ text: String) {
        description = text
        segments = text.split(separator: "/").map { segment in
            guard segment.hasPrefix("{"), segment.hasSuffix("}") else { return .literal(String(segment)) }
            let name = segment.dropFirst().dropLast()
            return name.hasSuffix("...") ? .rest(String(name.dropLast(3))) : .one(String(name))
        }
    }

    /// What the names stand for if the path, in decoded segments, is of this shape.
    func match(_ path: [String]) -> [String: String]? {
        var captures: [String: String] = [:]
        for (index, segment) in segments.enumerated() {
            if case .rest(let name) = segment {
                guard index < path.count else { return nil }
                captures[name] = path[index...].joined(separator: "/")
                return captures
            }
            guard index < path.count else { return nil }
            switch segment {
            case .literal(let text): if path[index] != text { return nil }
            case .one(let name), .rest(let name): captures[name] = path[index]
            }
        }
        return path.count == segments.count ? captures : nil
    }
}
