#!/usr/bin/env python3
"""Pipelines of many tiny stages with nothing to do: `repro run` beside ninja and make, which only look at times.

    benchmarks/pipelines/synthetic.py [STAGES] [ROUNDS] [DVC_ROUNDS]

`dvc repro` needs minutes for a thousand stages: it runs DVC_ROUNDS times, by default not at all.

A chain is as deep as it can be (each stage reads what the one before wrote), a fan as wide (all read one file).
"""
import hashlib
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from measure import print_table, setup, take_turns
from places import commit_all, dvc, fresh_folder, repro

CHAIN = "chain"
FAN = "fan"


def edges(shape, count):
    """(what a stage reads, what it writes) of each stage."""
    for number in range(count):
        source = f"out/{number - 1}.txt" if shape == CHAIN and number > 0 else "source.txt"
        yield source, f"out/{number}.txt"


def repro_project(command, shape, count):
    folder = fresh_folder(f"{shape}-{count}", "repro")
    stages = "".join(
        f"  stage{number}:\n    cmd: cp {read} {written}\n    deps: [{read}]\n    outs: [{written}]\n"
        for number, (read, written) in enumerate(edges(shape, count)))
    fill(folder, "repro.yaml", "stages:\n" + stages)
    write(folder, ".gitignore", "/out/\n")
    setup(["git", "init", "-q", "-b", "main"], folder)
    setup([command, "init"], folder)
    commit_all(folder)
    setup([command, "run", "--quiet"], folder)
    commit_all(folder)
    # Once with nothing to do, as for DVC.
    setup([command, "run", "--quiet"], folder)
    return folder


def make_project(shape, count):
    folder = fresh_folder(f"{shape}-{count}", "make")
    pairs = list(edges(shape, count))
    rules = "".join(f"{written}: {read}\n\tcp {read} {written}\n" for read, written in pairs)
    fill(folder, "Makefile", f"all: {' '.join(written for _, written in pairs)}\n{rules}")
    setup(["make", "-s"], folder)
    return folder


def ninja_project(shape, count):
    folder = fresh_folder(f"{shape}-{count}", "ninja")
    rules = "".join(f"build {written}: copy {read}\n" for read, written in edges(shape, count))
    fill(folder, "build.ninja", f"rule copy\n  command = cp $in $out\n{rules}")
    setup(["ninja", "--quiet"], folder)
    return folder


def dvc_project(command, shape, count):
    """As a full run of DVC leaves it, made by hand: the run itself would take DVC very long."""
    folder = fresh_folder(f"{shape}-{count}", "dvc")
    stages = "".join(
        f"  stage{number}:\n    cmd: cp {read} {written}\n    deps: [{read}]\n    outs: [{written}]\n"
        for number, (read, written) in enumerate(edges(shape, count)))
    fill(folder, "dvc.yaml", "stages:\n" + stages)
    setup(["git", "init", "-q", "-b", "main"], folder)
    setup([command, "init", "-q"], folder)
    for _, written in edges(shape, count):
        write(folder, written, "source\n")
    write_dvc_state(folder, shape, count)
    # Once, so that DVC knows the files by their times; and everything must be up to date.
    said = setup([command, "repro"], folder)
    if "Running stage" in said or "up to date" not in said:
        sys.exit(f"in {folder}: dvc repro has something to do:\n{said}")
    return folder


def write_dvc_state(folder, shape, count):
    """The lock file and the cache that `dvc repro` would have left: all files hold the same."""
    digest = hashlib.md5(b"source\n").hexdigest()
    os.makedirs(os.path.join(folder, ".dvc", "cache", "files", "md5", digest[:2]))
    write(folder, f".dvc/cache/files/md5/{digest[:2]}/{digest[2:]}", "source\n")
    file = lambda path: f"    - path: {path}\n      hash: md5\n      md5: {digest}\n      size: 7\n"
    entries = "".join(
        f"  stage{number}:\n    cmd: cp {read} {written}\n    deps:\n{file(read)}    outs:\n{file(written)}"
        for number, (read, written) in enumerate(edges(shape, count)))
    write(folder, "dvc.lock", "schema: '2.0'\nstages:\n" + entries)


def fill(folder, name, text):
    write(folder, name, text)
    write(folder, "source.txt", "source\n")
    os.mkdir(os.path.join(folder, "out"))


def write(folder, name, text):
    with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
        file.write(text)


def main(count, rounds, dvc_rounds):
    command = repro()
    for shape in (CHAIN, FAN):
        print_table(f"{shape} of {count} stages, nothing changed", take_turns({
            "repro run": ([command, "run"], repro_project(command, shape, count)),
            "ninja": (["ninja"], ninja_project(shape, count)),
            "make": (["make", "-s"], make_project(shape, count)),
        }, rounds))
        if dvc_rounds > 0:
            compare_with_dvc(command, shape, count, dvc_rounds)


def compare_with_dvc(command, shape, count, rounds):
    print_table(f"{shape} of {count} stages, nothing changed, beside DVC", take_turns({
        "repro run": ([command, "run"], repro_project(command, shape, count)),
        "dvc repro": ([dvc(), "repro"], dvc_project(dvc(), shape, count)),
    }, rounds, warms=False))


if __name__ == "__main__":
    main(
        count=int(sys.argv[1]) if len(sys.argv) > 1 else 1000,
        rounds=int(sys.argv[2]) if len(sys.argv) > 2 else 11,
        dvc_rounds=int(sys.argv[3]) if len(sys.argv) > 3 else 0)
