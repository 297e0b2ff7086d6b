#!/usr/bin/env python3
"""Repro beside rclone, restic and DVC, on one S3 server (Ceph's, in memory, on loopback).

    scripts/remote-servers start /tmp/servers
    source /tmp/servers/environment
    python3 benchmarks/remotes/remotes.py [small] [large] [versions] [noop]

Prints one line a tool and job: wall seconds, CPU seconds of the client, peak memory. A tool that is not installed is
left out; DVC is looked for as `dvc` (with dvc-s3). The binary is .build/release/repro, or what REPRO names.
"""
import os, random, resource, shutil, subprocess, sys, tempfile, time
from pathlib import Path

root = Path(__file__).resolve().parents[2]
repro = os.environ.get("REPRO", str(root / ".build/release/repro"))
endpoint, bucket, key, secret = os.environ["REPRO_TEST_S3"].split()
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
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.monotonic()
    process = subprocess.Popen(command, cwd=cwd, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    _, errors = process.communicate()
    wall = time.monotonic() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    note = "" if process.returncode == 0 else f"  FAILED: {errors.decode()[-200:]}"
    print(f"{job:28} {tool:8} {wall:8.2f} s wall {cpu:8.2f} s cpu{note}", flush=True)
    return wall


def peak(command, cwd):
    """Peak memory of a command in MiB, by a child of its own."""
    code = ("import resource,subprocess,sys;subprocess.run(sys.argv[1:],stdout=subprocess.DEVNULL);"
            "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss//1024)")
    out = subprocess.run([sys.executable, "-c", code, *command], cwd=cwd, env=environment, capture_output=True)
    return out.stdout.decode().strip()


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
    return shutil.which(tool, path=environment["PATH"]) is not None


def s3(path):
    return f"s:{bucket}/{prefix}/{path}"


def push_and_pull(job):
    source = scratch / "source"
    project = repro_project(f"{job}-a", job)
    quiet(repro, "run", cwd=project)
    measure(f"{job}: push", "repro", [repro, "push"], project)
    measure(f"{job}: pull", "repro", [repro, "pull"], fresh_copy(project, f"{job}-b", job))
    print(f"{job}: pull again, peak memory {peak([repro, 'fetch'], fresh_copy(project, f'{job}-c', job))} MiB")
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
    stored = lambda path: subprocess.run(
        ["rclone", "size", s3(path)], env=environment, capture_output=True).stdout.decode().split("Total size:")[-1]
    print(f"stored by repro: {stored('versions').strip()}; by restic: {stored('versions-restic').strip()}")


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
    for name in sys.argv[1:] or ["small", "large", "versions", "noop"]:
        globals()[name]()
finally:
    shutil.rmtree(scratch, ignore_errors=True)
