#!/usr/bin/env python3
"""Trains the assistant. Rate: warm-up, constant, then a linear decay over the last --decay steps, in which the weights are
quantized in the loop. The same seed and step counts give the same run; --resume goes on from a checkpoint, and --steps
and --decay may be chosen anew for it."""

import argparse
import functools
import os

# Two single-threaded devices that meet once a step; many short meetings of threads cost more, most of all on a busy machine.
# One that waits for the other is not stuck where other programs have the processors for a minute.
os.environ.setdefault(
    "XLA_FLAGS",
    "--xla_cpu_multi_thread_eigen=false --xla_force_host_platform_device_count=2 "
    "--xla_cpu_collective_call_warn_stuck_timeout_seconds=300 --xla_cpu_collective_call_terminate_timeout_seconds=3600",
)
import pickle
import time

import jax
import jax.numpy as jnp
import numpy as np
from jax.sharding import AxisType, NamedSharding, PartitionSpec

import model as M
import optimizer
from data import Batches
from export import restore
from quantize import quantized
from tokenizer import Tokenizer


def loss_of(c, p, batch, total, quantize):
    """This device's part of the mean loss over all devices' learned tokens, whose weights sum to `total`."""
    visible = M.visibility(batch["tree"], batch["branch"])
    p = quantized(p) if quantize else p
    logits, balance = M.forward(c, p, batch["tokens"], visible, batch["position"], batch["turns"], batch["select"])
    chosen = jnp.take_along_axis(logits, batch["targets"][:, None], 1)[:, 0]
    each = jax.nn.logsumexp(logits, -1) - chosen
    ce = (each * batch["weights"]).sum() / total
    return ce + 0.01 * balance / jax.lax.axis_size("rows"), (ce, jnp.argmax(logits, -1) == batch["targets"], balance)


def make_train_step(c, mesh, quantize):
    """One step; rows of a batch are split over the mesh's devices, parameters and state are on each."""
    everywhere, split = PartitionSpec(), PartitionSpec("rows")

    def step(p, state, batch, rate):
        total = jax.lax.psum(batch["weights"].sum(), "rows")
        (_, (ce, right, balance)), g = jax.value_and_grad(functools.partial(loss_of, c), has_aux=True)(p, batch, total, quantize)
        g, ce, balance = jax.lax.psum((g, ce, balance / mesh.size), "rows")
        p, state, norm = optimizer.update(p, g, state, rate, "rows")
        return p, state, ce, right, balance, norm

    out = (everywhere, everywhere, everywhere, split, everywhere, everywhere)
    step = jax.shard_map(step, mesh=mesh, in_specs=(everywhere, everywhere, split, everywhere), out_specs=out, check_vma=False)
    return jax.jit(step, donate_argnums=(0, 1))


def learned(batch, devices):
    """Adds for each device's rows: flat positions before each learned token, the tokens, their weights and which are
    copied, all padded to 9/20 of the tokens."""
    parts = []
    for share in range(devices):
        mine = {k: np.split(v, devices)[share] for k, v in batch.items()}
        limit = mine["tokens"].size * 9 // 20
        rows, at = (x[:limit] for x in np.nonzero(mine["weight"]))
        take = lambda x: np.concatenate([x, np.zeros(limit - len(x), x.dtype)])
        parts.append(
            {
                "select": take(rows * mine["tokens"].shape[1] + at - 1).astype(np.int32),
                "targets": take(mine["tokens"][rows, at]),
                "weights": take(mine["weight"][rows, at]),
                "learns_copy": take(mine["copied"][rows, at]),
            }
        )
    return batch | {k: np.concatenate([part[k] for part in parts]) for k in parts[0]}


def main():
    a = argparse.ArgumentParser(description=__doc__)
    a.add_argument("--steps", type=int, default=3000, help="steps in all")
    a.add_argument("--decay", type=int, default=900, help="last steps, with falling rate and quantized weights")
    a.add_argument("--rate", type=float, default=3e-3)
    a.add_argument("--rows", type=int, default=4)
    a.add_argument("--length", type=int, default=1024)
    a.add_argument("--seed", type=int, default=1)
    a.add_argument("--drills", type=int, default=300, help="steps over which drills become few")
    a.add_argument("--long-from", type=int, default=600, help="step from which every fifteenth batch holds long conversations")
    a.add_argument("--out", default="checkpoints")
    a.add_argument("--resume", help="checkpoint to go on from")
    a.add_argument("--from", dest="start", help="exported GGUF to go on from, with a fresh optimizer; see --first")
    a.add_argument("--first", type=int, default=0, help="number of the first batch with --from, so that new ones are seen")
    a.add_argument("--save-minutes", type=float, default=4)
    a.add_argument("--decay-minutes", type=float, help="decay by the clock from the first step on, and end then; for a busy machine")
    a.add_argument("--until", type=float, help="stop after this many minutes and save")
    o = a.parse_args()
    os.makedirs(o.out, exist_ok=True)
    tokenizer = Tokenizer()
    c = M.Configuration(vocabulary=len(tokenizer.tokens))
    p = M.initial(c, tokenizer.tokens, o.seed)
    if o.start:
        p = M.grown(jax.tree.map(jnp.asarray, restore(o.start)), p)
    state, first = optimizer.start(p), o.first
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
        """Rows, length and the shares of tools, chat, long conversations, the runner's tools, typed answers, long instructions and drills."""
        if i >= o.long_from and i % 15 == 14:
            return max(mesh.size, o.rows // 2), 2 * o.length, (0.1, 0.05, 0.5, 0.2, 0, 0.15, 0)
        drills = max(0.06, 0.35 * (1 - i / o.drills))
        return o.rows, o.length, tuple((1 - drills) * x for x in (0.29, 0.16, 0, 0.32, 0.19, 0.04)) + (drills,)

    mesh = jax.make_mesh((jax.device_count(),), ("rows",), axis_types=(AxisType.Auto,))
    p, state = jax.device_put((p, state), NamedSharding(mesh, PartitionSpec()))
    steps = {q: make_train_step(c, mesh, q) for q in (False, True)}
    turns_at = jax.jit(functools.partial(M.turns_at, c))
    batches = Batches(tokenizer, o.seed, shape, first)
    began = saved_at = time.time()
    sums, tokens, log = np.zeros(6), 0, open(os.path.join(o.out, "log.txt"), "a")
    for step in range(first, o.steps):
        left, quantize = (o.steps - step) / max(1, o.decay), o.steps - step <= o.decay
        if o.decay_minutes:
            left, quantize = 1 - (time.time() - began) / 60 / o.decay_minutes, True
            if left <= 0:
                break
        rate = o.rate * min(1, (step + 1 - o.first) / 100, left)
        waited = time.time()
        batch = batches.take()
        waited = time.time() - waited
        batch = learned(batch, mesh.size) | {"turns": turns_at(batch["position"])}
        tokens += int((batch["tree"] > 0).sum())
        p, state, ce, right, balance, norm = steps[quantize](p, state, batch, np.float32(rate))
        right, counts = np.asarray(right), batch["weights"] > 0
        sums += [1, float(ce), right[counts].mean(), right[batch["learns_copy"]].mean(), counts.sum(), waited]
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
