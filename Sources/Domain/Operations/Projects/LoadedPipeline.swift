import Files
package import Pipelines

/// Which stages are meant by those that a user names.
package enum StageScope: Sendable, Equatable {
    /// And all that they need.
    case withUpstream
    /// And all that they can change.
    case withDownstream
    case alone
}

/// The project's pipeline as its files, or edited copies of them, say.
package struct LoadedPipeline: Sendable {
    package let definition: PipelineDefinition
    package let graph: PipelineGraph
    /// What it was read from; shows edited params.
    let files: ProjectFiles

    init(_ files: ProjectFiles) throws {
        self.files = files
        definition = try loadPipeline(from: files)
        graph = try PipelineGraph(definition.stages)
    }

    /// The stages that `targets` name, with what `scope` adds to them, as numbers in running order; no target means all.
    /// A path is taken from `folder`.
    func select(
        _ targets: [String], _ scope: StageScope = .withUpstream, from folder: RelativePath
    ) throws -> [Int] {
        if targets.isEmpty { return graph.order }
        let named = try targets.flatMap { try stages(named: $0, from: folder) }
        switch scope {
        case .withUpstream: return graph.ancestors(of: named)
        case .withDownstream: return graph.descendants(of: named)
        case .alone:
            let wanted = Set(named)
            return graph.order.filter(wanted.contains)
        }
    }

    private func stages(named target: String, from folder: RelativePath) throws -> [Int] {
        if !folder.isRoot, let path = try? RelativePath(parsing: target, relativeTo: folder),
            let producer = graph.producer(of: path)
        {
            return [producer]
        }
        return try graph.stages(named: target)
    }

    /// The stages of `order` with the places, within `order`, of those that each needs.
    func steps(_ order: [Int]) -> [(stage: Stage, waitsFor: [Int])] {
        let place = Dictionary(uniqueKeysWithValues: order.enumerated().map { ($0.element, $0.offset) })
        return order.map { (graph.stages[$0], graph.upstream[$0].compactMap { place[$0] }) }
    }
}
