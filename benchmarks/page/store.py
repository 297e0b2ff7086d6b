"""Fills a tracking database directly, by docs/formats/tracking-database.md: twenty million points or values through the
API would take longer than all that is measured."""
import array
import random
import sqlite3

START_MS = 1_700_000_000_000


class Filler:
    def __init__(self, file):
        self.database = sqlite3.connect(file)
        self.database.execute("PRAGMA synchronous = OFF")
        self.keys = dict((name, number) for number, name in self.database.execute("SELECT number, name FROM keys"))
        self.random = random.Random(1)

    def key(self, name):
        if name not in self.keys:
            cursor = self.database.execute("INSERT INTO keys (name) VALUES (?)", (name,))
            self.keys[name] = cursor.lastrowid
        return self.keys[name]

    def add_run(self, name, index):
        identifier = f"{self.random.getrandbits(128):032x}"
        start = START_MS + index * 1000
        cursor = self.database.execute(
            """INSERT INTO runs (id, experiment, name, status, started_ms, ended_ms, heartbeat_ms, user, command)
            VALUES (?, 0, ?, 'finished', ?, ?, ?, 'bench', '[]')""", (identifier, name, start, start + 60_000, start))
        return cursor.lastrowid, identifier

    def add_values(self, runs, params, metrics):
        """`runs`: numbers; each gets a value for each name."""
        draw = self.random.random
        param_keys = [self.key(name) for name in params]
        metric_keys = [self.key(name) for name in metrics]
        for run in runs:
            self.database.executemany(
                "INSERT INTO params (run, key, type, text, number) VALUES (?, ?, 'json', ?, ?)",
                [(run, key, str(number), number) for key in param_keys for number in (int(draw() * 1000),)])
            self.database.executemany(
                "INSERT INTO series (run, key, stage, step, timestamp_ms, value) VALUES (?, ?, NULL, 0, ?, ?)",
                [(run, key, START_MS, draw()) for key in metric_keys])

    def add_series(self, run, name, values):
        """`values`: an array of floats, one a step."""
        key = self.key(name)
        rows = []
        for first in range(0, len(values), 1024):
            part = values[first:first + 1024]
            data = (bytes([1]) + varint(len(part)) + numbers(first, 1) + numbers(START_MS + first * 100, 100)
                    + bytes([1]) + part.tobytes())
            last = first + len(part) - 1
            rows.append((run, key, first, START_MS + first * 100, last, START_MS + last * 100, len(part), min(part),
                         max(part), data))
        self.database.executemany(
            """INSERT INTO chunks (run, key, first_step, first_ms, last_step, last_ms, count, minimum, maximum, data)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""", rows)
        self.database.execute(
            "INSERT INTO series (run, key, stage, step, timestamp_ms, value) VALUES (?, ?, NULL, ?, ?, ?)",
            (run, key, len(values) - 1, START_MS + (len(values) - 1) * 100, values[-1]))

    def done(self):
        self.database.commit()
        self.database.close()


def varint(number):
    result = bytearray()
    while number >= 0x80:
        result.append(number & 0x7F | 0x80)
        number >>= 7
    result.append(number)
    return bytes(result)


def numbers(first, stride):
    """An arithmetic row."""
    return bytes([0]) + varint(first << 1) + varint(stride << 1)


def curve(count, generator):
    """A noisy curve that falls, with a few spikes."""
    noise = [generator.random() for _ in range(4096)]
    values = array.array("f", bytes(4 * count))
    for index in range(count):
        values[index] = 1000.0 / (index + 1000) + 0.05 * noise[index * 7 & 4095]
    for _ in range(20):
        values[generator.randrange(count)] = 1.5
    return values
