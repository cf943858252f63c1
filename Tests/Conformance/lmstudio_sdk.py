#!/usr/bin/env python3
"""LM Studio's SDKs against the server: the guide's Python program, checks with the real lmstudio package, and what the
TypeScript SDK sends, as it was recorded.

    swift build -c release --scratch-path .build-server --traits Server --product gptoss
    GPTOSS_SHARED=../shared python Tests/Conformance/lmstudio_sdk.py [--full]

--full adds a prompt that takes more than a minute and 20,000 mutated frames in place of 2,000. The guide's program is cut
out of GPTOSS_SHARED/reference/lm-studio-guide.md and run letter for letter. The server finds no model but the small one,
which answers to openai/gpt-oss-20b. sdk_frames/frames.jsonl has what three clients have sent: lmstudio-python 1.5.0 and
@lmstudio/sdk, as released and as of August 2026; frames that differ in their ids alone were left out.
GPTOSS_SERVER names another program.
"""

import argparse
import asyncio
import contextlib
import json
import logging
import os
import random
import re
import signal
import socket as socketlib
import subprocess
import sys
import tempfile
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import httpx_ws
import lmstudio as lms
import pexpect
from pydantic import BaseModel
from wsproto import ConnectionType, WSConnection
from wsproto.events import Request, TextMessage

from checks import attempt, check, finish
from sdk_frames.shape import problems
from served import ROOT, Served

GUIDE = Path(os.environ.get("GPTOSS_SHARED", ROOT.parent / "shared")) / "reference" / "lm-studio-guide.md"
NAME = "openai/gpt-oss-20b"
HARMONY = re.compile(r"<\|\w+\|>")


class Warnings(logging.Handler):
    """What the SDK complains about."""

    def __init__(self):
        super().__init__(logging.WARNING)
        self.said = []

    def emit(self, record):
        self.said.append(record.getMessage())


def host(server):
    return f"127.0.0.1:{server.port}"


def greeting(address):
    return json.load(urllib.request.urlopen(f"http://{address}/lmstudio-greeting", timeout=30))


def raises(kind, body, *words):
    """Whether something raises an error that names what it should."""
    try:
        body()
    except kind as error:
        return all(word in str(error) for word in words) or f"{error}"
    except Exception as error:
        return f"{type(error)}: {error}"
    return "no error"


def test_guide():
    """The guide's program, found by discovery, with input from a pipe and from a terminal."""
    if not GUIDE.exists():
        print(f"left out: the guide's program (there is no {GUIDE})")
        return
    programs = [text for text in re.findall(r"^```python\n(.*?)^```", GUIDE.read_text(), re.M | re.S) if "lmstudio" in text]
    check(len(programs) == 1, f"the guide has {len(programs)} programs with lmstudio")
    turns = ["Create a file called poem.txt with the content: roses are red", "What is MXFP4?"]
    for kind in ("pipe", "terminal"):
        with tempfile.TemporaryDirectory() as folder:
            program = Path(folder) / "guide.py"
            program.write_text(programs[0])
            if kind == "pipe":
                answer = subprocess.run(
                    [sys.executable, program.name], input="".join(f"{turn}\n" for turn in [*turns, ""]), cwd=folder,
                    capture_output=True, text=True, timeout=120)
                said, code = answer.stdout, answer.returncode
                check(answer.stderr == "", f"the guide's program complains: {answer.stderr[-500:]}")
            else:
                terminal = pexpect.spawn(sys.executable, [program.name], cwd=folder, encoding="utf-8", timeout=60)
                said = ""
                for turn in [*turns, ""]:
                    terminal.expect_exact("User (leave blank to exit): ")
                    said += terminal.before
                    terminal.sendline(turn)
                terminal.expect(pexpect.EOF)
                terminal.close()
                said, code = said + terminal.before, terminal.exitstatus
            made = Path(folder) / "poem.txt"
            check(code == 0, f"the guide's program by {kind}: {code} {said[-500:]}")
            check(made.exists() and "roses are red" in made.read_text(), f"the file, by {kind}: {said[-500:]}")
            check("4-bit" in said or "MXFP4" in said.split("MXFP4?")[-1], f"the second turn, by {kind}: {said[-500:]}")
            check(not HARMONY.search(said), f"Harmony in what the guide's program shows: {said[-500:]}")


def test_discovery(server):
    said = greeting("127.0.0.1:41343")
    check(said == {"lmstudio": True}, f"the greeting: {said}")
    check(lms.Client.find_default_local_api_host() == "127.0.0.1:41343", "the SDK finds the server")
    check(lms.Client.is_valid_api_host(host(server)), "the server's own port is one of LM Studio's, too")


def test_loading(client):
    check(raises(lms.LMStudioError, lambda: client.llm.model("no/such"), "no/such") is True, "an unknown model is named")
    check(raises(lms.LMStudioError, client.llm.model) is True, "nothing is loaded yet")
    progress = []
    model = client.llm.model(NAME, on_load_progress=progress.append)
    check(len(progress) >= 2 and progress == sorted(progress) and progress[-1] == 1, f"progress: {progress}")
    start = time.monotonic()
    again = client.llm.model(NAME)
    check(time.monotonic() - start < 0.5 and again.identifier == model.identifier, "a loaded model comes at once")
    check(client.llm.model().identifier == model.identifier, "any model")
    return model


def test_answers(model):
    pieces, first, progress = [], [], []
    result = model.respond(
        "What is MXFP4?", config={"temperature": 0}, on_prediction_fragment=pieces.append,
        on_first_token=lambda: first.append(1), on_prompt_processing_progress=progress.append)
    check("".join(piece.content for piece in pieces) == result.content, "the fragments are the content")
    check(first == [1], f"first token: {first}")
    check(progress[0] == 0 and progress[-1] == 1 and progress == sorted(progress), f"progress: {progress}")
    stats = result.stats
    check(stats.total_tokens_count == stats.prompt_tokens_count + stats.predicted_tokens_count, f"sums: {stats}")
    check(stats.stop_reason == "eosFound" and stats.tokens_per_second > 0, f"statistics: {stats}")
    check(0 < stats.time_to_first_token_sec < 60, f"time to the first token: {stats}")
    check(result.model_info.model_key == "assistant", f"who answers: {result.model_info}")
    kinds = [piece.reasoning_type for piece in pieces]
    parts = {kind: "".join(piece.content for piece in pieces if piece.reasoning_type == kind) for kind in set(kinds)}
    if "reasoning" in parts:
        check(parts["reasoningStartTag"] == "<think>" and parts["reasoningEndTag"] == "</think>", f"tags: {parts}")
    check("4" in parts["none"] and "<think>" not in parts["none"], f"the answer: {parts}")
    check(not HARMONY.search(result.content), f"Harmony: {result.content}")
    short = model.respond("Tell me a long story.", config={"maxTokens": 5})
    check(short.stats.stop_reason == "maxPredictedTokensReached", f"a limit: {short.stats}")
    check(short.stats.predicted_tokens_count == 5, f"a limit of 5: {short.stats}")
    plain = parts["none"].split()
    stopped = model.respond("What is MXFP4?", config={"temperature": 0, "stopStrings": [plain[2]]})
    check(stopped.stats.stop_reason == "stopStringFound", f"a text that stops: {plain[2]!r} {stopped}")
    check(plain[2] not in stopped.content.split("</think>")[-1], f"a text that stops: {stopped.content}")


def test_configurations(model):
    for config in (
        {"maxTokens": False, "topPSampling": False, "minPSampling": False, "repeatPenalty": False},
        {"topKSampling": 5, "topPSampling": 1, "cpuThreads": 2, "draftModel": "some/model"},
        {"contextOverflowPolicy": "rollingWindow", "toolCallStopStrings": ["x"], "temperature": 0},
        {"reasoningParsing": {"enabled": False, "startString": "[", "endString": "]"}},
    ):
        answer = model.respond("Hello", config={"maxTokens": 40, **config})
        check(answer.content and answer.stats.predicted_tokens_count > 0, f"{config}: {answer}")
    for config in ({"temperature": "hot"}, {"topPSampling": 7}, {"temperature": -1}):
        refused = raises(lms.LMStudioError, lambda: model.respond("Hello", config=config), list(config)[0])
        check(refused is True or "Expected" in refused, f"{config}: {refused}")
    check(model.respond("Hello", config={"maxTokens": 40}).content, "and on it goes")


def test_turns(model):
    chat = lms.Chat("Be brief.")
    chat.add_user_message("My name is Ada.")
    chat.add_assistant_response(model.respond(chat, config={"temperature": 0}))
    chat.add_user_message("What is my name?")
    answer = model.respond(chat, config={"temperature": 0})
    check("Ada" in answer.content, f"what was said is remembered: {answer.content}")


def test_cancel(model):
    # Something that no model ends by itself.
    many = {"type": "array", "items": {"type": "integer"}, "minItems": 1500}
    stream = model.respond_stream("Count.", response_format=many, config={"temperature": 1, "maxTokens": 4000})
    start = None
    for number, _ in enumerate(stream):
        if number == 3:
            start = time.monotonic()
            stream.cancel()
    took = time.monotonic() - (start or 0)
    check(start and took < 3, f"cancelled in {took:.1f} s")
    check(stream.result().stats.stop_reason == "userStopped", f"cancelled: {stream.result().stats}")
    check(model.respond("Hello", config={"maxTokens": 40}).content, "the next call works")


class Book(BaseModel):
    title: str
    year: int


def test_structured(model):
    class Point(lms.BaseModel):
        x: int
        name: str

    for what, schema in (("class", Point), ("pydantic", Book), ("schema", Point.model_json_schema())):
        result = model.respond("Give me something.", response_format=schema, config={"maxTokens": 200})
        check(isinstance(result.parsed, dict) and "<think>" not in result.content, f"{what}: {result.content}")
        names = {"title", "year"} if what == "pydantic" else {"x", "name"}
        check(set(result.parsed) == names, f"{what}: {result.parsed}")
    gbnf = {"structured": {"type": "gbnf", "gbnfGrammar": 'root ::= "a"'}}
    check(raises(lms.LMStudioError, lambda: model.respond("Hi", config=gbnf), "gbnf") is True, "a grammar is refused")


def test_complete(model):
    result = model.complete("MXFP4 is a 4-bit format for", config={"maxTokens": 1, "temperature": 0})
    check(result.stats.predicted_tokens_count == 1 and result.stats.stop_reason == "maxPredictedTokensReached", f"one token and no more: {result}")
    # Text as it is: so many tokens, and no conversation around it.
    check(result.stats.prompt_tokens_count == model.count_tokens("MXFP4 is a 4-bit format for"), f"a raw prompt: {result.stats}")


def test_act(model):
    calls, messages, rounds = [], [], []

    def get_weather(city: str) -> str:
        """Gets the weather of a city."""
        calls.append(city)
        return f"It is 17 degrees and sunny in {city}."

    chat = lms.Chat("You are a helpful assistant.")
    chat.add_user_message("What is the weather in Oslo?")

    def keep(message):
        messages.append(message)
        chat.append(message)

    result = model.act(
        chat, [get_weather], config={"temperature": 0}, on_message=keep, on_prediction_completed=rounds.append)
    check(calls == ["Oslo"], f"the calls: {calls}")
    check(result.rounds == 2, f"rounds: {result}")
    check([message.role for message in messages] == ["assistant", "tool", "assistant"], f"messages: {messages}")
    check([one.stats.stop_reason for one in rounds] == ["toolCalls", "eosFound"], f"stop reasons: {rounds}")
    check("17" in rounds[-1].content, f"the result reaches the answer: {rounds[-1].content}")
    chat.add_user_message("Thanks! What is MXFP4?")
    again = model.respond(chat, config={"temperature": 0})
    check(again.content and not HARMONY.search(again.content), f"a history with calls: {again.content}")
    calls.clear()
    result = model.act("What is the weather in Oslo?", [get_weather], max_prediction_rounds=1, config={"maxTokens": 60})
    check(result.rounds == 1 and not calls, f"one round has no tools: {calls}")


def test_together(model):
    def one(number):
        return model.respond("What is MXFP4?", config={"temperature": 0, "maxTokens": 60}).content

    with ThreadPoolExecutor(3) as pool:
        answers = list(pool.map(one, range(3)))
    check(len(set(answers)) == 1 and answers[0] == one(0), f"three at once: {answers}")


def test_lists(client, model):
    downloaded = client.list_downloaded_models()
    check(any(one.model_key == "assistant" for one in downloaded), f"downloaded: {downloaded}")
    check([one.identifier for one in client.list_loaded_models()] == [model.identifier], "loaded")
    info = model.get_info()
    check(info.identifier == model.identifier and info.format == "gguf", f"info: {info}")
    context = model.get_context_length()
    check(0 < context <= info.max_context_length, f"context: {context} of {info.max_context_length}")
    check(model.get_load_config().context_length == context, f"load config: {model.get_load_config()}")


def test_text(model):
    tokens = model.tokenize("Hello, wörld 🙂")
    check(len(tokens) == model.count_tokens("Hello, wörld 🙂") > 0, f"tokens: {tokens}")
    texts = [f"text {number}" for number in range(300)]
    batch = model.tokenize(texts)
    check(len(batch) == 300 and batch[7] == model.tokenize("text 7"), "a batch")
    template = model.apply_prompt_template("Hi")
    check(template.startswith("<|start|>system") and template.endswith("Hi<|end|><|start|>assistant"), f"{template}")


def test_instances(client):
    progress = []
    mine = client.llm.load_new_instance(
        NAME, "mine", ttl=60, config={"contextLength": 512, "seed": 1}, on_load_progress=progress.append)
    check(mine.identifier == "mine" and mine.get_context_length() == 512, f"an instance: {mine.get_info()}")
    check(progress[-1] == 1, f"progress: {progress}")
    check(mine.respond("Hello", config={"maxTokens": 40}).content, "it answers")
    check("mine" in [one.identifier for one in client.llm.list_loaded()], "it is listed")
    taken = raises(lms.LMStudioError, lambda: client.llm.load_new_instance(NAME, "mine"), "mine")
    check(taken is True, f"an identifier that is taken: {taken}")
    mine.unload()
    for call in (mine.get_info, lambda: mine.respond("Hello"), lambda: mine.count_tokens("x"), mine.unload):
        gone = raises(lms.LMStudioError, call, "mine")
        check(gone is True, f"after unload: {gone}")
    unknown = raises(lms.LMStudioError, lambda: client.llm.unload("nobody"), "nobody")
    check(unknown is True, f"an unknown identifier: {unknown}")


def test_refusals(client):
    for call in (
        lambda: client.embedding.model("nomic"), lambda: client.embedding.load_new_instance("nomic"),
        client.embedding.model, lambda: client.repository.search_models("x"),
        lambda: client.system.remote_call("nothing", None), lambda: client.files.remote_call("nothing", None),
        lambda: client.files.prepare_image(b"\x89PNG\x00"),
    ):
        refused = raises(lms.LMStudioError, call)
        check(refused is True, f"refused: {refused}")


async def test_async(server):
    async with lms.AsyncClient(host(server)) as client:
        model = await client.llm.model(NAME)
        answer = await model.respond("Hello", config={"maxTokens": 40})
        check(answer.content, f"asynchronous: {answer}")
        several = await asyncio.gather(*(model.respond("Hello", config={"maxTokens": 5, "temperature": 0}) for _ in range(3)))
        check(len({one.content for one in several}) == 1, "asynchronous, three at once")
        check(len(await client.list_downloaded_models()) >= 1, "asynchronous lists")


class Socket:
    """A client on one socket."""

    def __init__(self, server, namespace="llm", **headers):
        self.context = httpx_ws.connect_ws(
            f"http://{host(server)}/{namespace}", httpx.Client(headers={"User-Agent": "frames", **headers}),
            keepalive_ping_interval_seconds=None, max_message_size_bytes=64 << 20)
        self.ws = self.context.__enter__()

    def authenticate(self, identifier="guest:x", passkey="y"):
        self.send({"authVersion": 1, "clientIdentifier": identifier, "clientPasskey": passkey})
        return self.receive()

    def send(self, message):
        self.ws.send_text(message if isinstance(message, str) else json.dumps(message))

    def receive(self, timeout=30):
        return json.loads(self.ws.receive_text(timeout))

    def until(self, last):
        """Receives up to a frame that is the last."""
        frames = []
        while True:
            frames.append(self.receive())
            if last(frames[-1]):
                return frames

    def close(self):
        try:
            self.context.__exit__(None, None, None)
        except Exception:
            pass


def recorded():
    return [json.loads(line) for line in (Path(__file__).parent / "sdk_frames" / "frames.jsonl").read_text().splitlines()]


def test_frames(server):
    """What the TypeScript SDK and lmstudio-python have sent is answered by what they need."""
    for sdk in ("js", "js-head", "python"):
        frames = [frame for frame in recorded() if frame["sdk"] == sdk]
        for namespace in dict.fromkeys(frame["namespace"] for frame in frames):
            socket = Socket(server, namespace)
            check(socket.authenticate() == {"success": True}, "let in")
            reference, number = None, 0
            for frame in (one for one in frames if one["namespace"] == namespace):
                message = frame["message"]
                if message.get("type") not in ("channelCreate", "rpcCall") or message["endpoint"] == "unloadModel":
                    continue
                text = json.dumps(message, ensure_ascii=sdk == "python")
                message = json.loads(text.replace("ref--oss-20b", reference) if reference else text)
                number += 1
                where = f"{sdk}, {frame['case']}, {message['endpoint']}"
                if message["type"] == "rpcCall":
                    message["callId"] = number
                    socket.send(message)
                    answers = socket.until(lambda one: one.get("callId") == number)
                else:
                    message["channelId"] = number
                    parameter = message["creationParameter"]
                    parameter.pop("identifier" if message["endpoint"] == "loadModel" else "", None)
                    socket.send(message)
                    answers = socket.until(lambda one: one["type"] in ("channelClose", "channelError"))
                    for one in answers if message["endpoint"] == "getOrLoad" else []:
                        reference = one.get("message", {}).get("info", {}).get("instanceReference", reference)
                    if message["endpoint"] == "loadModel" and answers[-1]["type"] == "channelClose":
                        name = answers[-2]["message"]["info"]["identifier"]
                        socket.send({"type": "rpcCall", "endpoint": "unloadModel", "callId": 0, "parameter": {"identifier": name}})
                        check(socket.until(lambda one: one.get("callId") == 0)[-1] == {"type": "rpcResult", "callId": 0}, "unload")
                found = [problem for one in answers for problem in problems(one)]
                check(not found, f"{where}: {found[:5]}")
                refusable = ("no/such", "gbnf", "ghost", "nomic", "embed", "f1.txt", "searchModels", "reindex", ".png", "estimate")
                if answers[-1]["type"] in ("channelError", "rpcError") and namespace == "llm":
                    check(any(word in text for word in refusable), f"{where}: {answers[-1]}")
            socket.close()


def mutated(chance, text):
    pieces = ["null", "-1", "1e999", '""', "[]", "{}", "true", '"cancel"', '"predict"', "\0", '"\\ud800"', "[" * 200]
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(text) + 1)
        kind = chance.randrange(4)
        if kind == 0:
            text = text[:at] + chance.choice(pieces) + text[at:]
        elif kind == 1:
            text = text[:at] + text[at + chance.randint(1, 30):]
        elif kind == 2:
            text = text[:at] + chr(chance.randrange(0x20, 0x2FF)) + text[at + 1:]
        else:
            colon = text.find(":", at)
            if colon > 0:
                end = min((e for e in (text.find(",", colon), text.find("}", colon)) if e > 0), default=len(text))
                text = text[:colon + 1] + chance.choice(pieces) + text[end:]
    return text


def test_mutations(server, count):
    chance = random.Random(41)
    # Answers without a limit would take the time of many others.
    texts = [
        json.dumps(frame["message"]) for frame in recorded()
        if "authVersion" not in frame["message"] and frame["message"].get("endpoint") != "loadModel"
    ]
    texts = [text.replace('"fields": []', '"fields": [{"key": "llm.prediction.maxPredictedTokens", "value": {"checked": true, "value": 3}}]') for text in texts]
    before = server.resident_bytes()
    for start in range(0, count, 100):
        socket = Socket(server, chance.choice(["llm", "llm", "system", "embedding", "files"]))
        socket.authenticate()
        for number in range(start, start + 100):
            socket.send(mutated(chance, chance.choice(texts)))
        socket.send({"type": "rpcCall", "endpoint": "listLoaded", "callId": 987654})
        answers = socket.until(lambda one: one.get("callId") == 987654)
        check(all(not problems(one) for one in answers), f"{[p for one in answers for p in problems(one)][:5]}")
        socket.close()
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and health(server)["running"] + health(server)["waiting"]:
        time.sleep(0.1)
    check(health(server)["running"] == 0, f"work is left over: {health(server)}")
    after = server.resident_bytes()
    check(after < before + (300 << 20), f"memory: {before} before, {after} after {count} mutated frames")


def health(server):
    with urllib.request.urlopen(f"{server.root}/health") as answer:
        return json.load(answer)


def test_transport(server):
    """Fragments, pings, closes, sizes, and how many sockets there may be."""
    socket = Socket(server)
    socket.authenticate()
    pong = socket.ws.ping(b"hello")
    check(pong.wait(10), "a ping is answered")
    text = json.dumps({"type": "rpcCall", "endpoint": "listLoaded", "callId": 1, "padding": "x" * 3_000_000})
    for start in range(0, len(text), 100_000):
        piece = text[start:start + 100_000]
        socket.ws.send(TextMessage(data=piece, message_finished=start + 100_000 >= len(text)))
    check(socket.until(lambda one: one.get("callId") == 1), "a message in fragments")
    socket.send(json.dumps({"type": "rpcCall", "endpoint": "listLoaded", "callId": 2, "padding": "x" * (15 << 20)}))
    check(socket.until(lambda one: one.get("callId") == 2)[-1]["type"] == "rpcResult", "a message of 15 MB")
    try:
        socket.send("x" * (17 << 20))
        socket.receive(10)
        check(False, "a message of 17 MB is taken")
    except Exception:
        pass
    socket.close()
    for headers, status in (({"Origin": "https://example.org"}, 403), ({"Host": "example.org"}, 403)):
        refused = upgrade_status(server, **headers)
        check(refused == status, f"{headers}: {refused}")
    sockets = [Socket(server, "system") for _ in range(64 - 8)]
    more = []
    try:
        while len(more) < 40:
            more.append(Socket(server, "system"))
    except httpx_ws.WebSocketUpgradeError as error:
        check(error.response.status_code == 503, f"too many sockets: {error.response}")
    check(len(sockets) + len(more) <= 64, f"{len(sockets) + len(more)} sockets")
    for one in sockets + more:
        one.close()
    deadline = time.monotonic() + 10
    while upgrade_status(server) == 503 and time.monotonic() < deadline:
        time.sleep(0.1)
    check(upgrade_status(server) == 101, "closed sockets make room")


def test_slow_reader(server, is_patient):
    """A client that asks and never reads is cut off: at once when much is left unread, after a minute when little is."""
    text = "".join(random.Random(5).choices("abcdefghij \n", k=200_000))
    for count, patience in [(60, 20), (8, 100)][:1 + is_patient]:
        before = open_files(server)
        memory = server.resident_bytes()
        with unread_socket(server) as (raw, client):
            def send(message):
                raw.sendall(client.send(TextMessage(data=json.dumps(message))))

            send({"authVersion": 1, "clientIdentifier": "guest:x", "clientPasskey": "y"})
            for number in range(count):
                send({"type": "rpcCall", "endpoint": "tokenize", "callId": number, "parameter": {
                    "specifier": {"type": "query", "query": {"identifier": NAME}}, "inputString": text}})
            start = time.monotonic()
            while open_files(server) > before and time.monotonic() - start < patience:
                check(health(server)["status"] == "ok", "others are answered")
                time.sleep(0.2)
            check(open_files(server) <= before, f"{count} long results left unread for {patience} s: the socket is still open")
        grown = server.resident_bytes() - memory
        check(grown < 300 << 20, f"a client that does not read costs {grown >> 20} MB")


def open_files(server):
    return len(os.listdir(f"/proc/{server.process.pid}/fd"))


@contextlib.contextmanager
def unread_socket(server):
    """A WebSocket whose end here takes little, as a bare connection and what frames its messages."""
    raw = socketlib.socket()
    raw.setsockopt(socketlib.SOL_SOCKET, socketlib.SO_RCVBUF, 4096)
    raw.connect(("127.0.0.1", server.port))
    client = WSConnection(ConnectionType.CLIENT)
    raw.sendall(client.send(Request(host=host(server), target="/llm")))
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        head += raw.recv(1)
    client.receive_data(head)
    check(b" 101 " in head, f"the upgrade: {head}")
    with raw:
        yield raw, client


def upgrade_status(server, namespace="llm", **headers):
    """The status of an upgrade: 101 if it is granted."""
    try:
        socket = Socket(server, namespace, **headers)
    except httpx_ws.WebSocketUpgradeError as error:
        return error.response.status_code
    socket.close()
    return 101


def admission(server, *credentials, **headers):
    """The answer to a client's first frame."""
    with contextlib.closing(Socket(server, **headers)) as socket:
        return socket.authenticate(*credentials)


def test_key():
    """Who has no key gets to know it: clients that cannot send one at the upgrade, others by their first frame."""
    key = "sk-lm-AbCdEfGh:0123456789abcdefghij"
    with Served("--api-key", key, model=None) as server:
        check(greeting(host(server)) == {"lmstudio": True}, "greeting")
        with lms.Client(host(server)) as client:
            refused = raises(Exception, lambda: client.llm.model(NAME))
        check("no error" != refused, f"lmstudio-python without a key: {refused}")
        check(upgrade_status(server, **{"User-Agent": "python-httpx/0.28.1"}) == 401, "lmstudio-python at the upgrade")
        wrong = admission(server, "guest:abc", "x")
        check(wrong["success"] is False and "key" in wrong["error"], f"an older TypeScript SDK: {wrong}")
        check(admission(server, "AbCdEfGh", "0123456789abcdefghij") == {"success": True}, "a newer one")
        check(admission(server, Authorization=f"Bearer {key}") == {"success": True}, "a key in the header")
        check(upgrade_status(server, Authorization="Bearer x") == 401, "a wrong key in the header")
    with Served("--api-key", "secret", model=None) as server:
        check(upgrade_status(server) == 401, "a key that no SDK can send")
    with Served("--no-lmstudio", model=None) as server:
        check(upgrade_status(server) == 404, "without LM Studio's protocol")


def test_restart():
    """lmstudio-python gets an error when the server dies; the TypeScript SDK's old handle works with the next one."""
    server = Served(model=None)
    port = server.port
    with lms.Client(host(server)) as client:
        model = client.llm.model(NAME)
        socket = Socket(server)
        socket.authenticate()
        socket.send({"type": "channelCreate", "endpoint": "getOrLoad", "channelId": 0, "creationParameter": {"identifier": NAME}})
        reference = socket.until(lambda one: one["type"] == "channelClose")[-2]["message"]["info"]["instanceReference"]
        server.process.send_signal(signal.SIGKILL)
        server.process.wait()
        broken = raises(Exception, lambda: model.respond("Hello"))
        check(broken is True, f"after the server's death: {broken}")
    with Served(model=None, port=port) as server:
        socket = Socket(server)
        socket.authenticate()
        limit = {"key": "llm.prediction.maxPredictedTokens", "value": {"checked": True, "value": 5}}
        socket.send({"type": "channelCreate", "endpoint": "predict", "channelId": 2, "creationParameter": {
            "modelSpecifier": {"type": "instanceReference", "instanceReference": reference},
            "history": {"messages": [{"role": "user", "content": [{"type": "text", "text": "Hi"}]}]},
            "predictionConfigStack": {"layers": [{"layerName": "apiOverride", "config": {"fields": [limit]}}]}}})
        answer = socket.until(lambda one: one["type"] in ("channelClose", "channelError"))[-1]
        check(answer["type"] == "channelClose", f"the old handle with the next server: {answer}")
        # A stop does not wait for sockets that are open.
        code, seconds = server.stop()
        check(code == 143 and seconds < 10, f"stopped with an open socket: {code} in {seconds:.1f} s")


def test_slow(arguments):
    """A prompt that takes more than a minute: no client gives up."""
    served = Served("--threads", "1", "--kernels", "reference", model=None)
    with served as server, lms.Client(host(server)) as client:
        model = client.llm.model(NAME)
        context = model.get_context_length()
        words = "word " * min(arguments.slow_words, (context - 200) // 2)
        start = time.monotonic()
        answer = model.respond(words, config={"maxTokens": 3, "contextOverflowPolicy": "stopAtLimit"})
        took = time.monotonic() - start
        print(f"a prompt of {answer.stats.prompt_tokens_count} tokens took {took:.0f} s")
        check(took > 60 and answer.stats.predicted_tokens_count == 3, f"{took:.0f} s: {answer.stats}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--full", action="store_true")
    parser.add_argument("--slow-words", type=int, default=6_000)
    arguments = parser.parse_args()
    warnings = Warnings()
    logging.getLogger().addHandler(warnings)
    kept = {key: value for key, value in os.environ.items() if not key.lower().endswith("_proxy")}
    os.environ.clear()
    os.environ.update({key: value for key, value in kept.items() if not key.startswith(("HF_", "GPTOSS_MODEL"))})
    with tempfile.TemporaryDirectory() as folder:
        os.environ.update(HOME=folder)
        with Served(model=None) as server:
            taken = [line for line in server.log if "41343" in line]
            check(not taken, f"port 41343 is not free here: {taken}")
            test_discovery(server)
            with lms.Client(host(server)) as client:
                model = test_loading(client)
                for test in (test_answers, test_configurations, test_turns, test_cancel, test_structured, test_complete,
                             test_act, test_together, test_text):
                    attempt(test, model)
                attempt(test_lists, client, model)
                attempt(test_instances, client)
                attempt(test_refusals, client)
            attempt(asyncio.run, test_async(server))
            attempt(test_guide)
            said = [line for line in warnings.said if "asyncio" not in line]
            check(not said, f"the SDK complains: {said[:5]}")
            attempt(test_frames, server)
            attempt(test_transport, server)
            attempt(test_slow_reader, server, arguments.full)
            attempt(test_mutations, server, 20_000 if arguments.full else 2000)
            check(server.process.poll() is None, f"the server lives: {server.log[-3:]}")
        attempt(test_restart)
        attempt(test_key)
        if arguments.full:
            attempt(test_slow, arguments)
    finish()


if __name__ == "__main__":
    main()
