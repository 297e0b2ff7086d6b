import Diagnostics
import Objects

/// Words about data, shared by the commands that show it.
enum DataText {
    /// `15 files`, or nothing for a single file.
    static func kind(of fingerprint: Fingerprint) -> String {
        if case .folder(let fileCount) = fingerprint.kind { Formats.count(fileCount, "file") } else { "" }
    }
}

extension Invocation {
    /// Prints what went wrong at single items while the others went on.
    func report(_ failures: [any UserFacingError]) {
        output.flush()
        for failure in failures {
            for line in ErrorReport(failure).lines(palette: errors.palette) { errors.line(line) }
        }
    }

    /// That of the first failure.
    func status(of failures: [any UserFacingError]) -> ExitStatus {
        failures.first.map { .found($0.kind) } ?? .done
    }
}
