#!/usr/bin/env python3
"""Broken GGUF files through the runner: each run ends soon with one clear line, or works.

    swift build -c release
    python Tests/Conformance/mutations.py [--seeds 0] [--count 2000] [--model MODEL.gguf]

Every mutation of the model (bits flipped, bytes cut out or inserted, the file truncated, counts, lengths,
types, dimensions, offsets and values replaced by extremes or by each other, names and keys doubled) is given
to `gptoss inspect` and to `gptoss generate --raw -n 1`. A run passes if it exits with 0, or with 1 and one
line on standard error, within 2 seconds of processor time and 3 GiB of address space beyond the file's size. Without --model a tiny one is written by `gptoss synthesize`.
"""

import argparse
import collections
import os
import random
import signal
import struct
import subprocess
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from checks import check, finish

ROOT = Path(__file__).resolve().parent.parent.parent
GPTOSS = os.environ.get("GPTOSS", str(ROOT / ".build" / "release" / "gptoss"))
COMMANDS = {
    "inspect": lambda path: ["inspect", path],
    "generate": lambda path: ["generate", "-m", path, "-p", "Hello", "--raw", "-n", "1", "--temperature", "0"],
}
PROCESSOR_SECONDS = 2
WALL_SECONDS = 20  # for a run that hangs; longer, since the machine may be busy with others
ADDRESS_SPACE = 3 << 30

EXTREMES = [
    0, 1, 2, 3, 4, 5, 7, 13, 31, 33, 63, 127, 128, 255, 256, 1 << 15, 1 << 16, (1 << 31) - 1, 1 << 31, (1 << 32) - 1,
    1 << 32, (1 << 42) + 1, 1 << 60, (1 << 61) + 1, (1 << 62) + 1, (1 << 63) - 1, 1 << 63, (1 << 64) - 32, (1 << 64) - 1,
]
SIZES = {0: 1, 1: 1, 2: 2, 3: 2, 4: 4, 5: 4, 6: 4, 7: 1, 10: 8, 11: 8, 12: 8}
STRING, ARRAY = 8, 9


class Layout:
    """Where the numbers and names of a GGUF file stand."""

    def __init__(self, data):
        self.data = data
        self.at = 4
        self.fields = []  # offset, size, what
        self.names = []  # offset, size
        self.number(4, "version")
        tensors = self.number(8, "tensor count")
        entries = self.number(8, "entry count")
        for _ in range(entries):
            key = self.string("key")
            kind = self.number(4, f"{key} type")
            self.value(kind, key)
        for _ in range(tensors):
            name = self.string("tensor name")
            for dimension in range(self.number(4, f"{name} dimension count")):
                self.number(8, f"{name} dimension {dimension}")
            self.number(4, f"{name} type")
            self.number(8, f"{name} offset")
        self.header = self.at

    def number(self, size, what):
        self.fields.append((self.at, size, what))
        value = int.from_bytes(self.data[self.at:self.at + size], "little")
        self.at += size
        return value

    def string(self, what):
        length = self.number(8, f"{what} length")
        self.names.append((self.at, length))
        self.at += length
        return self.data[self.at - length:self.at].decode(errors="replace")

    def value(self, kind, key):
        if kind == STRING:
            self.string(f"{key} value")
        elif kind == ARRAY:
            element = self.number(4, f"{key} element type")
            for index in range(self.number(8, f"{key} count")):
                self.value(element, f"{key} element {index}")
        else:
            self.number(SIZES[kind], f"{key} value")


def mutation(layout, rng):
    """A broken file and what was done to it."""
    data = bytearray(layout.data)
    # Most of a model is weights, in which a change does no harm.
    position = rng.randrange(layout.header if rng.random() < 0.8 else len(data))
    # Numbers in long arrays are many; half of the changes go to the others.
    rare = [field for field in layout.fields if " element " not in field[2]]
    pick = lambda: rng.choice(rare if rng.random() < 0.5 else layout.fields)
    kind = rng.choice(["cut", "remove", "insert", "flip", "flip", "name", "number", "number", "number", "number"])
    if kind == "cut":
        return data[:position], f"cut at {position}"
    if kind == "remove":
        count = rng.randint(1, 64)
        del data[position:position + count]
        return data, f"{count} bytes removed at {position}"
    if kind == "insert":
        inserted = rng.randbytes(rng.randint(1, 64))
        data[position:position] = inserted
        return data, f"{len(inserted)} bytes inserted at {position}"
    if kind == "flip":
        positions = [rng.randrange(layout.header) for _ in range(rng.randint(1, 8))]
        for position in positions:
            data[position] ^= 1 << rng.randrange(8)
        return data, f"bits flipped in bytes {positions}"
    if kind == "name":
        source, size = rng.choice(layout.names)
        targets = [name for name in layout.names if name[1] == size]
        target, _ = rng.choice(targets)
        data[target:target + size] = data[source:source + size]
        return data, f"name at {source} copied to {target}"
    what = []
    for _ in range(rng.randint(1, 2)):
        offset, size, label = pick()
        old = int.from_bytes(data[offset:offset + size], "little")
        other, other_size, _ = pick()
        new = rng.choice([
            old + 1, old - 1, int.from_bytes(layout.data[other:other + other_size], "little"), rng.choice(EXTREMES),
            rng.choice(EXTREMES)]) % (1 << 8 * size)
        data[offset:offset + size] = new.to_bytes(size, "little")
        what.append(f"{label} = {new}")
    return data, ", ".join(what)


def hostile(layout):
    """Cases that random mutation would hardly meet: one change each, and what it is."""
    def changed(label, value, format="<Q"):
        data = bytearray(layout.data)
        for offset, size, what in layout.fields:
            if what == label:
                data[offset:offset + size] = struct.pack(format, value)[:size]
                return data, f"{label} = {value}"
        return None

    first = next(what[:-len(" offset")] for _, _, what in layout.fields if what.endswith(".weight offset"))
    cases = [changed("version", version) for version in (0, 1, 4, 0x03000000)]
    cases += [changed(f"{first} dimension 0", value) for value in EXTREMES]
    cases += [changed(f"{first} dimension 1", value) for value in EXTREMES]
    cases += [changed(f"{first} offset", value) for value in EXTREMES]
    cases += [changed(f"{first} type", value) for value in range(48)]
    cases += [changed(f"{first} dimension count", value) for value in range(6)]
    scalars = {what[:-len(" value")] for _, _, what in layout.fields if what.endswith(" value") and " element" not in what}
    for key in sorted(scalars):
        cases += [changed(f"{key} value", value) for value in EXTREMES]
        cases += [changed(f"{key} value", value, "<d") for value in (float("nan"), float("inf"), -1.0)]
        cases += [changed(f"{key} value", value, "<f") for value in (float("nan"), float("inf"), -1.0, 0.0)]
        cases += [changed(f"{key} type", value) for value in range(14)]
    return [case for case in cases if case is not None]


def run(command, limit):
    """Exit code and standard error; the code is None for a run that had to be stopped, negative for a signal."""
    limited = f'ulimit -v {limit >> 10} && ulimit -t {PROCESSOR_SECONDS} && exec "$0" "$@"'
    try:
        answer = subprocess.run(
            ["sh", "-c", limited, GPTOSS, *command], stdin=subprocess.DEVNULL, capture_output=True, timeout=WALL_SECONDS)
    except subprocess.TimeoutExpired:
        return None, ""
    return answer.returncode, answer.stderr.decode(errors="replace")


def verdict(code, error):
    """What is wrong with a run; None if nothing is."""
    if code is None:
        return f"did not end within {WALL_SECONDS} s"
    if code == -signal.SIGXCPU or code == -signal.SIGKILL:
        return f"took more than {PROCESSOR_SECONDS} s of processor time"
    if code not in (0, 1):
        return f"exit code {code}: {error.strip()[-300:]}"
    if code == 1 and (error.count("\n") != 1 or not error.strip()):
        return f"not one line: {error.strip()[:300]}"
    return None


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", default="0", help="comma-separated (default: 0)")
    parser.add_argument("--count", type=int, default=2000, help="mutations a seed (default: 2000)")
    parser.add_argument("--model", help="the model to break (default: one from `gptoss synthesize --shape tiny`)")
    parser.add_argument("--commands", default=",".join(COMMANDS), help="what to run (default: all)")
    options = parser.parse_args()
    commands = options.commands.split(",")
    outcomes = collections.Counter()
    with tempfile.TemporaryDirectory() as folder:
        model = Path(options.model) if options.model else Path(folder) / "model.gguf"
        if not options.model:
            subprocess.run([GPTOSS, "synthesize", "--shape", "tiny", model], check=True)
        layout = Layout(model.read_bytes())
        limit = ADDRESS_SPACE + len(layout.data)

        def attempt(case):
            number, data, what = case
            path = Path(folder) / f"broken-{number}.gguf"
            path.write_bytes(data)
            answers = [(command, *run(COMMANDS[command](str(path)), limit)) for command in commands]
            path.unlink()
            return what, answers

        cases = list(hostile(layout))
        for seed in map(int, options.seeds.split(",")):
            rng = random.Random(seed)
            cases += [mutation(layout, rng) for _ in range(options.count)]
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            for what, answers in pool.map(attempt, ((number, *case) for number, case in enumerate(cases))):
                for command, code, error in answers:
                    outcomes[f"{command} {'works' if code == 0 else 'refuses' if code == 1 else 'fails'}"] += 1
                    problem = verdict(code, error)
                    check(problem is None, f"{command}, {what}: {problem}")
    print(", ".join(f"{outcome} {count}" for outcome, count in sorted(outcomes.items())))
    finish()


if __name__ == "__main__":
    main()
