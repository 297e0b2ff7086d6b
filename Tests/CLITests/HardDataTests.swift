import Files
import Glibc
import TestSupport
import Testing

/// Data as file systems may have it, and commands beside each other.
@Suite struct HardDataTests {
    let project: TemporaryProject

    init() throws {
        project = try TemporaryProject()
        try project.succeed("init")
    }

    private func listing(_ folder: String) throws -> String {
        try project.shell("cd '\(folder)' && find . -printf '%P %y %l %m\\0' | sort -z | od -An -c").stdout
    }

    @Test func `strange names come back byte for byte`() throws {
        let line = #"""
            mkdir data && cd data && printf 1 > "$(printf 'a\nb')" && printf 2 > "$(printf '\377\376')" && printf 3 > Case &&
            printf 4 > case && printf 5 > ' ' && printf 6 > '-rf' && printf 7 > '"' && printf 8 > "$(printf 'caf\303\251')" &&
            printf 9 > "$(printf 'cafe\314\201')" && mkdir "$(printf 'dir\n')" && printf x > "$(printf 'dir\n')/x" &&
            printf y > '\' && printf z > "$(printf '%0255d' 7)" && chmod +x case
            """#
        #expect(try project.shell(line).status == 0)
        let before = try listing("data")
        #expect(try project.run("add", "data").stdout.hasSuffix("12 files\n"))
        #expect(try project.run("status", "--check").status == 0)
        project.remove("data")
        try project.succeed("checkout")
        #expect(try listing("data") == before)
        #expect(try project.run("status", "--check").status == 0)
        #expect(try project.shell("cat data/case data/Case \"$(printf 'data/a\\nb')\"").stdout == "431")
        #expect(try project.run("cat", "data/a\nb").stdout == "1")
    }

    @Test func `symbolic links are kept as links and never followed out of the tree`() throws {
        try project.write("../secret", "not yours")
        try project.write("data/x", "x")
        let line = """
            cd data && ln -s ../../secret out && ln -s /etc/passwd absolute && ln -s x in && ln -s nowhere dangling &&
            ln -s . loop && ln -s .. up
            """
        #expect(try project.shell(line).status == 0)
        let before = try listing("data")
        #expect(try project.run("add", "data").stdout == "added  data  1 B  7 files\n")
        #expect(try project.shell("grep -r 'not yours' .repro").status == 1)
        project.remove("data")
        try project.succeed("checkout")
        #expect(try listing("data") == before)
    }

    @Test func `pipes and devices are refused by their name, and may be ignored`() throws {
        try project.write("data/x", "x")
        #expect(try project.shell("mkfifo data/pipe").status == 0)
        let refused = try project.run("add", "data")
        #expect(refused.status == 2)
        #expect(
            refused.stderr == """
                error: data/pipe is neither a file nor a folder (a socket, a pipe or a device)
                hint: remove it, or move it out of the folders that stages use

                """)
        #expect(!project.exists("data.repro"))
        #expect(try project.run("add", "data/pipe").status == 2)
        try project.write(".reproignore", "pipe\n")
        #expect(try project.run("add", "data").stdout == "added  data  1 B  1 file\n")
    }

    @Test func `a path as long as the system takes is kept, and a longer one is not restored, which is said`() throws {
        // Names of 200 bytes, as deep as it goes from here: one folder less than what the system can open by its path.
        let depth = (4095 - project.root.bytes.count - "/data".utf8.count - "/last".utf8.count) / 201
        let line = """
            name=$(printf '%0200d' 1); mkdir data; cd data; i=0
            while [ $i -lt \(depth) ]; do mkdir $name && cd -P $name; i=$((i+1)); done; printf deep > last
            """
        #expect(try project.shell("bash -c \"\(line.replacing("$", with: "\\$"))\"").status == 0)
        #expect(try project.run("add", "data").status == 0)
        #expect(try project.run("status", "--check").status == 0)
        #expect(try project.shell("mv data other").status == 0)
        try project.succeed("checkout")
        #expect(try project.shell("diff -r data other").status == 0)
        let deeper = """
            name=$(printf '%0200d' 1); cd other; i=0; while [ $i -lt \(depth) ]; do cd -P $name; i=$((i+1)); done
            mkdir $name; cd $name; printf deeper > last
            """
        #expect(try project.shell("bash -c \"\(deeper.replacing("$", with: "\\$"))\"").status == 0)
        // Folder by folder it can still be read, and is kept.
        try project.succeed("add", "other")
        #expect(try project.run("verify", "--path", "other").status == 0)
        // By its path it cannot be made again.
        #expect(try project.shell("mv other elsewhere").status == 0)
        let tooDeep = try project.run("checkout", "other")
        #expect(tooDeep.status != 0 && tooDeep.status != 70)
        #expect(tooDeep.stderr.contains("00001/"))
    }

    // MARK: Beside each other

    @Test func `two adds at once both succeed, and Git ignores both`() throws {
        #expect(try project.shell("git init -q").status == 0)
        for name in ["one", "two", "three"] {
            for number in 0..<60 { try project.write("\(name)/\(number)", "\(name) \(number % 20)") }
        }
        let programs = try ["one", "two", "three"].map { try project.start(["add", $0]) }
        for program in programs { #expect(program.wait().status == 0) }
        #expect(try project.shell("sort .gitignore").stdout == "/one\n/three\n/two\n")
        #expect(try project.run("status", "--check").status == 0)
        #expect(try project.run("verify", "--store").status == 0)
    }

    @Test func `add, gc and run beside each other lose nothing`() throws {
        try project.write(
            "repro.yaml",
            "stages:\n  s: {cmd: 'cat in.txt in.txt > out.txt', deps: [in.txt], outs: [out.txt], params: [n]}\n")
        try project.write("in.txt", "input\n")
        for round in 1...6 {
            try project.write("params.yaml", "n: \(round)\n")
            for number in 0..<40 { try project.write("data/\(number)", "\(round) \(number)") }
            let programs = [
                try project.start(["add", "data"]), try project.start(["gc"]), try project.start(["run", "-q"]),
                try project.start(["gc"]),
            ]
            let results = programs.map { $0.wait() }
            #expect(results[0].status == 0, "\(results[0].stderr)")
            #expect(results[2].status == 0, "\(results[2].stderr)")
            // Two collections do not go on at once; the second may say so.
            for result in [results[1], results[3]] { #expect([0, 4].contains(result.status), "\(result.stderr)") }
            #expect(try project.run("verify", "--store").status == 0)
            #expect(try project.run("verify", "--path", "data", "--path", "out.txt").status == 0)
        }
        project.remove("data")
        project.remove("out.txt")
        try project.succeed("checkout")
        #expect(try project.read("data/7") == "6 7")
    }

    @Test(arguments: [SIGINT, SIGTERM, SIGKILL])
    func `a stopped add or checkout leaves nothing broken, and the next one ends the work`(signal: Int32) throws {
        for number in 0..<400 { try project.write("data/\(number % 7)/\(number)", "content \(number)") }
        let whole = try listing("data")
        let other = try TemporaryProject()
        try other.succeed("init")
        #expect(try project.shell("cp -r data '\(other.root)/'").status == 0)
        let duration = try ContinuousClock().measure { try other.succeed("add", "data") }
        var random = SeededRandom(seed: UInt64(signal))
        for round in 0..<8 {
            try project.write("data/0/0", "round \(round)")
            let program = try project.start(["add", "data"])
            usleep(UInt32(random.next(below: Int(duration / .microseconds(1)) + 1)))
            program.send(signal)
            let status = program.wait().status
            #expect([0, 130, 128 + signal].contains(status))
            #expect(try project.run("verify", "--store").status == 0)
            // A pointer is whole or not there.
            if project.exists("data.repro") { #expect([0, 1].contains(try project.run("status", "--check").status)) }
        }
        try project.write("data/0/0", "content 0")
        try project.succeed("add", "data")
        for _ in 0..<8 {
            project.remove("data/3")
            project.remove("data/5")
            let program = try project.start(["checkout"])
            usleep(UInt32(random.next(below: Int(duration / .microseconds(1)) + 1)))
            program.send(signal)
            _ = program.wait()
            // Each file that is there is whole: nothing is reported as changed.
            let changed = try project.shell("repro diff | grep -c '^changed'").stdout
            #expect(changed == "0\n")
        }
        // One that has work to do tidies up after those that were stopped.
        project.remove("data/3")
        try project.succeed("checkout")
        #expect(try listing("data") == whole)
        #expect(try project.files(below: ".repro/tmp") == [])
        #expect(try project.shell("find data -name '.repro-unfinished-*' | wc -l").stdout == "0\n")
    }
}
