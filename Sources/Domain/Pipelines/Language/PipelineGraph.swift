import Diagnostics
package import Files

/// Which stage waits for which: an edge from a stage that writes a path to each stage that reads it, a folder above it
/// or something inside it. Stages are named by their index in `stages`.
///
/// Making it checks what only all stages together show: outputs that clash, stages that wait for each other. Takes time
/// linear in stages and paths, times the depth of a path.
package struct PipelineGraph: Sendable {
    package let stages: [Stage]
    /// For each stage, those it waits for and those that wait for it, in order of index.
    package let upstream: [[Int]]
    package let downstream: [[Int]]
    /// All stages, each after those it waits for; else in the order of the files.
    package let order: [Int]
    private let indices: [StageName: Int]
    private let producers: OutputMap

    package init(_ stages: [Stage]) throws {
        self.stages = stages
        self.producers = try OutputMap(stages)
        var upstream: [[Int]] = []
        var downstream = [[Int]](repeating: [], count: stages.count)
        for (index, stage) in stages.enumerated() {
            let sources = try producers.sources(of: stage, at: index)
            upstream.append(sources)
            for source in sources { downstream[source].append(index) }
        }
        self.upstream = upstream
        self.downstream = downstream
        self.order = try sortedByWaiting(stages, upstream)
        self.indices = Dictionary(stages.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
    }

    package func index(of name: StageName) -> Int? { indices[name] }

    /// The stage that writes a path, or a folder above it.
    package func producer(of path: RelativePath) -> Int? { producers.writer(of: path)?.stage }

    /// The stages that must be done before one of `targets`, and the targets, in running order.
    package func ancestors(of targets: [Int]) -> [Int] { reachable(from: targets, by: upstream) }

    /// The stages that `targets` can change, and the targets, in running order.
    package func descendants(of targets: [Int]) -> [Int] { reachable(from: targets, by: downstream) }

    /// What a user means: a stage, all stages of a `foreach` or `matrix`, all of a pipeline file, or what writes a path.
    package func stages(named target: String) throws -> [Int] {
        if let index = indices[StageName(target)] { return [index] }
        let prefixes = ["\(target)@", "\(target):"]
        let group = stages.indices.filter { index in prefixes.contains { stages[index].name.text.hasPrefix($0) } }
        if !group.isEmpty { return group }
        let atRoot = ["dvc.yaml:", "repro.yaml:"].first { target.hasPrefix($0) }
        if let atRoot { return try stages(named: String(target.dropFirst(atRoot.count))) }
        if target == "dvc.yaml" || target == "repro.yaml" {
            return stages.indices.filter { stages[$0].location.file == target }
        }
        if let path = try? RelativePath(parsing: target), let writer = producer(of: path) { return [writer] }
        let names = stages.map(\.name.text)
        // The name of a group, before what tells its stages apart.
        let groups = Set(names.compactMap { name in name.lastIndex(of: "@").map { String(name[..<$0]) } })
        let known = names + groups.sorted() + stages.flatMap(\.outputs).map(\.path.description)
        throw PipelineLanguageError.unknownTarget(target, near: nearestName(to: target, among: known))
    }

    private func reachable(from targets: [Int], by edges: [[Int]]) -> [Int] {
        var isReached = [Bool](repeating: false, count: stages.count)
        var pending = targets
        while let index = pending.popLast() {
            if isReached[index] { continue }
            isReached[index] = true
            pending += edges[index].filter { !isReached[$0] }
        }
        return order.filter { isReached[$0] }
    }
}

/// Who writes what.
private struct OutputMap: Sendable {
    struct Writer: Sendable {
        let stage: Int
        /// Among the outs of the stage.
        let output: Int
    }

    private var writers: [RelativePath: Writer] = [:]
    /// For each folder that is not itself an output, the stages that write below it.
    private var writersBelow: [RelativePath: [Int]] = [:]

    init(_ stages: [Stage]) throws {
        for (index, stage) in stages.enumerated() {
            for (place, output) in stage.outputs.enumerated() {
                if let other = writers.updateValue(Writer(stage: index, output: place), forKey: output.path) {
                    throw PipelineLanguageError.duplicateOutput(
                        output.path, stage: stage.name, at: output.location, other: stages[other.stage].name,
                        first: stages[other.stage].outputs[other.output].location)
                }
            }
        }
        for (index, stage) in stages.enumerated() {
            for output in stage.outputs {
                var folder = output.path.parent
                while let path = folder {
                    if let other = writers[path] {
                        throw PipelineLanguageError.nestedOutput(
                            output.path, stage: stage.name, at: output.location, folder: path,
                            other: stages[other.stage].name,
                            first: stages[other.stage].outputs[other.output].location)
                    }
                    if writersBelow[path]?.last != index { writersBelow[path, default: []].append(index) }
                    folder = path.parent
                }
            }
        }
    }

    func writer(of path: RelativePath) -> Writer? {
        var candidate: RelativePath? = path
        while let path = candidate {
            if let writer = writers[path] { return writer }
            candidate = path.parent
        }
        return nil
    }

    /// The stages that write what a stage reads, in order of index.
    func sources(of stage: Stage, at index: Int) throws -> [Int] {
        var sources: Set<Int> = []
        func read(_ path: RelativePath, at place: SourceLocation) throws {
            let found = writer(of: path).map { [$0.stage] } ?? writersBelow[path] ?? []
            if found.contains(index) {
                let output = stage.outputs.first { $0.path.isAtOrBelow(path) || path.isAtOrBelow($0.path) }
                throw PipelineLanguageError.dependsOnItself(
                    stage.name, dependency: path, output: output?.path ?? path, at: place)
            }
            sources.formUnion(found)
        }
        for dependency in stage.dependencies { try read(dependency.path, at: dependency.location) }
        for request in stage.params { try read(request.file, at: request.location) }
        return sources.count < 2 ? Array(sources) : sources.sorted()
    }
}

/// Depth first, without recursion: a chain of 100,000 stages must not overflow the stack.
private func sortedByWaiting(_ stages: [Stage], _ upstream: [[Int]]) throws -> [Int] {
    enum State { case new, open, done }
    var states = [State](repeating: .new, count: stages.count)
    var order: [Int] = []
    order.reserveCapacity(stages.count)
    for start in stages.indices where states[start] == .new {
        var path: [(stage: Int, next: Int)] = [(start, 0)]
        states[start] = .open
        while let (stage, next) = path.last {
            guard next < upstream[stage].count else {
                states[stage] = .done
                order.append(stage)
                path.removeLast()
                continue
            }
            path[path.count - 1].next += 1
            let source = upstream[stage][next]
            switch states[source] {
            case .done: break
            case .new:
                states[source] = .open
                path.append((source, 0))
            case .open:
                let waiting = path.map(\.stage)
                let circle = waiting[(waiting.firstIndex(of: source) ?? 0)...]
                // From the one that writes to the one that reads, back to the start.
                let names = ([source] + circle.reversed()).map { stages[$0].name }
                throw PipelineLanguageError.cycle(names, at: stages[source].location)
            }
        }
    }
    return order
}
