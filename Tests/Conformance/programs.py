#!/usr/bin/env python3
"""programs.py URL VERSION FOLDER: writes a package outside the repository that depends on it by URL and version.

It has a target for each whole program in README.md and Docs, which is a Swift block that imports a product of the
package. Each depends on the products that it imports alone. Under MemberImportVisibility a program can name only what
its imports bring, so a missing export of the library does not compile."""

import pathlib
import re
import sys


def main():
    url, version, folder = sys.argv[1], sys.argv[2], pathlib.Path(sys.argv[3])
    root = pathlib.Path(__file__).resolve().parents[2]
    name = url.rstrip("/").removesuffix(".git").rsplit("/", 1)[1]
    products = set(re.findall(r'\.library\(name: "(\w+)"', (root / "Package.swift").read_text()))
    targets = {}
    for page in [root / "README.md", *sorted((root / "Docs").glob("*.md"))]:
        for block in re.findall(r"^```swift\n(.*?)^```", page.read_text(), re.M | re.S):
            imports = [name for name in re.findall(r"^import (\w+)$", block, re.M) if name in products]
            if not imports:
                continue
            target = f"{page.stem}{sum(t.startswith(page.stem) for t in targets) + 1}"
            targets[target] = imports
            source = folder / "Sources" / target / "main.swift"
            source.parent.mkdir(parents=True)
            source.write_text(block)
    lines = [
        f'    .executableTarget(\n      name: "{target}",\n      dependencies: ['
        + ", ".join(f'.product(name: "{product}", package: "{name}")' for product in imports)
        + '],\n      swiftSettings: [.enableUpcomingFeature("MemberImportVisibility")])'
        for target, imports in targets.items()
    ]
    listed = ",\n".join(lines)
    (folder / "Package.swift").write_text(
        f"""// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "Programs",
  platforms: [.macOS(.v15)],
  dependencies: [.package(url: "{url}", exact: "{version}")],
  targets: [
{listed}
  ],
  swiftLanguageModes: [.v6]
)
"""
    )
    assert "README1" in targets, "the README has no program"
    print(f"{len(targets)} programs:", ", ".join(targets))


if __name__ == "__main__":
    main()
