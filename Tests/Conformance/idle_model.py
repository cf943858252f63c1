#!/usr/bin/env python3
"""A second model that is loaded and that nobody uses costs nothing: one model's speed beside it, and alone.

    swift build -c release --scratch-path .build-server --traits Server --product gptoss
    python Tests/Conformance/idle_model.py MODEL [--rounds N] [--tokens N]

A server has the model under two names, of which the second one is loaded and unloaded in turns. After each change the
first one generates twice, and the second answer counts: loading and unloading throw out what the caches held, which is
their price and not an idle model's. The medians of both have to be within 2 %. Nothing else may run on the machine.
GPTOSS_SERVER names another program.
"""

import argparse
import json
import os
import statistics
import tempfile
import time
import urllib.request
from pathlib import Path

from checks import check, finish
from served import Served, endless


def call(server, path, body):
    request = urllib.request.Request(server.root + path, json.dumps(body).encode(), {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=3600) as answer:
        return json.load(answer)


def speed(server, count, parameters):
    """Tokens per second of the second of two answers."""
    generate(server, count, parameters)
    return generate(server, count, parameters)


def generate(server, count, parameters):
    """Tokens per second of an answer of so many tokens."""
    start = time.monotonic()
    answer = call(server, "/v1/completions", {
        "model": "test/first", "prompt": "Hello", "max_tokens": count, "loop_guard": False, **parameters, "temperature": 0})
    seconds = time.monotonic() - start
    tokens = answer["usage"]["completion_tokens"]
    check(tokens == count, f"an answer of {tokens} tokens, where {count} were asked for")
    return tokens / seconds


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("model", type=Path)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--tokens", type=int, default=256)
    options = parser.parse_args()
    parameters = endless(options.model)
    with tempfile.TemporaryDirectory() as folder:
        for name in ("first", "second"):
            path = Path(folder) / "test" / name / f"{name}.gguf"
            path.parent.mkdir(parents=True)
            path.symlink_to(options.model.resolve())
        os.environ.update(GPTOSS_MODELS=folder, HOME=folder)
        with Served("--context", "4096", "--log", "none", model=None) as server:
            call(server, "/api/v1/models/load", {"model": "test/first"})
            alone, beside = [], []
            for _ in range(options.rounds):
                alone.append(speed(server, options.tokens, parameters))
                second = call(server, "/api/v1/models/load", {"model": "test/second"})["instance_id"]
                beside.append(speed(server, options.tokens, parameters))
                call(server, "/api/v1/models/unload", {"instance_id": second})
    medians = [statistics.median(rates) for rates in (alone, beside)]
    print("tokens per second: alone %.2f, beside an idle model %.2f" % tuple(medians))
    check(medians[1] >= 0.98 * medians[0], f"a model that nobody uses costs {100 * (1 - medians[1] / medians[0]):.1f} %")
    finish()


if __name__ == "__main__":
    main()
