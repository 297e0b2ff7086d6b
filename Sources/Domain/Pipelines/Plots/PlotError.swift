package import Diagnostics
package import Files

/// Why a plot cannot be drawn, or not wholly.
package enum PlotError: UserFacingError, Equatable {
    case unknownTarget(String, nearest: String?)
    case fileMissing(plot: String, file: RelativePath, location: SourceLocation?)
    case fileType(plot: String, file: RelativePath, location: SourceLocation?)
    case noRows(plot: String, file: RelativePath)
    case fieldMissing(plot: String, file: RelativePath, field: String, known: [String], location: SourceLocation?)
    case lengthsDiffer(plot: String, x: RelativePath, y: RelativePath)
    case sourcesDiffer(plot: String, xCount: Int, yCount: Int, location: SourceLocation?)
    case template(plot: String, name: String, known: [String], location: SourceLocation?)

    package var kind: ErrorKind {
        switch self {
        case .unknownTarget, .fileMissing: .notFound
        default: .invalidInput
        }
    }

    package var message: String {
        switch self {
        case .unknownTarget(let target, _): "there is no plot and no file \(target)"
        case .fileMissing(let plot, let file, _): "plot \(plot): \(file) does not exist"
        case .fileType(let plot, let file, _):
            "plot \(plot): \(file) is neither JSON, YAML, CSV or TSV, nor a picture"
        case .noRows(let plot, let file): "plot \(plot): \(file) holds no list of points"
        case .fieldMissing(let plot, let file, let field, let known, _):
            "plot \(plot): \(file) has no field \(field); it has \(known.joined(separator: ", "))"
        case .lengthsDiffer(let plot, let x, let y):
            "plot \(plot): \(x) and \(y) do not have as many points as each other"
        case .sourcesDiffer(let plot, let xCount, let yCount, _):
            "plot \(plot): \(xCount) fields for x do not go with \(yCount) for y"
        case .template(let plot, let name, _, _): "plot \(plot): template \(name) is not known; lines are drawn"
        }
    }

    package var hint: String? {
        switch self {
        case .unknownTarget(_, let nearest):
            nearest.map { "did you mean \($0)?" } ?? "`repro plots show --json` lists all plots"
        case .fileMissing: "`repro run` makes it, if a stage does; else correct the path"
        case .fileType: "give the file a name that ends in .json, .yaml, .csv, .tsv or that of a picture"
        case .noRows: "a plot is a list of mappings, such as [{\"step\": 0, \"loss\": 0.5}]"
        case .fieldMissing(_, _, let field, let known, _):
            nearestName(to: field, among: known).map { "did you mean \($0)?" }
        case .lengthsDiffer, .sourcesDiffer: "name one field for x, or one for each field of y"
        case .template(_, _, let known, _): "known are \(known.joined(separator: ", "))"
        }
    }

    package var location: SourceLocation? {
        switch self {
        case .fileMissing(_, _, let location), .fileType(_, _, let location),
            .fieldMissing(_, _, _, _, let location), .sourcesDiffer(_, _, _, let location),
            .template(_, _, _, let location):
            location
        case .unknownTarget, .noRows, .lengthsDiffer: nil
        }
    }
}
