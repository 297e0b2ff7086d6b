import Experiments
import TestSupport
import Testing

@testable import Server

/// Addresses that clients choose: the server must never be led to a file or a host by one.
@Suite struct LocationAttackTests {
    static let attacks = [
        "file:///etc", "FILE:///etc/passwd", "/etc", "relative/path", "http://169.254.169.254/latest",
        "mlflow-artifacts://other.host/x", "mlflow-artifacts:/../../etc", "mlflow-artifacts:/a/%2e%2e/b",
        "mlflow-artifacts:/a/%252e%252e/b", "s3://bucket/a/../../b", "s3://bucket/a?x=/../..", "s3://bucket/a#../b",
        "runs:/../x", "C:\\Windows",
    ]

    @Test(arguments: attacks)
    func `an experiment's artifacts cannot be there`(location: String) throws {
        let server = try ServerUnderTest()
        let quoted = location.split(separator: "\\", omittingEmptySubsequences: false).joined(separator: "\\\\")
        let reply = try server.post("experiments/create", #"{"name": "e", "artifact_location": "\#(quoted)"}"#)
        #expect(reply.status == 400)
        #expect(try server.store.experimentDetails(named: "e") == nil)
    }

    @Test(arguments: attacks)
    func `a model version's files cannot be there`(location: String) throws {
        let server = try ServerUnderTest()
        _ = try server.post("registered-models/create", #"{"name": "m"}"#)
        let quoted = location.split(separator: "\\", omittingEmptySubsequences: false).joined(separator: "\\\\")
        let reply = try server.post("model-versions/create", #"{"name": "m", "source": "\#(quoted)"}"#)
        #expect(reply.status == 400)
        #expect(try server.store.versions(model: "m").isEmpty)
    }
}
