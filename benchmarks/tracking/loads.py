"""What is asked of a tracking server. Each load answers {name: (value, unit, whether more is better)}."""
import json
import statistics
import time

from client import API, Client, wrk


def log_metric(port, clients, seconds):
    run = Client(port).new_run()
    script = f"""
local n, start = 0, {int(time.time() * 1000)}
function request()
  n = n + 1
  return wrk.format("POST", "{API}/runs/log-metric", {{["Content-Type"] = "application/json"}},
    '{{"run_id":"{run}","run_uuid":"{run}","key":"loss","value":' .. (1 / n) .. ',"timestamp":' .. (start + n)
    .. ',"step":' .. n .. '}}')
end
"""
    return {f"log_metric, {clients} clients": (wrk(port, script, clients, seconds), "requests/s", True)}


def log_batch(port, keys, seconds):
    """A thousand new points a request, of so many series."""
    run = Client(port).new_run()
    script = f"""
local n, start, keys, each = 0, {int(time.time() * 1000)}, {keys}, {1000 // keys}
function request()
  local parts = {{}}
  for key = 1, keys do
    for index = 1, each do
      local step = n * each + index
      parts[#parts + 1] = '{{"key":"metric_' .. key .. '","value":' .. (key + step / 1024) .. ',"timestamp":'
        .. (start + step) .. ',"step":' .. step .. '}}'
    end
  end
  n = n + 1
  return wrk.format("POST", "{API}/runs/log-batch", {{["Content-Type"] = "application/json"}},
    '{{"run_id":"{run}","metrics":[' .. table.concat(parts, ",") .. '],"params":[],"tags":[]}}')
end
"""
    return {f"log_batch of 1,000, {keys} series": (1000 * wrk(port, script, 1, seconds), "points/s", True)}


def search(port, runs, rounds, fill=None):
    """The first hundred runs by a metric, among runs with 20 params and 20 metrics each. `fill` puts what each run logs
    into an experiment; without it, requests do."""
    client = Client(port)
    experiment = client.post("experiments/create", {"name": f"search-{time.time_ns()}"})["experiment_id"]
    logged = ({"metrics": [{"key": f"m{j}", "value": ((i * 2654435761 + j * 40503) % 1000003) / 1000003,
                            "timestamp": 1700000000000 + i, "step": 0} for j in range(20)],
               "params": [{"key": f"p{j}", "value": str((i * 31 + j) % 17)} for j in range(20)],
               "tags": [{"key": "team", "value": f"t{i % 5}"}]} for i in range(runs))
    if fill:
        fill(experiment, logged)
    else:
        for batch in logged:
            client.post("runs/log-batch", {"run_id": client.new_run(experiment), **batch})
    body = json.dumps({"experiment_ids": [experiment], "filter": "metrics.m0 > 0.5", "order_by": ["metrics.m1 DESC"],
                       "max_results": 100})
    found = json.loads(client.raw("POST", f"{API}/runs/search", body))["runs"]
    if len(found) != min(100, runs // 2) or any(len(run["data"]["metrics"]) != 20 for run in found):
        raise RuntimeError(f"{len(found)} runs were found")
    return {f"search {runs:,} runs, filter, order, first 100":
            (median_ms(lambda: client.raw("POST", f"{API}/runs/search", body), rounds), "ms", False)}


def history(port, points, rounds):
    client = Client(port)
    run = client.new_run()
    for start in range(0, points, 1000):
        client.post("runs/log-batch", {"run_id": run, "metrics": [
            {"key": "loss", "value": 1 / (step + 1), "timestamp": 1700000000000 + step, "step": step}
            for step in range(start, start + 1000)]})
    result = median_ms(lambda: client.get("metrics/get-history", run_id=run, metric_key="loss"), rounds)
    sampled = f"/ajax-api/2.0/mlflow/metrics/get-history-bulk-interval?run_ids={run}&metric_key=loss&max_results=1000"
    return {f"history of {points:,} points, one call": (result, "ms", False),
            f"history of {points:,} points, 1,000 sampled": (median_ms(lambda: client.raw("GET", sampled), rounds), "ms", False)}


def median_ms(call, rounds):
    call()
    times = []
    for _ in range(rounds):
        started = time.perf_counter()
        call()
        times.append(time.perf_counter() - started)
    return statistics.median(times) * 1000
