package import Files
package import Hashing
package import Objects
package import Workspaces

/// All that a plan which found nothing to do was made from: the names of what was looked at, and digests over what was
/// seen there.
///
/// A plan depends on content alone. So if all that has these names holds the same once more, whenever and however it came
/// to, the same plan would be made from it; and whether it does is asked of those whom the planner asks, so that no more is
/// believed here than there.
package struct PlanEvidence: Sendable, Equatable {
    /// Read whole: pipeline files, params, metrics, ignore files, the lock file; and those that were looked for in vain.
    package var files: [RelativePath]
    /// Listed, in search of pipeline files.
    package var folders: [RelativePath]
    /// Of the environment.
    package var variables: [String]
    /// Deps and outs.
    package var contents: [RelativePath]
    /// Of all but the contents.
    package var readingDigest: XXH3Digest
    package var contentDigest: XXH3Digest

    package init(
        files: [RelativePath], folders: [RelativePath], variables: [String], contents: [RelativePath],
        readingDigest: XXH3Digest, contentDigest: XXH3Digest
    ) {
        self.files = files
        self.folders = folders
        self.variables = variables
        self.contents = contents
        self.readingDigest = readingDigest
        self.contentDigest = contentDigest
    }

    /// What `plan` was made from; nil if it cannot be told for certain, or if a look at the same would not be enough.
    ///
    /// - `records`: of the plan's stages, in its order, all of them skipped.
    /// - `lock`: as it was when the plan was made.
    package init?(
        of plan: PipelinePlan, _ records: [StageRecord], readings: ProjectReadings, lock: LockFileStore
    ) {
        // What DVC left has a say about stages that the lock file does not know.
        let locked = lock.current.stages
        guard let lockDigest = lock.contentDigest, plan.steps.allSatisfy({ locked[$0.stage.name] != nil }) else {
            return nil
        }
        readings.note(lockDigest, of: LockFile.name)
        guard let read = readings.all() else { return nil }
        var variables: [String: SHA256Digest?] = [:]
        var contents: [RelativePath: Fingerprint] = [:]
        for (step, record) in zip(plan.steps, records) {
            // An out that could not be read is left out of the record.
            guard step.action.isSettled, record.state == .skipped,
                Set(record.outputs.map(\.path)) == Set(step.stage.outputs.map(\.path))
            else { return nil }
            let inherited = Set(step.stage.environment.filter { $0.value == nil }.map(\.name))
            for variable in step.inputs?.environment ?? [] where inherited.contains(variable.name) {
                variables.updateValue(variable.valueHash, forKey: variable.name)
            }
            let seen =
                (step.inputs?.dependencies ?? []).map { ($0.path, $0.fingerprint) }
                + record.outputs.map { ($0.path, $0.fingerprint) }
            for (path, fingerprint) in seen {
                if let earlier = contents.updateValue(fingerprint, forKey: path), earlier != fingerprint { return nil }
            }
        }
        files = read.files.keys.sorted()
        folders = read.folders.keys.sorted()
        self.variables = variables.keys.sorted()
        self.contents = contents.keys.sorted()
        var reading = EvidenceDigest()
        for path in files { reading.add((read.files[path] ?? nil)?.bytes) }
        for path in folders { reading.add(read.folders[path]?.bytes) }
        for name in self.variables { reading.add((variables[name] ?? nil)?.bytes) }
        readingDigest = reading.value
        var content = EvidenceDigest()
        for path in self.contents { content.add(contents[path]) }
        contentDigest = content.value
    }

    /// Whether all of it is as it was. What the workspace holds is put into `seen`, as far as it was looked at: another
    /// plan need not look again.
    package func holds(
        in workspace: Workspace, files project: ProjectFiles, environment: [String: String],
        seen: inout [RelativePath: Fingerprint]
    ) -> Bool {
        var reading = EvidenceDigest()
        do {
            for path in files { reading.add(try project.read(path).map { XXH3.hash($0).bytes }) }
        } catch {
            return false
        }
        for path in folders { reading.add(listingDigest(project.list(path)).bytes) }
        for name in variables { reading.add(variableHash(environment[name])?.bytes) }
        if reading.value != readingDigest { return false }
        seen = workspace.unchangedFiles(contents)
        var content = EvidenceDigest()
        for path in contents {
            // A path that cannot be looked at is the full plan's to complain of.
            guard let fingerprint = seen[path] ?? (try? workspace.fingerprint(path)) else { return false }
            seen[path] = fingerprint
            content.add(fingerprint)
        }
        return content.value == contentDigest
    }
}

/// A digest over values in a fixed order, each with its length, so that no two series are written alike.
private struct EvidenceDigest {
    private var bytes: [UInt8] = []

    var value: XXH3Digest { XXH3.hash(bytes) }

    /// Nil: there was nothing.
    mutating func add(_ value: [UInt8]?) {
        bytes.append(UInt8(value?.count ?? 255))
        bytes += value ?? []
    }

    mutating func add(_ fingerprint: Fingerprint?) {
        guard let fingerprint else { return add(nil as [UInt8]?) }
        switch fingerprint.kind {
        case .file(let isExecutable): add(number: isExecutable ? 1 : 0)
        case .folder(let fileCount):
            add(number: 2)
            add(number: UInt64(fileCount))
        }
        bytes += fingerprint.digest.id.hash.bytes
        bytes += fingerprint.digest.sha256.bytes
        add(number: fingerprint.digest.sizeBytes)
        add(number: fingerprint.contentBytes)
    }

    private mutating func add(number: UInt64) { withUnsafeBytes(of: number.bigEndian) { bytes += $0 } }
}
