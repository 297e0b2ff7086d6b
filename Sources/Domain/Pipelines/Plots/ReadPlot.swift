package import Files
package import JSON
import YAML

/// What the files of a plot hold.
package enum PlotContent: Sendable {
    case series([PlotSeries])
    case picture(mediaType: String, bytes: [UInt8])
}

/// The points of one field of one file.
package struct PlotSeries: Sendable, Equatable {
    package struct Point: Sendable, Equatable {
        package let x: JSONValue
        package let y: JSONValue
    }

    package var file: RelativePath
    package var field: String
    /// What x is: the name of a field, or `step`.
    package var xField: String
    package var points: [Point]
}

/// Reads the data of a plot, with DVC's rules: all lists of mappings in a file make one table; without a `y` it is the
/// last field; without an `x` the row's number, called `step`.
package func readPlot(_ spec: PlotSpec, from files: ProjectFiles) throws -> PlotContent {
    if spec.y.count == 1, let file = spec.y.first?.file, let mediaType = pictureType(of: file) {
        guard let bytes = try files.read(file) else {
            throw PlotError.fileMissing(plot: spec.id, file: file, location: spec.location)
        }
        return .picture(mediaType: mediaType, bytes: bytes)
    }
    var reader = PlotReader(spec: spec, files: files)
    return .series(try reader.series())
}

private func pictureType(of path: RelativePath) -> String? {
    switch suffix(of: path) {
    case "png": "image/png"
    case "jpg", "jpeg": "image/jpeg"
    case "gif": "image/gif"
    case "svg": "image/svg+xml"
    default: nil
    }
}

private func suffix(of path: RelativePath) -> String {
    let name = String(decoding: path.name, as: UTF8.self).lowercased()
    let parts = name.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count > 1 ? parts.last.map(String.init) ?? "" : ""
}

private struct PlotReader {
    let spec: PlotSpec
    let files: ProjectFiles
    private var tables: [RelativePath: [JSONObject]] = [:]

    init(spec: PlotSpec, files: ProjectFiles) {
        self.spec = spec
        self.files = files
    }

    mutating func series() throws -> [PlotSeries] {
        var xs: [PlotSpec.Source] = []
        if case .sources(let sources) = spec.x { xs = sources }
        if xs.count > 1, xs.count != spec.y.count {
            throw PlotError.sourcesDiffer(
                plot: spec.id, xCount: xs.count, yCount: spec.y.count, location: spec.location)
        }
        var result: [PlotSeries] = []
        for (number, source) in spec.y.enumerated() {
            let rows = try table(source.file)
            guard let first = rows.first else { throw PlotError.noRows(plot: spec.id, file: source.file) }
            guard let field = source.field ?? first.keys.last else {
                throw PlotError.noRows(plot: spec.id, file: source.file)
            }
            try require(field, in: first, of: source.file)
            let (xField, values) = try horizontal(xs.count > 1 ? xs[number] : xs.first, for: source.file, rows)
            let points = zip(rows, values).compactMap { row, x -> PlotSeries.Point? in
                guard let y = row[field], let x else { return nil }
                return PlotSeries.Point(x: x, y: y)
            }
            result.append(PlotSeries(file: source.file, field: field, xField: xField, points: points))
        }
        return result
    }

    /// The name and the values of x, one a row.
    private mutating func horizontal(
        _ source: PlotSpec.Source?, for file: RelativePath, _ rows: [JSONObject]
    ) throws -> (field: String, values: [JSONValue?]) {
        switch spec.x {
        case .index: return ("step", rows.indices.map { .integer(Int64($0)) })
        case .field(let field):
            if let first = rows.first { try require(field, in: first, of: file) }
            return (field, rows.map { $0[field] })
        case .sources:
            guard let source else { return ("step", rows.indices.map { .integer(Int64($0)) }) }
            let others = try table(source.file)
            guard let field = source.field ?? others.first?.keys.last else {
                throw PlotError.noRows(plot: spec.id, file: source.file)
            }
            if let first = others.first { try require(field, in: first, of: source.file) }
            if others.count != rows.count {
                throw PlotError.lengthsDiffer(plot: spec.id, x: source.file, y: file)
            }
            return (field, others.map { $0[field] })
        }
    }

    private func require(_ field: String, in row: JSONObject, of file: RelativePath) throws {
        if row[field] != nil { return }
        throw PlotError.fieldMissing(
            plot: spec.id, file: file, field: field, known: row.keys, location: spec.location)
    }

    private mutating func table(_ file: RelativePath) throws -> [JSONObject] {
        if let known = tables[file] { return known }
        guard let content = try files.read(file) else {
            throw PlotError.fileMissing(plot: spec.id, file: file, location: spec.location)
        }
        let rows: [JSONObject]
        switch suffix(of: file) {
        case "csv": rows = records(DelimitedText(content, delimiter: UInt8(ascii: ",")).rows)
        case "tsv": rows = records(DelimitedText(content, delimiter: UInt8(ascii: "\t")).rows)
        case "json": rows = dataPoints(try JSONValue(parsing: content, file: file.description))
        case "yaml", "yml": rows = dataPoints(try YAMLDocument(parsing: content, file: file.description).root.value)
        case "toml", "py": rows = dataPoints(.object(try parseParamFile(content, path: file)))
        default: throw PlotError.fileType(plot: spec.id, file: file, location: spec.location)
        }
        tables[file] = rows
        return rows
    }

    private func records(_ rows: [[String]]) -> [JSONObject] {
        guard let first = rows.first else { return [] }
        let names = spec.hasHeader ? first : first.indices.map(String.init)
        return rows.dropFirst(spec.hasHeader ? 1 : 0).map { row in
            var object = JSONObject()
            for (name, value) in zip(names, row) { object[name] = delimitedValue(value) }
            return object
        }
    }
}

/// A field of a text file: a number where it reads as one.
private func delimitedValue(_ text: String) -> JSONValue {
    switch text.lowercased() {
    case "nan": return .number(.nan)
    case "inf", "infinity", "+inf": return .number(.infinity)
    case "-inf", "-infinity": return .number(-.infinity)
    default: break
    }
    if let integer = Int64(text) { return .integer(integer) }
    if let first = text.utf8.first, "+-.0123456789".utf8.contains(first), let number = Double(text) {
        return .number(number)
    }
    return .string(text)
}

/// All lists of mappings with the same keys, side by side.
private func dataPoints(_ value: JSONValue) -> [JSONObject] {
    var rows: [JSONObject] = []
    for list in lists(in: value) {
        let objects = list.compactMap { item -> JSONObject? in
            if case .object(let object) = item { object } else { nil }
        }
        guard objects.count == list.count, let first = objects.first else { continue }
        let keys = Set(first.keys)
        guard objects.allSatisfy({ keys.isSuperset(of: $0.keys) }) else { continue }
        for (index, object) in objects.enumerated() {
            if index == rows.count { rows.append([:]) }
            for (key, value) in object.pairs { rows[index][key] = value }
        }
    }
    return rows
}

private func lists(in value: JSONValue) -> [[JSONValue]] {
    switch value {
    case .array(let items): [items]
    case .object(let object):
        object.pairs.flatMap { pair -> [[JSONValue]] in
            switch pair.value {
            case .array, .object: lists(in: pair.value)
            default: []
            }
        }
    default: []
    }
}
