import FoundationEssentials

/// One hidden layer of rectified units, and a softmax over ten digits; trained by plain gradient descent.
struct Network {
    let inputs: Int
    let hidden: Int
    let outputs = 10
    /// One row a unit, the bias at its end.
    var first: [Double]
    var second: [Double]

    init(inputs: Int, hidden: Int, seed: UInt64) {
        self.inputs = inputs
        self.hidden = hidden
        var random = SplitMix(state: seed)
        func weights(_ count: Int, fanIn: Int) -> [Double] {
            let scale = (6 / Double(fanIn)).squareRoot()
            return (0..<count).map { _ in Double.random(in: -scale...scale, using: &random) }
        }
        first = weights(hidden * (inputs + 1), fanIn: inputs)
        second = weights(10 * (hidden + 1), fanIn: hidden)
    }

    /// The probability of each digit, and what the hidden units said.
    func forward(_ x: [Double]) -> (hidden: [Double], output: [Double]) {
        let h = layer(first, x, units: hidden).map { max(0, $0) }
        let z = layer(second, h, units: outputs)
        let greatest = z.max() ?? 0
        let e = z.map { exponential($0 - greatest) }
        let sum = e.reduce(0, +)
        return (h, e.map { $0 / sum })
    }

    func predict(_ x: [Double]) -> Int {
        let output = forward(x).output
        return output.indices.max { output[$0] < output[$1] } ?? 0
    }

    /// One step down the gradient of a batch; answers its mean loss.
    mutating func train(_ batch: [([Double], Int)], rate: Double) -> Double {
        var firstGradient = [Double](repeating: 0, count: first.count)
        var secondGradient = [Double](repeating: 0, count: second.count)
        var loss = 0.0
        for (x, label) in batch {
            let (h, output) = forward(x)
            loss -= logarithm(max(output[label], 1e-12))
            var error = output
            error[label] -= 1
            var back = [Double](repeating: 0, count: hidden)
            for unit in 0..<outputs {
                let row = unit * (hidden + 1)
                for index in 0..<hidden {
                    secondGradient[row + index] += error[unit] * h[index]
                    back[index] += error[unit] * second[row + index]
                }
                secondGradient[row + hidden] += error[unit]
            }
            for unit in 0..<hidden where h[unit] > 0 {
                let row = unit * (inputs + 1)
                for index in 0..<inputs { firstGradient[row + index] += back[unit] * x[index] }
                firstGradient[row + inputs] += back[unit]
            }
        }
        let scale = rate / Double(batch.count)
        for index in first.indices { first[index] -= scale * firstGradient[index] }
        for index in second.indices { second[index] -= scale * secondGradient[index] }
        return loss / Double(batch.count)
    }

    /// All weights, little-endian, after their counts.
    var bytes: [UInt8] {
        let counts = [inputs, hidden, outputs].flatMap { count in
            withUnsafeBytes(of: UInt32(count).littleEndian) { Array($0) }
        }
        return counts
            + (first + second).flatMap { weight in
                withUnsafeBytes(of: Float(weight).bitPattern.littleEndian) { Array($0) }
            }
    }

    private func layer(_ weights: [Double], _ x: [Double], units: Int) -> [Double] {
        (0..<units).map { unit in
            let row = unit * (x.count + 1)
            var sum = weights[row + x.count]
            for index in x.indices { sum += weights[row + index] * x[index] }
            return sum
        }
    }
}

/// The same numbers for the same seed, on every machine.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
