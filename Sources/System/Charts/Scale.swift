#if canImport(Glibc)
    import Glibc
#endif

/// From the numbers of an axis to places on the picture, and the numbers that are written beside it.
struct Scale {
    let low: Double
    let high: Double
    let start: Double
    let end: Double

    /// Covers `values`, widened to round numbers; `start` and `end` are where the lowest and the highest stand.
    init(covering values: some Sequence<Double>, from start: Double, to end: Double, includesZero: Bool = false) {
        var low = Double.infinity
        var high = -Double.infinity
        for value in values where value.isFinite {
            low = min(low, value)
            high = max(high, value)
        }
        if includesZero {
            low = min(low, 0)
            high = max(high, 0)
        }
        if low > high { (low, high) = (0, 1) }
        if low == high {
            let margin = low == 0 ? 1 : abs(low) * 0.5
            (low, high) = (includesZero && low == 0 ? 0 : low - margin, high + margin)
        }
        self.low = low
        self.high = high
        self.start = start
        self.end = end
    }

    private init(low: Double, high: Double, start: Double, end: Double) {
        self.low = low
        self.high = high
        self.start = start
        self.end = end
    }

    /// The same, its ends moved outward to ticks.
    func rounded(ticks count: Int) -> Scale {
        let step = Self.step(low, high, count)
        return Scale(
            low: (low / step + 1e-9).rounded(.down) * step, high: (high / step - 1e-9).rounded(.up) * step,
            start: start, end: end)
    }

    func place(_ value: Double) -> Double {
        // Halved first: the difference of two large numbers may be too large for a number.
        start + (value / 2 - low / 2) / (high / 2 - low / 2) * (end - start)
    }

    /// About `count` round numbers within the scale, as they are written.
    func ticks(_ count: Int) -> [(value: Double, label: String)] {
        let step = Self.step(low, high, count)
        guard step.isFinite, step > 0 else { return [] }
        var ticks: [(Double, String)] = []
        var number = (low / step - 1e-9).rounded(.up)
        while number * step <= high + step * 1e-6, ticks.count < 50 {
            let value = number * step
            ticks.append((value, Self.label(value, step: step)))
            number += 1
        }
        return ticks
    }

    /// 1, 2 or 5 times a power of ten.
    private static func step(_ low: Double, _ high: Double, _ count: Int) -> Double {
        let raw = (high / Double(count)) - (low / Double(count))
        let power = pow(10, log10(raw).rounded(.down))
        let lead = raw / power
        return power * (lead > 5 ? 10 : lead > 2 ? 5 : lead > 1 ? 2 : 1)
    }

    static func label(_ value: Double, step: Double) -> String {
        let largest = max(abs(value), step)
        if value != 0, largest >= 1e6 || largest < 1e-4 { return scientific(value) }
        let digits = max(0, Int((-log10(step)).rounded(.up)))
        return decimal(value, digits: min(digits, 9))
    }

    /// `1.2e+07`, with three digits after the point at most.
    private static func scientific(_ value: Double) -> String {
        var exponent = Int(log10(abs(value)).rounded(.down))
        var lead = value / pow(10, Double(exponent))
        if abs(lead) >= 9.9995 {
            lead /= 10
            exponent += 1
        }
        return decimal(lead, digits: 3, keepsZeros: false) + (exponent < 0 ? "e-\(-exponent)" : "e+\(exponent)")
    }
}

/// A number as a person reads it in a tooltip: five significant digits.
package func readable(_ value: Double) -> String {
    if value == value.rounded(), abs(value) < 1e9 { return decimal(value, digits: 0) }
    guard value.isFinite else { return value.isNaN ? "NaN" : value > 0 ? "∞" : "-∞" }
    return Scale.label(value, step: pow(10, log10(abs(value)).rounded(.down) - 4))
}
