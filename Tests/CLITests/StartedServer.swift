import Glibc
import JSON
import TestSupport

/// A `repro server` that runs until it is stopped.
struct StartedServer {
    let program: RunningProgram
    let url: String
    let port: UInt16

    /// `folder`: of the project, if it is not the working directory.
    init(in project: TemporaryProject, _ options: [String] = [], port: String = "0", at folder: String = ".") throws {
        program = try project.start(["-C", folder, "server", "--port", port, "--json"] + options)
        for _ in 0..<4000 {
            if case .string(let url)? = (try? JSONValue(parsing: program.standardOutput))?["url"],
                let text = url.split(separator: ":").last, let port = UInt16(text)
            {
                (self.url, self.port) = (url, port)
                return
            }
            usleep(5000)
        }
        throw NoAddress(output: program.standardError)
    }

    struct NoAddress: Error {
        let output: String
    }

    func makeRun() throws -> String {
        let reply = try RawClient(port: port).request(
            "POST", "/api/2.0/mlflow/runs/create", headers: ["Content-Type: application/json"],
            body: Array("{\"experiment_id\": \"0\"}".utf8))
        let text = reply?.text.split(separator: "\"run_id\":\"").last.map(String.init) ?? ""
        return String(text.prefix { $0 != "\"" })
    }

    @discardableResult
    func stop() -> ProgramResult {
        program.send(SIGTERM)
        return program.wait()
    }
}
