/// How a line is smoothed. Values that are no numbers are passed over.
package enum SeriesSmoothing: Sendable, Equatable {
    /// A mean in which a value counts half as much for each so many units of the axis that it lies back: the same
    /// picture however densely a run logged.
    case halfLife(Double)
    /// The mean of the last so many values.
    case mean(Int)
    /// A Gaussian of this standard deviation, in points. Looks ahead. From a deviation of 8 on three means in a row stand
    /// for it, which cost the same however wide they are and differ from it by less than 3 %.
    case gaussian(Double)
}

/// A point of a smoothed line.
struct SmoothPoint {
    var x: Double
    var value: Double
    var step: Int64
}

/// Smooths points as they come; what comes out may come later than what went in.
struct Smoother {
    private var filter: Filter

    private enum Filter {
        case decay(DecayingMean)
        case mean(MovingMean)
        case gaussian(deviation: Double, points: [SmoothPoint])
    }

    init(_ smoothing: SeriesSmoothing) {
        filter =
            switch smoothing {
            case .halfLife(let span): .decay(DecayingMean(halfLife: span))
            case .mean(let count): .mean(MovingMean(count: count))
            case .gaussian(let deviation): .gaussian(deviation: deviation, points: [])
            }
    }

    mutating func add(x: Double, value: Double, step: Int64, _ emit: (SmoothPoint) -> Void) {
        if !value.isFinite { return }
        switch filter {
        case .decay(var mean):
            let value = mean.add(x: x, value: value)
            filter = .decay(mean)
            emit(SmoothPoint(x: x, value: value, step: step))
        case .mean(var mean):
            // Taken out and put back, its buffer would be copied for each point if both held it.
            filter = .decay(DecayingMean(halfLife: 1))
            let value = mean.add(value)
            filter = .mean(mean)
            emit(SmoothPoint(x: x, value: value, step: step))
        case .gaussian(let deviation, var points):
            filter = .gaussian(deviation: deviation, points: [])
            points.append(SmoothPoint(x: x, value: value, step: step))
            filter = .gaussian(deviation: deviation, points: points)
        }
    }

    mutating func end(_ emit: (SmoothPoint) -> Void) {
        guard case .gaussian(let deviation, let points) = filter else { return }
        var values = points.map(\.value)
        if deviation < 8 {
            values = weightedMeans(values, deviation: deviation)
        } else {
            for radius in boxRadii(deviation: deviation) { values = centredMeans(values, radius: radius) }
        }
        for (point, value) in zip(points, values) { emit(SmoothPoint(x: point.x, value: value, step: point.step)) }
    }
}

private struct DecayingMean {
    let halfLife: Double
    private var sum = 0.0
    private var weight = 0.0
    private var previous = 0.0
    /// The same distance comes again and again.
    private var known = (distance: -1.0, decay: 1.0)

    init(halfLife: Double) { self.halfLife = halfLife }

    mutating func add(x: Double, value: Double) -> Double {
        if weight > 0 {
            let distance = abs(x - previous)
            if distance != known.distance { known = (distance, halved(times: distance / halfLife)) }
            sum *= known.decay
            weight *= known.decay
        }
        previous = x
        sum += value
        weight += 1
        return sum / weight
    }
}

private struct MovingMean {
    private var ring: [Double]
    private var next = 0
    private var filled = 0
    private var sum = 0.0

    init(count: Int) { ring = Array(repeating: 0, count: max(1, count)) }

    mutating func add(_ value: Double) -> Double {
        if filled == ring.count { sum -= ring[next] } else { filled += 1 }
        ring[next] = value
        sum += value
        next += 1
        if next == ring.count {
            next = 0
            // What adding and subtracting leaves behind must not grow with the series.
            sum = ring[..<filled].reduce(0, +)
        }
        return sum / Double(filled)
    }
}

/// 1 / 2ᵗ, to the last bit or two. `t` is not negative.
private func halved(times t: Double) -> Double {
    if t > 1_000 { return 0 }
    let whole = t.rounded(.down)
    // e to the power of a number between -0.7 and 0, whose series is short.
    let power = (whole - t) * 0.693_147_180_559_945_3
    var (term, sum) = (1.0, 1.0)
    for index in 1...18 {
        term *= power / Double(index)
        sum += term
    }
    return Double(sign: .plus, exponent: -Int(whole), significand: sum)
}

/// By the Gaussian itself, as far as four deviations.
private func weightedMeans(_ values: [Double], deviation: Double) -> [Double] {
    let reach = Int((4 * deviation).rounded(.up))
    // 1 / e to the power of d²/2σ², as a power of a half.
    let weights = (0...reach).map { distance in
        halved(times: Double(distance * distance) / (2 * deviation * deviation) * 1.442_695_040_888_963_4)
    }
    return values.indices.map { index in
        var (sum, weight) = (0.0, 0.0)
        for other in max(0, index - reach)...min(values.count - 1, index + reach) {
            let own = weights[abs(other - index)]
            sum += own * values[other]
            weight += own
        }
        return sum / weight
    }
}

/// Of three means whose variances add up to that of the Gaussian.
private func boxRadii(deviation: Double) -> [Int] {
    // A mean over 2r + 1 values has the variance (r² + r) / 3.
    let ideal = ((1 + 4 * deviation * deviation).squareRoot() - 1) / 2
    let small = max(0, Int(ideal))
    func variance(_ radius: Int) -> Double { Double(radius * radius + radius) / 3 }
    let wanted = deviation * deviation
    let best = (0...3).min { left, right in
        func error(_ larger: Int) -> Double {
            abs(Double(larger) * variance(small + 1) + Double(3 - larger) * variance(small) - wanted)
        }
        return error(left) < error(right)
    }
    return (0..<3).map { $0 < best ?? 0 ? small + 1 : small }
}

/// Near the ends, over as many values as there are on both sides.
private func centredMeans(_ values: [Double], radius: Int) -> [Double] {
    if radius == 0 || values.isEmpty { return values }
    var result: [Double] = []
    result.reserveCapacity(values.count)
    var (low, high) = (0, -1)
    var sum = 0.0
    for index in values.indices {
        let reach = min(radius, index, values.count - 1 - index)
        while high < index + reach {
            high += 1
            sum += values[high]
        }
        while low < index - reach {
            sum -= values[low]
            low += 1
        }
        result.append(sum / Double(high - low + 1))
    }
    return result
}
