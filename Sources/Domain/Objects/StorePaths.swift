import Files
import Hashing

/// Where things are in a store's folder.
struct StorePaths: Sendable {
    let objects: AbsolutePath
    let incoming: AbsolutePath
    /// What a collection of garbage has set aside; there only while one runs, or after one was killed.
    let trash: AbsolutePath
    /// The lock of a collection of garbage; shared by those who begin work.
    let gate: AbsolutePath
    let projects: AbsolutePath
    let packs: AbsolutePath

    static let compressedSuffix = ".zst"

    init(folder: AbsolutePath) {
        objects = folder.appending("objects")
        incoming = folder.appending("incoming")
        trash = folder.appending("trash")
        gate = folder.appending("gate")
        projects = folder.appending("projects")
        packs = folder.appending("packs")
    }

    func fanOut(_ id: ObjectID) -> AbsolutePath { objects.appending(String(id.description.prefix(2))) }

    func plain(_ id: ObjectID) -> AbsolutePath {
        let digits = id.description
        return objects.appending("\(digits.prefix(2))/\(digits.dropFirst(2))")
    }

    func compressed(_ id: ObjectID) -> AbsolutePath {
        let digits = id.description
        return objects.appending("\(digits.prefix(2))/\(digits.dropFirst(2))\(Self.compressedSuffix)")
    }

    func pack(_ name: PackName) -> AbsolutePath { packs.appending("\(name)\(PackFormat.packSuffix)") }

    func packIndex(_ name: PackName) -> AbsolutePath { packs.appending("\(name)\(PackFormat.indexSuffix)") }

    /// Its time says when a process last said that it needs the pack.
    func held(_ name: PackName) -> AbsolutePath { packs.appending("\(name)\(PackFormat.heldSuffix)") }

    func loose(_ id: ObjectID, isCompressed: Bool) -> AbsolutePath { isCompressed ? compressed(id) : plain(id) }

    func setAside(_ id: ObjectID, isCompressed: Bool) -> AbsolutePath {
        trash.appending(id.description + (isCompressed ? Self.compressedSuffix : ""))
    }

    /// Where a file in `trash/` of this name came from; nil for a name that we would not give.
    func place(ofSetAside name: [UInt8]) -> AbsolutePath? {
        if PackName(name, suffix: PackFormat.packSuffix) ?? PackName(name, suffix: PackFormat.indexSuffix) != nil {
            return packs.appending(RelativePath(unchecked: name))
        }
        guard let (id, isCompressed) = Self.object(fanOut: Array(name.prefix(2)), name: Array(name.dropFirst(2))) else {
            return nil
        }
        return isCompressed ? compressed(id) : plain(id)
    }

    /// The object whose plain file is at `path`.
    func object(at path: [UInt8]) -> ObjectID? {
        guard let below = AbsolutePath(bytes: path).relative(to: objects), path.first == UInt8(ascii: "/") else {
            return nil
        }
        let components = below.components
        guard components.count == 2, components[0].count == 2 else { return nil }
        return ObjectID(hex: String(decoding: components[0] + components[1], as: UTF8.self))
    }

    /// The object that a file of a fan-out folder holds, and in which form; nil for a name that we would not give.
    static func object(fanOut: [UInt8], name: [UInt8]) -> (id: ObjectID, isCompressed: Bool)? {
        let suffix = Array(compressedSuffix.utf8)
        let isCompressed = name.count > suffix.count && name.suffix(suffix.count).elementsEqual(suffix)
        let digits = String(decoding: fanOut + (isCompressed ? name.dropLast(suffix.count) : name[...]), as: UTF8.self)
        guard fanOut.count == 2, let id = ObjectID(hex: digits), id.description == digits else { return nil }
        return (id, isCompressed)
    }
}
