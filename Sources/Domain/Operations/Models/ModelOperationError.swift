package import Diagnostics
package import Files

/// Why a registered model could not be read or changed as asked.
package enum ModelOperationError: UserFacingError, Equatable {
    case unknownModel(String, nearest: String?)
    case unknownAlias(String, model: String, nearest: String?)
    case noVersions(model: String)
    case badName(String)
    case badAlias(String)
    /// The run neither logged nor made anything there.
    case nothingThere(RelativePath, run: String)
    case filesElsewhere(model: String, version: Int64, source: String)

    static func noSuchModel(_ name: String, among names: [String]) -> Self {
        .unknownModel(name, nearest: nearestName(to: name, among: names))
    }

    static func noSuchAlias(_ alias: String, model: String, among aliases: [String]) -> Self {
        .unknownAlias(alias, model: model, nearest: nearestName(to: alias, among: aliases))
    }

    package var kind: ErrorKind {
        switch self {
        case .unknownModel, .unknownAlias, .noVersions, .nothingThere, .filesElsewhere: .notFound
        case .badName, .badAlias: .invalidInput
        }
    }

    package var message: String {
        switch self {
        case .unknownModel(let name, _): "there is no registered model `\(name)`"
        case .unknownAlias(let alias, let model, _): "model \(model) has no alias `\(alias)`"
        case .noVersions(let model): "model \(model) has no versions"
        case .badName(let name): "`\(name)` cannot be the name of a model"
        case .badAlias(let alias): "`\(alias)` cannot be an alias"
        case .nothingThere(let path, let run): "run \(run) has no artifact and no out at \(path)"
        case .filesElsewhere(let model, let version, let source):
            "the files of \(model)@\(version) are not in this store, but at \(source)"
        }
    }

    package var hint: String? {
        switch self {
        case .unknownModel(_, let nearest?), .unknownAlias(_, _, let nearest?): "did you mean `\(nearest)`?"
        case .unknownModel: "`repro models list` lists them; `repro models register` makes one"
        case .unknownAlias(_, let model, _): "`repro models show \(model)` lists its aliases"
        case .noVersions: "add one with `repro models register`"
        case .badName: "at most 256 letters, without `/`, `:` and `@`"
        case .badAlias: "letters, digits, `_` and `-`; neither `latest` nor a number, with or without a `v`"
        case .nothingThere(_, let run): "`repro show \(run)` lists what it made"
        case .filesElsewhere: "fetch them from there"
        }
    }
}
