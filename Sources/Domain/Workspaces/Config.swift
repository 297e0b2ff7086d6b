package import Files
import YAML

/// The settings of a project: `.repro/config.yaml`, and `config.local.yaml` over it. See docs/formats/config.md.
package struct Config: Sendable, Equatable {
    /// Where the store is, as it is written; nil for the usual place.
    package var storePath: String?
    /// How files of the workspace are made from stored ones: the first that works.
    package var links: [LinkKind] = [.reflink, .copy]
    package var compresses = true
    /// How many stages run at once; nil for as many as there are cores.
    package var jobs: Int?
    /// Whether runs look in the default remote for results and inputs that are not here.
    package var pullsResults = false
    /// Whether the machine is measured while a run goes on.
    package var measuresMachine = false
    package var experiment: String?
    /// Where runs are recorded, as it is written; nil for the project's own file.
    package var trackingStore: String?
    /// The server that programs log to, by `ReproLogging` and `repro log`; nil for this project.
    package var trackingURL: String?
    package var trackingToken: String?
    /// `lock: dvc`: `dvc.lock` and DVC's cache are kept true too, for those who use DVC on the same project.
    package var keepsDVCLock = false
    /// The remote that is meant where none is named.
    package var defaultRemote: String?
    /// The URL (`url`) and options of each remote, by its name; what they mean is not checked here.
    package var remotes: [String: [String: String]] = [:]

    /// Whether files of the workspace may be links to stored files, which then must be files of their own, and plain.
    package var linksDirectly: Bool { links.contains(.hardlink) || links.contains(.symlink) }

    package static let version: Int64 = 1

    package init() {}

    /// Takes over what a file says, which is shown in errors as `file`; the rest stays as it is.
    package mutating func read(_ source: [UInt8], file: String) throws {
        let reader = ConfigReader(file: file)
        let root = try YAMLDocument(parsing: source, file: file).root
        try reader.forEachSetting(in: root, of: "", known: Self.names) { name, node in
            switch name {
            case "version": try reader.checkVersion(node)
            case "store": try readStore(node, reader)
            case "run": try readRun(node, reader)
            case "lock": keepsDVCLock = try reader.choice(name, node, among: ["repro", "dvc"]) == "dvc"
            case "remote": defaultRemote = try reader.text(name, node)
            case "remotes": try readRemotes(node, reader)
            case "tracking": try readTracking(node, reader)
            default: experiment = try reader.text(name, node)
            }
        }
    }

    private static let names = ["version", "store", "run", "experiment", "lock", "remote", "remotes", "tracking"]

    /// A remote that two files name has the options of the second only.
    private mutating func readRemotes(_ node: YAMLNode, _ reader: ConfigReader) throws {
        for (name, settings) in try reader.mappings("remotes", node) { remotes[name] = settings }
    }

    private mutating func readTracking(_ node: YAMLNode, _ reader: ConfigReader) throws {
        try reader.forEachSetting(in: node, of: "tracking", known: ["store", "url", "token"]) { name, node in
            let text = try reader.text(name, node)
            switch name {
            case "tracking.url": trackingURL = text
            case "tracking.token": trackingToken = text
            default: trackingStore = text
            }
        }
    }

    private mutating func readStore(_ node: YAMLNode, _ reader: ConfigReader) throws {
        try reader.forEachSetting(in: node, of: "store", known: ["path", "links", "compression"]) { name, node in
            switch name {
            case "store.path": storePath = try reader.text(name, node)
            case "store.links": links = try reader.links(name, node)
            default: compresses = try reader.choice(name, node, among: ["auto", "never"]) == "auto"
            }
        }
    }

    private mutating func readRun(_ node: YAMLNode, _ reader: ConfigReader) throws {
        try reader.forEachSetting(in: node, of: "run", known: ["jobs", "pull", "system_metrics"]) { name, node in
            switch name {
            case "run.jobs": jobs = try reader.count(name, node)
            case "run.system_metrics": measuresMachine = try reader.flag(name, node)
            default: pullsResults = try reader.flag(name, node)
            }
        }
    }
}
