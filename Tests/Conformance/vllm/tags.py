#!/usr/bin/env python3
"""tags.py CHECKPOINT: what `--remote` asks vLLM to hold an answer to, tried token by token with vLLM's own xgrammar.

No model runs: a stand-in takes the requests of `gptoss serve --remote`. Runs in vLLM's own environment, with gguf.
"""

import json
import sys
import urllib.error
import urllib.request
from pathlib import Path

import xgrammar
from transformers import AutoTokenizer

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from checks import attempt, check, finish  # noqa: E402
from faulty_servers import FaultyServer, good  # noqa: E402
from served import Served  # noqa: E402

TOKENIZER = AutoTokenizer.from_pretrained(sys.argv[1])
SIZE = json.loads((Path(sys.argv[1]) / "config.json").read_text())["vocab_size"]
COMPILER = xgrammar.GrammarCompiler(xgrammar.TokenizerInfo.from_huggingface(TOKENIZER, vocab_size=SIZE))
# As vLLM has them of our requests.
STOPS = TOKENIZER.convert_tokens_to_ids(["<|return|>", "<|call|>", "<|endoftext|>"])

SCHEMA = {"type": "object", "properties": {"a": {"type": "integer"}}, "required": ["a"], "additionalProperties": False}
TOOL = {"type": "function", "function": {"name": "f", "parameters": SCHEMA}}

NEXT = "<|end|><|start|>assistant"
HM = f"<|channel|>analysis<|message|>Hm.{NEXT}"
PREAMBLE = f"<|channel|>commentary<|message|>I do.{NEXT}"
FINAL = "<|channel|>final<|message|>Hello<|return|>"
JSON = '<|channel|>final<|message|>{"a": 5}<|return|>'
HEADER, OTHER_HEADER = "<|channel|>commentary to=functions.f", " to=functions.f<|channel|>commentary"
ARGUMENTS = ' <|constrain|>json<|message|>{"a": 5}'
CALL, OTHER_CALL = HEADER + ARGUMENTS + "<|call|>", OTHER_HEADER + ARGUMENTS + "<|call|>"
# A call that another follows, and things that must never be.
BOTH = [HEADER + ARGUMENTS + NEXT + OTHER_CALL, OTHER_HEADER + ARGUMENTS + NEXT + CALL]
NEVER = [
    CALL.replace("5", '"x"'), CALL.replace("functions.f", "functions.g"), OTHER_CALL.replace("functions.f", "functions.g"),
    CALL.replace("<|call|>", " and more<|call|>"), FINAL.replace("Hello", "H<|end|>"), HM.replace("Hm", "H<|channel|>") + FINAL,
    HM.replace(NEXT, "<|return|>"), FINAL.replace("<|return|>", "<|start|>"),
    # What is spelled like a marker ends no message and begins none.
    HM.replace("<|end|>", "<\0|end|>") + FINAL, HM.replace("<|start|>", "<\0|start|>") + FINAL,
]
CASES = {
    # the request: what has to be possible, what must not be
    "tools": ({"tools": [TOOL]}, [FINAL, FINAL.replace("Hello", "<\0|end|>"), HM + FINAL, HM + PREAMBLE + HM + CALL, CALL, OTHER_CALL, PREAMBLE + OTHER_CALL], BOTH),
    "parallel": ({"tools": [TOOL], "parallel_tool_calls": True}, [FINAL, CALL, HM + OTHER_CALL, *BOTH, HM + BOTH[0]], []),
    "required": ({"tools": [TOOL], "tool_choice": "required"}, [CALL, HM + OTHER_CALL], [FINAL, HM + HM + CALL, PREAMBLE + CALL]),
    "none": ({"tools": [TOOL], "tool_choice": "none"}, [FINAL, HM + FINAL], [CALL, OTHER_CALL, PREAMBLE + FINAL]),
    "schema": ({"response_format": {"type": "json_schema", "json_schema": {"name": "s", "schema": SCHEMA}}}, [JSON, HM + JSON], [FINAL, CALL]),
    "object": ({"response_format": {"type": "json_object"}}, [JSON, JSON.replace("5", '[{"b": null}]')], [FINAL]),
    "schema and tools": (
        {"tools": [TOOL], "response_format": {"type": "json_schema", "json_schema": {"name": "s", "schema": SCHEMA}}},
        [JSON, HM + CALL, HM + PREAMBLE + OTHER_CALL, HM + JSON], [FINAL, *BOTH],
    ),
    "budget": ({"reasoning_budget": 3}, [FINAL, HM.replace("Hm.", "abc") + FINAL], [HM.replace("Hm.", "abcd") + FINAL, HM.replace("Hm.", "ab") * 2 + FINAL]),
    "no reasoning": ({"reasoning_budget": 0}, [FINAL], [HM + FINAL]),
    "budget and tools": ({"tools": [TOOL], "reasoning_budget": 3}, [CALL, HM.replace("Hm.", "abc") + PREAMBLE + CALL], [HM.replace("Hm.", "abcd") + CALL]),
}


def tokens(text):
    """Words byte by byte, so that they have as many tokens as letters. A NUL keeps a marker from being one."""
    return [
        token
        for piece in text.replace("|>", "|>\0").replace("<|", "\0<|").split("\0")
        for part in ([piece] if piece.startswith("<|") else piece)
        for token in TOKENIZER.encode(part, add_special_tokens=False)
    ]


def first_refused(grammar, text):
    """What a grammar does not let come, and behind what; nil if the whole text may be an answer."""
    matcher = xgrammar.GrammarMatcher(grammar, override_stop_tokens=STOPS)
    mask = xgrammar.allocate_token_bitmask(1, SIZE)
    ids = tokens(text)
    for place, token in enumerate(ids):
        if matcher.is_terminated():
            return f"{TOKENIZER.decode([token])!r} behind the end"
        # With nothing to forbid the mask is left as it is.
        allowed = not matcher.fill_next_token_bitmask(mask, 0) or mask[0, token // 32].item() >> (token % 32) & 1
        if not allowed or not matcher.accept_token(token):
            return f"{TOKENIZER.decode([token])!r} behind {TOKENIZER.decode(ids[:place])!r}"
    return None if matcher.is_terminated() else "it does not end"


def ask(url, fields):
    """Sends a request; its answer is the stand-in's, and need not be what was asked for."""
    body = {"model": "assistant", "messages": [{"role": "user", "content": "Hello"}], "parallel_tool_calls": False, **fields}
    request = urllib.request.Request(
        f"{url}/chat/completions", json.dumps(body).encode(), {"Content-Type": "application/json"}
    )
    try:
        urllib.request.urlopen(request, timeout=60).read()
    except urllib.error.HTTPError as error:
        error.read()


def tags():
    with FaultyServer(good()) as server, Served("--remote", server.url, model="assistant") as front:
        for name, (fields, possible, impossible) in CASES.items():
            before = len(server.requests)
            ask(front.url, fields)
            asked = server.requests[before:]
            check(asked, f"{name}: nothing was asked of the server")
            if not asked:
                continue
            grammar = COMPILER.compile_structural_tag(asked[-1][2]["sampling_params"]["structured_outputs"]["structural_tag"])
            for text in possible:
                refused = first_refused(grammar, text)
                check(refused is None, f"{name}: {text!r} is not possible: {refused}")
            for text in impossible + NEVER:
                check(first_refused(grammar, text) is not None, f"{name}: {text!r} is possible")


if __name__ == "__main__":
    attempt(tags)
    finish()
