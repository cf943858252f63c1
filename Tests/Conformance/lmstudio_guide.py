#!/usr/bin/env python3
"""The habits of LM Studio's users, on a machine that has only a stand-in of the Hub: the guide's commands, and downloads
over LM Studio's REST API.

    swift build -c release --scratch-path .build-server --traits Server --product gptoss
    GPTOSS_SHARED=../shared python Tests/Conformance/lmstudio_guide.py

With `alias lms=gptoss` and a server running, the commands of the guide (GPTOSS_SHARED/reference/lm-studio-guide.md) run
letter for letter in the guide's order. GPTOSS_SERVER names another program.
"""

import json
import os
import re
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

from checks import check, finish
from hub_server import Hub
from made_models import make_file, make_parts
from served import GPTOSS, ROOT, TRAINED, Served

GUIDE = Path(os.environ.get("GPTOSS_SHARED", ROOT.parent / "shared")) / "reference" / "lm-studio-guide.md"
# Lines of the guide's blocks that are no commands of this program.
OTHERS = {
    "~/.lmstudio/mcp.json": "where a file is; Tests/Conformance/mcp_servers.py has it",
    "uv pip install lmstudio": "a package for Python",
    "npm install @lmstudio/sdk": "a package for JavaScript, and npm is out of reach",
}
GUIDE_MODELS = ["openai/gpt-oss-20b", "openai/gpt-oss-120b"]


def call(server, path, body=None, method=None):
    """Sends a request; returns status and JSON."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(server.root + path, data, {"Content-Type": "application/json"}, method=method)
    try:
        with urllib.request.urlopen(request, timeout=120) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)


def shell(server, command, text=""):
    """Runs a command as whoever has `alias lms=gptoss` types it."""
    environment = {**os.environ, "GPTOSS_HOST": f"127.0.0.1:{server.port}", "PATH": f"{Path(GPTOSS).parent}:{os.environ['PATH']}"}
    script = f"set -e\nshopt -s expand_aliases\nalias lms=gptoss\n{command}"
    return subprocess.run(
        ["bash", "-c", script], input=text, capture_output=True, text=True, timeout=300, env=environment)


def blocks():
    """The guide's blocks of shell commands, without those that are not for this program."""
    for block in re.findall(r"^ *```shell\n(.*?)^ *```", GUIDE.read_text(), re.M | re.S):
        if block.strip() not in OTHERS:
            yield block


def loaded(server):
    models = call(server, "/api/v1/models")[1]["models"]
    return [instance["id"] for model in models for instance in model["loaded_instances"]]


def ask(server, name):
    status, answer = call(server, "/v1/chat/completions", {
        "model": name, "messages": [{"role": "user", "content": "Explain what MXFP4 quantization is."}], "temperature": 0,
        "max_tokens": 200})
    return status, answer["choices"][0]["message"]["content"] if status == 200 else answer


def test_before(server):
    """Without any gpt-oss model the small one answers to the guide's name, and that is said."""
    check(any("gptoss get openai/gpt-oss-20b" in line for line in server.log), f"a warning at the start: {server.log}")
    status, answer = ask(server, GUIDE_MODELS[0])
    check(status == 200 and "4-bit" in answer, f"the small model stands in: {status} {answer}")
    status, answer = ask(server, GUIDE_MODELS[1])
    check(status == 404 and "gptoss get openai/gpt-oss-120b" in answer["error"]["message"], f"the other one: {status} {answer}")
    call(server, "/api/v1/models/unload", {"all": True})


def test_guide(server):
    if not GUIDE.exists():
        print(f"left out: the guide's commands (there is no {GUIDE})")
        return
    kinds = []
    for block in blocks():
        lines = [line for line in block.splitlines() if line.strip() and not line.lstrip().startswith("#")]
        strange = [line for line in lines if not line.startswith("lms ")]
        check(not strange, f"the guide has other commands: {strange}")
        kinds.append(lines[0].split(" ")[1])
        answer = shell(server, block, "Hello\n")
        check(answer.returncode == 0, f"the guide's {lines}: {answer}")
        if kinds[-1] == "get":
            paths = [line.split("  ")[-1] for line in answer.stdout.splitlines()]
            check(len(paths) == 2 and all(Path(path).exists() for path in paths), f"what get brings: {answer}")
        elif kinds[-1] == "load":
            check(sorted(loaded(server)) == sorted(GUIDE_MODELS), f"what load loads: {loaded(server)}")
            listed = shell(server, "lms ps").stdout
            check(all(name in listed for name in GUIDE_MODELS), f"lms ps: {listed}")
        elif kinds[-1] == "chat":
            check("help" in answer.stdout, f"lms chat answers: {answer}")
    check(kinds == ["get", "load", "chat"], f"the guide's commands are {kinds}")
    # Whoever goes on with the guide asks the server, and the real models answer.
    for name in GUIDE_MODELS:
        status, answer = ask(server, name)
        check(status == 200, f"{name}: {status} {answer}")
    names = [model["id"] for model in call(server, "/v1/models")[1]["data"]]
    check(set(GUIDE_MODELS) <= set(names), f"names: {names}")
    for command, words in (("lms ls", GUIDE_MODELS), ("lms unload --all", GUIDE_MODELS), ("lms get --yes openai/gpt-oss-20b", ["gguf"])):
        answer = shell(server, command)
        check(answer.returncode == 0 and all(word in answer.stdout for word in words), f"{command}: {answer}")
    check(loaded(server) == [], f"after lms unload --all: {loaded(server)}")


def follow(server, job, patience=60):
    """Asks for a download's status until it has ended; returns what was said."""
    said = []
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        status, state = call(server, f"/api/v1/models/download/status/{job}")
        check(status == 200 and state["job_id"] == job, f"the status of {job}: {status} {state}")
        said.append(state)
        if state["status"] != "downloading":
            break
        time.sleep(0.05)
    return said


def test_rest(server, hub, folder):
    """LM Studio's requests: download, how far that is, what is here already, what cannot be had."""
    time_form = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"
    for quantization in ("MXFP4", "Q8_0"):
        path = make_file(folder / f"m-{quantization}.gguf", 24_000_000)
        hub.add("o/two", path.name, path)
    download = "/api/v1/models/download"
    hub.faults.rate = 4_000_000
    page = {"model": f"{hub.endpoint}/o/two/tree/main", "quantization": "Q8_0"}
    status, begun = call(server, download, page)
    check(status == 200 and begun["status"] == "downloading", f"a download: {status} {begun}")
    check(re.fullmatch(time_form, begun["started_at"]) and "completed_at" not in begun, f"a download: {begun}")
    check(call(server, download, page)[1]["job_id"] == begun["job_id"], "the same download is one job")
    said = follow(server, begun["job_id"])
    under_way, end = said[:-1], said[-1]
    size = (folder / "m-Q8_0.gguf").stat().st_size
    check(end["status"] == "completed" and end["downloaded_bytes"] == end["total_size_bytes"] == size, f"the end: {end}")
    check(re.fullmatch(time_form, end["completed_at"]) and end["started_at"] == begun["started_at"], f"the end: {end}")
    arrived = [state["downloaded_bytes"] for state in under_way]
    # All may have come before the hash of the last is known.
    check(arrived == sorted(arrived) and len(set(arrived) - {0, size}) > 2 and arrived[-1] <= size, f"it goes on: {arrived}")
    check(all(state["total_size_bytes"] == size for state in under_way[-3:]), f"the size: {under_way[-3:]}")
    fast = [state for state in under_way if "bytes_per_second" in state]
    check(fast and all(re.fullmatch(time_form, state["estimated_completion"]) for state in fast), f"rate and end: {under_way[-1]}")
    hub.faults.rate = None
    names = [model["id"] for model in call(server, "/v1/models")[1]["data"]]
    check("m-Q8_0" in names and "m-MXFP4" not in names, f"the quantization that was asked for: {names}")
    status, again = call(server, download, page)
    check(status == 200 and again == {"status": "already_downloaded", "total_size_bytes": size}, f"again: {status} {again}")
    # A name says which file it means.
    job = call(server, download, {"model": "o/two:MXFP4"})[1]["job_id"]
    check(follow(server, job)[-1]["status"] == "completed", "a name with a quantization")
    # What cannot be had.
    job = call(server, download, {"model": "o/nothing"})[1]["job_id"]
    end = follow(server, job)[-1]
    check(end["status"] == "failed" and "no such repository" in end["error"] and "completed_at" in end, f"no repository: {end}")
    for model in ("", "nothing", "/etc/passwd", "./x.gguf", "https://example.org/o/two", str(folder / "m-Q8_0.gguf")):
        status, answer = call(server, download, {"model": model})
        check(status == 400 and answer["error"]["param"] == "model", f"download {model!r}: {status} {answer}")
    for model, quantization in (("o/two:MXFP4", "Q8_0"), ("o/two", "../x")):
        status, answer = call(server, download, {"model": model, "quantization": quantization})
        check(status == 400 and answer["error"]["param"] == "quantization", f"{model} as {quantization!r}: {status} {answer}")
    for method in ("GET", "DELETE"):
        status, answer = call(server, f"{download}/status/job_nobody", method=method)
        check(status == 404 and "error" in answer, f"{method} of a job that there is not: {status} {answer}")


def test_stop(server, hub, folder):
    """A download is stopped, and the next one of its name goes on where it was."""
    path = make_file(folder / "long-MXFP4.gguf", 32_000_000)
    hub.add("o/long", path.name, path)
    size = path.stat().st_size
    download = "/api/v1/models/download"
    hub.faults.rate = 2_000_000
    job = call(server, download, {"model": "o/long"})[1]["job_id"]
    deadline = time.monotonic() + 60
    # Pieces have 4 MiB: of the first ones one has come whole.
    while call(server, f"{download}/status/{job}")[1]["downloaded_bytes"] < 9_000_000 and time.monotonic() < deadline:
        time.sleep(0.05)
    status, stopped = call(server, f"{download}/status/{job}", method="DELETE")
    check(status == 200 and stopped["status"] == "paused" and stopped["job_id"] == job, f"DELETE: {status} {stopped}")
    check(0 < stopped["downloaded_bytes"] < size and "error" not in stopped, f"DELETE: {stopped}")
    for method in ("GET", "DELETE"):
        status, again = call(server, f"{download}/status/{job}", method=method)
        check(status == 200 and again == stopped, f"{method} after it: {status} {again}")
    sent = hub.settled()
    names = [model["id"] for model in call(server, "/v1/models")[1]["data"]]
    check(not any("long" in name for name in names), f"what has not come whole is no model: {names}")
    hub.faults.rate = None
    status, begun = call(server, download, {"model": "o/long"})
    check(status == 200 and begun["status"] == "downloading" and begun["job_id"] != job, f"going on: {status} {begun}")
    end = follow(server, begun["job_id"])[-1]
    check(end["status"] == "completed" and end["downloaded_bytes"] == size, f"the end: {end}")
    check(hub.sent - sent <= size - (4 << 20), f"what had come does not come again: {hub.sent - sent} of {size} bytes")
    check(call(server, f"{download}/status/{begun['job_id']}", method="DELETE")[1] == end, "DELETE of one that has ended")


def main():
    with tempfile.TemporaryDirectory() as name, Hub() as hub:
        folder = Path(name)
        kept = {key: value for key, value in os.environ.items() if not key.lower().endswith("_proxy")}
        os.environ.clear()
        os.environ.update({key: value for key, value in kept.items() if not key.startswith(("HF_", "GPTOSS_"))})
        os.environ.update(HOME=f"{folder}/home", HF_ENDPOINT=hub.endpoint)
        (folder / "home").mkdir()
        hub.add("ggml-org/gpt-oss-20b-GGUF", "gpt-oss-20b-mxfp4.gguf", TRAINED)
        for part in make_parts(folder / "parts", "gpt-oss-120b-mxfp4", 3):
            hub.add("ggml-org/gpt-oss-120b-GGUF", part.name, part)
        with Served(model=None) as server:
            test_before(server)
            test_guide(server)
            test_rest(server, hub, folder)
            test_stop(server, hub, folder)
            check(server.process.poll() is None, f"the server lives: {server.log[-3:]}")
    finish()


if __name__ == "__main__":
    main()
