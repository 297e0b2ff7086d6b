import Diagnostics

/// The page's modules as one classic script, for a document that opens without a server: a browser loads no module
/// from a file. Each module becomes a function; what it exports is read when it is used, as between modules.
///
/// Knows the forms of `import` and `export` that our modules have, and refuses any other.
struct ModuleBundle {
    private(set) var script = Self.head
    /// Style sheets and scripts of others that the modules name.
    private(set) var styles: [String] = []
    private(set) var vendored: [String] = []
    private let read: (String) throws -> String?
    private var done: Set<String> = []

    /// `read`: a file of the page by its path; nil if it is not there.
    init(main: String, read: @escaping (String) throws -> String?) throws {
        self.read = read
        try add(main)
        for path in vendored {
            guard let code = try read(path) else { continue }
            script += "scripts[\(Self.quoted(path))] = () => (function () {\n\(code)\n}).call(window);\n"
        }
        script += "$load(\(Self.quoted(main)));\n})();\n"
    }

    private static let head = """
        (() => {
        const modules = {}, scripts = {}, loaded = {};
        const $load = (path) => {
          if (!loaded[path]) {
            loaded[path] = {};
            modules[path](loaded[path]);
          }
          return loaded[path];
        };
        const $expose = (exports, readers) => {
          for (const name of Object.keys(readers)) Object.defineProperty(exports, name, { get: readers[name] });
        };
        window.reproScripts = scripts;

        """

    private mutating func add(_ path: String) throws {
        if !done.insert(path).inserted { return }
        guard let source = try read(path) else { throw BundleError.missing(path) }
        var exports: [String] = []
        var imports: [String] = []
        var body = ""
        var rest = source.split(separator: "\n", omittingEmptySubsequences: false)[...]
        while let line = rest.popFirst() {
            if line.hasPrefix("import ") {
                var statement = String(line)
                while !statement.hasSuffix(";"), let next = rest.popFirst() { statement += " " + next }
                let (names, target) = try Self.parse(statement, in: path)
                let file = Self.resolve(target, from: path)
                imports.append(file)
                body += "const { \(names) } = $load(\(Self.quoted(file)));\n"
            } else if line.hasPrefix("export ") {
                let (name, declaration) = try Self.parseExport(line, in: path)
                exports.append(name)
                body += declaration + "\n"
            } else {
                body += line + "\n"
            }
        }
        for (target, whole) in Self.calls("import(\"", in: body) {
            let file = Self.resolve(target, from: path)
            imports.append(file)
            body = body.split(separator: whole, omittingEmptySubsequences: false)
                .joined(separator: "Promise.resolve().then(() => $load(\(Self.quoted(file))))")
        }
        body = body.split(separator: "import.meta.url", omittingEmptySubsequences: false)
            .joined(separator: "document.baseURI")
        note(body)
        let readers = exports.map { "\($0): () => \($0)" }.joined(separator: ", ")
        script += "modules[\(Self.quoted(path))] = ($exports) => {\n\"use strict\";\n"
        script += "$expose($exports, { \(readers) });\n\(body)};\n"
        for file in imports { try add(file) }
    }

    private mutating func note(_ body: String) {
        for word in body.split(separator: "\"") {
            let path = String(word)
            if path.hasSuffix(".css"), !styles.contains(path) { styles.append(path) }
            if path.hasPrefix("vendor/"), path.hasSuffix(".js"), !vendored.contains(path) { vendored.append(path) }
        }
    }

    /// `import { a, b as c } from "./x.js";`: `a, b: c` and the target.
    private static func parse(_ statement: String, in path: String) throws -> (names: String, target: String) {
        let parts = statement.split(separator: "\"", omittingEmptySubsequences: false)
        guard parts.count == 3, let open = parts[0].firstIndex(of: "{"), let close = parts[0].lastIndex(of: "}") else {
            throw BundleError.unknownForm(path, statement)
        }
        let names = parts[0][parts[0].index(after: open)..<close].split(separator: ",").map { item in
            item.split(separator: " ").filter { $0 != "as" }.joined(separator: ": ")
        }
        return (names.filter { !$0.isEmpty }.joined(separator: ", "), String(parts[1]))
    }

    /// `export async function f(…`: `f` and the declaration.
    private static func parseExport(_ line: Substring, in path: String) throws -> (name: String, declaration: String) {
        let declaration = line.dropFirst("export ".count)
        let words = declaration.split(separator: " ").filter { $0 != "async" }
        let keyword = words.first.map { $0.hasSuffix("*") ? $0.dropLast() : $0 }
        guard words.count > 1, let keyword, ["function", "class", "const"].contains(keyword) else {
            throw BundleError.unknownForm(path, String(line))
        }
        let name = words[1].prefix { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "$" }
        if name.isEmpty { throw BundleError.unknownForm(path, String(line)) }
        return (String(name), String(declaration))
    }

    /// What stands between `start` and `")`, each with the whole of it.
    private static func calls(_ start: String, in text: String) -> [(target: String, whole: String)] {
        text.split(separator: start, omittingEmptySubsequences: false).dropFirst().compactMap { rest in
            guard let end = rest.firstIndex(of: "\"") else { return nil }
            let target = String(rest[..<end])
            return (target, "\(start)\(target)\")")
        }
    }

    /// `../lib/dom.js` from `charts/a.js`: `lib/dom.js`.
    static func resolve(_ target: String, from path: String) -> String {
        var folders = path.split(separator: "/").dropLast()
        for part in target.split(separator: "/") {
            if part == ".." { folders = folders.dropLast() } else if part != "." { folders.append(part) }
        }
        return folders.joined(separator: "/")
    }

    private static func quoted(_ text: String) -> String { "\"\(text)\"" }
}

enum BundleError: UserFacingError, Equatable {
    case missing(String)
    case unknownForm(String, String)

    var kind: ErrorKind { .internal }

    var message: String {
        switch self {
        case .missing(let path): "the page has no file \(path)"
        case .unknownForm(let path, let line): "\(path) has a line that cannot be put into one script: \(line)"
        }
    }
}
