package import Diagnostics
package import Files
import JSON

/// A plot to be drawn: where its data is, and how it looks.
package struct PlotSpec: Sendable, Equatable {
    /// Values of one file's field; without a field, of its last one.
    package struct Source: Sendable, Equatable {
        package var file: RelativePath
        package var field: String?

        package init(file: RelativePath, field: String?) {
            self.file = file
            self.field = field
        }
    }

    package enum Horizontal: Sendable, Equatable {
        /// The number of the row.
        case index
        /// A field of the file that the vertical values come from.
        case field(String)
        case sources([Source])
    }

    /// What people name it by: the path of its file, or a free name.
    package var id: String
    package var x: Horizontal
    package var y: [Source]
    package var template: String?
    package var title: String?
    package var xLabel: String?
    package var yLabel: String?
    /// Whether the first line of a CSV or TSV file names the fields.
    package var hasHeader = true
    package var location: SourceLocation?

    package var files: [RelativePath] {
        var files = y.map(\.file)
        if case .sources(let sources) = x { files += sources.map(\.file) }
        var seen: Set<RelativePath> = []
        return files.filter { seen.insert($0).inserted }
    }
}

/// What the command line says in place of the definitions.
package struct PlotOverrides: Sendable {
    package var template: String?
    package var x: String?
    package var y: String?
    package var title: String?
    package var xLabel: String?
    package var yLabel: String?
    package var hasNoHeader = false

    package init() {}
}

/// The plots that a pipeline declares: at the top of its files first, then those that its stages write.
///
/// A folder stands for each file in it; of several definitions that hold a file, the nearest counts. `targets` are ids,
/// files or folders; a file that nobody declared is a plot if it is named.
package func findPlots(
    _ definition: PipelineDefinition, targets: [String] = [], overrides: PlotOverrides = PlotOverrides(),
    in files: ProjectFiles
) throws -> [PlotSpec] {
    var finder = PlotFinder(files: files, overrides: overrides)
    try finder.addDefinitions(definition.plots)
    for stage in definition.stages {
        for output in stage.outputs where output.role == .plot {
            let properties = output.annotations
            try finder.add(
                path: output.path, properties, folder: stage.workingDirectory, at: output.location)
        }
    }
    return try finder.select(targets)
}

private struct PlotFinder {
    let files: ProjectFiles
    let overrides: PlotOverrides
    private var specs: [PlotSpec] = []
    private var places: [String: Int] = [:]

    init(files: ProjectFiles, overrides: PlotOverrides) {
        self.files = files
        self.overrides = overrides
    }

    mutating func addDefinitions(_ definitions: [PlotDefinition]) throws {
        let counts = Dictionary(grouping: definitions.filter(hasSources), by: \.name).mapValues(\.count)
        var found: [(place: Int, depth: Int, specs: [PlotSpec])] = []
        for (place, definition) in definitions.enumerated() {
            let (name, properties) = (definition.name, definition.properties)
            if hasSources(definition) {
                let id = counts[name, default: 1] > 1 ? "\(definition.location.file)::\(name)" : name
                let spec = try spec(id, file: nil, properties, definition.folder, definition.location)
                found.append((place, 0, [spec]))
            } else {
                let path = try RelativePath(parsing: name, relativeTo: definition.folder)
                let specs = try self.specs(path, properties, folder: definition.folder, at: definition.location)
                found.append((place, path.components.count, specs))
            }
        }
        // Of several that hold a file, the nearest counts; shown are all in the order in which they are written.
        var owners: [String: Int] = [:]
        for (place, _, specs) in found.sorted(by: { ($0.depth, -$0.place) > ($1.depth, -$1.place) }) {
            for spec in specs where owners[spec.id] == nil { owners[spec.id] = place }
        }
        for (place, _, specs) in found {
            for spec in specs where owners[spec.id] == place { insert(spec) }
        }
    }

    private func hasSources(_ definition: PlotDefinition) -> Bool {
        if case .object = definition.properties["y"] { true } else { false }
    }

    /// The plots of a path that no other definition has taken.
    mutating func add(
        path: RelativePath, _ properties: JSONObject, folder: RelativePath, at location: SourceLocation?
    ) throws {
        for spec in try specs(path, properties, folder: folder, at: location) { insert(spec) }
    }

    /// One plot for a file, or for each file below a folder.
    private func specs(
        _ path: RelativePath, _ properties: JSONObject, folder: RelativePath, at location: SourceLocation?
    ) throws -> [PlotSpec] {
        try filesAtOrBelow(path).map { try spec($0.description, file: $0, properties, folder, location) }
    }

    private func filesAtOrBelow(_ path: RelativePath) -> [RelativePath] {
        let entries = files.list(path).sorted { $0.name.lexicographicallyPrecedes($1.name) }
        if entries.isEmpty { return [path] }
        return entries.flatMap { entry -> [RelativePath] in
            let below = path.appending(name: entry.name)
            return entry.isFolder ? filesAtOrBelow(below) : [below]
        }
    }

    /// The first definition of an id counts.
    private mutating func insert(_ spec: PlotSpec) {
        if places[spec.id] != nil { return }
        places[spec.id] = specs.count
        specs.append(spec)
    }

    private func spec(
        _ id: String, file: RelativePath?, _ properties: JSONObject, _ folder: RelativePath, _ location: SourceLocation?
    ) throws -> PlotSpec {
        var spec = PlotSpec(id: id, x: .index, y: [], location: location)
        spec.template = overrides.template ?? properties.text("template")
        spec.title = overrides.title ?? properties.text("title")
        spec.xLabel = overrides.xLabel ?? properties.text("x_label")
        spec.yLabel = overrides.yLabel ?? properties.text("y_label")
        spec.hasHeader = !overrides.hasNoHeader && properties["header"] != .bool(false)
        switch overrides.x.map({ JSONValue.string($0) }) ?? properties["x"] {
        case .string(let field): spec.x = .field(field)
        case .object(let object): spec.x = .sources(try sources(object, folder))
        default: break
        }
        let y = overrides.y.map { JSONValue.string($0) } ?? properties["y"]
        switch (y, file) {
        case (.object(let object), _): spec.y = try sources(object, folder)
        case (.array(let fields), let file?): spec.y = fields.map { .init(file: file, field: $0.fieldName) }
        case (.string(let field), let file?): spec.y = [.init(file: file, field: field)]
        case (_, let file?): spec.y = [.init(file: file, field: nil)]
        case (_, nil): break
        }
        return spec
    }

    /// `{file: field}` or `{file: [field, …]}`.
    private func sources(_ object: JSONObject, _ folder: RelativePath) throws -> [PlotSpec.Source] {
        try object.pairs.flatMap { file, fields -> [PlotSpec.Source] in
            let path = try RelativePath(parsing: file, relativeTo: folder)
            guard case .array(let names) = fields else { return [.init(file: path, field: fields.fieldName)] }
            return names.map { .init(file: path, field: $0.fieldName) }
        }
    }

    mutating func select(_ targets: [String]) throws -> [PlotSpec] {
        if targets.isEmpty { return specs }
        var chosen: Set<Int> = []
        for target in targets {
            let path = try? RelativePath(parsing: target)
            func fits(_ spec: PlotSpec) -> Bool {
                if spec.id == target || spec.id.hasSuffix("::\(target)") { return true }
                guard let path else { return false }
                return !path.isRoot && spec.y.contains { $0.file.isAtOrBelow(path) }
            }
            let found = specs.indices.filter { fits(specs[$0]) }
            chosen.formUnion(found)
            guard found.isEmpty else { continue }
            guard let path, try files.read(path) != nil || !files.list(path).isEmpty else {
                throw PlotError.unknownTarget(target, nearest: nearestName(to: target, among: specs.map(\.id)))
            }
            let first = specs.count
            try add(path: path, [:], folder: .root, at: nil)
            chosen.formUnion(first..<specs.count)
        }
        return specs.indices.filter(chosen.contains).map { specs[$0] }
    }
}

extension JSONObject {
    fileprivate func text(_ key: String) -> String? {
        if case .string(let text) = self[key] { text } else { nil }
    }
}

extension JSONValue {
    /// A field may have a number for a name: the columns of a file without header have.
    fileprivate var fieldName: String? {
        switch self {
        case .string(let text): text
        case .integer(let number): "\(number)"
        default: nil
        }
    }
}
