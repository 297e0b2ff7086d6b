import Glibc
import JSON
import TestSupport
import Testing

/// `repro server` on a file system of its own that is too small. Only root may make one.
@Suite struct ServerDiskFullTests {
    @Test(.enabled(if: canMount, "mounting needs root"))
    func `when the disk is full, clients are told so, and nothing that was acknowledged is lost`() throws {
        let project = try TemporaryProject()
        try project.write("small/.keep", "")
        #expect(try project.shell("mount -t tmpfs -o size=6m tmpfs small").status == 0)
        defer { _ = try? project.shell("umount -l small") }
        #expect(try project.shell("repro -C small init").status == 0)
        let server = try StartedServer(in: project, at: "small")
        let run = try server.makeRun()
        let client = try RawClient(port: server.port)

        // An artifact that does not fit leaves nothing behind.
        let path = "/api/2.0/mlflow-artifacts/artifacts/0/\(run)/artifacts/big"
        let big = try RawClient(port: server.port).request("PUT", path, body: noise(16 << 20))
        #expect(big?.status == 503)
        #expect(big?.text.contains("disk full") == true)
        #expect(try RawClient(port: server.port).request("PUT", path, body: Array("small".utf8))?.status == 200)

        var step = 0
        var refusal: RawReply?
        while refusal == nil, step < 100_000 {
            let reply = client.logBatch(step, to: run)
            if reply?.status == 200 { step += 1 } else { refusal = reply }
        }
        #expect(refusal?.status == 503)
        #expect(refusal?.header("Retry-After") != nil)
        #expect(step > 10)
        // What is there can be read.
        #expect(client.get("/api/2.0/mlflow/runs/get?run_id=\(run)")?.status == 200)
        #expect(client.get(path)?.text == "small")
        #expect(client.get("/health")?.status == 200)

        #expect(try project.shell("mount -o remount,size=64m small").status == 0)
        #expect(client.logBatch(step, to: run)?.status == 200)
        #expect(try points(client, run) == (step + 1) * 500)
        server.program.send(SIGKILL)
        _ = server.program.wait()
        let second = try StartedServer(in: project, at: "small")
        #expect(try points(try RawClient(port: second.port), run) == (step + 1) * 500)
        #expect(second.stop().status == 0)
    }

    private func points(_ client: RawClient, _ run: String) throws -> Int {
        let reply = client.get("/api/2.0/mlflow/metrics/get-history?run_id=\(run)&metric_key=loss")
        return (reply?.text.split(separator: "\"step\":").count ?? 1) - 1
    }

    private static let canMount: Bool = {
        guard geteuid() == 0, let folder = try? TemporaryFolder() else { return false }
        let project = try? TemporaryProject()
        let result = try? project?.shell("mount -t tmpfs tmpfs '\(folder.path)' && umount '\(folder.path)'")
        return result?.status == 0
    }()

    private func noise(_ count: Int) -> [UInt8] {
        var generator = SeededRandom(seed: 1)
        return (0..<count / 8).flatMap { _ in
            let number = generator.next()
            return (0..<8).map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) }
        }
    }
}

extension RawClient {
    /// 500 points that do not compress.
    fileprivate func logBatch(_ batch: Int, to run: String) -> RawReply? {
        var generator = SeededRandom(seed: UInt64(batch))
        let metrics = (0..<500).map { index in
            let value = Double(generator.next() >> 12) / 1024
            return #"{"key": "loss", "value": \#(value), "timestamp": 1, "step": \#(batch * 500 + index)}"#
        }
        return request(
            "POST", "/api/2.0/mlflow/runs/log-batch", headers: ["Content-Type: application/json"],
            body: Array(#"{"run_id": "\#(run)", "metrics": [\#(metrics.joined(separator: ","))]}"#.utf8))
    }
}
