#!/usr/bin/env python3
"""vllm_server.py ENVIRONMENT CHECKPOINT [PART …]: a real vLLM behind `--remote`, with the small model.

    Tests/Conformance/vllm/install.sh ~/vllm
    ~/vllm/bin/python Tests/Conformance/vllm/checkpoint.py Fixtures/assistant/assistant.gguf checkpoint
    python Tests/Conformance/vllm_server.py ~/vllm checkpoint

Parts: text (60 prompts, greedy, against this engine), act (two tools, and budgets of reasoning), server (OpenAI's client through `serve --remote`: tools, types,
streams, 32 at once, cancelling), death (kill -9 and SIGTERM in the middle of an answer), parallel (tensor parallelism
on two processes; only if it is named, with a checkpoint made with --pad 128).
"""

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from pathlib import Path

from openai import OpenAI

from checks import attempt, check, finish
from remote import PROMPTS, Outcome
from served import MODEL, Served, endless

ENVIRONMENT, CHECKPOINT = (Path(path).resolve() for path in sys.argv[1:3])


class VLLM:
    """A vLLM in a session of its own, so that all of its processes can be ended."""

    def __init__(self, *arguments, port=None):
        with socket.socket() as free:
            # A port that was just used can be used again.
            free.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            free.bind(("127.0.0.1", port or 0))
            self.port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        environment = {
            **os.environ, "HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1", "VLLM_NO_USAGE_STATS": "1",
            "DO_NOT_TRACK": "1", "VLLM_CPU_KVCACHE_SPACE": "1",
            # The processors of each process.
            "VLLM_CPU_OMP_THREADS_BIND": "0|1" if "--tensor-parallel-size" in arguments else "0-1",
            # Otherwise the first request with log-probabilities compiles for as long as a test takes.
            "TORCHDYNAMO_DISABLE": "1",
        }
        self.log = open(f"/tmp/vllm-{self.port}.log", "w")  # noqa: SIM115 lives as long as the process
        command = [
            ENVIRONMENT / "bin" / "python", "-m", "vllm.entrypoints.cli.main", "serve", CHECKPOINT,
            "--served-model-name", "assistant", "--host", "127.0.0.1", "--port", str(self.port), "--dtype", "float32",
            "--enforce-eager", "--max-model-len", "2048", "--max-num-seqs", "32", *arguments,
        ]
        self.process = subprocess.Popen(
            command, env=environment, stdout=self.log, stderr=self.log, start_new_session=True
        )
        deadline = time.monotonic() + 300
        while time.monotonic() < deadline and self.process.poll() is None:
            try:
                with urllib.request.urlopen(f"{self.url}/health", timeout=2):
                    return
            except OSError:
                time.sleep(0.5)
        self.end(signal.SIGKILL)
        raise RuntimeError(f"vLLM did not start: {self.log.name}")

    def running(self):
        """How many requests it computes."""
        with urllib.request.urlopen(f"{self.url}/metrics") as page:
            lines = page.read().decode().splitlines()
        return sum(float(line.split()[-1]) for line in lines if line.startswith("vllm:num_requests_running"))

    def end(self, number=signal.SIGTERM):
        if self.process.poll() is None:
            os.killpg(self.process.pid, number)
            self.process.wait(60)
        self.log.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.end(signal.SIGKILL)


QUESTIONS = [
    *PROMPTS, "Explain attention.", "What is a mixture of experts?", "What is a router?", "What is Harmony?",
    "What is a transformer?", "What is a GGUF file?", "What is 3 * 4?", "What is 100 - 58?", "What is 12 + 30?",
    "What is 7 * 8?", "What is Swift?", "How are you?", "Good night", "Goodbye", "Say hello in French.",
    "What is the capital of France?", "Write a haiku.", "What is a kernel?", "What is quantization?", "Help",
    "What is a key-value cache?", "What is a sliding window?", "What is a tokenizer?", "Explain top-p sampling.",
    "What is temperature?", "What is a seed?", "What is prefill?", "What is decode?", "Who made you?",
    "Are you a person?", "What is your name?", "Count to five.", "What is 9 + 9?", "What is 50 / 5?",
    "Tell me about llamas.", "Why is the sky blue?", "What is the time?", "What day is it?", "What is a model?",
    "What is inference?", "What is a layer?", "What is a weight?", "What is a bias?", "What is an expert?",
    "What is a sink?", "What is RoPE?", "What is YaRN?", "What is RMSNorm?", "What is SwiGLU?", "Thanks",
]


def text(arguments=("--enable-scale-out",)):
    with VLLM(*arguments) as server:
        same = 0
        for question in QUESTIONS[:60]:
            options = ["-p", question, "--temperature", "0", "-n", "200", "--json"]
            here = json.loads(Outcome(["generate", "-m", MODEL, "--precision", "precise", *options]).out)
            there = Outcome(["generate", "--remote", server.url, *options])
            check(there.code == 0, f"{question!r}: {there}")
            if there.code:
                continue
            there = json.loads(there.out)
            same += here["text"] == there["text"]
            if here["text"] != there["text"]:
                print(f"{question!r}: {here['text']!r} here, {there['text']!r} there")
        print(f"{same} of {len(QUESTIONS[:60])} answers are the same")
        check(same >= 58, f"{same} of 60 answers are the same")


def act():
    """A conversation with two tools is what it is with a model of this program, and budgets are kept."""
    talk = "Create a file named hello.txt with the content Good morning\nWhat is 17 + 25? Use the calculator.\n"
    for arguments in (["--enable-scale-out"], []):
        with VLLM(*arguments) as vllm, tempfile.TemporaryDirectory() as folder:
            os.chdir(folder)
            chat = ["chat", "--tools", "create_file,calculator", "--yes", "--temperature", "0"]
            here = Outcome([*chat, "-m", MODEL], talk)
            made = os.path.exists("hello.txt")
            check(made, f"a tool of a local model: {here}")
            if made:
                os.remove("hello.txt")
            there = Outcome([*chat, "--remote", vllm.url], talk)
            check(there.code == 0 and os.path.exists("hello.txt"), f"the remote model's call was carried out: {there}")
            check(there.out == here.out, f"a chat with two tools: {there.out!r} there, {here.out!r} here")
            os.chdir("/")
            for budget in ("none", "1", "5"):
                options = ["-p", "What is MXFP4?", "--temperature", "0", "-n", "200", "--reasoning-budget", budget, "--json"]
                here = json.loads(Outcome(["generate", "-m", MODEL, *options]).out)
                # More tokens of reasoning than the budget has are a failure of their own.
                there = Outcome(["generate", "--remote", vllm.url, *options])
                check(there.code == 0, f"a budget of {budget}: {there}")
                if there.code == 0:
                    answer = json.loads(there.out)
                    check(answer["text"] and (budget != "none" or not answer["reasoning"]), f"a budget of {budget}: {answer}")
                    print(f"a budget of {budget}: {answer['text']!r} there, {here['text']!r} here")
            refused = Outcome(["generate", "--remote", vllm.url, "-p", "Hello", "--reasoning-budget", "5s"])
            check(refused.code == 1 and "seconds" in refused.err, f"a budget of seconds: {refused}")


TOOLS = [
    {"type": "function", "function": {"name": "calculator", "description": "Calculates.", "parameters": {
        "type": "object", "properties": {"expression": {"type": "string"}}, "required": ["expression"],
        "additionalProperties": False}}},
    {"type": "function", "function": {"name": "create_file", "description": "Creates a file.", "parameters": {
        "type": "object", "properties": {"name": {"type": "string"}, "content": {"type": "string"}},
        "required": ["name", "content"], "additionalProperties": False}}},
]
TYPES = [
    {"type": "object", "properties": {"a": {"type": "integer"}}, "required": ["a"], "additionalProperties": False},
    {"type": "object", "properties": {"a": {"type": "string", "maxLength": 20}}, "required": ["a"], "additionalProperties": False},
    {"type": "object", "properties": {"a": {"type": "boolean"}, "b": {"type": "null"}}, "required": ["a", "b"], "additionalProperties": False},
    {"type": "object", "properties": {"a": {"enum": ["x", "y"]}}, "required": ["a"], "additionalProperties": False},
    {"type": "object", "properties": {"a": {"type": "array", "items": {"type": "integer"}, "maxItems": 3}}, "required": ["a"], "additionalProperties": False},
    {"type": "object", "properties": {"a": {"type": "number", "minimum": 0, "maximum": 10}}, "required": ["a"], "additionalProperties": False},
    {"type": "object", "properties": {"a": {"anyOf": [{"type": "integer"}, {"type": "null"}]}}, "required": ["a"], "additionalProperties": False},
    {"type": "object", "properties": {"a": {"type": "object", "properties": {"b": {"type": "integer"}}, "required": ["b"], "additionalProperties": False}}, "required": ["a"], "additionalProperties": False},
    {"type": "object", "properties": {"a": {"$ref": "#/$defs/n"}}, "required": ["a"], "additionalProperties": False, "$defs": {"n": {"type": "integer"}}},
    {"type": "object", "properties": {"a": {"type": "array", "items": {"type": "string", "maxLength": 5}, "minItems": 1, "maxItems": 2}}, "required": ["a"], "additionalProperties": False},
]


def server():
    import jsonschema

    for arguments in (["--enable-scale-out"], []):
        with VLLM(*arguments) as vllm, Served("--remote", vllm.url, "--parallel", "40", model="assistant") as front:
            client = OpenAI(base_url=front.url, api_key="x")
            hello = {"model": "assistant", "messages": [{"role": "user", "content": "What is MXFP4?"}], "temperature": 0, "max_tokens": 120}
            whole = client.chat.completions.create(**hello).choices[0].message.content
            streamed = "".join(c.choices[0].delta.content or "" for c in client.chat.completions.create(stream=True, **hello) if c.choices)
            check(whole == streamed and "MXFP4" in whole, f"a stream is the whole: {whole!r}, {streamed!r}")
            for number, schema in enumerate(TYPES):
                answer = client.chat.completions.create(
                    **{**hello, "max_tokens": 400},
                    response_format={"type": "json_schema", "json_schema": {"name": "t", "schema": schema}},
                ).choices[0]
                try:
                    jsonschema.validate(json.loads(answer.message.content), schema)
                    check(True, "")
                except Exception as error:  # noqa: BLE001 shown here
                    check(False, f"type {number}: {answer.message.content!r}: {error}")
            calculation = [{"role": "user", "content": "What is 17 + 25? Use the calculator."}]
            first = client.chat.completions.create(
                model="assistant", messages=calculation, tools=TOOLS, tool_choice="required", temperature=0, max_tokens=200
            ).choices[0].message
            check(first.tool_calls, f"a call that has to be: {first}")
            for call in first.tool_calls or []:
                tool = next(t for t in TOOLS if t["function"]["name"] == call.function.name)
                jsonschema.validate(json.loads(call.function.arguments), tool["function"]["parameters"])
                calculation += [
                    {"role": "assistant", "tool_calls": [call.model_dump()]},
                    {"role": "tool", "tool_call_id": call.id, "content": "42"},
                ]
            answer = client.chat.completions.create(model="assistant", messages=calculation, tools=TOOLS, temperature=0, max_tokens=200)
            check(answer.choices[0].message.content, f"the answer after the result: {answer.choices[0]}")

            answers = [None] * 32

            def ask(number, client=client, hello=hello, answers=answers):
                answers[number] = client.chat.completions.create(**hello).choices[0].message.content

            threads = [threading.Thread(target=ask, args=(number,)) for number in range(32)]
            [t.start() for t in threads], [t.join() for t in threads]
            check(all(answers) and len(set(answers)) <= 2, f"32 at once: {set(answers)}")
            scored = client.chat.completions.create(logprobs=True, top_logprobs=3, **{**hello, "max_tokens": 60}).choices[0]
            best = [token for token in scored.logprobs.content if token.token == token.top_logprobs[0].token]
            check(scored.logprobs.content and len(best) == len(scored.logprobs.content), f"log-probabilities: {scored.logprobs}")
            check(all(len(token.top_logprobs) == 3 for token in scored.logprobs.content), "three of each token")

            talk = client.completions.create(
                model="assistant", prompt="Once", max_tokens=1500, stream=True, extra_body=endless()
            )
            next(iter(talk))
            check(vllm.running() >= 1, "an answer is under way")
            talk.close()
            start = time.monotonic()
            while vllm.running() and time.monotonic() - start < 10:
                time.sleep(0.05)
            print(f"the place was free after {time.monotonic() - start:.2f} s")
            check(time.monotonic() - start < 1, f"the place was free after {time.monotonic() - start:.2f} s")


def death():
    vllm = VLLM("--enable-scale-out")
    port = vllm.port
    with Served("--remote", vllm.url, "--silence", "60", model="assistant") as front:
        client = OpenAI(base_url=front.url, api_key="x", max_retries=0)
        for number in (signal.SIGKILL, signal.SIGTERM):
            said, failure = "", None
            try:
                for chunk in client.completions.create(
                    model="assistant", prompt="Once", max_tokens=1500, stream=True, extra_body=endless()
                ):
                    if not said and chunk.choices and chunk.choices[0].text:
                        os.killpg(vllm.process.pid, number)
                    said += chunk.choices[0].text if chunk.choices else ""
            except Exception as error:  # noqa: BLE001 shown here
                failure = error
            print(f"{number!r}: {failure!r}")
            check(said and failure is not None, f"{number!r}: {said[-50:]!r}, {failure!r}")
            vllm.process.wait(60)
            vllm = VLLM("--enable-scale-out", port=port)
            again = client.completions.create(model="assistant", prompt="Once", max_tokens=4)
            check(again.choices[0].text, "it goes on after the restart")
    vllm.end(signal.SIGKILL)


def parallel():
    text(("--enable-scale-out", "--tensor-parallel-size", "2"))


if __name__ == "__main__":
    parts = {"text": text, "act": act, "server": server, "death": death}
    for name in sys.argv[3:] or parts:
        attempt({**parts, "parallel": parallel}[name])
    finish()
