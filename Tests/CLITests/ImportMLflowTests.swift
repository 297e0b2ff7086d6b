import Files
import FoundationEssentials
import JSON
import SQL
import SQLite
import TestSupport
import Testing

/// Samples that the real MLflow client has made: Tests/MLflowClient/make_samples.py.
@Suite struct ImportMLflowTests {
    enum Sample: String, CaseIterable { case folder, database }

    @Test(arguments: Sample.allCases)
    func `all that MLflow recorded is taken, and done again nothing is new`(sample: Sample) throws {
        let project = try TemporaryProject()
        try project.succeed("init")
        let source = try place(sample, in: project)
        let first = try report(project, source)
        #expect(first["experiments"] == .object(["found": .integer(3), "new": .integer(2)]))
        #expect(first["runs"] == .object(["found": .integer(2), "new": .integer(2)]))
        #expect(first["metric points"] == .object(["found": .integer(42), "new": .integer(42)]))
        #expect(first["artifacts"] == .object(["found": .integer(2), "new": .integer(2)]))
        #expect(first["logged models"] == .object(["found": .integer(1), "new": .integer(1)]))
        #expect(first["model versions"] == .object(["found": .integer(2), "new": .integer(2)]))
        #expect(first["notTaken"] == .object([:]))
        let second = try report(project, source)
        for (name, count) in second.pairs {
            if case .object(let fields) = count, name != "notTaken" { #expect(fields["new"] == .integer(0), "\(name)") }
        }
        try check(project)
    }

    @Test func `a server hands over the same, files too`() throws {
        let origin = try TemporaryProject()
        try origin.succeed("init")
        _ = try report(origin, try place(.folder, in: origin))
        let server = try StartedServer(in: origin)
        let project = try TemporaryProject()
        try project.succeed("init")
        let first = try report(project, "http://127.0.0.1:\(server.port)")
        #expect(first["runs"] == .object(["found": .integer(2), "new": .integer(2)]))
        #expect(first["artifacts"] == .object(["found": .integer(2), "new": .integer(2)]))
        #expect(first["model versions"] == .object(["found": .integer(2), "new": .integer(2)]))
        let second = try report(project, "http://127.0.0.1:\(server.port)")
        #expect(second["metric points"] == .object(["found": .integer(42), "new": .integer(0)]))
        #expect(server.stop().status == 0)
        try check(project)
    }

    @Test(arguments: Sample.allCases)
    func `what we have nothing for is counted, and the user is told`(sample: Sample) throws {
        let project = try TemporaryProject()
        try project.succeed("init")
        let source = try place(sample, in: project)
        switch sample {
        case .folder:
            let experiment = try FileManager.default.contentsOfDirectory(atPath: project.path(source).description)
                .first { $0.count > 1 && $0.allSatisfy(\.isNumber) }
            for trace in ["tr-1", "tr-2"] {
                try project.write("\(source)/\(try #require(experiment))/traces/\(trace)/trace_info.yaml", "")
            }
        case .database:
            let database = try Database(path: project.path("source").description + "/mlflow.db")
            try database.write { connection in
                try connection.executeScript(
                    """
                    CREATE TABLE trace_info (request_id);
                    INSERT INTO trace_info VALUES ('tr-1'), ('tr-2');
                    CREATE TABLE webhooks (webhook_id);
                    """)
            }
        }
        #expect(try report(project, source)["notTaken"] == .object(["traces": .integer(2)]))
        let shown = try project.succeed("import", "mlflow", source).stdout
        #expect(shown.hasSuffix("not taken: 2 traces\n"))
    }

    @Test func `a server hands over prompts, which it hides among models`() throws {
        let origin = try TemporaryProject()
        try origin.succeed("init")
        let server = try StartedServer(in: origin)
        let client = try RawClient(port: server.port)
        let mark = #""tags":[{"key":"mlflow.prompt.is_prompt","value":"true"}]"#
        for (call, body) in [
            ("registered-models", #"{"name":"p",\#(mark)}"#),
            ("model-versions", #"{"name":"p","source":"dummy-source",\#(mark)}"#),
        ] {
            let reply = client.request(
                "POST", "/api/2.0/mlflow/\(call)/create", headers: ["Content-Type: application/json"],
                body: Array(body.utf8))
            #expect(reply?.status == 200)
        }
        let project = try TemporaryProject()
        try project.succeed("init")
        let first = try report(project, "http://127.0.0.1:\(server.port)")
        #expect(server.stop().status == 0)
        #expect(first["registered models"] == .object(["found": .integer(1), "new": .integer(1)]))
        #expect(first["model versions"] == .object(["found": .integer(1), "new": .integer(1)]))
    }

    @Test func `what is no store of MLflow is told apart`() throws {
        let project = try TemporaryProject(["a.txt": "no database"])
        try project.succeed("init")
        #expect(try project.run("import", "mlflow", "absent").status == 3)
        let result = try project.run("import", "mlflow", "a.txt")
        #expect(result.status != 0)
        #expect(try project.run("import", "mlflow", "http://127.0.0.1:1").status == 6)
    }

    private func report(_ project: TemporaryProject, _ source: String) throws -> JSONObject {
        let output = try project.succeed("import", "mlflow", source, "--json").stdout
        guard case .object(let object) = try JSONValue(parsing: output) else { return [:] }
        return object
    }

    /// What a server says of the imported project.
    private func check(_ project: TemporaryProject) throws {
        let server = try StartedServer(in: project)
        let client = try RawClient(port: server.port)
        let api = "/api/2.0/mlflow"
        let named = client.get("\(api)/experiments/get-by-name?experiment_name=guess")?.text ?? ""
        let experiment = named.split(separator: "\"experiment_id\":\"").dropFirst().first?.prefix { $0.isNumber } ?? ""
        let body = #"{"experiment_ids": ["\#(experiment)"], "run_view_type": "ALL"}"#
        let runs =
            client.request(
                "POST", "\(api)/runs/search", headers: ["Content-Type: application/json"], body: Array(body.utf8))?.text
            ?? ""
        #expect(runs.contains(#""run_name":"first""#))
        #expect(runs.contains(#""lifecycle_stage":"deleted""#))
        #expect(runs.contains(#"{"key":"type","value":"cbow"}"#))
        #expect(runs.contains(#"{"key":"note","value":"žába"}"#))
        #expect(runs.contains(#""name":"words","digest":"d1""#))
        let first = runs.split(separator: "\"run_name\":\"first\"").first?.suffix(300) ?? ""
        let run = first.split(separator: "\"run_id\":\"").last?.prefix(32) ?? ""
        let odd = client.get("\(api)/metrics/get-history?run_id=\(run)&metric_key=odd")?.text
        #expect(odd?.contains("\"NaN\"") == true)
        #expect(client.get("/get-artifact?run_uuid=\(run)&path=notes/hello.txt")?.text == "hello\n")
        let alias = client.get("\(api)/registered-models/alias?name=guesser&alias=best")?.text
        #expect(alias?.contains("\"source\":\"mlflow-artifacts:/\(experiment)/\(run)/artifacts/notes\"") == true)
        #expect(client.get("\(api)/model-versions/get?name=guesser&version=2")?.status == 404)
        let source = "mlflow-artifacts:/\(experiment)/\(run)/artifacts/notes"
        let made = #"{"name": "guesser", "source": "\#(source)", "run_id": "\#(run)"}"#
        let next = client.request(
            "POST", "\(api)/model-versions/create", headers: ["Content-Type: application/json"], body: Array(made.utf8))
        #expect(next?.text.contains("\"version\":\"4\"") == true)
        #expect(server.stop().status == 0)
    }

    /// Copies a sample into the project and answers what to import.
    private func place(_ sample: Sample, in project: TemporaryProject) throws -> String {
        let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../fixtures/mlflow")
        let folder = root.appending(path: sample.rawValue).standardizedFileURL.path
        let target = project.path("source").description
        for path in try FileManager.default.subpathsOfDirectory(atPath: folder) {
            var isFolder = false
            _ = FileManager.default.fileExists(atPath: folder + "/" + path, isDirectory: &isFolder)
            if isFolder { continue }
            let text = try String(contentsOf: URL(filePath: folder + "/" + path), encoding: .utf8)
            let place = text.split(separator: "@ROOT@", omittingEmptySubsequences: false).joined(separator: target)
            try project.write("source/" + path, place)
        }
        guard sample == .database else { return "source/mlruns" }
        let database = try Database(path: target + "/mlflow.db")
        try database.write { try $0.executeScript(try project.read("source/mlflow.sql")) }
        return "sqlite:///source/mlflow.db"
    }
}
