import Diagnostics
import Files
import JSON
import Operations
import Pipelines

/// What `repro plots show` and `repro plots diff` have in common: how plots look, where they go, how they are printed.
enum PlotsArguments {
    private static let format = OptionSpec.value(
        "format", .choice("FORMAT", of: WritePlotsOptions.Format.allCases.map(\.rawValue)),
        help: "html: one page, which needs no network; svg: a picture for each plot")
    private static let out = OptionSpec.value(
        "out", short: "o", .text("PATH", completes: .files),
        help: "A folder, or a file that ends in .html or .svg; else \(plotsFolderName)")
    private static let template = OptionSpec.value(
        "template", short: "t", .choice("TEMPLATE", of: PlotTemplate.allCases.map(\.rawValue)), help: "How to draw")
    private static let x = OptionSpec.value("x", short: "x", .text("FIELD"), help: "The field of the horizontal axis")
    private static let y = OptionSpec.value("y", short: "y", .text("FIELD"), help: "The field of the vertical axis")
    private static let title = OptionSpec.value("title", .text("TEXT"), help: "The title of the plots")
    private static let xLabel = OptionSpec.value("x-label", .text("TEXT"), help: "The title of the horizontal axis")
    private static let yLabel = OptionSpec.value("y-label", .text("TEXT"), help: "The title of the vertical axis")
    private static let noHeader = OptionSpec.flag(
        "no-header", help: "The first line of a CSV or TSV file is data; fields are called 0, 1, …")

    static let options = [format, out, template, x, y, title, xLabel, yLabel, noHeader]

    static func overrides(_ arguments: ParsedArguments) -> PlotOverrides {
        var overrides = PlotOverrides()
        overrides.template = arguments.value(of: template)
        overrides.x = arguments.value(of: x)
        overrides.y = arguments.value(of: y)
        overrides.title = arguments.value(of: title)
        overrides.xLabel = arguments.value(of: xLabel)
        overrides.yLabel = arguments.value(of: yLabel)
        overrides.hasNoHeader = arguments.has(noHeader)
        return overrides
    }

    static func show(_ report: PlotsReport, title: String, _ call: Invocation) throws -> ExitStatus {
        if call.printsJSON {
            call.output.json(json(report))
            return .done
        }
        for problem in report.problems { call.warn(problem) }
        if report.plots.isEmpty {
            call.note("there are no plots: declare some with `plots:` in the pipeline file")
            return .done
        }
        var options = WritePlotsOptions()
        options.format = call.arguments.value(of: format).flatMap(WritePlotsOptions.Format.init) ?? .html
        options.target = call.arguments.value(of: out)
        options.title = title
        for path in try writePlots(report, options, in: call.surroundings) {
            call.output.line(printable(path.description))
        }
        return .done
    }

    private static func json(_ report: PlotsReport) -> JSONValue {
        .object([
            "revisions": JSONValue(report.revisions),
            "plots": .array(
                report.plots.map { plot in
                    .object([
                        "id": .string(plot.id), "title": .string(plot.title), "template": .string(plot.template),
                        "x": .string(plot.xTitle), "y": .string(plot.yTitle),
                        "series": .array(plot.series.map { JSONValue($0) }),
                        "pictures": .array(
                            plot.pictures.map { picture in
                                .object([
                                    "revision": .string(picture.revision), "file": .string(picture.file),
                                    "mediaType": .string(picture.mediaType),
                                    "bytes": .integer(Int64(picture.bytes.count)),
                                ])
                            }),
                    ])
                }),
            "problems": .array(report.problems.map { JSONValue($0) }),
        ])
    }
}

extension JSONValue {
    fileprivate init(_ series: PlotsReport.Series) {
        self = .object([
            "revision": .string(series.revision), "file": .string(series.file), "field": .string(series.field),
            "points": .array(series.points.map { .object(["x": $0.x, "y": $0.y]) }),
        ])
    }
}
