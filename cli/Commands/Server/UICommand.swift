import Diagnostics
import Files
import JSON
import Processes
import Server

/// `repro ui`
enum UICommand: Command {
    private static let port = OptionSpec.value("port", .text("N"), help: "Listen on this port; else on any free one")
    private static let noOpen = OptionSpec.flag("no-open", help: "Open no browser")
    private static let assets = OptionSpec.value(
        "assets", .text("FOLDER", completes: .files), help: "Take the page's files from FOLDER, to develop them")

    private static let export = OptionSpec.value(
        "export", .text("FOLDER", completes: .files), help: "Write a copy that opens without a server, and end")
    private static let views = OptionSpec.values(
        "view", .text("URL"), help: "With --export: a view to copy, as in the address bar; may be given several times")

    static let spec = CommandSpec(
        "ui", "Look at runs, curves, graphs and data in the browser", in: .runs,
        options: [port, noOpen, assets, export, views],
        discussion: [
            "Serves the page of this project to this machine, and opens it. What other programs log, and what "
                + "`repro run` does meanwhile, appears by itself. For a team there is `repro server`, with the same page.",
            "Ctrl-C ends it.",
            "--export writes one document with the views that --view names (the table of runs without it), their data "
                + "and the page itself: to send by mail, to keep beside a paper, or to publish.",
        ],
        examples: [
            CommandExample("repro ui", "Open the page"),
            CommandExample("repro ui --export copy --view '/compare?run=run1&run=run6'", "Two runs, for a colleague"),
            CommandExample("repro ui --port 8080 --no-open", "On a machine without a browser, behind ssh -L 8080:…"),
        ])

    /// Tried first, so that bookmarks and what the browser remembers stay good.
    private static let usualPort: UInt16 = 7376

    static func run(_ call: Invocation) throws -> ExitStatus {
        var options = ServerOptions(version: VersionCommand.version)
        options.assets = call.arguments.value(of: assets).map { AbsolutePath($0, relativeTo: call.workingDirectory) }
        if let folder = call.arguments.value(of: export) { return try writeCopy(to: folder, options, call) }
        options.port = usualPort
        if let text = call.arguments.value(of: port) {
            guard let number = UInt16(text) else {
                throw UsageError.unusable("option --port: \(text) is not a number from 0 to 65535", hint: nil)
            }
            options.port = number
        }
        let serving = try ProjectServing(call, options: options, isPortWish: call.arguments.value(of: port) == nil)
        if call.printsJSON {
            call.output.json(.object(["url": .string(serving.url)]))
        } else {
            call.output.line("the page is at \(serving.url)")
        }
        call.output.flush()
        if !call.arguments.has(noOpen) { openBrowser(serving.url, call) }
        serving.waitForEnd()
        return .done
    }

    private static func writeCopy(to folder: String, _ options: ServerOptions, _ call: Invocation) throws -> ExitStatus
    {
        let views = call.arguments.values(of: views)
        let path = AbsolutePath(folder, relativeTo: call.workingDirectory)
        let (services, options) = try ProjectServing.services(call, options)
        let report = try PageExport(services: services, options: options).write(
            views.isEmpty ? ["/runs"] : views, to: path)
        if call.printsJSON {
            call.output.json(
                .object([
                    "file": .string(report.file.description), "sizeBytes": .integer(Int64(report.sizeBytes)),
                ]))
        } else {
            call.output.line("the copy is \(report.file), \(Formats.bytes(UInt64(report.sizeBytes)))")
        }
        return .done
    }

    /// Where there is a desktop. That it cannot be done is not worth a word: the address has been printed.
    private static func openBrowser(_ url: String, _ call: Invocation) {
        let hasDesktop = ["DISPLAY", "WAYLAND_DISPLAY"].contains { call.environment[$0]?.isEmpty == false }
        guard hasDesktop else { return }
        let opener = Processes.Command(
            ["xdg-open", url], environment: call.environment, workingDirectory: call.workingDirectory)
        try? startDetached(opener)
    }
}
