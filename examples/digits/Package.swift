// swift-tools-version: 6.2
import PackageDescription

// As a package of somebody else's would be: it needs nothing of Repro but the library.
let package = Package(
    name: "digits",
    dependencies: [.package(name: "repro", path: "../..")],
    targets: [
        .executableTarget(
            name: "digits", dependencies: [.product(name: "ReproLogging", package: "repro")], path: "Sources")
    ])
