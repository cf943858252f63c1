#!/usr/bin/env python3
"""Models by name, against a stand-in of Hugging Face's Hub: get, resumed, refused, interrupted; ls, rm, import.

    swift build -c release
    python Tests/Conformance/hub.py [--kills N] [--large BYTES]

Always either the right bytes or one line that says what is wrong, and a state to go on from. `hf download` of
huggingface_hub runs against the same stand-in, which shows that it is like the Hub. --kills: how often a download is
ended with SIGKILL at a random moment. --large: the size of a download whose memory and speed are measured."""

import argparse
import http.server
import json
import os
import random
import re
import resource
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from checks import check, finish
from faulty_servers import FaultyServer, good
from hub_server import COMMIT, Hub
from made_models import TINY, make_file, make_parts

ROOT = Path(__file__).resolve().parent.parent.parent
GPTOSS = os.environ.get("GPTOSS", str(ROOT / ".build" / "release" / "gptoss"))
REPOSITORY, FILE = "ggml-org/gpt-oss-20b-GGUF", "gpt-oss-20b-mxfp4.gguf"
PIECE = 4 << 20
CONNECTIONS = 3
TOKEN = "hf_of_the_test"


class Machine:
    """A home folder of its own, in which the Hub is the stand-in."""

    def __init__(self, hub, folder, **environment):
        self.hub, self.home = hub, Path(tempfile.mkdtemp(dir=folder))
        proxies = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
        kept = {name: value for name, value in proxies.items() if not name.startswith(("HF_", "GPTOSS_"))}
        self.environment = {**kept, "HOME": str(self.home), "HF_ENDPOINT": hub.endpoint, "HF_TOKEN": TOKEN, **environment}
        self.models = self.home / ".gptoss" / "models"

    def run(self, *arguments, **options):
        return subprocess.run(
            [GPTOSS, *arguments], env=self.environment, capture_output=True, text=True, timeout=300, **options)

    def start(self, *arguments, **options):
        return subprocess.Popen(
            [GPTOSS, *arguments], env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **options)

    def path(self, repository=REPOSITORY, file=FILE):
        return self.models / repository / file

    def names(self):
        """The files in the library's folder."""
        return sorted(str(path.relative_to(self.models)) for path in self.models.rglob("*") if path.is_file())

    def noted(self, repository=REPOSITORY, file=FILE):
        """Bytes that a download has noted as arrived."""
        path = Path(f"{self.path(repository, file)}.partial.json")
        if not path.exists():
            return 0
        note = json.loads(path.read_text())
        return sum(min(end * note["pieceBytes"], note["bytes"]) - start * note["pieceBytes"] for start, end in note["arrived"])


def same(path, other):
    """Whether two files have the same bytes."""
    return Path(path).exists() and subprocess.run(["cmp", "-s", path, other]).returncode == 0


def complete(machine, original, what, name="openai/gpt-oss-20b", file=FILE, repository=REPOSITORY):
    """A get that has to end well: the right bytes under the right name, and nothing beside them."""
    result = machine.run("get", name)
    check(result.returncode == 0 and not result.stderr, f"{what}: {result}")
    check(same(machine.path(repository, file), original), f"{what}: the bytes")
    check(not [name for name in machine.names() if ".partial" in name], f"{what}: what is left is {machine.names()}")
    return result


def fails(machine, what, words, *arguments, **options):
    """A command that has to fail with one line."""
    result = machine.run(*(arguments or ("get", "openai/gpt-oss-20b")), **options)
    one_line = result.stderr.startswith("gptoss: ") and result.stderr.count("\n") == 1
    check(result.returncode == 1 and one_line and not result.stdout, f"{what}: {result}")
    check(words in result.stderr, f"{what}: {words!r} is not in {result.stderr!r}")
    check(not machine.path().exists(), f"{what}: there is a file under the final name")
    return result


def test_naming(hub, folder, original):
    """Each way of naming a model brings it, once; the token is for the Hub alone."""
    machine = Machine(hub, folder)
    complete(machine, original, "the guide's name")
    check(hub.sent == original.stat().st_size, f"every byte comes once: {hub.sent}")
    authorized = {host for host, _, _, headers in hub.requests if "Authorization" in headers}
    check(authorized == {"hub"}, f"the token went to {authorized}")
    hub.reset()
    complete(machine, original, "a model that is there")
    check(not hub.requests, f"a model that is there needs no request: {hub.requests}")
    for name in ("gpt-oss-20b", REPOSITORY, f"{REPOSITORY}:MXFP4", f"{REPOSITORY}/{FILE}", f"https://huggingface.co/{REPOSITORY}",
                 f"{hub.endpoint}/{REPOSITORY}/blob/main/{FILE}"):
        result = machine.run("get", name)
        check(result.returncode == 0 and str(machine.path()) in result.stdout, f"get {name}: {result}")
    check(not hub.requests, "all of these are there")
    for name in (f"{hub.endpoint}/{REPOSITORY}/resolve/main/{FILE}?download=true", f"hf.co/{REPOSITORY}"):
        complete(Machine(hub, folder), original, f"get {name}", name)
    answer = machine.run("chat", "openai/gpt-oss-20b", "-n", "9", input="Hello\n")
    check(answer.returncode == 0, f"gptoss chat NAME: {answer}")
    check(machine.run("generate", "-m", REPOSITORY, "-p", "x", "-n", "2").returncode == 0, "generate -m NAME")
    check(machine.run("inspect", "gpt-oss-20b", "--json").returncode == 0, "inspect NAME")


def test_vocabulary(hub, folder, original):
    """For a model that a server runs, the header of its file is enough: it comes once, and is kept."""
    machine = Machine(hub, folder)
    listed = {"data": [{"id": "openai/gpt-oss-20b", "max_model_len": 2048}]}
    with FaultyServer(good(), models=listed) as server:
        for attempt in range(2):
            hub.reset()
            result = machine.run("generate", "--remote", server.url, "-p", "Hello")
            # The stand-in spells the small model's tokens, which this file does not have.
            check(result.returncode == 1 and "another vocabulary" in result.stderr, f"a kept header: {result}")
            check(hub.sent <= 8 * PIECE and (attempt == 0 or not hub.requests), f"{hub.sent} bytes, {hub.requests}")
    header = machine.path(file="vocabulary.MXFP4.header")
    check(header.exists() and original.read_bytes().startswith(header.read_bytes()), "the header is the file's")
    check(machine.names() == [f"{REPOSITORY}/vocabulary.MXFP4.header"], f"nothing else is kept: {machine.names()}")
    check("gpt-oss-20b" not in machine.run("ls").stdout, "a header is no model")


def test_refusals(hub, folder, original):
    machine = Machine(hub, folder)
    # A model that is not there: one line with the command.
    for name, command in (("openai/gpt-oss-20b", "gptoss get openai/gpt-oss-20b"), ("gpt-oss-120b", "gptoss get openai/gpt-oss-120b"),
                          ("o/r:Q4_0", "gptoss get o/r:Q4_0"), ("nothing", "gptoss get ")):
        for arguments in (["chat", name], ["generate", "-p", "x", "-m", name], ["bench", "-m", name]):
            fails(machine, f"{arguments}", command, *arguments)
    check(not hub.requests and not machine.models.exists(), "nothing is downloaded unasked")
    # File systems take 255 bytes; what is noted of a download needs some of them.
    long = f"{'m' * 250}.gguf"
    hub.add("o/long", long, original)
    hub.add("o/hidden", "a\u0007.gguf", original)
    for name in ("o/long", f"o/long/{long}", "o/hidden"):
        fails(machine, f"get {name}", "cannot be used", "get", name)
    check(not machine.models.exists(), "nothing is kept of it")
    for name, words in (("o/r", "no such repository"), (f"{REPOSITORY}:Q4_0", "it has no Q4_0; it has MXFP4"), ("nothing", "no name of a model"),
                        (f"{REPOSITORY}/other.gguf", "it has no other.gguf"), ("../../x", "no name"), ("https://example.org/o/r", "no name"),
                        ("o/text", "it has no GGUF file")):
        fails(machine, f"get {name}", words, "get", name)
    hub.faults.gated = True
    machine.environment["HF_TOKEN"] = "wrong"
    fails(machine, "a gated model", f"{hub.endpoint}/{REPOSITORY}")
    hub.reset()
    hub.faults.private = True
    fails(machine, "a private model", "no such repository, or it is private")
    (machine.home / ".cache" / "huggingface").mkdir(parents=True)
    (machine.home / ".cache" / "huggingface" / "token").write_text(TOKEN + "\n")
    del machine.environment["HF_TOKEN"]
    complete(machine, original, "a private model, with the token's file")
    hub.reset()
    machine = Machine(hub, folder, HF_HUB_OFFLINE="1")
    fails(machine, "offline", "HF_HUB_OFFLINE")
    check(not hub.requests, "offline means no request")
    fails(Machine(hub, folder, HF_ENDPOINT="ftp://x"), "an endpoint that is none", "HF_ENDPOINT")
    # Where no connection can be made from the start, nobody waits for long.
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        threading.Thread(target=hang_up, args=(nobody, calls := []), daemon=True).start()
        address = f"http://127.0.0.1:{nobody.getsockname()[1]}"
        fails(Machine(hub, folder, HF_ENDPOINT=address), "a Hub that hangs up", "try again")
        check(len(calls) == 4, f"{len(calls)} connections to a Hub that hangs up")
    # 192.0.2.1 is nobody's: no token may even be tried over plain HTTP to another machine. A proxy stands for it.
    with Proxy() as proxy:
        other = Machine(hub, folder, HF_ENDPOINT="http://192.0.2.1", http_proxy=proxy.address)
        fails(other, "a proxy that refuses", "status 418")
        check(proxy.requests and proxy.requests[0][0].startswith("http://192.0.2.1/api/models/"), f"the proxy is asked: {proxy.requests}")
        check(all("Authorization" not in headers for _, headers in proxy.requests), "the token over plain HTTP to another machine")


def hang_up(server, calls):
    """Ends each connection as soon as it is made, and notes it."""
    while True:
        try:
            server.accept()[0].close()
        except OSError:
            return
        calls.append(1)


class Proxy:
    """A proxy that notes what it is asked, and refuses it."""

    def __enter__(self):
        self.requests = requests = []

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                requests.append((self.path, dict(self.headers)))
                self.send_response(418)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()


def test_headers(hub, folder):
    """What will not run here is told after the header."""
    other = Path(folder, "other.gguf")
    data = TINY.read_bytes()
    # The same length, another architecture.
    other.write_bytes(data.replace(b"\x07\0\0\0\0\0\0\0gpt-oss", b"\x07\0\0\0\0\0\0\0gpt-oxx", 1) + os.urandom(3 * PIECE))
    text = Path(folder, "text.gguf")
    text.write_bytes(b"<html>" + os.urandom(2 * PIECE))
    hub.add("o/other", "m-Q8_0.gguf", other)
    hub.add("o/page", "m.gguf", text)
    machine = Machine(hub, folder)
    for name, words in (("o/other", 'architecture "gpt-oxx"'), ("o/page", "a web page")):
        hub.sent = 0
        fails(machine, f"{name} will not run", words, "get", name)
        check(hub.sent <= PIECE, f"{name}: {hub.sent} bytes for a header")
        check(machine.names() == [], f"{name}: nothing is kept: {machine.names()}")
    forced = machine.run("get", "o/other", "--force")
    check(forced.returncode == 0 and same(machine.path("o/other", "m-Q8_0.gguf"), other), f"--force: {forced}")
    # Two formats: the best is brought unless another is named.
    small = make_file(Path(folder, "small.gguf"), 300_000)
    for quantization in ("Q8_0", "mxfp4", "Q4_K_M"):
        hub.add("o/several", f"m-{quantization}.gguf", small)
    complete(machine, small, "the best format", "o/several", "m-mxfp4.gguf", "o/several")
    complete(machine, small, "a format that is named", "o/several:q8_0", "m-Q8_0.gguf", "o/several")
    # A small file, which is not in large-file storage, has Git's hash.
    hub.add("o/small", "m.gguf", small, is_large=False)
    complete(machine, small, "a file with Git's hash", "o/small", "m.gguf", "o/small")


def test_split(hub, folder):
    """All parts of a split model come, whichever the name means, and a part that the repository lacks is named."""
    hub.faults.rate = None
    machine = Machine(hub, folder)
    source = Path(folder, "split")
    source.mkdir()
    # Parts that gguf-py would not read: the header of the first is refused, --force brings both.
    for part in (1, 2):
        make_file(source / f"m-0000{part}-of-00002.gguf", 20_000_000)
        hub.add("o/split", f"Q8_0/m-0000{part}-of-00002.gguf", source / f"m-0000{part}-of-00002.gguf")
    result = machine.run("get", "o/split:Q8_0", "--force")
    check(result.returncode == 1 and "it has no Q8_0" in result.stderr, f"the folder's name is no format: {result}")
    result = machine.run("get", "o/split", "--force")
    check(result.returncode == 0 and "40.0 MB" in result.stdout, f"a split model: {result}")
    for part in (1, 2):
        name = f"m-0000{part}-of-00002.gguf"
        check(same(machine.path("o/split", name), source / name), f"part {part}")
    hub.add("o/half", "m-00001-of-00003.gguf", source / "m-00001-of-00002.gguf")
    fails(machine, "a part is missing", "m-00002-of-00003.gguf", "get", "o/half")
    removed = machine.run("rm", "o/split")
    check(removed.returncode == 0 and removed.stdout.count("\n") == 2 and machine.names() == [], f"rm: {removed}")


def test_faults(hub, folder, original):
    """Whatever goes wrong on the way, the right bytes come, or a line and a state to go on from."""
    size = original.stat().st_size

    under_way = []

    def case(what, limit, faults):
        with hub.copy() as own:
            for name, value in faults.items():
                setattr(own.faults, name, value)
            complete(Machine(own, folder), original, what)
            check(limit is None or own.sent <= limit, f"{what}: {own.sent} bytes for {size}")

    # Side by side: they mostly wait before they try again.
    with ThreadPoolExecutor(3) as pool:
        for what, limit, faults in [
            ("connections that break", size + (1 << 20), {"cut": 0.5}),
            ("a body that stops coming", size + (4 << 20), {"stalls": 1}),
            ("signed addresses that end after two requests", None, {"signatures": 2}),
            ("503 and 429", None, {"statuses": [503, 429, 500, 503]}),
            ("503 and 429 with a time to wait", None, {"statuses": [503, 429], "retry_after": 1}),
            ("the Hub itself is busy", None, {"hub_statuses": [503, 429]}),
            ("bodies shorter than announced", None, {"short": 3}),
            ("bodies longer than asked for", None, {"long": 3}),
            ("other ranges than asked for", None, {"wrong_range": 2}),
        ]:
            under_way.append(pool.submit(case, what, limit, faults))
    for ended in under_way:
        ended.result()
    # Wrong bytes are never given a name, and are not kept.
    hub.reset()
    hub.faults.corrupt = True
    machine = Machine(hub, folder)
    fails(machine, "a wrong hash", "not what the Hub announced")
    check(machine.names() == [], f"a wrong hash: {machine.names()}")
    hub.reset()
    complete(machine, original, "after a wrong hash")
    # Without ranges there is no going on.
    hub.reset()
    hub.faults.ranges, hub.faults.rate = False, 20_000_000
    machine = Machine(hub, folder)
    fails(machine, "no ranges", "does not send parts of files")
    check(hub.sent < size, f"no ranges: {hub.sent} bytes")
    hub.reset()
    complete(machine, original, "after no ranges")
    # The file is replaced on the way.
    hub.reset()
    replacement = make_file(Path(folder, "replacement.gguf"), size)
    hub.faults.change_after, hub.faults.replacement, hub.faults.rate = 4, replacement, 100_000_000
    machine = Machine(hub, folder)
    fails(machine, "a file that changes", "was replaced on the Hub")
    hub.reset()
    complete(machine, replacement, "after the change")
    hub.add(REPOSITORY, FILE, original)
    # A server that does not come back.
    hub.faults.statuses = [503] * 1000
    hub.faults.retry_after = 0
    machine = Machine(hub, folder)
    fails(machine, "a server that stays busy", "status 503")
    hub.reset()
    complete(machine, original, "after that")


def test_interruptions(hub, folder, original, kills):
    """Stopped at any moment, the next run completes, and fetches nothing again but the pieces under way."""
    size = original.stat().st_size
    allowed = CONNECTIONS * PIECE

    def interrupted(what, number):
        hub.reset()
        hub.faults.rate = 25_000_000
        machine = Machine(hub, folder)
        process = machine.start("get", "openai/gpt-oss-20b")
        time.sleep(random.uniform(0.02, 1.3))
        process.send_signal(number)
        output = process.communicate(timeout=60)
        hub.faults.rate = None
        noted = machine.noted()
        check(not machine.path().exists() or same(machine.path(), original), f"{what}: a wrong file under the final name")
        time.sleep(0.05)
        sent = hub.sent
        complete(machine, original, what)
        check(hub.sent - sent <= size - noted, f"{what}: {noted} bytes had arrived, {hub.sent - sent} were sent again")
        # What the server has sent and the process did not get to note: what was under way.
        check(hub.sent <= size + allowed + (8 << 20), f"{what}: {hub.sent} bytes were sent")
        shutil.rmtree(machine.home)
        return process.returncode, output

    for index in range(kills):
        interrupted(f"SIGKILL {index}", signal.SIGKILL)
    for number in (signal.SIGINT, signal.SIGTERM):
        code, output = interrupted(f"{number!r}", number)
        check(code in (0, 128 + number), f"{number!r}: {code} {output}")


def test_two_at_once(hub, folder, original):
    """Processes that want the same file share one download, and one that dies is followed by the other."""
    size = original.stat().st_size
    machine = Machine(hub, folder)
    hub.faults.rate = 20_000_000
    processes = [machine.start("get", "openai/gpt-oss-20b") for _ in range(3)]
    results = [(process.communicate(timeout=120), process.returncode) for process in processes]
    check(all(code == 0 for _, code in results), f"three at once: {results}")
    check(same(machine.path(), original) and len(machine.names()) == 1, f"three at once: {machine.names()}")
    check(hub.sent <= size + 1, f"three at once: {hub.sent} bytes")
    hub.reset()
    hub.faults.rate = 20_000_000
    machine = Machine(hub, folder)
    first = machine.start("get", "openai/gpt-oss-20b")
    time.sleep(0.5)
    second = machine.start("get", "openai/gpt-oss-20b")
    time.sleep(0.7)
    busy = machine.run("rm", "openai/gpt-oss-20b")
    check(busy.returncode == 1 and "being downloaded" in busy.stderr, f"rm meanwhile: {busy}")
    first.kill()
    first.communicate()
    output = second.communicate(timeout=120)
    check(second.returncode == 0 and same(machine.path(), original), f"the second goes on: {output}")


def test_full_disks(hub, folder, original):
    """A disk without room: one line, nothing lost, nothing under a final name."""
    size = original.stat().st_size
    machine = Machine(hub, folder)
    limit = lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (50_000_000, 50_000_000))
    fails(machine, "a limit on the size of files", "File too large", preexec_fn=limit)
    complete(machine, original, "after the limit")
    small = Path(folder, "small-disk")
    small.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size + (8 << 20)}", "tmpfs", small], capture_output=True).returncode:
        print("left out: a small disk of its own (no permission to mount one)")
        return
    try:
        filler = small / "filler"
        filler.write_bytes(bytes(size // 2))
        machine = Machine(hub, folder, GPTOSS_MODELS=str(small / "models"))
        machine.models = small / "models"
        result = fails(machine, "a full disk", "MB of disk, but")
        check("GPTOSS_MODELS" in result.stderr, f"a full disk: {result}")
        filler.unlink()
        # The room goes while the download is under way.
        hub.faults.rate = 20_000_000
        process = machine.start("get", "openai/gpt-oss-20b")
        while machine.noted() < PIECE and process.poll() is None:
            time.sleep(0.01)
        noted = machine.noted()
        with filler.open("wb") as file:
            try:
                while True:
                    file.write(bytes(1 << 20))
                    file.flush()
            except OSError:
                pass
        output, errors = process.communicate(timeout=60)
        check(process.returncode == 1 and errors.count("\n") == 1 and "No space left" in errors, f"a disk that fills: {errors!r}")
        check(not machine.path().exists() and machine.noted() >= noted, f"what had arrived is noted: {machine.names()}")
        filler.unlink()
        hub.faults.rate = None
        noted, sent = machine.noted(), hub.sent
        complete(machine, original, "after the disk was full")
        check(hub.sent - sent <= size - noted, "what had arrived is kept")
    finally:
        subprocess.run(["umount", small], check=True)


def test_folders(hub, folder, original):
    """ls shows every program's models; what cannot be read is said, and is in nobody's way."""
    machine = Machine(hub, folder)
    home = machine.home
    lmstudio = home / ".lmstudio" / "models" / "lmstudio-community" / "gpt-oss-20b-GGUF" / "gpt-oss-20b-MXFP4.gguf"
    cached = home / ".cache" / "llama.cpp" / f"ggml-org_gpt-oss-20b-GGUF_{FILE}"
    for path in (lmstudio, cached):
        path.parent.mkdir(parents=True)
        shutil.copy(TINY, path)
    listed = json.loads(machine.run("ls", "--json").stdout)["models"]
    check([model["name"] for model in listed] == ["lmstudio-community/gpt-oss-20b-GGUF", REPOSITORY, "assistant"], f"ls --json: {listed}")
    check(all(model["runs"] is True and model["reason"] is None for model in listed), f"ls --json: {listed}")
    check(listed[0]["aliases"] == ["openai/gpt-oss-20b", "gpt-oss-20b"] and listed[1]["aliases"] == [], f"ls shows which: {listed}")
    check(set(listed[0]) == {"name", "aliases", "path", "bytes", "source", "runs", "reason"}, f"ls --json: {listed[0]}")
    check(machine.run("generate", "-m", "openai/gpt-oss-20b", "-p", "x", "-n", "1").returncode == 0, "both are there: the alias works")
    lines = machine.run("ls").stdout.splitlines()
    check(len(lines) == 3 and "LM Studio" in lines[0] and "openai/gpt-oss-20b" in lines[0], f"ls: {lines}")
    theirs = machine.run("rm", "openai/gpt-oss-20b")
    check(theirs.returncode == 1 and str(lmstudio) in theirs.stderr and lmstudio.exists(), f"rm of another's: {theirs}")
    imported = machine.run("import", str(cached), "--as", "me/mine")
    check(imported.returncode == 0 and imported.stdout.startswith("me/mine  "), f"import: {imported}")
    copied = machine.run("import", str(cached), "--method", "copy")
    check(copied.returncode == 0 and copied.stdout.startswith("local/ggml-org_"), f"import --method copy: {copied}")
    twice = machine.run("import", str(cached), "--as", "me/mine")
    check(twice.returncode == 1 and "exists already" in twice.stderr, f"import twice: {twice}")
    check(machine.run("rm", "me/mine").returncode == 0 and cached.exists(), "rm of a link")
    if os.geteuid() == 0:
        os.chmod(home / ".cache" / "llama.cpp", 0)
        for path in [Path(folder).parent, Path(folder), *Path(folder).rglob("*")]:
            if path.is_dir() and path != home / ".cache" / "llama.cpp":
                os.chmod(path, 0o755)
        result = machine.run("ls", user=65534)
        os.chmod(home / ".cache" / "llama.cpp", 0o755)
        check(result.returncode == 0 and "LM Studio" in result.stdout, f"ls without permission: {result}")
        check(result.stderr.count("\n") == 1 and "Permission denied" in result.stderr, f"ls without permission: {result}")


def test_hf(hub, folder, original):
    """huggingface_hub downloads from the stand-in as from the Hub, and what it brings is found."""
    program = shutil.which("hf")
    if program is None:
        print("left out: hf download (huggingface_hub is not installed)")
        return
    machine = Machine(hub, folder)
    result = subprocess.run([program, "download", REPOSITORY], env=machine.environment, capture_output=True, text=True, timeout=120)
    check(result.returncode == 0, f"hf download: {result}")
    sent = hub.sent
    found = machine.run("get", "openai/gpt-oss-20b")
    check(found.returncode == 0 and COMMIT in found.stdout and hub.sent == sent, f"what hf has brought is used: {found}")
    check(same(found.stdout.split("  ")[-1].strip(), original), "hf brings the same bytes")


def peak_memory(process):
    """The most memory that a process has had, as Linux tells it; 0 once it has ended."""
    try:
        for line in Path(f"/proc/{process}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    except OSError:
        pass
    return 0


def test_large(hub, folder, byte_count):
    """A model in parts, as the 120b is published: memory does not grow with it, and it comes as fast as curl brings it."""
    parts = make_parts(Path(folder, "large"), "m", 3, byte_count)
    for part in parts:
        hub.add("o/large", part.name, part)

    def curl(part):
        address = f"{hub.endpoint}/o/large/resolve/main/{part.name}"
        target = Path(folder, "curl.gguf")
        # On the disk, as a download of ours is when it has ended.
        subprocess.run(["curl", "-sSfL", "-H", f"Authorization: Bearer {TOKEN}", "-o", target, address], check=True)
        subprocess.run(["sync", target], check=True)
        target.unlink()

    start = time.monotonic()
    for part in parts:
        curl(part)
    by_curl = time.monotonic() - start
    machine = Machine(hub, folder)
    start, most = time.monotonic(), 0
    process = machine.start("get", "o/large")
    while process.poll() is None:
        most = max(most, peak_memory(process.pid))
        time.sleep(0.01)
    seconds = time.monotonic() - start
    output = process.communicate()
    check(process.returncode == 0, f"a large model: {output}")
    for part in parts:
        check(same(machine.path("o/large", part.name), part), f"a large model: the bytes of {part.name}")
    rates = [byte_count / time / 1e6 for time in (seconds, by_curl)]
    print("%.1f GB at %.0f MB/s with %.0f MB of memory; curl: %.0f MB/s" % (byte_count / 1e9, rates[0], most / 1e6, rates[1]))
    check(0 < most < 100_000_000, f"{most} bytes of memory")
    # What is done once weighs too much in seconds.
    if byte_count >= 4_000_000_000:
        check(rates[0] >= 0.8 * rates[1], f"{rates[0]:.0f} MB/s, where curl has {rates[1]:.0f}")
    shutil.rmtree(machine.home)
    shutil.rmtree(Path(folder, "large"))


def test_memory_table(folder):
    """The table of Docs/Models.md is what --estimate-only prints."""
    page = (ROOT / "Docs" / "Models.md").read_text()
    rows = re.findall(r"^\| gpt-oss-(20b|120b) \| ([\d,]+) \| ([^|]+) \| ([^|]+) \|$", page, re.M)
    check(len(rows) >= 4, f"Docs/Models.md has a table of memory: {rows}")
    if "avx512" not in subprocess.run([GPTOSS, "--version"], capture_output=True, text=True).stdout:
        print("left out: the table of memory, which is for AVX-512")
        return
    for size in sorted({row[0] for row in rows}):
        made = subprocess.run([GPTOSS, "synthesize", "--shape", size, "--header-only", f"{folder}/{size}.gguf"])
        check(made.returncode == 0, f"synthesize --shape {size} --header-only")
    for size, context, *cells in rows:
        told = subprocess.run(
            [GPTOSS, "load", f"{folder}/{size}.gguf", "--estimate-only", "--context", context.replace(",", "")],
            capture_output=True, text=True)
        totals = re.findall(r"^weights in (?:memory|the file), context \d+: ([\d.]+ \w+) ", told.stdout, re.M)
        check(totals == cells, f"{size}, context {context}: the page says {cells}, --estimate-only {told.stdout or told}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--kills", type=int, default=8)
    parser.add_argument("--large", type=int, default=500_000_000)
    parser.add_argument("tests", nargs="*", help="the names of tests, without test_; all if left out")
    arguments = parser.parse_args()
    tests = {
        # The longest first.
        "faults": test_faults, "naming": test_naming, "vocabulary": test_vocabulary, "refusals": test_refusals, "two_at_once": test_two_at_once,
        "interruptions": lambda *a: test_interruptions(*a, arguments.kills), "full_disks": test_full_disks,
        "folders": test_folders, "hf": test_hf, "headers": lambda hub, folder, _: test_headers(hub, folder),
        "split": lambda hub, folder, _: test_split(hub, folder),
        "large": lambda hub, folder, _: test_large(hub, folder, arguments.large),
        "memory_table": lambda _, folder, __: test_memory_table(folder),
    }
    with tempfile.TemporaryDirectory() as folder:
        hub = Hub()
        hub.token = TOKEN
        original = make_file(Path(folder, "original.gguf"), 100_000_000)
        readme = Path(folder, "README.md")
        readme.write_text("# A repository\n")
        hub.add(REPOSITORY, FILE, original)
        hub.add(REPOSITORY, "README.md", readme, is_large=False)
        hub.add("o/text", "README.md", readme, is_large=False)

        def run(name):
            start = time.monotonic()
            scratch = Path(folder, name)
            scratch.mkdir()
            with hub.copy() as own:
                tests[name](own, str(scratch), original)
            shutil.rmtree(scratch)
            print(f"{name}: {time.monotonic() - start:.0f} s", flush=True)

        named = arguments.tests or list(tests)
        # Most of them wait for something. What is measured, and what goes by time, has the machine for itself.
        alone = [name for name in named if name in ("interruptions", "large")]
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(run, [name for name in named if name not in alone]))
        for name in alone:
            run(name)
    finish()


if __name__ == "__main__":
    main()
