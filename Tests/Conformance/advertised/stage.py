"""Where examples are run: a folder of their own with what they name, in a shell or on a terminal."""

import array
import fcntl
import os
import re
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import pexpect

from advertised.pages import ROOT

RUNNER = Path(os.environ.get("GPTOSS", ROOT / ".build/release/gptoss"))
SERVER = Path(os.environ.get("GPTOSS_SERVER", ROOT / ".build-server/release/gptoss"))
MODEL = Path(os.environ.get("GPTOSS_MODEL", ROOT / "Fixtures/assistant/assistant.gguf"))

# What stands in a command and cannot be had, what is taken instead, and why.
SUBSTITUTIONS = [
    (r"\bMODEL\b", "gpt-oss-20b-mxfp4.gguf", "a model's file: here a link to the small model"),
    (r"\bNAME\b", "openai/gpt-oss-20b", "the model that README downloads: here a link to the small model"),
    (r"\bimport FILE\b", "import gpt-oss-20b-mxfp4.gguf", "a model's file"),
    (r"\bTEXT\b", "short.txt", "a text"),
    (r"--mcp FILE\b", "--mcp mcp.json", "a file with MCP servers: here one without any"),
    (r"--shape (20b|120b)( --layers \d+)?", "--shape tiny", "12 GB and more"),
    (r"(synthesize .*) --vocabulary o200k_base\.tiktoken", r"\1", "a file that the reader brings"),
    (r"\[(--\w+)\]", r"\1", "an option that may be left out"),
    (r"^swift run -c release gptoss", ".build/release/gptoss", "built with the same options before"),
    (
        r"^swift run -c release --scratch-path .build-server --traits Server gptoss",
        ".build-server/release/gptoss",
        "built with the same options before",
    ),
    (
        r"^gptoss ((?:help )?serve)\b",
        r".build-server/release/gptoss \1",
        "the runner of the build that has the server",
    ),
]


def substituted(command):
    for pattern, replacement, _ in SUBSTITUTIONS:
        command = re.sub(pattern, replacement, command)
    return command


@dataclass
class Answer:
    """What came of a command: its exit code, what it wrote to standard output and beside it, and its folder."""

    code: int
    said: str
    beside: str
    folder: Path


class Stage:
    """A folder as a user has it after README's steps: the builds, a downloaded model, an empty home."""

    def __init__(self, parent):
        self.folder = Path(tempfile.mkdtemp(dir=parent))
        self.home = self.folder / "home"
        self.work = self.folder / "work"
        for made in (self.home, self.work / ".build", self.work / ".build-server", self.work / "Fixtures"):
            made.mkdir(parents=True)
        (self.work / ".build/release").symlink_to(RUNNER.parent)
        (self.work / ".build-server/release").symlink_to(SERVER.parent)
        (self.work / "gpt-oss-20b-mxfp4.gguf").symlink_to(MODEL)
        downloaded = self.home / ".gptoss/models/ggml-org/gpt-oss-20b-GGUF/gpt-oss-20b-mxfp4.gguf"
        downloaded.parent.mkdir(parents=True)
        downloaded.symlink_to(MODEL)
        for name in ("Benchmarks", "Package.swift", "LICENSE", "Fixtures/assistant"):
            (self.work / name).symlink_to(ROOT / name)
        (self.work / "short.txt").write_text((ROOT / "LICENSE").read_text()[:1000])
        (self.work / "mcp.json").write_text('{"mcpServers": {}}')
        self.found = self.files()

    @property
    def environment(self):
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("XDG_", "GPTOSS"))}
        path = f"{RUNNER.parent}:{kept['PATH']}"
        return {
            **kept,
            "HOME": str(self.home),
            "PATH": path,
            "TERM": "xterm-256color",
            "LC_ALL": "C.UTF-8",
            "SWIFT_BACKTRACE": "enable=no",
        }

    def files(self):
        return {path.relative_to(self.work) for path in self.work.rglob("*")}

    def new_files(self):
        """What was written since the stage was set."""
        return {str(path) for path in self.files() - self.found}

    def shell(self, command, text="", seconds=300):
        """Runs a command as it stands on a page."""
        return self.run(["bash", "-c", substituted(command)], text, seconds)

    def run(self, words, text="", seconds=60, **environment):
        """Runs a program. The code is 124 if it does not end in time."""
        try:
            done = subprocess.run(
                words,
                input=text,
                capture_output=True,
                text=True,
                cwd=self.work,
                env={**self.environment, **environment},
                timeout=seconds,
            )
        except subprocess.TimeoutExpired:
            return Answer(124, "", f"no end within {seconds} seconds", self.work)
        return Answer(done.returncode, done.stdout, done.stderr, self.work)

    def remove(self):
        shutil.rmtree(self.folder)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.remove()


class Terminal:
    """A command on a terminal of 50 rows and 110 columns, whose screen is read as people see it."""

    ROWS, COLUMNS = 50, 110

    def __init__(self, stage, command, seconds=60):
        self.written = []
        self.child = pexpect.spawn(
            "bash",
            ["-c", f"exec {substituted(command)}"],
            cwd=stage.work,
            env=stage.environment,
            encoding="utf-8",
            codec_errors="replace",
            timeout=seconds,
            dimensions=(self.ROWS, self.COLUMNS),
        )
        self.child.delaybeforesend = None
        self.child.delayafterclose = self.child.ptyproc.delayafterclose = 0
        self.child.logfile_read = self

    def write(self, text):
        self.written.append(text)

    def flush(self):
        pass

    def wait(self, *texts):
        """Waits for the first of these to come; returns its number. It is an error if the command ends before."""
        return self.child.expect_exact(list(texts))

    def type(self, text):
        self.child.send(text + "\r")

    def end(self, keys="\x04"):
        """Presses Ctrl-D; returns the exit code."""
        self.child.send(keys)
        self.child.expect(pexpect.EOF)
        self.child.close()
        return self.child.exitstatus


def port_is_free(port):
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def enter_private_network():
    """Goes on in a network of its own, where every port is free and nothing else can be reached: examples name
    port 1234. Where the system does not allow that, the port has to be free."""
    if os.environ.get("GPTOSS_EXAMPLES_NETWORK") != "private":
        own = ["unshare", "--map-root-user", "--net"]
        try:
            allowed = subprocess.run([*own, "true"], capture_output=True).returncode == 0
        except FileNotFoundError:
            allowed = False
        if allowed:
            os.environ["GPTOSS_EXAMPLES_NETWORK"] = "private"
            os.execvp(own[0], [*own, sys.executable, *sys.argv])
        if not port_is_free(1234):
            sys.exit("examples: port 1234, which the examples name, is taken")
        return
    # SIOCGIFFLAGS, then SIOCSIFFLAGS with IFF_UP, as `ip link set lo up` does.
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        request = array.array("b", struct.pack("16sh", b"lo", 0) + bytes(24))
        fcntl.ioctl(control, 0x8913, request, True)
        flags = struct.unpack("16sh", request[:18].tobytes())[1]
        fcntl.ioctl(control, 0x8914, struct.pack("16sh", b"lo", flags | 1) + bytes(24))
