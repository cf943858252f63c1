#!/usr/bin/env python3
"""Counts the instructions of the NEON kernels per record, sixteen rows by 32 columns, from object files.

Usage: Benchmarks/instructions.py OBJECT...

The objects are those of GPTOSSKernelsNEON and GPTOSSKernelsNEONI8MM, built for release. Prints a line per kernel and ends
with 1 if one is longer than its bound. A machine that runs the code is not needed; llvm-objdump is.
"""
import re
import subprocess
import sys
from typing import NamedTuple

# Kernel, (bound, dot products) for one token, bound for four tokens of a panel.
KERNELS = {
    "multiplyMXFP4Precise": ((235, 64), 450),
    "multiplyMXFP4Fast": ((175, 32), 265),
    "multiplyQ8Precise": ((185, 64), 450),
    "multiplyQ8Fast": ((120, 32), 265),
}
DOT_PRODUCTS = ("sdot", "smmla")


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


def smallest(code, rows_added, unpacks):
    """The shortest loop that adds so many vectors of four rows to their totals, one FMLA each.

    One token has its weights unpacked in that loop (TBL or EOR); those of a panel have been before.
    """
    candidates = [
        loop for loop in loops(code)
        if count(code, loop, "fmla") == rows_added and count(code, loop, *DOT_PRODUCTS)
        and (count(code, loop, "tbl", "eor") > 0) == unpacks]
    if not candidates:
        raise SystemExit(f"no loop with {rows_added} FMLA and dot products: was the kernel inlined into another function?")
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


def main():
    if len(sys.argv) < 2:
        raise SystemExit(__doc__.strip())
    too_long = seen = 0
    for path in sys.argv[1:]:
        for name, code in functions(path).items():
            kernel = next((kernel for kernel in KERNELS if kernel in name), None)
            if not kernel or not any(instruction.name in DOT_PRODUCTS for instruction in code):
                continue
            seen += 1
            (one_bound, dots), four_bound = KERNELS[kernel]
            is_matrix = any(instruction.name == "smmla" for instruction in code)
            one = run_length(code, smallest(code, 4, True), dots)
            four = run_length(code, smallest(code, 16, False), dots * 4 // (2 if is_matrix else 1))
            verdict = "" if one <= one_bound and four <= four_bound else "   TOO LONG"
            too_long += bool(verdict)
            print(f"{'neon-i8mm' if is_matrix else 'neon':9}  {kernel:20}  one token {one:3} (at most {one_bound})"
                  f"   four tokens {four:3} (at most {four_bound}){verdict}")
    if not seen:
        raise SystemExit("no NEON kernel in these files")
    sys.exit(too_long > 0)


if __name__ == "__main__":
    main()
