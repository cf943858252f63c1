#!/usr/bin/env python3
"""Writes Tests/BlockFormats/GoldenBlocks.swift: blocks, and what gguf-py makes of them.

Some blocks stand there in full with their weights, so that a failing test can say which weight differs.
Of many more there is a checksum: the test makes the same random blocks and compares checksums.

usage: python Tests/Conformance/make_golden_blocks.py      (needs gguf and numpy)
"""

import warnings
from importlib.metadata import version
from pathlib import Path

import gguf
import numpy as np
from gguf import GGMLQuantizationType as Type

TARGET = Path(__file__).parent.parent / "BlockFormats" / "GoldenBlocks.swift"
FORMATS = {
    "f32": Type.F32, "f16": Type.F16, "bf16": Type.BF16, "mxfp4": Type.MXFP4, "q8_0": Type.Q8_0,
    "q4_0": Type.Q4_0, "q4_1": Type.Q4_1, "q5_0": Type.Q5_0, "q5_1": Type.Q5_1,
    "q2_K": Type.Q2_K, "q3_K": Type.Q3_K, "q4_K": Type.Q4_K, "q5_K": Type.Q5_K, "q6_K": Type.Q6_K,
    "iq4_NL": Type.IQ4_NL, "iq4_XS": Type.IQ4_XS,
}
# Where a format keeps its float16 numbers: the blocks given in full get ordinary ones.
FLOAT16_OFFSETS = {
    "q8_0": [0], "q4_0": [0], "q4_1": [0, 2], "q5_0": [0], "q5_1": [0, 2], "q2_K": [80, 82], "q3_K": [108],
    "q4_K": [0, 2], "q5_K": [0, 2], "q6_K": [208], "iq4_NL": [0], "iq4_XS": [0],
}
CHECKED_BLOCKS = 512


class RepeatableGenerator:
    """xorshift64*, as in BlockHelpers.swift."""

    def __init__(self, seed):
        self.state = seed | 1 << 63

    def bytes(self, count):
        out = bytearray()
        for _ in range(count):
            self.state ^= self.state >> 12
            self.state ^= self.state << 25 & 0xFFFFFFFFFFFFFFFF
            self.state ^= self.state >> 27
            out.append((self.state * 0x2545F4914F6CDD1D & 0xFFFFFFFFFFFFFFFF) >> 56)
        return np.frombuffer(bytes(out), dtype=np.uint8)


def checksum(words):
    """FNV-1a over integers in place of bytes."""
    value = 0xCBF29CE484222325
    for word in words.tolist():
        value = (value ^ word) * 0x100000001B3 & 0xFFFFFFFFFFFFFFFF
    return value


def decoded_bits(blocks, kind):
    """The weights' bits, every NaN the same: processors differ in the NaN that arithmetic gives."""
    weights = gguf.quants.dequantize(blocks, kind).ravel()
    return np.where(np.isnan(weights), np.uint32(0x7FC00000), weights.view(np.uint32))


def golden_blocks():
    for name, kind in FORMATS.items():
        weights, size = gguf.GGML_QUANT_SIZES[kind]
        blocks = RepeatableGenerator(seed=1).bytes(size * max(32 // weights, 1)).copy()
        for number, offset in enumerate(FLOAT16_OFFSETS.get(name, [])):
            blocks[offset:offset + 2] = np.array([0.0123 / (number + 1)], dtype=np.float16).view(np.uint8)
        yield name, kind, "random", blocks
    nibbles = np.array([j | (15 - j) << 4 for j in range(16)], dtype=np.uint8)
    for e in (0, 1, 2, 127, 253, 254, 255):
        yield "mxfp4", Type.MXFP4, f"scale byte {e}", np.concatenate([np.array([e], dtype=np.uint8), nibbles])
    for pattern, reason in (
        (0x0001, "smallest subnormal"), (0x83FF, "largest subnormal, negative"), (0x8000, "minus zero"),
        (0x7BFF, "largest finite"), (0x7C00, "infinity"), (0xFC00, "minus infinity"), (0x7E01, "NaN"),
    ):
        scale = np.array([pattern], dtype="<u2").view(np.uint8)
        yield "q4_0", Type.Q4_0, f"scale {reason}", np.concatenate([scale, nibbles])


def encoder_weights(name):
    generator = RepeatableGenerator(seed=3)
    if name in ("f16", "bf16"):
        return generator.bytes(4 * 32 * CHECKED_BLOCKS).view("<f4")
    # Signed 24-bit integers times one power of two per block, which are exact in float32.
    rows = generator.bytes(97 * CHECKED_BLOCKS).reshape(CHECKED_BLOCKS, 97).astype(np.int64)
    integers = rows[:, 1:33] | rows[:, 33:65] << 8 | (rows[:, 65:97] ^ 0x80) - 0x80 << 16
    return (integers * 2.0 ** (-4.0 - rows[:, :1] % 64)).astype(np.float32)


def encode_mxfp4(blocks):
    """What MXFP4+Encoding.swift documents, for blocks that are not all zero and have ordinary exponents."""
    magnitudes = np.array([0, 0.5, 1, 1.5, 2, 3, 4, 6])
    blocks = blocks.astype(np.float64)
    first = np.floor(np.log2(np.abs(blocks).max(axis=1, keepdims=True))) - 2
    candidates = []
    for exponent in (first, first + 1):
        distance = np.abs(np.abs(blocks / 2.0**exponent)[:, :, None] - magnitudes)
        nearest = distance.min(axis=2, keepdims=True)
        # Of two that are equally near, the one with the even code.
        code = np.where(distance == nearest, np.arange(8) + 100 * (np.arange(8) % 2), 1000).argmin(axis=2)
        error = ((nearest[:, :, 0] * 2.0**exponent) ** 2).sum(axis=1, keepdims=True)
        candidates.append((exponent, np.where((blocks < 0) & (code > 0), code | 8, code), error))
    (e1, code1, error1), (e2, code2, error2) = candidates
    code = np.where(error2 < error1, code2, code1).astype(np.uint8)
    e = (np.where(error2 < error1, e2, e1) + 127).astype(np.uint8)
    return np.concatenate([e, code[:, :16] | code[:, 16:] << 4], axis=1)


def encoded(name):
    weights = encoder_weights(name)
    if name == "mxfp4":
        return encode_mxfp4(weights)
    return gguf.quants.quantize(weights, FORMATS[name]).view(np.uint8)


def literal(data):
    """Bytes as lines of a multi-line string."""
    text = bytes(data).hex()
    return "\n".join("      " + text[i:i + 96] for i in range(0, len(text), 96))


def main():
    warnings.simplefilter("ignore")
    lines = [
        "// Made by Tests/Conformance/make_golden_blocks.py with "
        f"gguf {version('gguf')} and numpy {version('numpy')}.",
        "// Not to be edited by hand.", "", "import GPTOSSBlockFormats", "",
        "/// Blocks and the bits of the weights that gguf-py decodes them to, both in hexadecimal.",
        "let goldenBlocks: [(format: BlockFormat, reason: String, blocks: String, weights: String)] = [",
    ]
    for name, kind, reason, blocks in golden_blocks():
        bits = decoded_bits(blocks, kind).astype(">u4").view(np.uint8)
        lines += ["  (", f"    .{name}, \"{reason}\",", '    """', literal(blocks).replace("      ", "    "), '    """,']
        lines += ['    """', literal(bits).replace("      ", "    "), '    """', "  ),"]
    lines += ["]", "", f"/// Checksums of the weights of {CHECKED_BLOCKS} random blocks as gguf-py decodes them."]
    lines += ["let goldenDecodes: [(format: BlockFormat, checksum: UInt64)] = ["]
    for name, kind in FORMATS.items():
        size = gguf.GGML_QUANT_SIZES[kind][1]
        blocks = RepeatableGenerator(seed=2).bytes(size * CHECKED_BLOCKS).reshape(CHECKED_BLOCKS, size)
        lines.append(f"  (.{name}, 0x{checksum(decoded_bits(blocks, kind)):016X}),")
    lines += ["]", "", f"/// Checksums of the bytes of {CHECKED_BLOCKS} encoded blocks of 32 weights."]
    lines += ["///", "/// F16, BF16 and Q8_0 are what gguf-py encodes; MXFP4 is the documented choice computed in numpy."]
    lines += ["let goldenEncodes: [(format: BlockFormat, checksum: UInt64)] = ["]
    lines += [f"  (.{name}, 0x{checksum(encoded(name).ravel()):016X})," for name in ("f16", "bf16", "q8_0", "mxfp4")]
    lines.append("]")
    TARGET.write_text("\n".join(lines) + "\n")
    print(f"wrote {TARGET}")


if __name__ == "__main__":
    main()
