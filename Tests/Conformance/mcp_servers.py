#!/usr/bin/env python3
"""`gptoss chat --mcp` with real MCP servers of both eras and with a cabinet of bad ones.

    swift build -c release
    python3 -m venv .venv-mcp1 && .venv-mcp1/bin/pip install -r Tests/Conformance/mcp_servers/requirements-1.txt
    python3 -m venv .venv-mcp2 && .venv-mcp2/bin/pip install -r Tests/Conformance/mcp_servers/requirements-2.txt
    python Tests/Conformance/mcp_servers.py

Tools are called by hand (`/mcp TOOL JSON`), so that nothing depends on what a model says; the last tests let the small
model call them. MCP_ENVIRONMENTS names another folder that has the two environments.
"""

import concurrent.futures
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pexpect

from checks import check, finish

ROOT = Path(__file__).resolve().parent.parent.parent
HERE = Path(__file__).resolve().parent / "mcp_servers"
GPTOSS = os.environ.get("GPTOSS", str(ROOT / ".build" / "release" / "gptoss"))
ENVIRONMENTS = Path(os.environ.get("MCP_ENVIRONMENTS", ROOT))
PYTHONS = {1: str(ENVIRONMENTS / ".venv-mcp1/bin/python"), 2: str(ENVIRONMENTS / ".venv-mcp2/bin/python")}
PROGRAMS = ENVIRONMENTS / ".venv-mcp2/bin"
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")


class Folder:
    """A folder with an mcp.json, and a mark that all of its servers and their children carry."""

    def __init__(self, path, **servers):
        self.path = Path(path)
        self.mark = f"mark-{self.path.name}-{id(self)}"
        for server in servers.values():
            if "command" in server:
                server.setdefault("env", {})["MARK"] = self.mark
        self.file = self.path / "mcp.json"
        self.file.write_text("// servers\n" + json.dumps({"mcpServers": servers}))
        self.home = {"XDG_STATE_HOME": str(self.path / "state"), "SECRET": "secret"}

    def chat(self, *lines, arguments=(), timeout=60):
        return subprocess.run(
            [GPTOSS, "chat", "--mcp", str(self.file), *arguments], input="".join(f"{line}\n" for line in lines), text=True,
            capture_output=True, timeout=timeout, cwd=self.path, env={**os.environ, **self.home})

    def processes(self):
        found = []
        for entry in Path("/proc").iterdir():
            try:
                if entry.name.isdigit() and f"MARK={self.mark}".encode() in (entry / "environ").read_bytes():
                    found.append(int(entry.name))
            except OSError:
                pass
        return found

    def check_nothing_left(self, what):
        deadline = time.monotonic() + 5
        while self.processes() and time.monotonic() < deadline:
            time.sleep(0.05)
        left = self.processes()
        check(not left, f"{what}: processes are left: {left}")
        for process in left:
            os.kill(process, signal.SIGKILL)


def program(python, *arguments, **more):
    return {"command": python, "args": [str(argument) for argument in arguments], **more}


def bad(behavior, **more):
    return program(sys.executable, HERE / "bad.py", behavior, **more)


# ---- real servers ----


def test_real(folder, version):
    """One written with the SDK, over standard streams: listed, called, failed, restarted, changed."""
    done = Path(folder, "cancelled")
    servers = Folder(folder, real=program(PYTHONS[version], HERE / "real.py", env={"OWN": "own"}))
    greeting = json.dumps({"person": {"name": "Ada"}, "loud": True})
    result = servers.chat(
        '/mcp real_add {"a": 0, "b": 0}', "/mcp", '/mcp real_add {"a": 20, "b": 22}', f"/mcp real_greet {greeting}", "/mcp real_fail",
        '/mcp real_slow {"seconds": 1}', "/mcp real_secret", "/mcp real_crash", '/mcp real_add {"a": 1, "b": 2}',
        "/mcp real_grow", "/mcp real_extra", "/mcp real_ask", "/mcp nothing")
    out, errors = result.stdout, result.stderr
    era = {1: "protocol 2025-11-25", 2: "protocol 2026-07-28"}[version]
    check(result.returncode == 0, f"real {version}: {result}")
    for text in ("real: running", era, "real_add", "tokens in all", "\n42\n", "Hello Ada, 3!", "\ndone\n", "\nnothing own\n", "\n3\n", "\ngrown\n", "\nextra\n"):
        check(text in out, f"real {version}: {text!r} is not in {out!r} {errors!r}")
    for text in ("real_fail: Error executing tool fail", "real_crash: the server ended with code 3", "out of cheese", "nothing: there is no such tool"):
        check(text in errors, f"real {version}: {text!r} is not in {errors!r}")
    # Nobody sits there who could be asked.
    check("accept" not in out, f"real {version}: a form was filled in: {out!r}")
    servers.check_nothing_left(f"real {version}")
    check(not done.exists(), "nothing was cancelled")


def test_terminal(folder, version):
    """Ctrl-C reaches the server; a form is filled in by a person."""
    done = Path(folder, "cancelled")
    servers = Folder(folder, real=program(PYTHONS[version], HERE / "real.py"))
    child = pexpect.spawn(
        GPTOSS, ["chat", "--mcp", str(servers.file)], env={**os.environ, **servers.home, "TERM": "xterm"}, encoding="utf-8",
        timeout=30, dimensions=(24, 200), cwd=folder)
    try:
        child.expect_exact("User: ")
        child.send('/mcp real_add {"a": 20, "b": 3}\r')
        child.expect_exact("23")
        child.expect_exact("User: ")
        child.send(f'/mcp real_wait {{"file": "{done}"}}\r')
        # The call is under way when the server has it; there is nothing to see.
        time.sleep(2)
        child.send("\x03")
        child.expect_exact("real_wait: stopped")
        child.expect_exact("User: ")
        deadline = time.monotonic() + 10
        while not done.exists() and time.monotonic() < deadline:
            time.sleep(0.05)
        check(done.exists() and done.read_text() == "cancelled", f"terminal {version}: the server did not hear of Ctrl-C")
        child.send('/mcp real_add {"a": 40, "b": 2}\r')
        child.expect_exact("42")
        child.expect_exact("User: ")
        child.send("/mcp real_ask\r")
        child.expect_exact("real asks: Who is there? Answer it? [y/N] ")
        child.send("y\r")
        child.expect_exact("Name: ")
        child.send("Ada\r")
        child.expect_exact("Age (otherwise 3): ")
        child.send("old\r")
        child.expect_exact("a whole number is needed")
        child.expect_exact("Age (otherwise 3): ")
        child.send("42\r")
        child.expect_exact('Send {"name":"Ada","age":42} to real? [y/N] ')
        child.send("y\r")
        child.expect_exact("accept")
        child.expect_exact("age=42")
        child.expect_exact("User: ")
        child.send("/exit\r")
        child.expect(pexpect.EOF)
    except (pexpect.TIMEOUT, pexpect.EOF) as error:
        check(False, f"terminal {version}: {child.before!r} ({type(error).__name__})")
    child.close(force=True)
    servers.check_nothing_left(f"terminal {version}")


class HTTPServer:
    """A server on a port of its own."""

    def __init__(self, python, *arguments):
        import socket

        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.process = subprocess.Popen(
            [python, HERE / "real.py", *arguments, str(self.port)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + 40
        while time.monotonic() < deadline:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.1)

    def end(self):
        self.process.kill()
        self.process.wait()


def test_http(folder, name, python, era, *arguments):
    server = HTTPServer(python, *arguments)
    try:
        servers = Folder(folder, web={"url": f"http://127.0.0.1:{server.port}/mcp", "headers": {"X-Test": "${SECRET}"}})
        result = servers.chat(
            '/mcp web_add {"a": 0, "b": 0}', "/mcp", '/mcp web_add {"a": 20, "b": 22}', "/mcp web_fail", '/mcp web_slow {"seconds": 1}', "/mcp web_grow", "/mcp web_extra")
        for text in ("web: running", era, "\n42\n", "\ndone\n", "\ngrown\n", "\nextra\n"):
            check(text in result.stdout, f"{name}: {text!r} is not in {result.stdout!r} {result.stderr!r}")
        check(result.returncode == 0 and "Error executing tool fail" in result.stderr or "no such city" in result.stderr, f"{name}: {result}")
    finally:
        server.end()
    gone = servers.chat("/mcp")
    check("MCP server web failed: the server cannot be reached" in gone.stderr and gone.returncode == 0, f"{name}: gone: {gone}")


def test_people(folder):
    """Servers that people use."""
    subprocess.run(["git", "init", "-q", folder], check=True)
    subprocess.run(["git", "-C", folder, "-c", "user.name=a", "-c", "user.email=a@b", "commit", "-q", "--allow-empty", "-m", "First light"], check=True)
    servers = Folder(
        folder, time=program(str(PROGRAMS / "mcp-server-time"), "--local-timezone", "UTC"),
        git=program(str(PROGRAMS / "mcp-server-git"), "--repository", folder, allowed_tools=["git_status", "git_log"]))
    result = servers.chat(
        '/mcp time_get_current_time {"timezone": "Asia/Tokyo"}', "/mcp", f'/mcp git_git_log {{"repo_path": "{folder}"}}', "/tools")
    for text in ("time: running", "git: running", "time_convert_time", "+09:00", "First light", "git_git_status  "):
        check(text in result.stdout, f"people: {text!r} is not in {result.stdout!r} {result.stderr!r}")
    check("git_git_commit" not in result.stdout, "a tool that is not allowed is offered")
    servers.check_nothing_left("people")


def test_model(folder):
    """The small model calls tools of servers that people use; each call is asked for."""
    subprocess.run(["git", "init", "-q", folder], check=True)
    servers = Folder(
        folder, time=program(str(PROGRAMS / "mcp-server-time"), "--local-timezone", "UTC", allowed_tools=["get_current_time"]),
        git=program(str(PROGRAMS / "mcp-server-git"), "--repository", folder, allowed_tools=["git_status"], cwd=folder))
    (Path(folder) / "notes.txt").write_text("new")
    # Both run when the first turn begins.
    ready = ['/mcp time_get_current_time {"timezone": "UTC"}', f'/mcp git_git_status {{"repo_path": "{folder}"}}']
    questions = ["What time is it in Asia/Tokyo?", "Show the git status of ."]
    greedy = ("--temperature", "0", "-n", "200")
    asked = servers.chat(*ready, questions[0], "y", questions[1], "n", arguments=greedy)
    check(asked.returncode == 0, f"model: {asked}")
    for text in (
        '→ time_get_current_time {"timezone":"Asia/Tokyo"}', "Call time_get_current_time", "+09:00", "→ git_git_status",
        "Call git_git_status", "the user did not allow this call"):
        check(text in asked.stderr, f"model: {text!r} is not in {asked.stderr!r}")
    always = servers.chat(*ready, questions[1], "a", "/reset", questions[1], "/reset", questions[0], "n", arguments=greedy)
    check(always.stderr.count("→ git_git_status") >= 2 and always.stderr.count("Call git_git_status") == 1, f"always: {always}")
    check(always.stderr.count("notes.txt") >= 2 and "did not allow" in always.stderr, f"always: {always}")
    agreed = servers.chat(*ready, questions[1], arguments=(*greedy, "--yes"))
    check("notes.txt" in agreed.stderr and "Call " not in agreed.stderr, f"--yes: {agreed}")
    child = pexpect.spawn(
        GPTOSS, ["chat", "--mcp", str(servers.file), *greedy], env={**os.environ, **servers.home, "TERM": "xterm"},
        encoding="utf-8", timeout=40, dimensions=(24, 200), cwd=folder)
    try:
        child.expect_exact("User: ")
        child.send(ready[0] + "\r")
        child.expect_exact("UTC")
        child.expect_exact("User: ")
        child.send(questions[0] + "\r")
        child.expect_exact("Call time_get_current_time")
        child.send("y\r")
        child.expect_exact("+09:00")
        child.expect_exact("User: ")
        child.send("/exit\r")
        child.expect(pexpect.EOF)
    except (pexpect.TIMEOUT, pexpect.EOF) as error:
        check(False, f"model on a terminal: {child.before!r} ({type(error).__name__})")
    child.close(force=True)
    servers.check_nothing_left("model")


# ---- bad servers ----

# What a bad server's tool says when it is called, on standard output, or on standard error.
CALLS = {
    "noise": "ran", "dies-when-probed": "ran", "twice": "first", "changes-in-call": "changed", "nonsense": "ran",
    "duplicates": "ran", "hostile": "evil", "huge": "bytes were left out here", "circular-pages": "ran", "endless-pages": "ran",
    "asks": '"action": "decline"', "ignores-term": "ran", "noisy-errors": "ran", "recursive": "ran",
    "wrong-result": "gave no output", "child-keeps-pipe": "",
}
FAILURES = {
    "silent-call": "no answer to tools/call within 1 s", "garbage-call": "no answer to tools/call within 1 s",
    "wrong-ids": "no answer to tools/call within 1 s", "closes-input": "the server ended by closing its input or output",
    "dies-in-call": "the server ended with code 7; it said: it was the database",
    "killed-in-call": "the server ended by signal 9", "long-line": "more than 8388608 bytes",
    "dies-with-child": "the server ended with code 1",
}
STARTS = {
    "dies-at-start": "the server ended with code 9; it said: no configuration | last words",
    "unknown-version": "other versions of the protocol: 3000-01-01", "no-list": "the server refused",
    "closes-output": "the server ended by closing its input or output",
}
SLOW_STARTS = ["never-answers", "garbage", "endless-garbage"]


def test_bad_call(folder, behavior):
    servers = Folder(folder, bad=bad(behavior, timeout=1), good=bad("none"))
    start = time.monotonic()
    result = servers.chat("/mcp", "/mcp bad_run", "/mcp good_run", "Hello", arguments=("-n", "4", "--temperature", "0"))
    taken = time.monotonic() - start
    check(result.returncode == 0, f"{behavior}: {result}")
    expected, where = (CALLS[behavior], result.stdout) if behavior in CALLS else (FAILURES[behavior], result.stderr)
    check(expected in where, f"{behavior}: {expected!r} is not in {result.stdout[-2000:]!r} {result.stderr[-2000:]!r}")
    check("\nran\n" in result.stdout, f"{behavior}: the good server suffers: {result.stderr[-500:]!r}")
    check(taken < 45, f"{behavior}: took {taken:.0f} s")
    check(not CONTROL.search(result.stderr), f"{behavior}: control characters: {result.stderr[:500]!r}")
    lines = result.stderr.splitlines()
    check(all(len(line) < 900 for line in lines) and len(lines) < 12, f"{behavior}: {len(lines)} lines: {result.stderr[:2000]!r}")
    servers.check_nothing_left(behavior)


def test_bad_start(folder, behavior):
    servers = Folder(folder, bad=bad(behavior), good=bad("none"))
    result = servers.chat("Hello", "/mcp good_run", "/mcp", arguments=("-n", "4", "--temperature", "0"))
    expected = STARTS.get(behavior, "MCP server bad is still starting")
    check(expected in result.stderr and result.returncode == 0, f"{behavior}: {expected!r}: {result}")
    check("\nran\n" in result.stdout, f"{behavior}: the good server suffers: {result}")
    check(not CONTROL.search(result.stderr), f"{behavior}: control characters: {result.stderr[:500]!r}")
    servers.check_nothing_left(behavior)


def test_many(folder):
    """A thousand tools do not fit, and the chat goes on with those that do."""
    servers = Folder(folder, bad=bad("many"), good=bad("none"))
    result = servers.chat("Hello", "/mcp good_run", arguments=("-n", "4", "--temperature", "0", "--context", "4096"))
    check(result.returncode == 0 and "of its tools are left out" in result.stderr and "ran" in result.stdout, f"many: {result}")
    servers.check_nothing_left("many")


def test_killed(folder):
    """No server outlives the program, also when that is killed."""
    servers = Folder(folder, one=bad("ignores-term"), two=bad("none"))
    chat = subprocess.Popen(
        [GPTOSS, "chat", "--mcp", str(servers.file)], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL, text=True, cwd=folder, env={**os.environ, **servers.home})
    chat.stdin.write("/mcp one_run\n")
    chat.stdin.flush()
    check(chat.stdout.readline() == "ran\n", "killed: the call")
    check(len(servers.processes()) == 2, "killed: two servers run")
    chat.kill()
    chat.wait()
    servers.check_nothing_left("killed")


def test_bad_http(folder):
    server = subprocess.Popen([sys.executable, HERE / "bad_http.py"], stdout=subprocess.PIPE, text=True)
    try:
        port = server.stdout.readline().strip()
        address = f"http://127.0.0.1:{port}"
        starts = {
            "401": "HTTP 401: the server wants authorization", "404": "HTTP 404", "500": "HTTP 500", "503": "HTTP 503",
            "redirect": "redirects to http://127.0.0.1:9/elsewhere, which is not followed", "html": "its type is text/html",
            "cut": "cannot be reached"}
        calls = {
            "good": "ran", "forgets": "ran", "forgetsinjson": "ran", "polls": "ran", "half": "ran", "stays": "ran", "mismatch": "ran", "endless": "no answer to tools/call within 1 s",
            # Which of the two comes first depends on how fast the machine is.
            "flood": ("more than 8388608 bytes", "no answer to tools/call within 1 s"), "breaks": ("without an answer", "no answer to tools/call within 1 s")}
        servers = Folder(folder, **{
            f"x{name}": {"url": f"{address}/{name}", "timeout": 30 if name == "polls" else 1} for name in [*starts, *calls]})
        result = servers.chat("/mcp", *(f'/mcp x{name}_run {{"zone": "UTC"}}' for name in calls), "Hello", arguments=("-n", "4", "--temperature", "0"))
        check(result.returncode == 0, f"http: {result}")
        for name, text in starts.items():
            lines = [line for line in result.stderr.splitlines() if f"MCP server x{name} failed" in line]
            check(len(lines) == 1 and text in lines[0], f"http {name}: {lines} {result.stderr!r}")
        for name, text in calls.items():
            if text == "ran":
                check(f"x{name}_run:" not in result.stderr, f"http {name}: {result.stderr!r}")
            else:
                lines = [line for line in result.stderr.splitlines() if line.startswith(f"gptoss: x{name}_run:")]
                texts = text if isinstance(text, tuple) else (text,)
                check(len(lines) == 1 and any(text in lines[0] for text in texts), f"http {name}: {lines} {result.stderr!r}")
        check(result.stdout.count("ran\n") == 6 and "ran\ufffd\n" in result.stdout, f"http: {result.stdout!r}")
        check(not CONTROL.search(result.stderr), f"http: control characters: {result.stderr!r}")
    finally:
        server.kill()
        server.wait()


def test_mistakes(folder):
    file = Path(folder, "mcp.json")
    for text, words in [
        ('{"mcpServers": {\n"a": {"command": 7}}}', ":2: mcpServers.a.command: has to be a string"), ("{", ":1: malformed JSON"),
        ('{"mcpServers": {"a": {"command": "x", "args": ["${NO_SUCH_VARIABLE}"]}}}', "no variable NO_SUCH_VARIABLE")]:
        file.write_text(text)
        result = subprocess.run([GPTOSS, "chat", "--mcp", str(file)], input="", capture_output=True, text=True)
        check(result.returncode == 1 and result.stderr.count("\n") == 1 and words in result.stderr, f"{text}: {result}")
    for name in ("/dev/null/mcp.json", "default", "lmstudio", folder):
        result = subprocess.run([GPTOSS, "chat", "--mcp", name], input="", capture_output=True, text=True, env={**os.environ, "HOME": folder})
        check(result.returncode == 1 and result.stderr.count("\n") == 1, f"{name}: {result}")
    for home in (".gptoss", ".lmstudio"):
        Path(folder, home).mkdir()
        Path(folder, home, "mcp.json").write_text(json.dumps({"mcpServers": {home[1:]: bad("none")}}))
    both = subprocess.run(
        [GPTOSS, "chat", "--mcp", "default", "--mcp", "lmstudio"], input="/mcp gptoss_run\n/mcp lmstudio_run\n", capture_output=True,
        text=True, env={**os.environ, "HOME": folder})
    check((both.returncode, both.stdout) == (0, "ran\nran\n"), f"default and lmstudio: {both}")
    none = subprocess.run([GPTOSS, "chat"], input="/mcp\n", capture_output=True, text=True)
    check(none.stdout == "no MCP servers; --mcp names a file with some\n", f"none: {none}")


def run(job):
    with tempfile.TemporaryDirectory() as folder:
        try:
            job[0](folder, *job[1:])
        except (OSError, subprocess.SubprocessError, ValueError) as error:
            check(False, f"{job[0].__name__} {job[1:2]}: {type(error).__name__}: {error}")


if __name__ == "__main__":
    jobs = [(test_bad_start, behavior) for behavior in SLOW_STARTS]
    jobs += [(test_terminal, version) for version in (1, 2)]
    jobs += [(test_real, version) for version in (1, 2)]
    jobs += [
        (test_http, "http 1", PYTHONS[1], "protocol 2025-11-25"), (test_http, "http 2", PYTHONS[2], "protocol 2026-07-28"),
        (test_http, "fastmcp", PYTHONS[2], "protocol 2026-07-28", "fastmcp"), (test_people,), (test_model,), (test_bad_http,), (test_mistakes,),
        (test_many,), (test_killed,)]
    jobs += [(test_bad_start, behavior) for behavior in STARTS]
    jobs += [(test_bad_call, behavior) for behavior in [*CALLS, *FAILURES]]
    wanted = sys.argv[1:]
    if wanted:
        jobs = [job for job in jobs if any(word in " ".join(map(str, (job[0].__name__, *job[1:]))) for word in wanted)]
    # Most of the time is waiting.
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        list(pool.map(run, jobs))
    finish()
