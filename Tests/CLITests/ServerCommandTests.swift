import Glibc
import JSON
import TestSupport
import Testing
import Threads

/// `repro server` as a program: started, killed, stopped, refused.
@Suite struct ServerCommandTests {
    @Test func `what was acknowledged is there after the server was killed under load`() throws {
        let project = try TemporaryProject()
        try project.succeed("init")
        let first = try StartedServer(in: project)
        let run = try first.makeRun()
        let acknowledged = Guarded<[Int]>([])
        let writers = (0..<4).map { writer in
            Thread.start(name: "writer \(writer)") {
                guard let client = try? RawClient(port: first.port) else { return }
                for index in 0..<100_000 {
                    let step = index * 4 + writer
                    guard client.log(step, to: run)?.status == 200 else { return }
                    acknowledged.withLock { $0.append(step) }
                }
            }
        }
        acknowledged.wait { $0.count >= 300 ? true : nil }
        first.program.send(SIGKILL)
        for writer in writers { writer.join() }
        _ = first.program.wait()

        let second = try StartedServer(in: project)
        // A client that did not hear the answer sends again: nothing is doubled.
        let client = try RawClient(port: second.port)
        let steps = acknowledged.withLock { $0 }
        for step in steps.suffix(50) { #expect(client.log(step, to: run)?.status == 200) }
        let reply = client.get("/api/2.0/mlflow/metrics/get-history?run_id=\(run)&metric_key=loss")
        let found = reply?.text.split(separator: "\"step\":").dropFirst().compactMap { Int($0.prefix { $0.isNumber }) }
        #expect(Set(found ?? []).isSuperset(of: steps))
        #expect(Set(found ?? []).count == found?.count)
        #expect(second.stop().status == 0)
    }

    @Test func `a request that has begun is answered before the server stops`() throws {
        let project = try TemporaryProject()
        try project.succeed("init")
        let server = try StartedServer(in: project)
        let client = try RawClient(port: server.port)
        let body = String(repeating: "x", count: 2_000_000)
        client.send(
            "PUT /api/2.0/mlflow-artifacts/artifacts/a HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2000000\r\n\r\n")
        client.send(String(body.prefix(1_000_000)))
        #expect(try RawClient(port: server.port).get("/health")?.text == "OK")
        server.program.send(SIGTERM)
        client.send(String(body.dropFirst(1_000_000)))
        #expect(client.receive()?.status == 200)
        #expect(server.program.wait().status == 0)
        let again = try StartedServer(in: project)
        #expect(try RawClient(port: again.port).get("/api/2.0/mlflow-artifacts/artifacts/a")?.body.count == 2_000_000)
        #expect(again.stop().status == 0)
    }

    @Test func `HTTPS is served with a certificate from files`() throws {
        let project = try TemporaryProject()
        try project.succeed("init")
        let made = try project.shell(
            "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=localhost "
                + "-addext subjectAltName=DNS:localhost -keyout key.pem -out cert.pem")
        #expect(made.status == 0)
        let server = try StartedServer(in: project, ["--tls-certificate", "cert.pem", "--tls-key", "key.pem"])
        let reply = try project.shell("curl -sS --cacert cert.pem https://localhost:\(server.port)/health")
        #expect(reply.stdout == "OK")
        #expect(server.stop().status == 0)
    }

    @Test func `the network is not served without tokens`() throws {
        let project = try TemporaryProject()
        try project.succeed("init")
        let result = try project.run("server", "--host", "0.0.0.0", "--port", "0")
        #expect(result.status == 7)
        #expect(
            result.stderr == """
                error: listening on 0.0.0.0 needs tokens, since others can reach it
                hint: give a file with lines such as `write ci TOKEN` by --tokens, or listen on 127.0.0.1

                """)
        #expect(try project.run("server", "--port", "70000").status == 2)
        #expect(try project.run("server", "--tls-key", "k").status == 2)
    }
}

extension RawClient {
    func log(_ step: Int, to run: String) -> RawReply? {
        let body = "{\"run_id\":\"\(run)\",\"key\":\"loss\",\"value\":\(step),\"timestamp\":\(step),\"step\":\(step)}"
        return request(
            "POST", "/api/2.0/mlflow/runs/log-metric", headers: ["Content-Type: application/json"],
            body: Array(body.utf8))
    }
}
