import Testing

@testable import Experiments

@Suite struct SeriesSmoothingTests {
    @Test func `a value counts half for each half-life that it lies back, however unevenly points come`() {
        let places = [0.0, 1, 2, 5, 5, 9]
        let values = [4.0, 2, 8, 1, 3, 7]
        let smooth = smoothed(.halfLife(2), values, at: places)
        for index in values.indices {
            var (sum, weight) = (0.0, 0.0)
            for other in 0...index {
                // 2 to the power of half the distance, by squaring roots: no library function is needed.
                let steps = Int(places[index] - places[other])
                let decay = (0..<steps).reduce(1.0) { product, _ in product * 0.5.squareRoot() }
                sum += decay * values[other]
                weight += decay
            }
            #expect(abs(smooth[index] - sum / weight) < 1e-12)
        }
    }

    @Test func `a running mean looks at the last values only, and does not look ahead`() {
        #expect(smoothed(.mean(3), [3, 6, 9, 12, 0]) == [3, 4.5, 6, 9, 7])
        #expect(smoothed(.mean(1), [3, 6, 9]) == [3, 6, 9])
        let long = (0..<10_000).map { Double($0 % 7) * 1e-3 + 1e9 }
        let mean = smoothed(.mean(7), long)
        #expect(abs((mean.last ?? 0) - (1e9 + 3e-3)) < 1e-6)
    }

    @Test func `a Gaussian spreads a spike evenly to both sides, as wide as asked`() {
        for deviation in [1.0, 2.5, 10, 40] {
            let values = (0..<1001).map { $0 == 500 ? 1.0 : 0 }
            let smooth = smoothed(.gaussian(deviation), values)
            #expect(abs(smooth.reduce(0, +) - 1) < 1e-9)
            #expect(abs(smooth[480] - smooth[520]) < 1e-12)
            let variance = smooth.indices.map { smooth[$0] * Double(($0 - 500) * ($0 - 500)) }.reduce(0, +)
            #expect(abs(variance.squareRoot() - deviation) < 0.12 * deviation)
        }
        #expect(smoothed(.gaussian(0.001), [1, 5, 2]) == [1, 5, 2])
    }

    @Test func `values that are no numbers leave no trace`() {
        #expect(smoothed(.mean(2), [1, .nan, 3, .infinity]) == [1, 2])
        #expect(smoothed(.gaussian(1), []) == [])
    }

    private func smoothed(_ smoothing: SeriesSmoothing, _ values: [Double], at places: [Double]? = nil) -> [Double] {
        var smoother = Smoother(smoothing)
        var result: [Double] = []
        for (index, value) in values.enumerated() {
            smoother.add(x: places?[index] ?? Double(index), value: value, step: Int64(index)) {
                result.append($0.value)
            }
        }
        smoother.end { result.append($0.value) }
        return result
    }
}
