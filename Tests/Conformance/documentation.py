#!/usr/bin/env python3
"""documentation.py [--modules FOLDER] [--output FOLDER] [PRODUCT …]: DocC of every library, without a warning.
documentation.py --write: makes the articles anew, and nothing else.

Each product has a catalog beside its sources. That of GPTOSS has the pages of Docs as articles, and the tutorials.
DocC and what it reads of the modules come with the toolchain, so that nobody fetches a plugin for it. The modules are
those that were built before:

    swift build -c release
    python Tests/Conformance/documentation.py

--modules: the folder with the built modules
--output:  where one archive of all products is left, for `docc preview`, a web server or Xcode"""

import argparse
import re
import subprocess
import tempfile
from pathlib import Path

import articles
from checks import attempt, check, finish

ROOT = articles.ROOT


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--modules", type=Path, default=ROOT / ".build/release/Modules")
    parser.add_argument("--output", type=Path)
    parser.add_argument("products", nargs="*")
    options = parser.parse_args()
    attempt(pages, options.write)
    if options.write:
        finish()
    attempt(manifest)
    attempt(index)
    with tempfile.TemporaryDirectory() as scratch:
        archives = Path(scratch)
        for product in options.products or libraries():
            attempt(documented, product, options.modules, archives)
        if options.output:
            made = sorted(archives.glob("*.doccarchive"))
            run("docc", "merge", *made, "--output-path", options.output)
    finish()


def run(*command):
    """Runs a command; what it says, and whether it went well."""
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, cwd=ROOT)
    return done.stdout + done.stderr, done.returncode == 0


def libraries():
    return re.findall(r'\.library\(name: "(\w+)"', (ROOT / "Package.swift").read_text())


def catalog(product):
    folder = product if product in ("GGUF", "GPTOSS") else product.removeprefix("GPTOSS")
    return ROOT / ("Fixtures" if folder == "Fixtures" else f"Sources/{folder}") / f"{product}.docc"


def pages(is_written):
    """The articles are the pages."""
    made = articles.articles()
    if is_written:
        articles.FOLDER.mkdir(exist_ok=True)
        for path in articles.FOLDER.iterdir():
            if path.name not in made:
                path.unlink()
        for name, content in made.items():
            (articles.FOLDER / name).write_bytes(content)
    there = {path.name: path.read_bytes() for path in articles.FOLDER.iterdir()}
    for name in sorted(set(made) | set(there)):
        check(
            made.get(name) == there.get(name),
            f"{(articles.FOLDER / name).relative_to(ROOT)} is not Docs/{name}: documentation.py --write",
        )


def index():
    """The Swift Package Index shows every product."""
    listed = re.findall(r"\w+", (ROOT / ".spi.yml").read_text().split("documentation_targets:")[1])
    check(sorted(listed) == sorted(libraries()), f".spi.yml lists {listed}")


def manifest():
    """The tutorial's manifest has the lines that README has."""
    listing = (catalog("GPTOSS") / "Resources/Manifest.txt").read_text()
    readme = (ROOT / "README.md").read_text()
    for line in re.search(r"^```swift\n(dependencies: .*?)^```", readme, re.M | re.S)[1].splitlines():
        check(line in listing, f"the tutorial's manifest does not have README's line {line!r}")


def documented(product, modules, archives):
    """The product's documentation is made without a warning."""
    path = catalog(product)
    page = path / f"{product}.md"
    if not page.is_file():
        check(False, f"there is no {page.relative_to(ROOT)}")
        return
    graphs = archives / product
    graphs.mkdir()
    includes = [word for folder in (modules, *sorted((ROOT / "Sources").glob("C[A-Z]*"))) for word in ("-I", folder)]
    target = re.search(r'"triple"\s*:\s*"(.*?)"', run("swiftc", "-print-target-info")[0])[1]
    said, is_well = run(
        "swift", "symbolgraph-extract", "-module-name", product, *includes, "-target", target, "-output-dir", graphs,
        "-minimum-access-level", "public", "-skip-synthesized-members",
    )  # fmt: skip
    check(is_well, f"{product}: no symbols: {said[:500]}")
    said, is_well = run(
        "docc", "convert", path, "--additional-symbol-graph-dir", graphs, "--output-dir",
        archives / f"{product}.doccarchive", "--fallback-bundle-identifier", product, "--warnings-as-errors",
    )  # fmt: skip
    faults = re.findall(r"^(?:warning|error): .*\n(?: +--> .*\n)?", said, re.M)
    for fault in faults:
        check(False, f"{product}: {fault.strip()}")
    check(is_well and not faults, f"{product}: {len(faults)} warnings of DocC")


if __name__ == "__main__":
    main()
