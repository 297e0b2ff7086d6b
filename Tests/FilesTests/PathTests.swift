import Files
import Testing

@Suite struct PathTests {
    @Test(arguments: [("a", "a"), ("./a//b/", "a/b"), ("a/../b", "b"), (".", "."), ("a/..", ".")])
    func `a path is normalised`(text: String, expected: String) throws {
        #expect(try RelativePath(parsing: text).description == expected)
    }

    @Test(arguments: ["..", "a/../..", "/etc/passwd"])
    func `a path that leads out is refused`(text: String) {
        let error = #expect(throws: PathError.self) { try RelativePath(parsing: text) }
        #expect(error == .outsideProject(text))
        #expect(error?.message == "path \(text) is outside the project")
        #expect(error?.hint == "use a path inside the project's folder")
    }

    @Test func `empty and NUL are refused`() {
        #expect(throws: PathError.empty) { try RelativePath(parsing: "") }
        #expect(throws: PathError.containsNUL("a\0b")) { try RelativePath(parsing: "a\0b") }
    }

    @Test func `being below is about whole names`() throws {
        let folder = try RelativePath(parsing: "data/raw")
        #expect(try RelativePath(parsing: "data/raw/x").isAtOrBelow(folder))
        #expect(folder.isAtOrBelow(folder))
        #expect(try !RelativePath(parsing: "data/rawer").isAtOrBelow(folder))
        #expect(folder.isAtOrBelow(.root))
        #expect(try RelativePath(parsing: "data/raw/x/y").relative(to: folder)?.description == "x/y")
    }

    @Test func `absolute paths stay at the root`() {
        #expect(AbsolutePath("/a/../../b/./c").description == "/b/c")
        #expect(AbsolutePath("x", relativeTo: AbsolutePath("/y")).description == "/y/x")
        #expect(AbsolutePath("/").parent == nil)
        #expect(AbsolutePath("/a/b").relative(to: AbsolutePath("/a"))?.description == "b")
        #expect(AbsolutePath("/ab").relative(to: AbsolutePath("/a")) == nil)
    }
}
