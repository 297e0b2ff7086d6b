import HTTP
import MicroHTTPD

/// Logging in on the page: a token is given once, and a cookie stands for it.
extension NativeAPI {
    var sessionRoutes: [Route] {
        [
            get("/session", .event, showSession),
            change(.post, "/session", .open, beginSession),
            change(.delete, "/session", .open, endSession),
        ]
    }

    /// Who asks, and what they may do.
    @Sendable private func showSession(_ request: Request) -> Reply { session(of: request.caller) }

    @Sendable private func beginSession(_ request: Request) throws -> Reply {
        let token = try request.json().requiredText("token")
        guard let caller = options.tokens.isEmpty ? .owner : options.tokens.caller(authorization: "Bearer \(token)")
        else { throw MLflowError(.unauthenticated, "this server does not know the token") }
        var reply = session(of: caller)
        reply.headers["Set-Cookie"] = sessions.begin(
            caller, host: request.head.headers["Host"], isSecure: options.tls != nil)
        return reply
    }

    @Sendable private func endSession(_ request: Request) -> Reply {
        var reply = Reply.emptyObject
        reply.headers["Set-Cookie"] = sessions.end(
            cookies: request.head.headers["Cookie"], host: request.head.headers["Host"], isSecure: options.tls != nil)
        return reply
    }

    private func session(of caller: Caller) -> Reply {
        .json { writer in
            writer.object {
                $0.field("name", caller.name)
                $0.field("role", caller.role.rawValue)
                $0.key("usesTokens")
                $0.bool(!options.tokens.isEmpty)
                $0.field("project", options.title)
                $0.field("version", options.version)
            }
        }
    }
}
