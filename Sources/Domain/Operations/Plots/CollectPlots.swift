package import Diagnostics
import Files
package import Pipelines

package struct PlotsOptions: Sendable {
    /// What to draw side by side, in this order.
    package var revisions: [Revision] = [.workspace]
    /// Ids of plots, files, folders; empty: all plots.
    package var targets: [String] = []
    package var overrides = PlotOverrides()

    package init() {}
}

/// The plots of one or more revisions, ready to be drawn.
package struct PlotsReport: Sendable {
    package struct Plot: Sendable {
        package var id: String
        package var title: String
        package var template: String
        package var xTitle: String
        package var yTitle: String
        package var series: [Series] = []
        package var pictures: [Picture] = []
    }

    package struct Series: Sendable {
        package var revision: String
        package var file: String
        package var field: String
        package var points: [PlotSeries.Point]
    }

    package struct Picture: Sendable {
        package var revision: String
        package var file: String
        package var mediaType: String
        package var bytes: [UInt8]
    }

    package var revisions: [String]
    package var plots: [Plot]
    /// What could not be drawn; the others are there all the same.
    package var problems: [any UserFacingError]
}

/// Reads the plots of the revisions that are asked for. A plot that one of them lacks is drawn without it; a plot that
/// none can show is a problem.
package func collectPlots(_ options: PlotsOptions, in surroundings: Surroundings) throws -> PlotsReport {
    let opened = try OpenProject(surroundings)
    var collector = PlotCollector()
    for revision in options.revisions {
        let files =
            switch try opened.source(of: revision) {
            case .files(let files): files
            case .run(let run): try opened.files(of: run)
            }
        let specs = try opened.plots(options, in: files, isOnlyOne: options.revisions.count == 1)
        for spec in specs { try collector.add(spec, revision.label, from: files) }
    }
    return collector.report(options.revisions.map(\.label))
}

extension OpenProject {
    fileprivate func plots(_ options: PlotsOptions, in files: ProjectFiles, isOnlyOne: Bool) throws -> [PlotSpec] {
        let definition = try loadPipeline(from: files)
        do {
            return try findPlots(definition, targets: options.targets, overrides: options.overrides, in: files)
        } catch PlotError.unknownTarget where !isOnlyOne {
            return []
        }
    }
}

/// Puts together what the revisions say of each plot.
private struct PlotCollector {
    private var plots: [PlotsReport.Plot] = []
    private var places: [String: Int] = [:]
    private var problems: [(plot: String, error: any UserFacingError)] = []

    mutating func add(_ spec: PlotSpec, _ revision: String, from files: ProjectFiles) throws {
        do {
            switch try readPlot(spec, from: files) {
            case .picture(let mediaType, let bytes):
                let file = spec.y.first.map { $0.file.description } ?? spec.id
                plots[place(of: spec, xTitle: "", yTitle: "")].pictures.append(
                    .init(revision: revision, file: file, mediaType: mediaType, bytes: bytes))
            case .series(let series):
                let index = place(
                    of: spec, xTitle: Self.common(series.map(\.xField), else: "x"),
                    yTitle: Self.common(series.map(\.field), else: "y"))
                plots[index].series += series.map {
                    .init(revision: revision, file: $0.file.description, field: $0.field, points: $0.points)
                }
            }
        } catch let error as any UserFacingError {
            problems.append((spec.id, error))
        }
    }

    private mutating func place(of spec: PlotSpec, xTitle: String, yTitle: String) -> Int {
        if let place = places[spec.id] { return place }
        places[spec.id] = plots.count
        let template = spec.template ?? PlotTemplate.linear.rawValue
        if PlotTemplate(rawValue: template) == nil {
            let known = PlotTemplate.allCases.map(\.rawValue)
            problems.append(
                (spec.id, PlotError.template(plot: spec.id, name: template, known: known, location: spec.location)))
        }
        plots.append(
            PlotsReport.Plot(
                id: spec.id, title: spec.title ?? spec.id, template: template, xTitle: spec.xLabel ?? xTitle,
                yTitle: spec.yLabel ?? yTitle))
        return plots.count - 1
    }

    /// The name that all have, as a title of an axis.
    private static func common(_ names: [String], else other: String) -> String {
        Set(names).count == 1 ? names.first ?? other : other
    }

    func report(_ revisions: [String]) -> PlotsReport {
        // With several revisions it is no mistake that one of them did not have a file yet.
        let shown = Set(plots.filter { !$0.series.isEmpty || !$0.pictures.isEmpty }.map(\.id))
        let remaining = problems.filter { problem in
            if case PlotError.fileMissing? = problem.error as? PlotError, shown.contains(problem.plot) { return false }
            return true
        }
        return PlotsReport(revisions: revisions, plots: plots, problems: remaining.map(\.error))
    }
}
