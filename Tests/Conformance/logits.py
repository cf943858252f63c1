#!/usr/bin/env python3
"""Logits against the float64 oracle: every kernel set, both cache types, many storage formats.

    pip install -r Tests/Conformance/requirements.txt
    swift build -c release
    python Tests/Conformance/logits.py [--full] [--seeds 1,2,3]

Writes models with gguf-py (oracle/make_gguf.py), draws random tokens, more than the window holds, and compares
`gptoss logits --all` with oracle/oracle.py: the mean Kullback-Leibler divergence stays below the bound of the
kernel set, and the most likely token is the same wherever the oracle's best two are more than 1e-2 apart.
The bounds are tight enough to see a float16 cache (3e-6) and a rounded YaRN range (1e-4).
"""

import argparse
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
VOCABULARY_SIZE = 201_088

# Kernel set, cache element, largest mean divergence. `portable` and the AVX sets round activations to 16 bits.
RUNS = [
    ("reference", "float32", 1e-9),
    ("portable", "float32", 2e-7),
    ("portable", "int16", 1e-5),
    ("portable", "float16", 1e-5),
    ("blas", "float32", 1e-8),
    ("blas", "int16", 1e-5),
    ("avx2", "int16", 1e-5),
    ("avxvnni", "int16", 1e-5),
    ("avx512", "int16", 1e-5),
]
# Random weights of the K-quants make a model that answers to the last bit of a key: an exact pass that does nothing but
# round keys and values to float16 is 1.5e-5 away (small, q4_k, seed 1), and a router's tie can tip over.
K_QUANT_FLOAT16_BOUND = 2e-4
# Preset, attention's format, experts' format, tokens, further arguments of make_gguf.py.
QUICK = [
    ("tiny", "q8_0", "mxfp4", 40, []),
    ("tiny", "f16", "f32", 40, ["--alignment", "64"]),
    ("tiny", "q4_0", "mxfp4", 24, ["--split-max-tensors", "9"]),
    ("tiny", "iq4_nl", "f16", 24, []),
    ("small", "q4_k", "mxfp4", 40, []),
]
FULL = (
    [("tiny", attention, experts, 40, []) for attention in ("q8_0", "f16", "bf16", "f32", "q4_0", "q5_0", "iq4_nl")
     for experts in ("mxfp4", "f16", "f32")]
    + [("small", attention, "mxfp4", 60, []) for attention in ("q8_0", "q2_k", "q3_k", "q4_k", "q5_k", "q6_k", "iq4_xs")]
    + [("small", "q4_1", "mxfp4", 40, ["--alignment", "256"]), ("small", "q5_1", "mxfp4", 40, ["--alignment", "8"]),
       ("small", "q8_0", "mxfp4", 40, ["--split-max-tensors", "5"]), ("mid", "q8_0", "mxfp4", 140, [])]
)


def log_softmax(logits):
    shifted = logits.astype(np.float64) - logits.max(-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(-1, keepdims=True))


def compare(expected, actual):
    """Mean divergence and the number of positions whose most likely token differs although it is clear."""
    p, q = log_softmax(expected), log_softmax(actual)
    divergence = (np.exp(p) * (p - q)).sum(-1)
    best = np.sort(expected, -1)[:, -2:]
    clear = best[:, 1] - best[:, 0] > 1e-2
    return float(divergence.mean()), int(((expected.argmax(-1) != actual.argmax(-1)) & clear).sum())


def first_part(model):
    parts = sorted(model.parent.glob(model.stem + "-00001-of-*.gguf"))
    return parts[0] if parts else model


def compare_runs(case, seed, folder, oracle):
    preset, attention, experts, count, extra = case
    model = folder / f"{preset}-{attention}-{experts}-{seed}.gguf"
    subprocess.run(
        [sys.executable, SHARED / "oracle" / "make_gguf.py", model, "--vocab", SHARED / "data" / "o200k_base.tiktoken",
         "--preset", preset, "--attn", attention, "--experts", experts, "--seed", str(seed), *extra],
        check=True, capture_output=True)
    source = random.Random(seed)
    tokens = [source.randrange(VOCABULARY_SIZE) for _ in range(count)]
    rows = list(range(count)) if preset != "mid" else list(range(count - 8, count))
    if extra and extra[0].startswith("--split"):
        # The oracle reads one file: the same tensors, not split.
        whole = folder / "whole.gguf"
        subprocess.run(
            [sys.executable, SHARED / "oracle" / "make_gguf.py", whole, "--vocab",
             SHARED / "data" / "o200k_base.tiktoken", "--preset", preset, "--attn", attention, "--experts", experts,
             "--seed", str(seed)], check=True, capture_output=True)
        expected = oracle.forward(str(whole), tokens, rows=rows)
        whole.unlink()
    else:
        expected = oracle.forward(str(model), tokens, rows=rows)
    for kernels, cache, bound in RUNS:
        if cache == "float16" and "_k" in attention:
            bound = K_QUANT_FLOAT16_BOUND
        output = folder / "logits.npy"
        run = subprocess.run(
            [GPTOSS, "logits", str(first_part(model)), "--tokens", ",".join(map(str, tokens)), "--last",
             str(len(rows)), "--force", "--output", str(output), "--cache", cache],
            env={**os.environ, "GPTOSS_CPU": kernels}, capture_output=True, text=True)
        if run.returncode != 0 and "CPU" in run.stderr:
            print(f"skip {kernels}: {run.stderr.strip()}")
            continue
        if run.returncode != 0:
            check(False, f"{case} seed {seed} {kernels}: exit {run.returncode}: {run.stderr.strip()}")
            continue
        divergence, differing = compare(expected, np.load(output))
        figures = (f"{preset:5} {attention:6} {experts:5} seed {seed} {kernels:9} {cache}: "
                   f"KL {divergence:.2e} (at most {bound:.0e}), {differing} other best tokens")
        good = divergence <= bound and differing == 0
        check(good, figures)
        if good:
            print(f"ok   {figures}", flush=True)
    for path in folder.iterdir():
        path.unlink()


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--full", action="store_true", help="every format and preset mid; takes long")
    arguments.add_argument("--seeds", default="1")
    options = arguments.parse_args()
    if not (SHARED / "oracle" / "oracle.py").exists():
        print("logits: skipped, the oracles are not here (GPTOSS_SHARED)")
        return
    sys.path.insert(0, str(SHARED / "oracle"))
    import oracle

    for seed in map(int, options.seeds.split(",")):
        for case in FULL if options.full else QUICK:
            with tempfile.TemporaryDirectory() as folder:
                compare_runs(case, seed, Path(folder), oracle)
    finish()


if __name__ == "__main__":
    main()
