#!/usr/bin/env python3
"""`gptoss chat` as people and scripts use it: in a pipe, and on a terminal that pexpect plays.

    swift build -c release
    python Tests/Conformance/chat.py [MODEL]

Without MODEL, the small model that comes with the package talks. What depends on sense is asked only of a model that
was trained (`create_file` is called when a file is asked for); the rest holds whatever a model says.
"""

import os
import re
import signal
import stat
import subprocess
import sys
import tempfile
import termios
import time
from pathlib import Path

import pexpect

from checks import check, finish

ROOT = Path(__file__).resolve().parent.parent.parent
GPTOSS = os.environ.get("GPTOSS", str(ROOT / ".build" / "release" / "gptoss"))
MODEL = ["-m", str(Path(sys.argv[1]).resolve())] if len(sys.argv) > 1 else []
GREEDY = ["--temperature", "0", "-n", "60"]
# So slow that there is time to press Ctrl-C.
SLOW = ["--kernels", "reference", "--threads", "1", "--batch", "1", "-n", "5"]
LONG_MESSAGE = "word " * 2000
PROMPT = "User: "


def pipe(lines, *arguments, cwd=None, **options):
    return subprocess.run(
        [GPTOSS, "chat", *MODEL, *arguments], input=lines, capture_output=True, text=True, timeout=300, cwd=cwd,
        env={**os.environ, "XDG_STATE_HOME": "/nonexistent"}, **options)


class Terminal:
    """A chat on a terminal of 24 rows and 80 columns."""

    def __init__(self, folder, *arguments, term="xterm", **variables):
        self.log = open(f"{folder}/log", "w+")
        environment = {**os.environ, "XDG_STATE_HOME": f"{folder}/state", "TERM": term, **variables}
        self.child = pexpect.spawn(
            GPTOSS, ["chat", *MODEL, *arguments], env=environment, encoding="utf-8", codec_errors="replace", timeout=120,
            dimensions=(24, 80), cwd=folder)
        self.child.logfile_read = self.log
        # Held open, so that the mode can be read when the program has gone.
        self.descriptor = os.open(f"/proc/{self.child.pid}/fd/0", os.O_RDWR | os.O_NOCTTY)
        self.found = termios.tcgetattr(self.descriptor)[3]

    def wait(self, *texts):
        for text in texts:
            try:
                self.child.expect_exact(text)
            except (pexpect.TIMEOUT, pexpect.EOF) as error:
                check(False, f"{text!r} did not come but {self.child.before!r} ({type(error).__name__})")
                raise

    def send(self, keys, *answers):
        self.child.send(keys)
        self.wait(*answers)

    def mode(self):
        flags = termios.tcgetattr(self.descriptor)[3]
        return bool(flags & termios.ICANON), bool(flags & termios.ECHO)

    def end(self, code, what):
        """Waits for the end; the terminal has to be as it was."""
        # With a descriptor held open here, the end alone is not seen as one.
        deadline = time.monotonic() + 60
        while self.child.isalive() and time.monotonic() < deadline:
            self.child.expect([pexpect.EOF, pexpect.TIMEOUT], timeout=0.05)
        ended = self.child.expect([pexpect.EOF, pexpect.TIMEOUT], timeout=5) == 0
        check(ended, f"{what}: it does not end; was this started with the signal ignored?")
        mode = termios.tcgetattr(self.descriptor)[3]
        self.child.close()
        check((self.child.exitstatus, self.child.signalstatus) == code, f"{what}: ended with {self.child}")
        check(mode == self.found, f"{what}: the terminal's mode is not restored")
        self.log.seek(0)
        written = self.log.read()
        check(written.count("\x1b[?2004h") <= written.count("\x1b[?2004l"), f"{what}: pastes stay marked")
        os.close(self.descriptor)
        return written


def test_pipe(folder):
    empty = pipe("")
    check((empty.returncode, empty.stdout, empty.stderr) == (0, "", ""), f"no input: {empty}")
    one = pipe("Hello\n", *GREEDY)
    check(one.returncode == 0 and one.stdout.endswith("\n") and one.stderr == "", f"one turn: {one}")
    check(PROMPT not in one.stdout, "a pipe gets no prompt")
    two = pipe("Hello\n\n  \r\nHello again", *GREEDY)
    check(two.returncode == 0 and two.stdout.startswith(one.stdout) and len(two.stdout) > len(one.stdout), f"two turns: {two}")
    check(pipe("Hello\n", "--seed", "3", "-n", "20").stdout == pipe("Hello\n", "--seed", "3", "-n", "20").stdout, "the same seed")
    forgotten = pipe("Hello\n/reset\nHello\n", *GREEDY)
    check(forgotten.stdout == 2 * one.stdout, f"/reset: {forgotten}")
    ended = pipe("/exit\nHello\n")
    check((ended.returncode, ended.stdout) == (0, ""), f"/exit: {ended}")
    saved = pipe(f"Hello\n/save {folder}/chat\nHello again\n", *GREEDY)
    check(saved.stdout == two.stdout, f"/save: {saved}")
    for resumed in (
        pipe("Hello again\n", "--load", f"{folder}/chat", *GREEDY), pipe(f"/load {folder}/chat\nHello again\n", *GREEDY)):
        check(resumed.returncode == 0 and one.stdout + resumed.stdout == two.stdout, f"what was saved goes on: {resumed}")
    # A file of this chat is written again, another one only if that is wanted.
    again = pipe(f"/save {folder}/own\nHello\n/save {folder}/own\n/load {folder}/chat\n/save {folder}/chat\n", *GREEDY)
    check((again.returncode, again.stderr) == (0, ""), f"saved again: {again}")
    kept = Path(folder, "chat").read_bytes()
    for lines in (f"/save {folder}/chat\n", f"/load {folder}/own\n/save {folder}/chat\n", f"/load {folder}/chat\n/reset\n/save {folder}/chat\n"):
        result = pipe(lines, *GREEDY)
        check(result.returncode == 1 and "exists already; --force" in result.stderr, f"saved over another: {result}")
        check(Path(folder, "chat").read_bytes() == kept, "a conversation was replaced")
    forced = pipe(f"/save --force {folder}/chat\n", *GREEDY)
    check(forced.returncode == 0 and Path(folder, "chat").read_bytes() != kept, f"/save --force: {forced}")
    pipe(f"/save {folder}/nothing\n")
    traced = subprocess.run(
        [GPTOSS, "trace", *MODEL, "--session", f"{folder}/nothing", "--json"], capture_output=True, text=True, timeout=60)
    check(traced.returncode == 1 and "has no messages" in traced.stderr, f"nothing to trace: {traced}")
    cut = pipe("Hello\nHello\n", "-n", "1", "--temperature", "0")
    check(cut.returncode == 0 and cut.stderr.count("limit of 1 token") == cut.stderr.count("\n") == 2, f"cut answers: {cut}")
    loop = pipe("Hello\n", "--temperature", "0", "--repetition-penalty", "0.0001")
    check(loop.returncode == 0 and "repeated itself" in loop.stderr and loop.stderr.count("\n") == 1, f"a runaway answer: {loop}")
    tools = pipe("/tools\n/effort\n/effort high\n/effort\n/stats\n/help\n", "--tools", "time,create_file,time")
    lines = tools.stdout.split("\n")
    check([line.split(" ")[0] for line in lines[:4]] == ["time", "create_file", "medium", "high"], f"commands: {tools}")
    for command in "/help /reset /save /load /effort /tools /stats /exit".split():
        check(command in tools.stdout, f"/help does not name {command}")
    check(pipe("/tools\n").stdout.count("\n") == 1, "no tools, one line")


def test_mistakes(folder):
    for line, word in [
        ("/nonsense", "/help"), ("/", "/help"), ("/effort most", "low|medium|high"), ("/save", "FILE"), ("/save -", "FILE"), ("/save --force", "FILE"), ("/exit now", "/exit")]:
        result = pipe(f"{line}\n/effort\n")
        check(
            result.returncode == 0 and result.stdout == "medium\n" and result.stderr.count("\n") == 1 and word in result.stderr,
            f"{line}: {result}")
    for line, words in [
        (f"/load {folder}/none", "No such file or directory"), (f"/load {GPTOSS}", "not a saved session"), ("/load /dev/null", "a device"),
        (f"/load {folder}", "a folder"), (f"/save {folder}/none/x", "No such file or directory"), (f"/save {folder}", "is a folder")]:
        result = pipe(f"{line}\n/effort\n")
        check(words in result.stderr, f"{line}: {words}: {result}")
        check(result.returncode == 1 and result.stderr.count("\n") == 1 and not result.stdout, f"{line}: {result}")
    for arguments in ["--tools nothing", "--tools create_file,,time", "--nonsense", "-n 0", "--temperature=-1", "--load x --instructions y"]:
        result = pipe("", *arguments.split(" "))
        check(result.returncode == 64 and result.stderr and not result.stdout, f"{arguments}: {result}")
    check("create_file, calculator, time" in pipe("", "--tools", "nothing").stderr, "a wrong tool names the right ones")
    missing = subprocess.run([GPTOSS, "chat", "-m", "/nonexistent"], input="x\n", capture_output=True, text=True)
    check(missing.returncode == 1 and missing.stderr.count("\n") == 1, f"a missing model: {missing}")
    check(pipe("x\n", "--load", f"{folder}/none").returncode == 1, "a missing conversation")
    binary = subprocess.run([GPTOSS, "chat", *MODEL], input=b"\xff\n", capture_output=True)
    check(binary.returncode == 1 and b"line 1" in binary.stderr, f"a line that is no text: {binary}")
    full = pipe("Hello\n", "--context", "40", *GREEDY)
    check(full.returncode == 1 and full.stderr.count("\n") == 1, f"a full context: {full}")


def test_streams():
    chat = " ".join(f"'{word}'" for word in [GPTOSS, "chat", *MODEL, *GREEDY])
    gone = subprocess.run(
        ["bash", "-c", f"yes Hello | {chat} | head -c 1 >/dev/null; exit ${{PIPESTATUS[1]}}"], capture_output=True, text=True,
        timeout=60)
    check(gone.returncode == 0 and gone.stderr == "", f"a reader that goes away: {gone}")
    for redirection, words in [(">&-", "standard output"), ("<&-", "standard input"), (">/dev/full", "standard output")]:
        result = subprocess.run(f"echo Hello | {chat} {redirection}", shell=True, capture_output=True, text=True, timeout=60)
        check(result.returncode == 1 and words in result.stderr and result.stderr.count("\n") == 1, f"{redirection}: {result}")
    for number in (signal.SIGTERM, signal.SIGINT):
        process = subprocess.Popen(
            [GPTOSS, "chat", *MODEL], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler))
        # It listens once it has answered.
        process.stdin.write(b"/effort\n")
        process.stdin.flush()
        process.stdout.readline()
        process.send_signal(number)
        check(process.wait(timeout=30) == 128 + number, f"{number!r} in a pipe")


def test_terminal(folder):
    chat = Terminal(folder, *GREEDY)
    chat.wait(PROMPT)
    chat.send("/effrt\x1b[D\x1b[Do\x05 high\r", "/effort high", PROMPT)
    chat.send("/effort\r", "high\r\n", PROMPT)
    chat.send("\x1b[A\x1b[A", "/effort high")
    chat.send("\x17low\x01\x1b[F\r", "/effort low", PROMPT)
    # Up once is the last line, and down again what was being typed.
    chat.send("/st\x1b[A\x1b[Bats\r", "nothing was answered", PROMPT)
    chat.send("/he\t\r", "end the chat", PROMPT)
    chat.send("/nonsense\r", "there is no command /nonsense", PROMPT)
    chat.send("rubbish\x03", PROMPT)
    chat.send("\x03", "/exit", PROMPT)
    chat.send("Hello\r", "tokens/s", PROMPT)
    chat.send("/stats\r", "1 answer", PROMPT)
    chat.send("\x1b[200~two\rlines\x1b[201~", "lines")
    chat.send("\r", "tokens/s", PROMPT)
    chat.send("naïve 日本 🙂\x1b[D\x1b[D\x7f\x7f\x7f\r", "naïve 🙂", "tokens/s", PROMPT)
    check(chat.mode() == (False, False), "keys come one by one")
    chat.send("\x04")
    chat.end((0, None), "Ctrl-D")
    history = Path(folder, "state/gptoss/history")
    check(stat.S_IMODE(history.stat().st_mode) == 0o600, "the history is its owner's")
    kept = history.read_text().splitlines()
    check(kept[:2] == ["/effort high", "/effort"] and kept[-2:] == ["two\\nlines", "naïve 🙂"], f"the history: {kept}")
    again = Terminal(folder, *GREEDY)
    again.wait(PROMPT)
    again.send("\x1b[A", "naïve 🙂")
    again.send("\x15/exit\r")
    again.end((0, None), "/exit")


def test_typing(folder):
    """Keys before the prompt, completing, searching."""
    Path(folder, "my chat.json").write_text("")
    Path(folder, "my notes").mkdir()
    chat = Terminal(folder, *GREEDY)
    # Typed while the model is loaded: seen once, where it belongs.
    deadline = time.monotonic() + 30
    while chat.mode() != (False, False) and time.monotonic() < deadline:
        time.sleep(0.001)
    chat.send("/effort\r/eff", "/effort", "medium", PROMPT, "/eff")
    chat.send("\tl\t\r", "/effort low", PROMPT)
    # Several: what they share, and at the next Tab what there is to choose from.
    chat.send("/load m\t", "/load my ")
    chat.send("\t", "my chat.json", "my notes/", "/load my ")
    chat.send("c\t", "/load my chat.json")
    chat.send("\x15/effort \t", "low", "medium", "high", "/effort ")
    chat.send("high\r", PROMPT)
    chat.send("/effort\r", "high\r\n", PROMPT)
    chat.send("\x12low", 'search "low"', "/effort low")
    chat.send("\x07", PROMPT)
    chat.send("\x12eff\x12\x12", 'search "eff"', "/effort low")
    chat.send("zzz", "not found")
    chat.send("\x7f\x7f\x7f\x12\x12\r", PROMPT)
    chat.send("/effort\r", "low\r\n", PROMPT)
    chat.send("\x04")
    written = chat.end((0, None), "typing")
    check(written.split(PROMPT)[0].count("/effort") == 0, f"keys before the prompt are seen twice: {written[:200]!r}")


def test_typed_before(folder):
    """What the terminal has shown before the chat began is taken off the screen, and then shown where it belongs."""
    environment = {**os.environ, "XDG_STATE_HOME": f"{folder}/state", "TERM": "xterm"}
    command = " ".join(["sleep 1; exec", GPTOSS, "chat", *MODEL, *GREEDY])
    child = pexpect.spawn("bash", ["-c", command], env=environment, encoding="utf-8", timeout=60, dimensions=(24, 80))
    child.send("/effort\r/eff")
    child.expect_exact("/effort\r\n/eff")
    # One row up and all below erased.
    child.expect_exact("\r\x1b[1A\x1b[J")
    shown = []
    for text in ("/effort", "medium\r\n", PROMPT, "/eff"):
        child.expect_exact(text)
        shown.append(child.before)
    check("/eff" not in shown[0], f"the first line drawn: {shown[0]!r}")
    child.send("ort\r")
    child.expect_exact("medium\r\n")
    child.send("\x04")
    child.expect(pexpect.EOF)
    child.close()
    check(child.exitstatus == 0, f"after what was typed before: {child}")


def test_shown_again(folder):
    """What was said is shown after --load and /load."""
    chat = Terminal(folder, *GREEDY)
    chat.wait(PROMPT)
    chat.send("Hello\r", "tokens/s", PROMPT)
    chat.send("/save kept\r", "Saved to kept", PROMPT)
    chat.send("/save kept\r", "Saved to kept", PROMPT)
    chat.send("\x04")
    answer = chat.end((0, None), "what is saved").split("tokens/s")[0].split("Hello", 1)[1]
    words = [word for word in answer.split("\x1b")[0].replace("\r", "").split("\n") if word.strip()][-1:]
    for arguments, line in ((["--load", "kept"], ""), ([], "/load kept\r")):
        chat = Terminal(folder, *GREEDY, *arguments)
        if line:
            chat.wait(PROMPT)
            chat.send(line)
        chat.wait("Hello", *words, "Loaded kept", PROMPT)
        chat.send("/save kept\r", "Saved to kept", PROMPT)
        chat.send("\x04")
        chat.end((0, None), f"what was said, {arguments} {line}")
    check("Hello" not in pipe("/exit\n", "--load", f"{folder}/kept").stdout, "a pipe gets what is new alone")


def test_colors(folder):
    """NO_COLOR, CLICOLOR and CLICOLOR_FORCE."""
    for variables, styled in (({}, True), ({"NO_COLOR": "1"}, False), ({"CLICOLOR": "0"}, False), ({"CLICOLOR": "0", "CLICOLOR_FORCE": "1"}, True)):
        chat = Terminal(folder, *GREEDY, **variables)
        chat.wait(PROMPT)
        chat.send("Hello\r", "tokens/s", PROMPT)
        chat.send("\x03", "/exit", PROMPT)
        chat.send("\x04")
        written = chat.end((0, None), f"{variables}")
        found = re.findall(r"\x1b\[[0-9;]*m", written)
        check(bool(found) == styled, f"{variables}: {set(found)}")
    for variables, styled in (({}, False), ({"CLICOLOR_FORCE": "1"}, True), ({"CLICOLOR_FORCE": "1", "NO_COLOR": "1"}, False)):
        result = subprocess.run(
            [GPTOSS, "generate", *MODEL, "-p", "What is MXFP4?", *GREEDY], capture_output=True, text=True,
            env={**os.environ, **variables})
        check(("\x1b[2m" in result.stderr) == styled and "\x1b" not in result.stdout, f"{variables} in a pipe: {result}")


def test_stopping(folder):
    chat = Terminal(folder, *SLOW)
    chat.wait(PROMPT)
    # While the message is being read, and while the answer is being written.
    chat.send(LONG_MESSAGE)
    chat.send("\r")
    time.sleep(1)
    start = time.monotonic()
    chat.send("\x03", "stopped", PROMPT)
    check(time.monotonic() - start < 5, "Ctrl-C takes its time")
    chat.send("/stats\r", "no whole answer yet, 1 stopped", PROMPT)
    chat.send("/reset\r", "forgotten", PROMPT)
    chat.send("Hello\r", "tokens/s", PROMPT)
    chat.send("\x04")
    chat.end((0, None), "after stopped answers")
    for number, code in [(signal.SIGTERM, (143, None)), (signal.SIGHUP, (None, signal.SIGHUP)), (signal.SIGQUIT, (None, signal.SIGQUIT))]:
        for message in ("", LONG_MESSAGE + "\r"):
            chat = Terminal(folder, *SLOW)
            chat.wait(PROMPT)
            chat.send(message)
            time.sleep(0.5)
            chat.child.kill(number)
            chat.end(code, f"{number!r} {'while answering' if message else 'at the prompt'}")


def test_broken_off(folder):
    """What ends an answer in the middle leaves the shell's prompt a line of its own."""
    endless = f"'{GPTOSS}' generate --raw -p x --temperature 5 -n 9999 --kernels reference --threads 1 {' '.join(MODEL)}"
    talk = f"yes Hello | '{GPTOSS}' chat --temperature 5 --kernels reference --threads 1 {' '.join(MODEL)}"
    for command in (endless, talk):
        child = pexpect.spawn(
            "bash", ["-c", f"trap : INT; {command} 2>{folder}/beside; echo ended"], encoding="utf-8", codec_errors="replace", timeout=60,
            env={**os.environ, "XDG_STATE_HOME": f"{folder}/state"})
        # The answer has begun.
        child.expect(r"\S")
        child.send("\x03")
        child.expect_exact("ended")
        before = child.before.replace("^C", "")
        check(before.endswith("\n"), f"{command}: the prompt follows {before[-40:]!r}")
        child.close()


def test_plain_terminal(folder):
    chat = Terminal(folder, *GREEDY, term="dumb")
    chat.wait(PROMPT)
    chat.send("Hello\r", "tokens/s", PROMPT)
    chat.send("\x03", "/exit", PROMPT)
    chat.send("\x04")
    written = chat.end((0, None), "a terminal without a cursor")
    said = written.split("tokens/s")[0].split("Hello")[-1]
    check("\x1b" not in written.replace(said, ""), f"escape codes on a terminal without a cursor: {written!r}")


def test_tools(folder):
    request = "Create a file named hello.txt with the content Good morning"
    check(pipe("", cwd=folder).returncode == 0 and not Path(folder, "hello.txt").exists(), "a clean start")
    refused = pipe(f"{request}\nn\n", "--tools", "create_file", *GREEDY, cwd=folder)
    check(refused.returncode == 0 and "Create hello.txt (12 bytes)? [y/N] n\n" in refused.stderr, f"a no: {refused}")
    check(not Path(folder, "hello.txt").exists(), "a no writes nothing")
    made = pipe(f"{request}\ny\n", "--tools", "create_file", *GREEDY, cwd=folder)
    check(made.returncode == 0 and "File created." in made.stderr, f"a yes: {made}")
    check(Path(folder, "hello.txt").read_text() == "Good morning", "the file has what was asked for")
    kept = pipe(f"{request}\n", "--tools", "create_file", "--yes", *GREEDY, cwd=folder)
    check("Error: File already exists." in kept.stderr and "?" not in kept.stderr, f"never overwritten: {kept}")
    Path(folder, "hello.txt").unlink()
    chat = Terminal(folder, "--tools", "create_file,calculator,time", *GREEDY)
    chat.wait(PROMPT)
    chat.send(f"{request}\r", "create_file", "Create hello.txt (12 bytes)? [y/N] ")
    # Stopped at the question: nothing is written, and the chat goes on.
    chat.send("\x03", "stopped", PROMPT)
    check(not Path(folder, "hello.txt").exists(), "a stopped question writes nothing")
    chat.send("/reset\r", PROMPT)
    chat.send(f"{request}\r", "[y/N] ")
    chat.send("y\r", "File created.", "tokens/s", PROMPT)
    check(Path(folder, "hello.txt").read_text() == "Good morning", "a file made on a terminal")
    chat.send("\x04")
    chat.end((0, None), "a chat with tools")


def is_trained():
    return "hello" in pipe("Say hello\n", *GREEDY).stdout.lower()


def main():
    tests = [
        test_pipe, test_mistakes, test_streams, test_terminal, test_typing, test_typed_before, test_shown_again, test_colors,
        test_stopping, test_broken_off, test_plain_terminal]
    if is_trained():
        tests.append(test_tools)
    else:
        print("SKIPPED tools: this model was not trained")
    for test in tests:
        with tempfile.TemporaryDirectory() as folder:
            try:
                test(*[folder][: test.__code__.co_argcount])
            except (pexpect.TIMEOUT, pexpect.EOF):
                pass  # Counted where it was noticed.
    finish()


if __name__ == "__main__":
    main()
