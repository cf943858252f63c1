#!/usr/bin/env python3
"""The server as OpenAI's own client sees it: PyPI `openai` against a running `gptoss serve`.

    swift build -c release --scratch-path .build-server --traits Server --product gptoss
    python Tests/Conformance/server.py

Any model will do, a random one too: what is checked is shape, order, errors and what constraints enforce, not wit.
GPTOSS_MODEL names another model than the small one of Fixtures, GPTOSS_SERVER another program.
"""

import http.client
import json
import os
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from pathlib import Path

import openai
from openai import OpenAI
from pydantic import BaseModel, Field

from checks import attempt, check, finish
from served import GPTOSS, MODEL, Served, endless

MODEL_NAME = "openai/gpt-oss-20b"
QUESTION = [{"role": "user", "content": "What is MXFP4?"}]
WEATHER = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "description": "Current weather in a city.",
        "parameters": {
            "type": "object",
            "properties": {
                "city": {"type": "string", "maxLength": 12},
                "unit": {"type": "string", "enum": ["celsius", "fahrenheit"]},
            },
            "required": ["city", "unit"],
            "additionalProperties": False,
        },
    },
}
FLAT_WEATHER = {"type": "function", **WEATHER["function"]}
# Parameters of an answer that only its limit ends; see `main`.
ENDLESS = {}

def raises(kind, what, body, **expected):
    """Checks that `body` throws an exception of the client's own, with these attributes."""
    try:
        body()
    except kind as error:
        for name, value in expected.items():
            check(getattr(error, name, None) == value, f"{what}: {name} is {getattr(error, name, None)!r}, not {value!r}")
        return error
    except Exception as error:  # noqa: BLE001 any other kind is the failure
        check(False, f"{what}: {type(error).__name__} {error} instead of {kind.__name__}")
    else:
        check(False, f"{what}: no error")
    return None


def chat(client, messages=QUESTION, **parameters):
    parameters = {"model": MODEL_NAME, "max_tokens": 24, "temperature": 0, **parameters}
    return client.chat.completions.create(messages=messages, **parameters)


def respond(client, **parameters):
    parameters = {"model": MODEL_NAME, "max_output_tokens": 24, "temperature": 0, "input": "What is MXFP4?", **parameters}
    return client.responses.create(**parameters)


# Chat


def test_models(client, server):
    names = [model.id for model in client.models.list()]
    check(MODEL_NAME in names, f"{MODEL_NAME} is listed in {names}")
    for name in names:
        check(client.models.retrieve(name).id == name, f"retrieve {name}")
        check(chat(client, model=name, max_tokens=1).model == name, f"{name} names the model")
    raises(openai.NotFoundError, "unknown model", lambda: chat(client, model="gpt-17"), code="model_not_found", param="model")
    raises(openai.NotFoundError, "retrieve an unknown model", lambda: client.models.retrieve("gpt-17"))


def test_chat(client, server):
    answer = chat(client)
    check(answer.object == "chat.completion" and answer.id.startswith("chatcmpl-"), "object and id")
    choice = answer.choices[0]
    check(choice.message.role == "assistant" and choice.index == 0, "role and index")
    check(choice.finish_reason in ("stop", "length"), f"finish reason {choice.finish_reason}")
    usage = answer.usage
    check(usage.completion_tokens <= 24 and usage.prompt_tokens > 10, f"usage {usage}")
    check(usage.total_tokens == usage.prompt_tokens + usage.completion_tokens, "total of tokens")
    again = chat(client)
    check(again.choices[0].message == choice.message, "temperature 0 gives the same answer again")
    check(again.usage.prompt_tokens_details.cached_tokens > 0, "the second request finds the prompt in the cache")
    seeded = [chat(client, temperature=1, seed=7).choices[0].message.model_dump() for _ in range(2)]
    check(seeded[0] == seeded[1], "the same seed gives the same answer")


def test_chat_stream(client, server):
    whole = chat(client)
    chunks = list(chat(client, stream=True, stream_options={"include_usage": True}))
    check(chunks[0].choices[0].delta.role == "assistant", "the first chunk tells the role")
    check(len({chunk.id for chunk in chunks}) == 1, "one id for all chunks")
    check(all(chunk.object == "chat.completion.chunk" for chunk in chunks), "object of chunks")
    check(chunks[-1].choices == [] and chunks[-1].usage.total_tokens == whole.usage.total_tokens, "usage comes last")
    deltas = [choice.delta for chunk in chunks for choice in chunk.choices]
    check("".join(delta.content or "" for delta in deltas) == (whole.choices[0].message.content or ""), "pieces add up")
    reasoning = "".join(getattr(delta, "reasoning", None) or "" for delta in deltas)
    check(reasoning == (getattr(whole.choices[0].message, "reasoning", None) or ""), "pieces of reasoning add up")
    reasons = [choice.finish_reason for chunk in chunks for choice in chunk.choices if choice.finish_reason]
    check(reasons == [whole.choices[0].finish_reason], f"one finish reason: {reasons}")
    check(all(chunk.usage is None for chunk in chat(client, stream=True)), "no usage unless asked for")


def test_choices(client, server):
    joke = [{"role": "user", "content": "Tell me a joke"}]
    answer = chat(client, joke, n=4, temperature=2, seed=1)
    check([choice.index for choice in answer.choices] == [0, 1, 2, 3], "four choices")
    one = chat(client, joke, temperature=2, seed=1)
    check(one.choices[0].message == answer.choices[0].message, "the first choice is that of n = 1")
    texts = [choice.message.model_dump_json() for choice in answer.choices]
    check(len(set(texts)) > 1, f"the choices differ: {texts}")
    streamed = {0: "", 1: "", 2: "", 3: ""}
    for chunk in chat(client, joke, n=4, temperature=2, seed=1, stream=True):
        for choice in chunk.choices:
            streamed[choice.index] += choice.delta.content or ""
    check(list(streamed.values()) == [choice.message.content or "" for choice in answer.choices], "streamed choices")


def visible_text(client, tokens=160):
    """A question whose answer has text for the user, and that text: low effort and a schema leave little else."""
    schema = {"type": "string", "minLength": 12, "maxLength": 24}
    parameters = {
        "reasoning_effort": "low", "max_tokens": tokens,
        "response_format": {"type": "json_schema", "json_schema": {"name": "words", "schema": schema, "strict": True}},
    }
    return parameters, chat(client, **parameters)


def test_stop(client, server):
    text = client.completions.create(model=MODEL_NAME, prompt="MXFP4 is", max_tokens=32, temperature=0).choices[0].text
    stop = text[len(text) // 2 :][:2]
    cut = client.completions.create(
        model=MODEL_NAME, prompt="MXFP4 is", max_tokens=32, temperature=0, stop=[stop]).choices[0]
    check(cut.text == text[: text.index(stop)], f"text ends before the stop sequence: {cut.text!r} of {text!r}")
    check(cut.finish_reason == "stop", "finish reason of a stop sequence")


def test_logprobs(client, server):
    parameters, plain = visible_text(client)
    answer = chat(client, **parameters, logprobs=True, top_logprobs=3)
    check(answer.choices[0].message.content == plain.choices[0].message.content, "log-probabilities change nothing")
    tokens = answer.choices[0].logprobs.content
    text = b"".join(bytes(token.bytes) for token in tokens).decode(errors="replace")
    check(text == answer.choices[0].message.content, f"tokens add up to the text: {text!r}, {answer.choices[0].message.content!r}")
    check(all(token.logprob <= 0 and len(token.top_logprobs) == 3 for token in tokens), "values and alternatives")
    best = [[entry.logprob for entry in token.top_logprobs] for token in tokens]
    check(all(values == sorted(values, reverse=True) for values in best), "alternatives come best first")
    streamed = []
    for chunk in chat(client, **parameters, logprobs=True, top_logprobs=3, stream=True):
        for choice in chunk.choices:
            streamed += choice.logprobs.content if choice.logprobs else []
    check([token.token for token in streamed] == [token.token for token in tokens], "streamed log-probabilities")


class Limited(BaseModel):
    """What `parse` makes of an answer: small enough for any model to finish."""

    name: str = Field(max_length=12)
    size: int = Field(ge=0, le=99)


def test_structured(client, server):
    completion = client.chat.completions.parse(
        model=MODEL_NAME, messages=QUESTION, response_format=Limited, max_tokens=400, temperature=0)
    message = completion.choices[0].message
    check(isinstance(message.parsed, Limited), f"parse gives an object: {message.content!r}")
    answer = chat(client, response_format={"type": "json_object"}, max_tokens=400)
    if answer.choices[0].finish_reason == "stop":
        check(isinstance(json.loads(answer.choices[0].message.content), dict), "json_object gives an object")
    response = client.responses.parse(
        model=MODEL_NAME, input="What is MXFP4?", text_format=Limited, max_output_tokens=400, temperature=0)
    check(isinstance(response.output_parsed, Limited), f"responses.parse gives an object: {response.output_text!r}")


# Tools


def test_tools(client, server):
    answer = chat(client, tools=[WEATHER], tool_choice="required", max_tokens=400)
    message = answer.choices[0].message
    check(answer.choices[0].finish_reason == "tool_calls", f"required: {answer.choices[0].finish_reason}")
    calls = message.tool_calls or []
    check(len(calls) >= 1 and calls[0].type == "function", "there is a call")
    arguments = json.loads(calls[0].function.arguments)
    check(calls[0].function.name == "get_weather" and arguments["unit"] in ("celsius", "fahrenheit"), f"call {calls[0]}")
    named = chat(
        client, tools=[WEATHER, other_tool()], max_tokens=400,
        tool_choice={"type": "function", "function": {"name": "now"}})
    check({call.function.name for call in named.choices[0].message.tool_calls} == {"now"}, "the named function is called")
    none = chat(client, tools=[WEATHER], tool_choice="none", max_tokens=100)
    check(not none.choices[0].message.tool_calls, "none: no call")

    # The round trip: reasoning under either name, the call, its result, an answer.
    reasoning = getattr(message, "reasoning", None) or "Need the weather."
    lengths = []
    for name in ("reasoning", "reasoning_content", None):
        assistant = {"role": "assistant", "content": None, "tool_calls": [call.model_dump() for call in calls]}
        if name:
            assistant[name] = reasoning
        history = QUESTION + [assistant] + [
            {"role": "tool", "tool_call_id": call.id, "content": '{"sky":"rain"}'} for call in calls
        ]
        final = chat(client, history, tools=[WEATHER])
        check(final.choices[0].message.role == "assistant", "an answer after the result")
        lengths.append(final.usage.prompt_tokens)
    check(lengths[0] == lengths[1] > lengths[2], f"reasoning sent back is in the prompt: {lengths}")
    finished = chat(client, history[:1] + [{"role": "assistant", "content": "Yes.", "reasoning": reasoning}] + QUESTION)
    without = chat(client, history[:1] + [{"role": "assistant", "content": "Yes."}] + QUESTION)
    check(finished.usage.prompt_tokens == without.usage.prompt_tokens, "reasoning of a finished turn is left out")


def test_tool_stream(client, server):
    whole = chat(client, tools=[WEATHER], tool_choice="required", max_tokens=400).choices[0]
    calls, reason = {}, None
    for chunk in chat(client, tools=[WEATHER], tool_choice="required", max_tokens=400, stream=True):
        for choice in chunk.choices:
            reason = choice.finish_reason or reason
            for call in choice.delta.tool_calls or []:
                entry = calls.setdefault(call.index, {"id": call.id, "name": call.function.name, "arguments": ""})
                entry["arguments"] += call.function.arguments or ""
                check(call.index == max(calls), "pieces come in the order of calls")
    check(reason == "tool_calls", f"finish reason of a streamed call: {reason}")
    check(all(entry["id"] and entry["name"] for entry in calls.values()), "the first piece has id and name")
    told = [(entry["name"], entry["arguments"]) for entry in calls.values()]
    check(told == [(call.function.name, call.function.arguments) for call in whole.message.tool_calls], "pieces of calls add up")


def other_tool():
    return {"type": "function", "function": {"name": "now", "parameters": {"type": "object", "properties": {}}}}


# Responses


def test_responses(client, server):
    response = respond(client)
    check(response.object == "response" and response.id.startswith("resp_"), "object and id")
    check(response.status in ("completed", "incomplete"), f"status {response.status}")
    for item in response.output:
        if item.type == "reasoning":
            check(item.content[0].type == "reasoning_text" and item.content[0].text, "reasoning has text")
    kept = client.responses.retrieve(response.id)
    check(kept.id == response.id and kept.output == response.output, "the response is kept")
    following = respond(client, previous_response_id=response.id, input="And why?")
    check(following.usage.input_tokens > response.usage.input_tokens, "the earlier conversation is in the prompt")
    check(following.previous_response_id == response.id, "the earlier response is named")
    items = [{"role": "user", "content": "What is MXFP4?"}]
    items += [item.model_dump(exclude_none=True) for item in response.output]
    items += [{"role": "user", "content": [{"type": "input_text", "text": "And why?"}]}]
    by_hand = respond(client, input=items)
    check(by_hand.usage.input_tokens == following.usage.input_tokens, "items sent back are the same prompt")
    referred = {"type": "item_reference", "id": response.output[-1].id}
    for count in range(3):  # what was answered to a reference is kept, and referred to again
        again = respond(client, input=[referred, {"role": "user", "content": "And why?"}])
        check(again.status in ("completed", "incomplete"), f"an item referred to, {count + 1} times")
    later = respond(client, previous_response_id=again.id, input="And now?")
    check(later.usage.input_tokens > again.usage.input_tokens, "the item is part of what follows")
    client.responses.delete(response.id)
    raises(openai.NotFoundError, "a deleted response", lambda: client.responses.retrieve(response.id))
    raises(
        openai.NotFoundError, "a deleted previous response", lambda: respond(client, previous_response_id=response.id),
        param="previous_response_id")
    forgotten = respond(client, store=False)
    raises(openai.NotFoundError, "a response that is not stored", lambda: client.responses.retrieve(forgotten.id))


def test_responses_stream(client, server):
    parameters = {"tools": [FLAT_WEATHER], "tool_choice": "required", "max_output_tokens": 400}
    whole = respond(client, **parameters)
    events = list(respond(client, **parameters, stream=True))
    check([event.sequence_number for event in events] == list(range(len(events))), "sequence numbers count up")
    kinds = [event.type for event in events]
    check(kinds[:2] == ["response.created", "response.in_progress"], f"beginning {kinds[:2]}")
    check(kinds[-1] == "response.completed", f"end {kinds[-1]}")
    added = {event.item.id: event.output_index for event in events if event.type == "response.output_item.added"}
    done = {event.item.id: event.output_index for event in events if event.type == "response.output_item.done"}
    check(added == done and list(added.values()) == list(range(len(added))), "items begin and end, in order")
    pieces = {}
    for event in events:
        if event.type.endswith(".delta"):
            pieces[event.item_id] = pieces.get(event.item_id, "") + event.delta
    for event in events:
        if event.type == "response.function_call_arguments.done":
            check(pieces[event.item_id] == event.arguments, "pieces of arguments add up")
        if event.type in ("response.reasoning_text.done", "response.output_text.done"):
            check(pieces[event.item_id] == event.text, f"pieces add up to {event.type}")
    final = events[-1].response
    calls = [item for item in final.output if item.type == "function_call"]
    check(calls and json.loads(calls[0].arguments)["unit"] in ("celsius", "fahrenheit"), "the call is in the response")
    shape = lambda response: [(item.type, getattr(item, "arguments", None)) for item in response.output]  # noqa: E731
    check(shape(final) == shape(whole), "streamed and whole response agree")
    result = [{"type": "function_call_output", "call_id": call.call_id, "output": '{"sky":"rain"}'} for call in calls]
    answered = respond(client, previous_response_id=final.id, input=result, tools=[FLAT_WEATHER])
    check(answered.status in ("completed", "incomplete"), "the round trip goes on from the result")
    raises(
        openai.BadRequestError, "a result without its call", lambda: respond(client, input=result),
        param="input[0].call_id")


# Errors


def test_errors(client, server):
    def bad(what, param, **parameters):
        raises(openai.BadRequestError, what, lambda: chat(client, **parameters), param=param)

    bad("wrong type", "temperature", temperature="hot")
    bad("out of range", "temperature", temperature=3)
    bad("too many alternatives", "top_logprobs", logprobs=True, top_logprobs=21)
    bad("alternatives without log-probabilities", "top_logprobs", top_logprobs=2)
    bad("no choice", "n", n=0)
    bad("no messages", "messages", messages=[])
    bad("unknown role", "messages[0].role", messages=[{"role": "judge", "content": "x"}])
    bad("an image", "messages[0].content[0].type", messages=[{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "x"}}]}])
    bad("a result without its call", "messages[0].tool_call_id", messages=[{"role": "tool", "tool_call_id": "c", "content": "x"}])
    bad("unknown effort", "reasoning_effort", reasoning_effort="enormous")
    bad("unknown format", "response_format.type", response_format={"type": "xml"})
    bad("format without its schema", "response_format.json_schema", response_format={"type": "json_schema"})
    bad("a tool without a type", "tools[0].type", tools=[{"function": {"name": "x"}}])
    bad("a required tool of none", "tool_choice", tool_choice="required")
    bad("a tool that is not there", "tool_choice.function.name", tools=[WEATHER], tool_choice={"type": "function", "function": {"name": "x"}})
    bad("a token that is not there", "logit_bias", logit_bias={"99999999": 1})
    bad("a bias for no token", "logit_bias", logit_bias={"x": 1})
    raises(
        openai.BadRequestError, "a prompt longer than the context",
        lambda: client.completions.create(model=MODEL_NAME, prompt="a b c d " * 4000, max_tokens=1), code="context_length_exceeded")
    raises(openai.NotFoundError, "unknown path", lambda: client.embeddings.create(model=MODEL_NAME, input="x"), code="unknown_url")
    check(chat(client, extra_body={"nonsense": [1]}).choices, "unknown fields are ignored")
    for body in (b"", b"{", b"[]", b"\xff{}", b"null"):
        request = urllib.request.Request(server.url + "/chat/completions", body, {"Content-Type": "application/json"})
        try:
            urllib.request.urlopen(request)
            check(False, f"body {body!r} is refused")
        except urllib.error.HTTPError as error:
            check(error.code == 400 and "error" in json.load(error), f"body {body!r}: {error.code}")


def test_limits(client, server):
    def status(data, headers):
        request = urllib.request.Request(server.url + "/chat/completions", data, headers)
        try:
            with urllib.request.urlopen(request) as reply:
                return reply.status
        except urllib.error.HTTPError as error:
            return error.code

    large = b'{"model": "' + b"x" * (17 << 20) + b'"}'
    check(status(large, {"Content-Type": "application/json"}) == 413, "a body of 17 MB")
    check(status(b"{}", {"X-Large": "x" * 40_000}) == 400, "a header of 40 KB")
    with socket.create_connection(("127.0.0.1", server.port)) as connection:
        connection.sendall(b"nonsense\r\n\r\n")
        check(b" 400 " in connection.recv(100), "what is not HTTP")


def test_http(client, server):
    connection = http.client.HTTPConnection("127.0.0.1", server.port)

    def ask(method, path, body=None, **headers):
        connection.request(method, path, body, headers)
        reply = connection.getresponse()
        return reply.status, reply.headers, reply.read()

    # One connection for all: an answer, whole or streamed, leaves it open.
    status, headers, page = ask("GET", "/v1/models")
    check(status == 200 and headers["x-request-id"].startswith("req_"), f"GET: {status} {headers}")
    head = ask("HEAD", "/v1/models")
    check(head[0] == 200 and head[1]["Content-Length"] == str(len(page)) and not head[2], f"HEAD: {head}")
    for name in (MODEL_NAME, MODEL_NAME.replace("/", "%2F")):
        check(ask("GET", "/v1/models/" + name)[0] == 200, f"{name} as a path")
    for method, path in (("DELETE", "/v1/models"), ("GET", "/v1/chat/completions"), ("POST", "/"), ("GET", "/v1/responses/resp_1/input_items"), ("OPTIONS", "/v1/models")):
        status, _, page = ask(method, path)
        check(status == 404 and json.loads(page)["error"]["code"] == "unknown_url", f"{method} {path}: {status}")
    port = connection.sock.getsockname()[1]
    for stream in (False, True):
        body = json.dumps({"model": MODEL_NAME, "messages": QUESTION, "max_tokens": 2, "stream": stream})
        check(ask("POST", "/v1/chat/completions", body)[0] == 200, "an answer")
    check(connection.sock and connection.sock.getsockname()[1] == port, "the connection is kept")
    connection.close()


def test_timeout_and_cancellation(client, server):
    raises(
        openai.APITimeoutError, "the client's timeout",
        lambda: chat(client.with_options(timeout=0.3, max_retries=0), max_tokens=4000, **ENDLESS))
    stream = chat(client, stream=True, max_tokens=4000, **ENDLESS)
    for _, _ in zip(range(5), stream):
        pass
    stream.close()
    deadline = time.monotonic() + 5
    while health(server)["running"] and time.monotonic() < deadline:
        time.sleep(0.02)
    check(health(server)["running"] == 0, f"slots are free after the clients have gone: {health(server)}")


# Everything else


def health(server):
    with urllib.request.urlopen(server.root + "/health") as reply:
        return json.load(reply)


def test_completions(client, server):
    answer = client.completions.create(
        model=MODEL_NAME, prompt=["Once", "Twice"], max_tokens=8, temperature=0, logprobs=2, n=1)
    check([choice.index for choice in answer.choices] == [0, 1], "a choice for every prompt")
    told = answer.choices[0].logprobs
    check(len(told.tokens) == len(told.token_logprobs) == len(told.top_logprobs) == len(told.text_offset), "lists side by side")
    pieces = [
        chunk.choices[0].text
        for chunk in client.completions.create(model=MODEL_NAME, prompt="Once", max_tokens=8, temperature=0, stream=True)
        if chunk.choices
    ]
    check("".join(pieces) == answer.choices[0].text, "pieces add up")
    echoed = client.completions.create(model=MODEL_NAME, prompt="Once", max_tokens=8, temperature=0, echo=True)
    check(echoed.choices[0].text == "Once" + answer.choices[0].text, "echo")


def test_metrics(client, server):
    with urllib.request.urlopen(server.root + "/metrics") as reply:
        page = reply.read().decode()
    check('gptoss_requests_total{endpoint="/v1/chat/completions",status="200"}' in page, "requests are counted")
    values = dict(line.rsplit(" ", 1) for line in page.splitlines() if not line.startswith("#"))
    check(int(values["gptoss_generated_tokens_total"]) > 0, "tokens are counted")
    check(int(values["gptoss_cached_tokens_total"]) > 0, "cached tokens are counted")
    entry = json.loads(next(line for line in server.log if '"path":"/v1/chat/completions"' in line))
    check({"time", "id", "status", "milliseconds", "generated_tokens"} <= set(entry), f"log entry {entry}")
    check("MXFP4" not in json.dumps(entry), "the log has no contents")


def test_access():
    with Served("--api-key", "secret", "--cors", "https://example.org") as server:
        raises(
            openai.AuthenticationError, "a wrong key",
            lambda: OpenAI(base_url=server.url, api_key="wrong").models.list(), code="invalid_api_key")
        check(len(list(OpenAI(base_url=server.url, api_key="secret").models.list())) > 0, "the right key")
        check(health(server)["status"] == "ok", "health needs no key")

        def ask(origin, method="GET"):
            headers = {"Origin": origin, "Authorization": "Bearer secret", "Access-Control-Request-Method": "POST"}
            request = urllib.request.Request(server.url + "/models", None, headers, method=method)
            try:
                with urllib.request.urlopen(request) as reply:
                    return reply.status, reply.headers
            except urllib.error.HTTPError as error:
                return error.code, error.headers

        check(ask("https://example.org")[1]["Access-Control-Allow-Origin"] == "https://example.org", "an allowed origin")
        status, headers = ask("https://example.org", "OPTIONS")
        check(status == 204 and "POST" in headers["Access-Control-Allow-Methods"], "a preflight request")
        check(headers["Access-Control-Allow-Headers"] == "authorization, content-type", "headers that a page may send")
        check(ask("https://evil.example")[0] == 403, "another origin")


def test_queue():
    with Served("--parallel", "1", "--queue", "1") as server:
        client = OpenAI(base_url=server.url, api_key="none", max_retries=0)
        streams = [chat(client, stream=True, max_tokens=4000, **ENDLESS)]
        next(iter(streams[0]))
        waiting = threading.Thread(target=lambda: chat(client, max_tokens=2))
        waiting.start()
        deadline = time.monotonic() + 10
        while health(server)["waiting"] == 0 and time.monotonic() < deadline:
            time.sleep(0.01)
        error = raises(openai.RateLimitError, "a full queue", lambda: chat(client, max_tokens=2), code="rate_limit_exceeded")
        if error:
            check(1 <= int(error.response.headers["retry-after"]) <= 60, "Retry-After")
        streams[0].close()
        waiting.join(30)
        check(not waiting.is_alive(), "the waiting request is answered when the slot is free")


def test_stopping():
    with Served("--stop-limit", "20") as server:
        client = OpenAI(base_url=server.url, api_key="none", max_retries=0)
        stream = chat(client, stream=True, max_tokens=300, **ENDLESS)
        next(iter(stream))
        result = {}
        stopper = threading.Thread(target=lambda: result.update(zip(("code", "seconds"), server.stop())))
        stopper.start()
        time.sleep(0.1)
        raises(openai.APIConnectionError, "a request while stopping", lambda: chat(OpenAI(base_url=server.url, api_key="none", max_retries=0)))
        reasons = [choice.finish_reason for chunk in stream for choice in chunk.choices if choice.finish_reason]
        check(reasons == ["length"], f"a running answer is finished: {reasons}")
        stopper.join(30)
        check(result.get("code") == 143, f"exit code {result}")
    with Served("--stop-limit", "1") as server:
        client = OpenAI(base_url=server.url, api_key="none", max_retries=0)
        stream = chat(client, stream=True, max_tokens=100000, **ENDLESS)
        next(iter(stream))
        code, seconds = server.stop()
        check(code == 143 and seconds < 4, f"an endless answer is broken off: {code} after {seconds:.1f} s")


def test_start():
    with Served() as server:
        run = lambda *arguments: subprocess.run([GPTOSS, "serve", *arguments], capture_output=True, text=True, timeout=60)  # noqa: E731
        taken = run("-m", MODEL, "--port", str(server.port))
        check(taken.returncode == 1 and str(server.port) in taken.stderr, f"port taken: {taken}")
        check(len([line for line in taken.stderr.splitlines() if line.startswith("gptoss: ")]) == 1, f"one line: {taken.stderr}")
        missing = run("-m", "/nowhere/model.gguf", "--port", "0")
        check(missing.returncode == 1 and len(missing.stderr.splitlines()) == 1, f"model missing: {missing}")
        for arguments in (
            ["--port", "70000"], ["--parallel", "0"], ["--log", "all"], ["--api-key", ""], ["--queue", str(2**63 - 1)],
        ):
            check(run(*arguments).returncode == 64, f"{arguments} is wrong usage")


def test_log():
    """A log that cannot be written costs its lines; an empty variable is no key."""
    with open("/dev/full", "w") as full:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        process = subprocess.Popen(
            [GPTOSS, "serve", "-m", MODEL, "--port", str(port)], stdout=subprocess.DEVNULL, stderr=full,
            env={**os.environ, "GPTOSS_API_KEY": ""})
        try:
            answers = []
            deadline = time.monotonic() + 30
            while len(answers) < 3 and process.poll() is None and time.monotonic() < deadline:
                try:
                    with urllib.request.urlopen(f"http://127.0.0.1:{port}/v1/models", timeout=10) as reply:
                        answers.append(reply.status)
                except urllib.error.URLError:
                    time.sleep(0.1)
            check(answers == [200] * 3 and process.poll() is None, f"a full disk for the log: {answers}, {process.poll()}")
        finally:
            process.kill()
            process.wait()


def test_guide():
    """The guide's example, word for word, on the port that it names."""
    with socket.socket() as probe:
        if probe.connect_ex(("127.0.0.1", 1234)) == 0:
            print("SKIPPED the guide's example: port 1234 is taken")
            return
    with Served("--context", "2048", port=1234):
        example = Path(__file__).with_name("guide_example.py")
        result = subprocess.run([sys.executable, example], capture_output=True, text=True, timeout=300)
        check(result.returncode == 0, f"the guide's example: {result.stderr}")


def main():
    ENDLESS.update(endless())
    with Served("--context", "4096") as server:
        client = OpenAI(base_url=server.url, api_key="none", max_retries=0, timeout=120)
        shared = [
            test_models, test_chat, test_chat_stream, test_choices, test_stop, test_logprobs, test_structured, test_tools,
            test_tool_stream, test_responses, test_responses_stream, test_errors, test_limits, test_http,
            test_timeout_and_cancellation, test_completions, test_metrics,
        ]
        for test in shared:
            attempt(test, client, server)
    for test in (test_access, test_queue, test_stopping, test_start, test_log, test_guide):
        attempt(test)
    finish()


if __name__ == "__main__":
    main()
