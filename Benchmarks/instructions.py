#!/usr/bin/env python3
"""Counts the instructions of the NEON kernels per record, sixteen rows by 32 columns, from object files.

Usage: Benchmarks/instructions.py [--bounds] OBJECT...

The objects are those of GPTOSSKernelsNEON and GPTOSSKernelsNEONI8MM, built for release. Prints a line per kernel and ends
with 1 if one is longer than its bound. With --bounds it also estimates what published cores can do with them. A machine that
runs the code is not needed; llvm-objdump is.
"""
import re
import subprocess
import sys
from typing import NamedTuple

DOT_PRODUCTS = ("sdot", "smmla")


class Format(NamedTuple):
    """A format of records: its bytes, and the FMLA of a record for one token and for four of a panel.

    One per four rows and token. A second scale takes another; a minimum does, too, and for one token one to make it.
    """

    record_bytes: int
    fused: tuple = (4, 16)
    # Bounds for one token and for four of a panel, by precision; none where nothing was promised.
    bounds: dict = {}


FORMATS = {
    "MXFP4": Format(272, bounds={"Precise": (235, 450), "Fast": (175, 265)}),
    "Q8": Format(544, bounds={"Precise": (185, 450), "Fast": (120, 265)}),
    "Q5_0": Format(352),
    "Q5_1": Format(384, (12, 32)),
    "Q4_K": Format(288, (12, 32)),
    "Q5_K": Format(352, (12, 32)),
    "Q6_K": Format(416, (8, 32)),
}

# Cores for which --bounds estimates: GHz, vector instructions, loads and instructions that start per cycle, fast cores of a
# machine with them, and the GB/s of its memory. Sources are in Docs/Performance.md.
CORES = {
    "Apple M1": (3.2, 4, 3, 8, 4, 68),
    "Apple M2": (3.5, 4, 3, 8, 4, 100),
    "Neoverse V1": (2.6, 4, 3, 8, 64, 307),
    "Neoverse V2": (2.8, 4, 3, 8, 96, 538),
}
LOADS = ("ldr", "ldp", "ldur", "ld1", "ld1r", "ldrb", "ldrh")

class Instruction(NamedTuple):
    address: int
    name: str
    operands: str


class Loop(NamedTuple):
    first: int
    last: int

    def holds(self, other):
        return self != other and self.first <= other.first and other.last <= self.last


def functions(path):
    """The instructions of each function of an object file."""
    listing = subprocess.run(
        ["llvm-objdump", "-d", "--no-show-raw-insn", "--mattr=+dotprod,+i8mm", path], check=True, capture_output=True,
        text=True).stdout
    code, name = {}, None
    for line in listing.splitlines():
        if label := re.match(r"[0-9a-f]+ <(.*)>:", line):
            name = label[1]
            code[name] = []
        elif name and (found := re.match(r"\s*([0-9a-f]+):\s+(\S+)\s*(.*)", line)):
            code[name].append(Instruction(int(found[1], 16), found[2], found[3]))
    return code


def loops(code):
    """Every backward branch and where it goes, as indices."""
    places = {instruction.address: index for index, instruction in enumerate(code)}
    found = []
    for index, (_, name, operands) in enumerate(code):
        if not re.fullmatch(r"b|b\..*|cbn?z|tbn?z", name):
            continue
        target = re.search(r"0x([0-9a-f]+)", operands)
        first = places.get(int(target[1], 16)) if target else None
        if first is not None and first <= index:
            found.append(Loop(first, index))
    return found


def count(code, loop, *names):
    return sum(code[i].name in names for i in range(loop.first, loop.last + 1))


def smallest(code, fused, unpacks):
    """The shortest loop with so many FMLA that multiplies.

    One token has its weights unpacked in that loop, with a prefetch of those to come; a panel's loop over tokens has not.
    """
    candidates = [
        loop for loop in loops(code)
        if count(code, loop, "fmla") == fused and count(code, loop, *DOT_PRODUCTS)
        and (count(code, loop, "prfm") > 0) == unpacks]
    if not candidates:
        raise SystemExit(f"no loop with {fused} FMLA and dot products: was the kernel inlined into another function?")
    return min(candidates, key=lambda loop: loop.last - loop.first)


def run_length(code, loop, dot_products):
    """Instructions of one round, loops within it included, which run as often as the dot products say."""
    inner = [other for other in loops(code) if loop.holds(other)]
    length, dots = loop.last - loop.first + 1, count(code, loop, *DOT_PRODUCTS)
    within = sum(count(code, other, *DOT_PRODUCTS) for other in inner)
    if dots != dot_products:
        rounds, rest = divmod(dot_products - dots, within) if within else (0, 1)
        if rest:
            raise SystemExit(f"{dots} dot products in a loop, {within} of them in loops within it: {dot_products} expected")
        length += rounds * sum(other.last - other.first + 1 for other in inner)
    return length


def cycles(core, code, loop, length):
    """What a loop takes at least, and which limit that is; `length` counts loops within it as often as they run."""
    _, vectors_per_cycle, loads_per_cycle, width, _, _ = core
    body = code[loop.first:loop.last + 1]
    loads = sum(instruction.name in LOADS for instruction in body)
    vectors = sum(re.search(r"\bv\d+\.", instruction.operands) is not None
                  and instruction.name not in LOADS for instruction in body)
    limits = {"vectors": vectors / vectors_per_cycle, "loads": loads / loads_per_cycle, "width": len(body) / width}
    limit = max(limits, key=limits.get)
    return limits[limit] * length / len(body), limit


def bounds(code, one, one_length, many, many_length, format):
    """One token is bound by memory if the instructions keep up, many by what the instructions can do."""
    for name, core in CORES.items():
        ghz, cores, bandwidth = core[0], core[4], core[5]
        record, limit = cycles(core, code, one, one_length)
        speed = format.record_bytes / record * ghz
        panel, panel_limit = cycles(core, code, many, many_length)
        print(f"           {name:12} one token {record:3.0f} cycles ({limit}), {speed:3.0f} GB/s per core, "
              f"{min(1, speed * cores / bandwidth):4.0%} of {bandwidth} GB/s with {cores} cores;"
              f" panels {panel:3.0f} cycles ({panel_limit}), {4 * 512 / panel * ghz:3.0f} G multiply-adds/s per core")


def main():
    arguments = sys.argv[1:]
    estimates = "--bounds" in arguments
    paths = [path for path in arguments if path != "--bounds"]
    if not paths:
        raise SystemExit(__doc__.strip())
    too_long = seen = 0
    for path in paths:
        for name, code in functions(path).items():
            found = re.search(r"multiply(MXFP4|Q8|Q5_0|Q5_1|Q4_K|Q5_K|Q6_K)(Precise|Fast)_", name)
            if not found or not any(instruction.name in DOT_PRODUCTS for instruction in code):
                continue
            seen += 1
            format, precision = FORMATS[found[1]], found[2]
            dots = 64 if precision == "Precise" else 32
            is_matrix = any(instruction.name == "smmla" for instruction in code)
            loop = smallest(code, format.fused[0], True)
            one = run_length(code, loop, dots)
            many = smallest(code, format.fused[1], False)
            four = run_length(code, many, dots * 4 // (2 if is_matrix else 1))
            promised = format.bounds.get(precision)
            is_long = promised is not None and (one > promised[0] or four > promised[1])
            too_long += is_long
            limits = [f" (at most {bound})" for bound in promised] if promised else ["", ""]
            print(f"{'neon-i8mm' if is_matrix else 'neon':9}  {found[1] + ' ' + precision.lower():14}"
                  f"  one token {one:3}{limits[0]}, {one / format.record_bytes:.2f} per byte"
                  f"   four tokens {four:3}{limits[1]}{'   TOO LONG' if is_long else ''}")
            if estimates:
                bounds(code, loop, one, many, four, format)
    if not seen:
        raise SystemExit("no NEON kernel in these files")
    sys.exit(too_long > 0)


if __name__ == "__main__":
    main()
