"""Where the benchmarks find their tools and put their files."""
import os
import shutil
import sys

from measure import setup

REPOSITORY = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
# Kept between calls: an environment with DVC takes a minute to make.
WORK = os.environ.get("BENCH_DIR", os.path.join(REPOSITORY, ".build", "bench"))
DVC_VERSION = "dvc>=3.60,<4"


def repro():
    binary = os.environ.get("REPRO", os.path.join(REPOSITORY, ".build", "release", "repro"))
    if not os.access(binary, os.X_OK):
        sys.exit(f"{binary} is missing; make build, or name another binary in REPRO")
    return binary


def dvc():
    """The command named by DVC, or one from PyPI in an environment of its own, so that it is the real one."""
    if "DVC" in os.environ:
        return os.environ["DVC"]
    folder = os.path.join(WORK, "dvc-environment")
    binary = os.path.join(folder, "bin", "dvc")
    if not os.path.exists(binary):
        print(f"installing {DVC_VERSION} into {folder}", flush=True)
        os.makedirs(WORK, exist_ok=True)
        setup(["/usr/bin/python3", "-m", "venv", folder], WORK)
        setup([os.path.join(folder, "bin", "pip"), "install", "-q", DVC_VERSION], WORK)
    return binary


def fresh_folder(*names):
    folder = os.path.join(WORK, *names)
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    return folder


def commit_all(folder):
    setup(["git", "add", "-A"], folder)
    author = ["-c", "user.name=Benchmark", "-c", "user.email=benchmark@example.invalid"]
    setup(["git"] + author + ["commit", "-q", "--allow-empty", "-m", "Benchmark"], folder)
