#!/usr/bin/env python3
"""Models on other machines: `--remote` against our own server, against a stand-in for vLLM that replays what was
recorded of it, and against servers that break the protocol in every way that is known.

    swift build -c release --scratch-path .build-server --traits Server --product gptoss
    python Tests/Conformance/remote.py

No server may make the program hang, crash or take memory without bound. Each failure is one line that names cause and
remedy, with exit code 1; what came before it has been shown.
"""

import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request

from openai import OpenAI
from pydantic import BaseModel

import faulty_servers as faulty
from checks import attempt, check, finish
from faulty_servers import ANSWER, EXCHANGES, FaultyServer, event, good, stream, tokens_of
from served import GPTOSS, MODEL, Served, endless

# What an answer may take. A program that runs a model of its own takes more.
MEMORY_LIMIT = 220 << 20
PROMPTS = [
    "Explain what MXFP4 quantization is.", "Hello", "What is 17 + 25?", "Who are you?", "What can you do?",
    "What is a token?", "Thank you!", "Tell me a joke.", "What is attention?", "Good morning",
]


class Outcome:
    """How a command ended, its text, and the most memory that it took."""

    def __init__(self, arguments, text="", environment=None, patience=60):
        start = time.monotonic()
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err, tempfile.TemporaryFile() as given:
            given.write(text.encode())
            given.seek(0)
            process = subprocess.Popen(
                [GPTOSS, *arguments], stdin=given, stdout=out, stderr=err, env={**os.environ, **(environment or {})}
            )
            watch = threading.Timer(patience, process.kill)
            watch.start()
            _, status, usage = os.wait4(process.pid, 0)
            watch.cancel()
            process.returncode = os.waitstatus_to_exitcode(status)
            out.seek(0), err.seek(0)
            self.out, self.err = out.read().decode(), err.read().decode()
        self.code, self.memory = process.returncode, usage.ru_maxrss * 1024
        self.seconds = time.monotonic() - start

    def __str__(self):
        return f"exit code {self.code} after {self.seconds:.1f} s, {self.out[-300:]!r}, {self.err[-500:]!r}"


def generate(url, *arguments, prompt="Hello", **more):
    return Outcome(["generate", "--remote", url, "-p", prompt, "--temperature", "0", *arguments], **more)


# MARK: Our own server


def own_server():
    with Served("--parallel", "8") as server:
        for prompt in PROMPTS:
            here = Outcome(["generate", "-m", MODEL, "-p", prompt, "--temperature", "0", "--json"])
            there = generate(server.root, "-m", "assistant", "--json", prompt=prompt)
            check(there.code == 0, f"{prompt!r}: {there}")
            if there.code or here.code:
                continue
            here, there = json.loads(here.out), json.loads(there.out)
            for key in ("text", "reasoning", "tokens", "prompt_tokens", "stop_reason"):
                check(here[key] == there[key], f"{prompt!r}: {key} is {there[key]!r} there and {here[key]!r} here")
        for budget in ("none", "5", "60s"):
            options = ["-p", "What is MXFP4?", "--temperature", "0", "--reasoning-budget", budget, "--json"]
            here = json.loads(Outcome(["generate", "-m", MODEL, *options]).out)
            there = json.loads(Outcome(["generate", "--remote", server.root, *options]).out)
            for key in ("text", "reasoning", "tokens"):
                check(here[key] == there[key], f"a budget of {budget}: {key} is {there[key]!r} there and {here[key]!r} here")
            check(budget != "none" or not there["reasoning"], f"no reasoning: {there['reasoning']!r}")
        # Sampled, with every option: the same numbers there and here.
        options = ["--temperature", "1.5", "--top-p", "0.9", "--top-k", "50", "--min-p", "0.01", "--seed", "7",
                   "--repetition-penalty", "1.1", "--frequency-penalty", "0.2", "--presence-penalty", "0.1", "--json"]
        here = json.loads(Outcome(["generate", "-m", MODEL, "-p", "Hello", *options]).out)
        there = json.loads(Outcome(["generate", "--remote", server.url, "-p", "Hello", *options]).out)
        check(here["tokens"] == there["tokens"], f"sampled: {there['tokens']} there, {here['tokens']} here")
        # What is left out is what the model's file recommends, there as here.
        own = ["-p", "What is MXFP4?", "--json"]
        here, there = (json.loads(Outcome(["generate", *model, *own]).out) for model in (["-m", MODEL], ["--remote", server.root]))
        check(here["tokens"] == there["tokens"], f"recommended sampling: {there['tokens']} there, {here['tokens']} here")
        raw = Outcome(["generate", "--remote", server.root, "--raw", "-p", "Once upon", "-n", "12", "--temperature", "0"])
        mine = Outcome(["generate", "-m", MODEL, "--raw", "-p", "Once upon", "-n", "12", "--temperature", "0"])
        check((raw.code, raw.out) == (0, mine.out), f"raw text: {raw}, {mine}")

        with tempfile.TemporaryDirectory() as folder:
            talk = "Hello\nCreate a file named hello.txt with the content Good morning\ny\n"
            arguments = ["chat", "--tools", "create_file", "--temperature", "0"]
            os.chdir(folder)
            local = Outcome([*arguments, "-m", MODEL], talk)
            check(os.path.exists("hello.txt"), f"a tool of a local model: {local}")
            os.remove("hello.txt")
            remote = Outcome([*arguments, "--remote", server.root], talk)
            check((remote.code, remote.out) == (0, local.out), f"a chat with a tool: {remote}, {local}")
            check(os.path.exists("hello.txt"), "the remote model's call was carried out")
            # What one saves the other goes on with.
            two = Outcome(["chat", "-m", MODEL, "--temperature", "0"], "Hello\nWho are you?\n")
            first = Outcome(["chat", "-m", MODEL, "--temperature", "0"], "Hello\n")
            here, there = ["-m", MODEL], ["--remote", server.root]
            for name, (saving, loading) in {"remote": (there, here), "local": (here, there)}.items():
                saved = Outcome(["chat", *saving, "--temperature", "0"], f"Hello\n/save {name}\n")
                check((saved.code, saved.out) == (0, first.out), f"a {name} session is saved: {saved}")
                loaded = Outcome(["chat", *loading, "--load", name, "--temperature", "0"], "Who are you?\n")
                check((loaded.code, first.out + loaded.out) == (0, two.out), f"a {name} session goes on: {loaded}, {two}")
            traced = Outcome(["trace", *here, "--session", "remote", "--json"])
            check(traced.code == 0 and json.loads(traced.out), f"a remote session is traced: {traced}")
            os.chdir("/")

        # Who loads a model here that a server holds is told so.
        told = Outcome(["chat", "assistant", "--temperature", "0"], "Hello\n", environment={"GPTOSS_HOST": server.root})
        check(told.code == 0 and told.out, f"{told}")
        with Served(model=None) as named:
            OpenAI(base_url=named.url, api_key="x").completions.create(model="assistant", prompt="a", max_tokens=1)
            told = Outcome(["chat", "assistant", "--temperature", "0"], "Hello\n", environment={"GPTOSS_HOST": named.root})
            check(told.code == 0 and f"--remote {named.root}" in told.err, f"a model that a server holds: {told}")
            used = Outcome(["chat", "--remote", named.root, "--temperature", "0"], "Hello\n")
            check((used.code, used.out) == (0, told.out), f"the model that a server holds: {used}")

        missing = generate(server.root, "-m", "nobody")
        check(missing.code == 1 and "has no model" in missing.err and "assistant" in missing.err, f"{missing}")
        front(server)

    with Served("--api-key", "secret") as server:
        refused = generate(server.root)
        check(refused.code == 1 and "key" in refused.err, f"without the key: {refused}")
        given = generate(server.root, "--remote-key", "secret")
        check(given.code == 0, f"with the key: {given}")
        given = generate(server.root, environment={"GPTOSS_REMOTE_KEY": "secret"})
        check(given.code == 0, f"with the key of the environment: {given}")


class Weather(BaseModel):
    city: str
    degrees: int
    days: list[str]


def front(server):
    """A server in front of the server: OpenAI's client, through both."""
    with Served("--remote", server.root, "--parallel", "40", model="assistant") as front:
        direct, client = (OpenAI(base_url=s.url, api_key="x") for s in (server, front))
        question = [{"role": "user", "content": "What is MXFP4?"}]
        parameters = {"model": "assistant", "messages": question, "temperature": 0, "max_tokens": 40}
        texts = [c.chat.completions.create(**parameters).choices[0].message.content for c in (direct, client)]
        check(texts[0] == texts[1] and texts[0], f"whole answers: {texts}")
        streamed = "".join(
            chunk.choices[0].delta.content or ""
            for chunk in client.chat.completions.create(stream=True, **parameters) if chunk.choices
        )
        check(streamed == texts[0], f"streamed: {streamed!r}")
        recommended = {key: value for key, value in parameters.items() if key != "temperature"}
        text = client.chat.completions.create(**recommended).choices[0].message.content
        check(text == texts[0], f"what the model behind recommends, through the front: {text!r}")
        schema = {"type": "json_schema", "json_schema": {"name": "w", "schema": Weather.model_json_schema()}}
        answer = client.chat.completions.create(
            model="assistant", messages=question, temperature=0, max_tokens=300, response_format=schema
        )
        try:
            Weather.model_validate_json(answer.choices[0].message.content)
            check(True, "")
        except ValueError as error:
            check(False, f"a schema through two servers: {error}")
        scored = [
            c.chat.completions.create(logprobs=True, top_logprobs=3, **{**parameters, "max_tokens": 30}).choices[0].logprobs
            for c in (direct, client)
        ]
        values = [[(t.token, round(t.logprob, 4), len(t.top_logprobs)) for t in s.content] for s in scored]
        check(values[0] == values[1] and values[0], f"log-probabilities: {values}")

        answers = [None] * 32

        def ask(number):
            try:
                answers[number] = client.chat.completions.create(**parameters).choices[0].message.content
            except Exception as error:  # noqa: BLE001 shown below
                answers[number] = f"{error}"

        threads = [threading.Thread(target=ask, args=(n,)) for n in range(32)]
        [t.start() for t in threads], [t.join() for t in threads]
        check(answers == [texts[0]] * 32, f"32 at once: {set(answers)}")

        # Who goes away in the middle of an answer frees the place behind both servers.
        body = {"model": "assistant", "prompt": "Once", "max_tokens": 2000, "stream": True, **endless()}
        request = urllib.request.Request(f"{front.url}/completions", json.dumps(body).encode(), {"Content-Type": "application/json"})
        with urllib.request.urlopen(request) as reply:
            reply.read(200)
            check(running(server) >= 1, "an answer is under way")
        start = time.monotonic()
        while running(server) and time.monotonic() - start < 5:
            time.sleep(0.02)
        check(time.monotonic() - start < 1, f"the place is free after {time.monotonic() - start:.2f} s")


def running(server):
    with urllib.request.urlopen(f"{server.root}/health") as reply:
        return json.load(reply)["running"]


def death():
    """A server that dies in the middle of an answer, and comes back."""
    upstream = Served()
    port = upstream.port
    with Served("--remote", upstream.root, "--silence", "20", model="assistant") as front:
        client = OpenAI(base_url=front.url, api_key="x", max_retries=0)
        for number in (signal.SIGKILL, signal.SIGTERM):
            text, failure = "", None
            try:
                for chunk in client.completions.create(
                    model="assistant", prompt="Once", max_tokens=2000, stream=True, extra_body=endless()
                ):
                    if not text and chunk.choices and chunk.choices[0].text:
                        upstream.process.send_signal(number)
                        if number == signal.SIGTERM:
                            # Two that are pending at a time are one.
                            time.sleep(0.1)
                            upstream.process.send_signal(number)
                    text += chunk.choices[0].text if chunk.choices else ""
            except Exception as error:  # noqa: BLE001 its kind is looked at
                failure = error
            check(text and failure is not None, f"{number!r}: {len(text)} characters, {failure!r}")
            check("kept" not in str(failure), f"nothing is kept for a client: {failure!r}")
            upstream.process.wait(40)
            try:
                client.completions.create(model="assistant", prompt="Once", max_tokens=4)
                check(False, "an answer without a server behind")
            except Exception as error:  # noqa: BLE001
                check(getattr(error, "status_code", 0) == 502 and "no connection" in str(error), f"while it is gone: {error!r}")
            upstream = Served(port=port)
            again = client.completions.create(model="assistant", prompt="Once", max_tokens=4)
            check(again.choices[0].text, "it goes on after the restart")
        upstream.stop()


# MARK: What was recorded of vLLM


def replay():
    prompt = EXCHANGES["completion_to_end"]["request"]["prompt"]
    ids = EXCHANGES["completion_to_end"]["response"]["choices"][0]["token_ids"]
    for generate_is_open in (True, False):
        with FaultyServer(good(ids), generate=generate_is_open) as server:
            outcome = generate(server.url, "-n", "400", "--json", prompt="What is MXFP4?")
            check(outcome.code == 0, f"recorded tokens: {outcome}")
            if outcome.code == 0:
                answer = json.loads(outcome.out)
                check(answer["tokens"] == ids and answer["stop_reason"] == "stop", f"recorded tokens: {answer}")
                check("MXFP4 is a 4-bit format" in answer["text"], f"their text: {answer['text']!r}")
                check(answer["reasoning"].startswith("The user asks about MXFP4"), f"{answer['reasoning']!r}")
            path, _, request = server.requests[-1]
            parameters = request["sampling_params"] if generate_is_open else request
            check(path == ("/inference/v1/generate" if generate_is_open else "/v1/completions"), path)
            check(parameters["max_tokens"] == 400 and parameters["stop_token_ids"], f"{parameters}")
            check(len(prompt) > 20 and "token_ids" in request or "prompt" in request, f"{sorted(request)}")
        # The events as they were recorded, which a limit of 8 ended.
        name = "generate_stream" if generate_is_open else "completion_stream"
        events = [f"data: {text}\n\n" for text in EXCHANGES[name]["events"] if '"usage":{"prompt' not in text or '"choices":[]' not in text]
        events = [text.replace('"prompt_tokens":85', '"prompt_tokens":null') for text in events]
        with FaultyServer(stream(*events), generate=generate_is_open) as server:
            outcome = generate(server.url, "-n", "8", "--json", prompt="What is MXFP4?")
            check(outcome.code == 0 and json.loads(outcome.out)["stop_reason"] == "length", f"{name}: {outcome}")


# MARK: The cabinet


def cabinet():
    half = [event([i]) for i in ANSWER[:12]]
    spoken = "Good m"
    long_answer = stream(*(event([i]) for i in tokens_of("<|channel|>final<|message|>") + tokens_of("a") * 30))
    cases = {
        # what is sent: (the words of the failure, whether text has come before)
        "no answer": (faulty.nothing, "answered nothing for 1 s", False),
        "silence after the head": (faulty.silent(), "sent nothing for 1 s", False),
        "silence in the middle": (faulty.silent(*half), "sent nothing for 1 s", True),
        "cut": (faulty.cut(*half), "broke within the answer|without a reason", True),
        "reset": (faulty.cut(*half, resets=True), "broke within the answer", True),
        "an end without a reason": (stream(*half), "without a reason", True),
        "[DONE] alone": (stream("data: [DONE]\n\n"), "without a reason", False),
        "[DONE] in the middle": (stream(*half, "data: [DONE]\n\n"), "without a reason", True),
        "nothing in 200": (stream(), "without a reason", False),
        "an error in 200": (stream('data: {"error": {"message": "bad grammar", "code": 400}}\n\n', "data: [DONE]\n\n"), "bad grammar", False),
        "the engine's death": (stream(*half, 'data: {"error": {"message": "EngineCore died", "code": 500}}\n\n', "data: [DONE]\n\n"), "EngineCore died", True),
        "an aborted answer": (stream(*half, event([], "abort")), "ended the answer with abort", True),
        "JSON in place of a stream": (faulty.whole({"choices": []}), "not with a stream of events", False),
        "a page in place of a stream": (faulty.whole(b"<html>"), "not with a stream of events", False),
        "no HTTP": (faulty.raw(b"\x00\x01\x02 hello\r\n\r\n"), "no connection|HTTP", False),
        "broken JSON": (stream(*half, "data: {\n\n"), "not JSON", True),
        "a list in place of an object": (stream("data: []\n\n"), "no choices", False),
        "text alone": (stream('data: {"choices": [{"text": "hello"}]}\n\n'), "takes token ids", False),
        "an unknown id": (stream(*half, event([9999])), "the vocabulary does not have", True),
        "a negative id": (stream(event([-1])), "the vocabulary does not have", False),
        "an id of text": (stream(event(["5"])), "the vocabulary does not have", False),
        "more ids than asked for": (long_answer, "more than the 24 tokens", True),
        "an end that no token brought": (stream(*half, event([], "stop")), "has not sent it", True),
        "tokens after the end": (stream(*half, event([], "length"), event([65])), "tokens follow the end", True),
        "another count": (stream(*half, event([], "length"), 'data: {"choices": [], "usage": {"completion_tokens": 99}}\n\n'), "generated 99 tokens and sent", True),
        "another prompt": (stream('data: {"choices": [], "usage": {"prompt_tokens": 1}}\n\n'), "it read 1 tokens", False),
        "an endless line": (faulty.endless("x", *half), "an event has more than|more than", True),
        "endless comments": (faulty.endless(": x\n\n", *half), "more than", True),
        "endless empty events": (faulty.endless('data: {"choices":[]}\n\n', *half), "more than", True),
        "a long refusal": (faulty.whole(b"x" * (3 << 20), 500), "failed", False),
        "too long for the context": (faulty.whole(EXCHANGES["error_context_generate"]["response"], 400), "context", False),
        "overload": (faulty.whole({"error": {"message": "later"}}, 503, "Retry-After: 7\r\n"), "try again in 7 s", False),
        "too many requests": (faulty.whole({}, 429), "try again later", False),
        "a bad gateway": (faulty.whole(b"<html>", 502), "status 502", False),
        "another address": (faulty.whole({}, 302, "Location: http://127.0.0.1:1/\r\n"), "sends to another address", False),
        "a refusal of control characters": (faulty.whole({"error": {"message": "a\x1b[2Jb\nc"}}, 400), "refuses", False),
    }
    for name, (answer, words, has_text) in cases.items():
        with FaultyServer(answer) as server:
            outcome = generate(server.url, "-n", "24", "--silence", "1", patience=40)
            lines = outcome.err.splitlines()
            told = [line for line in lines if line.startswith("gptoss: ")]
            check(outcome.code == 1 and len(told) == 1, f"{name}: {outcome}")
            check(any(w in outcome.err for w in words.split("|")), f"{name}: not {words!r} in {outcome.err[-400:]!r}")
            check("kept" not in outcome.err, f"{name}: generate keeps nothing: {outcome.err[-400:]!r}")
            check("\x1b" not in outcome.err and len(outcome.err) < 2000, f"{name}: the line is inert and short")
            if has_text:
                check(outcome.out.startswith(("Good", "a")), f"{name}: what came was shown, not {outcome.out!r}")
            check(outcome.memory < MEMORY_LIMIT, f"{name}: {outcome.memory >> 20} MiB")
            check(outcome.seconds < 15, f"{name}: {outcome.seconds:.1f} s")

    with FaultyServer(stream(*half)) as server:
        outcome = Outcome(["chat", "--remote", server.url, "--silence", "1"], "Hello\n")
        check(outcome.code == 1 and "what came is kept, ask again" in outcome.err, f"a chat keeps what came: {outcome}")
    key = generate("http://127.0.0.1:1", "--remote-key", "secret\n")
    check(key.code == 64 and "line end" in key.err, f"a key with a line end: {key}")
    key = generate("http://127.0.0.1:1", environment={"GPTOSS_REMOTE_KEY": "secret\n"})
    check(key.code == 1 and "line end" in key.err, f"a key of the environment with a line end: {key}")

    # What comes before any answer.
    def expect(name, words, seconds=12, **server):
        with FaultyServer(good(), **server) as stand_in:
            outcome = generate(stand_in.url, "--silence", "2", patience=40)
            check(outcome.code == 1 and words in outcome.err and not outcome.out, f"{name}: {outcome}")
            check(outcome.memory < MEMORY_LIMIT and outcome.seconds < seconds, f"{name}: {outcome}")

    expect("no models", "has no model", models={"data": []})
    expect("a list that is none", "has no model", models=[1, 2])
    expect("several models", "several models", models={"data": [{"id": "a"}, {"id": "b"}]})
    expect("no length of the context", "how many tokens", models={"data": [{"id": "assistant"}]})
    expect("models without end", "more than", models={"data": ["x" * (5 << 20)]})
    expect("a page", "no JSON", models=b"<html>")
    expect("another vocabulary", "another vocabulary", echo="Hello")
    expect("a vocabulary that begins alike", "another vocabulary", echo="<|start|><|message|>")
    expect("a wrong key", "key", status=(401, {"error": "Unauthorized"}))
    expect("a key that is no object", "key", status=(401, b"no"))
    expect("a failing server", "failed", status=(500, b""))
    expect("a redirection", "sends to another address", status=(301, b"", "Location: http://127.0.0.1:1/\r\n"))
    gone = generate("http://127.0.0.1:1")
    check(gone.code == 1 and "no connection to 127.0.0.1:1" in gone.err, f"nobody: {gone}")
    for address in ("nonsense", "ftp://x", "", "http://", "http://127.0.0.1:99999"):
        unknown = Outcome(["generate", "--remote", address, "-p", "x"])
        check(unknown.code == 64 and "not a server's address" in unknown.err, f"no address: {unknown}")
    names = [{"id": name, "root": "assistant", "max_model_len": 2048} for name in ("assistant", "another")]
    with FaultyServer(good(), models={"data": names}) as server:
        outcome = generate(server.url)
        check(outcome.code == 0 and outcome.out, f"a model with two names: {outcome}")
    with FaultyServer(good(), models={"data": [{"id": "who/knows", "max_model_len": 9}]}) as server:
        outcome = generate(server.url, environment={"HF_HUB_OFFLINE": "1"})
        check(outcome.code == 1 and "--vocabulary" in outcome.err, f"no vocabulary: {outcome}")
        outcome = generate(server.url, "--vocabulary", MODEL)
        check(outcome.code == 1 and "context" in outcome.err, f"a context of 9 tokens: {outcome}")

    # A server that is only slow is waited for.
    with FaultyServer(good(pause=0.3)) as server:
        outcome = generate(server.url, "--silence", "1")
        check((outcome.code, outcome.out) == (0, "Good morning to you.\n"), f"slow: {outcome}")
    # One byte at a time.
    with FaultyServer(drop_by_drop) as server:
        outcome = generate(server.url, "--silence", "2")
        check((outcome.code, outcome.out) == (0, "Good morning to you.\n"), f"drop by drop: {outcome}")

    # Ctrl-C closes the connection.
    with FaultyServer(faulty.endless(event([65]))) as server:
        process = subprocess.Popen([GPTOSS, "generate", "--remote", server.url, "-p", "x", "-n", "2000"],
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(1)
        process.send_signal(signal.SIGINT)
        start = time.monotonic()
        process.wait(10)
        check(time.monotonic() - start < 1, "Ctrl-C ends the program")

    # What a server did not hold the answer to is found out.
    call = tokens_of('<|channel|>commentary to=functions.create_file <|constrain|>json<|message|>{"name": 5}<|call|>')
    with FaultyServer(good(call)) as server:
        outcome = Outcome(["chat", "--remote", server.url, "--tools", "create_file", "--yes"], "Save it\n")
        check(outcome.code == 1 and "does not fit its schema" in outcome.err, f"wrong arguments: {outcome}")
        parameters = server.requests[-1][2]["sampling_params"]
        tag = json.loads(parameters["structured_outputs"]["structural_tag"])
        check('" to=functions.create_file' in json.dumps(tag["format"]), f"the tools were sent as {tag}")
    other = tokens_of("<|channel|>commentary to=functions.rm <|constrain|>json<|message|>{}<|call|>")
    with FaultyServer(good(other)) as server:
        outcome = Outcome(["chat", "--remote", server.url, "--tools", "create_file", "--yes"], "Save it\n")
        check(outcome.code == 1 and "not among the tools" in outcome.err, f"an unknown tool: {outcome}")

    # A budget of reasoning: vLLM may ignore it without a word, and knows no seconds.
    reasoning = tokens_of("<|channel|>analysis<|message|>abcd<|end|><|start|>assistant<|channel|>final<|message|>Hi<|return|>")
    with FaultyServer(good(reasoning)) as server:
        for budget, words in (("3", "reasons for more than 3 tokens"), ("2s", "not possible with a remote model")):
            outcome = generate(server.url, "--reasoning-budget", budget)
            check(outcome.code == 1 and words in outcome.err, f"a budget of {budget}: {outcome}")
        outcome = generate(server.url, "--reasoning-budget", "4")
        check((outcome.code, outcome.out) == (0, "Hi\n"), f"a budget that is kept: {outcome}")
        tag = server.requests[-1][2]["sampling_params"]["structured_outputs"]["structural_tag"]
        check('"max_tokens":4' in tag.replace(" ", ""), f"a budget was sent as {tag}")
    for wrong in (["--threads", "2"], ["--context", "100"], ["--weights", "mapped"], ["--kernels", "portable"], ["--lookahead", "off"]):
        outcome = Outcome(["generate", "--remote", "http://127.0.0.1:1", "-p", "x", *wrong])
        check(outcome.code == 64 and "does not go with --remote" in outcome.err, f"{wrong}: {outcome}")
    for wrong in (["--vocabulary", MODEL], ["--remote-key", "x"]):
        outcome = Outcome(["generate", "-p", "x", *wrong])
        check(outcome.code == 64 and "goes with --remote" in outcome.err, f"{wrong}: {outcome}")


def drop_by_drop(connection, _):
    faulty.begin(connection)
    for byte in "".join([*(event([i]) for i in ANSWER[:-1]), event(ANSWER[-1:], "stop")]).encode():
        faulty.send(connection, bytes([byte]))
    faulty.end(connection)


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    parts = {"own": own_server, "death": death, "replay": replay, "cabinet": cabinet}
    for name in sys.argv[1:] or parts:
        attempt(parts[name])
    finish()
