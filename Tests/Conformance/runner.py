#!/usr/bin/env python3
"""The runner's contract: exit codes, what goes to which stream, files, signals. Needs nothing but Python.

    swift build -c release
    python Tests/Conformance/runner.py

Runs `gptoss` on the small model of Fixtures with right and wrong arguments. A failure (exit code 1) says one
line on standard error and nothing on standard output; wrong usage is 64; a reader that goes away is no failure.
"""

import ast
import json
import os
import re
import signal
import struct
import subprocess
import tempfile
import time
from pathlib import Path

from checks import check, finish

ROOT = Path(__file__).resolve().parent.parent.parent
GPTOSS = os.environ.get("GPTOSS", str(ROOT / ".build" / "release" / "gptoss"))
MODEL = str(ROOT / "Fixtures" / "random-tiny.gguf")
TOKENS = 352


def run(*arguments, text="", **options):
    return subprocess.run([GPTOSS, *arguments], input=text, capture_output=True, text=True, timeout=120, **options)


# Arguments that are wrong whatever the files hold.
USAGE = [
    "nonsense", "generate -p x -n -1", "generate -p x -n many", "generate -p x --temperature=-1",
    "generate -p x --temperature nan", "generate -p x --top-k=-1", "generate -p x --top-p 1.5", "generate -p x --min-p=-0.1",
    "generate -p x --repetition-penalty 0", "generate -p x --penalty-window=-1", "generate -p x --threads 0",
    "generate -p x --context 0", "generate -p x --batch 0", "generate -p x --kernels best", "generate -p x --cache int8",
    "generate -p x --weights here", "generate -p x --precision exact", "generate -p x --seed=-1", "generate -p x --reasoning most", "generate -p x --special", "generate -p x extra",
    "inspect", "inspect {model} --tensor output.weight", "inspect {model} --block 1",
    "inspect {model} --tensor output.weight --block=-1",
    "tokenize -m {model} --vocabulary {model}", "logits", "logits {model} --tokens 1 --all --last 2 -o x.npy",
    "logits {model} --tokens 1 --last 0 -o x.npy", "logits {model} --tokens 1 --last 2 -o x.npy", "logits {model} --tokens 1",
    "perplexity {model}", "perplexity {model} --file {license} --context 1",
    "synthesize x.gguf", "synthesize --shape 7b x.gguf", "synthesize --shape tiny --types q4_K,q8_0 x.gguf",
    "synthesize --shape tiny --types mxfp4 x.gguf", "synthesize --shape tiny",
    "bench --prefill 0", "bench --decode 0", "bench --depth=-1", "bench --repeats 0",
    "serve", "serve --port 1234 -m {model}",
]

# Arguments that fail, and what the one line must speak of.
FAILURES = [
    ("generate -m /nonexistent -p x", "/nonexistent.*No such file"),
    ("generate -m {folder} -p x", "not a regular file"),
    ("generate -m {license} -p x", "not a GGUF file"),
    ("generate -m {empty} -p x", "GGUF"),
    ("generate --raw -p {nothing}", "prompt is empty"),
    ("inspect /nonexistent", "No such file"),
    ("inspect {model} --tensor nothing --block 0", "no tensor nothing"),
    ("inspect {model} --tensor output.weight --block 704", "blocks 0 to 703"),
    ("tokenize -m /nonexistent", "No such file"),
    ("tokenize --vocabulary /nonexistent", "/nonexistent"),
    ("tokenize --vocabulary {license}", "line 2 "),
    ("logits {model} --tokens 1,352 -o {out}", "352 is outside the vocabulary of 352"),
    ("logits {model} --tokens=-1 -o {out}", "-1 is outside"),
    ("logits {model} --tokens 99999999999999999999 -o {out}", "99999999999999999999"),
    ("logits {model} --tokens {license} -o {out}", "where a token id belongs"),
    ("logits {model} --tokens /nonexistent -o {out}", "No such file"),
    ("logits {model} --tokens 1 -o /nonexistent/x.npy", "/nonexistent/x.npy"),
    ("logits {model} --tokens 1 -o {folder}", "not a regular file"),
    ("logits {model} --tokens 1,2,3 --context 2 -o {out}", "context"),
    ("perplexity {model} --file /nonexistent", "No such file"),
    ("perplexity {model} --file {folder}", "directory"),
    ("perplexity {model} --file {model}", "not text"),
    ("perplexity {model} --file {empty}", "fewer than two tokens"),
    ("synthesize --shape tiny /nonexistent/x.gguf", "/nonexistent/x.gguf"),
    ("synthesize --shape tiny {folder}", "not a regular file"),
    ("synthesize --shape tiny --vocabulary {license} {out}", "line 2 "),
]


def test_exit_codes(folder):
    names = {
        "model": MODEL, "license": str(ROOT / "LICENSE"), "folder": folder, "empty": f"{folder}/empty",
        "out": f"{folder}/out", "nothing": "",
    }
    Path(names["empty"]).write_bytes(b"")
    expand = lambda line: [word.format(**names) for word in line.split(" ")]
    for line in USAGE:
        result = run(*expand(line), cwd=folder)
        check(result.returncode == 64 and result.stderr and not result.stdout, f"usage: {line}: {result}")
    for line, words in FAILURES:
        result = run(*expand(line), cwd=folder)
        one_line = result.stderr.startswith("gptoss: ") and result.stderr.count("\n") == 1
        check(result.returncode == 1 and one_line and not result.stdout, f"failure: {line}: {result}")
        check(re.search(words, result.stderr), f"failure: {line}: \"{words}\" is not in {result.stderr!r}")
    check(sorted(os.listdir(folder)) == ["empty"], f"files were left: {os.listdir(folder)}")
    for line in ["--help", "generate --help", "help logits"]:
        result = run(*line.split(" "))
        check(result.returncode == 0 and "USAGE" in result.stdout, f"{line}: {result}")


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
    for line in ['"\\ud800"', "hello", "[1]", '"a" "b"', '"open']:
        result = run("tokenize", text='"x"\n' + line)
        check(result.returncode == 1 and "line 2" in result.stderr, f"tokenize {line}: {result}")
    for line in ['"a"', "[1.5]", '["1"]', "[2048]", "[-1]", "[1"]:
        result = run("detokenize", text=line)
        check(result.returncode == 1 and "line 1" in result.stderr, f"detokenize {line}: {result}")
    check(json.loads(run("detokenize", text="[240,159]").stdout) == "\ufffd", "half a character")


def test_generate():
    arguments = ["generate", "--raw", "-n", "12", "--temperature", "1", "--seed", "5"]
    first, second = run(*arguments, "-p", "Hello"), run(*arguments, "-p", "-", text="Hello")
    check(first.returncode == 0 and first.stdout and first.stdout == second.stdout, "the same seed, the same text")
    check(first.stderr == "", f"a pipe gets no progress: {first.stderr!r}")
    other = run(*arguments[:-1], "6", "-p", "Hello")
    check(other.stdout != first.stdout, "another seed, another text")
    for raw in ([], ["--raw"]):
        answers = [
            json.loads(run("generate", "-p", "Hi", "-n", "9", "--temperature", "0", "--json", *raw, *extra).stdout)
            for extra in ([], ["--threads", "1"], ["--batch", "3"], ["--top-k", "7", "--seed", "1"])
        ]
        keys = {"text", "reasoning", "tokens", "prompt_tokens", "stop_reason", "statistics"}
        check(all(set(answer) == keys for answer in answers), f"keys: {answers[0]}")
        check(len({str(answer["tokens"]) for answer in answers}) == 1, "threads and batches change nothing")
        check(0 < len(answers[0]["tokens"]) <= 9, "at most -n tokens")
    full = json.loads(run("generate", "--raw", "-p", "abcd", "--context", "6", "--json", "--temperature", "0").stdout)
    check(full["stop_reason"] == "context" or len(full["tokens"]) < 3, f"a full context: {full}")
    check(run("generate", "--raw", "-p", "x", "-n", "0").stdout == "", "no tokens")


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
        result = run("logits", MODEL, "--output", f"{folder}/x.npy", *arguments, text=text)
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
    score = json.loads(run("perplexity", MODEL, "--file", str(ROOT / "LICENSE"), "--json").stdout)
    check(score["perplexity"] > 1 and score["error"] > 0 and score["tokens"] > 1000, f"perplexity: {score}")
    speed = json.loads(run("bench", "-p", "16", "-n", "4", "-r", "2", "--json").stdout)
    keys = {
        "model", "threads", "kernels", "weights", "prefill", "decode", "bytes_per_token", "stream_bytes_per_second",
        "bandwidth_share", "load_seconds", "peak_memory_bytes",
    }
    check(set(speed) == keys, f"bench: {sorted(set(speed) ^ keys)}")
    check(len(speed["prefill"]["tokens_per_second"]) == len(speed["decode"]["tokens_per_second"]) == 2, "repeats")


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
        test_lines()
        test_generate()
        test_logits(folder)
        test_reports()
        test_streams(folder)
    finish()


if __name__ == "__main__":
    main()
