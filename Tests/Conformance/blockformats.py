#!/usr/bin/env python3
"""Block formats against gguf-py: every weight of random blocks, to the bit.

    pip install -r Tests/Conformance/requirements.txt
    swift build -c release
    python Tests/Conformance/blockformats.py [--seeds 0,1,2] [--blocks 32]

For each seed it writes, with gguf-py, a file that has one tensor a format, filled with random blocks and
with the extremes of scales. `gptoss inspect FILE --json --tensor NAME --block I` decodes a block at a time,
and its `weights` must be those of gguf.quants.dequantize. NaN equals NaN; zeros must agree in sign.
The Swift tests compare many more blocks with checksums that make_golden_blocks.py wrote.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import warnings
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import gguf
import numpy as np

from checks import check, finish
from make_golden_blocks import FLOAT16_OFFSETS, FORMATS

ROOT = Path(__file__).resolve().parent.parent.parent
GPTOSS = os.environ.get("GPTOSS", str(ROOT / ".build" / "release" / "gptoss"))
# Smallest and largest subnormal, smallest normal, largest, infinity and NaN, of both signs.
EXTREME_FLOAT16 = [0x0000, 0x8000, 0x0001, 0x83FF, 0x0400, 0x7BFF, 0xFBFF, 0x7C00, 0xFC00, 0x7C01, 0xFE00]
EXTREME_E8M0 = [0, 1, 2, 127, 253, 254, 255]


def random_blocks(name, count, rng):
    """Blocks of random bytes; the first ones have the extremes of scales."""
    blocks = rng.integers(0, 256, size=(count, gguf.GGML_QUANT_SIZES[FORMATS[name]][1]), dtype=np.uint8)
    if name == "mxfp4":
        blocks[:len(EXTREME_E8M0), 0] = EXTREME_E8M0[:count]
    elif name == "f16":
        blocks[:len(EXTREME_FLOAT16)] = np.array(EXTREME_FLOAT16[:count], dtype="<u2").view(np.uint8).reshape(-1, 2)
    for offset in FLOAT16_OFFSETS.get(name, []):
        for block, pattern in zip(blocks, rng.permutation(EXTREME_FLOAT16)):
            block[offset:offset + 2] = np.array([pattern], dtype="<u2").view(np.uint8)
    return blocks


def write_file(path, tensors):
    writer = gguf.GGUFWriter(path, "gpt-oss")
    for name, blocks in tensors.items():
        kind = FORMATS[name]
        if kind in (gguf.GGMLQuantizationType.F32, gguf.GGMLQuantizationType.F16):
            data = blocks.view(np.float32 if kind == gguf.GGMLQuantizationType.F32 else np.float16).ravel()
            writer.add_tensor(name, data)
        else:
            writer.add_tensor(name, blocks.reshape(1, -1), raw_dtype=kind)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def inspect(path, name, block):
    """The weights of a block as the runner decodes it."""
    command = [GPTOSS, "inspect", path, "--json", "--tensor", name, "--block", str(block)]
    answer = subprocess.run(command, capture_output=True, text=True)
    if answer.returncode != 0:
        sys.exit(f"{' '.join(command)}: {answer.stderr.strip()}")
    # Integers as floats, since "-0" would lose its sign; "nan" and "inf" are strings.
    weights = json.loads(answer.stdout, parse_int=float)["weights"]
    return np.array([float(weight) for weight in weights], dtype=np.float64)


def difference(ours, theirs):
    """The first weight that differs, or None."""
    if len(ours) != len(theirs):
        return f"{len(ours)} weights, not {len(theirs)}"
    single = ours.astype(np.float32)
    same = (single.view(np.uint32) == theirs.view(np.uint32)) | (np.isnan(single) & np.isnan(theirs))
    if same.all():
        return None
    weight = int(np.flatnonzero(~same)[0])
    return f"weight {weight} is {float(single[weight])}, not {float(theirs[weight])}"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", default="0,1,2", help="comma-separated (default: 0,1,2)")
    parser.add_argument("--blocks", type=int, default=24, help="blocks a format and seed (default: 24)")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    for seed in map(int, options.seeds.split(",")):
        rng = np.random.default_rng(seed)
        tensors = {name: random_blocks(name, options.blocks, rng) for name in FORMATS}
        with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(os.cpu_count()) as pool:
            path = str(Path(folder) / "blocks.gguf")
            write_file(path, tensors)
            cases = [(name, block) for name in FORMATS for block in range(options.blocks)]
            for (name, block), ours in zip(cases, pool.map(lambda case: inspect(path, *case), cases)):
                theirs = gguf.quants.dequantize(tensors[name][block:block + 1], FORMATS[name]).ravel()
                message = difference(ours, theirs)
                check(message is None, f"seed {seed}, {name}, block {block}: {message}")
    finish()


if __name__ == "__main__":
    main()
