package import Files
import Workspaces

/// Reads the project's pipeline: `repro.yaml` at the root if there is one, else each `dvc.yaml`, at the root and below.
///
///     pipeline file ── YAML ──► foreach, matrix ──► ${…} ──► Stage
///                                    ▲               ▲
///                      params.yaml, vars ────────────┘
///
/// Looks only at what the files say: whether outputs clash is for `PipelineGraph`, whether files exist for the planner.
package func loadPipeline(from files: ProjectFiles) throws -> PipelineDefinition {
    var definition = PipelineDefinition()
    let optionStyle = try CommandOptionStyle(ofProject: files)
    let name = RelativePath(unchecked: Array("repro.yaml".utf8))
    if let content = try files.read(name) {
        try readPipelineFile(name, content, files, optionStyle, into: &definition)
        return definition
    }
    // Folders that stages write are not looked into: they hold data, often a lot.
    var outputs: Set<RelativePath> = []
    var pending = [(folder: RelativePath.root, ignored: IgnoreRules())]
    while let (folder, inherited) = pending.popLast() {
        let entries = files.list(folder)
        let names = Set(entries.map(\.name))
        // A project inside the project is not ours.
        if !folder.isRoot, projectFolders.contains(where: names.contains) { continue }
        var ignored = inherited
        for name in ignoreFiles where names.contains(name) {
            let place = folder.appending(name: name)
            ignored.add(try files.read(place) ?? [], at: place)
        }
        let path = folder.appending(name: pipelineFileName)
        if names.contains(pipelineFileName), let content = try files.read(path) {
            try readPipelineFile(path, content, files, optionStyle, into: &definition)
            outputs = Set(definition.stages.flatMap(\.outputs).map(\.path))
        }
        pending += subfolders(of: folder, entries)
            .filter { !outputs.contains($0) && !ignored.ignores($0, isFolder: true) }.map { ($0, ignored) }
    }
    if definition.files.isEmpty { throw PipelineLanguageError.noPipelineFile }
    return definition
}

package func loadPipeline(root: AbsolutePath) throws -> PipelineDefinition {
    try loadPipeline(from: .onDisk(root: root))
}

private let pipelineFileName = Array("dvc.yaml".utf8)

private let projectFolders = [Array(".dvc".utf8), Array(".repro".utf8)]
private let ignoreFiles = [Array(".gitignore".utf8), Array(".dvcignore".utf8)]

/// The folders to look into, in reverse order of their names, for a stack: not hidden ones, nor tracked data.
private func subfolders(of folder: RelativePath, _ entries: [ProjectFiles.Entry]) -> [RelativePath] {
    let tracked = Set(entries.filter { !$0.isFolder }.compactMap { trackedName(byPointer: $0.name) })
    return
        entries
        .filter { entry in
            entry.isFolder && entry.name.first != UInt8(ascii: ".") && !tracked.contains(entry.name)
                && !neverPipelines.contains(entry.name)
        }
        .map { folder.appending(name: $0.name) }
        .sorted(by: >)
}

/// What a file of this name says the content of: `raw` for `raw.repro` and `raw.dvc`.
private func trackedName(byPointer name: [UInt8]) -> [UInt8]? {
    for suffix in [".repro", ".dvc"] where name.suffix(suffix.utf8.count).elementsEqual(suffix.utf8) {
        return Array(name.dropLast(suffix.utf8.count))
    }
    return nil
}

/// Folders of tools, large and without a pipeline of the user's.
private let neverPipelines: Set<[UInt8]> = [
    Array("node_modules".utf8), Array("__pycache__".utf8), Array("site-packages".utf8),
]
