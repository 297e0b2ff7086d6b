package import Diagnostics
package import Files
import Git
package import Objects
import Pipelines
import Workspaces

package struct AddDataOptions: Sendable {
    /// As typed, from the working directory: files, folders, or patterns of such (`data/**/*.csv`).
    package var paths: [[UInt8]]
    /// False: only fingerprint, and keep no copy in the store.
    package var stores = true

    package init(paths: [[UInt8]]) { self.paths = paths }
}

package struct AddDataReport: Sendable {
    package struct Added: Sendable {
        package var path: RelativePath
        /// Nil if it was not tracked before.
        package var before: Fingerprint?
        package var after: Fingerprint
        package var pointer: RelativePath
    }

    package var added: [Added]
    /// `.gitignore` files that have a new line.
    package var gitIgnores: [RelativePath]
}

/// Records what files and folders hold: their content goes into the store, and a pointer file beside each into Git.
///
/// A path inside a tracked folder stands for that folder. All is checked and stored before the first pointer is written,
/// so that a failure leaves no pointer to content that is not there.
package func addData(
    _ options: AddDataOptions, in surroundings: Surroundings, monitor: any Monitor
) throws -> AddDataReport {
    let opened = try OpenProject(surroundings)
    let paths = try opened.pathsToAdd(options.paths.flatMap { try opened.pathsFitting($0) })
    let git = try GitPlan(opened, paths)
    let fingerprints: [Fingerprint]
    if options.stores {
        fingerprints = try opened.workspace.keep(paths, monitor: monitor)
    } else {
        fingerprints = try paths.map { path in
            guard let fingerprint = try opened.workspace.fingerprint(path) else { throw WorkspaceError.missing(path) }
            return fingerprint
        }
    }
    var report = AddDataReport(added: [], gitIgnores: [])
    for (path, fingerprint) in zip(paths, fingerprints) {
        let former = try? opened.workspace.pointer(of: path)
        let before = former?.fingerprint
        // Changed by hand, it is no more what was imported.
        let source = before == fingerprint ? former?.source : nil
        let pointer = PointerFile(path: path, fingerprint: fingerprint, isStored: options.stores, source: source)
        try opened.workspace.write(pointer)
        report.added.append(
            AddDataReport.Added(path: path, before: before, after: fingerprint, pointer: pointer.place))
    }
    report.gitIgnores = try git.ignore(paths, in: opened.workspace)
    return report
}

extension OpenProject {
    /// The paths to add, each once, in byte order; refuses those that something else looks after.
    func pathsToAdd(_ asked: [RelativePath]) throws -> [RelativePath] {
        let pointers = try workspace.pointerFiles().pointers.map(\.path)
        let outputs = try stageOutputs()
        var paths: Set<RelativePath> = []
        for asked in asked {
            if asked.isRoot { throw DataError.wholeProject }
            if asked.components.contains(where: { reservedNames.contains(Array($0)) }) {
                throw DataError.notData(asked)
            }
            let path = pointers.first { asked.isAtOrBelow($0) } ?? asked
            if let inner = pointers.first(where: { $0 != path && $0.isAtOrBelow(path) }) {
                throw DataError.containsTracked(path, tracked: inner)
            }
            try refuseIgnored(path)
            for (stage, output) in outputs where path.isAtOrBelow(output) || output.isAtOrBelow(path) {
                throw DataError.isOutput(path, stage: stage, output: output)
            }
            paths.insert(path)
        }
        var chosen: [RelativePath] = []
        // A folder comes before what lies in it.
        for path in paths.sorted() where !chosen.contains(where: { path.isAtOrBelow($0) }) { chosen.append(path) }
        return chosen
    }

    /// A path that is tracked already was named by somebody, whatever ignore files say of it now.
    private func refuseIgnored(_ path: RelativePath) throws {
        // One that is damaged counts: adding again heals it.
        if try project.fileSystem.status(of: project.root.appending(PointerFile.place(for: path))) != nil { return }
        let status = try project.fileSystem.statusFollowingLinks(of: project.root.appending(path))
        if let rule = try workspace.ignoringRule(of: path, isFolder: status?.kind == .folder) {
            throw DataError.isIgnored(path, rule.location)
        }
    }

    private func stageOutputs() throws -> [(stage: String, path: RelativePath)] {
        do {
            return try loadPipeline(from: .onDisk(root: project.root)).stages.flatMap { stage in
                stage.outputs.map { (stage.name.text, $0.path) }
            }
        } catch PipelineLanguageError.noPipelineFile {
            return []
        }
    }
}

/// Parts of a path that is never data.
private let reservedNames = Set([Project.folderName, ".git", ".dvc"].map { Array($0.utf8) })
