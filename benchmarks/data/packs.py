#!/usr/bin/env python3
"""Up to which size do packs pay? `repro add`, `checkout` and `gc` of random files of one size, in packs and as files.

    benchmarks/data/packs.py [MIB] [ROUNDS]     of each size so many MiB

With links asked for, nothing is packed: that is how the second column is made. Both check out by copying. Beside the
time: how much the store takes on the disk, and how many files it is.
"""
import os
import random
import shutil
import statistics
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from measure import measure, setup
from places import fresh_folder, repro

SIZES = [1 << 10, 4 << 10, 16 << 10, 32 << 10, 64 << 10, 128 << 10]


def make(folder, size, total):
    chance = random.Random(size)
    for number in range(total // size):
        place = os.path.join(folder, "data", f"{number // 1000:03}")
        os.makedirs(place, exist_ok=True)
        with open(os.path.join(place, f"{number:06}"), "wb") as file:
            file.write(chance.randbytes(size))


def configure(folder, links):
    with open(os.path.join(folder, ".repro", "config.yaml"), "w", encoding="utf-8") as file:
        file.write(f"version: 1\nstore:\n  links: [{links}]\n")


def once(size, total, links):
    folder = fresh_folder("packs")
    setup([repro(), "init"], folder)
    configure(folder, links)
    make(folder, size, total)
    os.sync()
    add = measure([repro(), "add", "--quiet", "data"], folder)
    configure(folder, "copy")
    shutil.rmtree(os.path.join(folder, "data"))
    os.sync()
    checkout = measure([repro(), "checkout", "--quiet"], folder)
    store = os.path.join(folder, ".repro", "store")
    used = int(subprocess.check_output(["du", "-s", "--block-size=1", store]).split()[0])
    files = sum(len(names) for _, _, names in os.walk(store))
    shutil.rmtree(folder)
    return add.wall_ms, checkout.wall_ms, used, files


def main(mebibytes, rounds):
    print(f"{mebibytes} MiB of each size, {rounds} rounds, medians; load {os.getloadavg()[0]:.1f}")
    print(f"{'size':>8}{'':12}{'add ms':>10}{'checkout ms':>13}{'on disk':>10}{'files':>9}")
    for size in SIZES:
        for name, links in (("packed", "copy"), ("files", "hardlink, copy")):
            samples = [once(size, mebibytes << 20, links) for _ in range(rounds)]
            add, checkout, used, files = (statistics.median(sample[n] for sample in samples) for n in range(4))
            print(f"{size:8}{name:>12}{add:10.0f}{checkout:13.0f}{used / (mebibytes << 20):10.2f}{files:9.0f}")


main(int(sys.argv[1]) if len(sys.argv) > 1 else 100, int(sys.argv[2]) if len(sys.argv) > 2 else 3)
