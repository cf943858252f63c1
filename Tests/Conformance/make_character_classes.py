#!/usr/bin/env python3
"""Writes Sources/Tokenizer/CharacterClassTable.swift from Unicode's general categories.

    pip install unicodedata2==16.0.0
    python Tests/Conformance/make_character_classes.py > Sources/Tokenizer/CharacterClassTable.swift

Unicode 16.0 is what regex-syntax 0.8.5 has, the library behind openai-harmony 0.0.8. tokenizer.py
compares the result with that library on every code point.
"""
import sys

import unicodedata2

VERSION = "16.0.0"
UPPER, LOWER, LETTER, NUMBER, SPACE, NEWLINE = 1, 2, 4, 8, 16, 32  # CharacterClass in Swift
FLAGS = {
    "Lu": UPPER | LETTER, "Lt": UPPER | LETTER, "Ll": LOWER | LETTER,
    "Lm": UPPER | LOWER | LETTER, "Lo": UPPER | LOWER | LETTER,
    "Mn": UPPER | LOWER, "Mc": UPPER | LOWER, "Me": UPPER | LOWER,
    "Nd": NUMBER, "Nl": NUMBER, "No": NUMBER,
}
# White_Space=yes in PropList.txt. str.isspace() is another set: it has U+001C to U+001F.
WHITE_SPACE = {*range(0x09, 0x0E), 0x20, 0x85, 0xA0, 0x1680, *range(0x2000, 0x200B),
               0x2028, 0x2029, 0x202F, 0x205F, 0x3000}


def flags(code_point):
    if code_point in (0x0A, 0x0D):
        return SPACE | NEWLINE
    if code_point in WHITE_SPACE:
        return SPACE
    return FLAGS.get(unicodedata2.category(chr(code_point)), 0)


def main():
    if unicodedata2.unidata_version != VERSION:
        sys.exit(f"unicodedata2 {VERSION} is needed, this is {unicodedata2.unidata_version}")
    runs, last = [], None
    for code_point in range(0x110000):
        now = flags(code_point)
        if now != last:
            runs.append(f"0x{code_point << 8 | now:X}")
            last = now
    print(f"// Made by Tests/Conformance/make_character_classes.py from Unicode {VERSION}: do not edit.\n")
    print("extension CharacterClass {")
    print("  /// Every run of code points of one class, in order.")
    print("  ///")
    print("  /// The first code point is shifted left by 8 bits and or-ed with the class. A run ends where the next")
    print("  /// one starts.")
    print("  static let runs: [UInt32] = [")
    for at in range(0, len(runs), 9):
        print("    " + ", ".join(runs[at:at + 9]) + ",")
    print("  ]\n}")


main()
