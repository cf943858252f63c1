#!/usr/bin/env python3
"""Trains the assistant. Rate: warm-up, constant, then a linear decay over the last --decay steps, in which the weights are
quantized in the loop. The same seed and step counts give the same run; --resume goes on from a checkpoint, and --steps
and --decay may be chosen anew for it."""

import argparse
import functools
import os
import pickle
import time

import jax
import jax.numpy as jnp
import numpy as np

import model as M
import optimizer
from data import Batches
from quantize import quantized
from tokenizer import Tokenizer


def loss_of(c, p, batch, select, targets, weights, quantize):
    visible = M.visibility(batch["tree"], batch["branch"])
    logits, balance = M.forward(c, quantized(p) if quantize else p, batch["tokens"], visible, batch["position"], select)
    chosen = jnp.take_along_axis(logits, targets[:, None], 1)[:, 0]
    each = jax.nn.logsumexp(logits, -1) - chosen
    ce = (each * weights).sum() / weights.sum()
    return ce + 0.01 * balance, (ce, jnp.argmax(logits, -1) == targets, balance)


@functools.partial(jax.jit, static_argnums=(0, 8), donate_argnums=(1, 2))
def train_step(c, p, state, batch, select, targets, weights, rate, quantize):
    (_, (ce, right, balance)), g = jax.value_and_grad(functools.partial(loss_of, c), has_aux=True)(p, batch, select, targets, weights, quantize)
    p, state, norm = optimizer.update(p, g, state, rate)
    return p, state, ce, right, balance, norm


def learned(batch, limit):
    """Flat positions before each learned token, the tokens, their weights and which are copied, padded to `limit`."""
    rows, at = np.nonzero(batch["weight"])
    if len(rows) > limit:
        rows, at = rows[:limit], at[:limit]
    pad = limit - len(rows)
    take = lambda x: np.concatenate([x[rows, at], np.zeros(pad, x.dtype)])
    return (
        np.concatenate([rows * batch["tokens"].shape[1] + at - 1, np.zeros(pad, np.int64)]).astype(np.int32),
        take(batch["tokens"]),
        take(batch["weight"]),
        take(batch["copied"]),
    )


def main():
    a = argparse.ArgumentParser(description=__doc__)
    a.add_argument("--steps", type=int, default=3000, help="steps in all")
    a.add_argument("--decay", type=int, default=900, help="last steps, with falling rate and quantized weights")
    a.add_argument("--rate", type=float, default=3e-3)
    a.add_argument("--rows", type=int, default=7)
    a.add_argument("--length", type=int, default=448)
    a.add_argument("--seed", type=int, default=1)
    a.add_argument("--drills", type=int, default=300, help="steps over which pure copying fades")
    a.add_argument("--long-from", type=int, default=600, help="step from which every sixth batch holds long conversations")
    a.add_argument("--out", default="checkpoints")
    a.add_argument("--resume", help="checkpoint to go on from")
    a.add_argument("--save-minutes", type=float, default=4)
    a.add_argument("--decay-minutes", type=float, help="decay by the clock from the first step on, and end then; for a busy machine")
    a.add_argument("--until", type=float, help="stop after this many minutes and save")
    o = a.parse_args()
    os.makedirs(o.out, exist_ok=True)
    tokenizer = Tokenizer()
    c = M.Configuration(vocabulary=len(tokenizer.tokens))
    p = M.initial(c, tokenizer.tokens, o.seed)
    state, first = optimizer.start(p), 0
    if o.resume:
        with open(o.resume, "rb") as f:
            saved = pickle.load(f)
        p, state, first = jax.tree.map(jnp.asarray, saved["parameters"]), jax.tree.map(jnp.asarray, saved["state"]), saved["step"]
    print(sum(x.size for x in jax.tree.leaves(p)), "parameters", jax.devices(), flush=True)

    def save(step, name="latest"):
        path = os.path.join(o.out, name + ".pickle")
        with open(path + ".part", "wb") as f:
            pickle.dump(
                {"parameters": jax.tree.map(np.asarray, p), "state": jax.tree.map(np.asarray, state), "step": step, "configuration": c.as_dict()}, f
            )
        os.replace(path + ".part", path)

    def shape(i):
        """Rows, length and the shares of tools, chat, long conversations and drills in batch i."""
        if i >= o.long_from and i % 6 == 5:
            return o.rows * o.length // 1024, 1024, (0.15, 0.1, 0.75, 0)
        drills = max(0.05, 0.35 * (1 - i / o.drills))
        return o.rows, o.length, (0.5 * (1 - drills), 0.5 * (1 - drills), 0, drills)

    batches = Batches(tokenizer, o.seed, shape, first)
    began = saved_at = time.time()
    sums, tokens, log = np.zeros(6), 0, open(os.path.join(o.out, "log.txt"), "a")
    for step in range(first, o.steps):
        left, quantize = (o.steps - step) / max(1, o.decay), o.steps - step <= o.decay
        if o.decay_minutes:
            left, quantize = 1 - (time.time() - began) / 60 / o.decay_minutes, True
            if left <= 0:
                break
        rate = o.rate * min(1, (step + 1) / 100, left)
        waited = time.time()
        batch = batches.take()
        waited = time.time() - waited
        select, targets, weights, copied = learned(batch, batch["tokens"].size * 9 // 20)
        tokens += int((batch["tree"] > 0).sum())
        p, state, ce, right, balance, norm = train_step(
            c,
            p,
            state,
            {k: batch[k] for k in ("tokens", "tree", "branch", "position")},
            select,
            targets,
            weights,
            np.float32(rate),
            quantize,
        )
        right = np.asarray(right)
        counts = weights > 0
        sums += [1, float(ce), right[counts].mean(), right[copied].mean(), counts.sum(), waited]
        if step - first in (2, 9) or (step + 1) % 25 == 0:
            n, minutes = sums[0], (time.time() - began) / 60
            line = (
                f"step {step + 1} min {minutes:.1f} loss {sums[1] / n:.4f} right {sums[2] / n:.4f} copied {sums[3] / n:.4f} rate {rate:.5f} norm {float(norm):.2f} "
                f"balance {float(balance):.2f} learned {sums[4] / n:.0f}/{o.rows * o.length} tokens/s {tokens / (time.time() - began):.0f} waited {sums[5] / n:.2f} quantized {int(quantize)}"
            )
            print(line, flush=True)
            log.write(line + "\n")
            log.flush()
            sums[:] = 0
        if o.steps - step == o.decay + 1:
            save(step + 1, "before-decay")
        if time.time() - saved_at > 60 * o.save_minutes:
            save(step + 1)
            saved_at = time.time()
        if o.until and time.time() - began > 60 * o.until:
            save(step + 1)
            return
    save(step + 1, "final")


if __name__ == "__main__":
    main()
