"""Which examples there are, by the kind of their block, and how each kind is run."""

import json
import re
import shutil
import subprocess

import crossplane

from advertised import commands, pages, programs
from advertised.stage import ROOT
from checks import check

# Blocks that show what the code's own data look like. Tests in Swift read them from these pages.
READ_BY_TESTS = {
    "Docs/Harmony.md": "Tests/Harmony/HarmonyDocumentTests.swift",
    "Docs/MCP.md": "Tests/MCP/MCPDocumentTests.swift",
    "Docs/Kernels.md": "Tests/Kernels/Products/KernelsDocumentTests.swift",
    "Docs/MXFP4.md": "Tests/BlockFormats/MXFP4DocumentTests.swift",
    "Docs/Tools.md": "Tests/GPTOSS/Tools/ToolsDocumentTests.swift",
}
# An indented block that begins so is what the server prints; all others are commands or figures.
BANNER = "gptoss serves "


def is_served(example):
    """Whether an example speaks to a server, or starts one."""
    return (
        example.kind in ("python", "javascript", "typescript", "json")
        or "localhost:1234" in example.text
        or example.text.startswith(BANNER)
        or commands.ASKS_SERVER.match(example.text)
        or re.search(r"gptoss serve\b", example.text) is not None
        and example.kind != ""
    )


def run(example, results):
    """Runs an example that needs no server."""
    kind = example.kind
    if kind in ("bash", "sh", "shell", "inline", "row") or kind == "indented" and pages.COMMAND.match(example.text):
        for command in pages.commands(example.text):
            commands.run(example, command, results)
    elif kind == "" and example.text.startswith("$ "):
        commands.console(example, results)
    elif kind == "swift":
        programs.run(example, results)
    elif kind == "nginx":
        nginx(example, results)
    elif kind == "indented":
        figure(example, results)
    else:
        read_by_a_test(example, results)


def figure(example, results):
    """A formula or a drawing: nothing in it is a command."""
    for line in example.text.splitlines():
        check(not pages.COMMAND.match(line), f"{example.place}: {line!r} is in a block that is not run")


def read_by_a_test(example, results):
    test = READ_BY_TESTS.get(example.page)
    if not check_that(test, f"{example.place}: no rule to try a block of kind {example.kind or 'text'!r}"):
        return
    results.is_new(example.text)
    text = (ROOT / test).read_text()
    reads = f'"{example.kind}"' in text or f"```{example.kind}\\n" in text
    check(
        example.page.removeprefix("Docs/") in text and (reads or not example.kind),
        f"{example.place}: {test} does not read blocks of kind {example.kind!r}",
    )


def nginx(example, results):
    """Parses a block that stands within `http { … }`, with each directive's place and number of arguments."""
    results.is_new(example.text)
    with results.stage() as stage:
        path = stage.work / "nginx.conf"
        path.write_text(f"events {{ }}\nhttp {{\n{example.text}}}\n")
        parsed = crossplane.parse(str(path), strict=True)
        check(parsed["status"] == "ok", f"{example.place}: {json.dumps(parsed['errors'])}")


def check_that(holds, what):
    check(holds, what)
    return holds
