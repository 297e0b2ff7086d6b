package import Files
import Glibc

/// HTTPS and HTTP/2 in front of a server that knows neither: nghttpx, on a loopback port of its own, with a certificate
/// made for it. It ends with the tests, also if they are killed.
package final class EncryptingProxy: Sendable {
    /// What a certificate says of itself.
    package enum Certificate: Sendable {
        /// For localhost, from now on.
        case good
        case expired
        case otherHost
    }

    private let folder: TemporaryFolder
    private let program: RunningProgram
    /// `https://localhost:PORT`
    package let origin: String

    package init(toPort port: UInt16, certificate: Certificate = .good) throws {
        folder = try TemporaryFolder()
        let host = certificate == .otherHost ? "elsewhere.example" : "localhost"
        // `ca` can date back what it signs, `req` cannot.
        let begin = certificate == .expired ? "-startdate 20200101000000Z -enddate 20200102000000Z" : "-days 2"
        let script = """
            set -e
            openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=\(host) -keyout key.pem -out asked.pem
            printf '[ca]\\ndefault_ca=own\\n[own]\\ndatabase=list\\nserial=serial\\nnew_certs_dir=.\\ndefault_md=sha256\\npolicy=any\\n\
            [any]\\ncommonName=supplied\\n[names]\\nsubjectAltName=DNS:\(host)\\n' >ca.conf
            : >list; echo 01 >serial
            openssl ca -batch -notext -config ca.conf -extensions names -selfsign -keyfile key.pem -in asked.pem -out cert.pem \(begin)
            """
        let environment = ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin"]
        let words = ["sh", "-c", script]
        let made = try RunningProgram(words, in: folder.path, environment: environment).wait()
        guard made.status == 0 else { throw UnexpectedStatus(command: words, result: made) }
        let own = try freePort()
        let serve =
            "nghttpx --conf=/dev/null --single-process --workers=1 --no-ocsp --accesslog-file=log "
            + "--accesslog-format='$remote_port $request' --errorlog-file=errors --frontend=127.0.0.1,\(own) "
            + "--backend=127.0.0.1,\(port) key.pem cert.pem & proxy=$!; "
            + "while kill -0 \(getpid()) 2>&- && kill -0 $proxy 2>&-; do sleep 1; done; kill $proxy"
        program = try RunningProgram(["sh", "-c", serve], in: folder.path, environment: environment)
        origin = "https://localhost:\(own)"
        for _ in 0..<3000 where !isListening(own) { usleep(10_000) }
    }

    deinit {
        program.sendToGroup(SIGTERM)
        _ = program.wait()
    }

    /// The certificate that vouches for it.
    package var authority: AbsolutePath { folder["cert.pem"] }

    /// The request lines that it passed on, as `GET /path HTTP/2`.
    package func requestLines() throws -> [String] {
        try log().map { line in String(line.drop { $0 != " " }.dropFirst()) }
    }

    /// How many connections those came by.
    package func connectionCount() throws -> Int { try Set(log().map { line in line.prefix { $0 != " " } }).count }

    private func log() throws -> [String] { try folder.read("log").split(separator: "\n").map(String.init) }
}

/// A port at which nobody listens now.
private func freePort() throws -> UInt16 {
    let server = try TestServer { _ in TestServer.Response() }
    defer { server.stop() }
    return server.port
}

private func isListening(_ port: UInt16) -> Bool { (try? RawClient(port: port)) != nil }
