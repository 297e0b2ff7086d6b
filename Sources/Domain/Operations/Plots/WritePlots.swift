import Charts
import Diagnostics
package import Files

package struct WritePlotsOptions: Sendable {
    package enum Format: String, Sendable, CaseIterable {
        /// One page, which needs nothing but itself.
        case html
        /// A picture for each plot.
        case svg
    }

    package var format = Format.html
    /// A folder, or a file that ends as the format says; nil: `repro-plots`.
    package var target: String?
    package var title = "Plots"

    package init() {}
}

/// Where plots go by default.
package let plotsFolderName = "repro-plots"

/// Writes plots to files; answers which. What is there under these names is replaced.
package func writePlots(
    _ report: PlotsReport, _ options: WritePlotsOptions, in surroundings: Surroundings
) throws -> [AbsolutePath] {
    let files = surroundings.fileSystem
    let target = AbsolutePath(options.target ?? plotsFolderName, relativeTo: surroundings.workingDirectory)
    let written: [(path: AbsolutePath, bytes: [UInt8])]
    switch options.format {
    case .html:
        let isFile = target.name.suffix(5).elementsEqual(".html".utf8)
        let page = report.page(title: options.title).html()
        written = [(isFile ? target : target.appending("index.html"), Array(page.utf8))]
    case .svg:
        let pictures = report.pictureFiles()
        let isFile = target.name.suffix(4).elementsEqual(".svg".utf8)
        if isFile, pictures.count > 1 { throw WritePlotsError.oneFile(target, count: pictures.count) }
        written = pictures.map { (isFile ? target : target.appending($0.name), $0.bytes) }
    }
    for (path, bytes) in written {
        if let folder = path.parent { try files.makeFolders(folder) }
        try files.writeAtomically(bytes, to: path)
    }
    // Ours alone, so that drawing a plot does not make the code of the next run look changed.
    let ignore = target.appending(".gitignore")
    if options.target == nil, !written.isEmpty, try files.status(of: ignore) == nil {
        try files.writeAtomically(Array("# Made by `repro plots`.\n/*\n".utf8), to: ignore)
    }
    return written.map(\.path)
}

enum WritePlotsError: UserFacingError, Equatable {
    case oneFile(AbsolutePath, count: Int)

    var kind: ErrorKind { .invalidInput }
    var message: String {
        switch self {
        case .oneFile(let path, let count): "\(count) plots do not go into one file, \(path)"
        }
    }
    var hint: String? { "name one plot, or a folder after --out" }
}
