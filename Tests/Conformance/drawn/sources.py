"""What the drawings take from the code and from the pages."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]


def source(path):
    return (ROOT / path).read_text()


def constant(path, name):
    """A whole number that a Swift file gives a name."""
    found = re.search(rf"\b{name}(?:: Int)? (?:= |\{{ )([\d_]+)(?: \}})?$", source(path), re.M)
    assert found, f"{path} has no constant {name}"
    return int(found[1].replace("_", ""))


def block(page, kind):
    """The lines of a page's fenced block."""
    found = re.search(rf"^```{kind}\n(.*?)^```", source(page), re.M | re.S)
    assert found, f"{page} has no block {kind}"
    return found[1].splitlines()


def table(page, first):
    """The cells of the table whose header begins with a cell, without header and rule."""
    found = re.search(rf"^\| {re.escape(first)} \|.*\n\| ---.*\n((?:\|.*\n)+)", source(page), re.M)
    assert found, f"{page} has no table that begins with {first!r}"
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in found[1].splitlines()]


def says(page, text):
    """Holds a page to a sentence that a drawing shows."""
    words = " ".join(source(page).split())
    assert text in words, f"{page} does not say {text!r} any more"
