#!/usr/bin/env python3
"""Writes Tests/Harmony/GoldenConversations.swift: random conversations and completions, and what OpenAI's
library makes of them.

The cases are texts, with special tokens set apart, so that the test needs no particular vocabulary.

usage: TIKTOKEN_ENCODINGS_BASE=FOLDER python Tests/Conformance/make_golden_harmony.py
    FOLDER holds o200k_base.tiktoken; GPTOSS_SHARED names the folder with oracle/harmony_cases.py
    (default ../shared).  Needs openai-harmony 0.0.8.
"""

import json
import os
import subprocess
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

from openai_harmony import HarmonyEncodingName, load_harmony_encoding

ROOT = Path(__file__).resolve().parent.parent.parent
SHARED = Path(os.environ.get("GPTOSS_SHARED", ROOT.parent / "shared"))
TARGET = ROOT / "Tests" / "Harmony" / "GoldenConversations.swift"
SEED, RENDERED, PARSED = 2024, 12, 48
LONGEST = 2500  # characters of a case: the file is for reading too


def main():
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "cases.jsonl"
        oracle = SHARED / "oracle" / "harmony_cases.py"
        subprocess.run([sys.executable, oracle, str(SEED), "240", path], check=True)
        with open(path, newline="\n") as lines:
            cases = [json.loads(line) for line in lines]
    encoding = load_harmony_encoding(HarmonyEncodingName.HARMONY_GPT_OSS)
    cases = [case for case in cases if len(json.dumps(case)) <= LONGEST]
    rendered = [case for case in cases if case["kind"] == "render"][:RENDERED]
    parsed = [case for case in cases if case["kind"] == "parse"]
    for case in rendered:
        case.pop("tokens", None)
    for case in parsed:
        case["pieces"] = pieces(encoding, case.pop("tokens"))
        case.pop("deltas", None)
    parsed = [case for case in parsed if case["pieces"] is not None][:PARSED]
    TARGET.write_text(source(rendered, parsed))


def pieces(encoding, tokens):
    """[text, whether it is a special token]; None if a text does not end with a character."""
    result, run = [], []

    def flush():
        if run:
            result.append([encoding.decode_utf8(run), False])
            run.clear()

    try:
        for token in tokens:
            if encoding.is_special_token(token):
                flush()
                result.append([encoding.decode_utf8([token]), True])
            else:
                run.append(token)
        flush()
    except Exception:
        return None
    return result


def source(rendered, parsed):
    def lines(cases):
        return "\n".join("    " + json.dumps(case, separators=(",", ":")) for case in cases)

    return f'''// Written by Tests/Conformance/make_golden_harmony.py from the output of openai-harmony {version("openai-harmony")}.

enum GoldenConversations {{
  /// One line per conversation, with the text that the library renders or an error.
  static let rendered = ##"""
{lines(rendered)}
    """##

  /// One line per completion, with the messages that the library reads or an error.
  static let parsed = ##"""
{lines(parsed)}
    """##
}}
'''


main()
