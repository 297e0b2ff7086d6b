// swift-tools-version: 6.2
import PackageDescription

let house: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .treatAllWarnings(as: .error),
]

// The layers, bottom to top. A module may import only what its line lists; Tests/TidyTests holds that.
let modules: [Target] = [
    // System: the operating system and the C libraries; knows nothing of Repro.
    .shim("CLinux"),
    .shim("CCurl"),
    .shim("CPostgreSQL"),
    .shim("CXXHash"),
    .library("CCrypto"),
    .library("CZstd"),
    .library("CZlib"),
    .library("CSQLite"),
    .library("CYAML"),
    .module("Diagnostics", in: .system, imports: []),
    .module("Threads", in: .system, imports: ["CLinux"]),
    .module("Files", in: .system, imports: ["CLinux", "Diagnostics"]),
    .module("Hashing", in: .system, imports: ["CXXHash", "CCrypto"]),
    .module("Zstd", in: .system, imports: ["CZstd", "Diagnostics"]),
    .module("Gzip", in: .system, imports: ["CZlib"]),
    .module("SQL", in: .system, imports: ["Threads"]),
    .module("SQLite", in: .system, imports: ["CSQLite", "SQL", "Diagnostics"]),
    .module("PostgreSQL", in: .system, imports: ["CPostgreSQL", "SQL", "Diagnostics", "Threads"]),
    .module("JSON", in: .system, imports: ["Diagnostics"]),
    .module("TOML", in: .system, imports: ["JSON", "Diagnostics"]),
    .module("HTTP", in: .system, imports: []),
    .module("Charts", in: .system, imports: ["Hashing", "JSON"]),
    .module("Curl", in: .system, imports: ["CCurl", "HTTP", "Threads", "Diagnostics"]),
    .module("YAML", in: .system, imports: ["CYAML", "JSON", "Diagnostics"]),
    .module("Processes", in: .system, imports: ["CLinux", "Threads", "Files", "Diagnostics"]),
    .shim("CMicroHTTPD"),
    .module("MicroHTTPD", in: .system, imports: ["CMicroHTTPD", "HTTP", "Threads", "Diagnostics"]),
    .module("Git", in: .system, imports: ["Processes", "Files", "Diagnostics"]),

    // Domain: what Repro is about, each noun defined once, then the verbs over them.
    .module("Objects", in: .domain, imports: ["Files", "Hashing", "Zstd", "Threads", "Diagnostics"]),
    .module(
        "Workspaces", in: .domain,
        imports: ["Objects", "Files", "Hashing", "SQL", "SQLite", "YAML", "JSON", "Threads", "Diagnostics"]),
    .module(
        "Pipelines", in: .domain,
        imports: [
            "Workspaces", "Objects", "Processes", "Files", "Hashing", "YAML", "JSON", "TOML", "Threads", "Diagnostics",
        ]),
    .module(
        "Remotes", in: .domain,
        imports: ["Objects", "Files", "Hashing", "Zstd", "HTTP", "Curl", "JSON", "Threads", "Diagnostics"]),
    .module(
        "Experiments", in: .domain,
        imports: ["Objects", "SQL", "SQLite", "PostgreSQL", "Files", "Hashing", "HTTP", "Curl", "JSON", "Diagnostics"]),
    .module(
        "Operations", in: .domain,
        imports: [
            "Pipelines", "Experiments", "Workspaces", "Objects", "Remotes", "SQL", "SQLite", "HTTP", "Curl", "Git",
            "Processes", "Charts", "Files", "Hashing", "YAML", "JSON", "Threads", "Diagnostics",
        ]),

    // Interfaces: how the outside reaches it.
    .shim("CWebAssets", in: .interfaces),
    .module(
        "Server", in: .interfaces,
        imports: [
            "CWebAssets", "Operations", "Pipelines", "Experiments", "Objects", "MicroHTTPD", "HTTP", "Zstd", "Gzip",
            "Files",
            "Hashing", "JSON", "Threads", "Diagnostics",
        ]),
    .module(
        "ReproLogging", in: .interfaces,
        imports: [
            "Experiments", "Workspaces", "Objects", "Git", "Processes", "SQLite", "Curl", "Files", "Hashing", "JSON",
            "Threads", "Diagnostics",
        ]),
    .executableTarget(
        name: "repro",
        dependencies: [
            "Server", "ReproLogging", "MicroHTTPD", "SQLite", "Operations", "Pipelines", "Experiments", "Workspaces",
            "Objects",
            "Remotes", "Processes", "Files", "Hashing", "JSON", "Threads", "Diagnostics",
        ],
        path: "cli",
        swiftSettings: house),
]

let tests: [Target] = [
    .target(
        name: "TestSupport", dependencies: ["Files", "HTTP", "JSON", "Threads", "Diagnostics"], path: "Tests/Support",
        swiftSettings: house),
    .tests("Diagnostics"), .tests("Threads"), .tests("Files"), .tests("Hashing"), .tests("Zstd"), .tests("Gzip"),
    .tests("SQLite"),
    .tests("YAML"), .tests("JSON"), .tests("TOML"), .tests("HTTP"), .tests("Charts"), .tests("Curl"),
    .tests("Git"), .tests("MicroHTTPD"),
    .tests("Processes", with: ["ProcessesHelper"]),
    // A program for ProcessesTests to kill, to signal and to measure.
    .executableTarget(
        name: "ProcessesHelper", dependencies: ["Processes", "Files", "Threads"], path: "Tests/ProcessesHelper",
        swiftSettings: house),
    .tests("Objects"), .tests("Workspaces"), .tests("Pipelines"), .tests("Experiments"), .tests("Remotes"),
    .tests("Operations"), .tests("Server"), .tests("ReproLogging", with: ["Server"]),
    // What the library is for: a program that trains a small model, which the tests run.
    .executableTarget(
        name: "digits", dependencies: ["ReproLogging"], path: "examples/digits",
        exclude: ["Package.swift", "README.md", "digits.txt"], sources: ["Sources"], swiftSettings: house),
    // How fast it is: benchmarks/tracking/logging.
    .executableTarget(
        name: "LoggingBenchmark", dependencies: ["ReproLogging"], path: "benchmarks/tracking/logging",
        exclude: ["measure"], swiftSettings: house),
    .tests("CLI", of: "repro", with: ["digits"]), .tests("Page", of: "repro"), .tests("Tidy", of: "Diagnostics"),
]

let package = Package(
    name: "repro",
    products: [
        .executable(name: "repro", targets: ["repro"]),
        // For programs of others: log runs from Swift.
        libraryProduct("ReproLogging"),
    ],
    targets: modules + tests)

/// A module that packages of others may use.
func libraryProduct(_ name: String) -> Product { .library(name: name, targets: [name]) }

enum Layer: String {
    case system = "System"
    case domain = "Domain"
    case interfaces = "Interfaces"
}

extension Target {
    /// A Swift module of ours: Sources/<layer>/<name>.
    static func module(_ name: String, in layer: Layer, imports: [Target.Dependency]) -> Target {
        .target(name: name, dependencies: imports, path: "Sources/\(layer.rawValue)/\(name)", swiftSettings: house)
    }

    /// A C library of the system: a module map and a shim header, nothing else.
    static func library(_ name: String) -> Target {
        .systemLibrary(name: name, path: "Sources/System/\(name)")
    }

    /// A small C target of ours, for what Swift cannot say.
    static func shim(_ name: String, in layer: Layer = .system) -> Target {
        .target(name: name, path: "Sources/\(layer.rawValue)/\(name)", publicHeadersPath: "include")
    }

    /// Tests/<name>Tests: the tests of one module. They depend on what it imports, too: a test that uses such a module
    /// would otherwise not be compiled again when that changes.
    @MainActor static func tests(_ name: String, with others: [Target.Dependency] = []) -> Target {
        tests(name, of: name, with: others)
    }

    @MainActor static func tests(_ name: String, of module: String?, with others: [Target.Dependency] = []) -> Target {
        let subject = module.map { [.byName(name: $0)] + imports(of: $0) } ?? []
        return .testTarget(
            name: "\(name)Tests", dependencies: subject + others + ["TestSupport"], path: "Tests/\(name)Tests",
            swiftSettings: house)
    }

    @MainActor private static func imports(of module: String) -> [Target.Dependency] {
        modules.first { $0.name == module }?.dependencies ?? []
    }
}
