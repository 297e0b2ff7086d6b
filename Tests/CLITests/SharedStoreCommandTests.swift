import TestSupport
import Testing

/// A store that the users of a group share, through the commands.
@Suite struct SharedStoreCommandTests {
    @Test func `all that a run, an add and a collection leave in it may be changed by the group`() throws {
        let project = try TemporaryProject.sample()
        let store = project.path("../store")
        #expect(try project.shell("mkdir \(store) && chmod 2775 \(store)").status == 0)
        try project.write(".repro/config.yaml", "version: 1\nstore:\n  path: \(store)\n")
        try project.write("data/x", "x")
        #expect(try project.shell("umask 077 && repro run -q && repro add -q data && repro gc -q").status == 0)
        #expect(try project.shell("find \(store)/run-cache -name '*.json' | grep -c .").stdout != "0\n")
        let folders = try project.shell("find \(store) -type d ! -perm -2070")
        #expect(folders.stdout == "")
        let files = try project.shell("find \(store) -type f ! -perm -060 ! -perm -440")
        #expect(files.stdout == "")
    }
}
