"""A large artifact through `repro server`: up in one request, up in parts, and down; and the server's peak of memory.

    artifact.py [--gib 5]

Needs twice that much room on the disk and a release build of repro (REPRO names another binary).
"""
import argparse
import hashlib
import http.client
import json
import os
import threading
import time

from client import peak_mib
from compare import Server

PART = 10 << 20
BASE = "/api/2.0/mlflow-artifacts/"


class Content:
    """Bytes that do not compress, no block twice, made as they are needed."""

    def __init__(self, size):
        self.size = size
        self.block = os.urandom(1 << 20)

    def read(self, start, count):
        """`start` and `count` are multiples of a MiB."""
        return b"".join((number).to_bytes(8, "big") + self.block[8:]
                        for number in range(start >> 20, (start + count) >> 20))

    def pieces(self):
        for start in range(0, self.size, PART):
            yield self.read(start, min(PART, self.size - start))


def request(port, method, path, body=None, headers={}):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=600)
    connection.request(method, path, body, headers)
    reply = connection.getresponse()
    if reply.status != 200:
        raise RuntimeError(f"{method} {path}: {reply.status} {reply.read()[:300]}")
    return reply


def call(port, call_path, **body):
    text = request(port, "POST", BASE + call_path, json.dumps(body), {"Content-Type": "application/json"}).read()
    return json.loads(text)


def put(port, content):
    request(port, "PUT", BASE + "artifacts/big/whole.bin", content.pieces(),
            {"Content-Length": str(content.size)}).read()


def put_in_parts(port, content, threads):
    count = -(-content.size // PART)
    upload = call(port, "mpu/create/big", path="parts.bin", num_parts=count)
    parts, numbers, lock = [], iter(range(count)), threading.Lock()

    def work():
        while True:
            with lock:
                number = next(numbers, None)
            if number is None:
                return
            start = number * PART
            path = "/" + upload["credentials"][number]["url"].split("/", 3)[3]
            reply = request(port, "PUT", path, content.read(start, min(PART, content.size - start)))
            reply.read()
            with lock:
                parts.append({"part_number": number + 1, "etag": reply.headers["ETag"]})

    workers = [threading.Thread(target=work) for _ in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    call(port, "mpu/complete/big", path="parts.bin", upload_id=upload["upload_id"],
         parts=sorted(parts, key=lambda part: part["part_number"]))


def digest_of(port, name):
    reply = request(port, "GET", BASE + "artifacts/big/" + name)
    digest = hashlib.sha256()
    while piece := reply.read(1 << 20):
        digest.update(piece)
    return digest.hexdigest()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--gib", type=float, default=5)
    options = parser.parse_args()
    content = Content(int(options.gib * 1024) << 20)
    expected = hashlib.sha256()
    for piece in content.pieces():
        expected.update(piece)
    server = Server("repro")
    try:
        steps = [("up, one request", lambda: put(server.port, content)),
                 ("down", lambda: digest_of(server.port, "whole.bin")),
                 ("up, parts of 10 MiB, 4 at once", lambda: put_in_parts(server.port, content, 4)),
                 ("down", lambda: digest_of(server.port, "parts.bin"))]
        for name, step in steps:
            started = time.perf_counter()
            answer = step()
            seconds = time.perf_counter() - started
            if answer is not None and answer != expected.hexdigest():
                raise RuntimeError(f"{name}: other bytes came back")
            print(f"{name:32} {seconds:7.1f} s {content.size / 2**20 / seconds:8.0f} MiB/s   "
                  f"peak of memory so far {peak_mib(server.process.pid):6.1f} MiB")
    finally:
        server.stop()


if __name__ == "__main__":
    main()
