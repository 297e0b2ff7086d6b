import Diagnostics
package import Files
import Hashing
package import Objects
import Workspaces
import YAML

/// How a project that was run by DVC goes on with us: what its `dvc.lock` claims is checked once, by DVC's MD5, and from
/// then on our own lock file speaks.
///
/// ```
///   dvc.lock entry ── same commands, params, MD5 of deps? ──► MD5 of outs, or DVC's cache ──► our lock file's entry
/// ```
extension PipelineParts {
    /// Takes over the `dvc.lock` entries of those `stages` that our lock file does not know, where they are true. The
    /// stages come in running order. Answers what DVC tracks or made, and the workspace lacks: it is in the store now.
    ///
    /// Does nothing, and opens nothing, where our lock file knows all stages.
    package func believeDVC(_ stages: [Stage], _ mode: DVCBelief) throws -> [RelativePath: Fingerprint] {
        let keepsLock = project.config.keepsDVCLock
        let locked = lock.current.stages
        guard keepsLock || stages.contains(where: { locked[$0.name] == nil }),
            try project.fileSystem.statusFollowingLinks(of: project.root.appending(".dvc")) != nil
        else { return [:] }
        var believer = try DVCBeliever(parts: self, mode: mode)
        return try believer.believe(stages)
    }
}

extension PipelineParts {
    /// With `lock: dvc` in the config, tells DVC what the stages of a run did.
    package func updateDVCLock(_ plan: PipelinePlan, _ records: [StageRecord]) throws {
        if !project.config.keepsDVCLock { return }
        let done = Set(records.filter { $0.error == nil && ($0.state == .ran || $0.state == .cached) }.map(\.stage))
        try DVCLockWriter(parts: refreshed()).write(plan.steps.map(\.stage).filter { done.contains($0.name) })
    }
}

/// How far believing DVC goes.
package enum DVCBelief: Sendable {
    /// The workspace stays as it is, and what it has of outs is not put into the store.
    case look
    /// The outs are kept, and tracked data that is missing is put where it belongs.
    case take
}

private struct DVCBeliever {
    let parts: PipelineParts
    let mode: DVCBelief
    let hasher: DVCHasher
    let cache: DVCCache
    /// Nil: there is none.
    private var lockFiles: [RelativePath: DVCLockFile?] = [:]
    /// What is absent from the workspace, but known, by path.
    private var absent: [RelativePath: (content: DVCContent, fingerprint: Fingerprint)] = [:]

    init(parts: PipelineParts, mode: DVCBelief) throws {
        self.parts = parts
        self.mode = mode
        hasher = DVCHasher(root: parts.project.root, fileSystem: parts.project.fileSystem)
        cache = try DVCCache(ofProject: parts.project.root, fileSystem: parts.project.fileSystem)
    }

    mutating func believe(_ stages: [Stage]) throws -> [RelativePath: Fingerprint] {
        var produced = PathSet()
        for stage in stages {
            for dependency in stage.dependencies where !produced.overlaps(dependency.path) {
                try findTracked(dependency.path)
            }
            for output in stage.outputs { produced.insert(output.path) }
            if needsBelief(stage) { try believe(stage) }
        }
        return absent.mapValues(\.fingerprint)
    }

    /// Whether our lock file has no say about the stage; with `lock: dvc`, a colleague's DVC may have had the last word.
    private func needsBelief(_ stage: Stage) -> Bool {
        guard let locked = parts.lock.current.stages[stage.name] else { return true }
        guard parts.project.config.keepsDVCLock, !stage.isFrozen else { return false }
        return locked.inputs != (try? parts.readInputs(of: stage, predicted: absent.mapValues(\.fingerprint)))
    }

    // MARK: One stage

    private mutating func believe(_ stage: Stage) throws {
        guard let entry = try entry(of: stage), entry.commands == stage.commands, paramsHold(stage, entry) else {
            return
        }
        for dependency in stage.dependencies {
            guard let claimed = entry.dependencies[dependency.path] else { return }
            try findInsideAbsent(dependency.path)
            let holds = try absent[dependency.path].map { $0.content == claimed.content } ?? hasher.holds(claimed)
            if !holds { return }
        }
        var outputs: [LockedOutput] = []
        var missing: [RelativePath: (DVCContent, Fingerprint)] = [:]
        for output in stage.outputs {
            guard let claimed = entry.outputs[output.path] else { return }
            if try hasher.holds(claimed), let fingerprint = try fingerprint(of: output) {
                outputs.append(LockedOutput(path: output.path, fingerprint: fingerprint))
            } else if let fingerprint = try cache.take(claimed, into: parts.store) {
                outputs.append(LockedOutput(path: output.path, fingerprint: fingerprint))
                missing[output.path] = (claimed.content, fingerprint)
            } else {
                return
            }
        }
        for (path, known) in missing { absent[path] = known }
        let inputs = try parts.readInputs(of: stage, predicted: absent.mapValues(\.fingerprint))
        let locked = LockedStage(inputs: inputs, outputs: outputs)
        if mode == .take, missing.isEmpty {
            try parts.keepResult(locked, of: stage, log: nil, startedAt: parts.clock.now())
        } else {
            parts.lock.update(stage.name, to: locked)
        }
    }

    private func fingerprint(of output: Output) throws -> Fingerprint? {
        mode == .take && output.isKept
            ? try parts.workspace.keep(output.path) : try parts.workspace.fingerprint(output.path)
    }

    private func paramsHold(_ stage: Stage, _ entry: DVCLockFile.Entry) -> Bool {
        // That params cannot be read is for the planner to say.
        guard let params = try? parts.params.read(stage.params) else { return false }
        for (file, values) in params {
            let claimed = entry.params[file] ?? [:]
            for value in values {
                guard let was = claimed[value.key], was.equalsInPython(value.value) else { return false }
            }
        }
        return true
    }

    private mutating func entry(of stage: Stage) throws -> DVCLockFile.Entry? {
        let pipelineFile = try RelativePath(parsing: stage.location.file)
        let path = DVCLockFile.path(beside: pipelineFile)
        if lockFiles[path] == nil {
            let content = try parts.project.fileSystem.readIfPresent(parts.project.root.appending(path))
            lockFiles.updateValue(try content.map { try DVCLockFile(parsing: $0, file: path) }, forKey: path)
        }
        let lockFile = lockFiles[path] ?? nil
        return lockFile?.entry(
            DVCLockFile.name(of: stage, in: pipelineFile), workingDirectory: stage.workingDirectory)
    }

    // MARK: Data that a .dvc file tracks

    /// If the workspace lacks `path`, and a `.dvc` file tracks it or a folder above it, takes it from DVC's cache.
    private mutating func findTracked(_ path: RelativePath) throws {
        let (files, root) = (parts.project.fileSystem, parts.project.root)
        if absent[path] != nil { return }
        if try files.statusFollowingLinks(of: root.appending(path)) != nil { return }
        var candidate: RelativePath? = path
        while let tracked = candidate, !tracked.isRoot {
            candidate = tracked.parent
            let pointer = RelativePath(unchecked: tracked.bytes + Array(".dvc".utf8))
            guard let content = try files.readIfPresent(root.appending(pointer)) else { continue }
            let node = try YAMLDocument(parsing: content, file: pointer.description).root
            let folder = try RelativePath(
                parsing: node["wdir"]?.text ?? ".", relativeTo: tracked.parent ?? .root)
            let outs = (node["outs"]?.items ?? []).compactMap { DVCFile($0, relativeTo: folder) }
            guard let out = outs.first(where: { path.isAtOrBelow($0.path) }),
                let fingerprint = try cache.take(out, into: parts.store)
            else { return }
            if mode == .take {
                try parts.workspace.place(fingerprint, at: out.path)
                return
            }
            absent[out.path] = (out.content, fingerprint)
            try findInsideAbsent(path)
            return
        }
    }

    /// So that a dep inside an absent folder is known too.
    private mutating func findInsideAbsent(_ path: RelativePath) throws {
        var folder = path.parent
        while let candidate = folder, !candidate.isRoot {
            folder = candidate.parent
            guard let known = absent[candidate], let below = path.relative(to: candidate),
                let content = try cache.content(of: below, in: known.content),
                let fingerprint = try parts.store.fingerprint(of: below, in: known.fingerprint)
            else { continue }
            absent[path] = (content, fingerprint)
            return
        }
    }
}

extension ObjectStore {
    /// What a path in a folder holds; nil if there is no such path, or if it is a symbolic link.
    fileprivate func fingerprint(of path: RelativePath, in folder: Fingerprint) throws -> Fingerprint? {
        var found = folder
        for name in path.components {
            guard case .folder = found.kind,
                let entry = try readTree(found.digest).entries.first(where: { $0.name.elementsEqual(name) })
            else { return nil }
            switch entry.content {
            case .file(let digest, let isExecutable):
                found = Fingerprint(
                    kind: .file(isExecutable: isExecutable), digest: digest, contentBytes: digest.sizeBytes)
            case .folder(let tree, let fileCount, let contentBytes):
                found = Fingerprint(kind: .folder(fileCount: fileCount), digest: tree, contentBytes: contentBytes)
            case .symbolicLink: return nil
            }
        }
        return found
    }
}
