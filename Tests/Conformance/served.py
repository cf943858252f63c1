"""A running `gptoss serve` for the tests beside this file."""

import json
import os
import re
import signal
import subprocess
import threading
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
GPTOSS = os.environ.get("GPTOSS_SERVER", str(ROOT / ".build-server" / "release" / "gptoss"))
TRAINED = ROOT / "Fixtures" / "assistant" / "assistant.gguf"
RANDOM = ROOT / "Fixtures" / "random-tiny.gguf"
MODEL = os.environ.get("GPTOSS_MODEL", str(TRAINED if TRAINED.exists() else RANDOM))


def endless(model=MODEL):
    """Parameters of an answer that only its limit ends."""
    texts = "".join(json.dumps(text) + "\n" for text in ("<|return|>", "<|call|>", "<|endoftext|>"))
    command = [GPTOSS, "tokenize", "--special", "-m", str(model)]
    lines = subprocess.run(command, input=texts, capture_output=True, text=True, check=True).stdout.splitlines()
    ends = [token for line in lines for token in json.loads(line)]
    # Without the tokens that end an answer it goes on; at temperature 2 it is no loop, which would be broken.
    return {"temperature": 2, "logit_bias": {str(token): -100 for token in ends}}


class Served:
    """The server in a process of its own, on a free port unless one is given.

        with Served("--parallel", "2") as server:
            client = OpenAI(base_url=server.url, api_key="none")
    """

    def __init__(self, *arguments, port=0, model=MODEL):
        # Without a model, they are loaded by name.
        named = [] if model is None else ["-m", model]
        command = [GPTOSS, "serve", *named, "--port", str(port), *arguments]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        self.log = []
        self.url = None
        ready = threading.Event()

        def read():
            for line in self.process.stderr:
                self.log.append(line.rstrip("\n"))
                found = re.match(r"gptoss serves (\S+)", line)
                if found:
                    self.url = found[1]
                    ready.set()
            ready.set()

        self.reader = threading.Thread(target=read, daemon=True)
        self.reader.start()
        ready.wait(120)
        if self.url is None:
            self.process.kill()
            raise RuntimeError(f"the server did not start: {self.log}")

    @property
    def root(self):
        """The URL without /v1."""
        return self.url.removesuffix("/v1")

    @property
    def port(self):
        return int(self.root.rsplit(":", 1)[1])

    def resident_bytes(self):
        """The process's memory, as Linux tells it."""
        for line in Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) * 1024
        raise RuntimeError("no VmRSS")

    def stop(self, number=signal.SIGTERM, patience=60):
        """Asks the server to stop; returns exit code and seconds."""
        start = time.monotonic()
        self.process.send_signal(number)
        code = self.process.wait(patience)
        self.reader.join(5)
        return code, time.monotonic() - start

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            try:
                self.stop()
            except subprocess.TimeoutExpired:
                self.process.kill()
                raise
