#!/usr/bin/env python3
"""What is shown is inert: escapes in every field of every kind of file reach no terminal, and no text is spoiled.

    swift build -c release --product gptoss
    python Tests/Conformance/inert.py

Each file has characters that drive a terminal, turn the order of text or hide in one of its fields: keys, values and
names of a GGUF file, vocabularies, saved sessions, lines of Harmony, lists of tokens. Whatever a command then writes
for people, on a terminal and in a pipe, has none of them but as `\\u{1B}`. What is data, such as --json and an answer
in a pipe, is exact.
"""

import json
import os
import re
import struct
import subprocess
import tempfile
import unicodedata
from pathlib import Path

import pexpect

from checks import check, finish

ROOT = Path(__file__).resolve().parent.parent.parent
GPTOSS = os.environ.get("GPTOSS", str(ROOT / ".build" / "release" / "gptoss"))
MODEL = ROOT / "Fixtures" / "random-tiny.gguf"

# Clears the screen, sets the title, C1's escape, turns the order, hides: a tag, a byte order mark, a soft hyphen.
HOSTILE = "x\x1b[2J\x1b]0;t\x07\x9b31m\x7f\u202e\u2066\U000e0041\ufeff\u00ad\u200b\u2028y"
SHOWN = r"\u{1B}[2J"
# Scripts and emoji whose own spelling has joiners, and code.
PLAIN = "👨‍👩‍👧‍👦 می‌خواهم क्‍ष שלום e\u0301\n```swift\nif x {\n\tprint(1)\n}\n```"
# What the runner writes on a terminal itself: lines of the editor, colors, the progress bar.
OWN = re.compile("\x1b\\[(\\?2004[hl]|[0-9]*[ABCDHJKm]|[0-9]*m|2J|H)")


def is_hidden(character):
    value = ord(character)
    if character in "\n\t\u200c\u200d":
        return False
    return unicodedata.category(character) in ("Cc", "Cf", "Zl", "Zp") or 0xE0000 <= value <= 0xE007F


def hidden(text):
    return sorted({f"U+{ord(character):04X}" for character in text if is_hidden(character)})


def run(*arguments, text="", **options):
    return subprocess.run(
        [GPTOSS, *map(str, arguments)], input=text, capture_output=True, text=True, timeout=60, encoding="utf-8", **options)


def check_inert(answer, what, words=SHOWN):
    """What a command has written for people has nothing hidden, and shows that there was something."""
    written = answer.stdout + answer.stderr
    check(not hidden(written), f"{what}: {hidden(written)} in {written[:300]!r}")
    check(words in written, f"{what}: {words} is not shown in {written[:300]!r}")
    check(answer.returncode in (0, 1, 64), f"{what}: ended with {answer.returncode}")


# MARK: GGUF


def string(text):
    data = text.encode() if isinstance(text, str) else text
    return struct.pack("<Q", len(data)) + data


def gguf(entries, tensors=()):
    """A file of strings, arrays of strings and tensors of eight floats."""
    data = b"GGUF" + struct.pack("<IQQ", 3, len(tensors), len(entries))
    for key, value in entries:
        data += string(key)
        if isinstance(value, list):
            data += struct.pack("<IIQ", 9, 8, len(value)) + b"".join(map(string, value))
        elif isinstance(value, int):
            data += struct.pack("<II", 4, value)
        else:
            data += struct.pack("<I", 8) + string(value)
    for index, name in enumerate(tensors):
        data += string(name) + struct.pack("<IQIQ", 1, 8, 0, 32 * index)
    data += bytes(-len(data) % 32)
    return data + bytes(32 * len(tensors))


def renamed(old, new):
    """The fixture with another text of the same length in place of one."""
    data = MODEL.read_bytes()
    old, new = old.encode(), new.encode()
    new += b"z" * (len(old) - len(new))
    check(len(new) == len(old) and old in data, f"{old} can be replaced")
    return data.replace(old, new, 1)


def test_gguf(folder):
    base = [("general.architecture", "gpt-oss"), ("general.name", "n")]
    files = {
        "a key": gguf([*base, (HOSTILE, "value")]),
        "a value": gguf([*base, ("k", HOSTILE)]),
        "a list": gguf([*base, ("k", [HOSTILE, "b"])]),
        "a long list": gguf([*base, ("k", [HOSTILE] * 999)]),
        "a tensor's name": gguf(base, [HOSTILE]),
        "a tensor twice": gguf(base, [HOSTILE, HOSTILE]),
        "a key twice": gguf([*base, (HOSTILE, "a"), (HOSTILE, "b")]),
        "the architecture": gguf([("general.architecture", HOSTILE)]),
        "the model's name": gguf([("general.architecture", "gpt-oss"), ("general.name", HOSTILE)]),
        "a value of a wrong type": gguf([*base, ("gpt-oss.block_count", HOSTILE)]),
        "the vocabulary's kind": gguf([*base, ("tokenizer.ggml.model", HOSTILE), ("tokenizer.ggml.tokens", ["a"])]),
        "bytes that are not text": gguf([*base, ("k", b"\xff\xfe\x1b[2J")]),
    }
    for what, data in files.items():
        path = folder / "x.gguf"
        path.write_bytes(data)
        check_inert(run("inspect", path), f"inspect, {what}")
        for command in (["generate", "-p", "x", "-m"], ["tokenize", "-m"], ["inspect", "--tensor", "x", "--block", "0"]):
            answer = run(*command, path, text='"x"\n')
            check(not hidden(answer.stderr), f"{command[0]}, {what}: {hidden(answer.stderr)} in {answer.stderr!r}")
    path = folder / "x.gguf"
    path.write_bytes(files["a value"])
    check(json.loads(run("inspect", path, "--json").stdout)["metadata"]["k"] == HOSTILE, "inspect --json is exact")
    # A name with joiners, in a model that runs.
    odd = folder / f"a{HOSTILE.replace('/', '')}.gguf"
    odd.write_bytes(MODEL.read_bytes())
    check_inert(run("inspect", odd), "inspect, the file's own name")
    check_inert(run("generate", "-m", f"{odd}.none", "-p", "x"), "generate, the file's own name")
    check_inert(run("logits", odd, "--tokens", "1", "-o", odd), "logits, the name of its result")
    check_inert(run("generate", "-p", "x", f"--{HOSTILE}"), "an argument")
    check_inert(run(HOSTILE), "a command")


# MARK: Text


def checksum(data):
    """FNV-1a of 64 bits, as Sources/GPTOSS/Loading/Checksum.swift has it."""
    value = 0xCBF29CE484222325
    for byte in data:
        value = (value ^ byte) * 0x100000001B3 & 0xFFFFFFFFFFFFFFFF
    return f"{value:016x}"


def saved(session):
    body = json.dumps(session, ensure_ascii=False, separators=(",", ":")).encode()
    return f"gptoss-session 1 {checksum(body)}\n".encode() + body


def a_session(folder):
    """A session of the small model, as the chat writes it."""
    path = folder / "plain.session"
    answer = run("chat", "-n", "5", "--temperature", "0", text=f"Hello\n/save {path}\n")
    check(answer.returncode == 0 and path.stat().st_mode & 0o777 == 0o600, f"/save: {answer}")
    head, body = path.read_bytes().split(b"\n", 1)
    check(head.decode().split()[2] == checksum(body), f"the checksum of a session: {head}")
    return json.loads(body)


def test_sessions(folder):
    session = a_session(folder)
    path = folder / "x.session"
    load = lambda **options: run("chat", "--load", path, **options)

    def message(role, text, **fields):
        return {"role": role, "text": text, **fields}

    for what, change in {
        "model's name": {"model": "other", "modelName": HOSTILE},
        "effort": {"reasoningEffort": HOSTILE},
        "overflow": {"overflow": HOSTILE},
        "a role": {"transcript": [message(HOSTILE, "x")]},
        "content": {"transcript": [{"role": "user", "content": '[{"type": "' + "\\u001b[2J" + '"}]'}]},
    }.items():
        path.write_bytes(saved({**session, **change}))
        answer = load()
        check_inert(answer, f"a session's {what}")
        check(answer.returncode == 1 and answer.stderr.count("\n") == 1, f"a session's {what}: {answer}")
    for what, change in {
        "too few turns": {"omittedTurns": -1}, "too many turns": {"omittedTurns": 2**63 - 1}, "turns": {"omittedTurns": 99},
        "a token": {"transcript": [message("user", "x", tokens=[-1])]},
    }.items():
        path.write_bytes(saved({**session, **change}))
        answer = load(text="Hello\n")
        check(answer.returncode == 1 and "is damaged" in answer.stderr, f"a session with {what}: {answer}")
    for version in ("0", "-1", "2", "99999999999999999999", HOSTILE.replace("\n", "")):
        path.write_bytes(saved(session).replace(b"session 1 ", f"session {version} ".encode(), 1))
        answer = load(text="Hello\n")
        check(answer.returncode == 1 and answer.stderr.count("\n") == 1, f"version {version!r} of a session: {answer}")
    # What was said is shown on a terminal.
    path.write_bytes(saved({**session, "transcript": [
        message("user", HOSTILE), message("assistant", HOSTILE, channel="analysis"),
        message("assistant", HOSTILE, channel="commentary", recipient=f"functions.{HOSTILE}", contentType=HOSTILE),
        message("tool", HOSTILE, name=f"functions.{HOSTILE}", recipient="assistant", channel="commentary"),
        message("assistant", HOSTILE, channel="final"), message("user", PLAIN), message("assistant", PLAIN, channel="final"),
    ]}))
    shown = on_a_terminal(folder, "chat", "--load", str(path))
    left = OWN.sub("", shown).replace("\r", "")
    check(not hidden(left), f"a session on a terminal: {hidden(left)} in {left!r}")
    check(left.count(SHOWN) >= 6 and PLAIN in left, f"a session on a terminal: {left!r}")


def on_a_terminal(folder, *arguments):
    """What a command writes up to its first prompt, which Ctrl-D answers."""
    child = pexpect.spawn(
        GPTOSS, list(arguments), env={**os.environ, "TERM": "xterm", "XDG_STATE_HOME": str(folder / "state")},
        encoding="utf-8", timeout=60, dimensions=(50, 400))
    child.expect_exact("User: \x1b[22m\r\x1b[6C")
    written = child.before
    child.send("\x04")
    child.expect(pexpect.EOF)
    child.close()
    check(child.exitstatus == 0, f"{arguments} on a terminal: {child.exitstatus}")
    return written


def test_typed(folder):
    """What is pasted, and what was typed before, is drawn inert too."""
    history = folder / "state" / "gptoss" / "history"
    history.parent.mkdir(parents=True, exist_ok=True)
    history.write_text(f"{HOSTILE}\n")
    child = pexpect.spawn(
        GPTOSS, ["chat"], env={**os.environ, "TERM": "xterm", "XDG_STATE_HOME": str(folder / "state")},
        encoding="utf-8", timeout=60, dimensions=(24, 200))
    child.expect_exact("User: \x1b[22m\r\x1b[6C")
    child.send("\x1b[A")  # Up
    child.expect_exact(r"\u{202E}")
    shown = child.before
    child.send("\x15\x1b[200~a\u202eb\x1b[201~")  # Ctrl-U, and a paste
    child.expect_exact(r"a\u{202E}b")
    left = OWN.sub("", shown + child.before).replace("\r", "")
    check(not hidden(left), f"a line of the history: {hidden(left)} in {left!r}")
    child.send("\x15\x04")
    child.expect(pexpect.EOF)
    child.close()


def test_lines(folder):
    """Lines of Harmony, lists of tokens, vocabularies."""
    bad = json.dumps(HOSTILE, ensure_ascii=True)
    for command, line in [
        ("render", '{"conversation": {"messages": [{"role": %s, "content": "x"}]}}'), ("render", '{"conversation": {"messages": []}, %s: 1}'),
        ("render", '{"conversation": {"messages": []}, "mode": %s}'), ("parse", '{"tokens": [], "role": %s}'),
        ("parse", '{"tokens": [1, %s]}'),
    ]:
        answer = run("harmony", command, text=line % bad)
        check("error" in json.loads(answer.stdout) and not hidden(answer.stdout + answer.stderr), f"harmony {command}, {line}: {answer}")
    path = folder / "x.tokens"
    path.write_text(f"1,{HOSTILE},2")
    check_inert(run("logits", "--tokens", path, "-o", folder / "x.npy"), "a list of tokens")
    check_inert(run("logits", "--tokens", f"1,{HOSTILE}", "-o", folder / "x.npy"), "a list of tokens in the arguments")
    path = folder / "x.tiktoken"
    path.write_text(f"{HOSTILE} 1\n")
    answer = run("tokenize", "--vocabulary", path, text='"x"\n')
    check(answer.returncode == 1 and not hidden(answer.stderr), f"a vocabulary: {answer}")
    for text in (HOSTILE, f'"{HOSTILE}"', '["' + "\\u001b" + '"]'):
        for command in ("tokenize", "detokenize"):
            answer = run(command, text=text)
            check(not hidden(answer.stderr), f"{command} {text!r}: {answer}")
    # Data is exact, whatever is in it.
    there = run("tokenize", text=json.dumps(HOSTILE + PLAIN)).stdout
    check(json.loads(run("detokenize", text=there).stdout) == HOSTILE + PLAIN, "tokens there and back")
    answer = run("chat", text=f"/{HOSTILE}\n")
    check_inert(answer, "a command of the chat")


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        os.environ["XDG_STATE_HOME"] = str(folder / "none")
        for test in (test_gguf, test_sessions, test_lines, test_typed):
            test(folder)
    finish()


if __name__ == "__main__":
    main()
