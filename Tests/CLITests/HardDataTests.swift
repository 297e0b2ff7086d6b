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
        try project.write(".reproignore", "pipe\nsocket\ndisk\n")
        #expect(try project.run("add", "data").stdout == "added  data  1 B  1 file\n")
        var others = [
            ("socket", "python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind(\"data/socket\")'")
        ]
        if getuid() == 0 { others.append(("disk", "mknod data/disk b 7 0")) }
        for (name, line) in others {
            // Containers often may not make devices.
            guard try project.shell(line).status == 0 else { continue }
            #expect(try project.run("add", "data").status == 0)
            project.remove(".reproignore")
            project.remove("data/pipe")
            for command in [["add", "data"], ["add", "data/\(name)"], ["status"]] {
                let refused = try project.run(command)
                #expect(refused.stderr.contains("data/\(name) is neither a file nor a folder"), "\(command)")
            }
            project.remove("data/\(name)")
            try project.write(".reproignore", "\(name)\ndisk\n")
        }
        // A checkout puts no file in the place of one, and loses none.
        #expect(try project.shell("rm data/x && mkfifo data/x").status == 0)
        #expect(try project.run("checkout").status == 2)
        #expect(try project.shell("test -p data/x").status == 0)
    }

    @Test func `a file that may not be read is named, and nothing is recorded`() throws {
        try project.write("data/open", "x")
        try project.write("data/secret", "y")
        var command = ["repro", "add", "data"]
        if getuid() == 0 {
            // Root may read all.
            let line = "chmod 755 .. . && chown -R nobody . && chmod 000 data/secret"
            #expect(try project.shell(line).status == 0)
            command = ["setpriv", "--reuid=nobody", "--clear-groups"] + command
        } else {
            #expect(try project.shell("chmod 000 data/secret").status == 0)
        }
        let refused = try project.shell(command.joined(separator: " "))
        #expect(refused.status == 7, "\(refused.stderr)")
        #expect(refused.stderr.contains("permission denied while opening \(project.root)/data/secret"))
        #expect(!project.exists("data.repro"))
        #expect(try project.shell("chmod 600 data/secret").status == 0)
        #expect(try project.shell(command.joined(separator: " ")).status == 0)
    }

    @Test func `a path as long as the system takes comes back, and so does a longer one`() throws {
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
        try project.succeed("add", "other")
        #expect(try project.run("verify", "--path", "other").status == 0)
        #expect(try project.shell("mv other elsewhere").status == 0)
        try project.succeed("checkout", "other")
        #expect(try project.shell("find other -name last -size -2 | wc -l").stdout == "2\n")
        #expect(try project.run("status", "--check").status == 0)
        // Changed, moved and removed, too.
        let change = """
            name=$(printf '%0200d' 1); cd other; i=0; while [ $i -le \(depth) ]; do cd -P $name; i=$((i+1)); done
            printf changed > last
            """
        #expect(try project.shell("bash -c \"\(change.replacing("$", with: "\\$"))\"").status == 0)
        #expect(try project.run("diff").stdout.contains("changed  other/"))
        try project.succeed("checkout", "--force", "other")
        try project.succeed("move", "other", "moved")
        try project.succeed("get", "moved", "copied")
        #expect(try project.run("status", "moved").status != 70)
        try project.succeed("remove", "--files", "moved")
        #expect(!project.exists("moved"))
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

    @Test func `two projects that add, collect and run at once in one store lose nothing`() throws {
        let config = "version: 1\nstore:\n  path: \(project.path("../store"))\n"
        let other = try TemporaryProject([
            ".repro/config.yaml": config, "in.txt": "input\n",
            "repro.yaml":
                "stages:\n  s: {cmd: 'cat in.txt in.txt > out.txt', deps: [in.txt], outs: [out.txt], params: [n]}\n",
        ])
        try project.write(".repro/config.yaml", config)
        for round in 1...6 {
            try other.write("params.yaml", "n: \(round)\n")
            // Half of it is the same in both.
            for number in 0..<60 {
                try project.write("data/\(number)", "\(round) \(number)")
                try other.write("data/\(number)", "\(round) \(number % 2 == 0 ? number : -number)")
            }
            let programs = [
                try project.start(["add", "data"]), try other.start(["add", "data"]), try project.start(["gc"]),
                try other.start(["run", "-q"]),
            ]
            let results = programs.map { $0.wait() }
            for number in [0, 1, 3] { #expect(results[number].status == 0, "\(results[number].stderr)") }
            #expect([0, 4].contains(results[2].status), "\(results[2].stderr)")
            #expect(try project.run("verify", "--store").status == 0)
        }
        for each in [project, other] {
            each.remove("data")
            try each.succeed("gc")
            try each.succeed("checkout")
            #expect(try each.run("status", "--check").status == 0)
        }
        #expect(try other.read("data/7") == "6 -7")
        #expect(try other.read("out.txt") == "input\ninput\n")
    }

    @Test func `what a killed command left unfinished is removed by the next one, and no more`() throws {
        try project.write("data/in/x", "x")
        try project.succeed("add", "data")
        let places = ["", "data/", "data/in/", ".repro/", ".repro/store/", ".repro/store/projects/"]
        for place in places { try project.write("\(place).repro-unfinished-1-abc", "half") }
        try project.write(".repro-unfinished-notes", "mine")
        try project.write("data/in/.repro-unfinished-2-folder/x", "half")
        try project.succeed("status")
        try project.write("data/y", "y")
        try project.succeed("add", "data")
        for place in places { #expect(!project.exists("\(place).repro-unfinished-1-abc"), "\(place)") }
        #expect(!project.exists("data/in/.repro-unfinished-2-folder"))
        #expect(project.exists(".repro-unfinished-notes"))
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
