import Diagnostics
import Files
import JSON
import MicroHTTPD
import SQLite
import Server

/// `repro server`
enum ServerCommand: Command {
    private static let host = OptionSpec.value("host", .text("ADDRESS"), help: "Listen on this address (127.0.0.1)")
    private static let port = OptionSpec.value("port", .text("N"), help: "Listen on this port (5000); 0 for a free one")
    private static let tokens = OptionSpec.value(
        "tokens", .text("FILE", completes: .files), help: "Ask for a token; FILE has lines of ROLE NAME TOKEN")
    private static let certificate = OptionSpec.value(
        "tls-certificate", .text("FILE", completes: .files), help: "Serve HTTPS with this PEM certificate chain")
    private static let key = OptionSpec.value(
        "tls-key", .text("FILE", completes: .files), help: "The PEM private key of the certificate")
    private static let names = OptionSpec.values(
        "host-name", .text("NAME"), help: "A name by which clients reach this server; may be given several times")
    private static let accessLog = OptionSpec.flag("access-log", help: "Print a line for each request")
    private static let assets = OptionSpec.value(
        "assets", .text("FOLDER", completes: .files), help: "Take the page's files from FOLDER, to develop them")
    private static let store = OptionSpec.value(
        "store", .text("ADDRESS"), help: "Record runs in this database, postgresql://…, instead of the project's file")
    private static let durability = OptionSpec.value(
        "durability", .choice("LEVEL", of: ["recent", "full"]),
        help: "What a power cut may take: the last second (recent), or nothing (full)")

    static let spec = CommandSpec(
        "server", "Serve this project's experiments, also to MLflow clients", in: .runs,
        options: [host, port, tokens, certificate, key, names, accessLog, assets, store, durability],
        discussion: [
            "Speaks MLflow's REST API: set MLFLOW_TRACKING_URI to the address that is printed, and log as before. "
                + "Runs, metrics, artifacts and models land in this project, beside those of `repro run`.",
            "Without --tokens only this machine is served, and whoever can reach the port may do everything. Roles are "
                + "read, write and admin; clients send the token as MLFLOW_TRACKING_TOKEN, or as the password of "
                + "MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD.",
            "With --store, several servers can share one PostgreSQL database; give its password by ~/.pgpass, by "
                + "PGPASSWORD, or the whole address by REPRO_TRACKING_STORE, so that it is in no list of processes.",
            "Ctrl-C, or SIGTERM, lets what has begun be finished; a second one does not wait.",
        ],
        examples: [
            CommandExample("repro server", "For this machine, on port 5000"),
            CommandExample("repro server --host 0.0.0.0 --tokens tokens.txt", "For a team"),
            CommandExample("repro server --store postgresql://repro@db.example.org/runs", "Runs in PostgreSQL"),
        ],
        exits: [CommandExit(.denied, "the address can be reached by others, and there are no tokens")])

    static func run(_ call: Invocation) throws -> ExitStatus {
        let serving = try ProjectServing(
            call, options: try options(call),
            durability: call.arguments.value(of: durability) == "full" ? .full : .recent,
            store: call.arguments.value(of: store), logsRequests: call.arguments.has(accessLog))
        announce(serving.url, call)
        serving.waitForEnd()
        return .done
    }

    private static func options(_ call: Invocation) throws -> ServerOptions {
        var options = ServerOptions(version: VersionCommand.version)
        if let text = call.arguments.value(of: host) { options.host = text }
        let text = call.arguments.value(of: port) ?? "5000"
        guard let number = UInt16(text) else {
            throw UsageError.unusable("option --port: \(text) is not a number from 0 to 65535", hint: nil)
        }
        options.port = number
        options.assets = call.arguments.value(of: assets).map { AbsolutePath($0, relativeTo: call.workingDirectory) }
        options.hostNames = call.arguments.values(of: names)
        if let file = call.arguments.value(of: tokens) {
            options.tokens = try TokenTable(parsing: try read(file, call), file: file)
        }
        switch (call.arguments.value(of: certificate), call.arguments.value(of: key)) {
        case (nil, nil): break
        case (let chain?, let key?):
            options.tls = TLSCertificate(chain: try read(chain, call), privateKey: try read(key, call))
        default:
            throw UsageError.unusable("--tls-certificate and --tls-key must be given together", hint: nil)
        }
        return options
    }

    private static func read(_ file: String, _ call: Invocation) throws -> String {
        let path = AbsolutePath(file, relativeTo: call.workingDirectory)
        return String(decoding: try FileSystem.real.read(path), as: UTF8.self)
    }

    private static func announce(_ url: String, _ call: Invocation) {
        if call.printsJSON {
            call.output.json(.object(["url": .string(url)]))
        } else {
            call.output.line("serving \(url)")
        }
        call.output.flush()
    }
}
