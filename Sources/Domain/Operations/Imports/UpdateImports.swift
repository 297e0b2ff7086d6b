package import Diagnostics
import Files
import Objects
import Pipelines
import Remotes
package import Threads
import Workspaces

package struct UpdateImportsOptions: Sendable {
    /// As typed: imported data or its pointer files; empty for all imports.
    package var paths: [[UInt8]] = []
    /// What to follow from now on, in the repository that the data is from.
    package var revision: String?
    package var isDryRun = false
    /// Also where that overwrites what is saved nowhere.
    package var isForced = false

    package init() {}
}

package struct UpdateImportsReport: Sendable {
    /// Imports that were looked at; `before` and `after` are the same for one that has not changed. After a dry run the
    /// workspace is as it was.
    package var imports: [ImportedData]
    package var failures: [any UserFacingError]
}

/// Looks again where imported data is from, and takes what is there now. One import that cannot be had does not stop
/// the others.
package func updateImports(
    _ options: UpdateImportsOptions, in surroundings: Surroundings, cancellation: Cancellation? = nil,
    monitor: any Monitor
) throws -> UpdateImportsReport {
    let opened = try OpenProject(surroundings)
    let updater = ImportUpdater(opened: opened, options: options, cancellation: cancellation, monitor: monitor)
    var report = UpdateImportsReport(imports: [], failures: [])
    for pointer in try updater.pointers() {
        do {
            report.imports.append(try updater.update(pointer))
        } catch let error as any UserFacingError {
            if error.kind == .interrupted { throw error }
            report.failures.append(error)
        }
    }
    return report
}

private struct ImportUpdater {
    let opened: OpenProject
    let options: UpdateImportsOptions
    let cancellation: Cancellation?
    let monitor: any Monitor

    func pointers() throws -> [PointerFile] {
        if options.paths.isEmpty { return try opened.workspace.pointerFiles().pointers.filter { $0.source != nil } }
        return try options.paths.map { text in
            let path = try opened.dataPath(text)
            guard let pointer = try opened.workspace.pointer(of: path) ?? importOfDVC(at: path) else {
                throw try opened.notTracked(path)
            }
            if pointer.source == nil { throw ImportError.notImported(path) }
            return pointer
        }
    }

    /// An import that only DVC has recorded becomes ours with its first update: DVC's file stays as it is.
    private func importOfDVC(at path: RelativePath) throws -> PointerFile? {
        let dvc = try DVCData(opened, besides: [])
        let subject = DVCPointer.subject(of: path) ?? path
        guard let tracked = dvc.tracked.first(where: { $0.path == subject && $0.stage == nil }) else { return nil }
        guard let source = tracked.dataSource(in: opened.project.root) else { throw ImportError.notImported(subject) }
        let fingerprint = try dvc.take(tracked, below: .root, monitor: monitor)
        return PointerFile(path: subject, fingerprint: fingerprint, source: source)
    }

    func update(_ pointer: PointerFile) throws -> ImportedData {
        let (fingerprint, source) = try newest(pointer)
        var result = ImportedData(
            path: pointer.path, before: pointer.fingerprint, after: fingerprint, pointer: pointer.place, source: source)
        if options.isDryRun { return result }
        // It was DVC's until now.
        let isNew = try opened.workspace.pointer(of: pointer.path) == nil
        let git = isNew ? try GitPlan(opened, [pointer.path]) : nil
        if isNew { result.before = nil }
        // Also where the data has not changed: it may be missing here.
        try opened.workspace.place(
            Tree.Content(fingerprint), at: pointer.path, unsaved: options.isForced ? .overwrite : .refuse,
            monitor: monitor)
        var pointer = pointer
        (pointer.fingerprint, pointer.source) = (fingerprint, source)
        try opened.workspace.write(pointer)
        result.gitIgnores = try git?.ignore([pointer.path], in: opened.workspace) ?? []
        result.source = source
        return result
    }

    private func newest(_ pointer: PointerFile) throws -> (Fingerprint, DataSource) {
        switch pointer.source {
        case nil: throw ImportError.notImported(pointer.path)
        case .address(let text, let etag, let modified):
            if options.revision != nil { throw ImportError.noRevisions(pointer.path) }
            let address = try ImportAddress(Array(text.utf8), from: opened.project.root, in: opened)
            let known = ForeignVersion(etag: etag, modified: modified)
            let isHere = try opened.workspace.isKept(pointer.fingerprint)
            let reader = AddressReader(opened: opened, cancellation: cancellation, monitor: monitor)
            guard let found = try reader.read(address, unless: isHere ? known : nil) else {
                return (pointer.fingerprint, .address(text, etag: etag, modified: modified))
            }
            return (found.fingerprint, found.source)
        case .repository(var source):
            let repository = try SourceRepository(
                Array(source.repository.utf8), from: opened.project.root, in: opened, cancellation, monitor)
            let revision = options.revision ?? source.revision
            let commit = try repository.commit(named: revision)
            let isHere = try opened.workspace.isKept(pointer.fingerprint)
            let isSame = commit != nil && commit == source.commit && isHere
            (source.revision, source.commit) = (revision, commit)
            if isSame { return (pointer.fingerprint, .repository(source)) }
            return (try repository.bring(source.path, at: commit), .repository(source))
        }
    }
}
