"""Ways to let the model write: JAX on a checkpoint, or a program on the GGUF. Each has `complete(cases) -> texts`,
greedy, special tokens written out, up to and with the stop token."""

import json
import os
import pickle
import subprocess
import urllib.request
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from harmony import unmark
from tokenizer import Tokenizer

STOPS = ("<|return|>", "<|call|>")


class JAXEngine:
    """The checkpoint's weights, rounded as in the file, in batches with a cache."""

    def __init__(self, checkpoint, batch=32, capacity=1024, new=400):
        import jax
        import jax.numpy as jnp

        import model as M
        from quantize import quantized

        with open(checkpoint, "rb") as f:
            saved = pickle.load(f)
        c = M.Configuration(**saved["configuration"])
        self.p = jax.jit(quantized)(jax.tree.map(jnp.asarray, saved["parameters"]))
        self.start, self.step = M.decoder(c, capacity)
        self.tokenizer, self.batch, self.capacity, self.new = Tokenizer(), batch, capacity, new

    def complete(self, cases):
        ids = [self.tokenizer.encode(c.prompt) for c in cases]
        order, texts = sorted(range(len(ids)), key=lambda i: len(ids[i])), [None] * len(ids)
        for at in range(0, len(order), self.batch):
            chosen = order[at : at + self.batch]
            for i, out in zip(chosen, self._batch([ids[i] for i in chosen])):
                texts[i] = self.tokenizer.decode(out)
        return texts

    def _batch(self, prompts):
        lengths = np.array([len(p) for p in prompts] + [1] * (self.batch - len(prompts)), np.int32)
        width = min(self.capacity - self.new, -(-max(lengths) // 64) * 64)
        tokens = np.zeros((self.batch, width), np.int32)
        for row, p in zip(tokens, prompts):
            row[: len(p)] = p
        cache, logits = self.start(self.p, tokens, lengths)
        stops = {self.tokenizer.special[s] for s in STOPS}
        out, done = [[] for _ in prompts], np.zeros(len(prompts), bool)
        for n in range(self.new):
            best = np.asarray(logits.argmax(-1), np.int32)
            for i in np.nonzero(~done)[0]:
                out[i].append(int(best[i]))
                done[i] = best[i] in stops
            if done.all():
                break
            cache, logits = self.step(self.p, cache, best, lengths + n)
        return out


class RunnerEngine:
    """This repository's runner: `gptoss generate --raw`."""

    def __init__(self, model, program=None, new=400):
        self.model, self.new, self.tokenizer = model, new, Tokenizer()
        self.program = program or os.environ.get("GPTOSS", ".build/release/gptoss")

    def complete(self, cases):
        with ThreadPoolExecutor(os.cpu_count()) as pool:  # a process for each prompt: the model is read in 20 ms
            return list(pool.map(lambda c: self._filled(c) if c.hidden else self._one(c.prompt), cases))

    def _filled(self, case):
        """What a library that holds the model to a schema lets it write: keys come by themselves, the model writes values."""
        text = self._one(case.prompt)
        begun = text[: text.index("<|end|>") + 7] + "<|start|>assistant" if "analysis<|message|>" in text and "<|end|>" in text else ""
        begun += "<|channel|>final<|message|>"

        def fill(schema, so_far):
            out = "{"
            for key, member in schema["properties"].items():
                out += ("," if len(out) > 1 else "") + json.dumps(key, ensure_ascii=False) + ":"
                if member.get("type") == "object":
                    out += fill(member, so_far + out)
                    continue
                try:
                    value, end = json.JSONDecoder().raw_decode(self._one(case.prompt + so_far + out))
                except ValueError:
                    value = "no value"
                out += json.dumps(value, ensure_ascii=False, separators=(",", ":"))
            return out + "}"

        return begun + fill(case.form.schema, begun) + "<|return|>"

    def _one(self, prompt):
        options = ["--raw", "--special", "--json", "--temperature", "0", "--threads", "1", "-n", str(self.new), "-p", "-"]
        done = subprocess.run([self.program, "generate", "-m", self.model] + options, input=prompt, capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError(done.stderr.strip())
        text = self.tokenizer.decode(json.loads(done.stdout)["tokens"])
        ends = [text.index(s) + len(s) for s in STOPS if s in text]
        return text[: min(ends)] if ends else text


class ServerEngine:
    """This repository's server: `gptoss serve`, in a build with the trait Server. The beginning of the system message is
    the server's own."""

    def __init__(self, model, program=None, temperature=0.0, new=400, parallel=8):
        self.temperature = temperature
        program = program or os.environ.get("GPTOSS", ".build-server/release/gptoss")
        options = ["--port", "0", "--no-lmstudio", "--name", "assistant", "--log", "none", "--parallel", str(parallel)]
        self.server = subprocess.Popen([program, "serve", "-m", model] + options, stderr=subprocess.PIPE, text=True)
        first = self.server.stderr.readline()
        if "http" not in first:
            raise RuntimeError(first.strip() or "the server did not start")
        self.url, self.new, self.parallel = first.split()[-1].rstrip("/"), new, parallel
        self.url += "" if self.url.endswith("/v1") else "/v1"

    def complete(self, cases):
        try:
            with ThreadPoolExecutor(self.parallel) as pool:
                return list(pool.map(self._one, cases))
        finally:
            self.server.terminate()
            self.server.wait()

    def _one(self, case):
        body = {
            "model": "assistant",
            "messages": messages(case),
            "tools": [tool_schema(t) for t in case.system.tools] or None,
            "reasoning_effort": case.system.effort,
            "temperature": self.temperature,
            "seed": 1,
            "max_tokens": self.new,
        }
        if case.form:
            body["response_format"] = {"type": "json_schema", "json_schema": {"name": case.form.name, "schema": case.form.schema}}
        body = json.dumps({k: v for k, v in body.items() if v is not None}).encode()
        request = urllib.request.Request(self.url + "/chat/completions", body, {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=300) as answer:
            choice = json.load(answer)["choices"][0]
        message, text = choice["message"], ""
        if message.get("reasoning"):
            text += f"<|channel|>analysis<|message|>{message['reasoning']}<|end|>"
        for call in message.get("tool_calls") or []:
            function = call["function"]
            text += f"<|channel|>commentary to=functions.{function['name']} <|constrain|>json<|message|>{function['arguments']}<|call|>"
        if message.get("content"):
            text += f"<|channel|>final<|message|>{message['content']}" + ("<|return|>" if choice["finish_reason"] == "stop" else "")
        return text


def messages(case):
    """The conversation as OpenAI's API has it."""
    out = [{"role": "system", "content": case.system.instructions}] if case.system.instructions else []
    for i, turn in enumerate(case.turns):
        out.append({"role": "user", "content": unmark(turn.user)})
        reasoning, last, waiting = None, i == len(case.turns) - 1, []
        for n, (kind, *rest) in enumerate(case.given if last else turn.steps):
            text = unmark(rest[-1])
            if kind in ("analysis", "given analysis") and last:
                reasoning = text
            elif kind in ("call", "call and", "given call"):
                waiting.append(f"call-{i}-{n}")
                call = {"id": f"call-{i}-{n}", "type": "function", "function": {"name": rest[0], "arguments": text}}
                out.append({"role": "assistant", "content": None, "tool_calls": [call]} | ({"reasoning": reasoning} if reasoning else {}))
                reasoning = None
            elif kind == "result":
                out.append({"role": "tool", "tool_call_id": waiting.pop(0), "content": text})
            elif kind in ("final", "filled"):
                out.append({"role": "assistant", "content": text})
    return out


def tool_schema(tool):
    """A declared function as OpenAI's API has it."""
    function = {"name": tool.name, "description": tool.description}
    if not tool.bare:
        function["parameters"] = tool.schema()
    return {"type": "function", "function": function}


class LlamaEngine:
    """llama.cpp through llama-cpp-python, for comparison."""

    def __init__(self, model, new=400):
        from llama_cpp import Llama

        self.llama, self.tokenizer, self.new = Llama(model, n_ctx=2048, verbose=False, n_threads=1), Tokenizer(), new

    def complete(self, cases):
        return [self._one(c.prompt) for c in cases]

    def _one(self, prompt):
        stops, out = {self.tokenizer.special[s] for s in STOPS}, []
        self.llama.reset()
        for token in self.llama.generate(self.tokenizer.encode(prompt), temp=0.0, top_k=1, repeat_penalty=1.0):
            out.append(token)
            if token in stops or len(out) == self.new:
                return self.tokenizer.decode(out)


def engine(model, kind=None, program=None, temperature=0.0):
    if kind == "llama":
        return LlamaEngine(model)
    if kind == "server":
        return ServerEngine(model, program, temperature)
    return JAXEngine(model) if model.endswith(".pickle") else RunnerEngine(model, program)
