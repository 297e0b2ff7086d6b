import Files
import Objects
import Testing

/// Stores that each version of the program has written, kept for ever: `repro add` of the same folder.
@Suite struct FormatSampleTests {
    static let versions = 1...ObjectStore.version

    /// As it stands in the pointer file.
    let id = "9bee7ce25da7d8150507fab633c27a61"

    func folder(_ version: Int) -> AbsolutePath {
        AbsolutePath(#filePath + "/../../../fixtures/formats/\(version)/store")
    }

    @Test(arguments: versions)
    func `what a program of each version has stored is read`(version: Int) throws {
        let store = try ObjectStore.open(at: folder(version))
        let report = try store.verify()
        #expect(report.isWhole)
        #expect(report.objectCount == 35)
        #expect(report.strangers == [])
        let root = try #require(ObjectID(hex: id))
        let digest = try #require(try store.digest(of: root))
        let tree = try store.readTree(digest)
        #expect(tree.fileCount == 33)
        var names: [String] = []
        for entry in tree.entries {
            names.append(String(decoding: entry.name, as: UTF8.self))
            switch entry.content {
            case .file(let digest, _): #expect(Digest(of: try store.read(digest)) == digest)
            case .folder(let below, let count, _):
                #expect(count == 30)
                for entry in try store.readTree(below).entries {
                    guard case .file(let digest, _) = entry.content else { continue }
                    let text = String(decoding: try store.read(digest), as: UTF8.self)
                    #expect(text == "file \(String(decoding: entry.name.dropLast(4), as: UTF8.self))\n")
                }
            case .symbolicLink: Issue.record("there is none")
            }
        }
        #expect(names == ["empty", "numbers.txt", "one.txt", "sub"])
    }

    @Test func `the sample of this version has a pack, that of the first has none`() throws {
        #expect(try FileSystem.real.status(of: folder(1).appending("packs")) == nil)
        #expect(try FileSystem.real.openFolder(folder(2).appending("packs")).names().count == 2)
    }
}
