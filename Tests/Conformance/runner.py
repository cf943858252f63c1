#!/usr/bin/env python3
"""The runner's contract: exit codes, what goes to which stream, files, signals. Needs nothing but Python.

    swift build -c release
    python Tests/Conformance/runner.py

Runs `gptoss` on the small model of Fixtures with right and wrong arguments. A failure (exit code 1) says one
line on standard error and nothing on standard output; arguments that are wrong whatever files, model and input are
exit with 64 and the usage of their command; a reader that goes away is no failure.
"""

import ast
import contextlib
import csv
import hashlib
import json
import os
import pty
import re
import resource
import shutil
import signal
import socket
import struct
import subprocess
import tempfile
import threading
import time
from pathlib import Path

from checks import check, finish

ROOT = Path(__file__).resolve().parent.parent.parent
GPTOSS = os.environ.get("GPTOSS", str(ROOT / ".build" / "release" / "gptoss"))
MODEL = str(ROOT / "Fixtures" / "random-tiny.gguf")
TOKENS = 352


def run(*arguments, text="", **options):
    return subprocess.run([GPTOSS, *arguments], input=text, capture_output=True, text=True, timeout=120, **options)


COMMANDS = (
    "generate chat inspect tokenize detokenize harmony logits perplexity trace explain experts synthesize bench serve "
    "get ls rm import load unload ps"
).split(" ")

# Arguments that are wrong whatever the files hold.
USAGE = [
    "nonsense", "help nonsense", "help harmony nonsense", "harmony nonsense", "generate -p {nothing}", "generate --raw -p {nothing}",
    "inspect {nothing}", "chat --load {nothing}", "tokenize --vocabulary {nothing}", "perplexity --file {nothing}",
    "synthesize --shape tiny --vocabulary {nothing} x", "logits --tokens {nothing} -o x", "logits --tokens [] -o x",
    "logits --tokens 1,a -o x", "logits --tokens 1;2 -o x", "logits --tokens=-1 -o x", "logits --tokens 99999999999999999999 -o x",
    "generate -p x -n -1", "generate -p x -n many", "generate -p x --temperature=-1",
    "generate -p x --temperature nan", "generate -p x --top-k=-1", "generate -p x --top-p 1.5", "generate -p x --min-p=-0.1",
    "generate -p x --repetition-penalty 0", "generate -p x --penalty-window=-1", "generate -p x --threads 0",
    "generate -p x --context 0", "generate -p x -m {nothing}", "generate --raw -p x --reasoning low",
    "generate --raw -p x --hide-reasoning", "generate --raw -p x --reasoning-budget 3",
    "generate -p x --reasoning-budget much", "generate -p x --lookahead on", "generate -p x --cache-dir {nothing}", "inspect {model} -m {model}", "logits {model} -m {model} --tokens 1 -o x.npy",
    "inspect {model} --arrays --tensor output.weight --block 1", "chat --overflow dropOldestTurns",
 "generate -p x --batch 0", "generate -p x --kernels best", "generate -p x --cache int8",
    "generate -p x --weights here", "generate -p x --precision exact", "generate -p x --seed=-1", "generate -p x --reasoning most", "generate -p x --special", "generate -p x extra",
    "inspect {model} --row 1", "inspect {model} --block 1", "inspect {model} --compare q8_0",
    "inspect {model} --tensor output.weight --block=-1", "inspect {model} --tensor output.weight --compare q4_k",
    "inspect {model} --tensor output.weight --compare q8_0 --block 1",
    "trace", "trace -p x", "trace -p x --json --csv", "trace -p {nothing} --json", "trace -p x --file y --json",
    "trace --file x --seed 1 --json", "trace -p x --lens some --json", "trace -p x --json --force", "trace -p x -o -",
    "explain", "explain -p {nothing}", "explain -p x --position 0", "explain -p x --expert 1", "experts",
    "experts --file {nothing}", "experts --file - --compare -",
    "tokenize -m {model} --vocabulary {model}", "logits", "logits {model} --tokens 1 --all --last 2 -o x.npy",
    "logits {model} --tokens 1 --last 0 -o x.npy", "logits {model} --tokens 1 --last 2 -o x.npy", "logits {model} --tokens 1",
    "logits {model} --tokens 1 -o -", "logits {model} --tokens 1 -o {nothing}", "synthesize --shape tiny -",
    "perplexity", "perplexity {model}", "perplexity {model} --file {license} --context 1",
    "synthesize x.gguf", "synthesize --shape 7b x.gguf", "synthesize --shape tiny --types q3_K,q8_0 x.gguf",
    "synthesize --shape tiny --types mxfp4 x.gguf", "synthesize --shape tiny",
    "bench --prefill 0", "bench --depth=-1", "bench --repeats 0",
    "bench -p {nothing}", "bench -p 128,", "bench -p ,128", "bench -p 128,,512", "bench -p 128;512", "bench -p 0,128",
    "bench -p 128,128", "bench -n 0,0", "bench -d 0,0", "bench -d 0,-1", "bench -r 1,2", "bench --json --csv",
    "bench -p 1,2,3,4,5,6,7,8,9 -n 1,2,3,4,5,6,7,8", "bench --card {nothing}", "bench --card -", "bench --force",
    "serve", "serve --port 1234 -m {model}",
]

# Numbers that cannot be, after a space as people write them, and what the message must explain.
NUMBERS = [
    ("generate -p x -n -1", "0 or more"), ("generate -p x --temperature -1", "0 or more"), ("generate -p x --top-k -1", "0 or more"),
    ("generate -p x --top-p -1", "0 to 1"), ("generate -p x --min-p -0.1", "0 to 1"), ("generate -p x --seed -1", "from 0 up to"),
    ("generate -p x --seed 18446744073709551616", "from 0 up to 18446744073709551615"), ("generate -p x -t -1", "1 or more"),
    ("generate -p x -n 1.5", "whole number"), ("generate -p x --reasoning-budget -1", "seconds such as 30s"), ("generate -p x -n 99999999999999999999", "up to 9223372036854775807"),
    ("generate -p x --temperature warm", "a number"), ("generate -p x --temperature --json", "a number"),
    ("generate -p x --repetition-penalty -1", "above 0"), ("generate -p x --penalty-window -1", "0 or more"),
    ("generate -p x --context -1", "1 or more"), ("generate -p x --batch -1", "1 or more"), ("chat -n -1", "1 or more"), ("chat --cache-dir-limit -1", "1 or more"),
    ("logits --tokens 1 --last -1 -o x", "1 or more"), ("inspect --tensor output.weight --block -1", "0 or more"),
    ("bench -p 128,x", "such as 128,512"), ("bench -p 1.5", "whole number"), ("bench -p 0,1", "1 or more"),
    ("bench -n 4,-1", "0 or more"), ("bench --markdown --csv", "Give either --json, --markdown or --csv"), ("bench -d 5,5", "give each number once"),
    ("bench -p -1", "1 or more"), ("bench -n -1", "0 or more"), ("bench -d -1", "0 or more"), ("bench -r -1", "1 or more"),
    ("synthesize --shape tiny --layers -1 x", "1 to "), ("synthesize --shape tiny --seed -1 x", "from 0 up to"),
]

# Arguments that fail, and what the one line must speak of.
FAILURES = [
    ("generate -m {missing} -p x", "/missing.*No such file"),
    ("generate -m {folder} -p x", "it is a folder, not a file; give"),
    ("generate -m {pipe} -p x", "it is a pipe, not a file; give"),
    ("generate -m {socket} -p x", "it is a socket, not a file; give"),
    ("inspect {socket}", "it is a socket, not a file; give"),
    ("inspect /dev/null", "it is a device, not a file; give"),
    ("tokenize --vocabulary {socket}", "it is a socket, not a file; give"),
    ("tokenize --vocabulary {folder}", "it is a folder, not a file; give"),
    ("perplexity --file {socket}", "it is a socket, not a file; check"),
    ("perplexity --file /dev/null", "it is a device, not a file; check"),
    ("logits --tokens {socket} -o {out}", "it is a socket, not a file; check"),
    ("logits --tokens 1 -o {socket}", "is a socket; name a file"),
    ("logits --tokens 1 -o {pipe} --force", "is a pipe; name a file"),
    ("synthesize --shape tiny {pipe} --force", "is a pipe; name a file"),
    ("chat --load {pipe}", "it is a pipe, not a file"),
    ("chat --load {socket}", "it is a socket, not a file"),
    ("generate -m {license} -p x", "not a GGUF file"),
    ("generate -m {empty} -p x", "GGUF"),
    ("generate", "standard input has no prompt"),
    ("generate -p -", "standard input has no prompt"),
    ("inspect {missing}", "No such file"),
    ("inspect {model} --tensor nothing --block 0", "no tensor nothing"),
    ("inspect {model} --tensor output.weight --block 704", "blocks 0 to 703"),
    ("tokenize -m {missing}", "No such file"),
    ("tokenize --vocabulary {missing}", "/missing"),
    ("tokenize --vocabulary {license}", "line 2 "),
    ("logits {model} --tokens 1,352 -o {out}", "352 is outside the vocabulary of 352"),
    ("logits {model} --tokens {empty} -o {out}", "has no token ids; give"),
    ("logits {model} --tokens {one} --last 2 -o {out}", "the list has 1 token; give"),
    ("logits {model} --tokens {license} -o {out}", "where a token id belongs"),
    ("logits {model} --tokens {missing} -o {out}", "No such file"),
    ("logits {model} --tokens nothing -o {out}", "nothing.*No such file"),
    ("logits {model} --tokens 1 -o {empty}", "exists already; --force"),
    ("synthesize --shape tiny {empty}", "exists already; --force"),
    ("logits {model} --tokens 1 -o {model} --force", "what the result is made from"),
    ("logits -m {missing} --tokens 1 -o {folder}", "is a folder; name a file"),
    ("chat --load {missing}", "No such file"),
    ("chat --load {folder}", "it is a folder, not a file"),
    ("chat --load /dev/null", "it is a device, not a file"),
    ("chat --load {empty}", "not a saved session; give"),
    ("logits {model} --tokens 1 -o {missing}/x.npy", "/missing/x.npy"),
    ("logits {model} --tokens 1 -o {folder}", "is a folder; name a file"),
    ("logits {model} --tokens 1,2,3 --context 2 -o {out}", "context"),
    ("perplexity {model} --file {missing}", "No such file"),
    ("perplexity {model} --file {folder}", "it is a folder, not a file; check"),
    ("perplexity {model} --file {model}", "not text"),
    ("perplexity {model} --file {empty}", "fewer than two tokens"),
    ("synthesize --shape tiny {missing}/x.gguf", "/missing/x.gguf"),
    ("synthesize --shape tiny {folder}", "is a folder; name a file"),
    ("synthesize --shape tiny --vocabulary {license} {out}", "line 2 "),
    ("bench -m {missing}", "/missing.*No such file"),
    ("bench -m {model} -p 16 -d 0,99999999", "context"),
    ("bench -m {model} -p 1 -n 9223372036854775807", "context"),
    ("bench --card {empty}", "exists already; --force"),
    ("bench --card {folder}", "is a folder; name a file"),
    ("bench --card {pipe} --force", "is a pipe; name a file"),
    ("bench -m {model} --card {model} --force", "what the result is made from"),
    ("bench --card {missing}/card.md", "/missing/card.md"),
    ("bench -m {model} --context 8 --card {out}", "context"),
]


def test_exit_codes(folder):
    names = {
        "model": MODEL, "license": str(ROOT / "LICENSE"), "folder": folder, "empty": f"{folder}/empty",
        "out": f"{folder}/out", "nothing": "", "one": f"{folder}/one", "missing": f"{folder}/missing",
        "pipe": f"{folder}/pipe", "socket": f"{folder}/socket",
    }
    os.mkfifo(names["pipe"])
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(names["socket"])
    Path(names["empty"]).write_bytes(b"")
    Path(names["one"]).write_text("[1]\n")
    expand = lambda line: [word.format(**names) for word in line.split(" ")]
    for line in USAGE:
        result = run(*expand(line), cwd=folder)
        check(result.returncode == 64 and result.stderr and not result.stdout, f"usage: {line}: {result}")
        words = line.split(" ")
        known = words[0] in COMMANDS and "nonsense" not in words
        check(f"Usage: gptoss {words[0] if known else ''}" in result.stderr or words[0] == "serve", f"usage of {line}: {result.stderr}")
    for line, words in NUMBERS:
        result = run(*expand(line), cwd=folder)
        check(result.returncode == 64 and words in result.stderr and not result.stdout, f"number: {line}: {result}")
        check(re.search(r"--[a-z-]+ is |is invalid for '-|Give either --", result.stderr), f"the option of {line}: {result.stderr}")
        check(not re.search(r"-?\d\.0 ?;|-?\d\.\d{8}", result.stderr), f"the number of {line}: {result.stderr}")
    for line, words in FAILURES:
        result = run(*expand(line), cwd=folder)
        one_line = result.stderr.startswith("gptoss: ") and result.stderr.count("\n") == 1
        check(result.returncode == 1 and one_line and not result.stdout, f"failure: {line}: {result}")
        check(re.search(words, result.stderr), f"failure: {line}: \"{words}\" is not in {result.stderr!r}")
    listener.close()
    check(sorted(os.listdir(folder)) == ["empty", "one", "pipe", "socket"], f"files were left: {os.listdir(folder)}")
    check(Path(names["empty"]).read_bytes() == b"", "a file was replaced")
    for line in ["--help", "generate --help", "help logits"]:
        result = run(*line.split(" "))
        check(result.returncode == 0 and "USAGE" in result.stdout, f"{line}: {result}")


def test_names():
    """A mistyped command is told which one was meant, if one is near; shells complete what may follow a word."""
    for typed, meant in [
        ("generat", "generate"), ("gen", "generate"), ("Chat", "chat"), ("chta", "chat"), ("tokenise", "tokenize"),
        ("help generat", "generate"), ("harmony rendr", "render"), ("help harmony pars", "parse"), ("perplexety -h", "perplexity"),
    ]:
        result = run(*typed.split(" "))
        check(result.returncode == 64 and f"did you mean {meant}?" in result.stderr, f"{typed}: {result}")
    for typed in ("run", "download", "x" * 1000):
        result = run(typed)
        check(result.returncode == 64 and f"the commands are {', '.join(COMMANDS)}." in result.stderr, f"{typed}: {result}")
    script = run("--generate-completion-script", "bash").stdout
    for line, choices in [
        ("gptoss help ge", ["generate", "get"]), ("gptoss help ", COMMANDS), ("gptoss gen", ["generate"]),
        ("gptoss chat --tools calc", ["calculator"]), ("gptoss chat --tools calculator,t", ["calculator,time"]),
        ("gptoss chat --tools calculator,", ["calculator,create_file", "calculator,time"]),
    ]:
        words = line.split(" ")
        answer = subprocess.run(
            ["bash", "-c", f"{script}\nCOMP_WORDS=({' '.join(words[:-1])} '{words[-1]}'); COMP_CWORD={len(words) - 1}; COMP_LINE='{line}'; "
             f"COMP_POINT={len(line)}; _gptoss gptoss '{words[-1]}' '{words[-2]}'; echo \"${{COMPREPLY[@]}}\""],
            capture_output=True, text=True, env={**os.environ, "PATH": f"{Path(GPTOSS).parent}:{os.environ['PATH']}"})
        found = sorted(answer.stdout.split())
        check([word for word in found if not word.startswith("-")] == sorted(choices), f"Tab after {line!r}: {answer}")


def test_context():
    """A context beyond what the model holds is told."""
    for command in (["generate", "-p", "Hello", "-n", "1"], ["bench", "-p", "1", "-n", "1", "-r", "1"]):
        wide = run(*command, "--context", "99999999")
        told = [line for line in wide.stderr.splitlines() if "--context is 99999999, but the model allows" in line]
        check(wide.returncode == 0 and len(told) == 1, f"a wide context: {wide}")
    check("--context" not in run("generate", "-p", "Hello", "--context", "100").stderr, "a context that the model has")


def test_help():
    """What help prints is accepted, and what is accepted is printed."""
    version = run("--version")
    lines = version.stdout.splitlines()
    check(version.returncode == 0 and not version.stderr and len(lines) == 3, f"--version: {version}")
    check(re.fullmatch(r"gptoss \d+\.\d+\.\d+( \(commit [0-9a-f]{40}\))?", lines[0]), f"--version: {lines[0]}")
    check(re.fullmatch(r"Swift 6\.\d.*", lines[1]), f"--version: {lines[1]}")
    environment = {**os.environ, "GPTOSS_CPU": "portable"}
    check(run("--version", env=environment).stdout.endswith("\nkernels portable\n"), "the kernels that are chosen")
    unknown = run("--version", env={**os.environ, "GPTOSS_CPU": "best"})
    check(unknown.returncode == 0 and 'GPTOSS_CPU is "best"' in unknown.stdout, f"unknown kernels: {unknown}")
    # A command that ends without a model, and at once where the value is accepted.
    required = {"synthesize": ["--shape", "tiny", "-"], "logits": ["--tokens", "1", "-o", "-"], "perplexity": ["--file", "-"]}
    commands = json.loads(run("--experimental-dump-help").stdout)["command"]["subcommands"]
    tried = 0
    for command in commands:
        for argument in command.get("arguments", []):
            for value in argument.get("allValues", []):
                name = argument["preferredName"]["name"]
                tried += 1
                result = run(command["commandName"], *required.get(command["commandName"], []), f"--{name}", value, "--batch", "0")
                check("is invalid" not in result.stderr, f"{command['commandName']} --{name} {value}: {result}")
    check(tried > 30, f"{tried} values in the help")
    for overflow in ("stop", "drop-oldest", "drop-middle"):
        result = run("chat", "--overflow", overflow)
        check(result.returncode == 0 and overflow in run("chat", "--help").stdout, f"--overflow {overflow}: {result}")
    for option, value in (("max-tokens", 1024), ("batch", 256), ("repetition-penalty", 1)):
        words = " ".join(run("generate", "--help").stdout.split())
        check(re.search(rf"--{option} <{option}> [^(]*\(default: {value}\)", words), f"generate --help: {option} is {value}")
    for shell in ("bash", "zsh", "fish"):
        script = run("--generate-completion-script", shell)
        check(script.returncode == 0 and "gptoss" in script.stdout, f"completions for {shell}")


def test_default_model(folder):
    """Without a model, the small one; `-m` and the first argument are the same."""
    check(json.loads(run("inspect", "--json").stdout)["runs"], "inspect of the small model")
    check(run("inspect", "-m", MODEL).stdout == run("inspect", MODEL).stdout, "inspect -m")
    for model in ([], ["-m", MODEL], [MODEL]):
        path = f"{folder}/{len(model)}{model[:1] == [MODEL]}.npy"
        result = run("logits", *model, "--tokens", "1,2", "-o", path)
        check(result.returncode == 0 and Path(path).exists(), f"logits {model}: {result}")
        score = run("perplexity", *model, "--file", str(ROOT / "LICENSE"), "--json")
        check(score.returncode == 0 and json.loads(score.stdout)["tokens"] > 1000, f"perplexity {model}: {score}")


def test_overwriting(folder):
    """A file is replaced with --force alone."""
    for arguments in (["logits", MODEL, "--tokens", "1,2", "-o"], ["synthesize", "--shape", "tiny"]):
        path = Path(folder, arguments[0])
        check(run(*arguments, str(path)).returncode == 0 and path.exists(), f"{arguments} writes")
        written = path.read_bytes()
        path.write_bytes(b"kept")
        result = run(*arguments, str(path))
        check(result.returncode == 1 and path.read_bytes() == b"kept", f"{arguments} replaces nothing: {result}")
        check(run(*arguments, str(path), "--force").returncode == 0, f"{arguments} --force")
        check(path.read_bytes() == written, f"{arguments} --force replaces")
    check(sorted(os.listdir(folder)) == ["logits", "synthesize"], f"files were left: {os.listdir(folder)}")


def test_special_files(folder):
    """A named pipe is read like a file once somebody writes, and waiting for that can be ended."""
    pipe = f"{folder}/pipe"
    os.mkfifo(pipe)
    reader = subprocess.Popen([GPTOSS, "perplexity", "--file", pipe, "--json"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    time.sleep(0.5)
    Path(pipe).write_text((ROOT / "LICENSE").read_text())
    said, beside = reader.communicate(timeout=60)
    check(reader.returncode == 0 and json.loads(said)["tokens"] > 1000, f"a named pipe: {reader.returncode} {beside}")
    waiting = subprocess.Popen([GPTOSS, "perplexity", "--file", pipe], stderr=subprocess.PIPE)
    time.sleep(0.5)
    waiting.terminate()
    check(waiting.wait(timeout=10) == 143, f"SIGTERM while a pipe has no writer: {waiting.returncode}")


def test_parts(folder):
    """The number of parts in a name is not believed, and a later part cannot contradict the first."""
    def part(number, count, entries, tensors=0):
        values = [("split.no", 4, struct.pack("<I", number)), ("split.count", 4, struct.pack("<I", count)),
                  ("split.tensors.count", 4, struct.pack("<I", tensors)), *entries]
        data = b"GGUF" + struct.pack("<IQQ", 3, 0, len(values))
        for key, kind, value in values:
            data += struct.pack("<Q", len(key)) + key.encode() + struct.pack("<I", kind) + value
        return data

    def text(value):
        return struct.pack("<Q", len(value)) + value.encode()

    many = 2**31 - 1
    path = Path(folder, f"x-00002-of-{many}.gguf")
    path.write_bytes(part(1, many, []))
    limit = lambda: resource.setrlimit(resource.RLIMIT_AS, (2 << 30, 2 << 30))
    start = time.monotonic()
    result = run("inspect", str(path), preexec_fn=limit)
    check(result.returncode == 1 and f"part 1 of {many} is missing" in result.stderr, f"a part of very many: {result}")
    check(time.monotonic() - start < 5, "a part of very many is refused at once")
    for value, code in (("gpt-oss", 0), ("other", 1)):
        for number in range(2):
            name = Path(folder, f"y-0000{number + 1}-of-00002.gguf")
            architecture = ("gpt-oss", value)[number]
            name.write_bytes(part(number, 2, [("general.architecture", 8, text(architecture))]))
        result = run("inspect", str(name))
        told = "y-00002-of-00002.gguf" in result.stderr and "general.architecture" in result.stderr and "first part" in result.stderr
        check(result.returncode == code and told == bool(code), f"a later part whose architecture is {value}: {result}")


def test_leftovers(folder):
    """What a killed writer leaves is removed by the next; what is being written, and anything else, stays."""
    path = Path(folder, "x.gguf")
    others = ["x.gguf.partial", "x.gguf.12345678.partial.txt", "y.gguf.12345678.partial", "x.gguf.backup"]
    for name in others:
        Path(folder, name).write_text("the user's\n")
    large = ["synthesize", "--shape", "small", str(path), "--force"]
    killed = subprocess.Popen([GPTOSS, *large])
    deadline = time.monotonic() + 30
    partial = lambda: sorted(name for name in os.listdir(folder) if re.fullmatch(r"x\.gguf\.[0-9a-f]{8}\.partial", name))
    while len(partial()) < 1 and killed.poll() is None and time.monotonic() < deadline:
        time.sleep(0.005)
    # Stopped, it is still at work.
    killed.send_signal(signal.SIGSTOP)
    time.sleep(0.05)
    found = partial()
    if killed.poll() is None and found:
        check(run("synthesize", "--shape", "tiny", str(path), "--force").returncode == 0, "a second writer")
        check(partial() == found, f"the file of a writer at work was removed: {partial()}")
    killed.kill()
    killed.wait()
    check(run("synthesize", "--shape", "tiny", str(path), "--force").returncode == 0, "a writer after a killed one")
    check(not partial(), f"leftovers: {partial()}")
    check(sorted(os.listdir(folder)) == sorted([*others, "x.gguf"]), f"files: {os.listdir(folder)}")


def test_truncated(folder):
    """A mapped file that is truncated meanwhile: one line, exit code 1."""
    path = Path(folder, "x.gguf")
    shutil.copy(MODEL, path)
    chat = subprocess.Popen(
        [GPTOSS, "chat", "-m", str(path), "--weights", "mapped", "-n", "3"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    chat.stdin.write(b"Hello\n")
    chat.stdin.flush()
    # The line that says that the answer was cut: the model has been read, and is used.
    first = chat.stderr.readline()
    os.truncate(path, 4096)
    said, beside = chat.communicate(b"Hello\n", timeout=60)
    check(b"limit of 3 tokens" in first, f"an answer before: {first}")
    check(chat.returncode == 1 and beside.count(b"\n") == 1 and b"truncated" in beside, f"a truncated file: {chat.returncode} {beside}")


def test_little_memory():
    """A small address space is one line, and neither a crash nor waiting for ever."""
    for mebibytes in (150, 200, 250, 300, 400, 500):
        size = mebibytes << 20
        limit = lambda: resource.setrlimit(resource.RLIMIT_AS, (size, size))
        for arguments in (["generate", "-p", "Hello", "-n", "3"], ["--version"]):
            start = time.monotonic()
            result = run(*arguments, preexec_fn=limit)
            one_line = result.stderr.startswith("gptoss: ") and result.stderr.count("\n") == 1
            check(result.returncode == 1 and one_line and "ulimit -v" in result.stderr, f"{arguments} in {mebibytes} MiB: {result}")
            check(time.monotonic() - start < 10, f"{arguments} in {mebibytes} MiB takes {time.monotonic() - start:.0f} s")
    check(run("generate", "-p", "Hello", "-n", "3", preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (8 << 30, 8 << 30))).returncode == 0,
          "8 GiB of addresses")


def test_lines():
    texts = ["Hello", "", "two\nlines", "\u2028\u0085\u0000", "naïve 🙂", "<|start|>", "a" * 100_000]
    lines = "".join(json.dumps(text, ensure_ascii=i % 2 == 0) + "\n" for i, text in enumerate(texts))
    for flags, first in [((), None), (("--special",), 1)]:
        result = run("tokenize", *flags, text="\n" + lines.removesuffix("\n"))
        tokens = [json.loads(line) for line in result.stdout.split("\n")[:-1]]
        check(result.returncode == 0 and len(tokens) == len(texts), f"tokenize {flags}: {result.stderr}")
        check(first is None or len(tokens[5]) == first, f"tokenize {flags}: {tokens[5]}")
        back = run("detokenize", text=result.stdout).stdout.split("\n")[:-1]
        check([json.loads(line) for line in back] == texts, f"detokenize of tokenize {flags}")
    for command, line in [
        ("render", '{"conversation": {"messages": []}, "modus": "training"}'), ("parse", '{"tokens": [], "rolle": "user"}')]:
        answer = json.loads(run("harmony", command, text=line).stdout)
        check("mod" in answer["error"] or "roll" in answer["error"], f"harmony {command} {line}: {answer}")
    for line in ['"\\ud800"', "hello", "[1]", '"a" "b"', '"open']:
        result = run("tokenize", text='"x"\n' + line)
        check(result.returncode == 1 and "line 2" in result.stderr, f"tokenize {line}: {result}")
    for line in ['"a"', "[1.5]", '["1"]', "[2048]", "[-1]", "[1"]:
        result = run("detokenize", text=line)
        check(result.returncode == 1 and "line 1" in result.stderr, f"detokenize {line}: {result}")
    check(json.loads(run("detokenize", text="[240,159]").stdout) == "\ufffd", "half a character")


def test_generate():
    arguments = ["generate", "--raw", "-n", "3", "--temperature", "1.5", "--seed", "5"]
    prompt = "MXFP4 is a 4-bit format for"
    first, second = run(*arguments, "-p", prompt), run(*arguments, "-p", "-", text=prompt)
    check(first.returncode == 0 and first.stdout and first.stdout == second.stdout, "the same seed, the same text")
    check(first.stderr.count("\n") == 1 and "limit of 3 tokens" in first.stderr, f"a pipe gets no progress: {first.stderr!r}")
    other = run(*arguments[:-1], "6", "-p", "Hello")
    check(other.stdout != first.stdout, "another seed, another text")
    for raw in ([], ["--raw"]):
        answers = [
            json.loads(run("generate", "-p", "Hi", "-n", "9", "--temperature", "0", "--json", *raw, *extra).stdout)
            for extra in ([], ["--threads", "1"], ["--batch", "3"], ["--top-k", "7", "--seed", "1"], ["--lookahead", "off"])
        ]
        keys = {"text", "reasoning", "tokens", "prompt_tokens", "stop_reason", "statistics"}
        check(all(set(answer) == keys for answer in answers), f"keys: {answers[0]}")
        check(len({str(answer["tokens"]) for answer in answers}) == 1, "threads, batches and lookahead change nothing")
        figures = answers[-1]["statistics"]
        check(figures["drafted_tokens"] == figures["accepted_tokens"] == 0, f"lookahead is off: {figures}")
        check(not raw or figures["passes"] == len(answers[-1]["tokens"]), f"a pass for each token: {figures}")
        check(0 < len(answers[0]["tokens"]) <= 9, "at most -n tokens")
    full = json.loads(run("generate", "--raw", "-p", "abcd", "--context", "6", "--json", "--temperature", "0").stdout)
    check(full["stop_reason"] == "context" or len(full["tokens"]) < 3, f"a full context: {full}")
    check(run("generate", "--raw", "-p", "x", "-n", "0").stdout == "", "no tokens")
    minus = json.loads(run("generate", "--raw", "-p", "-1 + 1", "-n", "1", "--json").stdout)
    check(minus["prompt_tokens"] > 2, f"a prompt that begins like an option: {minus}")


def test_stopping():
    """Why an answer stopped is said in one line, unless the model ended it; the exit code is 0."""
    loop = ["--repetition-penalty", "0.0001", "--temperature", "0"]
    for reason, words, arguments in [
        ("stop", None, ["-p", "Hello"]), ("length", "limit of 5 tokens", ["-p", "What is MXFP4?", "-n", "5"]),
        ("context", "context of 100 tokens", ["-p", "Hello", "--context", "100", "-n", "500", *loop, "--raw"]),
        ("repetition", "repeated itself", ["-p", "Hello", "-n", "5000", *loop, "--raw"]),
        ("repetition", "repeated itself", ["-p", "Hello", "-n", "5000", *loop]),
    ]:
        for form in ([], ["--json"]):
            result = run("generate", *arguments, *form)
            lines = result.stderr.splitlines()
            said = [line for line in lines if line.startswith("gptoss: ")]
            check(result.returncode == 0 and len(said) == (1 if words else 0), f"{reason} {form}: {result}")
            check(not words or (words in said[0] and lines[-1] == said[0]), f"{reason} {form}: {lines[-3:]}")
            check(not form or json.loads(result.stdout)["stop_reason"] == reason, f"{reason}: {result.stdout[-300:]}")


def read_numpy(path):
    data = Path(path).read_bytes()
    check(data[:8] == b"\x93NUMPY\x01\x00", "the magic of .npy")
    length = struct.unpack("<H", data[8:10])[0]
    header = ast.literal_eval(data[10:10 + length].decode())
    check((10 + length) % 64 == 0 and header["descr"] == "<f4" and not header["fortran_order"], f"{header}")
    rows, columns = header["shape"]
    check(len(data) == 10 + length + 4 * rows * columns, "the size of .npy")
    row = 4 * columns
    return [data[10 + length + i * row:10 + length + (i + 1) * row] for i in range(rows)]


def test_logits(folder):
    tokens = ",".join(str(i * 7 % TOKENS) for i in range(40))
    Path(f"{folder}/tokens").write_text(tokens.replace(",", "\n"))
    def logits(*arguments, text=""):
        result = run("logits", MODEL, "--force", "--output", f"{folder}/x.npy", *arguments, text=text)
        check(result.returncode == 0 and not result.stdout and not result.stderr, f"logits {arguments}: {result}")
        return read_numpy(f"{folder}/x.npy")
    everything = logits("--tokens", tokens, "--all")
    check(len(everything) == 40 and len(everything[0]) == 4 * TOKENS, "the shape of logits --all")
    check(logits("--tokens", tokens) == everything[-1:], "the last position alone")
    check(logits("--tokens", f"{folder}/tokens", "--last", "3") == everything[-3:], "--last, tokens from a file")
    check(logits("--tokens", "-", "--last", "40", text=f"[{tokens}]\n") == everything, "tokens from standard input")
    for kernels in ("reference", "portable"):
        whole = logits("--tokens", tokens, "--all", "--kernels", kernels)
        for batch in ("1", "7", "64"):
            pieces = logits("--tokens", tokens, "--all", "--kernels", kernels, "--batch", batch)
            check(pieces == whole, f"{kernels} in batches of {batch}, bit for bit")


def test_reports():
    report = json.loads(run("inspect", MODEL, "--json").stdout)
    check(set(report) == {"path", "version", "metadata", "tensors", "runs", "problem"}, f"inspect: {list(report)}")
    check(report["runs"] is True and report["problem"] is None, "the fixture runs")
    check(len(report["tensors"]) == 41 and report["metadata"]["gpt-oss.block_count"] == 2, "inspect --json")
    check("will run" in run("inspect", MODEL).stdout, "inspect for people")
    block = json.loads(run("inspect", MODEL, "--json", "--tensor", "output.weight", "--block", "703").stdout)
    check(len(block["weights"]) == 32, "a block")
    whole = next(one for one in report["tensors"] if one["name"] == "output.weight")
    check(block["tensor_offset"] == whole["offset"] and block["part"] == whole["part"], f"the tensor's place: {block}")
    with open(MODEL, "rb") as file:
        file.seek(block["offset"])
        check(file.read(len(block["bytes"]) // 2).hex() == block["bytes"], "the block's bytes stand where it says")
    shown = run("inspect", MODEL, "--tensor", "output.weight", "--block", "703").stdout
    check(f"from byte {block['offset']} of {MODEL}" in shown, f"the place for people: {shown[:200]}")
    tensor = json.loads(run("inspect", MODEL, "--json", "--tensor", "output.weight").stdout)
    check([tensor[key] for key in ("offset", "bytes", "part")] == [whole[key] for key in ("offset", "bytes", "part")], f"{tensor}")
    score = json.loads(run("perplexity", MODEL, "--file", str(ROOT / "LICENSE"), "--json").stdout)
    check(score["perplexity"] > 1 and score["error"] > 0 and score["tokens"] > 1000, f"perplexity: {score}")


SPEEDS = [
    "model", "threads", "kernels", "weights", "prefill", "decode", "bytes_per_token", "stream_bytes_per_second",
    "bandwidth_share", "multiply_adds_per_second", "arithmetic_share", "load_seconds", "peak_memory_bytes",
]


def bench(*arguments):
    result = run("bench", *arguments)
    check(result.returncode == 0 and not result.stderr, f"bench {arguments}: {result}")
    return result.stdout


def test_bench(folder):
    """One combination is an object as it always was; several are runs, in JSON, CSV and Markdown; a card replaces
    nothing."""
    small = ["-p", "16", "-n", "4", "-r", "2"]
    speed = json.loads(bench(*small, "--json"))
    check(list(speed) == SPEEDS, f"bench: {list(speed)}")
    check(list(speed["prefill"]) == ["tokens", "tokens_per_second"], f"prefill: {speed['prefill']}")
    check(list(speed["decode"]) == ["tokens", "depth", "tokens_per_second"], f"decode: {speed['decode']}")
    check(len(speed["prefill"]["tokens_per_second"]) == len(speed["decode"]["tokens_per_second"]) == 2, "repeats")
    check((speed["prefill"]["tokens"], speed["decode"]["tokens"], speed["decode"]["depth"]) == (16, 4, 0), f"{speed}")
    median = sum(speed["decode"]["tokens_per_second"]) / 2
    share = median * speed["bytes_per_token"] / speed["stream_bytes_per_second"]
    check(abs(speed["bandwidth_share"] / share - 1) < 1e-9, f"the bandwidth's share is {share}: {speed}")
    check(speed["multiply_adds_per_second"] > 1e7, f"the arithmetic's peak: {speed}")
    check(list(speed["arithmetic_share"]) == ["prefill", "decode"], f"{speed['arithmetic_share']}")
    check(all(share > 0 for share in speed["arithmetic_share"].values()), f"{speed['arithmetic_share']}")
    text = bench(*small)
    check("bounds met       prefill " in text and "; decode " in text, f"bench for people: {text}")
    alone = json.loads(bench("-p", "16", "-n", "0", "-r", "1", "--json"))
    check(list(alone) == SPEEDS and alone["decode"] == {"tokens": 0, "depth": 0, "tokens_per_second": []}, f"{alone}")
    check("decode           left out" in bench("-p", "16", "-n", "0", "-r", "1"), "prefill alone, for people")

    several = ["-p", "8,16", "-n", "0,4", "-d", "0,32", "-r", "1"]
    runs = json.loads(bench(*several, "--json"))
    check(list(runs) == ["runs"] and len(runs["runs"]) == 8, f"several: {runs}")
    for run_ in runs["runs"]:
        check(list(run_) == SPEEDS, f"a run: {list(run_)}")
        check(len(run_["decode"]["tokens_per_second"]) == (run_["decode"]["tokens"] > 0), f"a run: {run_}")
        check((run_["bandwidth_share"] is None) == (run_["decode"]["tokens"] == 0), f"a run: {run_}")
    numbers = [(r["decode"]["depth"], r["prefill"]["tokens"], r["decode"]["tokens"]) for r in runs["runs"]]
    check(numbers == [(d, p, n) for d in (0, 32) for p in (8, 16) for n in (0, 4)], f"the order: {numbers}")
    rows = list(csv.DictReader(bench(*several, "--csv").splitlines()))
    check(len(rows) == 8 and all(None not in row and None not in row.values() for row in rows), f"CSV: {rows}")
    check([(int(r["depth"]), int(r["prefill_tokens"]), int(r["decode_tokens"])) for r in rows] == numbers, f"CSV: {rows}")
    check(all(float(row["prefill_tokens_per_second"]) > 0 for row in rows), f"CSV: {rows}")
    for arguments in (several, [*several, "--markdown"], [*small, "--markdown"]):
        table = [line for line in bench(*arguments).splitlines() if line.startswith("|")]
        check(len(table) == (10 if arguments[:4] == several[:4] else 3), f"Markdown: {table}")
        check(len({line.count("|") for line in table}) == 1, f"Markdown: {table}")

    card = Path(folder, "card.md")
    model = ["-m", MODEL, *small]
    object_ = json.loads(bench(*model, "--json", "--card", str(card)))
    text = card.read_text()
    digest = hashlib.sha256(Path(MODEL).read_bytes()).hexdigest()
    for words in ("- Machine: ", f"sha256:{digest}", f"--card {card}", "nats in the mean", "| of bandwidth |"):
        check(words in text, f"the card lacks {words}: {text}")
    check(json.loads(re.search(r"```json\n(.*)\n```", text)[1]) == object_, f"the card's object: {text}")
    again = run("bench", *model, "--card", str(card))
    check(again.returncode == 1 and "--force" in again.stderr and card.read_text() == text, f"a card is replaced: {again}")
    bench(*model, "--card", str(card), "--force")
    check(card.read_text() != text and os.listdir(folder) == ["card.md"], f"--force: {os.listdir(folder)}")


def test_bench_stopped(folder):
    """Ctrl-C prints what was measured, and leaves no card."""
    for arguments in (["-p", "16", "-n", "4"], ["-p", "16,32", "-n", "4", "-d", "0,16"]):
        process = subprocess.Popen(
            [GPTOSS, "bench", *arguments, "-r", "1000000", "--json", "--card", f"{folder}/card.md"],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler))
        time.sleep(6)
        process.send_signal(signal.SIGINT)
        said, beside = process.communicate(timeout=30)
        check(process.returncode == 130, f"bench after Ctrl-C: {process.returncode} {beside}")
        value = json.loads(said)
        runs = value["runs"] if "," in arguments[1] else [value]
        check(list(runs[0]) == SPEEDS and runs[0]["prefill"]["tokens_per_second"], f"what was measured: {said}")
        complete = len(runs) == (4 if "," in arguments[1] else 1) and all(
            run_[stage]["tokens_per_second"] for run_ in runs for stage in ("prefill", "decode"))
        check((runs[0]["stream_bytes_per_second"] is not None) == complete, f"bounds of each whole repeat: {said}")
        check("no card was written" in beside and not os.listdir(folder), f"the card: {beside} {os.listdir(folder)}")


def test_bench_terminal():
    """The bar is drawn on the terminal alone, and taken away."""
    leader, follower = pty.openpty()
    process = subprocess.Popen(
        [GPTOSS, "bench", "-p", "256", "-n", "64", "-r", "10", "--json"], stdout=subprocess.PIPE, stderr=follower,
        text=True, env={**os.environ, "TERM": "xterm"})
    os.close(follower)
    drawn = []

    def read():
        # At the end Linux reports an error.
        with contextlib.suppress(OSError):
            while piece := os.read(leader, 65536):
                drawn.append(piece)

    reader = threading.Thread(target=read)
    reader.start()
    said = process.communicate(timeout=120)[0]
    reader.join(timeout=10)
    os.close(leader)
    bar = b"".join(drawn)
    check(process.returncode == 0 and list(json.loads(said)) == SPEEDS, f"bench on a terminal: {said}")
    check(not bar or bar.endswith(b"\r\x1b[K"), f"the bar stays: {bar[-100:]}")
    check(b"measuring" not in bar or b" of 256" in bar or b" of 64" in bar, f"what is measured: {bar[-300:]}")


def test_streams(folder):
    for arguments in (["inspect", MODEL], ["generate", "--raw", "-p", "x", "-n", "50"]):
        with open("/dev/full", "w") as full:
            result = subprocess.run([GPTOSS, *arguments], stdout=full, stderr=subprocess.PIPE, text=True, timeout=60)
        check(result.returncode == 1 and "No space left" in result.stderr, f"a full disk: {result}")
        closed = subprocess.run(f"'{GPTOSS}' {' '.join(arguments)} >&-", shell=True, capture_output=True, text=True)
        check(closed.returncode == 1 and closed.stderr.count("\n") == 1, f"closed standard output: {closed}")
        gone = subprocess.run(
            ["bash", "-c", f"'{GPTOSS}' {' '.join(arguments)} | head -c 1 >/dev/null; exit ${{PIPESTATUS[0]}}"],
            capture_output=True, text=True, timeout=60)
        check(gone.returncode == 0 and gone.stderr == "", f"a reader that goes away: {gone}")
    for number, arguments in [
        (signal.SIGINT, ["tokenize"]), (signal.SIGTERM, ["generate", "-p", "-"]),
        (signal.SIGINT, ["synthesize", "--shape", "20b", f"{folder}/large.gguf"]),
    ]:
        process = subprocess.Popen(
            [GPTOSS, *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler))
        time.sleep(1)
        process.send_signal(number)
        code = process.wait(timeout=30)
        words = process.stderr.read()
        # A disk too small for the model ends that command before the signal does.
        check(code == 128 + number or b"free" in words, f"{arguments} after {number!r}: {code} {words}")
    check(not [name for name in os.listdir(folder) if name.startswith("large")], "what is half written is removed")


def main():
    with tempfile.TemporaryDirectory() as folder:
        test_exit_codes(folder)
    test_names()
    test_context()
    test_help()
    test_little_memory()
    for test in (test_default_model, test_overwriting, test_special_files, test_parts, test_leftovers, test_truncated):
        with tempfile.TemporaryDirectory() as folder:
            test(folder)
    with tempfile.TemporaryDirectory() as folder:
        test_lines()
        test_generate()
        test_stopping()
        test_logits(folder)
        test_reports()
        test_streams(folder)
    for test in (test_bench, test_bench_stopped):
        with tempfile.TemporaryDirectory() as folder:
            test(folder)
    test_bench_terminal()
    finish()


if __name__ == "__main__":
    main()
