/// Where each node of a layered graph stands, in columns of a terminal.
struct GraphLayout {
    let graph: GraphLayers
    /// By node: the column of the left edge, and how many columns it takes.
    private(set) var left: [Int]
    let widths: [Int]

    private static let gap = 2

    init(_ graph: GraphLayers) {
        self.graph = graph
        widths = graph.nodes.map { node in
            guard let label = node.label else { return 1 }
            // A box has room for one line in from each parent.
            return max(displayWidth(of: label) + 4, node.parents.count * 2 + 1)
        }
        left = Array(repeating: 0, count: widths.count)
        place()
    }

    var totalWidth: Int { graph.nodes.indices.reduce(0) { max($0, left[$1] + widths[$1]) } }

    /// The column from which lines leave a node downwards.
    func center(_ node: Int) -> Int { left[node] + widths[node] / 2 }

    /// Draws each node towards the middle of its neighbours, down and up in turn; then rounds.
    private mutating func place() {
        var centers = widths.indices.map { _ in 0.0 }
        for layer in graph.layers { spread(layer, around: layer.map { _ in 0 }, &centers) }
        for round in 0..<12 {
            // The last round looks at parents: lines into a box may enter it anywhere, but they leave at its centre.
            let usesChildren = round.isMultiple(of: 2)
            let order = usesChildren ? graph.layers.reversed() : graph.layers
            for layer in order {
                let wishes = layer.map { node -> Double in
                    let around = usesChildren ? graph.nodes[node].children : graph.nodes[node].parents
                    if around.isEmpty { return centers[node] }
                    return around.reduce(0) { $0 + centers[$1] } / Double(around.count)
                }
                spread(layer, around: wishes, &centers)
            }
        }
        round(centers)
    }

    /// The places nearest to the wishes (least squares) at which no two nodes of the layer touch: neighbours whose
    /// wishes collide are pooled and share the mean.
    private func spread(_ layer: [Int], around wishes: [Double], _ centers: inout [Double]) {
        var pools: [(sum: Double, count: Int)] = []
        var offsets: [Double] = []
        for (index, node) in layer.enumerated() {
            let before = index == 0 ? 0 : offsets[index - 1] + distance(layer[index - 1], node)
            offsets.append(before)
            pools.append((wishes[index] - before, 1))
            while pools.count > 1 {
                let (last, previous) = (pools[pools.count - 1], pools[pools.count - 2])
                if previous.sum / Double(previous.count) <= last.sum / Double(last.count) { break }
                pools.removeLast(2)
                pools.append((previous.sum + last.sum, previous.count + last.count))
            }
        }
        var index = 0
        for pool in pools {
            for _ in 0..<pool.count {
                centers[layer[index]] = pool.sum / Double(pool.count) + offsets[index]
                index += 1
            }
        }
    }

    /// The least distance between the centres of two neighbours.
    private func distance(_ a: Int, _ b: Int) -> Double { Double(widths[a] + widths[b]) / 2 + Double(Self.gap) }

    private mutating func round(_ centers: [Double]) {
        var least = Int.max
        for layer in graph.layers {
            var free = Int.min
            // Lines of two parents must not meet in one column: a bend keeps out of the columns of other parents.
            let above = layer.first.map { graph.nodes[$0].layer - 1 } ?? 0
            let columns = above < 0 ? [] : graph.layers[above].map { (node: $0, column: center($0)) }
            for node in layer {
                var start = max(free, Int((centers[node] - Double(widths[node] / 2)).rounded()))
                if graph.nodes[node].label == nil {
                    let parents = graph.nodes[node].parents
                    while columns.contains(where: { $0.column == start && !parents.contains($0.node) }) { start += 1 }
                }
                left[node] = start
                free = start + widths[node] + 1
                least = min(least, start)
            }
        }
        for node in left.indices { left[node] -= least }
    }
}
