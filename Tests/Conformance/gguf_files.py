#!/usr/bin/env python3
"""GGUF files against gguf-py, in both directions, through `gptoss inspect` and `gptoss synthesize`.

    pip install -r Tests/Conformance/requirements.txt
    swift build -c release
    GPTOSS_SHARED=../shared python Tests/Conformance/gguf_files.py [--seeds 0,1,2]

Read, files that gguf-py writes:
- for each seed random metadata (every value type, extremes, nested arrays, odd text) and random tensors of
  every type, alignments from 1 to 4,096, versions 2 and 3, one file and several parts opened by each;
- models of GPTOSS_SHARED/oracle/make_gguf.py, whole and in parts (left out if there is no such folder);
- big-endian files, which must be refused with one line.
Values must be equal, and the bytes at the offset that `inspect` gives must be those that were written.
Written, files of `gptoss synthesize`: gguf-py must read the same metadata and the same tensors.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import gguf
import numpy as np

from checks import check, finish

ROOT = Path(__file__).resolve().parent.parent.parent
GPTOSS = os.environ.get("GPTOSS", str(ROOT / ".build" / "release" / "gptoss"))
SHARED = Path(os.environ.get("GPTOSS_SHARED", ROOT.parent / "shared"))
V = gguf.GGUFValueType

# ggml-common.h asserts 36 bytes: two float16 and 32 weights. gguf-py still counts two float32.
BLOCKS = {kind: sizes for kind, sizes in gguf.GGML_QUANT_SIZES.items() if kind.name != "Q8_1"}


def equal(what, ours, theirs):
    check(ours == theirs, f"{what}: {str(ours)[:200]}, not {str(theirs)[:200]}")


def run(*arguments):
    return subprocess.run([GPTOSS, *map(str, arguments)], capture_output=True, text=True)


def inspect(path):
    answer = run("inspect", path, "--json", "--arrays")
    if answer.returncode != 0:
        check(False, f"inspect {path}: {answer.stderr.strip()}")
        return None
    return json.loads(answer.stdout)


def part_path(path, part):
    """The path of another part of the same set; the path itself if it is no part."""
    return Path(re.sub(r"-\d{5}-of-", f"-{part + 1:05}-of-", str(path)))


def tensor_bytes(path, tensor):
    with open(part_path(path, tensor["part"]), "rb") as file:
        file.seek(tensor["offset"])
        return file.read(tensor["bytes"])


# MARK: Random files


def random_scalar(rng, kind):
    bits = {V.UINT8: 8, V.INT8: 8, V.UINT16: 16, V.INT16: 16, V.UINT32: 32, V.INT32: 32, V.UINT64: 64, V.INT64: 64}
    if kind in bits:
        low, high = (0, 1 << bits[kind]) if kind.name.startswith("U") else (-(1 << bits[kind] - 1), 1 << bits[kind] - 1)
        if rng.random() < 0.3:
            return [low, high - 1, 0, 1][rng.integers(4)]
        return low + int.from_bytes(rng.bytes(8), "little") % (high - low)
    if kind == V.FLOAT32:
        return float(rng.integers(0, 0x7F800000, dtype=np.uint32).view(np.float32)) * float(rng.choice([-1, 1]))
    if kind == V.FLOAT64:
        return float(rng.choice([0.1, -1e300, 5e-324, np.pi, -0.0]))
    if kind == V.BOOL:
        return bool(rng.random() < 0.5)
    alphabet = "abc \"\\\n\t\0é世界😀\u2028"
    return "".join(rng.choice(list(alphabet), size=rng.integers(0, 40)))


SCALARS = [kind for kind in V if kind != V.ARRAY]


def random_metadata(rng):
    """Keys, types and values, in order."""
    entries = []
    for index, kind in enumerate(rng.permutation([int(kind) for kind in SCALARS] * 2)):
        entries.append((f"test.{index}.{V(kind).name.lower()}", V(kind), None, random_scalar(rng, V(kind))))
    for kind in SCALARS:
        values = [random_scalar(rng, kind) for _ in range(rng.choice([1, 2, 17, 33, 300]))]
        entries.append((f"test.array.{kind.name.lower()}", V.ARRAY, kind, values))
    nested = [[int(rng.integers(1 << 31)) for _ in range(count)] for count in (1, 40, 3)]
    entries.append(("test.nested", V.ARRAY, V.ARRAY, nested))
    return entries


def random_tensors(rng):
    """Names, types, shapes (numpy's order, in bytes) and bytes."""
    tensors = []
    for index, kind in enumerate(rng.permutation([int(kind) for kind in BLOCKS])):
        weights, size = BLOCKS[gguf.GGMLQuantizationType(kind)]
        outer = [int(n) for n in rng.integers(1, 4, size=rng.integers(0, 4))]
        blocks = int(rng.integers(1, 5))
        data = rng.integers(0, 256, size=outer + [blocks * size], dtype=np.uint8)
        dimensions = [blocks * weights] + outer[::-1]
        tensors.append((f"blk.{index}.{gguf.GGMLQuantizationType(kind).name}", kind, dimensions, data))
    return tensors


def write(path, metadata, tensors, alignment, parts=0, **options):
    writer = gguf.GGUFWriter(path, "test", split_max_tensors=parts, **options)
    if alignment is not None:
        writer.add_custom_alignment(alignment)
    for key, kind, element, value in metadata:
        writer.add_key_value(key, value, kind, sub_type=element if element != V.ARRAY else None)
    for name, kind, _, data in tensors:
        writer.add_tensor(name, data, raw_dtype=gguf.GGMLQuantizationType(kind))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def same(ours, theirs, kind):
    """Whether a JSON value is the one written; floats by bits, since a shortest decimal gives them back."""
    if isinstance(theirs, list):
        return isinstance(ours, list) and len(ours) == len(theirs) and all(
            same(a, b, kind) for a, b in zip(ours, theirs))
    if kind in (V.FLOAT32, V.FLOAT64):
        width = np.float32 if kind == V.FLOAT32 else np.float64
        return width(float(ours)).tobytes() == width(theirs).tobytes()
    return type(ours) is type(theirs) and ours == theirs


def compare(path, metadata, tensors, version):
    report = inspect(path)
    if report is None:
        return
    equal(f"{path} version", report["version"], version)
    ours = {key: value for key, value in report["metadata"].items() if key.startswith("test.")}
    equal(f"{path} keys in order", list(ours), [key for key, *_ in metadata])
    for key, kind, element, value in metadata:
        found = ours.get(key)
        check(same(found, value, element or kind), f"{path} {key}: {str(found)[:200]}, not {str(value)[:200]}")
    equal(f"{path} tensors", [tensor["name"] for tensor in report["tensors"]], [name for name, *_ in tensors])
    for tensor, (name, kind, dimensions, data) in zip(report["tensors"], tensors):
        equal(f"{path} {name} type", tensor["type"], gguf.GGMLQuantizationType(kind).name)
        equal(f"{path} {name} dimensions", tensor["dimensions"], dimensions)
        equal(f"{path} {name} size", tensor["bytes"], data.nbytes)
        equal(f"{path} {name} bytes", tensor_bytes(path, tensor) == data.tobytes(), True)


def random_files(folder, seed):
    rng = np.random.default_rng(seed)
    for alignment in [None, 1, 8, 32, 64, 4096]:
        metadata, tensors = random_metadata(rng), random_tensors(rng)
        path = folder / f"random-{seed}-{alignment}.gguf"
        write(path, metadata, tensors, alignment)
        compare(path, metadata, tensors, 3)
        with open(path, "r+b") as file:
            file.seek(4)
            file.write((2).to_bytes(4, "little"))
        compare(path, metadata, tensors, 2)
        write(folder / f"parts-{seed}-{alignment}.gguf", metadata, tensors, alignment, parts=7)
        for part in sorted(folder.glob(f"parts-{seed}-{alignment}-*")):
            compare(part, metadata, tensors, 3)

    path = folder / "big-endian.gguf"
    write(path, random_metadata(rng), [], None, endianess=gguf.GGUFEndian.BIG)
    answer = run("inspect", path)
    equal("a big-endian file is refused", (answer.returncode, answer.stdout), (1, ""))
    equal("in one line that says so", len(re.findall("big-endian.*\n", answer.stderr)), 1)


# MARK: Models


def value_of(field):
    """A field as gguf-py reads it; text is repaired as `inspect` does it."""
    if field.types[0] == V.ARRAY:
        if field.types[-1] == V.STRING:
            return [bytes(field.parts[index]).decode(errors="replace") for index in field.data]
        return [value for index in field.data for value in field.parts[index].tolist()]
    return field.contents()


def compare_with_reader(path):
    """A whole file, as `inspect` and as gguf-py's reader see it."""
    report = inspect(path)
    if report is None:
        return
    reader = gguf.GGUFReader(path)
    fields = {key: field for key, field in reader.fields.items() if not key.startswith("GGUF.")}
    equal(f"{path.name} keys in order", list(report["metadata"]), list(fields))
    for key, field in fields.items():
        ours = report["metadata"].get(key)
        equal(f"{path.name} {key}", same(ours, value_of(field), field.types[-1]), True)
    equal(f"{path.name} count of tensors", len(report["tensors"]), len(reader.tensors))
    for ours, theirs in zip(report["tensors"], reader.tensors):
        equal(
            f"{path.name} {theirs.name}",
            (ours["name"], ours["type"], ours["dimensions"], ours["bytes"], ours["offset"]),
            (theirs.name, theirs.tensor_type.name, theirs.shape.tolist(), int(theirs.n_bytes), int(theirs.data_offset)))
        equal(f"{path.name} {theirs.name} bytes", tensor_bytes(path, ours) == theirs.data.tobytes(), True)


def oracle_models(folder):
    script = SHARED / "oracle" / "make_gguf.py"
    if not script.exists():
        print(f"gguf_files: no {script}, its models are left out; set GPTOSS_SHARED")
        return
    def make(name, *options):
        subprocess.run(
            [sys.executable, script, folder / name, "--vocab", SHARED / "data" / "o200k_base.tiktoken",
             "--preset", "tiny", *options], check=True, capture_output=True)

    for name, *options in [("q8.gguf",), ("bf16.gguf", "--attn", "bf16", "--experts", "f16", "--alignment", "64")]:
        make(name, *options)
        compare_with_reader(folder / name)
        whole = {tensor["name"]: tensor_bytes(folder / name, tensor) for tensor in inspect(folder / name)["tensors"]}
        make("set-" + name, *options, "--split-max-tensors", "9")
        for part in sorted(folder.glob(f"set-{Path(name).stem}-*")):
            report = inspect(part)
            if report is not None:
                parts = {tensor["name"]: tensor_bytes(part, tensor) for tensor in report["tensors"]}
                equal(f"{part.name} has the tensors of {name}", parts == whole, True)


def synthesized(folder):
    for name, *options in [("tiny.gguf",), ("f16.gguf", "--types", "f16,bf16"), ("f32.gguf", "--types", "f32,f32")]:
        path = folder / ("synthesized-" + name)
        answer = run("synthesize", "--shape", "tiny", *options, path)
        equal(f"synthesize {name}", answer.returncode, 0)
        if answer.returncode == 0:
            compare_with_reader(path)
            equal(f"{path.name} leaves no other file", list(folder.glob("*.partial")), [])


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", default="0,1,2", help="comma-separated (default: 0,1,2)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for seed in map(int, options.seeds.split(",")):
            random_files(folder, seed)
        oracle_models(folder)
        synthesized(folder)
    finish()


if __name__ == "__main__":
    main()
