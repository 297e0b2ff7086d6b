package import Diagnostics
package import Files

/// Why tracked data could not be dealt with as asked.
package enum DataError: UserFacingError, Equatable {
    case wholeProject
    /// In a folder of ours or of version control.
    case notData(RelativePath)
    case containsTracked(RelativePath, tracked: RelativePath)
    case isOutput(RelativePath, stage: String, output: RelativePath)
    case trackedByGit(RelativePath)
    case notRecorded(RelativePath, nearest: String?)
    /// The record covers the path, but has nothing there.
    case notInRecord(RelativePath, record: RelativePath)
    case partOfTracked(RelativePath, tracked: RelativePath)
    case notAFile(RelativePath)
    /// By a line of an ignore file.
    case isIgnored(RelativePath, SourceLocation)
    /// A pattern that no path fits.
    case nothingFits(String)
    /// DVC has recorded the path, and neither its cache nor a remote on this machine has the content.
    case lackedByDVC(RelativePath, record: RelativePath)
    /// A project that uses the store cannot be found, so that nobody knows what it needs.
    case lostProject(AbsolutePath)

    package var kind: ErrorKind {
        switch self {
        case .notRecorded, .notInRecord, .nothingFits, .lackedByDVC: .notFound
        case .wholeProject, .notData, .notAFile, .isIgnored: .invalidInput
        case .containsTracked, .isOutput, .trackedByGit, .partOfTracked, .lostProject: .conflict
        }
    }

    package var message: String {
        switch self {
        case .wholeProject: "the project's own folder cannot be tracked as a whole"
        case .notData(let path): "\(path) belongs to Repro, Git or DVC and cannot be tracked"
        case .containsTracked(let path, let tracked): "\(path) holds \(tracked), which is tracked by itself"
        case .isOutput(let path, let stage, let output):
            path == output
                ? "\(path) is an out of stage \(stage), which keeps it already"
                : "\(path) overlaps \(output), an out of stage \(stage)"
        case .trackedByGit(let path): "\(path) is in Git, which would keep a second copy of it"
        case .notRecorded(let path, _): "\(path) is neither tracked nor an out of a stage that has run"
        case .notInRecord(let path, let record): "what is recorded of \(record) has no \(path)"
        case .partOfTracked(let path, let tracked): "\(path) is in \(tracked), which is tracked as a whole"
        case .notAFile(let path): "\(path) is a folder or a symbolic link, not a file"
        case .isIgnored(let path, let rule): "\(path) is ignored by \(rule.file), line \(rule.line)"
        case .nothingFits(let pattern): "no file and no folder fits \(pattern)"
        case .lackedByDVC(let path, let record): "DVC's cache lacks the content of \(path), which \(record) records"
        case .lostProject(let root): "the project \(root) uses this store, and is not there now"
        }
    }

    package var hint: String? {
        switch self {
        case .wholeProject: "name the files and folders that hold data"
        case .notData, .isOutput: nil
        case .containsTracked(_, let tracked): "`repro remove \(tracked)` first, or add other paths"
        case .trackedByGit(let path): "`git rm -r --cached \(path)` takes it out of Git and leaves the files"
        case .notRecorded(_, let nearest?): "did you mean `\(nearest)`?"
        case .notRecorded: "`repro status` lists what is recorded; `repro add` records more"
        case .partOfTracked(_, let tracked): "change the files, then `repro add \(tracked)`"
        case .notAFile(let path): "`repro get \(path)` copies it"
        case .isIgnored(_, let rule): "change \(rule.file), or add other paths"
        case .nothingFits: "`*` fits within one name, `**/` any folders; names that begin with a dot must be spelled"
        case .notInRecord: "list what it holds with `repro diff`"
        case .lackedByDVC: "fetch it: `repro fetch` reads DVC's remotes, too"
        case .lostProject(let root): "mount or restore it; if it is no more, pass --forget-project \(root)"
        }
    }
}
