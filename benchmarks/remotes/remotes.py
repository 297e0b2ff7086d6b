#!/usr/bin/env python3
"""Repro beside rclone, restic and DVC, on one S3 server (Ceph's, in memory, on loopback).

    scripts/remote-servers start /tmp/servers
    source /tmp/servers/environment
    python3 benchmarks/remotes/remotes.py [small] [large] [text] [versions] [noop]

With LATENCY_MS=50 MBIT=200 all of them reach the server over a line that long and narrow (slow.py), and requests are
counted. Prints one line a tool and job: wall seconds, CPU seconds of the client, peak memory, requests. A tool that is not installed is
left out, and with TOOLS="rclone restic dvc" what is not named; DVC is looked for as `dvc` (with dvc-s3). The binary is .build/release/repro, or what REPRO names.
"""
import json, os, random, shutil, subprocess, sys, tempfile, time
from pathlib import Path

from slow import SlowPath

root = Path(__file__).resolve().parents[2]
repro = os.environ.get("REPRO", str(root / ".build/release/repro"))
endpoint, bucket, key, secret = os.environ["REPRO_TEST_S3"].split()
latency, mbit = float(os.environ.get("LATENCY_MS", 0)), float(os.environ.get("MBIT", 0))
# Also without delay: it counts.
line = SlowPath(endpoint.removeprefix("http://"), latency, mbit).__enter__() if "LATENCY_MS" in os.environ else None
if line:
    endpoint = f"http://{line.address}"
tools = os.environ.get("TOOLS", "rclone restic dvc").split()
scratch = Path(tempfile.mkdtemp(prefix="bench-remotes-"))
prefix = scratch.name
environment = dict(
    os.environ, AWS_ACCESS_KEY_ID=key, AWS_SECRET_ACCESS_KEY=secret, AWS_REGION="us-east-1", HOME=str(scratch),
    RESTIC_PASSWORD="bench", RCLONE_CONFIG_S_TYPE="s3", RCLONE_CONFIG_S_PROVIDER="Ceph", RCLONE_CONFIG_S_ENV_AUTH="true",
    RCLONE_CONFIG_S_ENDPOINT=endpoint, GIT_CONFIG_NOSYSTEM="1")
# rclone cannot use it.
environment.pop("AWS_CA_BUNDLE", None)


def measure(job, tool, command, cwd):
    """Runs the command; prints and returns its wall time."""
    start, before = time.monotonic(), line.requests if line else 0
    with tempfile.TemporaryFile() as errors:
        process = subprocess.Popen(command, cwd=cwd, env=environment, stdout=subprocess.DEVNULL, stderr=errors)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        wall = time.monotonic() - start
        errors.seek(0)
        note = "" if process.returncode == 0 else f"  FAILED: {errors.read().decode()[-200:]}"
    requests = f" {line.requests - before:7} requests" if line else ""
    cpu = usage.ru_utime + usage.ru_stime
    print(
        f"{job:28} {tool:8} {wall:8.2f} s wall {cpu:8.2f} s cpu {usage.ru_maxrss // 1024:6} MiB{requests}{note}",
        flush=True)
    return wall


def quiet(*command, cwd):
    subprocess.run(command, cwd=cwd, env=environment, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def repro_project(name, remote):
    """A project whose one stage copies ../source into its out `data`."""
    folder = scratch / name
    folder.mkdir(exist_ok=True)
    (folder / "repro.yaml").write_text(
        "stages:\n  data:\n    cmd: rm -rf data && cp -r ../source data\n    always_changed: true\n    outs: [data]\n")
    quiet(repro, "init", cwd=folder)
    quiet(repro, "remote", "add", "s", f"s3://{bucket}/{prefix}/{remote}", "--endpoint", endpoint, cwd=folder)
    return folder


def fresh_copy(of, name, remote):
    folder = repro_project(name, remote)
    shutil.copy(of / "repro.lock", folder)
    return folder


def have(tool):
    return tool in tools and shutil.which(tool, path=environment["PATH"]) is not None


def s3(path):
    return f"s:{bucket}/{prefix}/{path}"


def push_and_pull(job):
    source = scratch / "source"
    project = repro_project(f"{job}-a", job)
    quiet(repro, "run", cwd=project)
    measure(f"{job}: push", "repro", [repro, "push"], project)
    measure(f"{job}: pull", "repro", [repro, "pull"], fresh_copy(project, f"{job}-b", job))
    measure(f"{job}: fetch", "repro", [repro, "fetch"], fresh_copy(project, f"{job}-c", job))
    if have("rclone"):
        measure(f"{job}: push", "rclone", ["rclone", "copy", str(source), s3(f"{job}-rclone")], scratch)
        measure(f"{job}: pull", "rclone", ["rclone", "copy", s3(f"{job}-rclone"), str(scratch / "r")], scratch)
    if have("restic"):
        repository = f"s3:{endpoint}/{bucket}/{prefix}/{job}-restic"
        quiet("restic", "-r", repository, "init", cwd=scratch)
        measure(f"{job}: push", "restic", ["restic", "-r", repository, "backup", "source"], scratch)
        measure(f"{job}: pull", "restic", ["restic", "-r", repository, "restore", "latest", "--target", "s"], scratch)
    if have("dvc"):
        folder = scratch / f"{job}-dvc"
        folder.mkdir()
        shutil.copytree(source, folder / "data")
        quiet("dvc", "init", "--no-scm", cwd=folder)
        quiet("dvc", "remote", "add", "-d", "s", f"s3://{bucket}/{prefix}/{job}-dvc", cwd=folder)
        quiet("dvc", "remote", "modify", "s", "endpointurl", endpoint, cwd=folder)
        quiet("dvc", "add", "data", cwd=folder)
        measure(f"{job}: push", "dvc", ["dvc", "push"], folder)
        shutil.rmtree(folder / ".dvc/cache")
        shutil.rmtree(folder / "data")
        measure(f"{job}: pull", "dvc", ["dvc", "pull"], folder)


def new_source():
    shutil.rmtree(scratch / "source", ignore_errors=True)
    (scratch / "source").mkdir()
    return scratch / "source"


def small():
    source, generator = new_source(), random.Random(1)
    for number in range(10_000):
        folder = source / f"{number % 100:02}"
        folder.mkdir(exist_ok=True)
        (folder / f"{number}").write_bytes(generator.randbytes(1024))
    push_and_pull("10,000 x 1 KiB")


def large():
    source = new_source()
    with open(source / "large", "wb") as file:
        for number in range(64):
            file.write(random.Random(number).randbytes(16 << 20))
    push_and_pull("1 GiB")


def text():
    """Folders of small files of each kind, and one large text: what is stored, against what was there."""
    generator = random.Random(4)
    words = ["".join(generator.choices("etaoinshrdlu", k=generator.randint(2, 9))) for _ in range(2000)]

    def prose(count):
        return " ".join(generator.choices(words, k=count))

    def record(number):
        boxes = [[round(generator.random(), 4) for _ in range(4)] for _ in range(16)]
        return json.dumps({"id": number, "user": prose(2), "boxes": boxes, "text": prose(90)})[:1024]

    def table(number):
        return "".join(f"{number},{row},{generator.random():.6f},{prose(1)}\n" for row in range(60))[:1024]

    def label(number):
        return " ".join([str(number % 80)] + [f"{generator.random():.6f}" for _ in range(4)]) + "\n"

    library = b"".join(path.read_bytes() for path in sorted(Path(os.__file__).parent.glob("*.py")))
    kinds = {
        "prose of 100 to 3,000 bytes": (10_000, lambda _: prose(generator.randint(15, 500)).encode()),
        "JSON of 1 KiB": (10_000, lambda number: record(number).encode()),
        "CSV of 1 KiB": (10_000, lambda number: table(number).encode()),
        "Python of 1 KiB": (len(library) // 1024, lambda number: library[1024 * number:][:1024]),
        "labels of 40 bytes": (10_000, lambda number: label(number).encode()),
        "random bytes, 1 KiB": (10_000, lambda _: generator.randbytes(1024)),
        "random bytes, 16 KiB": (2_000, lambda _: generator.randbytes(16 << 10)),
        "CSV of 100 MiB": (1, lambda number: b"".join(table(number).encode() for _ in range(100 << 10))),
    }
    for place, (kind, (count, make)) in enumerate(kinds.items()):
        source, total = new_source(), 0
        for number in range(count):
            folder = source / f"{number % 100:02}"
            folder.mkdir(exist_ok=True)
            content = make(number)
            (folder / f"{number}").write_bytes(content)
            total += len(content)
        project = repro_project(f"text-{place}", f"text-{place}")
        quiet(repro, "run", cwd=project)
        quiet(repro, "push", cwd=project)
        result = f"{stored(f'text-{place}') / total:6.3f} by repro"
        if have("restic"):
            repository = f"s3:{endpoint}/{bucket}/{prefix}/text-{place}-restic"
            quiet("restic", "-r", repository, "init", cwd=scratch)
            quiet("restic", "-r", repository, "backup", "source", cwd=scratch)
            result += f", {stored(f'text-{place}-restic') / total:6.3f} by restic"
        print(f"{count:6} files, {kind:28} {total:10} bytes, stored: {result}", flush=True)


def stored(path):
    size = subprocess.run(["rclone", "size", "--json", s3(path)], env=environment, capture_output=True).stdout
    return json.loads(size)["bytes"]


def versions():
    """Ten versions of 200 MiB, each with 1 % inserted in its middle; then an eleventh."""
    source, generator = new_source(), random.Random(2)
    content = bytearray(generator.randbytes(200 << 20))
    project = repro_project("versions", "versions")
    repository = f"s3:{endpoint}/{bucket}/{prefix}/versions-restic"
    if have("restic"):
        quiet("restic", "-r", repository, "init", cwd=scratch)
    for number in range(11):
        if number > 0:
            content[len(content) // 2:len(content) // 2] = generator.randbytes(2 << 20)
        (source / "large").write_bytes(content)
        quiet(repro, "run", cwd=project)
        result = subprocess.run([repro, "push", "--json"], cwd=project, env=environment, capture_output=True)
        print(f"version {number}: {result.stdout.decode().strip()[-90:]}")
        if have("restic"):
            quiet("restic", "-r", repository, "backup", "source", cwd=scratch)
    print(f"stored by repro: {stored('versions')}" + (f"; by restic: {stored('versions-restic')}" if have("restic") else ""))


def noop():
    source = new_source()
    for number in range(100_000):
        folder = source / f"{number % 1000:03}"
        folder.mkdir(exist_ok=True)
        (folder / f"{number}").write_text(f"{number}\n")
    project = repro_project("noop", "noop")
    quiet(repro, "run", cwd=project)
    measure("100,000 objects: push", "repro", [repro, "push"], project)
    measure("100,000 objects: no-op push", "repro", [repro, "push"], project)


try:
    for name in sys.argv[1:] or ["small", "large", "text", "versions", "noop"]:
        globals()[name]()
finally:
    shutil.rmtree(scratch, ignore_errors=True)
