/// What Package.swift says about our modules, read as text: who is in which layer and who may import whom.
struct PackageManifest: Sendable {
    struct Module: Sendable {
        let name: String
        let kind: Kind
        let imports: [String]
        /// From 1, in Package.swift.
        let line: Int
    }

    enum Kind: Sendable, Equatable {
        /// A C library of the system, by `.library`.
        case library
        /// C of our own, by `.shim`: the name of the layer's folder.
        case shim(layer: String)
        /// Swift of ours: the name of the layer's folder in Sources/.
        case module(layer: String)
        case executable
        case tests
        case testSupport

        var isC: Bool {
            switch self {
            case .library, .shim: true
            case .module, .executable, .tests, .testSupport: false
            }
        }
    }

    /// In the order of the file.
    let modules: [Module]

    static let current = PackageManifest(text: Repository.shared.file("Package.swift")?.text ?? "")

    init(text: String) {
        let code = String(decoding: blankingCommentsAndStrings(Array(text.utf8)), as: UTF8.self)
        // Calls are found in the code, their strings in the text: both have the same offsets.
        let scanner = CallScanner(code: Array(code.utf8), text: Array(text.utf8))
        modules = scanner.calls().compactMap(Self.module)
    }

    subscript(name: String) -> Module? { modules.first { $0.name == name } }

    /// All that `name` may reach, through the imports of its imports.
    func reachable(from name: String) -> Set<String> {
        var reached: Set<String> = []
        var open = [name]
        while let next = open.popLast() {
            for imported in self[next]?.imports ?? [] where reached.insert(imported).inserted {
                open.append(imported)
            }
        }
        return reached
    }

    private static func module(_ call: CallScanner.Call) -> Module? {
        guard let name = call.strings.first, !name.isEmpty else { return nil }
        let rest = Array(call.strings.dropFirst())
        func module(_ name: String, _ kind: Kind, _ imports: [String]) -> Module {
            Module(name: name, kind: kind, imports: imports, line: call.line)
        }
        switch call.function {
        case "module": return module(name, .module(layer: call.layer ?? ""), rest)
        case "library": return module(name, .library, [])
        case "shim": return module(name, .shim(layer: call.layer ?? "System"), [])
        case "executableTarget": return module(name, .executable, rest.filter { $0 != "cli" })
        case "target" where name == "TestSupport":
            return module(name, .testSupport, rest.filter { !$0.hasPrefix("Tests/") })
        case "tests":
            let subject = call.namesSubject ? rest : (call.passesNil ? [] : [name] + rest)
            return module(name + "Tests", .tests, subject + ["TestSupport"])
        default: return nil
        }
    }
}

/// Finds `.function("text", …)` calls, with the strings among their arguments.
private struct CallScanner {
    struct Call {
        let function: String
        let strings: [String]
        /// `in: .domain` gives "Domain".
        let layer: String?
        let passesNil: Bool
        /// With `of:`, a module beside the name.
        let namesSubject: Bool
        let line: Int
    }

    let code: [UInt8]
    let text: [UInt8]

    func calls() -> [Call] {
        var calls: [Call] = []
        var line = 1
        for index in code.indices {
            if code[index] == UInt8(ascii: "\n") { line += 1 }
            guard code[index] == UInt8(ascii: "."), let name = name(after: index),
                let end = endOfArguments(from: index + 1 + name.utf8.count)
            else { continue }
            calls.append(call(name, arguments: (index + 1 + name.utf8.count)..<end, line: line))
        }
        return calls
    }

    private func name(after dot: Int) -> String? {
        let letters = code[(dot + 1)...].prefix { ($0 | 32) >= UInt8(ascii: "a") && ($0 | 32) <= UInt8(ascii: "z") }
        return letters.isEmpty ? nil : String(decoding: letters, as: UTF8.self)
    }

    /// The index after the parenthesis that closes the one at `start`.
    private func endOfArguments(from start: Int) -> Int? {
        guard start < code.count, code[start] == UInt8(ascii: "(") else { return nil }
        var depth = 0
        for index in start..<code.count {
            if code[index] == UInt8(ascii: "(") { depth += 1 }
            if code[index] == UInt8(ascii: ")") { depth -= 1 }
            if depth == 0 { return index + 1 }
        }
        return nil
    }

    private func call(_ function: String, arguments: Range<Int>, line: Int) -> Call {
        var strings: [String] = []
        var open: Int?
        for index in arguments where code[index] == UInt8(ascii: "\"") {
            if let start = open {
                strings.append(String(decoding: text[(start + 1)..<index], as: UTF8.self))
                open = nil
            } else {
                open = index
            }
        }
        let written = String(decoding: code[arguments], as: UTF8.self)
        let layer = written.split(separator: "in: .").dropFirst().first.map { rest in
            let name = rest.prefix { $0.isLetter }
            return name.prefix(1).uppercased() + name.dropFirst()
        }
        return Call(
            function: function, strings: strings, layer: layer, passesNil: written.contains("nil"),
            namesSubject: written.contains("of"), line: line)
    }
}
