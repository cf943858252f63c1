"""The Swift blocks: whole programs, the manifest of an app, and parts of programs that tests hold."""

import json
import re
import subprocess
from functools import cache
from pathlib import Path

from advertised.pages import PAGES, ROOT, examples, quote_after
from advertised.stage import MODEL
from advertised.wordings import MESSAGES, TOOLS
from checks import check

# What stands before a message that a program sends to a model.
SAYS = r'(to: |\.user, |append\(|"content": )'

# What says a message of its own in place of the printed one: the target's second file.
REWORDING = """import Foundation

/// What is said in place of a message as it is printed.
func said(_ printed: String) -> String {
  let text = ProcessInfo.processInfo.environment["GPTOSS_SAID"] ?? "{}"
  let said = try? JSONDecoder().decode([String: String].self, from: Data(text.utf8))
  return said?[printed] ?? printed
}
"""


def programs():
    """The whole programs of all pages, which are blocks that import something: {name: example}."""
    found = {}
    for page in PAGES:
        for example in examples(page):
            if example.kind == "swift" and re.search(r"^import ", example.text, re.M):
                number = 1 + sum(name.startswith(page.stem) for name in found)
                found[f"{page.stem}{number}"] = example
    return found


def messages(text):
    """The messages with wordings that a program says itself."""
    return [message for message in MESSAGES if re.search(SAYS + re.escape(f'"{message}"'), text)]


def rewordable(text):
    """The program with each of its messages replaced by one that the environment names."""
    for message in messages(text):
        # Within JSON in a raw string, what is said is interpolated.
        text = text.replace(f'"content": "{message}"', f'"content": "\\#(said(#"{message}"#))"')
        text = re.sub(SAYS + re.escape(f'"{message}"'), lambda found: f'{found[1]}said("{message}")', text)
    return text


def run(example, results):
    if not re.search(r"^import ", example.text, re.M):
        part(example, results)
    elif results.options.programs:
        program(example, Path(results.options.programs), results)
    elif results.is_new(example.text):
        results.leave_out(example, example.text, "a program; --programs says where the built ones are")


def part(example, results):
    """Lines of a manifest or a program: SwiftPM reads the former, a Swift file of the tests has the latter."""
    results.is_new(example.text)
    if example.text.startswith("dependencies: [.package("):
        manifest(example, results)
        return
    lines = trimmed(example.text)
    check(any(lines in text for text in swift_tests()), f"{example.place}: no test has these lines of Swift")


def trimmed(text):
    return "\n".join(line.strip() for line in text.splitlines() if line.strip())


@cache
def swift_tests():
    return [trimmed(path.read_text()) for path in (ROOT / "Tests").rglob("*.swift")]


def manifest(example, results):
    """An app's manifest with these lines is one that SwiftPM understands, and its product is one of this package's."""
    with results.stage() as stage:
        folder = stage.work / "App"
        folder.mkdir()
        text = (ROOT / "README.md").read_text()
        version = re.search(r"`swift-tools-version: ([\d.]+)` or later", text)[1]
        (folder / "Package.swift").write_text(
            f"// swift-tools-version: {version}\nimport PackageDescription\n\n"
            f'let package = Package(name: "App",\n{example.text})\n'
        )
        done = subprocess.run(["swift", "package", "dump-package"], cwd=folder, capture_output=True, text=True)
        check(done.returncode == 0, f"{example.place}: {done.stderr}")
        if done.returncode == 0:
            used = json.loads(done.stdout)["targets"][0]["dependencies"][0]["product"]
            own = (ROOT / "Package.swift").read_text()
            check(
                f'name: "{used[1]}"' in own and f'.library(name: "{used[0]}"' in own,
                f"{example.place}: {used} is not this package's",
            )


def program(example, folder, results):
    """Runs a built program as it is printed, and with other wordings of what it says or reads."""
    if not results.is_new(example.text):
        return
    name = next(name for name, other in programs().items() if other == example)
    if not (folder / name).is_file():
        check(False, f"{example.place}: {folder / name} is not built")
        return

    def start(stage, binary, text="", said={}):
        return stage.run([folder / binary, MODEL], text, GPTOSS_SAID=json.dumps(said))

    def fault(wording, answer):
        if answer.code:
            return f"it ends with {answer.code}: {answer.beside.strip().splitlines()[0]}"
        return wording.wrong(answer)

    with results.stage() as stage:
        answer = start(stage, name)
        check(
            answer.code == 0 and answer.said,
            f"{example.place}: the program {name} ends with {answer.code}: {answer.beside[:300]!r}",
        )
        quoted = quote_after(example)
        check(
            quoted in (None, answer.said),
            f"{example.place}: the page quotes {quoted!r}, but {name} prints {answer.said!r}",
        )

    def fault_when_reading(wording):
        with results.stage() as stage:
            return fault(wording, start(stage, name, f"{wording.message}\n\n"))

    def fault_when_saying(message):
        def fault_of(wording):
            with results.stage() as stage:
                return fault(wording, start(stage, f"{name}Said", said={message: wording.message}))

        return fault_of

    if "readLine()" in example.text:
        results.words(example, f"the program {name}, which reads messages", TOOLS["create_file"], fault_when_reading)
    for message in messages(example.text):
        results.words(example, f"the program {name}: {message}", MESSAGES[message], fault_when_saying(message))
