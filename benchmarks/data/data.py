#!/usr/bin/env python3
"""Versioning data: `repro` beside DVC, Git LFS and restic, and beside what the disk allows (find, xxhsum, cp).

    benchmarks/data/data.py [--scale 0.1] [--rounds 3] [--only NAME]… [--without TOOL]… [--json FILE]

NAME: small (100,000 files of 1 KiB), medium (10,000 of 100 KiB), large (one of 4 GiB), million (1,000,000 of a few
bytes, Repro's memory only), opened (which files a status opens in which nothing has changed; needs strace). `--scale`
makes fewer files, and smaller large ones. The commands of one table take turns. Tools that are missing are left out, and
that is said. At the end each row of the targets is judged: medians, as ratios to the tool and to the floor that the
target names. The ratios of a smaller scale, where starting up counts, are not those of the targets.
"""
import argparse
import json
import os
import random
import shutil
import statistics
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from measure import measure_memory, measure, print_table, setup
from places import dvc, fresh_folder, repro, WORK

FILES_PER_FOLDER = 1000
PASSWORD = {"RESTIC_PASSWORD": "benchmark"}


# work, data set, step, tool, how many times faster than it we must be (or, of a floor, at most how many times slower)
TARGETS = [
    ("add 100,000 × 1 KiB", "small", "add", "dvc", 15), ("add 100,000 × 1 KiB", "small", "add", "floor", 3),
    ("add 10,000 × 100 KiB", "medium", "add", "dvc", 3), ("add 10,000 × 100 KiB", "medium", "add", "floor", 1.5),
    ("add 4 GiB", "large", "add", "dvc", 3), ("add 4 GiB", "large", "add", "floor", 1.5),
    ("status, nothing changed", "small", "status, nothing changed", "dvc", 20),
    ("status, nothing changed", "small", "status, nothing changed", "floor", 2.5),
    ("checkout 100,000 × 1 KiB", "small", "checkout", "dvc", 8),
    ("checkout 100,000 × 1 KiB", "small", "checkout", "floor", 2.5),
]
FLOOR = "cp -r / find"
# All that was measured: (data set, step) → {tool: [sample]}.
measured = {}


class DataSet:
    """Files of random bytes, the same for the same arguments, kept between calls."""

    def __init__(self, name, count, size):
        self.name, self.count, self.size = name, count, size
        self.folder = os.path.join(WORK, "data-sets", f"{name}-{count}-{size}")
        done = self.folder + ".done"
        if os.path.exists(done):
            return
        shutil.rmtree(self.folder, ignore_errors=True)
        chance = random.Random(f"{name} {count} {size}")
        for start in range(0, count, FILES_PER_FOLDER):
            folder = os.path.join(self.folder, f"{start // FILES_PER_FOLDER:04}")
            os.makedirs(folder)
            for number in range(start, min(count, start + FILES_PER_FOLDER)):
                with open(os.path.join(folder, f"{number:07}.bin"), "wb") as file:
                    for piece in range(0, size, 1 << 20):
                        file.write(chance.randbytes(min(1 << 20, size - piece)))
        with open(done, "w", encoding="utf-8"):
            pass


class Tool:
    """A tool with a project of its own, in which the data set is at `data`."""

    def __init__(self, name, command, data):
        self.name, self.command, self.data = name, command, data
        self.folder = fresh_folder("data", name)
        self.place = os.path.join(self.folder, "data")

    def environment(self):
        return dict(os.environ, GIT_AUTHOR_NAME="Benchmark", GIT_AUTHOR_EMAIL="benchmark@example.invalid",
                    GIT_COMMITTER_NAME="Benchmark", GIT_COMMITTER_EMAIL="benchmark@example.invalid", **PASSWORD)

    def reset(self):
        """An empty project with the data set in it, by copying, so that no tool meets another's links."""
        self.folder = fresh_folder("data", self.name)
        setup(["cp", "-r", self.data.folder, self.place], self.folder)
        self.prepare()
        settle()

    def prepare(self):
        pass

    def time(self, command):
        return measure(command, self.folder, self.environment())

    def remove_data(self):
        shutil.rmtree(self.place)
        settle()


class Repro(Tool):
    def prepare(self):
        setup(["git", "init", "-q", "-b", "main"], self.folder)
        setup([self.command, "init"], self.folder)

    def add(self):
        return self.time([self.command, "add", "--quiet", "data"])

    def status(self):
        return self.time([self.command, "status"])

    def checkout(self):
        self.remove_data()
        return self.time([self.command, "checkout", "--quiet"])


class DVC(Tool):
    def prepare(self):
        setup(["git", "init", "-q", "-b", "main"], self.folder)
        setup([self.command, "init", "-q"], self.folder)
        setup([self.command, "config", "core.analytics", "false"], self.folder)
        # One round must not find what another has left.
        setup([self.command, "config", "core.site_cache_dir", os.path.join(self.folder, ".site")], self.folder)

    def add(self):
        return self.time([self.command, "add", "-q", "data"])

    def status(self):
        return self.time([self.command, "data", "status"])

    def checkout(self):
        self.remove_data()
        return self.time([self.command, "checkout", "-q"])


class GitLFS(Tool):
    def prepare(self):
        setup(["git", "init", "-q", "-b", "main"], self.folder)
        setup([self.command, "lfs", "install", "--local"], self.folder)
        setup([self.command, "lfs", "track", "*.bin"], self.folder)

    def add(self):
        return self.time(["sh", "-c", "git add -A && git commit -q -m data"])

    def status(self):
        return self.time(["git", "status", "--short"])

    def checkout(self):
        self.remove_data()
        return self.time(["git", "checkout", "-q", "--", "data"])


class Restic(Tool):
    def prepare(self):
        environment = dict(os.environ, **PASSWORD)
        subprocess.run(
            [self.command, "init", "-q", "-r", "repository"], cwd=self.folder, env=environment, check=True,
            stdout=subprocess.DEVNULL)

    def add(self):
        return self.time([self.command, "backup", "-q", "-r", "repository", "data"])

    def status(self):
        # A backup of what has not changed is the nearest that it has.
        return self.time([self.command, "backup", "-q", "-r", "repository", "data"])

    def checkout(self):
        self.remove_data()
        return self.time([self.command, "restore", "latest", "-q", "-r", "repository", "--target", "."])


class Copy(Tool):
    """The floor: what `cp` and `find` need for the same files."""

    def add(self):
        shutil.rmtree(os.path.join(self.folder, "copy"), ignore_errors=True)
        settle()
        return self.time(["cp", "-r", "data", "copy"])

    def status(self):
        return self.time(["find", "data", "-size", "-0", "-printf", "%s"])

    def checkout(self):
        return self.add()


class DurableCopy(Copy):
    """The same, and on the disk when it ends, as with Repro."""

    def add(self):
        shutil.rmtree(os.path.join(self.folder, "copy"), ignore_errors=True)
        settle()
        return self.time(["sh", "-c", "cp -r data copy && sync -f copy"])


def settle():
    """What was written before must not be paid for by what is measured next."""
    os.sync()


def tools(data, without):
    found = [Repro("repro", repro(), data), Copy("cp -r / find", "cp", data), DurableCopy("cp -r, sync", "cp", data)]
    for kind, name, command in ((DVC, "dvc", None), (Restic, "restic", "restic"), (GitLFS, "git lfs", "git")):
        if name in without:
            continue
        if kind is DVC:
            command = dvc()
        elif not shutil.which(command) or (kind is GitLFS and not shutil.which("git-lfs")):
            print(f"{name} is not installed: left out")
            continue
        found.append(kind(name, command, data))
    return found


def files(data, rounds, without):
    samples = {step: {} for step in ("add", "status, nothing changed", "status, one file changed", "checkout")}

    def note(step, tool, sample):
        samples[step].setdefault(tool.name, []).append(sample)

    contestants = tools(data, without)
    for number in range(rounds):
        for tool in contestants:
            tool.reset()
            note("add", tool, tool.add())
            tool.status()
            note("status, nothing changed", tool, tool.status())
            changed = os.path.join(tool.place, "0000", "0000000.bin")
            with open(changed, "r+b") as file:
                file.write(b"changed")
            note("status, one file changed", tool, tool.status())
            shutil.copyfile(os.path.join(data.folder, "0000", "0000000.bin"), changed)
            note("checkout", tool, tool.checkout())
            if number == rounds - 1 and isinstance(tool, Repro):
                check_same(data.folder, tool.place)
            shutil.rmtree(tool.folder)
    for step, of_step in samples.items():
        measured[data.name, step] = of_step
        print_table(f"{step}: {data.count:,} files of {data.size:,} bytes", of_step)


def check_same(expected, found):
    setup(["diff", "-r", expected, found], WORK)


def hashing(data, rounds):
    """XXH3 of a file that is in memory. A file that was touched is read again, and hashed with XXH3 alone."""
    if not shutil.which("xxhsum"):
        return print("xxhsum is not installed: XXH3 is not compared")
    tool = Repro("repro", repro(), data)
    tool.reset()
    tool.add()
    path = os.path.join(tool.place, "0000", "0000000.bin")
    samples = {}
    for _ in range(rounds + 1):
        os.utime(path)
        samples.setdefault("repro status, touched", []).append(tool.status())
        samples.setdefault("xxhsum -H2", []).append(tool.time(["xxhsum", "-H2", path]))
        samples.setdefault("repro status, known", []).append(tool.status())
    samples = {name: of[1:] for name, of in samples.items()}
    measured[data.name, "XXH3"] = samples
    print_table(f"XXH3 of a warm file of {data.size:,} bytes", samples)
    shutil.rmtree(tool.folder)


def memory(data):
    tool = Repro("repro", repro(), data)
    tool.reset()
    print(f"\nmemory: {data.count:,} files of {data.size} bytes")
    peaks = {}

    def run(name, *arguments):
        sample, peak = measure_memory([tool.command, *arguments], tool.folder, tool.environment())
        peaks[name] = peak
        print(f"repro {name:24}{sample.wall_ms:12,.0f} ms{peak / (1 << 20):10,.0f} MiB at most", flush=True)

    run("add", "add", "--quiet", "data")
    run("status", "status")
    with open(os.path.join(tool.place, "0000", "0000000.bin"), "ab") as file:
        file.write(b"changed")
    run("status, one changed", "status")
    run("gc --dry-run", "gc", "--dry-run", "--quiet")
    tool.remove_data()
    run("checkout", "checkout", "--quiet")
    measured[data.name, "memory"] = peaks
    shutil.rmtree(tool.folder)


def opened(data):
    """A status in which nothing has changed must open no file of the data."""
    if not shutil.which("strace"):
        return print("strace is not installed: what a status opens is not looked at")
    tool = Repro("repro", repro(), data)
    tool.reset()
    tool.add()
    tool.status()
    trace = os.path.join(tool.folder, "trace")
    tool.time(["strace", "-f", "-qq", "-e", "trace=open,openat,openat2", "-o", trace, tool.command, "status"])
    with open(trace, encoding="utf-8", errors="replace") as file:
        files = [line for line in file if ".bin\"" in line]
    print(f"\nstatus of {data.count:,} files: {len(files)} of them opened")
    measured[data.name, "opened"] = len(files)
    shutil.rmtree(tool.folder)


def median(samples):
    return statistics.median(sample.wall_ms for sample in samples)


def judge():
    """Prints each target with what was measured, and answers them as rows."""
    rows = []

    def add(work, what, found, limit, holds):
        rows.append({"work": work, "measure": what, "found": found, "target": limit, "holds": holds})

    for work, data, step, against, limit in TARGETS:
        samples = measured.get((data, step), {})
        tool = FLOOR if against == "floor" else against
        if tool not in samples:
            continue
        ours, theirs = median(samples["repro"]), median(samples[tool])
        if against == "floor":
            add(work, f"times {tool}", ours / theirs, f"at most {limit}", ours <= limit * theirs)
        else:
            add(work, f"faster than {tool}", theirs / ours, f"at least {limit}", theirs >= limit * ours)
    samples = measured.get(("small", "status, one file changed"))
    if samples:
        extra = median(samples["repro"]) / median(measured["small", "status, nothing changed"]["repro"])
        add("status, one file changed", "times no-op status", extra, "about 1", extra < 1.25)
    samples = measured.get(("large", "XXH3"))
    if samples:
        share = median(samples["xxhsum -H2"]) / median(samples["repro status, touched"])
        add("XXH3 of a warm file", "speed of xxhsum -H2", share, "at least 0.9", share >= 0.9)
    peaks = measured.get(("million", "memory"))
    if peaks:
        most = max(peaks.values()) / (1 << 20)
        add("memory, 1,000,000 files", "MiB", most, "below 600", most < 600)
    for (data, step), count in measured.items():
        if step == "opened":
            add("status, nothing changed", "files opened", count, "0", count == 0)
    print("\ntargets")
    for row in rows:
        word = "holds" if row["holds"] else "MISSED"
        print(f"{word:8}{row['work']:28}{row['measure']:26}{row['found']:8.2f}   {row['target']}")
    return rows


def save(path, scale, rows):
    tables = [
        {"data": data, "step": step, "tools": {
            name: {"median_ms": median(of), "least_ms": min(sample.wall_ms for sample in of), "rounds": len(of),
                   "cpu_ms": statistics.median(sample.cpu_ms for sample in of)}
            for name, of in found.items()}}
        for (data, step), found in measured.items() if step not in ("memory", "opened")]
    content = {"cores": os.cpu_count(), "load": os.getloadavg(), "scale": scale, "tables": tables, "targets": rows}
    with open(path, "w", encoding="utf-8") as file:
        json.dump(content, file, indent=2)
        file.write("\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", action="append", default=[])
    parser.add_argument("--without", action="append", default=[])
    parser.add_argument("--json", metavar="FILE")
    options = parser.parse_args()
    scale = options.scale

    def wanted(name):
        return not options.only or name in options.only

    print(f"{os.cpu_count()} cores, load {' '.join(map(str, os.getloadavg()))}, scale {scale}")
    if wanted("small"):
        files(DataSet("small", max(10, int(100_000 * scale)), 1 << 10), options.rounds, options.without)
    if wanted("medium"):
        files(DataSet("medium", max(10, int(10_000 * scale)), 100 << 10), options.rounds, options.without)
    if wanted("large"):
        large = DataSet("large", 1, max(1 << 20, int((4 << 30) * scale)))
        files(large, options.rounds, options.without)
        hashing(large, options.rounds)
    if wanted("million"):
        memory(DataSet("million", max(10, int(1_000_000 * scale)), 10))
    if wanted("opened"):
        opened(DataSet("small", max(10, int(100_000 * scale)), 1 << 10))
    rows = judge()
    if options.json:
        save(options.json, scale, rows)


main()
