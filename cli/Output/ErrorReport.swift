import Diagnostics
import JSON

/// An error as the program prints it, and the exit code that goes with it.
struct ErrorReport {
    let kind: ErrorKind
    let message: String
    let hint: String?
    let location: SourceLocation?

    /// An error outside the protocol is a mistake of ours, and says so.
    init(_ error: any Error) {
        if let error = error as? any UserFacingError {
            kind = error.kind
            message = error.message
            hint = error.hint
            location = error.location
        } else {
            kind = .internal
            message = "internal error: \(error)"
            hint = "this is a bug of Repro; please report it with the command that you ran"
            location = nil
        }
    }

    /// `error: repro.yaml:14:3: …`, and the hint on a line of its own.
    func lines(palette: Palette, label: String = "error", style: Style = .bad) -> [String] {
        let place = location.map { "\($0): " } ?? ""
        let first = palette.paint("\(label):", style) + " \(place)\(message)"
        return [first] + (hint.map { [palette.paint("hint:", .notice) + " \($0)"] } ?? [])
    }

    /// What is printed with --json: `{"error": …}`.
    var json: JSONValue { .object(["error": fields]) }

    var fields: JSONValue {
        var fields: JSONObject = [
            "kind": .string(kind.rawValue), "exitCode": .integer(Int64(kind.exitCode)), "message": .string(message),
        ]
        if let hint { fields["hint"] = .string(hint) }
        if let location {
            fields["location"] = .object([
                "file": .string(location.file), "line": .integer(Int64(location.line)),
                "column": .integer(Int64(location.column)),
            ])
        }
        return .object(fields)
    }
}
