#!/usr/bin/env python3
"""What a stage costs when it runs, and whether that grows with their number; what planning a large matrix costs.

    benchmarks/pipelines/scaling.py [STAGES]

Each stage copies a small file. From the time of a full run is taken what the same commands cost one by one under `sh`:
the rest is ours. On a busy machine look at the CPU time.
"""
import os
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from measure import measure, setup
from places import fresh_folder, repro
from synthetic import CHAIN, FAN, edges, fill


def full_run(command, shape, count):
    folder = fresh_folder(f"full-{shape}-{count}")
    pairs = list(edges(shape, count))
    fill(folder, "repro.yaml", "stages:\n" + "".join(
        f"  stage{number}:\n    cmd: cp {read} {written}\n    deps: [{read}]\n    outs: [{written}]\n"
        for number, (read, written) in enumerate(pairs)))
    setup([command, "init"], folder)
    alone = measure(["sh", "-c", "\n".join(f"sh -c 'cp {read} {written}'" for read, written in pairs)], folder)
    sample = measure([command, "run", "--quiet"], folder)
    print(
        f"{shape} of {count:5} stages: {sample.wall_ms / count:7.2f} ms a stage of wall time, "
        f"{(sample.wall_ms - alone.wall_ms) / count:6.2f} over the commands alone; "
        f"{(sample.cpu_ms - alone.cpu_ms) / count:6.2f} ms of CPU over them")


def plan(command):
    folder = fresh_folder("matrix-10000")
    digits = "[0, 1, 2, 3, 4, 5, 6, 7, 8, 9]"
    dimensions = "".join(f"      {name}: {digits}\n" for name in "abcd")
    fill(folder, "repro.yaml", (
        f"stages:\n  many:\n    matrix:\n{dimensions}"
        "    cmd: echo ${item.a} ${item.b} ${item.c} ${item.d} > out/${key}\n"
        "    deps: [source.txt]\n    outs: ['out/${key}']\n"))
    setup([command, "init"], folder)
    for _ in range(2):
        started = time.perf_counter()
        child = subprocess.Popen([command, "status"], cwd=folder, stdout=subprocess.DEVNULL)
        _, status, usage = os.wait4(child.pid, 0)
        wall = time.perf_counter() - started
        child.returncode = os.waitstatus_to_exitcode(status)
    print(
        f"plan of a matrix of 10000 stages: {wall:.2f} s of wall time, {usage.ru_utime + usage.ru_stime:.2f} s of CPU, "
        f"{usage.ru_maxrss // 1024} MiB")


def main(largest):
    command = repro()
    plan(command)
    for shape in (FAN, CHAIN):
        full_run(command, shape, 100)
    for count in sorted({largest // 4, largest // 2, largest}):
        full_run(command, CHAIN, count)


main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
