package import Diagnostics
import Files
import Objects
import Remotes
package import Threads
import Workspaces

package struct ImportAddressOptions: Sendable {
    /// A URL, or a path from the working directory.
    package var address: [UInt8]
    /// As typed; nil: the last name of the address.
    package var target: [UInt8]?
    /// Also where that replaces what is there.
    package var isForced = false

    package init(address: [UInt8]) { self.address = address }
}

/// Tracks a copy of a file on the web or in a bucket, or of a file or folder on this machine, and remembers where it is
/// from, so that `updateImports` can look there again.
package func importAddress(
    _ options: ImportAddressOptions, in surroundings: Surroundings, cancellation: Cancellation? = nil,
    monitor: any Monitor
) throws -> ImportedData {
    let opened = try OpenProject(surroundings)
    let address = try ImportAddress(options.address, from: surroundings.workingDirectory, in: opened)
    let target = try ImportTarget(
        options.target, name: address.name, source: address.text, isForced: options.isForced, in: opened)
    let reader = AddressReader(opened: opened, cancellation: cancellation, monitor: monitor)
    guard let found = try reader.read(address, unless: nil) else { throw ImportError.nothingAt(address.text) }
    return try target.finish(found.fingerprint, found.source, monitor)
}

/// What a user typed, or a pointer file says, as a place to import from.
struct ImportAddress {
    enum Place {
        case file(ForeignFile)
        case local(AbsolutePath)
    }

    let place: Place
    /// As a pointer file has it: a relative path is taken from the project.
    let text: String
    let name: [UInt8]?

    init(_ typed: [UInt8], from folder: AbsolutePath, in opened: OpenProject) throws {
        let shown = String(decoding: typed, as: UTF8.self)
        if typed.isEmpty { throw PathError.empty }
        if let file = try ForeignFile(shown) {
            (place, text, name) = (.file(file), shown, file.name)
            return
        }
        var path = typed
        let prefix = Array("file://".utf8)
        if typed.starts(with: prefix) {
            path = Array(typed.dropFirst(prefix.count))
        } else if shown.contains("://") {
            throw ForeignError.notAnAddress(shown, reason: "URLs of this kind cannot be read")
        }
        guard String(validating: path, as: UTF8.self) != nil else {
            throw ForeignError.notAnAddress(shown, reason: "a pointer file can hold only names that are UTF-8")
        }
        let absolute = AbsolutePath(bytes: path, relativeTo: folder)
        place = .local(absolute)
        name = absolute.name.isEmpty ? nil : absolute.name
        text =
            path.first == UInt8(ascii: "/")
            ? absolute.description : pathText(of: absolute, from: opened.project.root)
    }
}

/// `../other/data`: how a path is spelled from a folder.
func pathText(of path: AbsolutePath, from folder: AbsolutePath) -> String {
    var up = 0
    var base = folder
    while path.relative(to: base) == nil, let parent = base.parent {
        base = parent
        up += 1
    }
    let below = path.relative(to: base) ?? .root
    let steps = Array(repeating: "..", count: up) + (below.isRoot ? [] : [below.description])
    return steps.isEmpty ? "." : steps.joined(separator: "/")
}

/// Brings what is at an address into the store.
struct AddressReader {
    let opened: OpenProject
    let cancellation: Cancellation?
    let monitor: any Monitor

    /// Nil if it still has the version `known`.
    func read(
        _ address: ImportAddress, unless known: ForeignVersion?
    ) throws -> (fingerprint: Fingerprint, source: DataSource)? {
        switch address.place {
        case .local(let path):
            return (try readLocal(path, address.text), .address(address.text, etag: nil, modified: nil))
        case .file(let file):
            let scratch = try ScratchFolder(in: opened.project.temporaryFolder, fileSystem: opened.project.fileSystem)
            let path = scratch.nextPath()
            let home = opened.surroundings.environment["HOME"].map { AbsolutePath($0) } ?? .fileSystemRoot
            let machine = RemoteMachine(
                variables: opened.surroundings.environment, home: home, fileSystem: opened.project.fileSystem,
                clock: opened.surroundings.clock, cancellation: cancellation)
            guard let version = try file.fetch(to: path, unless: known, in: machine, monitor: monitor) else {
                return nil
            }
            let digest = try opened.store.put(file: path)
            let fingerprint = Fingerprint(
                kind: .file(isExecutable: false), digest: digest, contentBytes: digest.sizeBytes)
            return (fingerprint, .address(address.text, etag: version.etag, modified: version.modified))
        }
    }

    /// A file or folder on this machine, read as if its folder were a project.
    private func readLocal(_ path: AbsolutePath, _ shown: String) throws -> Fingerprint {
        guard try opened.project.fileSystem.statusFollowingLinks(of: path) != nil, let folder = path.parent else {
            throw ImportError.nothingAt(shown)
        }
        if path.relative(to: opened.project.root) == .root || opened.project.root.relative(to: path) != nil {
            throw DataError.wholeProject
        }
        return try opened.keep([RelativePath(unchecked: path.name)], of: folder, monitor)
    }
}

extension OpenProject {
    /// Puts files of another folder into our store, in one folder's place: what they hold together.
    func keep(_ paths: [RelativePath], of folder: AbsolutePath, _ monitor: any Monitor) throws -> Fingerprint {
        let other = Workspace(project: try Project(root: folder, in: project.fileSystem), store: store)
        let kept = try other.keep(paths, monitor: monitor)
        guard let fingerprint = kept.first else { preconditionFailure("one fingerprint for each path") }
        return fingerprint
    }
}
