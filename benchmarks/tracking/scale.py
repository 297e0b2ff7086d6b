"""How `repro server` holds up with very many runs and points.

    scale.py [--runs 100000] [--metrics 50] [--points 1000000]

Makes the runs and a long series with two spikes through the API, then times what a page asks for. Needs a release build
of repro (REPRO names another binary).
"""
import argparse
import json
import os
import time

from client import cpu_seconds, memory_mib, Client
from compare import Server
from loads import median_ms


def fill(client, runs, metrics):
    """Answers the experiment."""
    experiment = client.post("experiments/create", {"name": "scale"})["experiment_id"]
    for i in range(runs):
        made = client.post("runs/create", {"experiment_id": experiment, "start_time": 1700000000000 + i})
        client.post("runs/log-batch", {
            "run_id": made["run"]["info"]["run_id"],
            "metrics": [{"key": f"m{j}", "value": ((i * 2654435761 + j * 40503) % 1000003) / 1000003,
                         "timestamp": 1700000000000 + i, "step": 0} for j in range(metrics)],
            "params": [{"key": f"p{j}", "value": str((i * 31 + j) % 17)} for j in range(5)]})
    return experiment


def long_series(client, points):
    """Answers the run. Two points of many are spikes, which a sample must not lose."""
    run = client.new_run()
    for start in range(0, points, 1000):
        client.post("runs/log-batch", {"run_id": run, "metrics": [
            {"key": "loss", "value": {points // 3: 99.0, points // 2: -99.0}.get(step, 1 / (step + 1)),
             "timestamp": 1700000000000 + step * 10, "step": step} for step in range(start, start + 1000)]})
    return run


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=100_000)
    parser.add_argument("--metrics", type=int, default=50)
    parser.add_argument("--points", type=int, default=1_000_000)
    options = parser.parse_args()
    server = Server("repro")
    try:
        client = Client(server.port)
        print(f"start to first answer {server.start_ms:.0f} ms, idle {memory_mib(server.process.pid):.0f} MiB")
        started = time.perf_counter()
        experiment = fill(client, options.runs, options.metrics)
        print(f"{options.runs:,} runs of {options.metrics} metrics in {time.perf_counter() - started:.0f} s")
        run = long_series(client, options.points)
        time.sleep(3)
        size = server.database_bytes() / 2**20
        print(f"database {size:.0f} MiB, memory {memory_mib(server.process.pid):.0f} MiB")

        def search(**more):
            body = json.dumps({"experiment_ids": [experiment], "max_results": 100, **more})
            return median_ms(lambda: client.raw("POST", "/api/2.0/mlflow/runs/search", body), 9)

        print(f"first page, newest first                     {search():8.1f} ms")
        print(f"first page, filter that half pass, sorted    "
              f"{search(filter='metrics.m0 > 0.5', order_by=['metrics.m1 DESC']):8.1f} ms")
        print(f"first page, metric and param filter, sorted  "
              f"{search(filter=chr(39).join(['metrics.m0 > 0.9 and params.p1 = ', '3', '']), order_by=['metrics.m2']):8.1f} ms")
        columns = f"/api/v1/runs/{run}/metrics/loss?columns=1000"
        reply = client.raw("GET", columns)
        print(f"{options.points:,} points on 1,000 columns            "
              f"{median_ms(lambda: client.raw('GET', columns), 9):8.1f} ms, "
              f"spikes {'kept' if b'99' in reply and b'-99' in reply else 'LOST'}")
        sampled = f"/ajax-api/2.0/mlflow/metrics/get-history-bulk-interval?run_ids={run}&metric_key=loss&max_results=1000"
        print(f"{options.points:,} points, 1,000 sampled as MLflow does {median_ms(lambda: client.raw('GET', sampled), 9):6.1f} ms")
        print(f"memory after all this {memory_mib(server.process.pid):.0f} MiB, CPU {cpu_seconds(server.process.pid):.0f} s, "
              f"load of the machine {os.getloadavg()[0]:.1f}")
    finally:
        server.stop()


if __name__ == "__main__":
    main()
