import Experiments
import Files
import TestSupport
import Testing

/// What MLflow's published weaknesses did with artifact paths: here each gets a 4xx and touches nothing.
@Suite struct ArtifactAttackTests {
    static let paths = [
        "../x", "a/../../x", "..%2Fx", "%2e%2e/x", "%2e%2e%2fx", "%252e%252e/x", "%252e%252e%252fx",
        "%25252e%25252e%25252fx", "..%5Cx", "..%255Cx", "a%5C..%5C..%5Cx", "/etc/passwd", "%2Fetc%2Fpasswd",
        "%252Fetc/passwd", "C:%5Cx", "C:/x", "%5C%5Chost%5Cx", "file:/etc/passwd", "file:%2F%2F%2Fetc%2Fpasswd",
        "FILE:///etc", "a%23b", "a%2523b", "a%00b", "a%0Ab", "a/%2e%2e/b",
    ]

    @Test(arguments: paths) func `a path that means another place in any reading is refused`(path: String) throws {
        let server = try ServerUnderTest()
        let base = "/api/2.0/mlflow-artifacts/artifacts"
        for method in ["PUT", "GET", "DELETE"] {
            let reply = try server.send(method, "\(base)/\(path)", body: method == "PUT" ? "x" : "")
            #expect((400..<500).contains(reply.status), "\(method) \(path): \(reply.status)")
        }
        let list = try server.send("GET", "\(base)?path=\(path)")
        #expect((400..<500).contains(list.status))
        let run = try server.makeRun()
        for call in ["artifacts/list?run_id=\(run)&path=\(path)"] {
            #expect((400..<500).contains(try server.get(call).status))
        }
        #expect((400..<500).contains(try server.send("GET", "/get-artifact?run_id=\(run)&path=\(path)").status))
        let upload = try server.send(
            "POST", "/ajax-api/2.0/mlflow/upload-artifact?run_uuid=\(run)&path=\(path)", body: "x")
        #expect((400..<500).contains(upload.status))
        #expect(try server.store.artifacts(atOrBelow: .root) == [])
    }

    @Test func `a page among the artifacts is only ever saved, never shown`() throws {
        let server = try ServerUnderTest()
        let path = "/api/2.0/mlflow-artifacts/artifacts/0/r/artifacts/x.html"
        #expect(try server.send("PUT", path, body: "<script>alert(1)</script>").status == 200)
        let reply = try server.send("GET", path)
        #expect(reply.text == "<script>alert(1)</script>")
        #expect(reply.header("Content-Disposition") == "attachment; filename=x.html")
        #expect(reply.header("X-Content-Type-Options") == "nosniff")
        #expect(reply.header("Content-Security-Policy") == "default-src 'none'; sandbox")
    }

    @Test func `a name cannot add a header of its own`() throws {
        let server = try ServerUnderTest()
        let path = "/api/2.0/mlflow-artifacts/artifacts/a%22;b=%C3%BC.txt"
        #expect(try server.send("PUT", path, body: "x").status == 200)
        #expect(
            try server.send("GET", path).header("Content-Disposition")
                == "attachment; filename=\"a_;b=_.txt\"; filename*=UTF-8''a%22%3Bb%3D%C3%BC.txt")
    }
}
