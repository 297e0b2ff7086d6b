import Diagnostics
import HTTP
import Hashing
import Synchronization

/// Who has logged in on the page, by the cookie that their browser sends along.
///
/// Kept in memory only: when the server starts again, people log in again. Of a cookie only the digest is kept.
final class SessionTable: Sendable {
    private struct Session: Sendable {
        let caller: Caller
        let endsAt: Timestamp
    }

    private static let cookiePrefix = "repro-session"
    static let lifetimeSeconds: Int64 = 7 * 24 * 3600
    /// The one that ends first gives way.
    private static let maximumCount = 10_000

    private let sessions = Mutex<[SHA256Digest: Session]>([:])
    private let clock: Clock

    init(clock: Clock) { self.clock = clock }

    /// Begins a session; answers the `Set-Cookie` header for it. Another site's page never sends that cookie
    /// (SameSite), and no script can read it (HttpOnly).
    func begin(_ caller: Caller, host: String?, isSecure: Bool) -> String {
        var generator = SystemRandomNumberGenerator()
        let secret = (0..<4).map { _ in
            let digits = String(generator.next(), radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }.joined()
        let now = clock.now()
        let session = Session(
            caller: caller, endsAt: Timestamp(milliseconds: now.milliseconds + Self.lifetimeSeconds * 1000))
        sessions.withLock { sessions in
            sessions = sessions.filter { $0.value.endsAt > now }
            if sessions.count >= Self.maximumCount,
                let first = sessions.min(by: { $0.value.endsAt < $1.value.endsAt })
            {
                sessions[first.key] = nil
            }
            sessions[Self.digest(secret)] = session
        }
        return cookie(secret, host: host, isSecure: isSecure, seconds: Self.lifetimeSeconds)
    }

    /// Forgets the session; answers the `Set-Cookie` header that takes the cookie away.
    func end(cookies: String?, host: String?, isSecure: Bool) -> String {
        sessions.withLock { sessions in
            for secret in Self.secrets(cookies) { sessions[Self.digest(secret)] = nil }
        }
        return cookie("", host: host, isSecure: isSecure, seconds: 0)
    }

    func caller(cookies: String?) -> Caller? {
        let digests = Self.secrets(cookies).map(Self.digest)
        if digests.isEmpty { return nil }
        let now = clock.now()
        let known = sessions.withLock { sessions in digests.compactMap { sessions[$0] } }
        return known.first { $0.endsAt > now }?.caller
    }

    /// Browsers keep the cookies of a host for all of its ports: the port in the name keeps two servers apart.
    private func cookie(_ value: String, host: String?, isSecure: Bool, seconds: Int64) -> String {
        let port = host?.split(separator: ":").last.flatMap { UInt16($0) }.map { "-\($0)" } ?? ""
        return "\(Self.cookiePrefix)\(port)=\(value); Path=/; HttpOnly; SameSite=Strict; Max-Age=\(seconds)"
            + (isSecure ? "; Secure" : "")
    }

    private static func secrets(_ cookies: String?) -> [String] {
        guard let cookies, cookies.utf8.count <= 8192 else { return [] }
        return cookies.split(separator: ";").compactMap { pair in
            let sides = pair.drop { $0 == " " }.split(separator: "=", maxSplits: 1)
            guard sides.count == 2, sides[0].hasPrefix(cookiePrefix) else { return nil }
            return String(sides[1])
        }
    }

    private static func digest(_ secret: String) -> SHA256Digest { SHA256.hash(Array(secret.utf8)) }
}
