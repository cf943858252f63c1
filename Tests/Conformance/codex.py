#!/usr/bin/env python3
"""The real Codex CLI (PyPI `openai-codex-cli-bin`) against a running `gptoss serve`, in a home folder of its own.

    .venv-clients/bin/python Tests/Conformance/codex.py

`codex exec --oss --local-provider lmstudio` asks for `/v1/models`, loads the model by a request with an empty input, and
sends functions, a namespace of functions and a web search as tools. Every turn has to end with exit code 0 and an answer,
after brief instructions and few tools, and as Codex comes: its prompt has some 15,000 of the small model's tokens, after
which that may run in circles. What it says does not count. The history of a conversation has items that the model of this
test will hardly cause; those are sent by hand.
"""

import json
import os
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

from codex_cli_bin import bundled_codex_path

from checks import check, finish
from served import Served

# Where Codex looks for LM Studio.
PORT = 1234
PICTURE = "data:image/png;base64,iVBORw0KGgo="


def codex(folder, port, *arguments):
    """Runs `codex exec`; gives its exit code, what it said last, and everything else that it wrote."""
    environment = {
        "HOME": str(folder / "home"), "PATH": os.environ["PATH"], "LANG": "C.UTF-8", "TERM": "dumb",
        "CODEX_OSS_PORT": str(port),
    }
    command = [str(bundled_codex_path()), "exec", "--oss", "--local-provider", "lmstudio", *arguments]
    start = time.monotonic()
    result = subprocess.run(
        command, cwd=folder / "work", env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=600)
    print(f"codex, {arguments[-1]!r}: {time.monotonic() - start:.1f} s", flush=True)
    return result.returncode, result.stdout.strip(), result.stderr


def items():
    """What Codex sends back after a turn with calls of all kinds, in its own spelling."""
    message = lambda role, kind, text: {"type": "message", "role": role, "content": [{"type": kind, "text": text}]}  # noqa: E731
    return [
        message("developer", "input_text", "Be brief."),
        message("user", "input_text", "Hello"),
        {
            "type": "reasoning", "id": "rs_1", "summary": [], "encrypted_content": None,
            "content": [{"type": "reasoning_text", "text": "Let me look."}],
        },
        {**message("assistant", "output_text", "I look at the folder."), "id": "msg_1", "phase": "commentary"},
        # Calls stand together, their results after them.
        {"type": "function_call", "id": "fc_1", "name": "exec_command", "arguments": '{"cmd":"ls"}', "call_id": "call_1"},
        {
            "type": "function_call", "id": "fc_2", "name": "wait_agent", "namespace": "multi_agent_v1",
            "arguments": '{"targets":["x"]}', "call_id": "call_2",
        },
        {"type": "function_call", "id": "fc_3", "name": "no_such_tool", "arguments": "{}", "call_id": "call_3"},
        {"type": "function_call", "id": "fc_4", "name": "exec_command", "arguments": '{"cmd":', "call_id": "call_4"},
        {"type": "custom_tool_call", "id": "ct_1", "name": "apply_patch", "input": "*** Begin Patch", "call_id": "call_5"},
        {"type": "function_call_output", "id": "fco_1", "call_id": "call_1", "output": "a.txt\n"},
        {"type": "function_call_output", "id": "fco_2", "call_id": "call_2", "output": "invalid agent id x"},
        {"type": "function_call_output", "id": "fco_3", "call_id": "call_3", "output": "unsupported call: no_such_tool"},
        {"type": "function_call_output", "id": "fco_4", "call_id": "call_4", "output": "failed to parse function arguments"},
        {"type": "custom_tool_call_output", "id": "cto_1", "call_id": "call_5", "output": "unsupported custom tool call"},
        # A tool that looks at pictures; the model does not.
        {"type": "function_call", "id": "fc_6", "name": "view_image", "arguments": '{"path":"a.png"}', "call_id": "call_6"},
        {
            "type": "function_call_output", "id": "fco_6", "call_id": "call_6",
            "output": [{"type": "input_image", "image_url": PICTURE, "detail": "high"}],
        },
        {"type": "web_search_call", "id": "ws_1", "status": "completed", "action": {"type": "search", "query": "swift"}},
        {"type": "image_generation_call", "id": "ig_1", "status": "completed", "revised_prompt": "a", "result": "iVBORw0KGgo="},
        {
            "type": "local_shell_call", "id": "ls_1", "call_id": "call_7", "status": "completed",
            "action": {"type": "exec", "command": ["ls"], "timeout_ms": None, "working_directory": None, "env": {}, "user": None},
        },
        {"type": "function_call_output", "id": "fco_7", "call_id": "call_7", "output": "aborted"},
        {
            "type": "tool_search_call", "id": "ts_1", "call_id": "call_8", "status": "completed", "execution": "client",
            "arguments": {"query": "calendar"},
        },
        {
            "type": "tool_search_output", "id": "tso_1", "call_id": "call_8", "status": "completed", "execution": "client",
            "tools": [],
        },
        {"type": "compaction", "encrypted_content": "eA=="},
        {"type": "an_item_of_tomorrow", "text": "x"},
        {**message("assistant", "output_text", "Hello."), "id": "msg_2", "phase": "final_answer"},
        message("user", "input_text", "And again"),
    ]


def tools():
    """The kinds of tools that Codex sends."""
    function = lambda name: {  # noqa: E731
        "type": "function", "name": name, "description": "d", "strict": False, "parameters": {"type": "object", "properties": {}}}
    grammar = {"type": "grammar", "syntax": "lark", "definition": "start: /.+/"}
    return [
        function("exec_command"),
        {"type": "namespace", "name": "multi_agent_v1", "description": "Agents.", "tools": [function("wait_agent")]},
        {"type": "custom", "name": "apply_patch", "description": "Patches files.", "format": grammar},
        {"type": "web_search", "external_web_access": False}, {"type": "local_shell"}, {"type": "tool_search"},
        {"type": "image_generation", "output_format": "png"},
    ]


def check_items(url):
    """Asks with each kind of item alone, so that one that is refused hides no other, and with all of them."""
    def ask(what, history):
        body = {
            "model": "openai/gpt-oss-20b", "stream": True, "store": False, "tool_choice": "auto", "parallel_tool_calls": True,
            "reasoning": {"summary": "auto"}, "include": ["reasoning.encrypted_content"], "tools": tools(), "input": history,
            "max_output_tokens": 16,
        }
        request = urllib.request.Request(url + "/responses", json.dumps(body).encode(), {"Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(request, timeout=120) as reply:
                text = reply.read().decode()
        except urllib.error.HTTPError as error:
            check(False, f"{what}: {error.code} {error.read().decode()[:200]}")
            return
        check("event: response.incomplete" in text or "event: response.completed" in text, f"{what}: {text[-300:]}")

    everything = items()
    hello = everything[1]
    for item in everything:
        call = item.get("call_id")
        ask(item["type"], [hello] + ([each for each in everything if each.get("call_id") == call] if call else [item]))
    ask("a whole conversation", everything)


def main():
    with socket.socket() as probe:
        port = PORT if probe.connect_ex(("127.0.0.1", PORT)) else 0
    with Served("--context", "32768", port=port) as server, tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        for name in ("home", "work"):
            (folder / name).mkdir()
        subprocess.run(["git", "init", "--quiet"], cwd=folder / "work", check=True)
        (folder / "instructions.md").write_text("Answer the user briefly.")
        brief = [
            "-c", f"model_instructions_file={folder / 'instructions.md'}", "-c", "skills.include_instructions=false",
            "--disable", "goals", "--disable", "multi_agent",
        ]
        turns = (
            (brief, "Hello"), ([*brief, "resume", "--last"], "Who are you?"),
            ([], "Hello"), (["resume", "--last"], "And what is MXFP4?"),
        )
        for options, prompt in turns:
            code, said, told = codex(folder, server.port, *options, prompt)
            check(code == 0 and said, f"codex {options} {prompt!r}: {code}, {said!r}, {told[-700:]}")
        check_items(server.url)
    finish()


if __name__ == "__main__":
    main()
