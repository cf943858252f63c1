"""The examples of the documentation, read from its pages: fenced blocks, indented ones, commands within the text."""

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
PAGES = [
    ROOT / "README.md",
    *sorted((ROOT / "Docs").glob("**/*.md")),
    *sorted((ROOT / "Fixtures").glob("**/*.md")),
    # DocC's catalogs: a page per product, and the listings of the tutorials. The articles are pages of Docs.
    *sorted((ROOT / "Sources").glob("*/*.docc/*.md")),
    *sorted((ROOT / "Sources").glob("*/*.docc/Resources/*.swift")),
    *sorted((ROOT / "Sources").glob("*/*.docc/Resources/*.sh")),
]

# A code span that begins with one of these is a command; so is an indented block.
PROGRAMS = "gptoss|swift|python3?|pip|npm|node|curl|docker|apt-get|brew|git|systemctl|nginx|sudo|uvx?|codex"
COMMAND = re.compile(rf"(\S*/bin/|\.build\S*/|\./)?({PROGRAMS}) [^=]|gptoss$")


# Files that are one example as a whole, by the kind of it.
LISTINGS = {".swift": "swift", ".sh": "bash"}


@dataclass(frozen=True)
class Example:
    page: str
    line: int
    # A fenced block's language ("" if it has none), or "indented", "inline" (within the text), "row" (in a table).
    kind: str
    text: str

    @property
    def place(self):
        return f"{self.page}:{self.line}"


def examples(page):
    """Every example of a page, in order."""
    name = str(page.relative_to(ROOT))
    if page.suffix in LISTINGS:
        yield Example(name, 1, LISTINGS[page.suffix], page.read_text())
        return
    lines = page.read_text().splitlines()
    number = 0
    while number < len(lines):
        line, start = lines[number], number
        number += 1
        if line.startswith("```"):
            while number < len(lines) and lines[number] != "```":
                number += 1
            yield Example(name, start + 2, line[3:], "".join(text + "\n" for text in lines[start + 1 : number]))
            number += 1
        elif line.startswith("    ") and (start == 0 or not lines[start - 1].strip()):
            while number < len(lines) and (lines[number].startswith("    ") or not lines[number].strip()):
                number += 1
            block = "\n".join(text[4:] for text in lines[start:number]).rstrip() + "\n"
            yield Example(name, start + 1, "indented", block)
        else:
            yield from spans(name, start + 1, line)


def spans(page, number, line):
    """The commands within a line. In a row of a table, `parse` after `gptoss harmony render` is short for
    `gptoss harmony parse`."""
    is_row = line.startswith("| ")
    for cell in line.strip("| ").split(" | ") if is_row else [line]:
        before = None
        for code in (code.replace("\\|", "|") for code in re.findall(r"`([^`]+)`", cell)):
            if COMMAND.match(code):
                before = code
            elif is_row and before and re.fullmatch("[a-z]+", code):
                code = f"{before.rsplit(' ', 1)[0]} {code}"
            else:
                continue
            yield Example(page, number, "row" if is_row else "inline", code + "\n")


def commands(text):
    """The shell commands of a block: a line each, unless it is continued or within quotes."""
    command = ""
    for line in text.splitlines():
        command += line + "\n"
        open_quote = command.replace("\\'", "").count("'") % 2 == 1
        if not (open_quote or line.endswith(("\\", "|", "&&"))):
            if command.strip() and not command.startswith("#"):
                yield command
            command = ""
    if command.strip():
        yield command


def quote_after(example):
    """What the page quotes (with `>`) as the output of a block, before the next heading or block; None if nothing."""
    if Path(example.page).suffix in LISTINGS:
        return None
    rest = (ROOT / example.page).read_text().split(example.text + "```\n", 1)[1]
    quoted = re.search(r"(^> .*\n)+", re.split(r"^(?:#|```)", rest, flags=re.M)[0], re.M)
    return "".join(line[2:] + "\n" for line in quoted[0].splitlines()) if quoted else None
