"""The examples that start a server or speak to one, on the port that they name."""

import contextlib
import io
import json
import re
import signal
import shutil
import subprocess
import threading
import urllib.error
import urllib.request

from advertised import blocks, commands, names, pages, programs
from advertised.results import each
from advertised.stage import Answer, substituted
from advertised.wordings import reworded
from checks import check

URL = "http://localhost:1234/v1"


class Server:
    """A command that serves, until it is told to stop."""

    def __init__(self, command, stage):
        self.process = subprocess.Popen(
            ["bash", "-c", f"exec {substituted(command)}"],
            cwd=stage.work,
            env=stage.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.lines = []
        self.ready = threading.Event()
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()
        self.ready.wait(60)

    def _read(self):
        for line in self.process.stderr:
            self.lines.append(line)
            if line.startswith("answers "):
                self.ready.set()
        self.ready.set()

    def stop(self):
        """Sends SIGTERM; returns the exit code."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(60)
        self.reader.join(5)
        return code


def start_and_stop(command, stage):
    """Whether a command serves: 0 if it came up and ended as a signal ends it."""
    server = Server(command, stage)
    served = server.process.poll() is None and any(line.startswith(blocks.BANNER) for line in server.lines)
    code = server.stop()
    return Answer(0 if served and code == 143 else code or 1, "", "".join(server.lines), stage.work)


def run(examples, results):
    """Starts each printed server; the first answers the examples that ask one."""
    asked = [example for example in examples if not re.search(r"gptoss serve(?!s)", example.text)]
    starts = [
        command
        for example in examples
        if example not in asked and not example.text.startswith(blocks.BANNER)
        for command in starting(example, results)
    ]
    # What a page prints of a server is of the one that a block starts.
    printed = {example.page for example in asked if example.text.startswith(blocks.BANNER)}
    starts.sort(key=lambda start: (start[0].kind != "bash", start[0].page not in printed))
    for example, command in starts or ([(asked[0], "gptoss serve")] if asked else []):
        with results.stage() as stage:
            server = Server(command, stage)
            try:
                up = server.process.poll() is None
                check(up, f"{example.place}: {command!r} does not serve: {server.lines}")
                while up and asked:
                    each(ask, asked.pop(0), server, results)
                # One with a key tells others nothing.
                if up and results.is_whole and "--api-key" not in command:
                    names.check_endpoints(URL)
            finally:
                code = server.stop()
            check(code == 143, f"{example.place}: {command!r} ends with {code} after SIGTERM")
    for example in asked:
        check(False, f"{example.place}: no server came up to try it with")


def starting(example, results):
    for command in pages.commands(example.text):
        command = command.strip()
        if not results.leaves_out(example, command) and results.is_new(command):
            yield example, command


def ask(example, server, results):
    """Tries an example against the running server."""
    if example.kind == "swift":
        programs.run(example, results)
    elif commands.ASKS_SERVER.match(example.text):
        commands.ask_server(example, results)
    elif not results.is_new(example.text):
        return
    elif example.text.startswith(blocks.BANNER):
        # The small model's file has a name of its own beside the one that it stands for.
        lines = server.lines[: len(example.text.splitlines())]
        commands.same_lines(example, example.text, "".join(lines).replace(", Assistant", ""))
    elif example.kind == "json":
        json_block(example, server)
    elif example.kind in ("javascript", "typescript"):
        javascript(example, results)
    elif example.kind == "python":
        spoken(example, "Python", python, results)
    else:
        spoken(example, "curl", curl, results)


def spoken(example, how, say, results):
    """Runs a program of a client as it is printed, and with other wordings of its message."""

    def answer(text):
        with results.stage() as stage:
            return say(text, stage)

    def fault(variant):
        said = answer(variant.text)
        return said.beside if said.code else variant.wrong(said)

    printed = answer(example.text)
    check(printed.code == 0 and printed.said.strip(), f"{example.place}: {printed.beside or printed.said!r}")
    variants = reworded(example.text)
    check(variants, f"{example.place}: no wordings are known of what it says")
    results.words(example, how, variants, fault, side_by_side=False)


def python(text, stage):
    """Runs a block as a program, with the client that it imports."""
    said = io.StringIO()
    try:
        with contextlib.redirect_stdout(said):
            exec(compile(text, "example", "exec"), {"__name__": "__main__"})
    except Exception as error:  # Whatever a client throws.
        return Answer(1, said.getvalue(), f"{type(error).__name__}: {error}", stage.work)
    return Answer(0, said.getvalue(), "", stage.work)


def curl(text, stage):
    """Runs a command of curl; what is said is the text of the answer."""
    answer = stage.shell(text, seconds=60)
    try:
        body = json.loads(answer.said)
        return Answer(answer.code, body["choices"][0]["message"]["content"], "", stage.work)
    except (ValueError, KeyError) as error:
        return Answer(
            answer.code or 1,
            answer.said,
            f"{type(error).__name__}: {error}: {answer.said} {answer.beside}",
            stage.work,
        )


def javascript(example, results):
    """Node's view of the syntax; npm's packages are out of reach, so the program is not run."""
    node = shutil.which("node")
    if not node:
        results.leave_out(example, example.text, "there is no node here, and npm is out of reach")
        return
    with results.stage() as stage:
        path = stage.work / "example.mjs"
        path.write_text(example.text)
        done = subprocess.run([node, "--check", path], capture_output=True, text=True)
        check(done.returncode == 0, f"{example.place}: {done.stderr}")
    results.leave_out(example, example.text, "its syntax was checked; npm's packages are out of reach")


def post(path, body):
    request = urllib.request.Request(URL + path, json.dumps(body).encode(), {"Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request) as reply:
            return reply.status, json.load(reply)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)


def json_block(example, server):
    """A printed error is provoked, a line of the log is held against real ones, a request is sent."""
    printed = json.loads(example.text)
    message = {"model": "openai/gpt-oss-20b", "messages": [{"role": "user", "content": "Hello"}]}
    if "error" in printed:
        status, real = post("/chat/completions", {**message, printed["error"]["param"]: "hot"})
        check((status, real) == (400, printed), f"{example.place}: really {status} {json.dumps(real)}")
    elif "path" in printed and "status" in printed:
        post(printed["path"].removeprefix("/v1"), message)
        logged = [json.loads(line) for line in server.lines if line.startswith("{")]
        same = [line for line in logged if (line["path"], line["status"]) == (printed["path"], printed["status"])]
        shapes = [[(key, type(value)) for key, value in line.items()] for line in [printed, *same]]
        check(shapes[0] in shapes[1:], f"{example.place}: no line of the log has this form: {same[:1]}")
    elif "messages" in printed or "input" in printed:
        status, real = post("/responses" if "input" in printed else "/chat/completions", printed)
        check(status == 200, f"{example.place}: {status} {real}")
    else:
        check(False, f"{example.place}: no rule to try this JSON")
