"""A way to a server that is long and narrow: a proxy on loopback that delays every byte and lets so many a second pass.

    with SlowPath("127.0.0.1:7480", latency_ms=50, mbit=200) as path:
        … path.address …; path.requests

The delay is of a round trip, half of it each way. Bytes under way do not wait for one another, as on a real line; the
rate is of all connections together, for each direction. Counts the requests of HTTP/1.1 that pass.
"""
import asyncio
import threading
import time

PIECE = 64 << 10


class Lane:
    """One direction: when its next byte may leave."""

    def __init__(self, bytes_per_second):
        self.bytes_per_second = bytes_per_second
        self.free_at = 0.0

    def departure(self, count):
        now = time.monotonic()
        if not self.bytes_per_second:
            return now
        self.free_at = max(self.free_at, now) + count / self.bytes_per_second
        return self.free_at


class SlowPath:
    def __init__(self, target, latency_ms=0, mbit=0):
        self.host, port = target.rsplit(":", 1)
        self.port = int(port)
        self.delay = latency_ms / 2000
        self.rate = mbit * 125_000
        self.requests = 0
        self.address = None
        self._ready = threading.Event()

    def __enter__(self):
        threading.Thread(target=lambda: asyncio.run(self._serve()), daemon=True).start()
        self._ready.wait()
        return self

    def __exit__(self, *_):
        self._loop.call_soon_threadsafe(self._over.set)

    async def _serve(self):
        self._loop, self._over = asyncio.get_running_loop(), asyncio.Event()
        self.up, self.down = Lane(self.rate), Lane(self.rate)
        server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        self.address = "127.0.0.1:%d" % server.sockets[0].getsockname()[1]
        self._ready.set()
        await self._over.wait()
        server.close()

    async def _accept(self, reader, writer):
        # The handshake crosses the line once before anything else does.
        await asyncio.sleep(self.delay * 2)
        try:
            other_reader, other_writer = await asyncio.open_connection(self.host, self.port)
        except OSError:
            writer.close()
            return
        await asyncio.gather(
            self._carry(reader, other_writer, self.up, counts=True),
            self._carry(other_reader, writer, self.down, counts=False), return_exceptions=True)

    async def _carry(self, reader, writer, lane, counts):
        # What is under way; bounded, as a window of TCP is.
        line = asyncio.Queue(maxsize=64)

        async def deliver():
            while (item := await line.get()) is not None:
                arrival, piece = item
                await asyncio.sleep(max(0, arrival - time.monotonic()))
                writer.write(piece)
                await writer.drain()
            writer.close()

        delivery = asyncio.create_task(deliver())
        try:
            while piece := await reader.read(PIECE):
                if counts:
                    self.requests += piece.count(b" HTTP/1.1\r\n")
                await line.put((lane.departure(len(piece)) + self.delay, piece))
        finally:
            await line.put(None)
            await delivery
