#!/usr/bin/env python3
"""`gptoss tokenize|detokenize` against OpenAI's own library.

    pip install -r Tests/Conformance/requirements.txt
    swift build -c release
    python Tests/Conformance/tokenizer.py [--seeds 20] [--cases 2000] [--first-seed 1] [--quick]

Texts: for each seed the cases of oracle/tokenizer_cases.py; every code point between letters, digits, symbols,
spaces and line breaks, which compares the table of character classes with the library's; long runs. The
library's tokens have to come out. Tokens: ids at random, so that characters are cut and put together wrongly; the
library's text has to come out. Texts of the first seed are read once more with the vocabulary of a GGUF file.

`--quick` leaves out the code points and the GGUF file.
"""

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
from pathlib import Path

from checks import check, finish

ROOT = Path(__file__).resolve().parent.parent.parent
GPTOSS = os.environ.get("GPTOSS", str(ROOT / ".build" / "release" / "gptoss"))
SHARED = Path(os.environ.get("GPTOSS_SHARED", ROOT.parent / "shared"))
VOCABULARY = SHARED / "data" / "o200k_base.tiktoken"
os.environ.setdefault("TIKTOKEN_ENCODINGS_BASE", str(VOCABULARY.parent))


def read_lines(data):
    """Lines end at \\n alone: some strings hold U+2028."""
    return [json.loads(line) for line in data.decode().split("\n") if line]


def gptoss(command, values, *options):
    # Every other line has its text as it is, the rest have it in escapes.
    lines = [json.dumps(value, ensure_ascii=bool(index % 2)) for index, value in enumerate(values)]
    done = subprocess.run([GPTOSS, command, *options], input="\n".join(lines).encode() + b"\n",
                          stdout=subprocess.PIPE, check=True)
    answers = read_lines(done.stdout)
    if len(answers) != len(values):
        sys.exit(f"gptoss {command} answered {len(answers)} of {len(values)} lines")
    return answers


def compare(what, asked, expected, answers):
    for question, right, answer in zip(asked, expected, answers):
        same = right == answer
        values = "" if same else f"\n  asked    {question!r:.400}\n  expected {right!r:.400}\n  answered {answer!r:.400}"
        check(same, what + values)


def oracle_cases(seed, count, folder):
    path = Path(folder) / f"{seed}.jsonl"
    oracle = SHARED / "oracle" / "tokenizer_cases.py"
    subprocess.run([sys.executable, oracle, str(seed), str(count), path], check=True)
    return read_lines(path.read_bytes())


def compare_cases(what, cases, *options):
    for special in (False, True):
        chosen = [case for case in cases if case["special"] == special]
        texts = [case["text"] for case in chosen]
        answers = gptoss("tokenize", texts, *options, *(["--special"] if special else []))
        compare(what, texts, [case["tokens"] for case in chosen], answers)


def every_code_point():
    """Texts that hold every code point in every neighborhood that the splitter tells apart."""
    text = []
    for code_point in range(0x110000):
        if not 0xD800 <= code_point < 0xE000:
            c = chr(code_point)
            text.append(f"a{c}b A{c}B 1{c}2 !{c}! {c}{c} x'{c}{c}\n{c}\n {c}")
        if code_point % 512 == 511 and text:
            yield "".join(text)
            text = []


def long_runs():
    rng = random.Random(7)
    for unit in ["a", " ", "\n", "ab", "é", "你", "🙂", "1", "!", "\u0301A", "A你", " \n", "<", "'s", "/\n", "\r\n "]:
        yield unit * 5_000
    for alphabet in ["ab", "abcdefghijklmnopqrstuvwxyz", " \n", "aA你\u0301", "01!", "<|endoftext|>"]:
        for length in (63, 64, 65, 200, 5_000):
            yield "".join(rng.choice(alphabet) for _ in range(length))


def tokens_at_random(seed, count, vocabulary_size):
    rng = random.Random(seed)
    for _ in range(count):
        # The first tokens are single bytes: halves of characters are common.
        limit = rng.choice([256, 2_000, vocabulary_size])
        yield [rng.randrange(limit) for _ in range(rng.randint(0, 30))]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--cases", type=int, default=2000)
    parser.add_argument("--first-seed", type=int, default=1)
    parser.add_argument("--quick", action="store_true")
    options = parser.parse_args()
    if not VOCABULARY.exists():
        sys.exit(f"{VOCABULARY} is missing: set GPTOSS_SHARED to the folder with the reference programs")

    from openai_harmony import HarmonyEncodingName, load_harmony_encoding

    library = load_harmony_encoding(HarmonyEncodingName.HARMONY_GPT_OSS)
    vocabulary = ["--vocabulary", str(VOCABULARY)]
    with tempfile.TemporaryDirectory() as folder:
        for seed in range(options.first_seed, options.first_seed + options.seeds):
            cases = oracle_cases(seed, options.cases, folder)
            compare_cases(f"seed {seed}", cases, *vocabulary)
            tokens = list(tokens_at_random(seed, options.cases // 4, 201_088))
            expected = [library.decode(ids) for ids in tokens]
            compare(f"decode, seed {seed}", tokens, expected, gptoss("detokenize", tokens, *vocabulary))
        texts = list(long_runs()) + ([] if options.quick else list(every_code_point()))
        expected = [library.encode(text, disallowed_special=()) for text in texts]
        compare("runs and code points", texts, expected, gptoss("tokenize", texts, *vocabulary))
        if not options.quick:
            model = Path(folder) / "tiny.gguf"
            subprocess.run([sys.executable, SHARED / "oracle" / "make_gguf.py", model, "--vocab", VOCABULARY,
                            "--preset", "tiny"], check=True, stdout=subprocess.DEVNULL)
            cases = oracle_cases(options.first_seed, options.cases, folder)
            compare_cases("vocabulary from GGUF", cases, "--model", str(model))
    finish()


main()
