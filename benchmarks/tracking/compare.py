"""`mlflow server` and `repro server` under the same loads, one after the other, on this machine.

    compare.py [--seconds 5] [--runs 1000 10000] [--points 100000] [--only repro]

Needs wrk, a release build of repro (REPRO names another binary) and .build/mlflow-venv, which scripts/test-mlflow
makes. Both start with an empty store and their defaults; MLflow on SQLite.
"""
import argparse
import glob
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import tempfile
import time
import uuid
from pathlib import Path

import loads
from client import Client, cpu_seconds, memory_mib

TOP = Path(__file__).resolve().parents[2]
QUIET = {**os.environ, "MLFLOW_DISABLE_TELEMETRY": "true", "DO_NOT_TRACK": "true"}


class Server:
    def __init__(self, name):
        self.name = name
        self.folder = Path(tempfile.mkdtemp(prefix=f"bench-{name}-"))
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        if name == "repro":
            (self.folder / ".repro").mkdir()
            binary = os.environ.get("REPRO", str(TOP / ".build/release/repro"))
            command = [binary, "server", "--port", str(self.port)]
            self.database = str(self.folder / ".repro/tracking.sqlite")
        else:
            self.database = str(self.folder / "mlflow.db")
            command = [str(TOP / ".build/mlflow-venv/bin/mlflow"), "server", "--backend-store-uri",
                       f"sqlite:///{self.database}", "--artifacts-destination", str(self.folder / "artifacts"),
                       "--host", "127.0.0.1", "--port", str(self.port)]
        started = time.perf_counter()
        self.process = subprocess.Popen(
            command, cwd=self.folder, env=QUIET, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            start_new_session=True)
        while True:
            try:
                Client(self.port).get("experiments/get", experiment_id="0")
                break
            except OSError:
                if time.perf_counter() - started > 120:
                    raise
                time.sleep(0.002)
        self.start_ms = (time.perf_counter() - started) * 1000

    def fill(self, experiment, logged):
        """Runs and what they log, straight into MLflow's tables, row for row as its server writes them: by requests a
        run takes it 50 ms and more."""
        database = sqlite3.connect(self.database, timeout=60)
        experiment = int(experiment)
        with database:
            for number, batch in enumerate(logged):
                run, name, start = uuid.uuid4().hex, f"quiet-fox-{number}", 1700000000000 + number
                database.execute(
                    "INSERT INTO runs (run_uuid, name, source_type, source_name, entry_point_name, user_id, status,"
                    " start_time, source_version, lifecycle_stage, artifact_uri, experiment_id)"
                    " VALUES (?, ?, 'UNKNOWN', '', '', '', 'RUNNING', ?, '', 'active', ?, ?)",
                    (run, name, start, f"mlflow-artifacts:/{experiment}/{run}/artifacts", experiment))
                for table, values in [("params", batch["params"]),
                                      ("tags", batch["tags"] + [{"key": "mlflow.runName", "value": name}])]:
                    database.executemany(f"INSERT INTO {table} (key, value, run_uuid) VALUES (?, ?, ?)",
                                         [(item["key"], item["value"], run) for item in values])
                for table in ["metrics", "latest_metrics"]:
                    database.executemany(
                        f"INSERT INTO {table} (key, value, timestamp, step, is_nan, run_uuid) VALUES (?, ?, ?, ?, 0, ?)",
                        [(item["key"], item["value"], item["timestamp"], item["step"], run)
                         for item in batch["metrics"]])
        database.close()

    def database_bytes(self):
        return sum(os.path.getsize(file) for file in glob.glob(self.database + "*"))

    def stop(self):
        os.killpg(self.process.pid, signal.SIGTERM)
        self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


def bytes_a_point(server, points):
    """Ten series of random doubles at a regular pace; what the database, with its log, has grown by."""
    import random
    generator = random.Random(1)
    client = Client(server.port)
    run = client.new_run()
    time.sleep(3)
    before = server.database_bytes()
    for batch in range(points // 1000):
        client.post("runs/log-batch", {"run_id": run, "metrics": [
            {"key": f"train/metric_{key}", "value": generator.random(), "timestamp": 1700000000000 + (batch * 100 + s) * 137,
             "step": batch * 100 + s} for s in range(100) for key in range(10)]})
    client.post("runs/update", {"run_id": run, "status": "FINISHED", "end_time": 1700000000000})
    time.sleep(3)
    return (server.database_bytes() - before) / points


def measure(server, options):
    results = {"start to first answer": (server.start_ms, "ms", False)}
    time.sleep(3)
    results["memory, idle"] = (memory_mib(server.process.pid), "MiB", False)
    results["bytes a point in the database"] = (
        bytes_a_point(server, options.points), "bytes", False)
    for clients in (1, 4):
        results |= loads.log_metric(server.port, clients, options.seconds)
    for keys in (1000, 10, 1):
        results |= loads.log_batch(server.port, keys, options.seconds)
    for runs in options.runs:
        results |= loads.search(server.port, runs, 10, server.fill if server.name == "mlflow" else None)
    results |= loads.history(server.port, options.points, 3)
    results["memory, after all this"] = (memory_mib(server.process.pid), "MiB", False)
    results["CPU for all this"] = (cpu_seconds(server.process.pid), "s", False)
    return results


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=5)
    parser.add_argument("--runs", type=int, nargs="+", default=[1000, 10_000])
    parser.add_argument("--points", type=int, default=100_000)
    parser.add_argument("--only", choices=["mlflow", "repro"])
    options = parser.parse_args()
    results = {}
    for name in [options.only] if options.only else ["mlflow", "repro"]:
        server = Server(name)
        try:
            results[name] = measure(server, options)
        finally:
            server.stop()
    print(f"load of the machine at the end: {os.getloadavg()[0]:.1f}")
    first = next(iter(results.values()))
    for line, (_, unit, more) in first.items():
        values = [result[line][0] for result in results.values()]
        text = "".join(f"{name}: {value:12,.1f}  " for name, value in zip(results, values))
        ratio = ""
        if len(values) == 2 and min(values) > 0:
            ratio = f"{(values[1] / values[0] if more else values[0] / values[1]):8.1f} ×"
        print(f"{line:48}{text}{unit:12}{ratio}")


if __name__ == "__main__":
    main()
