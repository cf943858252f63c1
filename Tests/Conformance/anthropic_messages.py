#!/usr/bin/env python3
"""`POST /v1/messages` as Anthropic's own client sees it: PyPI `anthropic` against a running `gptoss serve`.

    swift build -c release --scratch-path .build-server --traits Server --product gptoss
    python Tests/Conformance/anthropic_messages.py

Any model will do, a random one too: what is checked is shape, order, errors and what constraints enforce, not wit.
"""

import json
import time
import urllib.error
import urllib.request
from typing import Literal

import anthropic
from anthropic import Anthropic
from pydantic import BaseModel

from checks import attempt, check, finish
from served import Served, endless

MODEL_NAME = "openai/gpt-oss-20b"
QUESTION = [{"role": "user", "content": "What is MXFP4?"}]
QUESTION_BLOCK = [{"type": "text", "text": "What is MXFP4?"}]
# Enough for the reasoning and the call or the typed answer after it.
LIMIT = 400
WEATHER = {
    "name": "get_weather",
    "description": "Current weather in a city.",
    "input_schema": {
        "type": "object",
        "properties": {
            "city": {"type": "string", "maxLength": 12},
            "unit": {"type": "string", "enum": ["celsius", "fahrenheit"]},
        },
        "required": ["city", "unit"],
        "additionalProperties": False,
    },
}
NOW = {"name": "now", "description": "The time.", "input_schema": {"type": "object", "properties": {}}}
TIME_ASKED = [{"role": "user", "content": "What time is it?"}]
THINKING = {"type": "enabled", "budget_tokens": 1024}


def parameters(changes):
    """A request's parameters: those of `changes` beside the usual ones. The client has no name for the temperature."""
    extra = {"temperature": 0, **changes.pop("extra_body", {})}
    return {"model": MODEL_NAME, "max_tokens": LIMIT, "messages": QUESTION, "extra_body": extra, **changes}


def ask(client, **changes):
    return client.messages.create(**parameters(changes))


def root(client):
    """The server's URL."""
    return str(client.base_url).rstrip("/")


def raises(kind, what, body, mentions=""):
    """Checks that `body` throws an exception of the client's own, whose text has these words."""
    try:
        body()
    except kind as error:
        details = error.body.get("error", {}) if isinstance(error.body, dict) else {}
        check(isinstance(error.body, dict) and error.body.get("type") == "error", f"{what}: an error object: {error.body}")
        check(details.get("type") and details.get("message"), f"{what}: type and message: {error.body}")
        check(mentions in str(details.get("message")), f"{what}: the message has {mentions!r}: {error.body}")
        check(error.request_id, f"{what}: the header request-id")
        return error
    except Exception as error:  # noqa: BLE001 any other kind is the failure
        check(False, f"{what}: {type(error).__name__} {error} instead of {kind.__name__}")
    else:
        check(False, f"{what}: no error")
    return None


def total_input(usage):
    """All tokens of the prompt, cached ones too."""
    return usage.input_tokens + (usage.cache_read_input_tokens or 0) + (usage.cache_creation_input_tokens or 0)


def blocks(message, kind):
    return [block for block in message.content if block.type == kind]


def shape(message):
    """What the blocks hold, whichever class of the client's holds it."""
    held = {"text": "text", "thinking": "thinking", "tool_use": "input"}
    return [(block.type, getattr(block, held[block.type])) for block in message.content]


# Messages


def test_message(client):
    message = ask(client)
    check(message.type == "message" and message.role == "assistant" and message.id.startswith("msg_"), "type, role and id")
    check(message.model == MODEL_NAME, f"the model's name as it was asked for: {message.model}")
    check(message.stop_reason == "end_turn" and message.stop_sequence is None, f"stop reason {message.stop_reason}")
    check([block.type for block in message.content] == ["text"], f"only text unless thinking is asked for: {message.content}")
    check(message.content[0].text, "the text")
    check(message.usage.output_tokens > 0 and total_input(message.usage) > 10, f"usage {message.usage}")
    check(message._request_id, "the header request-id")
    again = ask(client)
    check(shape(again) == shape(message), "temperature 0 gives the same answer again")
    check(again.usage.cache_read_input_tokens, "the second request finds the prompt in the cache")
    check(total_input(again.usage) == total_input(message.usage), "cached tokens are not counted as input a second time")
    check(client.beta.messages.create(**parameters({})).content[0].text == message.content[0].text, "/v1/messages?beta=true")
    check(MODEL_NAME in [model.id for model in client.models.list()], "the list of models")


def test_max_tokens(client):
    message = ask(client, max_tokens=4)
    check(message.stop_reason == "max_tokens" and message.usage.output_tokens <= 4, f"a limit: {message}")


def test_system_and_blocks(client):
    plain = total_input(ask(client, max_tokens=1).usage)
    told = total_input(ask(client, max_tokens=1, system="Answer in French.").usage)
    check(told > plain, "system is in the prompt")
    listed = [{"type": "text", "text": "Answer in French.", "cache_control": {"type": "ephemeral"}}]
    check(total_input(ask(client, max_tokens=1, system=listed).usage) == told, "system as blocks is the same prompt")
    content = [{"type": "text", "text": "What is MXFP4?", "cache_control": {"type": "ephemeral"}}]
    count = total_input(ask(client, max_tokens=1, messages=[{"role": "user", "content": content}]).usage)
    check(count == plain, "content as a block is the same prompt")
    content = [{"type": "text", "text": "What is MXFP4?"}, {"type": "text", "text": " And why?"}]
    count = total_input(ask(client, max_tokens=1, messages=[{"role": "user", "content": content}]).usage)
    check(count > plain, "all blocks are in the prompt")
    middle = QUESTION + [{"role": "assistant", "content": "A format."}, {"role": "system", "content": "Be brief."}]
    answer = ask(client, messages=middle + [{"role": "user", "content": "And why?"}])
    check(answer.content, "a system message within the conversation")
    twice = [{"role": "user", "content": "Hello."}, {"role": "user", "content": "What is MXFP4?"}]
    check(ask(client, messages=twice).content, "two messages of the user")


def test_stop_sequences(client):
    text = ask(client).content[0].text
    stop = text[4:7]
    message = ask(client, stop_sequences=["\u2603\u2603", stop])
    check(message.stop_reason == "stop_sequence" and message.stop_sequence == stop, f"the stop sequence is named: {message}")
    said = "".join(block.text for block in blocks(message, "text"))
    check(said == text[: text.index(stop)], f"text ends before it: {said!r} of {text!r}")
    with client.messages.stream(**parameters({"stop_sequences": [stop]})) as stream:
        final = stream.get_final_message()
    check(final.stop_sequence == stop and shape(final) == shape(message), f"streamed: {final}")


def check_events(events, what):
    """Checks the order of a stream's events."""
    check(events[0].type == "message_start", f"{what}: begins with {events[0].type}")
    start = events[0].message
    check(start.content == [] and start.stop_reason is None, f"{what}: begins empty: {start}")
    check(total_input(start.usage) > 0, f"{what}: the beginning counts the prompt: {start.usage}")
    check([event.type for event in events[-2:]] == ["message_delta", "message_stop"], f"{what}: end")
    check(events[-2].delta.stop_reason and events[-2].usage.output_tokens > 0, f"{what}: {events[-2]}")
    open_block = None
    begun = 0
    for event in events[1:-2]:
        if event.type == "content_block_start":
            check(open_block is None and event.index == begun, f"{what}: blocks come one after the other: {event}")
            open_block = event.content_block.type
            begun += 1
        elif event.type == "content_block_delta":
            kinds = {"text": ["text_delta"], "thinking": ["thinking_delta", "signature_delta"], "tool_use": ["input_json_delta"]}
            check(event.delta.type in kinds.get(open_block, []), f"{what}: {event.delta.type} in {open_block}")
            check(event.index == begun - 1, f"{what}: index of a delta")
        elif event.type == "content_block_stop":
            check(open_block is not None and event.index == begun - 1, f"{what}: {event}")
            open_block = None
        else:
            check(False, f"{what}: {event.type} within the message")
    check(begun > 0 and open_block is None, f"{what}: all blocks end")


def test_stream(client):
    whole = ask(client)
    events = list(ask(client, stream=True))
    check_events(events, "stream")
    deltas = [event.delta.text for event in events if event.type == "content_block_delta" and event.delta.type == "text_delta"]
    check(len(deltas) > 1 and "".join(deltas) == whole.content[0].text, "pieces add up")
    with client.messages.stream(**parameters({})) as stream:
        text = "".join(stream.text_stream)
        final = stream.get_final_message()
    check(text == whole.content[0].text and shape(final) == shape(whole), "the client's own sum")
    check(final.stop_reason == whole.stop_reason, "stop reason of a stream")
    check(final.usage.output_tokens == whole.usage.output_tokens, f"usage: {final.usage}, {whole.usage}")
    check(total_input(final.usage) == total_input(whole.usage), f"usage: {final.usage}, {whole.usage}")


def test_thinking(client):
    message = ask(client, thinking=THINKING, max_tokens=2000)
    check([block.type for block in message.content] == ["thinking", "text"], f"thinking comes first: {message.content}")
    for block in blocks(message, "thinking"):
        check(block.thinking and block.signature, f"thinking has text and a signature: {block}")
    details = message.usage.output_tokens_details
    check(details is None or 0 < details.thinking_tokens < message.usage.output_tokens, f"usage {message.usage}")
    events = list(ask(client, thinking=THINKING, max_tokens=2000, stream=True))
    check_events(events, "stream with thinking")
    kinds = [event.delta.type for event in events if event.type == "content_block_delta"]
    check({"thinking_delta", "signature_delta", "text_delta"} <= set(kinds), f"deltas {set(kinds)}")
    with client.messages.stream(**parameters({"thinking": THINKING, "max_tokens": 2000})) as stream:
        check(shape(stream.get_final_message()) == shape(message), "streamed and whole message agree")
    follow = [{"role": "assistant", "content": message.content}, {"role": "user", "content": "And why?"}]
    check(ask(client, thinking=THINKING, max_tokens=2000, messages=QUESTION + follow).content, "thinking in the history")
    redacted = [{"type": "redacted_thinking", "data": "eA=="}, {"type": "text", "text": "A format."}]
    follow[0] = {"role": "assistant", "content": redacted}
    check(ask(client, messages=QUESTION + follow).content, "redacted thinking in the history")
    for thinking in ({"type": "adaptive"}, {"type": "adaptive", "display": "summarized"}):
        check(ask(client, thinking=thinking).content[0].type == "thinking", f"{thinking}")
    check(not blocks(ask(client, thinking={"type": "disabled"}), "thinking"), "thinking disabled")
    hidden = ask(client, thinking={"type": "adaptive", "display": "omitted"})
    check(all(not block.thinking for block in blocks(hidden, "thinking")), f"thinking omitted: {hidden.content}")
    for effort in ("low", "medium", "high", "xhigh", "max"):
        check(ask(client, output_config={"effort": effort}, max_tokens=1), f"effort {effort}")
    raises(anthropic.BadRequestError, "an unknown effort", lambda: ask(client, output_config={"effort": "enormous"}), "effort")
    raises(anthropic.BadRequestError, "unknown thinking", lambda: ask(client, thinking={"type": "deep"}), "thinking")


# Tools


def check_call(message, what, name="get_weather"):
    """Checks a message that calls a tool; returns the calls."""
    calls = blocks(message, "tool_use")
    check(message.stop_reason == "tool_use" and calls, f"{what}: {message.stop_reason}, {message.content}")
    for call in calls:
        check(call.name == name and call.id.startswith("toolu_") and isinstance(call.input, dict), f"{what}: {call}")
        if name == "get_weather":
            fits = set(call.input) == {"city", "unit"} and call.input["unit"] in ("celsius", "fahrenheit")
            check(fits, f"{what}: input {call.input}")
    return calls


def results(calls, **more):
    """The user's message with the results of calls."""
    return {
        "role": "user",
        "content": [{"type": "tool_result", "tool_use_id": call.id, "content": '{"sky":"rain"}', **more} for call in calls],
    }


def test_tools(client):
    forced = {"tools": [WEATHER], "tool_choice": {"type": "any"}}
    message = ask(client, **forced)
    calls = check_call(message, "any")
    check_call(ask(client, tools=[NOW, WEATHER], tool_choice={"type": "tool", "name": "get_weather"}), "a tool by name")
    timed = ask(client, tools=[NOW, WEATHER], tool_choice={"type": "tool", "name": "now"}, messages=TIME_ASKED)
    check_call(timed, "without input", name="now")
    check(ask(client, tools=[WEATHER], tool_choice={"type": "auto"}).stop_reason, "auto")
    none = ask(client, tools=[WEATHER], tool_choice={"type": "none"})
    check(not blocks(none, "tool_use") and none.stop_reason != "tool_use", f"none: {none.content}")
    one = ask(client, tools=[WEATHER], tool_choice={"type": "any", "disable_parallel_tool_use": True})
    check(len(check_call(one, "one call")) == 1, "no more than one call")
    check_call(ask(client, tools=[{**WEATHER, "type": "custom", "strict": True}], tool_choice={"type": "any"}), "type custom")

    history = QUESTION + [{"role": "assistant", "content": message.content}, results(calls)]
    final = ask(client, messages=history, tools=[WEATHER])
    check(final.content, "an answer after the result")
    shorter = total_input(ask(client, messages=QUESTION, tools=[WEATHER], max_tokens=1).usage)
    check(total_input(final.usage) > shorter + 5, "call and result are in the prompt")

    # A tool loop with thinking: the blocks go back as they came.
    message = ask(client, **forced, thinking=THINKING, max_tokens=2000)
    calls = check_call(message, "any, with thinking")
    check(message.content[0].type == "thinking", f"thinking before the call: {message.content}")
    history = QUESTION + [{"role": "assistant", "content": message.content}, results(calls)]
    with_thinking = ask(client, messages=history, tools=[WEATHER], thinking=THINKING, max_tokens=2000)
    history[1] = {"role": "assistant", "content": [block for block in message.content if block.type != "thinking"]}
    without = ask(client, messages=history, tools=[WEATHER], thinking=THINKING, max_tokens=2000)
    check(total_input(with_thinking.usage) > total_input(without.usage), "thinking sent back is in the prompt")


def test_tool_runner(client):
    """The client's own loop of tools, which first asks for a conversation that the server keeps."""
    called = []

    @anthropic.beta_tool
    def multiply(a: int, b: int) -> str:
        """Multiplies two numbers."""
        called.append((a, b))
        return str(a * b)

    question = [{"role": "user", "content": "What is 6 times 7?"}]
    for stream in (False, True):
        called.clear()
        runner = client.beta.messages.tool_runner(
            **parameters({"messages": question, "tools": [multiply], "stream": stream, "thinking": {"type": "adaptive"}}))
        if stream:
            messages = [part.get_final_message() for part in runner]
        else:
            messages = list(runner)
        check(called and all(isinstance(number, int) for call in called for number in call), f"the tool runs: {called}")
        check(messages[0].stop_reason == "tool_use" and messages[-1].stop_reason == "end_turn", f"the loop ends: {messages}")


def test_tool_stream(client):
    forced = {"tools": [WEATHER], "tool_choice": {"type": "any"}}
    whole = ask(client, **forced)
    events = list(ask(client, **forced, stream=True))
    check_events(events, "streamed call")
    starts = [event.content_block for event in events if event.type == "content_block_start"]
    check(all(block.input == {} for block in starts if block.type == "tool_use"), f"a call begins with no input: {starts}")
    with client.messages.stream(**parameters(dict(forced))) as stream:
        final = stream.get_final_message()
    inputs = [(call.name, call.input) for call in check_call(final, "streamed call")]
    check(inputs == [(call.name, call.input) for call in blocks(whole, "tool_use")], "streamed and whole call agree")
    with client.messages.stream(**parameters({"tools": [NOW], "tool_choice": {"type": "any"}, "messages": TIME_ASKED})) as stream:
        check_call(stream.get_final_message(), "streamed call without input", name="now")


def test_history(client):
    """What other clients send back."""
    call = {"type": "tool_use", "id": "toolu_a", "name": "get_weather", "input": {"city": "Oslo", "unit": "celsius"}}
    second = {**call, "id": "toolu_b", "caller": {"type": "direct"}}
    assistant = [{"type": "thinking", "thinking": "Need it.", "signature": ""}, {"type": "text", "text": "A moment."}]
    content = [
        {"type": "tool_result", "tool_use_id": "toolu_b", "content": [{"type": "text", "text": "rain"}], "is_error": False},
        {"type": "tool_result", "tool_use_id": "toolu_a", "content": "no such city", "is_error": True},
        {"type": "text", "text": "And tomorrow?"},
    ]
    history = QUESTION + [{"role": "assistant", "content": assistant + [call, second]}, {"role": "user", "content": content}]
    check(ask(client, messages=history, tools=[WEATHER]).content, "two calls, results in another order, words after them")
    check(ask(client, messages=history).content, "calls of tools that are not declared any more")
    content[0] = {"type": "tool_result", "tool_use_id": "toolu_b"}
    check(ask(client, messages=history, tools=[WEATHER]).content, "a result without content")
    server = [
        {"type": "server_tool_use", "id": "srvtoolu_a", "name": "web_search", "input": {"query": "rain"}},
        {"type": "web_search_tool_result", "tool_use_id": "srvtoolu_a", "content": []},
        {"type": "text", "text": "It rains."},
    ]
    history = QUESTION + [{"role": "assistant", "content": server}, {"role": "user", "content": "And tomorrow?"}]
    check(ask(client, messages=history).content, "a search of Anthropic's in the history")
    content = [{"type": "document", "source": {"type": "text", "media_type": "text/plain", "data": "MXFP4 is a format."}}]
    check(ask(client, messages=[{"role": "user", "content": content + QUESTION_BLOCK}]).content, "a document of plain text")


def test_tools_that_cannot_run(client):
    search = {"type": "web_search_20250305", "name": "web_search"}
    message = ask(client, tools=[search, WEATHER], tool_choice={"type": "any"})
    check_call(message, "beside a tool that cannot run")
    check("web_search" in str(message.model_extra), f"the tool that was left out is named: {message.model_extra}")
    check(ask(client, tools=[search]).content, "only a tool that cannot run")
    raises(
        anthropic.BadRequestError, "a required tool that cannot run",
        lambda: ask(client, tools=[search], tool_choice={"type": "any"}), "tool")


def test_claude_code(client):
    """A request as Claude Code sends it: instructions in blocks, many tools, betas, fields that others do not know."""
    tools = [
        {
            "name": f"mcp__server__tool_{index}",
            "description": f"Tool {index}.",
            "input_schema": {
                "$schema": "https://json-schema.org/draft/2020-12/schema",
                "type": "object",
                "properties": {
                    "file_path": {"type": "string", "description": "The absolute path."},
                    "limit": {"type": "integer", "minimum": 0},
                    "edits": {"type": "array", "items": {"type": "object", "properties": {"old": {"type": "string"}}}},
                },
                "required": ["file_path"],
                "additionalProperties": False,
            },
        }
        for index in range(12)
    ]
    account = {"type": "text", "text": "x-anthropic-billing-header: cc_version=2.1; cch=0"}
    system = [
        {"type": "text", "text": "You are a coding agent.", "cache_control": {"type": "ephemeral"}},
        {"type": "text", "text": "Work step by step.\n" * 20, "cache_control": {"type": "ephemeral", "ttl": "1h"}},
    ]
    request = {
        "model": "claude-haiku-4-5-20251001",
        "max_tokens": 32000,
        "messages": [
            {"role": "user", "content": [{"type": "text", "text": "<system-reminder>Be brief.</system-reminder>"}, QUESTION_BLOCK[0]]}
        ],
        "tools": tools + [{"type": "web_search_20250305", "name": "web_search", "max_uses": 8}],
        "metadata": {"user_id": "user_0_account__session_0"},
        "thinking": {"type": "adaptive"},
        "betas": ["claude-code-20250219", "interleaved-thinking-2025-05-14"],
        "extra_body": {
            "temperature": 1, "seed": 1, "output_config": {"effort": "low"},
            "context_management": {"edits": [{"type": "clear_thinking_20251015", "keep": "all"}]},
        },
    }
    counts = []
    for number in range(2):
        account["text"] += str(number)
        with client.beta.messages.stream(**request, system=[account] + system) as stream:
            events = list(stream)
            final = stream.get_final_message()
        check(final.stop_reason and final.model == request["model"], f"Claude Code's request: {final}")
        check("web_search" in str(events[0].message.model_extra), f"tools that were left out: {events[0]}")
        counts.append(final.usage)
    cached = counts[1].cache_read_input_tokens
    check(counts[1].input_tokens < 20 < cached, f"what changes with each request does not empty the cache: {counts}")


class Typed(BaseModel):
    sky: Literal["rain", "sun"]
    windy: bool


def test_typed(client):
    message = client.messages.parse(**parameters({"output_format": Typed}))
    check(isinstance(message.parsed_output, Typed), f"a typed answer: {message.content}")


# Counting and errors


def test_count_tokens(client):
    for what, changes in (
        ("a question", {}), ("system", {"system": "Be brief."}), ("tools", {"tools": [WEATHER]}),
        ("thinking", {"thinking": THINKING}),
    ):
        request = {"model": MODEL_NAME, "messages": QUESTION, **changes}
        count = client.messages.count_tokens(**request).input_tokens
        # The limit has to be above the budget of thinking.
        used = total_input(ask(client, **request, max_tokens=1025 if "thinking" in changes else 1).usage)
        check(count == used, f"count_tokens, {what}: {count}, but the prompt had {used}")
    count = client.messages.count_tokens
    raises(anthropic.BadRequestError, "count of nothing", lambda: count(model=MODEL_NAME, messages=[]), "messages")
    raises(anthropic.NotFoundError, "count for an unknown model", lambda: count(model="x", messages=QUESTION), "x")


def test_errors(client):
    def bad(what, mentions, **changes):
        error = raises(anthropic.BadRequestError, what, lambda: ask(client, **changes), mentions)
        if error:
            check(error.type == "invalid_request_error", f"{what}: {error.body}")

    user = lambda *content: [{"role": "user", "content": list(content)}]  # noqa: E731
    image = {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "eA=="}}
    pdf = {"type": "document", "source": {"type": "base64", "media_type": "application/pdf", "data": "eA=="}}
    bad("an image", "image", messages=user(QUESTION_BLOCK[0], image))
    bad("a PDF", "document", messages=user(pdf))
    bad("no messages", "messages", messages=[])
    bad("an unknown role", "role", messages=[{"role": "judge", "content": "x"}])
    bad("an unknown block", "type", messages=user({"type": "smell"}))
    bad("content of the wrong type", "content", messages=[{"role": "user", "content": 7}])
    bad("a result without its call", "tool_use_id", messages=user({"type": "tool_result", "tool_use_id": "x", "content": "y"}))
    bad("an answer begun by the client", "messages", messages=QUESTION + [{"role": "assistant", "content": "It is"}])
    bad("temperature out of range", "temperature", extra_body={"temperature": 3})
    bad("temperature below 0", "temperature", extra_body={"temperature": -1})
    bad("temperature of the wrong type", "temperature", extra_body={"temperature": "hot"})
    bad("no limit", "max_tokens", extra_body={"max_tokens": None})
    bad("a limit of the wrong type", "max_tokens", extra_body={"max_tokens": "many"})
    bad("a tool without its schema", "input_schema", tools=[{"name": "x"}])
    bad("a tool that is not there", "tool_choice", tools=[WEATHER], tool_choice={"type": "tool", "name": "x"})
    bad("a required tool of none", "tool_choice", tool_choice={"type": "any"})
    bad("an unknown choice", "tool_choice", tools=[WEATHER], tool_choice={"type": "perhaps"})
    bad("a prompt longer than the context", "context", messages=user({"type": "text", "text": "a b c d " * 4000}))
    bad("an error before a stream", "temperature", stream=True, extra_body={"temperature": 3})
    check(ask(client, extra_body={"nonsense": [1]}, metadata={"user_id": "u"}).content, "unknown fields are ignored")
    error = raises(anthropic.NotFoundError, "an unknown model", lambda: ask(client, model="gpt-17"), "gpt-17")
    check(error is None or error.type == "not_found_error", "type of an unknown model")
    kind, post = anthropic.NotFoundError, lambda path: client.post(path, body={}, cast_to=object)
    raises(kind, "an unknown path", lambda: post("/v1/messages/batches"), "/v1/messages/batches")
    raises(kind, "an unknown path of a client of Anthropic's", lambda: post("/v1/complete"), "/v1/complete")
    raises(kind, "a method that there is not", lambda: client.get("/v1/messages", cast_to=object), "GET")
    large = [{"role": "user", "content": "x" * (17 << 20)}]
    raises(anthropic.ContentTooLargeError, "a large body", lambda: ask(client, messages=large), "bytes")


def test_bodies(client):
    """What the client itself cannot send."""

    def ask_plainly(body):
        request = urllib.request.Request(f"{root(client)}/v1/messages", body, {"Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(request) as reply:
                return reply.status, json.load(reply), reply.headers
        except urllib.error.HTTPError as error:
            return error.code, json.load(error), error.headers

    deep = b'{"model":"x","max_tokens":1,"messages":' + b"[" * 100000
    for body in (b"", b"{", b"[]", b"null", b'"x"', b"\xff", deep):
        status, error, headers = ask_plainly(body)
        kind = error.get("error", {}).get("type")
        check(status == 400 and kind == "invalid_request_error", f"{body[:20]}: {status} {error}")
        check(error.get("request_id") == headers["request-id"], f"{body[:20]}: the request's id: {error} {headers}")
    plain = {"model": MODEL_NAME, "max_tokens": 1, "messages": QUESTION}
    status, message, headers = ask_plainly(json.dumps(plain).encode())
    check(status == 200 and message["type"] == "message", f"without the headers of Anthropic's clients: {message}")
    check(headers["request-id"].startswith("req_"), f"the request's id: {headers}")
    # 100,000 pieces of text, each a block.
    pieces = [{"type": "text", "text": "x"}] * 100000
    plain["messages"] = [QUESTION[0], {"role": "assistant", "content": pieces}, QUESTION[0]]
    start = time.monotonic()
    status, error, _ = ask_plainly(json.dumps(plain).encode())
    text = error.get("error", {}).get("message", "")
    check(status == 400 and text.startswith("prompt is too long: "), f"a long prompt in Anthropic's words: {error}")
    check(time.monotonic() - start < 5, f"many blocks take {time.monotonic() - start:.1f} s")


def test_leaving(client):
    """A client that goes away takes nothing with it."""

    def running():
        with urllib.request.urlopen(f"{root(client)}/health") as reply:
            return json.load(reply)["running"]

    for thinking in (THINKING, {"type": "disabled"}):
        stream = ask(client, stream=True, max_tokens=100000, thinking=thinking, extra_body=endless())
        next(iter(stream))
        check(running() == 1, "an answer runs")
        stream.close()
        deadline = time.monotonic() + 5
        while running() and time.monotonic() < deadline:
            time.sleep(0.01)
        check(running() == 0, "its slot is free when the client has gone")


def test_access():
    with Served("--api-key", "secret") as server:
        client = lambda **key: Anthropic(base_url=server.root, max_retries=0, timeout=60, **key)  # noqa: E731
        error = raises(anthropic.AuthenticationError, "a wrong key", lambda: ask(client(api_key="wrong")))
        check(error is None or error.type == "authentication_error", f"a wrong key: {error}")
        check(ask(client(api_key="secret"), max_tokens=1), "x-api-key")
        check(ask(client(auth_token="secret", api_key=None), max_tokens=1), "Authorization: Bearer")
        raises(anthropic.AuthenticationError, "the list of models, a wrong key", lambda: client(api_key="wrong").models.list())


def test_queue():
    with Served("--parallel", "1", "--queue", "0") as server:
        client = Anthropic(base_url=server.root, api_key="none", max_retries=0, timeout=60)
        stream = ask(client, stream=True, max_tokens=100000, extra_body=endless())
        next(iter(stream))
        error = raises(anthropic.RateLimitError, "a full queue", lambda: ask(client, max_tokens=1))
        if error:
            check(1 <= int(error.response.headers["retry-after"]) <= 60, "Retry-After")
            check(error.type == "rate_limit_error", f"a full queue: {error.body}")
        stream.close()


def main():
    with Served("--context", "4096") as server:
        client = Anthropic(base_url=server.root, api_key="none", max_retries=0, timeout=120)
        for test in (
            test_message, test_max_tokens, test_system_and_blocks, test_stop_sequences, test_stream, test_thinking, test_tools,
            test_tool_runner, test_tool_stream, test_history, test_tools_that_cannot_run, test_claude_code, test_typed, test_count_tokens,
            test_errors, test_bodies, test_leaving,
        ):
            attempt(test, client)
    attempt(test_access)
    attempt(test_queue)
    finish()


if __name__ == "__main__":
    main()
