import Experiments
import Files
import JSON
import Pipelines
import Threads
import Workspaces

/// A run that is known to be possible: the pipeline is read, the params are edited in memory, the plan is made.
struct PreparedRun {
    let pipeline: LoadedPipeline
    let parts: PipelineParts
    let plan: PipelinePlan
    /// Params files with the overrides in them, not written yet.
    private let editedFiles: [(file: RelativePath, content: [UInt8])]
    private let opened: OpenProject
    private let options: RunPipelineOptions
    private let belief: DVCBelief
    private let results: RemoteResults?

    /// - `belief`: what is done about what DVC left.
    /// - `results`: where to look for what is not here.
    /// - `troubles`: for a plan that is only looked at.
    /// - `memory`: notes what is read, and has looked at some of it.
    init(
        _ opened: OpenProject, _ options: RunPipelineOptions, belief: DVCBelief, results: RemoteResults? = nil,
        troubles: PipelineParts.Troubles = .thrown, memory: UpToDateMemory? = nil
    ) throws {
        self.opened = opened
        self.options = options
        let onDisk = ProjectFiles.onDisk(root: opened.project.root)
        editedFiles = try edited(
            options.overrides.map { try ParamOverride(parsing: $0) }, in: onDisk, defaultFile: paramsFile)
        let shown = onDisk.showing(editedFiles)
        let files = memory?.readings.noting(shown) ?? shown
        let remembered = memory?.seen ?? [:]
        // Both take their time where there are a thousand stages: the second reads the lock file, and looks at the
        // files that it names.
        let (pipeline, (read, seen)) = try concurrently(
            { try LoadedPipeline(files) },
            {
                let parts = try opened.pipelineParts(files: files)
                let paths = parts.lock.current.paths.filter { remembered[$0] == nil }
                return (parts, parts.workspace.unchangedFiles(paths).merging(remembered) { first, _ in first })
            })
        var parts = read
        parts.results = results
        self.pipeline = pipeline
        self.parts = parts
        self.results = results
        let folder = opened.surroundings.workingDirectory.relative(to: opened.project.root) ?? .root
        let order = try pipeline.select(options.targets, options.scope, from: folder)
        let isForced = options.isForced
        self.belief = belief
        let graph = pipeline.graph
        try results?.bringInputs(of: order.map { graph.stages[$0] }, in: graph)
        let known = try parts.believeDVC(order.map { graph.stages[$0] }, belief)
        plan = try parts.plan(
            pipeline.steps(order), known: known, seen: seen, troubles: troubles, isForced: { _ in isForced })
    }

    /// Writes the overrides into the params files, and plans again if that changed any: a params file may be a dep.
    func applied() throws -> PreparedRun {
        if editedFiles.isEmpty { return self }
        for (file, content) in editedFiles {
            try opened.project.fileSystem.writeAtomically(content, to: opened.project.root.appending(file))
        }
        var remaining = options
        remaining.overrides = []
        return try PreparedRun(opened, remaining, belief: belief, results: results)
    }

    /// Throws if a stage would run, or may have to.
    func refuseToRun() throws {
        let stages = plan.steps.filter { step in
            switch step.action {
            case .skip, .frozen, .restore: false
            case .run, .waits: true
            }
        }
        if !stages.isEmpty { throw OperationError.wouldRun(stages: stages.map(\.stage.name.text)) }
    }

    /// Every param that the run's stages read, each once, by the name that people use: the key, after `file:` unless
    /// the file is params.yaml.
    func params() throws -> [Param] {
        var seen: Set<String> = []
        var params: [Param] = []
        for step in plan.steps {
            for (file, values) in try parts.params.read(step.stage.params).sorted(by: { $0.key < $1.key }) {
                for value in values {
                    let name = paramName(file: file, key: value.key)
                    if seen.insert(name).inserted { params.append(Param(key: name, value: value.value)) }
                }
            }
        }
        return params
    }
}

/// Where params are that are named without a file.
let paramsFile = RelativePath(unchecked: Array("params.yaml".utf8))

/// `train.dim`, or `other.yaml:train.dim` for a file that is not params.yaml.
func paramName(file: RelativePath, key: String) -> String {
    file == paramsFile ? key : "\(file):\(key)"
}
