"""One keep-alive HTTP connection, wrk, and what a process tree uses. Standard library and Debian's wrk only."""
import http.client
import json
import os
import re
import subprocess
import tempfile
import time
import urllib.parse

API = "/api/2.0/mlflow"


class Client:
    def __init__(self, port):
        self.port = port
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=900)

    def raw(self, method, path, body=None):
        headers = {"Content-Type": "application/json"} if body is not None else {}
        try:
            self.connection.request(method, path, body=body, headers=headers)
            reply = self.connection.getresponse()
        except (http.client.RemoteDisconnected, BrokenPipeError):
            # A server may close a connection that was idle; the next request opens it again.
            self.connection.close()
            self.connection.request(method, path, body=body, headers=headers)
            reply = self.connection.getresponse()
        content = reply.read()
        if reply.status != 200:
            raise RuntimeError(f"{method} {path}: {reply.status} {content[:300]!r}")
        return content

    def post(self, call, body):
        return json.loads(self.raw("POST", f"{API}/{call}", json.dumps(body)) or "{}")

    def get(self, call, **query):
        return self.raw("GET", f"{API}/{call}?{urllib.parse.urlencode(query)}")

    def new_run(self, experiment="0"):
        made = self.post("runs/create", {"experiment_id": experiment, "start_time": int(time.time() * 1000)})
        return made["run"]["info"]["run_id"]


REPORT = """
function done(summary, latency, requests)
  io.write(string.format('RESULT %d %f %d\\n', summary.requests, summary.duration / 1e6,
    summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout))
end
"""


def wrk(port, script, clients, seconds):
    """Requests a second of a Lua script that makes them; any error stops the benchmark."""
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as file:
        file.write(script + REPORT)
        file.flush()
        output = subprocess.run(
            ["wrk", "-t1", f"-c{clients}", f"-d{seconds}s", "--timeout", "60s", "-s", file.name,
             f"http://127.0.0.1:{port}"], capture_output=True, text=True, check=True).stdout
    requests, duration, errors = re.search(r"RESULT (\d+) ([\d.]+) (\d+)", output).groups()
    if int(errors):
        raise RuntimeError(output)
    return int(requests) / float(duration)


def tree(pid):
    """The process and all its descendants."""
    children = {}
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                with open(f"/proc/{name}/stat") as file:
                    parent = int(file.read().rsplit(")", 1)[1].split()[1])
                children.setdefault(parent, []).append(int(name))
            except (OSError, IndexError):
                pass
    found, todo = [], [pid]
    while todo:
        found.append(todo.pop())
        todo += children.get(found[-1], [])
    return found


def memory_mib(pid):
    """Proportional set size: pages that are shared count once."""
    total = 0
    for process in tree(pid):
        try:
            with open(f"/proc/{process}/smaps_rollup") as file:
                total += sum(int(line.split()[1]) for line in file if line.startswith("Pss:"))
        except OSError:
            pass
    return total / 1024


def peak_mib(pid):
    """The most that was resident at any time."""
    with open(f"/proc/{pid}/status") as file:
        return sum(int(line.split()[1]) for line in file if line.startswith("VmHWM:")) / 1024


def cpu_seconds(pid):
    ticks = 0
    for process in tree(pid):
        try:
            with open(f"/proc/{process}/stat") as file:
                fields = file.read().rsplit(")", 1)[1].split()
            ticks += int(fields[11]) + int(fields[12])
        except (OSError, IndexError):
            pass
    return ticks / os.sysconf("SC_CLK_TCK")
