import Diagnostics
import HTTP
import MicroHTTPD

/// From a request's head to the handler that answers it: route, access, body, errors.
final class Dispatcher: RequestHandler {
    private let routes: RouteTable
    private let policy: AccessPolicy
    private let log: ServerLog
    private let counters: ServerCounters
    /// Whether every handler runs on a worker thread, also the quick ones.
    private let alwaysWorks: Bool

    init(
        routes: RouteTable, policy: AccessPolicy, log: ServerLog, counters: ServerCounters, alwaysWorks: Bool = false
    ) {
        self.alwaysWorks = alwaysWorks
        self.routes = routes
        self.policy = policy
        self.log = log
        self.counters = counters
    }

    func plan(for head: RequestHead) -> RequestPlan {
        switch routes.match(head.method, path: head.path) {
        case .malformed: return refuse(head, .text("The path is not well formed.\n", status: .badRequest))
        case .nothing: return refuse(head, unknownPath(head))
        case .otherMethods(let methods):
            var reply = Reply.text("This path does not take \(head.method.rawValue).\n", status: .methodNotAllowed)
            reply.headers["Allow"] = methods.map(\.rawValue).joined(separator: ", ")
            return refuse(head, reply)
        case .found(let route, let captures):
            switch policy.decide(head, route: route) {
            case .deny(let denial): return .reply(guarded(reply(to: denial, route.dialect, head)))
            case .allow(let caller): return carryOut(route, head, captures, caller)
            }
        }
    }

    func completed(_ exchange: CompletedExchange) {
        counters.count(exchange)
        log.access(exchange)
    }

    func complained(_ problem: String) { log.problem("http: \(problem)") }

    private func carryOut(
        _ route: Route, _ head: RequestHead, _ captures: [String: String], _ caller: Caller
    ) -> RequestPlan {
        guard let query = QueryItem.parse(head.query ?? "") else {
            return .reply(failure(MLflowError.invalid("the query is not well formed"), route))
        }
        switch route.action {
        case .respond(let maximum, let thread, let respond):
            let tooLarge = failure(
                MLflowError.invalid("the body is larger than \(maximum) bytes"), route, status: .contentTooLarge)
            return .buffer(maximumBytes: maximum, tooLarge: tooLarge, thread: alwaysWorks ? .worker : thread) {
                [self] body in
                let request = Request(head: head, captures: captures, query: query, caller: caller, body: body)
                do {
                    return guarded(try respond(request))
                } catch {
                    return failure(error, route)
                }
            }
        case .upload(let makeUpload):
            let request = Request(head: head, captures: captures, query: query, caller: caller, body: [])
            do {
                let sink = UploadSink(try makeUpload(request)) { [self] body in
                    do {
                        return try body().map(guarded)
                    } catch {
                        return failure(error, route)
                    }
                }
                return .stream(sink)
            } catch {
                return .reply(failure(error, route))
            }
        }
    }

    private func failure(_ error: any Error, _ route: Route, status: HTTPStatus? = nil) -> Reply {
        var reply = ErrorReply.make(error, route.dialect) { log.problem("\(route.pattern): \($0)") }
        if let status { reply.status = status }
        return guarded(reply)
    }

    /// Without a route: who may not even ask is told that first.
    private func refuse(_ head: RequestHead, _ reply: Reply) -> RequestPlan {
        switch policy.decide(head, route: nil) {
        case .deny(let denial): .reply(guarded(self.reply(to: denial, .mlflow, head)))
        case .allow: .reply(guarded(reply))
        }
    }

    private func unknownPath(_ head: RequestHead) -> Reply {
        let error = MLflowError(.endpointNotFound, "nothing is here: \(head.method.rawValue) \(head.path)")
        return ErrorReply.make(error, head.path.hasPrefix("/api/v1/") ? .native : .mlflow)
    }

    private func reply(
        to denial: AccessPolicy.Denial, _ dialect: Route.Dialect, _ head: RequestHead
    ) -> Reply {
        switch denial {
        case .foreignHost:
            return .text("Invalid Host header - possible DNS rebinding attack detected\n", status: .forbidden)
        case .foreignOrigin: return .text("Cross-origin request blocked\n", status: .forbidden)
        case .unknownCaller:
            var reply = ErrorReply.make(MLflowError(.unauthenticated, "a token is needed"), dialect)
            // At "Basic" a browser would ask by itself, before the page can.
            let scheme = head.path.hasPrefix(NativeAPI.base) ? "Bearer" : "Basic"
            reply.headers["WWW-Authenticate"] = "\(scheme) realm=\"repro\""
            return reply
        case .roleTooLow:
            return ErrorReply.make(MLflowError(.permissionDenied, "this token's role does not allow that"), dialect)
        }
    }

    /// What every reply carries, so that none can run in a page's place or be put into another's frame.
    private func guarded(_ reply: Reply) -> Reply {
        var reply = reply
        reply.headers["X-Content-Type-Options"] = "nosniff"
        reply.headers["X-Frame-Options"] = "SAMEORIGIN"
        if reply.headers["Content-Security-Policy"] == nil {
            reply.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
        }
        if reply.headers["Cache-Control"] == nil { reply.headers["Cache-Control"] = "no-store" }
        return reply
    }
}

/// An upload behind the HTTP server's protocol, which knows replies and no errors.
private final class UploadSink: BodySink {
    private let upload: any Upload
    private let respond: @Sendable (() throws -> Reply?) -> Reply?

    init(_ upload: any Upload, respond: @escaping @Sendable (() throws -> Reply?) -> Reply?) {
        self.upload = upload
        self.respond = respond
    }

    func receive(_ piece: UnsafeRawBufferPointer) -> Reply? {
        respond {
            do {
                try upload.receive(piece)
                return nil
            } catch {
                // At once, not when the client has heard of it: what it sent may be what fills the disk.
                upload.abandon()
                throw error
            }
        }
    }

    func finish() -> Reply { respond { try upload.finish() } ?? .emptyObject }

    func abandon() { upload.abandon() }
}
