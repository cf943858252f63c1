#!/usr/bin/env python3
"""documents.py: what the pages point to is there. It asks no network and builds nothing.

Links, anchors and pictures of every page; files, types and functions that a page names in code; pages that comments
and scripts name. A page that no other page leads to is a failure, and so is a link whose text names another file."""

import re
import subprocess
from pathlib import Path
from xml.etree import ElementTree

from checks import attempt, check, finish
from named import Names

ROOT = Path(__file__).resolve().parents[2]


def git(*arguments):
    done = subprocess.run(["git", *arguments], cwd=ROOT, check=True, capture_output=True, text=True)
    return done.stdout.splitlines()


TRACKED = git("ls-files", "--cached", "--others", "--exclude-standard")
PAGES = [path for path in TRACKED if path.endswith(".md") and ".docc/" not in path]


def main():
    for test in (links, whole, pictures, reachable, spans, mentions, commits):
        attempt(test)
    finish()


def prose(path):
    """The lines of a page, those of fenced blocks and drawings emptied: (number, line)."""
    text = re.sub(r"^```.*?^```", lambda block: "\n" * block[0].count("\n"), read(path), flags=re.M | re.S)
    return [(number, line) for number, line in enumerate(text.splitlines(), 1) if not line.startswith("    ")]


def read(path):
    return (ROOT / path).read_text()


def links_of(path):
    """(line, text, target) of each link and picture."""
    for number, line in prose(path):
        for text, target in re.findall(r"\[((?:`[^`]*`|[^\]`])*)\]\(([^)\s]+)\)", line):
            yield number, text, target


def anchors(path):
    """The anchors that GitHub gives a page's headings."""
    found = []
    for _, line in prose(path):
        if heading := re.match(r"#+ (.*)", line):
            plain = re.sub(r"[`*]|\]\([^)]*\)|\[", "", heading[1]).lower()
            slug = re.sub(r"[^\w\- ]", "", plain).replace(" ", "-")
            found.append(slug + (f"-{found.count(slug)}" if slug in found else ""))
    return found


def links():
    for path in PAGES:
        for number, text, target in links_of(path):
            place = f"{path}:{number}"
            if re.match(r"(https?|mailto):", target):
                check(not re.search(r"[<>\"`]", target), f"{place}: {target!r} is no address")
                continue
            file, _, anchor = target.partition("#")
            other = str((ROOT / path).parent.joinpath(file).resolve().relative_to(ROOT)) if file else path
            there = (ROOT / other).exists() and any(each == other or each.startswith(f"{other}/") for each in TRACKED)
            check(there, f"{place}: there is no {target}")
            if there and anchor:
                check(
                    other.endswith(".md") and anchor in anchors(other), f"{place}: {other} has no heading #{anchor}"
                )
            for named in re.findall(r"`([\w/+.]+\.\w+)`", text):
                part = named.removeprefix("+")
                check(other.endswith(part), f"{place}: the link says {named} and leads to {other}")


def whole():
    """No line ends within code or a link's text: neither would be checked."""
    for path in PAGES:
        for number, line in prose(path):
            plain = re.sub(r"``.*?``", "", line)
            check(plain.count("`") % 2 == 0, f"{path}:{number}: code that a line end cuts")
            check(not re.search(r"(?<!`)\[[^\]`]*$", plain), f"{path}:{number}: a link that a line end cuts")


def pictures():
    """Drawings are well-formed, bring what they show, and have a title for those who do not see them."""
    for path in TRACKED:
        if path.endswith(".svg"):
            root = ElementTree.parse(ROOT / path).getroot()
            check(root.tag.endswith("}svg") and root.get("viewBox"), f"{path} is no drawing with a viewBox")
            outside = re.findall(r"(?:href|src)=\"(?!#)[^\"]*\"|url\((?!#)[^)]*\)", read(path))
            check(not outside, f"{path} loads {outside}")
    for path in PAGES:
        for number, line in prose(path):
            for words in re.findall(r"!\[([^\]]*)\]\(", line):
                check(words.strip(), f"{path}:{number}: a picture without words for those who do not see it")
            for tag in re.findall(r"<(?:img|source) [^>]*>", line):
                file = re.search(r'\b(?:src|srcset)="([^"]+)"', tag)[1]
                other = str((ROOT / path).parent.joinpath(file).resolve().relative_to(ROOT))
                check(other in TRACKED, f"{path}:{number}: there is no {file}")
                check("<img" not in tag or re.search(r' alt="[^"]+"', tag), f"{path}:{number}: a picture without words")


def reachable():
    """From README every page can be reached."""
    reached, left = set(), ["README.md"]
    while left:
        path = left.pop()
        if path in reached:
            continue
        reached.add(path)
        for _, _, target in links_of(path):
            file = target.partition("#")[0]
            if file.endswith(".md") and not re.match(r"https?:", file):
                left.append(str((ROOT / path).parent.joinpath(file).resolve().relative_to(ROOT)))
    for path in PAGES:
        check(path in reached, f"no page leads from README.md to {path}")


def spans():
    """What stands in code is a file, a type or a function of this package, or known to be somebody else's."""
    names = Names(ROOT, TRACKED)
    for path in PAGES:
        for number, line in prose(path):
            for code in re.findall(r"(?<!`)`([^`]+)`(?!`)", line):
                for fault in names.faults(path, code.replace("\\|", "|")):
                    check(False, f"{path}:{number}: {fault}")
    check(names.held > 500, f"only {names.held} names were found in the pages")


def mentions():
    """Pages that comments, helps and scripts name."""
    for path in TRACKED:
        if path.endswith((".swift", ".py", ".sh", ".h", ".js", ".html")) or path.startswith(".ci/"):
            for page in re.findall(r"\b((?:Docs|Fixtures|Benchmarks)/[\w/]+\.md)\b", read(path)):
                check(page in PAGES, f"{path} names {page}, which is not there")


def commits():
    """The commits that Contributing takes its examples from, by their first lines."""
    if git("rev-parse", "--is-shallow-repository") == ["true"]:
        print("left out: a shallow clone has no history")
        return
    known = set(git("log", "--format=%s"))
    named = re.findall(r"(?<!\*)\*([A-Z][^*\n]+)\*(?!\*)", read("Docs/Contributing.md"))
    check(len(named) >= 4, f"Docs/Contributing.md names only {named}")
    for title in named:
        check(title in known, f"Docs/Contributing.md: there is no commit {title!r}")


if __name__ == "__main__":
    main()
