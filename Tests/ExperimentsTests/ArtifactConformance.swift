import Files
import Testing

@testable import Experiments

@Suite struct ArtifactConformance {
    @Test(arguments: StoreUnderTest.allCases)
    func `a folder is listed one level deep`(kind: StoreUnderTest) throws {
        let store = try kind.make()
        for path in ["r/a", "r/a-b", "r/d/x", "r/d/y/z", "r/d0", "r/é", "s"] { try store.put(path) }
        #expect(try names(store, "r") == ["a 1000", "a-b 1000", "d -", "d0 1000", "é 1000"])
        #expect(try names(store, "r/d") == ["x 1000", "y -"])
        #expect(try names(store, "r/a") == [])
        #expect(try names(store, "absent") == [])
        #expect(try store.listArtifacts(in: .root).map { String(decoding: $0.name, as: UTF8.self) } == ["r", "s"])
        #expect(try store.artifacts(atOrBelow: path("r/d")).map(\.path.description) == ["r/d/x", "r/d/y/z"])
        #expect(try store.artifacts(atOrBelow: path("r/a")).count == 1)
    }

    @Test(arguments: StoreUnderTest.allCases)
    func `a file takes the place of a file, but not of a folder`(kind: StoreUnderTest) throws {
        let store = try kind.make()
        try store.put("r/a", number: 1)
        try store.put("r/a", number: 2)
        #expect(try store.artifact(path("r/a"))?.digest == makeDigest(2))
        #expect(throws: ArtifactError.parentIsFile(try path("r/a/b"))) { try store.put("r/a/b") }
        #expect(throws: ArtifactError.isFolder(try path("r"))) { try store.put("r") }
        #expect(throws: ArtifactError.self) {
            try store.putArtifact(
                Artifact(path: .root, digest: try makeDigest(1), modifiedAt: moment(1)))
        }
    }

    @Test(arguments: StoreUnderTest.allCases)
    func `removing takes a file, or a folder and nothing beside it`(kind: StoreUnderTest) throws {
        let store = try kind.make()
        for path in ["r/d/x", "r/d/y", "r/d0", "r/d-1"] { try store.put(path) }
        #expect(try store.removeArtifacts(atOrBelow: path("r/d")) == 2)
        #expect(try store.removeArtifacts(atOrBelow: path("r/d")) == 0)
        #expect(try names(store, "r") == ["d-1 1000", "d0 1000"])
    }

    private func path(_ text: String) throws -> RelativePath { try RelativePath(parsing: text) }

    private func names(_ store: any TrackingStore, _ folder: String) throws -> [String] {
        try store.listArtifacts(in: path(folder)).map { entry in
            "\(String(decoding: entry.name, as: UTF8.self)) \(entry.sizeBytes.map { String($0) } ?? "-")"
        }
    }
}

extension ArtifactIndex {
    fileprivate func put(_ path: String, number: UInt8 = 1) throws {
        try putArtifact(
            Artifact(path: try RelativePath(parsing: path), digest: try makeDigest(number), modifiedAt: moment(1)))
    }
}
