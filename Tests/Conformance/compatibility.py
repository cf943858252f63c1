#!/usr/bin/env python3
"""The official compatibility cases of github openai/gpt-oss (`compatibility-test/`), asked by OpenAI's Python client.

    python Tests/Conformance/compatibility.py PATH/TO/compatibility-test [--strict]

Reads `cases.jsonl` and `tools.ts` there and checks of each case, for chat and for Responses, whole and streamed, what the
original checks: the tool is called, its arguments fit its schema, reasoning has the shape that it should have, and the
streamed events are there. A model that is too small to call the tool by itself, or to find an end of its arguments, is asked
again with the tool required, little reasoning and short texts, so that the shape is seen of every case; with --strict
that is a failure. `--limit N` takes the first N cases.
"""

import argparse
import json
import re
from pathlib import Path

import jsonschema
from openai import OpenAI

from checks import check, finish
from served import Served

MODEL_NAME = "openai/gpt-oss-20b"
LIMIT = 400


def read_tools(path):
    """The tools of `tools.ts`, whose list is JSON but for bare keys, trailing commas and quotes."""
    text = path.read_text()
    text = text[text.index("TOOLS = [") + len("TOOLS = "):]
    text = text[: text.index("\n];") + 2]
    strings = []

    def keep(match):
        quoted = match[0]
        strings.append(quoted if quoted[0] == '"' else json.dumps(quoted[1:-1]))
        return f"\0{len(strings) - 1}\0"

    text = re.sub(r"\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'", keep, text)
    text = re.sub(r"([{,]\s*)(\w+)\s*:", r'\1"\2":', text)
    text = re.sub(r",(\s*[}\]])", r"\1", text)
    text = re.sub("\0(\\d+)\0", lambda match: strings[int(match[1])], text)
    return {tool["name"]: tool for tool in json.loads(text)}


def bounded(schema):
    """The schema with short texts and lists."""
    schema = {key: bounded(value) if isinstance(value, dict) else value for key, value in schema.items()}
    if schema.get("type") == "string" and "enum" not in schema:
        schema["maxLength"] = 16
    if schema.get("type") == "array":
        schema["maxItems"] = 2
    if schema.get("type") == "object":
        schema["additionalProperties"] = False
    if schema.get("type") == "number":
        schema = {**schema, "type": "integer", "minimum": 0, "maximum": 99}
    return schema


class Chat:
    def __init__(self, client):
        self.client = client

    def ask(self, case, tool, choice, stream):
        """Calls as (name, arguments), reasoning, and what is wrong with the shape."""
        function = {key: tool[key] for key in ("name", "description", "parameters")}
        parameters = {
            "model": MODEL_NAME, "messages": [{"role": "user", "content": case["input"]}], "temperature": 0,
            "tools": [{"type": "function", "function": function}], "tool_choice": choice, "max_tokens": LIMIT,
            "reasoning_effort": "medium" if choice == "auto" else "low",
        }
        if not stream:
            message = self.client.chat.completions.create(**parameters).choices[0].message
            return [(call.function.name, call.function.arguments) for call in message.tool_calls or []], message.reasoning \
                if "reasoning" in (message.model_extra or {}) else None, []
        calls, reasoning = {}, ""
        for chunk in self.client.chat.completions.create(**parameters, stream=True):
            for change in chunk.choices:
                reasoning += (change.delta.model_extra or {}).get("reasoning") or ""
                for call in change.delta.tool_calls or []:
                    entry = calls.setdefault(call.index, ["", ""])
                    entry[0] += call.function.name or ""
                    entry[1] += call.function.arguments or ""
        return [tuple(entry) for entry in calls.values()], reasoning or None, []


class Responses:
    def __init__(self, client):
        self.client = client

    def ask(self, case, tool, choice, stream):
        function = {key: tool[key] for key in ("name", "description", "parameters")}
        parameters = {
            "model": MODEL_NAME, "input": case["input"], "tools": [{"type": "function", **function}], "temperature": 0,
            "tool_choice": choice, "max_output_tokens": LIMIT,
            "reasoning": {"effort": "medium" if choice == "auto" else "low"},
        }
        faults = []
        if stream:
            events = list(self.client.responses.create(**parameters, stream=True))
            response = events[-1].response
            kinds = {event.type for event in events}
            if any(item.type == "reasoning" for item in response.output):
                faults += [kind for kind in ("response.reasoning_text.delta", "response.reasoning_text.done") if kind not in kinds]
        else:
            response = self.client.responses.create(**parameters)
        reasoning = None
        for item in response.output:
            if item.type == "reasoning":
                reasoning = "".join(part.text for part in item.content)
                faults += [part.type for part in item.content if part.type != "reasoning_text" or not part.text]
        calls = [(item.name, item.arguments) for item in response.output if item.type == "function_call"]
        return calls, reasoning, faults


def problems(case, tool, calls, faults):
    """What is wrong with an answer that should call the tool."""
    if not calls:
        return ["no call"]
    name, arguments = calls[0]
    if name != tool["name"]:
        return [f"called {name}"]
    try:
        jsonschema.validate(json.loads(arguments), tool["parameters"])
    except (ValueError, jsonschema.ValidationError) as error:
        return [f"arguments {arguments[:80]}: {str(error)[:80]}"]
    return [f"malformed: {fault}" for fault in faults]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--strict", action="store_true")
    parser.add_argument("--limit", type=int)
    arguments = parser.parse_args()
    tools = read_tools(arguments.folder / "tools.ts")
    lines = (arguments.folder / "cases.jsonl").read_text().splitlines()
    cases = [json.loads(line) for line in lines if line.strip()][: arguments.limit]
    with Served("--context", "4096", "--log", "none") as server:
        client = OpenAI(base_url=server.url, api_key="none", max_retries=0, timeout=120)
        for name, api in (("chat", Chat(client)), ("responses", Responses(client))):
            for stream in (False, True):
                called = reasoned = right = 0
                for case in cases:
                    tool = tools[case["tool_name"]]
                    calls, reasoning, faults = api.ask(case, tool, "auto", stream)
                    found = problems(case, tool, calls, faults)
                    called += not found
                    reasoned += reasoning is not None
                    if found and not arguments.strict:
                        small = {**tool, "parameters": bounded(tool["parameters"])}
                        calls, _, faults = api.ask(case, small, "required", stream)
                        found = problems(case, small, calls, faults)
                    check(not found, f"{name} {case['tool_name']} {case['input']!r}: {found}")
                    if not found:
                        right += json.loads(calls[0][1]) == json.loads(case["expected_arguments"])
                kind = "streamed" if stream else "whole"
                print(
                    f"{name}, {kind}: {len(cases)} cases, {called} called by the model itself, {reasoned} with reasoning, "
                    f"{right} with the arguments that were expected")
                check(reasoned, f"{name}, {kind}: no reasoning anywhere")
    finish()


if __name__ == "__main__":
    main()
