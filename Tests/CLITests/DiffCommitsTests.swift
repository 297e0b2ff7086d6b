import TestSupport
import Testing

@Suite struct DiffCommitsTests {
    @Test func `params and metrics are compared across commits, as Markdown too`() throws {
        let project = try TemporaryProject.sample()
        // The metrics file is not in Git: the commit's lock file says what it was.
        try project.write(".gitignore", "count.json\npart.txt\nloud.txt\n")
        try project.succeed("run")
        try project.commitToGit()
        try project.succeed("run", "-S", "head.lines=3")
        #expect(
            try project.succeed("params", "diff", "HEAD", "--md").stdout == """
                | Name | HEAD | workspace | Change |
                |---|---:|---:|---:|
                | head.lines | 2 | 3 | +1 |

                """)
        #expect(
            try project.succeed("metrics", "diff", "main", "--md").stdout == """
                | Name | main | workspace | Change |
                |---|---:|---:|---:|
                | line_count | 2 | 3 | +1 |

                """)
        #expect(try project.succeed("metrics", "diff", "HEAD", "last", "--json").stdout.contains("\"delta\":1"))
        #expect(try project.run("params", "diff", "no-such").status == 3)
    }
}
