package import Diagnostics
package import Files
import HTTP
import Hashing
import JSON

/// Views of the page as one document that opens without a server, from a file: the page's scripts and styles, and what
/// the views asked for, are in it.
package struct PageExport {
    private let services: Services
    private let options: ServerOptions

    package init(services: Services, options: ServerOptions) {
        self.services = services
        self.options = options
    }

    package struct Report: Sendable {
        package var file: AbsolutePath
        package var sizeBytes: Int
    }

    /// `views`: URLs of the page, with or without the server's name; the first is what opens.
    package func write(_ views: [String], to folder: AbsolutePath) throws -> Report {
        let views = try views.map { try ViewAddress(parsing: $0) }
        let api = NativeAPI(services: services, options: options, sessions: SessionTable(clock: services.clock))
        var plan = ExportPlan(routes: api.routes)
        try plan.addShell(api.routes)
        for view in views { try plan.add(view) }
        let html = try document(plan.calls, start: views.first?.text ?? "/")
        try services.fileSystem.makeFolders(folder)
        let file = folder.appending("index.html")
        try services.fileSystem.writeAtomically(html, to: file)
        return Report(file: file, sizeBytes: html.count)
    }

    private func document(_ calls: RecordedCalls, start: String) throws -> [UInt8] {
        let assets = WebAssets(folder: options.assets, fileSystem: services.fileSystem)
        let bundle = try ModuleBundle(main: "main.js") { try assets.text($0) }
        let shell = try assets.text("index.html") ?? ""
        let linked = shell.split(separator: "\"").map(String.init).filter { $0.hasSuffix(".css") }
            .map { String($0.dropFirst(WebAssets.placeholder.count)) }
        let styles = try (linked + bundle.styles).uniqued().map { try assets.text($0) ?? "" }.joined(separator: "\n")
        let icon = try assets.text("icon.svg") ?? ""
        let script = safeInMarkup(bundle.script)
        var answers = JSONObject()
        for (call, answer) in calls.answers.sorted(by: { $0.key < $1.key }) { answers[call] = .string(answer) }
        let data = JSONValue.object([
            "start": .string(start), "takenAt": .string(services.clock.now().description),
            "icon": .string("data:image/svg+xml;base64," + Base64.encode(icon.utf8)),
            "answers": .object(answers),
        ])
        // Only these two, and nothing from elsewhere, may run or style.
        let policy = """
            default-src 'none'; script-src '\(SHA256.integrity(of: script))'; style-src '\(SHA256.integrity(of: styles))'; \
            img-src data: blob:; media-src data: blob:; base-uri 'none'; form-action 'none'
            """
        let text = """
            <!doctype html>
            <html lang="en" data-routing="hash">
            <head>
            <meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="\(policy)">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <meta name="referrer" content="no-referrer">
            <title>Repro</title>
            <style>\(styles)</style>
            </head>
            <body>
            <a class="skip" href="#view">Skip to the content</a>
            <div id="app"></div>
            <script type="application/json" id="exported">\(data.textInMarkup())</script>
            <script>\(script)</script>
            </body>
            </html>

            """
        return Array(text.utf8)
    }

    /// In code, the end tag of a script can stand in a text only, where the backslash changes nothing.
    private func safeInMarkup(_ script: String) -> String {
        script.split(separator: "</script", omittingEmptySubsequences: false).joined(separator: "<\\/script")
    }
}

/// Where a view is: `/compare?run=a&run=b`.
struct ViewAddress: Equatable {
    let path: String
    /// The parts of the path, decoded.
    let words: [String]
    let query: [QueryItem]
    let text: String

    /// A whole URL, as copied from the address bar, or what follows the server's name in it.
    init(parsing url: String) throws {
        var rest = Substring(url)
        if let scheme = rest.firstRange(of: "://") { rest = rest[scheme.upperBound...].drop { $0 != "/" } }
        if rest.first != "/" { throw ExportError.noSuchView(url) }
        let sides = rest.split(separator: "#")[0].split(separator: "?", maxSplits: 1)
        path = String(sides[0])
        guard let query = QueryItem.parse(sides.count == 2 ? String(sides[1]) : "") else {
            throw ExportError.noSuchView(url)
        }
        self.query = query
        words = path.split(separator: "/").map { word in
            PercentEncoding.decode(word).flatMap { String(validating: $0, as: UTF8.self) } ?? String(word)
        }
        text = String(rest)
    }
}

package enum ExportError: UserFacingError, Equatable {
    case noSuchView(String)

    package var kind: ErrorKind { .notFound }
    package var message: String {
        switch self {
        case .noSuchView(let view): "the page has no view at \(view)"
        }
    }
    package var hint: String? { "copy a URL of the page from the address bar, such as /compare?run=run1&run=run2" }
}

extension [String] {
    fileprivate func uniqued() -> [String] {
        var seen: Set<String> = []
        return filter { seen.insert($0).inserted }
    }
}
