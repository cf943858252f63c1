#!/usr/bin/env python3
"""Attackers beside well-behaved clients: the server lives, the others are answered, memory comes back.

    python Tests/Conformance/attackers.py [--seconds 20] [--attackers 4] [--seed 1] [--slow]

Attackers send what costs much to compile, parse or route: schemas and patterns that multiply, numbers at which arithmetic
breaks, a thousand tools, megabytes of JSON, mutated bodies, broken HTTP, connections that say nothing. Half of them leave
before their answer. An attack may be answered by 200, by a 4xx that says what is wrong, in a schema with its place, or by
503 with `Retry-After`. Clients ask for words, calls and typed answers meanwhile; their answers have to be valid, and their
first token within a second and twice its time without attackers. --slow leaves out times and memory: for a build under a
sanitizer.

Only to loopback, and bounded by the numbers given.
"""

import argparse
import asyncio
import collections
import itertools
import json
import random
import statistics
import time

from jsonschema import Draft202012Validator

from checks import check, finish
from schema_fuzz import ROUTES, number_schemas
from served import Served
from soak import read_response

PATIENCE = 30
LIMIT = 24
# Seconds that a first token may take at any time, whatever it took alone: scheduling on a busy machine.
GRACE = 0.25
# What the server's caches may take, the gaps between their pieces included.
CACHES = 384 << 20
WEATHER = {
    "type": "object", "required": ["city", "celsius", "sky"], "additionalProperties": False,
    "properties": {
        "city": {"type": "string", "maxLength": 20}, "celsius": {"type": "integer", "minimum": -60, "maximum": 60},
        "sky": {"enum": ["clear", "clouds", "rain"]},
        "contact": {"anyOf": [{"type": "string", "format": "email", "maxLength": 30}, {"type": "null"}]},
    },
}


# --- Attacks: what is sent, as (path, body), or bytes for what is no request.

def chat(**fields):
    return "/chat/completions", json.dumps({
        "model": "MODEL", "messages": [{"role": "user", "content": "Hi"}], "max_tokens": 8, **fields})


def typed(schema):
    return chat(response_format={"type": "json_schema", "json_schema": {"name": "x", "schema": schema}})


def tool(schema, name="f", **fields):
    return {"type": "function", "function": {"name": name, "parameters": schema, **fields}}


def objects(members):
    return {"type": "object", "properties": members, "required": list(members)}


class Attacks:
    def __init__(self, seed):
        self.random = random.Random(seed)
        self.numbers = list(number_schemas())

    def next(self):
        kinds = [self.number, self.pattern, self.patterns, self.references, self.doubling, self.branches, self.values,
                 self.types, self.depth, self.tools, self.costly_tool, self.large_body, self.deep_body, self.mutated,
                 self.http, self.silence, self.biases, self.unique, self.prompts]
        kind = self.random.choice(kinds)
        return kind.__name__, kind()

    def number(self):
        path, body = self.random.choice(ROUTES)
        return path, body(self.random.choice(self.numbers))

    def one_pattern(self):
        r = self.random
        n = r.choice([10, 60, 500, 5000])
        return r.choice([
            "^(" + "a" * 13 * n + ")$", f"^(a{{1,{n}}}){{1,{n}}}$", "^(a|b)*a(a|b){%d}$" % min(n, 60), "[a-\uffff]" * (n % 97),
            "^" + "(" * n + "x" + ")" * n + "$", "^(?:" + "|".join(f"w{i}" for i in range(n)) + ")+$",
            ".{%d}" % n, "^(\\w+ ?)*$", "^(?:a?){%d}a{%d}$" % (n, n), "[" + "".join(map(chr, range(0x3b1, 0x3b1 + n))) + "]+",
            "\\p{L}+", "(?<=a)b", "[", "a{" + "9" * 40 + "}", "^\\S+@\\S+\\.\\S+$", "\\u{d800}",
        ])

    def pattern(self):
        return typed({"type": "string", "pattern": self.one_pattern(), "maxLength": self.random.choice([5, 254, 1 << 40])})

    def patterns(self):
        members = {f"p{i}": {"type": "string", "pattern": self.one_pattern()} for i in range(self.random.randint(2, 20))}
        return typed(objects(members))

    def references(self):
        size = self.random.choice([3, 30, 3000])
        definitions = {f"d{i}": {"$ref": f"#/$defs/d{(i + 1) % size}"} for i in range(size)}
        return typed({"$defs": definitions, "$ref": "#/$defs/d0"})

    def doubling(self):
        size = self.random.randint(5, 60)
        word = self.random.choice(["allOf", "anyOf", "oneOf"])
        definitions = {f"d{i}": {word: [{"$ref": f"#/$defs/d{i + 1}"}, {"$ref": f"#/$defs/d{i + 1}"}]} for i in range(size)}
        definitions[f"d{size}"] = self.random.choice([{"type": "string"}, {"type": "object"}, {"minimum": 1}])
        return typed({"$defs": definitions, "$ref": "#/$defs/d0"})

    def branches(self):
        size = self.random.choice([20, 300, 3000])
        word = self.random.choice(["oneOf", "anyOf", "allOf"])
        return typed({word: [objects({"kind": {"const": i}, f"m{i % 7}": {"type": "string"}}) for i in range(size)]})

    def values(self):
        size = self.random.choice([100, 3000, 100_000])
        values = [f"value {i} {'é' * (i % 5)}" for i in range(size)]
        return typed({"type": "array", "items": {"enum": values}, "uniqueItems": self.random.random() < 0.3})

    def types(self):
        return typed({"type": ["string", "null", "integer"] * self.random.choice([2, 3000])})

    def depth(self):
        size = self.random.choice([50, 1000, 20_000])
        open_, close = self.random.choice([
            ('{"items":', "}"), ('{"not":', "}"), ('{"properties":{"a":', "}}"), ('{"allOf":[', "]}"), ('{"const":[', "]}"), ("[", "]")])
        path, body = self.random.choice(ROUTES)
        return path, body(open_ * size + '{"type":"null"}' + close * size)

    def tools(self):
        size = self.random.choice([8, 200, 1000])
        return chat(max_tokens=1, tools=[tool(objects({"a": {"type": "string"}}), f"t{i}") for i in range(size)])

    def costly_tool(self):
        path, body = self.patterns() if self.random.random() < 0.5 else self.doubling()
        schema = json.loads(body)["response_format"]["json_schema"]["schema"]
        strict = self.random.random() < 0.5
        return chat(tools=[tool(objects({"p": schema}), strict=strict), tool({}, "g")],
                    tool_choice=self.random.choice(["auto", "required"]))

    def large_body(self):
        return "/chat/completions", '{"model": "MODEL", "x": [' + "1," * self.random.choice([1 << 16, 6 << 20]) + "1]}"

    def deep_body(self):
        size = self.random.choice([600, 100_000])
        return self.random.choice(["/chat/completions", "/responses", "/messages"]), '{"model":' + "[" * size + "]" * size + "}"

    def mutated(self):
        path, body = self.random.choice([typed(WEATHER), chat(tools=[tool(WEATHER)]), chat(stream=True, stop=["a", "b"])])
        data = bytearray(body.encode())
        for _ in range(self.random.randint(1, 4)):
            at = self.random.randrange(len(data))
            data[at:at + self.random.randint(0, 2)] = self.random.choice([b"", b"\0", b"\xff", b'"', b"}", b"-", b"1e999", b"null"])
        return path, bytes(data)

    def http(self):
        r = self.random
        head = "POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\n"
        return r.choice([
            head + "Transfer-Encoding: chunked\r\n\r\nZZ\r\n", head + "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
            head + "Transfer-Encoding: gzip\r\n\r\n", head + "Content-Length: -1\r\n\r\n", head + "Content-Length: 9" * 30 + "\r\n\r\n",
            head + "X: " + "a" * 100_000 + "\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", "\x16\x03\x01\x02\x00", "GET /\r\n\r\n" * 50,
            head + "Expect: 200-maybe\r\nContent-Length: 2\r\n\r\n{}", head + "Content-Length: 10\r\n\r\n{", "POST " + "/a" * 9000 + "\r\n",
        ]).encode()

    def silence(self):
        return self.random.choice([b"", b"POST /v1/chat", b"POST /v1/responses HTTP/1.1\r\nHost: localhost\r\n"])

    def biases(self):
        return chat(logit_bias={str(i): self.random.choice([-100, 100]) for i in range(self.random.choice([300, 2048]))})

    def unique(self):
        items = self.random.choice([{"type": "boolean"}, {"type": "string", "maxLength": 2}, {"enum": list(range(2000))}])
        return typed({"type": "array", "items": items, "uniqueItems": True, "minItems": self.random.choice([1, 3, 900, 1 << 60])})

    def prompts(self):
        return "/completions", json.dumps({
            "model": "MODEL", "prompt": ["x"] * self.random.choice([20, 20_000]), "n": self.random.choice([1, 128]), "max_tokens": 1})


# --- Clients.

class Field:
    """A server, those who attack it and those who use it."""

    def __init__(self, server, name, slow):
        self.server, self.name, self.slow = server, name, slow
        self.first_tokens = collections.defaultdict(list)
        self.kinds = collections.Counter()
        self.statuses = collections.Counter()

    def tell(self):
        """Prints the times of each phase so far."""
        for phase, times in self.first_tokens.items():
            print(f"{phase}: {len(times)} answers, first token {statistics.median(times) * 1000:.0f} ms in the middle, "
                  f"at most {max(times) * 1000:.0f} ms", flush=True)

    async def open(self, path, body):
        data = body if isinstance(body, bytes) else body.encode()
        data = data.replace(b"MODEL", self.name.encode(), 1)
        reader, writer = await asyncio.open_connection("127.0.0.1", self.server.port)
        writer.write(f"POST /v1{path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nConnection: close\r\n"
                     f"Content-Length: {len(data)}\r\n\r\n".encode() + data)
        return reader, writer

    async def attack(self, attacks, until):
        while time.monotonic() < until:
            kind, what = attacks.next()
            leaves = attacks.random.random() < 0.5
            sent = what[:300] if isinstance(what, bytes) else what[1][:300]
            self.kinds[kind] += 1
            writer = None
            try:
                if isinstance(what, bytes):
                    reader, writer = await asyncio.open_connection("127.0.0.1", self.server.port)
                    writer.write(what)
                    await asyncio.wait_for(reader.read(1 << 16), 1)
                else:
                    reader, writer = await self.open(*what)
                    await asyncio.wait_for(self.judge(kind, what, reader), 1 if leaves else 4 * PATIENCE)
            except (asyncio.TimeoutError, ConnectionError, asyncio.IncompleteReadError) as fault:
                late = isinstance(fault, asyncio.TimeoutError) and not leaves and not isinstance(what, bytes)
                check(not late, f"{kind}: no answer to {sent!r}")
            finally:
                if writer:
                    writer.close()
            if self.server.process.poll() is not None:
                check(False, f"the server ended after {kind}: {sent!r}")
                return

    async def judge(self, kind, what, reader):
        line = await reader.readline()
        if not line:
            return
        status = int(line.split()[1])
        head = await reader.readuntil(b"\r\n\r\n")
        text = await reader.read(1 << 20)
        self.statuses[status] += 1
        if status == 503:
            check(b"retry-after" in head.lower(), f"{kind}: 503 without Retry-After")
        elif 400 <= status < 500:
            message = json.loads(text)["error"]["message"]
            check(message and ("': schema" not in message or "#" in message), f"{kind}: {status} {message[:300]}")
        else:
            check(status == 200, f"{kind}: {status} {text[:300]} for {what[1][:300]!r}")

    async def use(self, phase, number, until):
        """A client: one request after another, of three kinds in turns."""
        schema = Draft202012Validator(WEATHER)
        requests = [
            chat(stream=True, temperature=0, max_tokens=LIMIT, messages=[{"role": "user", "content": "Hello"}]),
            typed(WEATHER), chat(tools=[tool(WEATHER, "weather")], tool_choice="required"),
        ]
        for turn in itertools.count(number):
            if time.monotonic() > until:
                return
            path, body = requests[turn % 3]
            body = json.dumps({**json.loads(body), "stream": True, "max_tokens": 400 if turn % 3 else LIMIT})
            began = time.monotonic()
            first, pieces, reason = None, [], None
            try:
                reader, writer = await self.open(path, body)
                async with asyncio.timeout(4 * PATIENCE):
                    line = await reader.readline()
                    check(line.split()[1] == b"200", f"a client got {line!r}")
                    while line := await reader.readline():
                        if not line.startswith(b"data: {"):
                            continue
                        for choice in json.loads(line[6:]).get("choices", []):
                            delta = choice["delta"]
                            calls = [call["function"].get("arguments") or "" for call in delta.get("tool_calls") or []]
                            piece = "".join(calls) or delta.get("content") or ""
                            if piece or delta.get("reasoning"):
                                first = first or time.monotonic() - began
                            pieces.append(piece)
                            reason = choice.get("finish_reason") or reason
                writer.close()
            except (asyncio.TimeoutError, ConnectionError, asyncio.IncompleteReadError) as fault:
                check(False, f"{phase}: a client's request broke off: {type(fault).__name__} {fault}")
                continue
            if first is None or reason is None:
                check(False, f"{phase}: an answer without a token or an end: {pieces} {reason}")
                continue
            self.first_tokens[phase].append(first)
            if turn % 3 and reason != "length":
                text = "".join(pieces)
                try:
                    fault = next(schema.iter_errors(json.loads(text)), None)
                except ValueError as error:
                    fault = error
                check(fault is None, f"{phase}: {text!r}: {fault}")
            await asyncio.sleep(0.02)

    async def phase(self, name, seconds, attacks=()):
        until = time.monotonic() + seconds
        await asyncio.gather(*(self.use(name, number, until) for number in range(2)),
                             *(self.attack(each, until) for each in attacks), self.watch(until))

    async def watch(self, until):
        """`/health` is answered at any time."""
        while time.monotonic() < until:
            began = time.monotonic()
            reader, writer = await asyncio.open_connection("127.0.0.1", self.server.port)
            writer.write(b"GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            try:
                status, _ = await asyncio.wait_for(read_response(reader), 4 * PATIENCE if self.slow else 3)
                check(status == 200, f"/health: {status}")
            except asyncio.TimeoutError:
                check(False, f"/health took more than {time.monotonic() - began:.1f} s")
            writer.close()
            await asyncio.sleep(0.5)


def processor_seconds(process):
    with open(f"/proc/{process.pid}/stat", encoding="utf-8") as file:
        fields = file.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / 100


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=20, help="how long the attack lasts")
    parser.add_argument("--attackers", type=int, default=4)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--slow", action="store_true", help="no times and no memory: for a sanitizer's build")
    arguments = parser.parse_args()

    with Served("--context", "8192") as server:
        field = Field(server, "openai/gpt-oss-20b", arguments.slow)
        quiet = min(max(3, arguments.seconds / 10), 60)
        asyncio.run(field.phase("alone", quiet))
        before = server.resident_bytes()
        after = []
        for half in range(2):
            attacks = [Attacks(f"{arguments.seed} {half} {number}") for number in range(arguments.attackers)]
            asyncio.run(field.phase("attacked", arguments.seconds / 2, attacks))
            check(server.process.poll() is None, "the server lives")
            time.sleep(2)
            busy = processor_seconds(server.process)
            time.sleep(1)
            busy = processor_seconds(server.process) - busy
            check(arguments.slow or busy < 0.2, f"busy for {busy} s of the second that begins 2 s after the attack")
            after.append(server.resident_bytes())
            # What is known so far, should the rest be cut off.
            field.tell()
            print(f"memory: {after[-1] >> 20} MiB", flush=True)
        asyncio.run(field.phase("after", quiet))
        field.tell()
        print(f"attacks: {dict(field.kinds)}; answers: {dict(field.statuses)}")
        print(f"{before >> 20} MiB before, {', '.join(str(size >> 20) for size in after)} after each half")
        if not arguments.slow:
            # Schemas and answers are kept for those who send them again, up to limits; beyond those nothing stays.
            check(after[0] < before + CACHES, f"{before >> 20} MiB before the attack, {after[0] >> 20} after it")
            check(after[1] < after[0] + CACHES / 2, f"{after[0] >> 20} MiB after an attack, {after[1] >> 20} after the next")
            alone, attacked = (statistics.median(field.first_tokens[phase]) for phase in ("alone", "attacked"))
            check(attacked < 2 * alone + GRACE, f"a first token took {alone:.3f} s alone and {attacked:.3f} s under attack")
            late = sum(time > 1 for time in field.first_tokens["attacked"])
            check(late * 100 <= len(field.first_tokens["attacked"]), f"{late} first tokens took more than a second")
    finish()


if __name__ == "__main__":
    main()
