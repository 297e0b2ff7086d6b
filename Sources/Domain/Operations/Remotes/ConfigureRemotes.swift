package import Diagnostics
import Files
import JSON
package import Remotes
package import Threads
import Workspaces
import YAML

/// A remote as it is configured.
package struct ConfiguredRemote: Sendable, Equatable {
    package var name: String
    package var url: String
    /// Without the URL.
    package var options: [String: String]
    package var isDefault: Bool
}

/// What `remote add` and `remote modify` were asked for.
package struct RemoteChange: Sendable {
    package var name: String
    /// Nil: as it was.
    package var url: String?
    /// The value nil removes the option.
    package var options: [String: String?] = [:]
    package var isDefault = false
    /// Into `config.local.yaml`, which is not in Git.
    package var isLocal = false

    package init(name: String) { self.name = name }
}

/// By name.
package func listRemotes(in surroundings: Surroundings) throws -> [ConfiguredRemote] {
    let project = try Project.require(from: surroundings.workingDirectory, in: surroundings.fileSystem)
    return project.config.remotes.sorted { $0.key < $1.key }.map { name, options in
        var options = options
        let url = options.removeValue(forKey: "url") ?? ""
        return ConfiguredRemote(name: name, url: url, options: options, isDefault: name == project.usualRemote)
    }
}

/// Adds a remote to the settings; the URL and the options are checked, the network is not asked.
package func addRemote(_ change: RemoteChange, in surroundings: Surroundings) throws {
    let project = try initialisedProject(surroundings)
    guard RemoteName(change.name) != nil, !change.name.contains("/") else {
        throw OperationError.badRemoteName(change.name)
    }
    if project.config.remotes[change.name] != nil { throw OperationError.remoteExists(change.name) }
    try write(change, to: project)
}

/// Changes the URL or options of a remote.
package func modifyRemote(_ change: RemoteChange, in surroundings: Surroundings) throws {
    let project = try initialisedProject(surroundings)
    _ = try project.remoteSettings(change.name)
    try write(change, to: project)
}

/// Forgets a remote and what is known of it; what lies there stays.
package func removeRemote(_ name: String, in surroundings: Surroundings) throws {
    let project = try initialisedProject(surroundings)
    _ = try project.remoteSettings(name)
    for file in [project.configFile, project.localConfigFile] {
        try edit(file, in: project) { document in
            var document = document
            if document.root.entry("remotes")?.value.entry(name) != nil {
                document = try document.removing(["remotes", name])
            }
            if document.root.entry("remote")?.value.text == name { document = try document.removing(["remote"]) }
            return document
        }
    }
    try project.fileSystem.removeTree(project.remoteCacheFolder(name))
}

/// Makes a remote the one that is meant where none is named.
package func setDefaultRemote(_ name: String, isLocal: Bool, in surroundings: Surroundings) throws {
    let project = try initialisedProject(surroundings)
    _ = try project.remoteSettings(name)
    try edit(isLocal ? project.localConfigFile : project.configFile, in: project) {
        try $0.setting(["remote"], to: .string(name))
    }
}

private func initialisedProject(_ surroundings: Surroundings) throws -> Project {
    let found = try Project.require(from: surroundings.workingDirectory, in: surroundings.fileSystem)
    return found.isInitialised ? found : try Project.create(at: found.root, in: surroundings.fileSystem)
}

private func write(_ change: RemoteChange, to project: Project) throws {
    var options = project.config.remotes[change.name] ?? [:]
    if let url = change.url { options["url"] = url }
    for (name, value) in change.options { options[name] = value }
    var checked = options
    let url = checked.removeValue(forKey: "url") ?? ""
    _ = try RemoteSettings(url: url, options: checked, root: project.root)
    let isFirst = project.config.remotes.isEmpty
    try edit(change.isLocal ? project.localConfigFile : project.configFile, in: project) { document in
        var object = JSONObject()
        object["url"] = .string(url)
        for (name, value) in checked.sorted(by: { $0.key < $1.key }) { object[name] = .string(value) }
        var document = try document.setting(["remotes", change.name], to: .object(object), style: .block)
        if change.isDefault || isFirst { document = try document.setting(["remote"], to: .string(change.name)) }
        return document
    }
}

private func edit(
    _ file: AbsolutePath, in project: Project, _ change: (YAMLDocument) throws -> YAMLDocument
) throws {
    let name = "\(Project.folderName)/\(String(decoding: file.name, as: UTF8.self))"
    let before = try project.fileSystem.readIfPresent(file) ?? Array("version: 1\n".utf8)
    let document = try YAMLDocument(parsing: before, file: name)
    let after = try change(document).source
    if after != before { try project.fileSystem.writeAtomically(after, to: file) }
}

// MARK: Trying

package struct TestRemoteReport: Sendable {
    package var name: String
    package var label: String
    package var checks: [RemoteCheck]

    package var isPassed: Bool { checks.allSatisfy(\.isPassed) }
}

/// Tries all that a push and a fetch ask of the remote.
package func testRemote(_ name: String?, in surroundings: Surroundings) throws -> TestRemoteReport {
    let project = try Project.require(from: surroundings.workingDirectory, in: surroundings.fileSystem)
    let isDVC = try project.findRemote(name).settings.isDVC
    let (name, storage) = try project.remoteStorage(name, surroundings, cancellation: nil)
    return TestRemoteReport(name: name, label: storage.label, checks: probeRemote(storage, isDVC: isDVC))
}

/// Reads the remote's packs again, or every n-th of them, and checks every chunk.
package func verifyRemote(
    _ name: String?, everyNth step: Int, jobs: Int?, in surroundings: Surroundings, cancellation: Cancellation,
    monitor: any Monitor
) throws -> VerifyRemoteReport {
    let remote = try OpenProject(surroundings).openRemote(name, cancellation: cancellation)
    return try remote.verify(
        everyNth: step, options: TransferOptions(jobs: jobs ?? 4, cancellation: cancellation), monitor: monitor)
}

package struct MeasureRemoteReport: Sendable {
    package var name: String
    package var label: String
    package var summary: RemoteSummary
}

/// How much a remote holds.
package func measureRemote(_ name: String?, in surroundings: Surroundings, monitor: any Monitor) throws
    -> MeasureRemoteReport
{
    let opened = try OpenProject(surroundings)
    let remote = try opened.openRemote(name, cancellation: nil)
    try remote.refresh(monitor: monitor)
    let settings = try opened.project.remoteSettings(name)
    return MeasureRemoteReport(name: settings.name, label: remote.label, summary: try remote.summary())
}
