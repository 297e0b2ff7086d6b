package import Diagnostics
package import Files
import JSON

/// A number that a stage wrote into one of its metrics files.
package struct NamedMetric: Sendable, Equatable {
    package var stage: StageName
    package var file: RelativePath
    /// The dotted key; after `file:` where another metrics file of the pipeline has the same key.
    package var name: String
    package var value: Double
    /// Of the last row, where the file is a table or lines; nil: the file has no steps.
    package var step: Int64?

    package init(stage: StageName, file: RelativePath, name: String, value: Double, step: Int64? = nil) {
        self.stage = stage
        self.file = file
        self.name = name
        self.value = value
        self.step = step
    }
}

/// The numbers in the metrics files of `stages`, in the order of stages and files, by name within one.
///
/// A file that cannot be read is a problem of its own and does not hide the others. Leaves that are no numbers are
/// passed over.
package func readMetrics(
    of stages: [Stage], from files: ProjectFiles
) -> (metrics: [NamedMetric], problems: [any UserFacingError]) {
    var metrics: [NamedMetric] = []
    var problems: [any UserFacingError] = []
    for stage in stages {
        for output in stage.outputs where output.role == .metric {
            do {
                guard let content = try files.read(output.path) else { continue }
                if var format = MetricFileKind(metricsFile: output.path).makeFormat() {
                    metrics += lastPoints(of: format.read(content) + format.finish()).map { point in
                        NamedMetric(
                            stage: stage.name, file: output.path, name: point.key, value: point.value,
                            step: point.step)
                    }
                    continue
                }
                metrics += try leaves(of: .object(parseParamFile(content, path: output.path)), key: "").compactMap {
                    guard let number = $0.value.asNumber else { return nil }
                    return NamedMetric(stage: stage.name, file: output.path, name: $0.key, value: number)
                }
            } catch let error as any UserFacingError {
                problems.append(MetricsFileProblem(stage: stage.name, file: output.path, cause: error))
            } catch {
                problems.append(MetricsFileProblem(stage: stage.name, file: output.path, cause: nil))
            }
        }
    }
    return (qualified(metrics), problems)
}

/// Of each key, in the order in which they come first.
private func lastPoints(of points: [FollowedPoint]) -> [FollowedPoint] {
    var last: [String: FollowedPoint] = [:]
    var keys: [String] = []
    for point in points where last.updateValue(point, forKey: point.key) == nil { keys.append(point.key) }
    return keys.compactMap { last[$0] }
}

/// Puts the file before names that stand in several files.
private func qualified(_ metrics: [NamedMetric]) -> [NamedMetric] {
    let filesOfName = Dictionary(grouping: metrics, by: \.name).mapValues { Set($0.map(\.file)).count }
    return metrics.map { metric in
        var metric = metric
        if filesOfName[metric.name, default: 1] > 1 { metric.name = "\(metric.file):\(metric.name)" }
        return metric
    }
}

/// A metrics file whose numbers are not logged.
package struct MetricsFileProblem: UserFacingError {
    package let stage: StageName
    package let file: RelativePath
    package let cause: (any UserFacingError)?

    package var kind: ErrorKind { cause?.kind ?? .invalidInput }
    package var message: String {
        "the metrics of \(file) (stage \(stage)) were not logged: \(cause?.message ?? "it cannot be read")"
    }
    package var hint: String? { cause?.hint ?? "a metrics file is JSON, YAML or TOML: a mapping with numbers in it" }
    package var location: SourceLocation? { cause?.location }
}
