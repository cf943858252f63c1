#!/usr/bin/env python3
"""The Responses API's tool type `mcp`, as PyPI `openai` uses it, against a running `gptoss serve --mcp` with real MCP
servers: list, approval, call, answer.

    python Tests/Conformance/mcp_responses.py

The environments are those of mcp_servers.py.
"""

import json
import tempfile
import time
import urllib.request

import openai
from openai import OpenAI

from checks import attempt, check, finish
from mcp_servers import PROGRAMS, PYTHONS, Folder, HTTPServer, bad, program
from served import Served

MODEL_NAME = "openai/gpt-oss-20b"
TOKYO = "What time is it in Asia/Tokyo?"
CLOCK = {"type": "mcp", "server_label": "time", "allowed_tools": ["get_current_time"]}
FREE = {**CLOCK, "require_approval": "never"}
FUNCTION = {"type": "function", "name": "f", "parameters": {"type": "object", "properties": {}, "additionalProperties": False}}


def respond(client, **parameters):
    usual = {"model": MODEL_NAME, "input": TOKYO, "tools": [FREE], "max_output_tokens": 300, "temperature": 0}
    return client.responses.create(**{**usual, **parameters})


def kinds(response):
    return [item.type for item in response.output]


def items(response, kind):
    return [item for item in response.output if item.type == kind]


def refused(what, status, words, body):
    try:
        body()
    except openai.APIStatusError as error:
        check(error.status_code == status and words in error.message, f"{what}: {error}")
        return error
    check(False, f"{what}: no error")


def key_line(server):
    """The line that the server shows of its MCP servers and their key, at its start."""
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        for line in server.log:
            if line.startswith("mcp "):
                return line
        time.sleep(0.05)
    return ""


def left(folder, seconds=5):
    """The processes of a folder's servers, once they have had time to end."""
    deadline = time.monotonic() + seconds
    while folder.processes() and time.monotonic() < deadline:
        time.sleep(0.05)
    return folder.processes()


def test_call(client, folder):
    response = respond(client)
    listed = items(response, "mcp_list_tools")
    check(len(listed) == 1 and [tool.name for tool in listed[0].tools] == ["get_current_time"], f"the list: {listed}")
    check(listed[0].tools[0].input_schema["properties"]["timezone"] and listed[0].error is None, f"the list: {listed}")
    called = items(response, "mcp_call")
    check(called and called[0].name == "get_current_time" and called[0].server_label == "time", f"called: {response.output}")
    if called:
        check(json.loads(called[0].arguments) == {"timezone": "Asia/Tokyo"}, f"arguments: {called[0].arguments}")
        check("+09:00" in (called[0].output or "") and called[0].error is None and called[0].status == "completed", f"{called[0]}")
    check(response.status == "completed" and kinds(response)[-1] == "message" and response.output_text, f"{response.output}")
    later = respond(client, input="Thank you.", previous_response_id=response.id)
    check("mcp_list_tools" not in kinds(later), f"a list comes once: {kinds(later)}")


def test_stream(client, folder):
    with client.responses.stream(
            model=MODEL_NAME, input=TOKYO, tools=[FREE], max_output_tokens=300, temperature=0) as stream:
        events = list(stream)
        response = stream.get_final_response()
    types = [event.type.removeprefix("response.") for event in events]
    for name in ("mcp_list_tools.in_progress", "mcp_list_tools.completed", "mcp_call.in_progress",
                 "mcp_call_arguments.delta", "mcp_call_arguments.done", "mcp_call.completed"):
        check(name in types, f"streamed: no {name}: {types}")
    check([event.sequence_number for event in events if hasattr(event, "sequence_number")][-1] > 8, "events are numbered")
    pieces = "".join(event.delta for event in events if event.type == "response.mcp_call_arguments.delta")
    called = items(response, "mcp_call")
    check(called and pieces == "".join(call.arguments for call in called), f"streamed: {pieces} {called}")
    check(called and "+09:00" in called[0].output and kinds(response)[-1] == "message", f"streamed: {response.output}")
    done = [event.item for event in events if event.type == "response.output_item.done"]
    check([item.id for item in response.output] == [response.output[event.output_index].id for event in events
          if event.type == "response.output_item.added"], "items are announced in order")
    check(sorted(item.id for item in done) == sorted(item.id for item in response.output), "each item ends")


def test_approval(client, folder):
    asked = respond(client, tools=[CLOCK])
    requests = items(asked, "mcp_approval_request")
    check(len(requests) == 1 and kinds(asked)[-1] == "mcp_approval_request", f"asked: {asked.output}")
    if not requests:
        return
    check(requests[0].name == "get_current_time" and "Tokyo" in requests[0].arguments, f"asked: {requests}")
    yes = {"type": "mcp_approval_response", "approval_request_id": requests[0].id, "approve": True}
    agreed = respond(client, tools=[CLOCK], previous_response_id=asked.id, input=[yes])
    called = items(agreed, "mcp_call")
    check(called and called[0].approval_request_id == requests[0].id and "+09:00" in called[0].output, f"agreed: {agreed.output}")
    check("mcp_list_tools" not in kinds(agreed) and kinds(agreed)[-1] == "message", f"agreed: {kinds(agreed)}")
    # A client that keeps the conversation itself.
    history = [{"role": "user", "content": TOKYO}, *(item.model_dump(exclude_none=True) for item in asked.output), yes]
    own = respond(client, tools=[CLOCK], input=history, store=False)
    check(items(own, "mcp_call") and "+09:00" in items(own, "mcp_call")[0].output, f"own history: {own.output}")
    events = list(respond(client, tools=[CLOCK], previous_response_id=asked.id, input=[yes], stream=True))
    types = [event.type for event in events]
    check("response.mcp_call.completed" in types and types[-1] == "response.completed", f"agreed, streamed: {types}")
    no = respond(client, tools=[CLOCK], previous_response_id=asked.id, input=[{**yes, "approve": False, "reason": "not now"}])
    check(not items(no, "mcp_call") and no.status == "completed", f"declined: {no.output}")
    refused("an answer to nothing", 400, "mcpr_none", lambda: respond(
        client, tools=[CLOCK], input=[{**yes, "approval_request_id": "mcpr_none"}]))


def test_limits(client, folder):
    response = respond(client, max_tool_calls=1)
    check(len(items(response, "mcp_call")) == 1 and response.max_tool_calls == 1, f"one call: {kinds(response)}")
    free = {"type": "mcp", "server_label": "bad", "require_approval": "never"}
    failed = respond(client, tools=[{"type": "mcp", "server_label": "dead"}, FREE])
    check(items(failed, "mcp_list_tools")[0].error and items(failed, "mcp_call"), f"a server that fails: {failed.output}")
    silent = respond(client, tools=[free], tool_choice="required", input="Run it.", max_output_tokens=100)
    called = items(silent, "mcp_call")
    check(called and called[0].status == "failed" and "no answer to tools/call within 1 s" in str(called[0].error), f"silent: {silent.output}")
    both = respond(client, tools=[FREE, FUNCTION], tool_choice={"type": "function", "name": "f"})
    check(kinds(both)[-1] == "function_call", f"beside a function: {kinds(both)}")
    forced = respond(client, tools=[FREE, FUNCTION], tool_choice={"type": "mcp", "server_label": "time", "name": "get_current_time"})
    check(items(forced, "mcp_call"), f"forced: {kinds(forced)}")
    chat = client.chat.completions.create(
        model=MODEL_NAME, messages=[{"role": "user", "content": "Hi"}], tools=[{"type": "mcp", "server_label": "time"}], max_tokens=4)
    check("mcp" in json.dumps((chat.model_extra or {}).get("unsupported_tools")), f"chat: {chat}")


def test_departure(client, folder):
    """A client that goes away: the call ends, and with it the answer."""
    tool = {"type": "mcp", "server_label": "slow", "require_approval": "never"}
    try:
        response = respond(client.with_options(timeout=8), tools=[tool], tool_choice="required", input="Run it.", max_output_tokens=100)
        check(False, f"it did not wait: {response.output}")
    except openai.APITimeoutError:
        pass
    health = str(client.base_url).replace("/v1/", "/health")
    deadline = time.monotonic() + 5
    while (running := json.loads(urllib.request.urlopen(health).read())["running"]) and time.monotonic() < deadline:
        time.sleep(0.1)
    check(running == 0, f"the slot is not free: {running}")
    deadline = time.monotonic() + 5
    while not (told := folder.path / "told").exists() and time.monotonic() < deadline:
        time.sleep(0.1)
    check(told.exists() and "notifications/cancelled" in told.read_text(), "the server heard of it")


def test_access(server, client, folder):
    other = OpenAI(base_url=server.url, api_key="none", max_retries=0)
    refused("without the key", 401, "the key that the server printed", lambda: respond(other))
    check(respond(other, tools=[], max_output_tokens=1).status, "other requests need no key")
    refused("an address", 400, "--allow-remote-mcp", lambda: respond(
        client, tools=[{"type": "mcp", "server_label": "x", "server_url": "https://example.com/mcp"}]))
    refused("an unknown server", 400, "time", lambda: respond(client, tools=[{"type": "mcp", "server_label": "none"}]))


def test_remote(folder):
    web = HTTPServer(PYTHONS[2], "fastmcp")
    try:
        tool = {
            "type": "mcp", "server_label": "web", "server_url": f"http://127.0.0.1:{web.port}/mcp", "require_approval": "never",
            "allowed_tools": ["add"], "authorization": "secret"}
        with Served("--mcp", str(folder.file), "--api-key", "k", "--allow-remote-mcp", "--allow-private-mcp") as server:
            client = OpenAI(base_url=server.url, api_key="k", max_retries=0)
            response = respond(client, tools=[tool], tool_choice="required", input="Add 20 and 22.")
            check([tool.name for tool in items(response, "mcp_list_tools")[0].tools] == ["add"], f"an address: {response.output}")
            check(items(response, "mcp_call"), f"an address: {response.output}")
            check("secret" not in response.model_dump_json(), "the token is not repeated")
            gone = respond(client, tools=[{**tool, "server_url": "http://127.0.0.1:9/mcp"}], max_output_tokens=4)
            check("cannot be reached" in items(gone, "mcp_list_tools")[0].error, f"nobody there: {gone.output}")
        with Served("--mcp", str(folder.file), "--api-key", "k", "--allow-remote-mcp") as server:
            client = OpenAI(base_url=server.url, api_key="k", max_retries=0)
            refused("without TLS", 400, "https://", lambda: respond(client, tools=[tool]))
            for host in ("127.0.0.1", "localhost", "169.254.169.254", "[::1]", "2130706433", "[::ffff:10.0.0.1]"):
                refused(host, 400, "--allow-private-mcp", lambda: respond(
                    client, tools=[{**tool, "server_url": f"https://{host}:{web.port}/mcp"}]))
    finally:
        web.end()


def main():
    with tempfile.TemporaryDirectory() as path:
        folder = Folder(
            path, time=program(str(PROGRAMS / "mcp-server-time"), "--local-timezone", "UTC"),
            slow=bad("silent-call", timeout=60, env={"TOLD": f"{path}/told"}), bad=bad("silent-call", timeout=1), dead=bad("dies-at-start"))
        with Served("--mcp", str(folder.file), "--context", "4096") as server:
            line = key_line(server)
            key = line.rsplit(" ", 1)[-1]
            check(line.startswith("mcp        time, slow, bad, dead;") and key.startswith("sk-"), f"the key is shown: {server.log}")
            client = OpenAI(base_url=server.url, api_key=key, max_retries=0, timeout=120)
            for test in (test_call, test_stream, test_approval, test_limits, test_departure):
                attempt(test, client, folder)
            test_access(server, client, folder)
            told = [line for line in server.log if line.startswith("gptoss: MCP server dead failed: the server ended with code 9")]
            check(len(told) == 1, f"a server that fails is told: {server.log}")
            code, seconds = server.stop()
            check(code == 143 and seconds < 20, f"the end: {code} after {seconds:.1f} s")
        check(not left(folder), f"processes are left: {left(folder)}")
        test_remote(folder)
        check(not left(folder), f"processes are left: {left(folder)}")
        with Served() as server:
            client = OpenAI(base_url=server.url, api_key="none", max_retries=0)
            refused("without --mcp", 400, "--mcp FILE", lambda: respond(client))
    finish()


if __name__ == "__main__":
    main()
