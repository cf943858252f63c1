"""Ways to let the model write: JAX on a checkpoint, or a program on the GGUF. Each has `complete(prompts) -> texts`,
greedy, special tokens written out, up to and with the stop token."""

import json
import os
import pickle
import subprocess
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from tokenizer import Tokenizer

STOPS = ("<|return|>", "<|call|>")


class JAXEngine:
    """The checkpoint's weights, rounded as in the file, in batches with a cache."""

    def __init__(self, checkpoint, batch=32, capacity=768, new=220):
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

    def complete(self, prompts):
        ids = [self.tokenizer.encode(p) for p in prompts]
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

    def __init__(self, model, program=None, new=220):
        self.model, self.new, self.tokenizer = model, new, Tokenizer()
        self.program = program or os.environ.get("GPTOSS", ".build/release/gptoss")

    def complete(self, prompts):
        with ThreadPoolExecutor(os.cpu_count()) as pool:  # a process for each prompt: the model is read in 20 ms
            return list(pool.map(self._one, prompts))

    def _one(self, prompt):
        options = ["--raw", "--special", "--json", "--temperature", "0", "--threads", "1", "-n", str(self.new), "-p", "-"]
        done = subprocess.run([self.program, "generate", "-m", self.model] + options, input=prompt, capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError(done.stderr.strip())
        text = self.tokenizer.decode(json.loads(done.stdout)["tokens"])
        ends = [text.index(s) + len(s) for s in STOPS if s in text]
        return text[: min(ends)] if ends else text


class LlamaEngine:
    """llama.cpp through llama-cpp-python, for comparison."""

    def __init__(self, model, new=220):
        from llama_cpp import Llama

        self.llama, self.tokenizer, self.new = Llama(model, n_ctx=1024, verbose=False, n_threads=2), Tokenizer(), new

    def complete(self, prompts):
        return [self._one(p) for p in prompts]

    def _one(self, prompt):
        stops, out = {self.tokenizer.special[s] for s in STOPS}, []
        self.llama.reset()
        for token in self.llama.generate(self.tokenizer.encode(prompt), temp=0.0, top_k=1, repeat_penalty=1.0):
            out.append(token)
            if token in stops or len(out) == self.new:
                return self.tokenizer.decode(out)


def engine(model, kind=None, program=None):
    if kind == "llama":
        return LlamaEngine(model)
    return JAXEngine(model) if model.endswith(".pickle") else RunnerEngine(model, program)
