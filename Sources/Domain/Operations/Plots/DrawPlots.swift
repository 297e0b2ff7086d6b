package import Charts
import Diagnostics
import JSON
import Pipelines

extension PlotsReport {
    /// One page with all plots, which needs no network.
    package func page(title: String) -> ChartPage {
        ChartPage(
            title: title, subtitle: revisions.joined(separator: ", "), items: plots.map(\.item),
            problems: problems.map(\.message))
    }

    /// Each plot as a picture of its own, under a file name that no other has.
    package func pictureFiles() -> [(name: String, bytes: [UInt8])] {
        var taken: Set<String> = []
        func free(_ name: String, _ suffix: String) -> String {
            let letters = name.map { $0.isASCII && ($0.isLetter || $0.isNumber || "-_.@".contains($0)) ? $0 : "_" }
            // Neither hidden nor a way up.
            var base = String(letters.drop { $0 == "." }.prefix(100))
            if base.hasSuffix(".\(suffix)") { base.removeLast(suffix.count + 1) }
            let stem = base.isEmpty ? "plot" : base
            var number = 1
            while true {
                let candidate = number == 1 ? "\(stem).\(suffix)" : "\(stem)-\(number).\(suffix)"
                if taken.insert(candidate).inserted { return candidate }
                number += 1
            }
        }
        return plots.flatMap { plot -> [(String, [UInt8])] in
            if case .chart(let chart) = plot.item { return [(free(plot.id, "svg"), Array(chart.svg().utf8))] }
            return plot.pictures.map { picture in
                let suffix = picture.mediaType.split(separator: "/").last.map { $0 == "svg+xml" ? "svg" : String($0) }
                let name = plot.pictures.count == 1 ? plot.id : "\(plot.id)-\(picture.revision)"
                return (free(name, suffix ?? "bin"), picture.bytes)
            }
        }
    }
}

extension PlotsReport.Plot {
    var item: ChartPage.Item {
        if !pictures.isEmpty {
            return .pictures(
                title: title,
                pictures.map { ChartPage.Picture(label: $0.revision, mediaType: $0.mediaType, bytes: $0.bytes) })
        }
        return .chart(chart)
    }

    private var chart: Chart {
        switch PlotTemplate(rawValue: template) ?? .linear {
        case .linear, .simple: xyChart { .lines($0, smoothing: nil) }
        // Vega's default of DVC's slider is no smoothing at all; three tenths is what its documentation shows.
        case .smooth: xyChart { .lines($0, smoothing: .init(bandwidth: 0.3)) }
        case .scatter: xyChart { .points($0, isJittered: false) }
        case .scatterJitter: xyChart { .points($0, isJittered: true) }
        case .barHorizontal: bars(isSorted: false)
        case .barHorizontalSorted: bars(isSorted: true)
        case .confusion: confusion(isNormalized: false)
        case .confusionNormalized: confusion(isNormalized: true)
        }
    }

    // MARK: Numbers against numbers

    private func xyChart(_ content: ([Chart.Series]) -> Chart.Content) -> Chart {
        let xNames = categories(series.flatMap { $0.points.map(\.x) })
        let yNames = categories(series.flatMap { $0.points.map(\.y) })
        let xNumbers = Self.numbers(of: xNames)
        let yNumbers = Self.numbers(of: yNames)
        let drawn = series.enumerated().map { number, one in
            let (color, dash) = look(of: number)
            let points = one.points.compactMap { point -> Chart.Point? in
                guard let x = Self.number(point.x, xNumbers), let y = Self.number(point.y, yNumbers) else { return nil }
                return Chart.Point(x: x, y: y)
            }
            return Chart.Series(label: label(of: number), color: color, dash: dash, points: points)
        }
        return Chart(
            title: title, xAxis: .init(title: xTitle, categories: xNames),
            yAxis: .init(title: yTitle, categories: yNames), content: content(drawn))
    }

    /// The texts of an axis, in the order in which they come; nil if it has numbers.
    private func categories(_ values: [JSONValue]) -> [String]? {
        guard values.contains(where: { $0.asNumber == nil && $0 != .null }) else { return nil }
        var seen: Set<String> = []
        return values.map(Self.text).filter { seen.insert($0).inserted }
    }

    private static func numbers(of names: [String]?) -> [String: Double]? {
        names.map { names in
            Dictionary(names.enumerated().map { ($0.element, Double($0.offset)) }, uniquingKeysWith: { a, _ in a })
        }
    }

    private static func number(_ value: JSONValue, _ categories: [String: Double]?) -> Double? {
        guard let categories else { return value == .null ? .nan : value.asNumber }
        return categories[text(value)]
    }

    private static func text(_ value: JSONValue) -> String {
        if case .string(let text) = value { text } else { value.text() }
    }

    // MARK: What tells series apart

    private var revisions: [String] { unique(series.map(\.revision)) }
    private var sources: [String] { unique(series.map { "\($0.file)\n\($0.field)" }) }

    private func unique(_ names: [String]) -> [String] {
        var seen: Set<String> = []
        return names.filter { seen.insert($0).inserted }
    }

    /// With several revisions the colour is the revision's, and the dash that of the file and field, as in DVC.
    private func look(of number: Int) -> (color: Int, dash: Int) {
        let one = series[number]
        let source = sources.firstIndex(of: "\(one.file)\n\(one.field)") ?? 0
        if revisions.count < 2 { return (source, 0) }
        return (revisions.firstIndex(of: one.revision) ?? 0, source)
    }

    private func label(of number: Int) -> String {
        let one = series[number]
        let fields = Set(series.map(\.field)).count
        let files = Set(series.map(\.file)).count
        let source = [files > 1 ? one.file : nil, fields > 1 ? one.field : nil].compactMap(\.self)
        let parts = (revisions.count > 1 || source.isEmpty ? [one.revision] : []) + source
        return parts.joined(separator: " · ")
    }

    // MARK: Bars, confusion

    /// As in DVC: x is how long a bar is, y what it is for.
    private func bars(isSorted: Bool) -> Chart {
        let groups = series.indices.map { number in
            let bars = series[number].points.compactMap { point -> (category: String, length: Double)? in
                point.x.asNumber.map { (Self.text(point.y), $0) }
            }
            return Chart.BarGroup(label: label(of: number), color: number, bars: bars)
        }
        return Chart(
            title: title, xAxis: .init(title: xTitle), yAxis: .init(title: yTitle),
            content: .bars(groups, isSorted: isSorted))
    }

    private func confusion(isNormalized: Bool) -> Chart {
        let matrices = series.indices.map { number in
            Chart.ConfusionMatrix(
                label: label(of: number),
                pairs: series[number].points.map { .init(x: Self.text($0.x), y: Self.text($0.y)) })
        }
        return Chart(
            title: title, xAxis: .init(title: xTitle), yAxis: .init(title: yTitle),
            content: .confusion(matrices, isNormalized: isNormalized))
    }
}
