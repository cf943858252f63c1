"""What the pages only name: options, the chat's commands, the server's endpoints. Each has to be there."""

import json
import re
import urllib.error
import urllib.request

from advertised.pages import PAGES, ROOT
from checks import check

# Programs whose options are not ours.
OTHERS = re.compile(r"(swift|apt-get|pip|npm|docker|git|nginx|systemctl|swiftc|cmake|lms|perf|codex|openssl|vllm) ")
# Our scripts and benchmarks, which have options of their own.
FOLDERS = ("Benchmarks", "Tests/Conformance", "Fixtures")
SCRIPTS = [
    path
    for folder in FOLDERS
    for path in (ROOT / folder).rglob("*")
    if path.suffix in (".py", ".swift") and ".build" not in path.parts
]


def codes():
    """Every code span of every page: (place, text)."""
    for page in PAGES:
        prose = re.sub(r"^```.*?^```", lambda block: "\n" * block[0].count("\n"), page.read_text(), flags=re.M | re.S)
        for number, line in enumerate(prose.splitlines(), 1):
            for code in re.findall(r"`([^`]+)`", line):
                yield f"{page.relative_to(ROOT)}:{number}", code.replace("\\|", "|")


def check_options(helps):
    """Every option that a page names is in a help, or in a script."""
    known = " ".join(text for _, text in helps) + " ".join(path.read_text() for path in SCRIPTS)
    for place, code in codes():
        if not OTHERS.match(code):
            for option in re.findall(r"(?:^| )(--[a-z][\w-]+)", code):
                check(re.search(rf"(?<![\w-]){option}(?![\w-])", known), f"{place}: there is no option {option}")


def check_script(place, command):
    """A script or benchmark that is not run is there nevertheless, with the options that are shown."""
    package = (ROOT / "Benchmarks/Package.swift").read_text()
    for name in re.findall(r"\w+Benchmarks", command):
        check(
            f'"{name}"' in package and "--package-path Benchmarks" in command,
            f"{place}: no {name} is run by {command!r}",
        )
    for name in re.findall(r"[\w/]+\.(?:py|txt)\b", command):
        found = [path for folder in FOLDERS for path in (ROOT / folder).rglob(name.split("/")[-1])]
        check(any(str(path).endswith(f"/{name}") for path in found), f"{place}: there is no {name}")
    scripts = [path for path in SCRIPTS if path.name in command]
    for option in re.findall(r"(?<![\w-])--[a-z][\w-]*", command) if scripts else []:
        check(
            any(re.search(rf'["\']({option}|{option[2:]})["\']', path.read_text()) for path in scripts),
            f"{place}: {command!r}: there is no {option}",
        )


def check_chat_commands(results):
    """README lists the commands that the chat's own help lists."""
    with results.stage() as stage:
        helped = set(re.findall(r"^(/\w+)", stage.shell("gptoss chat", "/help\n").said, re.M))
    named = {
        word
        for place, code in codes()
        if place.startswith("README.md:")
        for word in re.findall(r"^(/[a-z]+)\b(?!/)", code)
    }
    check(helped == named, f"README names the chat's commands {sorted(named)}, /help lists {sorted(helped)}")


def check_endpoints(root):
    """Every endpoint that a page names is one: `GET /path`, or `/path` behind one in the same cell or line."""
    url = root.removesuffix("/v1")
    kept = ask(
        url, "POST", "/v1/responses", {"model": "openai/gpt-oss-20b", "input": "Hello", "max_output_tokens": 8}
    )[1]["id"]
    unknown = ask(url, "GET", "/v1/nonsense")
    for place, code in codes():
        if found := re.fullmatch(r"(GET|POST|DELETE) (/[\w/{}.-]+)", code):
            path = found[2].replace("{name}", "openai/gpt-oss-20b").replace("{id}", kept)
            check(ask(url, found[1], path) != unknown, f"{place}: there is no {code}")


def ask(url, method, path, body=None):
    """Status and answer."""
    request = urllib.request.Request(
        url + path,
        json.dumps(body if body is not None else {}).encode() if method == "POST" else None,
        {"Content-Type": "application/json"},
        method=method,
    )
    try:
        with urllib.request.urlopen(request, timeout=60) as reply:
            status, text = reply.status, reply.read()
    except urllib.error.HTTPError as error:
        status, text = error.code, error.read()
    try:
        return status, json.loads(re.sub(rb"/v1/[\w/.-]+", b"", text))
    except ValueError:
        return status, text
