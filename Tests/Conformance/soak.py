#!/usr/bin/env python3
"""The server under load: 200 requests from 32 connections, with random cancellations, malformed bodies and slow readers.

    python Tests/Conformance/soak.py [--requests 200] [--connections 32] [--seed 1]

Only to loopback, and bounded by the numbers given. Afterwards nothing may be left: no slot taken, every well-formed request
answered as it is when it runs alone at temperature 0, and memory within 5 % of before.
"""

import argparse
import asyncio
import json
import random
import time
import urllib.request

from checks import check, finish
from served import Served

SYSTEM = "You are a helpful assistant. " + "Answer in one sentence, without lists and without headings. " * 6
QUESTIONS = ["What is MXFP4?", "What is Harmony?", "What is 3 + 4?", "Who are you?", "Hello!", "Repeat: blue horse"]
MALFORMED = [
    b"", b"{", b"[]", b'{"model": 1}', b'{"messages": []}', b"\xff\xfe", b'{"model": "openai/gpt-oss-20b", "messages": 7}',
    b'{"model": "openai/gpt-oss-20b", "messages": [{"role": "user", "content": "x"}], "temperature": "hot"}',
    b'{"model": "gpt-17", "messages": [{"role": "user", "content": "x"}]}',
    b'{"a":' * 3000 + b"1" + b"}" * 3000,
]


def body(question, stream, limit):
    return {
        "model": "openai/gpt-oss-20b", "temperature": 0, "max_tokens": limit, "stream": stream,
        "messages": [{"role": "system", "content": SYSTEM}, {"role": "user", "content": question}],
    }


def request_bytes(content, keep=True):
    head = f"POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {len(content)}\r\n"
    return (head + ("" if keep else "Connection: close\r\n") + "\r\n").encode() + content


async def read_response(reader, pause=0.0):
    """Status and body of a response; `pause` seconds between small reads make a slow reader."""
    status = int((await reader.readline()).split()[1])
    headers = {}
    while (line := (await reader.readline()).strip()):
        name, value = line.decode().split(":", 1)
        headers[name.lower()] = value.strip()
    if "content-length" in headers:
        return status, await reader.readexactly(int(headers["content-length"]))
    content = b""
    while (size := int(await reader.readline(), 16)) or not content.endswith(b"\n"):
        if size == 0:
            break
        content += await reader.readexactly(size)
        await reader.readline()
        if pause:
            await asyncio.sleep(pause)
    await reader.readline()
    return status, content


def answer_of(stream, content):
    """Reasoning and text of an answer, whole or streamed."""
    if not stream:
        message = json.loads(content)["choices"][0]["message"]
        return (message.get("reasoning") or "") + "|" + (message["content"] or "")
    reasoning, text = "", ""
    for line in content.decode().split("\n"):
        if line.startswith("data: {"):
            for choice in json.loads(line[6:])["choices"]:
                reasoning += choice["delta"].get("reasoning") or ""
                text += choice["delta"].get("content") or ""
    return reasoning + "|" + text


class Soak:
    def __init__(self, port, seed):
        self.port = port
        self.random = random.Random(seed)
        self.counts = {"answered": 0, "cancelled": 0, "malformed": 0, "slow": 0}
        self.alone = {}

    async def connect(self):
        return await asyncio.open_connection("127.0.0.1", self.port)

    async def ask(self, question, stream, limit, pause=0.0):
        reader, writer = await self.connect()
        writer.write(request_bytes(json.dumps(body(question, stream, limit)).encode()))
        status, content = await read_response(reader, pause)
        writer.close()
        if status != 200:
            raise RuntimeError(f"status {status}: {content[:200]}")
        return answer_of(stream, content)

    async def learn(self, limits):
        """The answers to each request that runs alone."""
        for question in QUESTIONS:
            for limit in limits:
                self.alone[question, limit] = await self.ask(question, False, limit)

    async def one(self, limits):
        kind = self.random.choices(["answered", "cancelled", "malformed", "slow"], [5, 2, 2, 1])[0]
        question, limit = self.random.choice(QUESTIONS), self.random.choice(limits)
        stream = self.random.random() < 0.6 or kind == "slow"
        self.counts[kind] += 1
        if kind == "malformed":
            reader, writer = await self.connect()
            writer.write(request_bytes(self.random.choice(MALFORMED)))
            status, content = await read_response(reader)
            writer.close()
            check(status in (400, 404) and "error" in json.loads(content), f"malformed body: status {status}")
        elif kind == "cancelled":
            reader, writer = await self.connect()
            content = json.dumps(body(question, stream, 2000)).encode()
            data = request_bytes(content)
            # Some go within the request, some while they wait or while the answer comes.
            cut = self.random.random()
            writer.write(data[: len(data) // 2] if cut < 0.2 else data)
            await writer.drain()
            await asyncio.sleep(self.random.random() * 0.2)
            if self.random.random() < 0.5:
                writer.transport.abort()
            else:
                writer.close()
        else:
            answer = await self.ask(question, stream, limit, pause=0.02 if kind == "slow" else 0)
            alone = self.alone[question, limit]
            check(answer == alone, f"{question!r} ({limit}): {answer!r} instead of {alone!r}")

    async def run(self, requests, connections, limits):
        remaining = iter(range(requests))

        async def worker():
            for _ in remaining:
                try:
                    await asyncio.wait_for(self.one(limits), 120)
                except Exception as error:  # noqa: BLE001 every request is to be answered
                    check(False, f"{type(error).__name__}: {error}")

        await asyncio.gather(*(worker() for _ in range(connections)))


def health(server):
    with urllib.request.urlopen(server.root + "/health") as reply:
        return json.load(reply)


def settle(server):
    """Waits until nothing runs and nothing waits."""
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        state = health(server)
        if state["running"] == state["waiting"] == 0:
            return state
        time.sleep(0.05)
    return health(server)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--requests", type=int, default=200)
    parser.add_argument("--connections", type=int, default=32)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    limits = [8, 40, 90]
    with Served("--parallel", "4", "--queue", "64", "--context", "4096", "--log", "none") as server:
        soak = Soak(server.port, arguments.seed)
        asyncio.run(soak.learn(limits + [2000]))
        # The cache of conversations (16 of them) and the allocator's pools fill before memory is measured: it grows over
        # about ten rounds and is flat from then on.
        for _ in range(12):
            asyncio.run(soak.run(arguments.requests, arguments.connections, limits))
        settle(server)
        before = server.resident_bytes()
        soak.counts = dict.fromkeys(soak.counts, 0)
        start = time.monotonic()
        asyncio.run(soak.run(arguments.requests, arguments.connections, limits))
        seconds = time.monotonic() - start
        state = settle(server)
        after = server.resident_bytes()
        growth = after / before - 1
        print(f"{arguments.requests} requests from {arguments.connections} connections in {seconds:.1f} s: {soak.counts}")
        print(f"memory {before / 1e6:.1f} MB before, {after / 1e6:.1f} MB after ({growth:+.1%})")
        check(not state["running"] and not state["waiting"], f"slots are taken: {state}")
        check(growth <= 0.05, "memory has grown")
        check(server.process.poll() is None, f"the server ended with {server.process.returncode}")
    finish()


if __name__ == "__main__":
    main()
