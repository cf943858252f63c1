#!/usr/bin/env python3
"""`gptoss harmony render|parse` against OpenAI's own library.

    pip install -r Tests/Conformance/requirements.txt
    swift build -c release
    python Tests/Conformance/harmony.py [--seeds 20] [--cases 500] [--first-seed 1] [--harder 4000]

For each seed: the cases of oracle/harmony_cases.py (conversations and completions, among them malformed ones),
then `--harder` cases of harmony_corners.py, which go for the corners: schemas whose keys hold
any type, numbers in every spelling, text with equivalent but different bytes, broken conversations, tokens at
random. Rendered tokens and text, and parsed messages, deltas and rest, have to be equal, and errors have to
come where the library has them.

Tolerant mode reads the same completions: it must not fail, its deltas must add up to the content, and where
strict mode succeeds on unspoilt output the messages must be the same.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from checks import check, finish

ROOT = Path(__file__).resolve().parent.parent.parent
GPTOSS = os.environ.get("GPTOSS", str(ROOT / ".build" / "release" / "gptoss"))
SHARED = Path(os.environ.get("GPTOSS_SHARED", ROOT.parent / "shared"))
VOCABULARY = SHARED / "data" / "o200k_base.tiktoken"
COMPARED = {"render": ("tokens", "text"), "parse": ("messages", "deltas", "rest")}


def read_lines(data):
    """Lines end at \\n alone: some strings hold U+2028."""
    return [json.loads(line) for line in data.decode().split("\n") if line]


def gptoss(kind, cases):
    lines = [case.get("line") or json.dumps(case) for case in cases]
    command = [GPTOSS, "harmony", kind, "--vocabulary", str(VOCABULARY)]
    done = subprocess.run(command, input="\n".join(lines).encode() + b"\n", stdout=subprocess.PIPE, check=True)
    answers = read_lines(done.stdout)
    if len(answers) != len(cases):
        sys.exit(f"gptoss harmony {kind} answered {len(answers)} of {len(cases)} lines")
    return answers


def oracle_cases(seed, count, folder):
    path = Path(folder) / f"{seed}.jsonl"
    oracle = SHARED / "oracle" / "harmony_cases.py"
    subprocess.run([sys.executable, oracle, str(seed), str(count), path], check=True)
    return read_lines(path.read_bytes())


def compare(kind, cases):
    for case, answer in zip(cases, gptoss(kind, cases)):
        if case.get("error"):
            equal = "error" in answer
        else:
            equal = all(answer.get(key) == case[key] for key in COMPARED[kind])
        check_answer(equal, f"{kind} {case['id']}", case, answer)


def tolerate(cases):
    asked = [{"tokens": c["tokens"], "role": c["role"], "eos": c["eos"], "tolerant": True} for c in cases]
    for case, answer in zip(cases, gptoss("parse", asked)):
        if "error" in answer:
            check_answer(False, f"tolerant {case['id']} failed", case, answer)
            continue
        content = "".join(piece["text"] for m in answer["messages"] for piece in m["content"]) + answer["rest"]
        told = "".join(delta[0] or "" for delta in answer["deltas"])
        check_answer(told == content, f"tolerant {case['id']}: deltas and content", case, answer)
        if not answer["repairs"] and is_plain(case):
            check_answer(answer["messages"] == case["messages"], f"tolerant {case['id']}: messages", case, answer)


def check_answer(holds, what, case, answer):
    check(holds, f"{what}\n  expected {json.dumps(case)[:2000]}\n  got      {json.dumps(answer)[:2000]}")


def is_plain(case):
    """Whether both parsers mean to read this alike.

    They do not where the library takes an odd word in a header for a recipient, and where tokens are random.
    """
    if case.get("error") or case["id"].startswith("harder"):
        return False
    return all(m.get("recipient", "functions.").startswith(("functions.", "assistant")) for m in case["messages"])


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--cases", type=int, default=300)
    parser.add_argument("--first-seed", type=int, default=1)
    parser.add_argument("--harder", type=int, default=1000)
    arguments = parser.parse_args()
    os.environ["TIKTOKEN_ENCODINGS_BASE"] = str(VOCABULARY.parent)
    import harmony_corners  # Reads the vocabulary.

    with tempfile.TemporaryDirectory() as folder:
        for seed in range(arguments.first_seed, arguments.first_seed + arguments.seeds):
            cases = oracle_cases(seed, arguments.cases, folder) + harmony_corners.make(seed, arguments.harder)
            for kind in COMPARED:
                compare(kind, [case for case in cases if case["kind"] == kind])
            tolerate([case for case in cases if case["kind"] == "parse"])
    finish()


main()
