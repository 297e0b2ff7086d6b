#!/usr/bin/env python3
"""Pipelines of many tiny stages with nothing to do: `repro run` beside ninja and make, which only look at times.

    benchmarks/pipelines/synthetic.py [STAGES] [ROUNDS]

A chain is as deep as it can be (each stage reads what the one before wrote), a fan as wide (all read one file).
"""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from measure import print_table, setup, take_turns
from places import commit_all, fresh_folder, repro

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


def fill(folder, name, text):
    write(folder, name, text)
    write(folder, "source.txt", "source\n")
    os.mkdir(os.path.join(folder, "out"))


def write(folder, name, text):
    with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
        file.write(text)


def main(count, rounds):
    command = repro()
    for shape in (CHAIN, FAN):
        print_table(f"{shape} of {count} stages, nothing changed", take_turns({
            "repro run": ([command, "run"], repro_project(command, shape, count)),
            "ninja": (["ninja"], ninja_project(shape, count)),
            "make": (["make", "-s"], make_project(shape, count)),
        }, rounds))


if __name__ == "__main__":
    main(
        count=int(sys.argv[1]) if len(sys.argv) > 1 else 1000,
        rounds=int(sys.argv[2]) if len(sys.argv) > 2 else 11)
