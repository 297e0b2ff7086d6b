"""Timing of commands that take turns, so that a busy moment of the machine meets all of them."""
import os
import statistics
import subprocess
import sys
import time
from typing import NamedTuple


class Sample(NamedTuple):
    wall_ms: float
    cpu_ms: float


def measure(command, folder, environment=None):
    """One run of the command, which must succeed."""
    started = time.perf_counter()
    child = subprocess.Popen(
        command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE)
    errors = child.stderr.read()
    _, status, usage = os.wait4(child.pid, 0)
    wall = time.perf_counter() - started
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        sys.exit(f"{' '.join(command)}: exit {child.returncode}\n{errors.decode()}")
    return Sample(wall * 1000, (usage.ru_utime + usage.ru_stime) * 1000)


def measure_memory(command, folder, environment=None):
    """As `measure`, and the most memory that the command had at once, in bytes."""
    started = time.perf_counter()
    child = subprocess.Popen(
        command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    wall = time.perf_counter() - started
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        sys.exit(f"{' '.join(command)}: exit {child.returncode}")
    return Sample(wall * 1000, (usage.ru_utime + usage.ru_stime) * 1000), usage.ru_maxrss * 1024


def take_turns(contestants, rounds, warms=True):
    """{name: samples} of {name: (command, folder)}; a first round that `warms` the caches does not count."""
    samples = {name: [] for name in contestants}
    for round_number in range(rounds + warms):
        for name, (command, folder) in contestants.items():
            sample = measure(command, folder)
            if round_number >= warms:
                samples[name].append(sample)
    return samples


def print_table(title, samples):
    """Medians and minima; the last column compares with the first line, by the medians of wall time."""
    print(f"\n{title} ({len(next(iter(samples.values())))} rounds)")
    print(f"{'':24}{'wall ms':>10}{'min':>10}{'cpu ms':>10}{'ratio':>8}")
    first = None
    for name, of_name in samples.items():
        wall = statistics.median(sample.wall_ms for sample in of_name)
        first = first or wall
        print(
            f"{name:24}{wall:10.2f}{min(sample.wall_ms for sample in of_name):10.2f}"
            f"{statistics.median(sample.cpu_ms for sample in of_name):10.2f}"
            f"{wall / first:8.1f}")


def setup(command, folder):
    """A step whose time does not count; its output is shown only if it fails."""
    done = subprocess.run(
        command, cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode:
        sys.exit(f"in {folder}: {' '.join(map(str, command))}: exit {done.returncode}\n{done.stdout}")
    return done.stdout
