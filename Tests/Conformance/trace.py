#!/usr/bin/env python3
"""What `gptoss trace` says against a float64 pass in NumPy that looks at itself.

    pip install -r Tests/Conformance/requirements.txt
    swift build -c release
    python Tests/Conformance/trace.py [--seeds 1,2]

Writes models with gguf-py (oracle/make_gguf.py) and traces a text of 200 tokens. With the reference kernels experts are
the same where the router's margin exceeds 1e-6, and numbers agree to 1e-4; with the default kernels, which round
activations, experts where it exceeds 1e-2, and weights to 1e-2. A layer whose input differs because another expert was
chosen before is left out from there on.
"""

import argparse
import csv
import io
import json
import math
import os
import random
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

from checks import check, finish

ROOT = Path(__file__).resolve().parent.parent.parent
GPTOSS = os.environ.get("GPTOSS", str(ROOT / ".build" / "release" / "gptoss"))
SHARED = Path(os.environ.get("GPTOSS_SHARED", ROOT.parent / "shared"))
TOKENS = 200
ATTENDED = 8
WORDS = ("the model reads a token in layers and each of them adds what attention and experts wrote 4 17 café 漢字 "
         "naïve 🙂 router weight sink head window scale block nibble").split(" ")
# Kernels, cache, the margin from which choices are the same, how far weights and other numbers may be off.
RUNS = [("reference", "float32", 1e-6, 1e-4, 1e-4), (None, None, 1e-2, 1e-2, 5e-2)]


def observe(oracle, path, tokens):
    """A pass as oracle.forward computes it, and what each layer did: lists of arrays, one per layer."""
    kv, tensors = oracle.load(path)
    key = lambda name: kv["gpt-oss." + name]

    def weight(name, part=None):
        tensor = tensors[name]
        data = tensor.data if part is None else tensor.data[part]
        if tensor.tensor_type == 0:
            return np.asarray(data, dtype=np.float64)
        return oracle.quants.dequantize(data, tensor.tensor_type).astype(np.float64)

    layers, heads, groups = key("block_count"), key("attention.head_count"), key("attention.head_count_kv")
    size, window, epsilon = key("attention.key_length"), key("attention.sliding_window"), key("attention.layer_norm_rms_epsilon")
    used, base = key("expert_used_count"), key("rope.freq_base")
    factor, original = kv.get("gpt-oss.rope.scaling.factor", 1.0), kv.get("gpt-oss.rope.scaling.original_context_length", 4096)
    count = len(tokens)
    positions = np.arange(count)
    frequencies, concentration = base ** (-np.arange(0, size, 2) / size), 1.0
    if factor > 1:
        concentration = 0.1 * math.log(factor) + 1
        bound = lambda beta: size / 2 * math.log(original / (beta * 2 * math.pi)) / math.log(base)
        ramp = np.clip((np.arange(size // 2) - bound(32)) / max(0.001, bound(1) - bound(32)), 0, 1)
        frequencies = frequencies / factor * ramp + frequencies * (1 - ramp)
    cosines = np.cos(positions[:, None] * frequencies) * concentration
    sines = np.sin(positions[:, None] * frequencies) * concentration
    half = size // 2

    def rotate(x):
        a, b = x[..., :half], x[..., half:]
        return np.concatenate([a * cosines[:, None] - b * sines[:, None], b * cosines[:, None] + a * sines[:, None]], -1)

    norm = lambda x, w: x / np.sqrt((x * x).mean(-1, keepdims=True) + epsilon) * w
    length = lambda x: np.sqrt((x * x).sum(-1))
    x = np.stack([weight("token_embd.weight", slice(token, token + 1))[0] for token in tokens])
    seen = []
    for index in range(layers):
        prefix = f"blk.{index}."
        h = norm(x, weight(prefix + "attn_norm.weight"))
        project = lambda name, width: (h @ weight(prefix + f"attn_{name}.weight").T + weight(prefix + f"attn_{name}.bias")).reshape(count, width, size)
        q, k, v = rotate(project("q", heads)), rotate(project("k", groups)), project("v", groups)
        hidden = positions[None, :] > positions[:, None]
        if index % 2 == 0 and window > 0:
            hidden |= positions[:, None] - positions[None, :] >= window
        sinks = weight(prefix + "attn_sinks.weight")
        shares, sink_shares, mixed = np.empty((count, heads, count)), np.empty((count, heads)), np.empty((count, heads, size))
        for head in range(heads):
            scores = q[:, head] @ k[:, head // (heads // groups)].T / math.sqrt(size)
            scores[hidden] = -np.inf
            largest = np.maximum(scores.max(-1), sinks[head])
            powers, sink = np.exp(scores - largest[:, None]), np.exp(sinks[head] - largest)
            total = powers.sum(-1) + sink
            shares[:, head], sink_shares[:, head] = powers / total[:, None], sink / total
            mixed[:, head] = shares[:, head] @ v[:, head // (heads // groups)]
        attention = mixed.reshape(count, heads * size) @ weight(prefix + "attn_output.weight").T + weight(prefix + "attn_output.bias")
        before = length(x)
        x = x + attention
        middle = length(x)
        h = norm(x, weight(prefix + "post_attention_norm.weight"))
        router = h @ weight(prefix + "ffn_gate_inp.weight").T + weight(prefix + "ffn_gate_inp.bias")
        order = np.argsort(-router, -1, kind="stable")
        chosen = order[:, :used]
        ranked = np.take_along_axis(router, order, -1)
        powers = np.exp(ranked[:, :used] - ranked[:, :1])
        weights = powers / powers.sum(-1, keepdims=True)
        norms, added = np.empty((count, used)), np.zeros_like(x)
        for expert in np.unique(chosen):
            rows, slots = np.nonzero(chosen == expert)
            gate = np.minimum(h[rows] @ weight(prefix + "ffn_gate_exps.weight", expert).T + weight(prefix + "ffn_gate_exps.bias", expert), 7)
            up = np.clip(h[rows] @ weight(prefix + "ffn_up_exps.weight", expert).T + weight(prefix + "ffn_up_exps.bias", expert), -7, 7)
            activation = gate / (1 + np.exp(-1.702 * gate)) * (up + 1)
            output = activation @ weight(prefix + "ffn_down_exps.weight", expert).T + weight(prefix + "ffn_down_exps.bias", expert)
            output *= weights[rows, slots][:, None]
            added[rows] += output
            norms[rows, slots] = length(output)
        x = x + added
        # How far the choice was from another one: between neighbors among the chosen, and to the first that was not.
        margin = (ranked[:, :used] - ranked[:, 1:used + 1]).min(-1) if router.shape[1] > used else np.full(count, np.inf)
        seen.append({
            "router": router, "experts": chosen, "margin": margin, "weights": weights, "norms": norms, "sink": sink_shares,
            "shares": shares, "input_norms": before, "attention_norms": length(attention), "middle_norms": middle, "residual_norms": length(x)})
    logits = norm(x, weight("output_norm.weight")) @ weight("output.weight" if "output.weight" in tensors else "token_embd.weight").T
    shifted = logits - logits.max(-1, keepdims=True)
    return seen, shifted - np.log(np.exp(shifted).sum(-1, keepdims=True))


def off(expected, actual):
    """How far numbers are off, of their own size where that is above 1."""
    expected, actual = np.asarray(expected, dtype=np.float64), np.asarray(actual, dtype=np.float64)
    return np.abs(expected - actual) / np.maximum(1, np.abs(expected))


def compare(name, trace, seen, log_probabilities, margin, weight_bound, bound):
    tokens = [token["id"] for token in trace["tokens"]]
    # Tokens whose layers had the same input so far: one that went to another expert changes what later ones see.
    same = np.ones(len(tokens), dtype=bool)
    compared = differing = 0
    for index, (layer, expected) in enumerate(zip(trace["layers"], seen)):
        experts = np.array(layer["experts"])
        equal = (experts == expected["experts"]).all(-1)
        wrong = same & ~equal & (expected["margin"] > margin)
        check(not wrong.any(), f"{name}, layer {index}: other experts for tokens {np.nonzero(wrong)[0][:5]}")
        compared += int(same.sum())
        differing += int((same & ~equal).sum())
        router = off(expected["router"], layer["router"])[same]
        check(router.max() < bound, f"{name}, layer {index}: router logits are off by {router.max():.1e}")
        for key in ("input_norms", "attention_norms", "middle_norms"):
            values = off(expected[key], layer[key])[same]
            check(values.max() < bound, f"{name}, layer {index}: {key} are off by {values.max():.1e}")
        sink = off(expected["sink"], layer["sink"])[same]
        check(sink.max() < weight_bound, f"{name}, layer {index}: sinks are off by {sink.max():.1e}")
        for token in np.nonzero(same)[0]:
            for head, places in enumerate(layer["attended"][token]):
                shares = expected["shares"][token, head]
                best = np.sort(shares)[::-1][:ATTENDED]
                listed = np.array([share for _, share in places] + [0.0] * (ATTENDED - len(places)))[:len(best)]
                holds = (np.abs(listed - best) < weight_bound).all() and all(
                    abs(shares[position] - share) < weight_bound for position, share in places)
                if not holds:
                    check(False, f"{name}, layer {index}, token {token}, head {head}: {places[:3]}, not {best[:3]}")
        # From here on only tokens that went to the same experts, and saw none that did not.
        same &= equal
        if not same.all():
            same[int(np.argmin(same)):] = False
        if not same.any():
            break
        for key, limit in (("weights", weight_bound), ("norms", bound), ("residual_norms", bound)):
            values = off(expected[key], layer[key])[same]
            check(values.max() < limit, f"{name}, layer {index}: {key} are off by {values.max():.1e}")
        sums = np.array(layer["weights"]).sum(-1)
        check(np.abs(sums - 1).max() < 1e-5, f"{name}, layer {index}: weights sum to {sums.min()} … {sums.max()}")
    if same.all():
        given = np.array([token["log_probability"] for token in trace["tokens"][1:]])
        wanted = log_probabilities[np.arange(len(tokens) - 1), tokens[1:]]
        check(off(wanted, given).max() < bound, f"{name}: log-probabilities are off by {off(wanted, given).max():.1e}")
    check(compared > len(tokens), f"{name}: hardly anything was compared")
    print(f"ok   {name}: {compared} tokens in layers compared, {differing} ties went another way", flush=True)


def run(model, text, kernels, cache, *arguments):
    environment = {**os.environ, **({"GPTOSS_CPU": kernels} if kernels else {})}
    done = subprocess.run(
        [GPTOSS, "trace", "-m", str(model), "--file", "-", *arguments, *(["--cache", cache] if cache else [])],
        input=text, env=environment, capture_output=True, text=True)
    check(done.returncode == 0 and not done.stderr, f"trace: exit {done.returncode}: {done.stderr.strip()[-300:]}")
    return done.stdout


def compare_table(name, trace, table):
    """The table has a row for each expert of each token and layer, and says the same."""
    rows = list(csv.DictReader(io.StringIO(table)))
    slots = len(trace["layers"][0]["experts"][0])
    check(len(rows) == len(trace["tokens"]) * len(trace["layers"]) * slots, f"{name}: the table has {len(rows)} rows")
    for row in rows:
        token, layer, slot = int(row["position"]), int(row["layer"]), int(row["slot"])
        data = trace["layers"][layer]
        holds = (
            int(row["expert"]) == data["experts"][token][slot] and float(row["weight"]) == data["weights"][token][slot]
            and float(row["norm"]) == data["norms"][token][slot] and json.loads(row["text"]) == trace["tokens"][token]["text"]
            and float(row["router_logit"]) == data["router"][token][int(row["expert"])])
        if not holds:
            check(False, f"{name}: the table says {row}")


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--seeds", default="1")
    options = arguments.parse_args()
    if not (SHARED / "oracle" / "oracle.py").exists():
        print("trace: skipped, the oracles are not here (GPTOSS_SHARED)")
        return
    sys.path.insert(0, str(SHARED / "oracle"))
    import oracle

    for seed in map(int, options.seeds.split(",")):
        for preset in ("tiny", "small"):
            with tempfile.TemporaryDirectory() as folder:
                model = Path(folder) / "model.gguf"
                subprocess.run(
                    [sys.executable, SHARED / "oracle" / "make_gguf.py", model, "--vocab",
                     SHARED / "data" / "o200k_base.tiktoken", "--preset", preset, "--attn", "q8_0", "--experts", "mxfp4",
                     "--seed", str(seed)], check=True, capture_output=True)
                source = random.Random(seed)
                text = " ".join(source.choice(WORDS) for _ in range(TOKENS))
                seen = None
                for kernels, cache, margin, weight_bound, bound in RUNS:
                    name = f"{preset}, seed {seed}, {kernels or 'default'} kernels"
                    trace = json.loads(run(model, text, kernels, cache, "--json"))
                    if seen is None:
                        tokens = [token["id"] for token in trace["tokens"]]
                        check(len(tokens) >= TOKENS, f"{name}: {len(tokens)} tokens")
                        seen = observe(oracle, str(model), tokens)
                    compare(name, trace, *seen, margin, weight_bound, bound)
                    if kernels is None and preset == "tiny":
                        compare_table(name, trace, run(model, text, kernels, cache, "--csv"))
    finish()


if __name__ == "__main__":
    main()
