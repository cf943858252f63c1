#!/usr/bin/env python3
"""What outlives the process (--cache-dir): a conversation that is resumed, kills while it is written, many at a time.

    swift build -c release
    python Tests/Conformance/prefix_cache.py [--kills N] [--model FILE] [--server]

Always the tokens that come without the folder, and never an error at the start. --kills: how often a program is ended
with SIGKILL while it writes, or at any moment. --model: the model of the resumed conversation, the small random one if
left out. --server: servers that start anew, and nothing else. GPTOSS and GPTOSS_SERVER name other programs."""

import argparse
import json
import os
import random
import re
import resource
import signal
import stat
import subprocess
import tempfile
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from checks import attempt, check, finish
from made_models import TINY
from served import Served

ROOT = Path(__file__).resolve().parent.parent.parent
GPTOSS = os.environ.get("GPTOSS", str(ROOT / ".build" / "release" / "gptoss"))
LENGTH = 8_000
WORDS = "the night was dark and a storm came over hills where nobody had lived since rivers ran dry".split()


def text_of(length, seed):
    """A text of about so many characters that repeats nothing for long."""
    numbers = random.Random(seed)
    words = []
    while length > 0:
        words.append(f"{numbers.choice(WORDS)}{numbers.randrange(100)}")
        length -= len(words[-1]) + 1
    return " ".join(words)


def text_of_tokens(model, count, seed):
    """The same, of about so many tokens."""
    sample = text_of(1_000, seed)
    counted = subprocess.run(
        [GPTOSS, "generate", "-m", str(model), "--raw", "--json", "-n", "0", "-p", sample], capture_output=True, text=True,
        check=True, timeout=600)
    return text_of(count * len(sample) // json.loads(counted.stdout)["prompt_tokens"], seed)


def arguments_of(prompt, folder=None, *more):
    """A greedy continuation of a prompt, its figures as JSON."""
    return [GPTOSS, "generate", "-m", str(TINY), "--raw", "--json", "-n", "24", "--temperature", "0", "--threads", "1",
            *(["--cache-dir", str(folder)] if folder else []), *more, "-p", prompt]


def generate(prompt, folder=None, *more, **options):
    """Runs to its end, which has to be a good one; returns the answer and what was said on standard error."""
    result = subprocess.run(arguments_of(prompt, folder, *more), capture_output=True, text=True, timeout=300, **options)
    check(result.returncode == 0, f"{more}: exit code {result.returncode}, {result.stderr[-300:]}")
    lines = [line for line in result.stderr.splitlines() if "tokens reused" not in line and "limit of 24" not in line]
    return json.loads(result.stdout), lines


def files(folder):
    return [path for path in Path(folder).iterdir() if path.is_file()]


def chat(model, text, *more):
    """A conversation in a pipe; returns what is on standard output, without the figures, and those of the last answer."""
    result = subprocess.run(
        [GPTOSS, "chat", "-m", str(model), "--temperature", "0", "-n", "24", "--reasoning-budget", "none", *more],
        input=text, capture_output=True, text=True, timeout=3600)
    check(result.returncode == 0, f"chat {more}: {result.stderr[-500:]}")
    output = result.stdout + result.stderr
    figures = re.search(r"last answer +(\d+) tokens.* (\d+) read, (\d+) cached, first after ([0-9.]+) s", output)
    answer = re.split(r"last answer", result.stdout)[0]
    return answer, figures and {"cached": int(figures[3]), "first": float(figures[4])}


def test_resumed(folder, model):
    """A conversation of 8,000 tokens goes on in a new process: in less than a second, with the same words."""
    cache, saved = folder / "resumed", folder / "session.json"
    first, _ = chat(model, f"{text_of_tokens(model, LENGTH, 1)}\n/save {saved}\n", "--cache-dir", str(cache))
    check(saved.exists(), f"the session is saved: {first[-200:]}")
    check(files(cache), "what was read is kept")
    more = ["--load", str(saved)]
    expected, without = chat(model, "And now?\n/stats\n", *more)
    answer, figures = chat(model, "And now?\n/stats\n", *more, "--cache-dir", str(cache))
    check(figures and without, f"figures are shown: {answer[-300:]}")
    check(answer == expected, f"the same words: {answer[-200:]!r}, {expected[-200:]!r}")
    check(without["cached"] == 0, f"without the folder everything is read: {without}")
    check(figures["cached"] > LENGTH * 9 // 10, f"the conversation is not read again: {figures}")
    check(figures["first"] < 1, f"the first token comes in less than a second: {figures}")
    print(f"resumed: {figures}; without the folder: {without}", flush=True)


def test_tokens(folder):
    """The tokens are the same, and the figures say where they come from."""
    cache = folder / "tokens"
    prompt = text_of_tokens(TINY, LENGTH, 2)
    expected, _ = generate(prompt)
    check(not cache.exists(), "nothing is kept unasked")
    first, _ = generate(prompt, cache)
    again, _ = generate(prompt, cache)
    longer, _ = generate(prompt + " and then", cache)
    check(first["tokens"] == again["tokens"] == expected["tokens"], "the same tokens")
    check(longer["tokens"] == generate(prompt + " and then")[0]["tokens"], "the same tokens of a longer prompt")
    check(first["statistics"]["recalled_tokens"] == 0, f"{first['statistics']}")
    for answer in (again, longer):
        figures = answer["statistics"]
        check(figures["recalled_tokens"] > LENGTH * 9 // 10, f"what was kept is used: {figures}")
        check(figures["cached_tokens"] == figures["recalled_tokens"], f"{figures}")
        check(figures["time_to_first_token_seconds"] < 1, f"{figures}")
    check(stat.S_IMODE(cache.stat().st_mode) == 0o700, "the folder is its owner's alone")
    check(all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in files(cache)), "and so are the files")


def test_misses(folder):
    """A miss says what differs."""
    cache = folder / "misses"
    base = [GPTOSS, "generate", "-m", str(TINY), "-n", "4", "--temperature", "0", "--cache-dir", str(cache)]
    subprocess.run([*base, "-p", "Hello", "--reasoning", "low"], check=True, capture_output=True)
    other = subprocess.run([*base, "-p", "Hello", "--reasoning", "high", "--json"], check=True, capture_output=True, text=True)
    miss = json.loads(other.stdout)["statistics"]["cache_miss"] or ""
    check(re.fullmatch(r"[\d,]+ of [\d,]+ tokens reused; token [\d,]+ differs: the reasoning effort in the system message", miss),
          f"a miss: {miss!r}")
    check(f"gptoss: {miss}" in other.stderr, f"it is said: {other.stderr!r}")


def test_kills(folder, count):
    """Killed while it writes, or at any moment: what is there then is read rightly or not at all."""
    cache = folder / "kills"
    numbers = random.Random(7)
    start = time.monotonic()
    generate(text_of(6_000, 100), cache)
    usual = time.monotonic() - start
    writing = 0
    for round in range(count):
        prompt = text_of(6_000, 200 + round)
        process = subprocess.Popen(arguments_of(prompt, cache), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        if round % 3:
            # While a file is being written.
            while process.poll() is None and not any(path.name.endswith(".partial") for path in files(cache)):
                pass
            time.sleep(numbers.uniform(0, 0.004))
        else:
            time.sleep(numbers.uniform(0, usual))
        process.send_signal(signal.SIGKILL)
        process.wait()
        writing += any(path.name.endswith(".partial") for path in files(cache))
        answer, lines = generate(prompt, cache)
        check(not lines, f"kill {round}: {lines}")
        check(answer["tokens"] == generate(prompt)[0]["tokens"], f"kill {round}: a wrong token")
        check(not [path for path in files(cache) if path.name.endswith(".partial")], f"kill {round}: leftovers")
    print(f"{count} kills, {writing} of them while a file was written", flush=True)
    check(writing >= count // 10, f"{writing} of {count} kills came while a file was written")


def test_side_by_side(folder):
    """Several programs use one folder with little room, and each says what it says alone."""
    cache = folder / "side"
    head = text_of(2_000, 3)
    prompts = [head + text_of(300 * number, 10 + number) for number in range(6)]
    expected = [generate(prompt)[0]["tokens"] for prompt in prompts]
    with ThreadPoolExecutor(6) as pool:
        for _ in range(2):
            answers = list(pool.map(lambda prompt: generate(prompt, cache, "--cache-dir-limit", "3"), prompts))
            for number, (answer, lines) in enumerate(answers):
                check(answer["tokens"] == expected[number] and not lines, f"prompt {number}: {lines}")
    size = sum(path.stat().st_size for path in files(cache))
    generate(text_of(500, 4), cache, "--cache-dir-limit", "1")
    left = sum(path.stat().st_size for path in files(cache))
    check(size > 0 and left <= 1_000_000, f"the bound: {size} bytes, then {left}")


def test_full_disk(folder):
    """A file that cannot be written costs a line, and nothing else. A limit of the process stands for a full disk."""
    prompt = text_of(2_000, 5)
    expected, _ = generate(prompt)
    answer, lines = generate(
        prompt, folder / "full", restore_signals=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (4_096, 4_096)))
    check(answer["tokens"] == expected["tokens"], "the answer is the same")
    check(len(lines) == 1 and "cannot be written" in lines[0], f"one line: {lines}")
    check(not files(folder / "full"), "nothing is left")
    place = folder / "a file"
    place.write_text("text")
    answer, lines = generate(prompt, place)
    check(answer["tokens"] == expected["tokens"] and len(lines) == 1 and "no folder" in lines[0], f"a file: {lines}")
    check(place.read_text() == "text", "it is left alone")


def test_mutations(folder, count):
    """Files that are damaged, cut, swapped or invented."""
    cache, numbers = folder / "mutations", random.Random(9)
    prompt = text_of(3_000, 6)
    expected, _ = generate(prompt, cache)
    kept = {path: path.read_bytes() for path in files(cache)}
    for round in range(count):
        for path, whole in kept.items():
            data = bytearray(whole)
            kind = round % 4
            if kind == 0:
                for _ in range(numbers.randrange(1, 5)):
                    data[numbers.choice([numbers.randrange(len(data)), numbers.randrange(64)])] ^= 1 << numbers.randrange(8)
            elif kind == 1:
                del data[numbers.randrange(len(data)):]
            elif kind == 2:
                data = bytearray(numbers.randbytes(numbers.choice([0, 15, 16, 64, 5_000])))
            else:
                data = bytearray(numbers.choice(list(kept.values())))
            path.write_bytes(data)
        answer, lines = generate(prompt, cache)
        check(answer["tokens"] == expected["tokens"] and not lines, f"mutation {round}: {lines}")


def test_servers(folder):
    """A server that starts anew goes on where the first one was, and so does one beside it."""
    cache = folder / "servers"
    body = {"model": "openai/gpt-oss-20b", "max_tokens": 8, "temperature": 0,
            "messages": [{"role": "user", "content": text_of(3_000, 8)}]}

    def ask(server):
        request = urllib.request.Request(
            f"{server.url}/chat/completions", json.dumps(body).encode(), {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=300) as answer:
            answer = json.load(answer)
        return answer["choices"][0]["message"], answer["usage"]["prompt_tokens_details"]["cached_tokens"]

    options = {"model": str(TINY)}
    with Served("--cache-dir", str(cache), **options) as server:
        expected, cached = ask(server)
        check(cached == 0, f"{cached} tokens of nothing")
        check(server.stop()[0] == 143, "the server stops")
    with Served("--cache-dir", str(cache), **options) as first, Served("--cache-dir", str(cache), "--no-lmstudio", **options) as second:
        for server in (first, second):
            message, cached = ask(server)
            check(message == expected and cached > 1_000, f"{cached} cached tokens: {message}, {expected}")
        body["messages"].insert(0, {"role": "system", "content": "Be brief."})
        ask(first)
        time.sleep(0.5)
        miss = next((json.loads(line).get("cache_miss") for line in first.log[::-1] if line.startswith("{")), None)
        check(miss and "tokens reused; token" in miss, f"the log says what differs: {miss!r}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--kills", type=int, default=8)
    parser.add_argument("--model", type=Path, default=TINY)
    parser.add_argument("--server", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        if options.server:
            attempt(test_servers, folder)
            finish()
        attempt(test_tokens, folder)
        attempt(test_resumed, folder, options.model)
        attempt(test_misses, folder)
        attempt(test_full_disk, folder)
        attempt(test_side_by_side, folder)
        attempt(test_mutations, folder, max(4, options.kills))
        attempt(test_kills, folder, options.kills)
    finish()


if __name__ == "__main__":
    main()
