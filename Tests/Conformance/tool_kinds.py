#!/usr/bin/env python3
"""Tools of every kind, old and new, as PyPI `openai` sends them to a running `gptoss serve`: what cannot be run must not
refuse what can.

    python Tests/Conformance/tool_kinds.py

Namespaces and custom tools are called, hosted tools are left out and named, history items of any kind are kept, legacy
functions are worked with or refused, and -1 is no limit.
"""

import json

import openai
from openai import OpenAI

from checks import attempt, check, finish
from served import Served

MODEL_NAME = "openai/gpt-oss-20b"
QUESTION = [{"role": "user", "content": "What is MXFP4?"}]
LIMIT = 400
# The field of an answer that names the tools that were left out.
LEFT_OUT = "unsupported_tools"
EMPTY = {"type": "object", "properties": {}, "additionalProperties": False}
LARK = "start: /[a-z ]+/"


def function(name):
    return {"type": "function", "name": name, "description": "d", "strict": False, "parameters": EMPTY}


def respond(client, **parameters):
    usual = {"model": MODEL_NAME, "input": "What is MXFP4?", "max_output_tokens": LIMIT, "temperature": 0}
    return client.responses.create(**{**usual, **parameters})


def chat(client, **parameters):
    usual = {"model": MODEL_NAME, "messages": QUESTION, "max_tokens": LIMIT, "temperature": 0}
    return client.chat.completions.create(**{**usual, **parameters})


def refused(what, place, body):
    """Checks that `body` is status 400 for a field whose path begins with `place`."""
    try:
        body()
    except openai.BadRequestError as error:
        check((error.param or "").startswith(place), f"{what}: names {error.param}, not {place}")
    except Exception as error:  # noqa: BLE001 any other kind is the failure
        check(False, f"{what}: {type(error).__name__} {error} instead of status 400")
    else:
        check(False, f"{what}: no error")


def left_out(answer):
    """What an answer says about tools that were left out, as text."""
    return json.dumps((answer.model_extra or {}).get(LEFT_OUT))


def calls(response, kind="function_call"):
    return [item for item in response.output if item.type == kind]


# Hosted tools


def test_hosted(client, server):
    hosted = [
        {"type": "web_search", "external_web_access": False}, {"type": "web_search_preview"}, {"type": "local_shell"},
        {"type": "image_generation"}, {"type": "tool_search"}, {"type": "code_interpreter", "container": {"type": "auto"}},
        {"type": "file_search", "vector_store_ids": ["x"]}, {"type": "shell"},
        {"type": "apply_patch"}, {"type": "a_tool_of_tomorrow", "x": 1},
    ]
    for tool in hosted:
        kind = tool["type"]
        response = respond(client, tools=[tool, function("f")], tool_choice="required")
        check([call.name for call in calls(response)][:1] == ["f"], f"{kind}: the other tool is called: {response.output}")
        check(kind in left_out(response) and "tools[0]" in left_out(response), f"{kind} is named: {left_out(response)}")
        refused(f"{kind}, required", "tool_choice", lambda: respond(client, tools=[tool], tool_choice="required"))
    check(respond(client, tools=hosted, max_output_tokens=1).status, "only tools that cannot run")
    check(left_out(respond(client, tools=[function("f")], max_output_tokens=1)) == "null", "nothing is left out")
    refused("a hosted tool by choice", "tool_choice", lambda: respond(
        client, tools=[{"type": "image_generation"}, function("f")], tool_choice={"type": "image_generation"}))
    refused("MCP servers without --mcp", "tools[1]", lambda: respond(client, tools=[
        function("f"), {"type": "mcp", "server_label": "x", "server_url": "https://x.example"}]))
    refused("a tool without a type", "tools[0]", lambda: respond(client, tools=[{"name": "f"}]))
    events = list(respond(client, tools=[hosted[0], function("f")], max_output_tokens=4, stream=True))
    check("web_search" in left_out(events[-1].response), "the end of a stream names it")
    in_chat = {"type": "function", "function": {"name": "f", "parameters": EMPTY}}
    completion = chat(client, tools=[{"type": "web_search"}, in_chat])
    check("web_search" in left_out(completion), f"chat: {left_out(completion)}")
    check("mcp" in left_out(chat(client, tools=[{"type": "mcp", "server_label": "x"}, in_chat], max_tokens=4)), "chat: mcp")
    chunks = list(chat(client, tools=[{"type": "web_search"}], stream=True, max_tokens=4))
    check(any("web_search" in left_out(chunk) for chunk in chunks), "chat, streamed")
    logged = [line for line in server.log if "local_shell" in line]
    check(logged and LEFT_OUT in json.loads(logged[-1]), f"the log names it: {logged[-1:]}")


# Namespaces


def namespace(name, *tools):
    return {"type": "namespace", "name": name, "description": f"What {name} does.", "tools": list(tools)}


def test_namespaces(client, server):
    tools = [function("wait"), namespace("agents", function("wait"), function("close")), namespace("empty")]
    response = respond(client, tools=tools[1:2], tool_choice="required")
    call = (calls(response) or [None])[0]
    if call is None:
        check(False, f"a function of a namespace is called: {response.output}")
        return
    check(call.namespace == "agents" and call.name in ("wait", "close"), f"name and namespace apart: {call}")
    check(isinstance(json.loads(call.arguments), dict), f"arguments {call.arguments}")
    plain = calls(respond(client, tools=tools[:1], tool_choice="required"))
    check(plain and plain[0].name == "wait" and not plain[0].namespace, f"no namespace for plain functions: {plain}")
    check(respond(client, tools=tools, max_output_tokens=1).status, "one name in two namespaces, and an empty one")
    refused("one name twice in a namespace", "tools[0]", lambda: respond(
        client, tools=[namespace("a", function("f"), function("f"))]))
    events = list(respond(client, tools=tools[1:2], tool_choice="required", stream=True))
    added = [event.item for event in events if event.type == "response.output_item.added"]
    added = [item for item in added if item.type == "function_call"]
    check(added and added[0].namespace == "agents" and added[0].name == call.name, f"streamed: {added}")
    history = [
        {"role": "user", "content": "Wait."}, call.model_dump(exclude_none=True),
        {"type": "function_call_output", "call_id": call.call_id, "output": "done"},
    ]
    check(respond(client, tools=tools, input=history).output is not None, "the result goes back")
    custom = {"type": "custom", "name": "run", "description": "Runs code."}
    called = calls(respond(client, tools=[namespace("agents", custom)], tool_choice="required"), "custom_tool_call")
    check(called and called[0].name == "run" and called[0].namespace == "agents", f"a custom tool of a namespace: {called}")
    mixed = respond(client, tools=[namespace("agents", {"type": "web_search"}, function("wait"))], tool_choice="required")
    check("tools[0].tools[0]" in left_out(mixed), f"a hosted tool in a namespace: {left_out(mixed)}")


# Custom tools


def test_custom(client, server):
    for format in (None, {"type": "text"}, {"type": "grammar", "syntax": "lark", "definition": LARK}):
        tool = {"type": "custom", "name": "run", "description": "Runs code.", **({"format": format} if format else {})}
        parameters = {"tools": [tool], "tool_choice": "required"}
        response = respond(client, **parameters)
        found = calls(response, "custom_tool_call")
        check(found and found[0].name == "run" and found[0].call_id, f"{format}: {response.output}")
        events = list(respond(client, **parameters, stream=True))
        pieces = "".join(event.delta for event in events if event.type == "response.custom_tool_call_input.delta")
        done = [event for event in events if event.type == "response.custom_tool_call_input.done"]
        check(found and pieces == "".join(call.input for call in found), f"{format}: pieces add up: {pieces!r}, {found}")
        if response.status == "completed":
            check([event.input for event in done] == [call.input for call in found], f"{format}: the end of input: {done}")
    by_name = respond(client, tools=[function("f"), tool], tool_choice={"type": "custom", "name": "run"})
    check(len(calls(by_name, "custom_tool_call")) >= 1, f"by name: {by_name.output}")
    refused("a custom tool that is not there", "tool_choice", lambda: respond(
        client, tools=[function("f")], tool_choice={"type": "custom", "name": "run"}))
    refused("a custom tool without a name", "tools[0].name", lambda: respond(client, tools=[{"type": "custom"}]))
    history = [
        {"role": "user", "content": "Run it."},
        {"type": "custom_tool_call", "call_id": "c", "name": "run", "input": 'print("a")\n'},
        {"type": "custom_tool_call_output", "call_id": "c", "output": [{"type": "input_text", "text": "a"}]},
    ]
    check(respond(client, tools=[tool], input=history).output is not None, "the result goes back")


def test_custom_chat(client, server):
    grammar = {"type": "grammar", "grammar": {"syntax": "lark", "definition": LARK}}
    tool = {"type": "custom", "custom": {"name": "run", "description": "Runs code.", "format": grammar}}
    answer = chat(client, tools=[tool], tool_choice="required").choices[0]
    found = answer.message.tool_calls or []
    if not found:
        check(False, f"chat: a custom tool is called: {answer}")
        return
    check(found[0].type == "custom" and found[0].custom.name == "run", f"chat: {found}")
    # The text is free, so a small model may find no end of it.
    looped = (answer.model_extra or {}).get("stop_reason") == "repetition"
    check(answer.finish_reason in ("tool_calls", "length") or looped and answer.finish_reason == "stop", f"chat: {answer}")
    by_name = chat(client, tools=[tool], tool_choice={"type": "custom", "custom": {"name": "run"}}).choices[0].message
    check(by_name.tool_calls, f"chat, by name: {by_name}")
    text = ""
    for chunk in chat(client, tools=[tool], tool_choice="required", stream=True):
        for call in (chunk.choices[0].delta.tool_calls or []) if chunk.choices else []:
            if call.index == 0:
                text += ((call.model_extra or {}).get("custom") or {}).get("input") or ""
    check(text == found[0].custom.input, f"chat: pieces add up: {text!r}, {found[0].custom.input!r}")
    history = QUESTION + [
        {"role": "assistant", "content": None, "tool_calls": [found[0].model_dump()]},
        {"role": "tool", "tool_call_id": found[0].id, "content": "a"},
    ]
    check(chat(client, messages=history, tools=[tool]).choices, "chat: the result goes back")


# Choices


def test_allowed_tools(client, server):
    tools = [function("f"), function("g"), {"type": "web_search"}]
    only = lambda mode, *names: {  # noqa: E731
        "type": "allowed_tools", "mode": mode, "tools": [{"type": "function", "name": name} for name in names]}
    response = respond(client, tools=tools, tool_choice=only("required", "g"))
    check({call.name for call in calls(response)} == {"g"}, f"only the allowed one is called: {response.output}")
    auto = respond(client, tools=tools, tool_choice=only("auto", "g"))
    check({call.name for call in calls(auto)} <= {"g"}, f"auto: {auto.output}")
    count = lambda choice: respond(client, tools=tools, tool_choice=choice, max_output_tokens=1).usage.input_tokens  # noqa: E731
    check(count(only("auto", "g")) == count("auto"), "the others stay in the prompt")
    refused("an allowed tool that is not there", "tool_choice", lambda: respond(
        client, tools=tools, tool_choice=only("auto", "h")))
    refused("nothing allowed, but required", "tool_choice", lambda: respond(client, tools=tools, tool_choice=only("required")))
    in_chat = [{"type": "function", "function": {"name": name, "parameters": EMPTY}} for name in ("f", "g")]
    choice = {"type": "allowed_tools", "allowed_tools": {
        "mode": "required", "tools": [{"type": "function", "function": {"name": "g"}}]}}
    message = chat(client, tools=in_chat, tool_choice=choice).choices[0].message
    check({call.function.name for call in message.tool_calls or []} == {"g"}, f"chat: {message}")


# History


def test_history(client, server):
    hello = {"role": "user", "content": "Hello"}
    picture = "data:image/png;base64,iVBORw0KGgo="
    action = {"type": "exec", "command": ["ls"], "env": {}, "timeout_ms": None, "user": None, "working_directory": None}
    call = {"type": "function_call", "call_id": "c", "name": "f", "arguments": "{}"}
    result = {"type": "function_call_output", "call_id": "c", "output": "x"}
    conversations = {
        "web_search_call": [
            {"type": "web_search_call", "id": "a", "status": "completed", "action": {"type": "search", "query": "q"}}],
        "file_search_call": [
            {"type": "file_search_call", "id": "a", "status": "completed", "queries": ["q"], "results": None}],
        "code_interpreter_call": [{
            "type": "code_interpreter_call", "id": "a", "code": "1", "container_id": "c", "outputs": None,
            "status": "completed"}],
        "image_generation_call": [
            {"type": "image_generation_call", "id": "a", "result": "iVBO" * 40_000, "status": "completed"}],
        "local_shell_call": [
            {"type": "local_shell_call", "id": "a", "call_id": "c", "status": "completed", "action": action},
            {"type": "local_shell_call_output", "id": "c", "output": "a.txt"}],
        "local_shell_call, a function's result": [
            {"type": "local_shell_call", "id": "a", "call_id": "c", "status": "completed", "action": action}, result],
        "shell_call": [
            {"type": "shell_call", "call_id": "c", "action": {"commands": ["ls"]}},
            {"type": "shell_call_output", "call_id": "c", "output": [
                {"stdout": "a.txt", "stderr": "", "outcome": {"type": "exit", "exit_code": 0}}]}],
        "apply_patch_call": [
            {
                "type": "apply_patch_call", "call_id": "c", "status": "completed",
                "operation": {"type": "delete_file", "path": "a"}},
            {"type": "apply_patch_call_output", "call_id": "c", "status": "completed", "output": "done"}],
        "computer_call": [
            {"type": "computer_call", "id": "a", "call_id": "c", "status": "completed", "pending_safety_checks": [],
             "action": {"type": "screenshot"}},
            {"type": "computer_call_output", "call_id": "c", "output": {"type": "computer_screenshot", "image_url": "x"}}],
        "tool_search_call": [
            {"type": "tool_search_call", "call_id": "c", "execution": "client", "arguments": {"query": "q"}},
            {"type": "tool_search_output", "call_id": "c", "execution": "client", "tools": [function("g")]}],
        "additional_tools": [{"type": "additional_tools", "role": "developer", "tools": [function("g")]}],
        "mcp": [
            {"type": "mcp_list_tools", "id": "a", "server_label": "s", "tools": []},
            {"type": "mcp_approval_request", "id": "b", "arguments": "{}", "name": "n", "server_label": "s"},
            {"type": "mcp_approval_response", "approval_request_id": "b", "approve": True},
            {"type": "mcp_call", "id": "d", "arguments": "{}", "name": "n", "server_label": "s", "output": "x"}],
        "compaction": [{"type": "compaction", "encrypted_content": "eA=="}],
        "an item of tomorrow": [{"type": "item_of_tomorrow", "text": "x", "list": [1]}],
        "malformed arguments": [{**call, "arguments": '{"a":'}, result],
        "a tool that is not declared": [call, result],
        "a picture as a tool's result": [
            call, {**result, "output": [{"type": "input_image", "image_url": picture, "detail": "auto"}]}],
    }
    for what, items in conversations.items():
        try:
            response = respond(client, input=[hello, *items, hello], max_output_tokens=1)
        except openai.APIStatusError as error:
            check(False, f"{what}: {error}")
            continue
        check(response.usage.input_tokens < 3000, f"{what}: {response.usage.input_tokens} tokens of prompt")
    refused("a picture of the user's", "input[0]", lambda: respond(
        client, input=[{"role": "user", "content": [{"type": "input_image", "image_url": picture}]}]))
    refused("a result without its call", "input[0].call_id", lambda: respond(client, input=[result]))


# Legacy functions


def test_legacy(client, server):
    call = {"name": "get_weather", "arguments": '{"city":"Oslo"}'}
    history = QUESTION + [
        {"role": "assistant", "content": None, "function_call": call},
        {"role": "function", "name": "get_weather", "content": "rain"},
    ]
    asked = chat(client, messages=history, max_tokens=1).usage.prompt_tokens
    check(asked > chat(client, max_tokens=1).usage.prompt_tokens + 8, "a call and its result are in the prompt")
    check(chat(client, extra_body={"functions": None, "function_call": None}, max_tokens=1).choices, "null is absent")
    functions = [{"name": "f", "parameters": EMPTY}, {"name": "g", "parameters": EMPTY}]
    try:
        answer = chat(client, functions=functions, function_call={"name": "g"}).choices[0]
    except openai.BadRequestError as error:
        # Refused is right too, never dropped in silence.
        check(error.param in ("functions", "function_call"), f"functions: {error}")
        return
    check(answer.message.function_call and answer.message.function_call.name == "g", f"functions: {answer}")
    check(answer.finish_reason == "function_call", f"functions: {answer.finish_reason}")
    name = arguments = ""
    for chunk in chat(client, functions=functions, function_call={"name": "g"}, stream=True):
        for choice in chunk.choices:
            if choice.delta.function_call:
                name += choice.delta.function_call.name or ""
                arguments += choice.delta.function_call.arguments or ""
    check(name == "g" and arguments == answer.message.function_call.arguments, f"streamed: {name} {arguments}")
    none = chat(client, functions=functions, function_call="none").choices[0].message
    check(none.function_call is None and not none.tool_calls, f"none: {none}")
    refused("a function that is not there", "function_call", lambda: chat(
        client, functions=functions, function_call={"name": "h"}))


# No limit


def test_no_limit(client, server):
    # A typed answer ends by itself and is longer than the default limit of completions.
    schema = {"type": "string", "minLength": 40, "maxLength": 60}
    format = {"type": "json_schema", "json_schema": {"name": "s", "schema": schema, "strict": True}}
    for name in ("max_tokens", "max_completion_tokens"):
        usual = {"model": MODEL_NAME, "messages": QUESTION, "temperature": 0, "response_format": format}
        answer = client.chat.completions.create(**usual, **{name: -1}).choices[0]
        check(answer.finish_reason == "stop", f"{name} -1: {answer}")
        refused(f"{name} -2", name, lambda: client.chat.completions.create(**usual, **{name: -2}))
    response = respond(client, max_output_tokens=-1, text={"format": {"type": "json_schema", "name": "s", "schema": schema}})
    check(response.status == "completed" and response.max_output_tokens is None, f"max_output_tokens -1: {response.status}")
    refused("max_output_tokens -2", "max_output_tokens", lambda: respond(client, max_output_tokens=-2))
    completion = client.completions.create(
        model=MODEL_NAME, prompt="a b c", max_tokens=-1, temperature=0, stop=["\u2603"], logit_bias={})
    check(completion.usage.completion_tokens > 16 or completion.choices[0].finish_reason == "stop", f"completions: {completion}")
    texts = {chat(client, seed=-1, temperature=2, max_tokens=24).choices[0].message.model_dump_json() for _ in range(10)}
    check(len(texts) > 1, "seed -1 is a random one")


def test_loop_guard(client, server):
    """An answer that repeats itself is told as such, unless the request lets it go on."""
    loop = {"repetition_penalty": 0.01}
    looped = chat(client, max_tokens=1500, extra_body=loop).choices[0]
    check(looped.finish_reason == "stop" and (looped.model_extra or {}).get("stop_reason") == "repetition", f"{looped}")
    free = chat(client, max_tokens=1500, extra_body={**loop, "loop_guard": False})
    check(free.choices[0].finish_reason == "length" and free.usage.completion_tokens == 1500, f"{free}")
    zeros = {"type": "array", "items": {"enum": [0]}, "minItems": 600, "maxItems": 600}
    kept = chat(client, max_tokens=2500, extra_body=loop, response_format={
        "type": "json_schema", "json_schema": {"name": "zeros", "schema": zeros}}).choices[0]
    check(json.loads(kept.message.content) == [0] * 600 and kept.finish_reason == "stop", f"{kept}")
    refused("a switch that is none", "loop_guard", lambda: chat(client, extra_body={"loop_guard": "off"}))


def main():
    with Served("--context", "4096") as server:
        client = OpenAI(base_url=server.url, api_key="none", max_retries=0, timeout=120)
        for test in (
            test_hosted, test_namespaces, test_custom, test_custom_chat, test_allowed_tools, test_history, test_legacy,
            test_no_limit, test_loop_guard,
        ):
            attempt(test, client, server)
    finish()


if __name__ == "__main__":
    main()
