/// A graph without cycles, sorted into layers so that every edge leads from one layer to the next.
///
/// An edge over several layers is led through *bends*: nodes without a box. All long edges of a node share one chain
/// of bends, so that an input of many late stages is one line and not many.
struct GraphLayers {
    struct Node {
        /// Nil for a bend.
        let label: String?
        let layer: Int
        /// Positions in `nodes`, in the layer above and in the layer below.
        var parents: [Int] = []
        var children: [Int] = []
    }

    private(set) var nodes: [Node] = []
    /// Positions in `nodes`, from left to right.
    private(set) var layers: [[Int]] = []

    /// `edges` lead from a position in `labels` to a later one: the labels are in topological order.
    init(labels: [String], edges: [(from: Int, to: Int)]) {
        var depth = [Int](repeating: 0, count: labels.count)
        for edge in edges.sorted(by: { $0.to < $1.to }) { depth[edge.to] = max(depth[edge.to], depth[edge.from] + 1) }
        layers = Array(repeating: [], count: (depth.max() ?? -1) + 1)
        for (index, label) in labels.enumerated() { _ = add(label, layer: depth[index]) }
        var lastBend: [Int: Int] = [:]
        for edge in edges.sorted(by: { depth[$0.to] < depth[$1.to] }) {
            var upper = edge.from
            while nodes[upper].layer < depth[edge.to] - 1 {
                let next = nodes[upper].children.first { nodes[$0].label == nil && lastBend[$0] == edge.from }
                if let next {
                    upper = next
                } else {
                    let bend = add(nil, layer: nodes[upper].layer + 1)
                    lastBend[bend] = edge.from
                    connect(upper, bend)
                    upper = bend
                }
            }
            connect(upper, edge.to)
        }
        reduceCrossings()
    }

    private mutating func add(_ label: String?, layer: Int) -> Int {
        nodes.append(Node(label: label, layer: layer))
        layers[layer].append(nodes.count - 1)
        return nodes.count - 1
    }

    private mutating func connect(_ upper: Int, _ lower: Int) {
        if nodes[upper].children.contains(lower) { return }
        nodes[upper].children.append(lower)
        nodes[lower].parents.append(upper)
    }

    /// Sorts each layer by the mean place of its neighbours, down and up in turn, and keeps the best order seen.
    private mutating func reduceCrossings() {
        var best = layers
        var fewest = crossings()
        for round in 0..<8 where fewest > 0 {
            let isDownward = round.isMultiple(of: 2)
            for layer in isDownward ? Array(layers.indices) : layers.indices.reversed() {
                sort(layer, by: isDownward ? \.parents : \.children)
            }
            let count = crossings()
            if count < fewest { (fewest, best) = (count, layers) }
        }
        layers = best
    }

    private mutating func sort(_ layer: Int, by neighbours: KeyPath<Node, [Int]>) {
        let places = self.places()
        let keyed = layers[layer].enumerated().map { place, node -> (key: Double, place: Int, node: Int) in
            let around = nodes[node][keyPath: neighbours]
            let sum = around.reduce(0.0) { $0 + Double(places[$1]) }
            return (around.isEmpty ? Double(place) : sum / Double(around.count), place, node)
        }
        layers[layer] = keyed.sorted { ($0.key, $0.place) < ($1.key, $1.place) }.map(\.node)
    }

    /// By node: how many stand to its left.
    private func places() -> [Int] {
        var places = [Int](repeating: 0, count: nodes.count)
        for layer in layers { for (place, node) in layer.enumerated() { places[node] = place } }
        return places
    }

    private func crossings() -> Int {
        let places = self.places()
        var count = 0
        for layer in layers {
            var seen: [Int] = []
            for node in layer {
                let targets = nodes[node].children.map { places[$0] }
                for target in targets { count += seen.count { $0 > target } }
                seen += targets
            }
        }
        return count
    }
}
