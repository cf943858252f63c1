#!/usr/bin/env python3
"""Tokens per second of one stream, and of several streams together, from a running `gptoss serve`.

    swift build -c release --scratch-path .build-server --traits Server --product gptoss
    python Benchmarks/server.py -m 20b.gguf [--streams 1,4] [--tokens 64] [--repeats 3]

Counts while all streams decode, from the last one's first token to the first one's last, so that reading prompts is left
out. Needs PyPI `openai`.
"""

import argparse
import os
import statistics
import sys
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "Tests" / "Conformance"))


def measure(client, streams, tokens, round_number):
    """Tokens per second of all streams together, over the time in which all of them decode."""
    moments = [[] for _ in range(streams)]

    def run(index):
        # A seed of its own for each: they choose different tokens, and with them different experts.
        stream = client.completions.create(
            model="openai/gpt-oss-20b", prompt=f"Story {round_number} {index}: Once upon a time", max_tokens=tokens,
            temperature=1, seed=100 * round_number + index, logprobs=0, stream=True)
        for chunk in stream:
            if chunk.choices and chunk.choices[0].logprobs and chunk.choices[0].logprobs.tokens:
                moments[index].append(time.monotonic())

    threads = [threading.Thread(target=run, args=(index,)) for index in range(streams)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if not all(moments):
        raise SystemExit("a stream ended without a token")
    start, end = max(times[0] for times in moments), min(times[-1] for times in moments)
    if end <= start:
        raise SystemExit("the streams did not decode together; more --tokens let them")
    return sum(start < moment <= end for times in moments for moment in times) / (end - start)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("-m", "--model", required=True)
    parser.add_argument("--streams", default="1,4")
    parser.add_argument("--tokens", type=int, default=64)
    parser.add_argument("--repeats", type=int, default=3)
    arguments = parser.parse_args()
    os.environ["GPTOSS_MODEL"] = arguments.model
    from openai import OpenAI
    from served import Served

    counts = [int(count) for count in arguments.streams.split(",")]
    with Served("--parallel", str(max(counts)), "--context", "2048", "--log", "none", model=arguments.model) as server:
        client = OpenAI(base_url=server.url, api_key="none", timeout=600)
        measure(client, 1, 4, 0)
        medians = {}
        for count in counts:
            rates = [measure(client, count, arguments.tokens, repeat + 1) for repeat in range(arguments.repeats)]
            medians[count] = statistics.median(rates)
            values = ", ".join(f"{rate:.1f}" for rate in rates)
            print(f"{count} streams: {values} tokens/s; {medians[count] / medians[counts[0]]:.2f} × {counts[0]}", flush=True)


if __name__ == "__main__":
    main()
