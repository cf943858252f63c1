#!/usr/bin/env python3
"""programs.py URL VERSION FOLDER: writes a package outside the repository that depends on it by URL and version.

It has a target for each whole program in README.md, Docs and DocC's catalogs, which is a Swift block or listing that
imports something. Each depends on the products that it imports alone. Under MemberImportVisibility a program can name
only what its imports bring, so a missing export of the library does not compile. A program that asks a model
something has a second target, whose name ends in `Said`: it asks what the environment says in place of what is
printed, for examples.py."""

import re
import sys
from pathlib import Path

from advertised.pages import ROOT
from advertised.programs import REWORDING, messages, programs, rewordable


def main():
    url, version, folder = sys.argv[1], sys.argv[2], Path(sys.argv[3])
    package = url.rstrip("/").removesuffix(".git").rsplit("/", 1)[1]
    products = set(re.findall(r'\.library\(name: "(\w+)"', (ROOT / "Package.swift").read_text()))
    targets = {}
    for target, example in programs().items():
        imports = [name for name in re.findall(r"^import (\w+)$", example.text, re.M) if name in products]
        targets[target] = imports, {"main.swift": example.text}
        if messages(example.text):
            targets[f"{target}Said"] = imports, {"main.swift": rewordable(example.text), "Said.swift": REWORDING}
    assert "README1" in targets, "the README has no program"
    for target, (_, files) in targets.items():
        (folder / "Sources" / target).mkdir(parents=True)
        for file, text in files.items():
            (folder / "Sources" / target / file).write_text(text)
    lines = [
        f'    .executableTarget(\n      name: "{target}",\n      dependencies: ['
        + ", ".join(f'.product(name: "{product}", package: "{package}")' for product in imports)
        + '],\n      swiftSettings: [.enableUpcomingFeature("MemberImportVisibility")])'
        for target, (imports, _) in targets.items()
    ]
    listed = ",\n".join(lines)
    (folder / "Package.swift").write_text(f"""// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "Programs",
  platforms: [.macOS(.v15)],
  dependencies: [.package(url: "{url}", exact: "{version}", traits: [])],
  targets: [
{listed}
  ],
  swiftLanguageModes: [.v6]
)
""")
    print(f"{len(targets)} programs:", ", ".join(targets))


if __name__ == "__main__":
    main()
