package import Files
package import Objects

/// What each stage of the workspace last read and wrote: the content of `repro.lock`.
///
/// `docs/formats/lock-file.md` describes the text. It belongs in Git, so it holds no times and no host names, and its
/// stages stand in byte order.
package struct LockFile: Sendable, Equatable {
    package var stages: [StageName: LockedStage]

    package init(stages: [StageName: LockedStage] = [:]) { self.stages = stages }

    /// Of all files and folders that it names, each once.
    package var paths: [RelativePath] {
        var seen = Set<RelativePath>(minimumCapacity: 2 * stages.count)
        var paths: [RelativePath] = []
        for stage in stages.values {
            for file in stage.inputs.dependencies where seen.insert(file.path).inserted { paths.append(file.path) }
            for file in stage.outputs where seen.insert(file.path).inserted { paths.append(file.path) }
        }
        return paths
    }

    package static let name = RelativePath(unchecked: Array("repro.lock".utf8))
}

/// One stage's last execution.
package struct LockedStage: Sendable, Equatable {
    package var inputs: StageInputs
    /// In path order.
    package var outputs: [LockedOutput]

    package init(inputs: StageInputs, outputs: [LockedOutput]) {
        self.inputs = inputs
        self.outputs = outputs.sorted { $0.path < $1.path }
    }
}

/// An out and what the stage left in it.
package struct LockedOutput: Sendable, Equatable {
    package var path: RelativePath
    package var fingerprint: Fingerprint

    package init(path: RelativePath, fingerprint: Fingerprint) {
        self.path = path
        self.fingerprint = fingerprint
    }
}
