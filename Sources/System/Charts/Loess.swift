/// Smooths points by local straight lines, weighted by nearness: what Vega calls loess.
///
/// `points` are in order of x. Each result has the x of its point. Takes time linear in the points times those within
/// the bandwidth.
func loess(_ points: [Chart.Point], bandwidth: Double) -> [Chart.Point] {
    let count = points.count
    let window = max(2, Int((bandwidth * Double(count)).rounded(.down)))
    if count < 3 || window < 3 { return points }
    var first = 0
    return points.indices.map { index in
        let x = points[index].x
        // The window of the nearest `window` points moves to the right with x.
        while first + window < count, points[first + window].x - x < x - points[first].x { first += 1 }
        let near = points[first..<min(count, first + window)]
        let reach = max(x - (near.first?.x ?? x), (near.last?.x ?? x) - x)
        if reach <= 0 {
            return Chart.Point(x: x, y: near.reduce(0) { $0 + $1.y } / Double(near.count))
        }
        var sums = (weight: 0.0, x: 0.0, y: 0.0, xx: 0.0, xy: 0.0)
        for point in near {
            let distance = min(1, abs(point.x - x) / (reach * 1.000001))
            let part = 1 - distance * distance * distance
            let weight = part * part * part
            // From x on: the sums stay small.
            let dx = point.x - x
            sums.weight += weight
            sums.x += weight * dx
            sums.y += weight * point.y
            sums.xx += weight * dx * dx
            sums.xy += weight * dx * point.y
        }
        let divisor = sums.weight * sums.xx - sums.x * sums.x
        let isFlat = abs(divisor) < 1e-12 * max(1, sums.weight * sums.xx)
        let y = isFlat ? sums.y / sums.weight : (sums.xx * sums.y - sums.x * sums.xy) / divisor
        return Chart.Point(x: x, y: y)
    }
}
