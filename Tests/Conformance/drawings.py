#!/usr/bin/env python3
"""drawings.py [--write]: the drawings of Docs, made of the code and of the pages' own examples.

Without an option each drawing has to be in Docs/Drawings as it is made now, and shown by a page with words for
those who cannot see it. With --write they are made anew."""

import argparse
import re

from checks import attempt, check, finish
from drawn import cache, masks, modules, passes, records, requests
from drawn.sources import ROOT

FOLDER = ROOT / "Docs/Drawings"
DRAWINGS = {
    "modules": modules.draw,
    "records": records.draw,
    "rings": cache.draw_rings,
    "sinks": cache.draw_sinks,
    "passes": passes.draw_plan,
    "drafts": passes.draw_drafts,
    "request": requests.draw,
    "masks": masks.draw,
}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    for name in DRAWINGS:
        attempt(made, name, options.write)
    attempt(shown)
    finish()


def made(name, is_written):
    path = FOLDER / f"{name}.svg"
    drawing = DRAWINGS[name]()
    if is_written:
        FOLDER.mkdir(exist_ok=True)
        path.write_text(drawing)
    known = path.is_file() and path.read_text() == drawing
    check(known, f"{path.relative_to(ROOT)} is not what is made now: drawings.py --write, and look at it")


def shown():
    """Every drawing is on a page, and nothing else is in the folder."""
    names = {path.name for path in FOLDER.iterdir()}
    check(names == {f"{name}.svg" for name in DRAWINGS}, f"Docs/Drawings has {sorted(names)}")
    pages = "".join(page.read_text() for page in (ROOT / "Docs").glob("*.md"))
    for name in DRAWINGS:
        alternative = re.search(rf"!\[([^\]]*)\]\(Drawings/{name}\.svg\)", pages)
        check(
            alternative and len(alternative[1]) > 40, f"no page shows {name}.svg, with words that tell what it shows"
        )


if __name__ == "__main__":
    main()
