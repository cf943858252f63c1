"""The modules and what they import, from the package's manifest."""

import json
import re
import subprocess

from drawn.canvas import Canvas
from drawn.sources import ROOT

# One box for several modules: those in C, and the kernels for each instruction set, of which a manifest has those
# of its own machine's kind.
TOGETHER = {"C modules": r"C[A-Z]\w+", "CPU kernels": r"Kernels\w+"}
COLUMNS = (64, 190, 308, 424)
WIDTH, HEIGHT, STEP = 106, 34, 60
# The middle of each box, in a column or at an x of its own, and its row from above.
PLACES = {
    "BlockFormats": (1, 0), "C modules": (2, 0),
    "Platform": (2, 1), "Terminal": (3, 1),
    "Kernels": (0, 2), "GGUF": (1, 2), "Sampling": (2, 2), "JSON": (3, 2),
    "CPU kernels": (0, 3), "Tokenizer": (1, 3),
    "Model": (0, 4), "StructuredOutput": (2, 4), "Harmony": (3, 4),
    "Synthesis": (1, 5),
    "GPTOSS": (307, 6),
    "ExampleTools": (0, 7), "Measurement": (1, 7), "HTTPClient": (3, 7),
    "Tracing": (0, 8), "Remote": (1, 8), "MCP": (2, 8), "ModelLibrary": (3, 8),
    "Page": (0, 9), "Hosting": (3, 9),
    "Server": (2, 10), "Runner": (190, 11),
}  # fmt: skip
WIDTHS = {"GPTOSS": 340, "StructuredOutput": 122}
# Arrows that go another way than straight from box to box: points between, by x and row.
LEFT = 127
WAYS = {
    ("Synthesis", "BlockFormats"): [(150, 4.72), (121, 4.4), (121, 1), (165, 0.28)],
    ("Synthesis", "Sampling"): [(215, 4.72), (282, 2.28)],
    ("Model", "GGUF"): [(85, 3.72), (165, 2.28)],
    ("GPTOSS", "Model"): [(150, 5.72), (75, 4.28)],
    ("GPTOSS", "StructuredOutput"): [(308, 5.72), (308, 4.28)],
    ("GPTOSS", "Harmony"): [(424, 5.72), (424, 4.28)],
    ("ExampleTools", "GPTOSS"): [(85, 6.72), (160, 6.28)],
    ("Measurement", "GPTOSS"): [(190, 6.72), (190, 6.28)],
    ("Tracing", "GPTOSS"): [(95, 7.72), (139, 6.28)],
    ("Remote", "GPTOSS"): [(240, 7.72), (262, 6.28)],
    ("MCP", "GPTOSS"): [(308, 7.72), (308, 6.28)],
    ("ModelLibrary", "GPTOSS"): [(378, 7.72), (350, 6.28)],
    ("Remote", "HTTPClient"): [(235, 7.72), (395, 7.28)],
    ("MCP", "HTTPClient"): [(350, 7.72), (405, 7.28)],
    ("Server", "Page"): [(275, 9.72), (100, 9.28)],
    ("Runner", "ExampleTools"): [(LEFT, 10.72), (LEFT, 7.12), (117, 7.12)],
    ("Runner", "Measurement"): [(LEFT, 10.72), (LEFT, 7), (137, 7)],
    ("Runner", "Synthesis"): [(LEFT, 10.72), (LEFT, 5), (137, 5)],
    ("Runner", "Terminal"): [(243, 11), (489, 11), (489, 1), (477, 1)],
    ("Runner", "Server"): [(225, 10.72), (285, 10.28)],
    ("Terminal", "Platform"): [(371, 1), (361, 1)],
}


def draw():
    modules, imports, products = graph()
    assert set(PLACES) == modules, f"the drawing and the manifest differ in {set(PLACES) ^ modules}"
    assert set(WAYS) <= set(imports), f"nothing imports so: {set(WAYS) - set(imports)}"
    canvas = Canvas(
        500,
        800,
        "The modules and what they import",
        "Boxes for the modules; an arrow points to each module that another one imports. " + sentence(imports),
    )
    canvas.text(12, 24, "An arrow points to what a module imports.", color="quiet")
    canvas.text(12, 43, "Imports that follow from other arrows are left out.", color="quiet")
    for pair, trait in imports.items():
        canvas.line(*way(*pair), arrow=True, dashed=trait is not None)
    for module in PLACES:
        x, y = middle(module)
        width = WIDTHS.get(module, WIDTH)
        color = "green" if module == "GPTOSS" else "blue" if module in products else "plain"
        canvas.box(x - width / 2, y - HEIGHT / 2, width, HEIGHT, color, name(module), size=13)
    canvas.box(140, 776, 16, 14, "blue")
    canvas.text(162, 788, "a product for apps", size=13, color="quiet")
    canvas.line((300, 783), (322, 783), dashed=True)
    canvas.text(328, 788, "with a trait alone", size=13, color="quiet")
    return canvas.svg()


def name(module):
    """The runner's module is known by its product's name."""
    return "gptoss" if module == "Runner" else module


def middle(module):
    x, row = PLACES[module]
    return (COLUMNS[x] if x < len(COLUMNS) else x), 80 + row * STEP


def way(importer, imported):
    """The points of an arrow."""
    if points := WAYS.get((importer, imported)):
        return [(x, 80 + row * STEP) for x, row in points]
    (x, y), (other, above) = middle(importer), middle(imported)
    side = max(-1, min(1, (other - x) / 100))
    return (x + side * 25, y - HEIGHT / 2), (other - side * 25, above + HEIGHT / 2)


def sentence(imports):
    """The arrows in words, for those who hear the drawing."""
    of = {}
    for importer, imported in imports:
        of.setdefault(name(importer), []).append(imported)
    return " ".join(f"{importer} imports {', '.join(sorted(others))}." for importer, others in sorted(of.items()))


def graph():
    """The modules below Sources, {(importer, imported): trait or None} without what follows from other imports,
    and the modules that are products."""
    printed = subprocess.run(
        ["swift", "package", "dump-package"], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout
    manifest = json.loads(printed)

    def shown(target):
        folder = target.removeprefix("GPTOSS") or "GPTOSS"
        return next((box for box, pattern in TOGETHER.items() if re.fullmatch(pattern, folder)), folder)

    targets = [each for each in manifest["targets"] if (each.get("path") or "").startswith("Sources/")]
    names = {each["name"] for each in targets}
    direct = {}
    for target in targets:
        for dependency in target["dependencies"]:
            other, condition = dependency.get("target") or (None, None)
            if other in names and shown(other) != shown(target["name"]):
                trait = (condition or {}).get("traits")
                pair = shown(target["name"]), shown(other)
                direct[pair] = None if direct.get(pair, trait) is None else trait
    reached = {}

    def reach(module):
        if module not in reached:
            others = [imported for importer, imported in direct if importer == module]
            reached[module] = set(others).union(*(reach(other) for other in others))
        return reached[module]

    imports = {
        (importer, imported): trait
        for (importer, imported), trait in direct.items()
        if not any(imported in reach(other) for one, other in direct if one == importer and other != imported)
    }
    libraries = [each for each in manifest["products"] if "library" in each["type"]]
    products = {shown(target) for each in libraries for target in each["targets"]}
    return {shown(each) for each in names}, imports, products
