package import Diagnostics
package import Files
package import Objects

/// What can go wrong between the user's files and the store.
package enum WorkspaceError: UserFacingError, Equatable {
    case noProject(from: AbsolutePath)
    case unknownSetting(String, nearest: String?, known: [String], SourceLocation)
    case wrongSetting(String, expected: String, found: String, SourceLocation)
    case newerConfig(version: Int64, SourceLocation)
    /// A socket, a pipe or a device.
    case specialFile(RelativePath)
    /// It was written to each time it was read.
    case keepsChanging(RelativePath)
    /// The path leads through, or to, a symbolic link that points nowhere.
    case danglingLink(RelativePath)
    case missing(RelativePath)
    /// To place a fingerprint there would lose content that is not in the store.
    case unsavedContent([RelativePath])
    /// The object is not in the store.
    case contentMissing(RelativePath, ObjectID)
    case malformedPointer(String, SourceLocation)
    case pointerVersion(found: Int64, SourceLocation)

    package var kind: ErrorKind {
        switch self {
        case .noProject, .missing, .contentMissing: .notFound
        case .unknownSetting, .wrongSetting, .newerConfig, .specialFile, .danglingLink, .malformedPointer,
            .pointerVersion:
            .invalidInput
        case .keepsChanging, .unsavedContent: .conflict
        }
    }

    package var message: String {
        switch self {
        case .noProject(let folder): "no project in \(folder) or above it"
        case .unknownSetting(let name, _, _, _): "there is no setting `\(name)`"
        case .wrongSetting(let name, let expected, let found, _): "setting `\(name)` is \(found), not \(expected)"
        case .newerConfig(let version, _): "the config has version \(version); this program reads version 1"
        case .specialFile(let path): "\(path) is neither a file nor a folder (a socket, a pipe or a device)"
        case .keepsChanging(let path): "\(path) is being written to while it is read"
        case .danglingLink(let path): "\(path) is a symbolic link to nothing"
        case .missing(let path): "\(path) does not exist"
        case .unsavedContent(let paths): Self.unsaved(paths)
        case .contentMissing(let path, let id): "the content of \(path) (object \(id)) is not in the store"
        case .malformedPointer(let what, _): "the pointer file is damaged: \(what)"
        case .pointerVersion(let found, _):
            "the pointer file has version \(found); this program reads versions up to \(PointerFile.version)"
        }
    }

    private static func unsaved(_ paths: [RelativePath]) -> String {
        let shown = paths.prefix(3).map(\.description).joined(separator: ", ")
        let more = paths.count > 3 ? " and \(paths.count - 3) more" : ""
        return "\(shown)\(more) would be overwritten, and what is there now is not saved anywhere"
    }

    package var hint: String? {
        switch self {
        case .noProject: "run `repro init` in your project's folder"
        case .unknownSetting(_, let nearest?, _, _): "did you mean `\(nearest)`?"
        case .unknownSetting(_, nil, let known, _): "known here: " + known.joined(separator: ", ")
        case .wrongSetting, .missing: nil
        case .newerConfig: "use a newer `repro`"
        case .specialFile: "remove it, or move it out of the folders that stages use"
        case .keepsChanging: "wait until whatever writes it is done, then run the command again"
        case .danglingLink: "remove the link, or make what it points to"
        case .unsavedContent: "move it away, or pass --force to lose it"
        case .contentMissing: "run the stage that makes it, or fetch it from a remote"
        case .malformedPointer: "take the last good one back from Git, or add the path again with `repro add`"
        case .pointerVersion: "use a newer `repro`"
        }
    }

    package var location: SourceLocation? {
        switch self {
        case .unknownSetting(_, _, _, let location), .wrongSetting(_, _, _, let location),
            .newerConfig(_, let location), .malformedPointer(_, let location), .pointerVersion(_, let location):
            location
        default: nil
        }
    }
}
