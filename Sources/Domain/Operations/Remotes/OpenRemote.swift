import Diagnostics
import Files
import Pipelines
import Remotes
import Threads
import Workspaces

extension OpenProject {
    /// The remote of this name, or the default one.
    func openRemote(
        _ name: String?, bytesPerSecond: Int? = nil, cancellation: Cancellation?
    ) throws -> Remote {
        let found = try home.findRemote(name)
        if found.settings.isDVC { throw OperationError.remoteIsDVC(found.name) }
        let (name, unlimited) = try home.remoteStorage(name, surroundings, cancellation: cancellation)
        var storage = unlimited
        if let bytesPerSecond {
            storage = RateLimitedStorage(unlimited, bytesPerSecond: bytesPerSecond, cancellation: cancellation)
        }
        return Remote(
            storage: storage, cache: home.remoteCacheFolder(name), in: home.fileSystem,
            host: surroundings.hostName)
    }
}

extension Project {
    /// For what is known of a remote without asking it; may be deleted.
    func remoteCacheFolder(_ name: String) -> AbsolutePath {
        folder.appending("remotes").appending(RelativePath(unchecked: Array(name.utf8)))
    }

    /// The settings of the remote of this name, or of the default one, checked.
    func remoteSettings(_ name: String?) throws -> (name: String, settings: RemoteSettings) {
        let found = try findRemote(name)
        return (found.name, found.settings)
    }

    /// A remote of ours; else, one of those that `.dvc/config` names, with the environment that its keys stand for.
    func findRemote(
        _ name: String?
    ) throws -> (name: String, settings: RemoteSettings, variables: [String: String]) {
        if let name = name ?? usualRemote, var options = config.remotes[name] {
            let url = options.removeValue(forKey: "url") ?? ""
            return (name, try RemoteSettings(url: url, options: options, root: root), [:])
        }
        let dvc = try DVCConfig(ofProject: root, fileSystem: fileSystem)
        if usualRemote == nil || name != nil, let found = try DVCRemoteSettings(name, in: dvc, root: root) {
            return (found.name, found.settings, found.variables)
        }
        guard let name = name ?? usualRemote else { throw OperationError.noRemote }
        let nearest = nearestName(to: name, among: config.remotes.keys.sorted() + dvc.remotes)
        throw OperationError.unknownRemote(name: name, nearest: nearest)
    }

    func remoteStorage(
        _ name: String?, _ surroundings: Surroundings, cancellation: Cancellation?
    ) throws -> (name: String, storage: any RemoteStorage) {
        let (name, settings, variables) = try findRemote(name)
        let home = surroundings.environment["HOME"].map { AbsolutePath($0) } ?? .fileSystemRoot
        let machine = RemoteMachine(
            variables: surroundings.environment.merging(variables) { _, ofRemote in ofRemote }, home: home,
            fileSystem: fileSystem, clock: surroundings.clock,
            cancellation: cancellation)
        return (name, try settings.makeStorage(in: machine))
    }

    /// The one that is set, or the only one there is.
    package var usualRemote: String? {
        config.defaultRemote ?? (config.remotes.count == 1 ? config.remotes.keys.first : nil)
    }
}
