#!/usr/bin/env python3
"""Several models in one server, by name: a storm of requests, loads and unloads, and LM Studio's REST API.

    swift build -c release --scratch-path .build-server --traits Server --product gptoss
    python Tests/Conformance/models_server.py [--storms N]

Three small random models in a folder of their own are named at random while others load and unload them. Every answer has
to be that of the same request alone, and the memory has to come back. GPTOSS_SERVER names another program.
"""

import argparse
import json
import os
import random
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from checks import attempt, check, finish
from served import GPTOSS, Served

NAMES = ["test/a", "test/b", "test/c"]
PROMPTS = ["What is MXFP4?", "Hello", "Tell me a joke about experts", "1 2 3 4 5"]
REQUESTS = 200


def call(server, path, body=None, method=None, **headers):
    """Sends a request; returns status and JSON."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(server.root + path, data, {"Content-Type": "application/json", **headers}, method=method)
    try:
        with urllib.request.urlopen(request, timeout=120) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)


def ask(server, name, prompt, **parameters):
    status, answer = call(server, "/v1/completions", {
        "model": name, "prompt": prompt, "max_tokens": 16, "temperature": 0, **parameters})
    return status, answer["choices"][0]["text"] if status == 200 else answer["error"]


def instances(server):
    models = call(server, "/api/v1/models")[1]["models"]
    return [instance for model in models for instance in model["loaded_instances"]]


def test_names(server):
    listed = {model["id"] for model in call(server, "/v1/models")[1]["data"]}
    check({"test/a", "a", "a.gguf", "test/b", "test/c"} <= listed, f"names: {listed}")
    check(instances(server) == [], "nothing is loaded at the start")
    for name in ("nobody/nothing", "openai/gpt-oss-120b", "gpt-17", "/etc/passwd"):
        status, error = ask(server, name, "x")
        check(status == 404 and "gptoss get" in error["message"], f"{name}: {status} {error}")
    check(call(server, "/v1/models/test/a")[1]["state"] == "not-loaded", "state of a model that is not loaded")


def test_rest(server):
    status, loaded = call(server, "/api/v1/models/load", {"model": "test/a", "context_length": 64, "echo_load_config": True})
    check(status == 200 and loaded["instance_id"] == "test/a" and loaded["status"] == "loaded", f"load: {loaded}")
    check(loaded["load_config"]["context_length"] == 64, f"load's configuration: {loaded}")
    check(call(server, "/api/v1/models/load", {"model": "test/a"})[1]["instance_id"] == "test/a:2", "a second instance")
    check(call(server, "/v1/models/test/a")[1]["state"] == "loaded", "state of a loaded model")
    check(ask(server, "test/a:2", "x")[0] == 200, "an identifier names a model")
    check(call(server, "/api/v1/models/unload", {"instance_id": "test/a:2"})[0] == 200, "unload")
    check(call(server, "/api/v1/models/unload", {"instance_id": "test/a:2"})[0] == 404, "unload again")
    for path in ("load", "unload", "download"):
        status, _ = call(server, f"/api/v1/models/{path}", {"model": "test/b"}, Origin="https://example.org")
        check(status == 403, f"{path} for a foreign page: {status}")
        status, _ = call(server, f"/api/v1/models/{path}", {"model": "test/b"}, Host="example.org")
        check(status == 403, f"{path} for a foreign host: {status}")
    for headers in ({"Origin": "https://example.org"}, {"Host": "example.org"}):
        status, _ = call(server, "/api/v1/models/download/status/job", method="DELETE", **headers)
        check(status == 403, f"stopping a download with {headers}: {status}")
    check(len(instances(server)) == 1, "nothing changed")


def test_commands(server):
    def run(*arguments):
        return subprocess.run([GPTOSS, *arguments, "--port", str(server.port)], capture_output=True, text=True)

    loaded = run("load", "test/b", "--ttl", "3600", "--identifier", "mine", "--context", "128")
    check(loaded.returncode == 0 and "mine" in loaded.stdout, f"load: {loaded}")
    shown = json.loads(run("ps", "--json").stdout)["models"]
    mine = [model for model in shown if model["identifier"] == "mine"]
    check(len(mine) == 1 and mine[0]["context_length"] == 128 and mine[0]["ttl"] == 3600, f"ps: {shown}")
    check("mine" in run("ps").stdout, "ps for people")
    check(run("unload", "mine").returncode == 0 and run("unload", "mine").returncode == 1, "unload")
    check(run("unload", "--all").returncode == 0 and instances(server) == [], "unload --all")
    file = f"{os.environ['GPTOSS_MODELS']}/test/b/b.gguf"
    for path, words in ((file, f"gptoss import {file} gives it one"), (file + "x", "gptoss get")):
        refused = run("load", path)
        check(refused.returncode == 1 and words in refused.stderr and refused.stderr.count("\n") == 1, f"load {path}: {refused}")
    alone = subprocess.run([GPTOSS, "ps", "--port", "1"], capture_output=True, text=True)
    check(alone.returncode == 1 and "gptoss serve" in alone.stderr, f"without a server: {alone.stderr}")


def test_storm(server, storms):
    expected = {(name, prompt): ask(server, name, prompt)[1] for name in NAMES for prompt in PROMPTS}

    def one(number):
        chance = random.Random(number)
        name, prompt = chance.choice(NAMES), chance.choice(PROMPTS)
        kind = chance.randrange(10)
        if kind == 0:
            status, answer = call(server, "/api/v1/models/load", {"model": name, "ttl": 0.001 + chance.random()})
            check(status == 200, f"load: {status} {answer}")
        elif kind == 1:
            call(server, "/api/v1/models/unload", {"instance_id": name})
        else:
            status, text = ask(server, name, prompt, ttl=0.01 + chance.random() / 2)
            check(status == 200 and text == expected[name, prompt], f"{name}, {prompt!r}: {status} {text!r}")

    # The first storms bring in code, threads, connections and what the allocator keeps; later ones have to leave nothing.
    memory = []
    for storm in range(storms):
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(one, range(storm * REQUESTS, (storm + 1) * REQUESTS)))
        call(server, "/api/v1/models/unload", {"all": True})
        check(instances(server) == [], "nothing is left loaded")
        memory.append(server.resident_bytes())
    print("memory after each storm: " + ", ".join(f"{bytes / 1e6:.0f} MB" for bytes in memory))
    check(memory[-1] <= memory[storms // 2 - 1] * 1.05, f"memory: {memory}")
    check(call(server, "/health")[1]["status"] == "ok", "the server is well")


def test_idle_time(server):
    check(ask(server, "test/c", "x", ttl=0.3)[0] == 200, "a request loads")
    check([instance["id"] for instance in instances(server)] == ["test/c"], "it is loaded")
    deadline = time.monotonic() + 20
    while instances(server) and time.monotonic() < deadline:
        time.sleep(0.1)
    check(instances(server) == [], "it is unloaded after its idle time")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--storms", type=int, default=12)
    storms = parser.parse_args().storms
    with tempfile.TemporaryDirectory() as folder:
        for seed, name in enumerate(NAMES):
            path = Path(folder) / name / f"{name[-1]}.gguf"
            path.parent.mkdir(parents=True)
            subprocess.run([GPTOSS, "synthesize", "--shape", "tiny", "--seed", str(seed), str(path)], check=True,
                           capture_output=True)
        os.environ.update(GPTOSS_MODELS=folder, HOME=folder, HF_HUB_CACHE=f"{folder}/none")
        os.environ.pop("GPTOSS_HOST", None)
        with Served("--parallel", "8", model=None) as server:
            for test in (test_names, test_rest, test_commands, lambda server: test_storm(server, storms), test_idle_time):
                attempt(test, server)
    finish()


if __name__ == "__main__":
    main()
