"""What the pages name in code: files, types, functions and properties of this package."""

import re

# Files, types and keys of others, and of people who use this package.
FOREIGN_FILES = re.compile(r"torch/model\.py|oracle/.*|mcp\.json|config\.json")
FOREIGN_WORDS = {"prepareFile"}
FOREIGN_TYPES = set("""
  Codable Decodable Encodable CaseIterable Data Date Decimal URL UUID String Bool Int UInt Int8 Double Float Set
  ClosedRange AsyncSequence LocalizedError CancellationError Never Task URLSession FoundationModels Bundle
  MemberImportVisibility
""".split())
SWIFT = re.compile(r"\b(?:struct|class|enum|protocol|actor|typealias|macro)\s+`?(\w+)`?")


class Names:
    """What the sources declare and mention. `held` counts the names of pages that were found in them."""

    def __init__(self, root, tracked):
        self.held = 0
        self.tracked = tracked
        self.folders = {part for path in tracked for part in parents(path)}
        folder_names = {folder.split("/")[-1] for folder in self.folders}
        swift = {path: (root / path).read_text() for path in tracked if path.endswith(".swift")}
        scripts = [
            (root / path).read_text() for path in tracked if path.endswith((".py", ".js", ".json", ".sh", ".html"))
        ]
        self.types = {name for text in swift.values() for name in SWIFT.findall(text)}
        self.modules = {f"GPTOSS{path.split('/')[1]}" for path in swift if path.startswith("Sources/")} | {
            "GPTOSSPage"
        }
        self.words = {word for text in [*swift.values(), *scripts] for word in re.findall(r"\w+", text)}
        self.words |= folder_names
        self.signatures = {signature for text in swift.values() for signature in signatures(text)}

    def faults(self, page, code):
        """What a code span names and nobody has."""
        checks = (self.file, self.type, self.function, self.word)
        fault = next((fault for each in checks if (fault := each(page, code)) is not None), "")
        if fault:
            return [fault]
        self.held += fault == "" and bool(re.match(r"[\w./]+", code))
        return []

    # Each gives None if the span is of another kind, "" if what it names is there, and else what is wrong.

    def file(self, page, code):
        if FOREIGN_FILES.fullmatch(code):
            return ""
        if re.fullmatch(r"(Sources|Tests|Docs|Fixtures|Benchmarks|\.ci)(/[\w.+-]+)*/?", code):
            there = code.rstrip("/") in self.tracked or code.rstrip("/") in self.folders
            return "" if there else f"there is no {code}"
        if re.fullmatch(r"\+?[\w./+-]+\.(swift|py|sh|md|h|js|css)", code):
            there = any(
                path == code or path.endswith(f"/{code}") or code[0] == "+" and path.endswith(code)
                for path in self.tracked
            )
            return "" if there else f"there is no file {code}"
        return None

    def type(self, page, code):
        found = re.fullmatch(r"([A-Z]\w*[a-z]\w*)((?:\.\w+)*)(\(.*\))?(?: \{.*\})?", code, re.S)
        if not found or "Coming" in page:
            return None
        first, members = found[1], found[2].split(".")[1:]
        if first in FOREIGN_TYPES or first in self.modules or not (members or found[3] or first in self.types):
            # A word alone may be anything that the sources name.
            return (
                "" if first in FOREIGN_TYPES | self.modules or first in self.words else f"nothing is called {first}"
            )
        if first not in self.types:
            return f"there is no type {first}"
        missing = [member for member in members if member not in self.words]
        return f"{first} has no {missing[0]}" if missing else ""

    def function(self, page, code):
        found = re.fullmatch(r"(?:\w+\.)*(\w+)\(((?:\w+:)*)\)", code)
        if not found or "Coming" in page:
            return None
        return "" if (found[1], found[2]) in self.signatures else f"there is no function {found[1]}({found[2]})"

    def word(self, page, code):
        found = re.fullmatch(r"\.?([a-z]+[A-Z]\w*)", code)
        if not found or "Coming" in page:
            return None
        return "" if found[1] in self.words | FOREIGN_WORDS else f"nothing is called {found[1]}"


def parents(path):
    parts = path.split("/")
    return ["/".join(parts[:count]) for count in range(1, len(parts))]


def signatures(text):
    """(name, labels) of every function and initializer of a file, with those that have defaults left out, too."""
    for found in re.finditer(r"\bfunc\s+(\w+)\s*(?:<[^>]*>)?\(|\b(init)[?!]?\s*(?:<[^>]*>)?\(", text):
        start, depth, end = found.end(), 1, found.end()
        while depth and end < len(text):
            depth += {"(": 1, ")": -1, "[": 1, "]": -1}.get(text[end], 0)
            end += 1
        labels = [("", False)]
        depth = 0
        parameters, piece = [], ""
        for character in text[start : end - 1]:
            depth += {"(": 1, ")": -1, "[": 1, "]": -1, "<": 1, "{": 1, "}": -1}.get(character, 0)
            if character == "," and depth == 0:
                parameters.append(piece)
                piece = ""
            else:
                piece += character
        parameters += [piece] if piece.strip() else []
        labels = []
        for parameter in parameters:
            plain = re.sub(r"//.*", "", parameter).strip()
            if name := re.match(r"(?:@\w+(?:\([^)]*\))?\s+)*(\w+)", plain):
                labels.append((name[1] + ":", "=" in plain))
        name = found[1] or found[2]
        yield name, "".join(label for label, _ in labels)
        yield name, "".join(label for label, optional in labels if not optional)
