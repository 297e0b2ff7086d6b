import Testing

/// Interfaces → Domain → System, and never up: Package.swift lists who may import whom. SwiftPM alone does not hold
/// that: it accepts the import of any module that happens to be built already.
@Suite struct LayerTests {
    let manifest = PackageManifest.current

    /// What every file may import: the language's own modules.
    static let languageModules: Set = ["Swift", "FoundationEssentials", "Glibc", "Synchronization"]

    @Test func `each import is allowed by Package.swift`() {
        expectNone(Repository.productSources.flatMap { forbiddenImports(of: $0, manifest) })
    }

    @Test func `a test imports only its module and what that module reaches`() {
        expectNone(Repository.testSources.flatMap { forbiddenTestImports(of: $0, manifest) })
    }

    @Test func `a module imports only modules that stand above it in Package.swift, of its layer or one below`() {
        expectNone(upwardImports(manifest))
    }

    @Test func `each import that Package.swift allows is made`() {
        let violations = manifest.modules.flatMap { module -> [Violation] in
            let folder: String
            switch module.kind {
            case .module(let layer): folder = "Sources/\(layer)/\(module.name)/"
            case .executable where module.name == "repro": folder = "cli/"
            case .library, .shim, .executable, .tests, .testSupport: return []
            }
            let sources = Repository.productSources.filter { $0.path.hasPrefix(folder) }
            let imported = Set(sources.flatMap(\.imports).map(\.module))
            return module.imports.filter { !imported.contains($0) }.map {
                Violation(
                    path: "Package.swift", line: module.line,
                    problem: "\(module.name) never imports \($0); take it off the line")
            }
        }
        expectNone(violations)
    }

    @Test func `a C library is imported by one wrapper`() {
        let violations = manifest.modules.filter { $0.kind == .library }.compactMap { library -> Violation? in
            let wrappers = manifest.modules.filter { $0.imports.contains(library.name) }.map(\.name)
            if wrappers.count == 1 { return nil }
            return Violation(
                path: "Package.swift", line: library.line,
                problem: "\(library.name) is imported by \(wrappers); let one module wrap it, and the others use that")
        }
        expectNone(violations)
    }

    @Test func `only System and the command line call the C library`() {
        let violations = Repository.productSources.filter { $0.path.hasPrefix("Sources/Domain/") }.flatMap { source in
            source.imports.filter { $0.module == "Glibc" }.map {
                Violation(
                    path: source.path, line: $0.line,
                    problem: "Domain imports Glibc; put the call into the System module of that subject")
            }
        }
        expectNone(violations)
    }

    @Test func `nothing imports the whole of Foundation`() {
        let violations = (Repository.productSources + Repository.testSources).flatMap { source in
            source.imports.filter { $0.module.hasPrefix("Foundation") && $0.module != "FoundationEssentials" }.map {
                Violation(
                    path: source.path, line: $0.line,
                    problem: "imports \($0.module), 45 MB of the binary; import FoundationEssentials")
            }
        }
        expectNone(violations)
    }

    @Test func `each folder of Sources is a module of Package.swift, in the layer it says`() {
        let folders = Set(
            Repository.shared.files(below: "Sources").compactMap { file -> String? in
                let parts = file.path.split(separator: "/")
                return parts.count > 3 ? parts[1...2].joined(separator: "/") : nil
            })
        let modules = manifest.modules.compactMap { module -> String? in
            switch module.kind {
            case .module(let layer), .shim(let layer): "\(layer)/\(module.name)"
            case .library: "System/\(module.name)"
            case .executable, .tests, .testSupport: nil
            }
        }
        #expect(folders.subtracting(modules).sorted() == [], "folders that Package.swift does not name")
        #expect(Set(modules).subtracting(folders).sorted() == [], "modules without a folder")
    }
}

private func forbiddenImports(of source: SwiftSource, _ manifest: PackageManifest) -> [Violation] {
    let parts = source.path.split(separator: "/").map(String.init)
    let name = parts[0] == "cli" ? "repro" : parts[2]
    guard let module = manifest[name] else { return [] }
    return source.imports.compactMap { imported in
        if LayerTests.languageModules.contains(imported.module) || module.imports.contains(imported.module) {
            return nil
        }
        if imported.module.hasPrefix("Foundation") { return nil }  // has a rule of its own
        return Violation(
            path: source.path, line: imported.line,
            problem: "\(name) may not import \(imported.module); its line in Package.swift (\(module.line)) has "
                + module.imports.joined(separator: ", "))
    }
}

private func forbiddenTestImports(of source: SwiftSource, _ manifest: PackageManifest) -> [Violation] {
    let folder = source.path.split(separator: "/").map(String.init)[1]
    let name = folder == "Support" ? "TestSupport" : folder
    let allowed = manifest.reachable(from: name).union(LayerTests.languageModules).union(["Testing"])
    return source.imports.filter { !allowed.contains($0.module) && !$0.module.hasPrefix("Foundation") }.map {
        Violation(
            path: source.path, line: $0.line,
            problem: "\(name) may not import \($0.module): its module does not reach it")
    }
}

private func upwardImports(_ manifest: PackageManifest) -> [Violation] {
    var seen: Set<String> = []
    var violations: [Violation] = []
    for module in manifest.modules {
        if case .module(let layer) = module.kind {
            for imported in module.imports where !seen.contains(imported) {
                violations.append(
                    Violation(
                        path: "Package.swift", line: module.line,
                        problem: "\(module.name) imports \(imported), which stands below it; the list is bottom to top")
                )
            }
            for imported in module.imports {
                if layer == "System", case .module("Domain") = manifest[imported]?.kind {
                    violations.append(
                        Violation(
                            path: "Package.swift", line: module.line,
                            problem: "\(module.name) of System imports \(imported) of Domain"))
                }
            }
        }
        seen.insert(module.name)
    }
    return violations
}

@Suite struct LayerRuleTests {
    let manifest = PackageManifest(
        text: """
            .library("CZstd"), // .library("CNothing")
            .module("Zstd", in: .system, imports: ["CZstd"]),
            .module(
                "Objects", in: .domain,
                imports: ["Zstd"]),
            .executableTarget(name: "repro", dependencies: ["Objects"], path: "cli"),
            .tests("Objects"), .tests("CLI", of: "repro"), .tests("Tidy", of: nil)
            """)

    @Test func `Package.swift is read as it is meant`() {
        #expect(
            manifest.modules.map(\.name)
                == ["CZstd", "Zstd", "Objects", "repro", "ObjectsTests", "CLITests", "TidyTests"])
        #expect(manifest["Objects"]?.kind == .module(layer: "Domain"))
        #expect(manifest["Objects"]?.line == 3)
        #expect(manifest["repro"]?.imports == ["Objects"])
        #expect(manifest["TidyTests"]?.imports == ["TestSupport"])
        #expect(manifest.reachable(from: "CLITests") == ["repro", "Objects", "Zstd", "CZstd", "TestSupport"])
    }

    @Test func `an import that skips a layer is found, with its place`() {
        let source = SwiftSource(
            path: "Sources/Domain/Objects/Store.swift", text: "import Zstd\n// import CYAML\npackage import CZstd\n")
        #expect(
            forbiddenImports(of: source, manifest).map(\.description) == [
                "Sources/Domain/Objects/Store.swift:3: Objects may not import CZstd; "
                    + "its line in Package.swift (3) has Zstd"
            ])
    }

    @Test func `an import of a module further down the list is found`() {
        let upsideDown = PackageManifest(
            text: """
                .module("Files", in: .system, imports: ["Objects"]),
                .module("Objects", in: .domain, imports: []),
                """)
        #expect(upwardImports(upsideDown).count == 2)
    }
}
