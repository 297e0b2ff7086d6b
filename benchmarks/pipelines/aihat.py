#!/usr/bin/env python3
"""The AI-hat pipeline with nothing changed: `repro run` and `repro status` beside `dvc repro` and `dvc status`.

Both tools get the same six stages: the project's repro.yaml is valid as dvc.yaml. Each has run once before.
    benchmarks/pipelines/aihat.py [ROUNDS]
"""
import os
import shutil
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from measure import print_table, setup, take_turns
from places import REPOSITORY, commit_all, dvc, fresh_folder, repro

WORDNET = "/usr/share/wordnet"


def make_project(tool):
    """A copy of the example with small params, in a Git repository of its own."""
    folder = fresh_folder("aihat", tool)
    shutil.copytree(os.path.join(REPOSITORY, "fixtures", "aihat"), folder, dirs_exist_ok=True)
    shutil.copytree(WORDNET, os.path.join(folder, "data", "raw", "wordnet"))
    shutil.move(os.path.join(folder, "params.small.yaml"), os.path.join(folder, "params.yaml"))
    setup(["git", "init", "-q", "-b", "main"], folder)
    return folder


def repro_project(command):
    folder = make_project("repro")
    setup([command, "init"], folder)
    commit_all(folder)
    setup([command, "run"], folder)
    commit_all(folder)
    return folder


def dvc_project(command):
    folder = make_project("dvc")
    os.rename(os.path.join(folder, "repro.yaml"), os.path.join(folder, "dvc.yaml"))
    os.remove(os.path.join(folder, ".gitignore"))   # DVC ignores outputs itself
    setup([command, "init", "-q"], folder)
    setup([command, "config", "core.analytics", "false"], folder)
    commit_all(folder)
    setup([command, "repro"], folder)
    commit_all(folder)
    return folder


def main(rounds):
    repro_command, dvc_command = repro(), dvc()
    ours, theirs = repro_project(repro_command), dvc_project(dvc_command)
    skipped = setup([dvc_command, "repro"], theirs)
    assert "up to date" in skipped, skipped

    print(setup([repro_command, "version"], ours).strip())
    print("dvc", setup([dvc_command, "--version"], theirs).strip())
    print_table("AI-hat, six stages, nothing changed", take_turns({
        "repro run": ([repro_command, "run"], ours),
        "dvc repro": ([dvc_command, "repro"], theirs),
        "repro status": ([repro_command, "status"], ours),
        "dvc status": ([dvc_command, "status"], theirs),
    }, rounds))
    print_table("start-up", take_turns({
        "repro version": ([repro_command, "version"], ours),
        "true": (["/bin/true"], ours),
        "git --version": (["git", "--version"], ours),
    }, rounds * 5))


main(int(sys.argv[1]) if len(sys.argv) > 1 else 11)
