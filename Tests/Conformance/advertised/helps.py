"""What `gptoss help` says of each command: every command, option, value and JSON object that it shows is tried."""

import base64
import json
import re
import shlex
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

# A value for each option whose help lists none.
SAMPLES = {
    "--model": "MODEL",
    "--mcp": "mcp.json",
    "--prompt": "Hello",
    "--tools": "create_file,calculator,time",
    "--instructions": "'Be brief.'",
    "--load": "chat.session",
    "--temperature": "0.5",
    "--top-k": "40",
    "--top-p": "0.9",
    "--min-p": "0.05",
    "--seed": "7",
    "--penalty-window": "64",
    "--threads": "1",
    "--context": "1024",
    "--cache-dir": "cache",
    "--max-tokens": "20",
    "--reasoning-budget": "20",
    "--tensor": "output.weight",
    "--row": "0",
    "--block": "0",
    "--position": "20",
    "--layer": "1",
    "--session": "chat.session",
    "--compare": "short.txt",
    # One that works: that which the layer's own choice goes into.
    "--expert": "$(gptoss explain --prompt Hello --temperature 0 --layer 1 | sed -n 's/^Expert \\([0-9]*\\) of.*/\\1/p')",
    "--vocabulary": "small.tiktoken",
    "--tokens": "1,2,3",
    "--last": "2",
    "--output": "y.npy",
    "--file": "short.txt",
    "--layers": "1",
    "--host": "127.0.0.1",
    "--allowed-host": "gptoss.local",
    "--port": "0",
    "--api-key": "secret",
    "--cors": "https://example.org",
    "--name": "mine",
    "--stop-limit": "1",
    "--connections": "2",
    "--card": "card.md",
    "--as": "me/mine",
    "--mcp": "mcp.json",
}
# What a command needs beside the option that is tried; an option of the same name takes its place.
NEEDED = {
    "generate": ["--prompt Hello"],
    "logits": ["--tokens 1,2,3", "--output x.npy"],
    "perplexity": ["--file short.txt"],
    "trace": ["--prompt Hello", "--output trace.html"],
    "explain": ["--prompt Hello"],
    "experts": ["--file short.txt"],
    "synthesize": ["--shape tiny"],
    "bench": ["--prefill 1", "--decode 1", "--repeats 1"],
    "serve": ["--port 0"],
}
# What is left out of that for an option that does not go with it.
WITHOUT = {
    "trace": {"--session": "--prompt", "--file": "--prompt", "--json": "--output"},
}
# An option that only goes with another.
TOGETHER = {
    "--row": {"inspect": "--tensor output.weight"},
    "--block": {"inspect": "--tensor output.weight"},
    "--compare": {"inspect": "--tensor output.weight"},
    "--expert": {"inspect": "--tensor blk.0.ffn_up_exps.weight", "explain": "--layer 1 --temperature 0"},
    "--special": {"generate": "--raw"},
    "--allow-remote-mcp": {"serve": "--mcp mcp.json"},
    "--allow-private-mcp": {"serve": "--mcp mcp.json --allow-remote-mcp"},
}
# A command that sweeps a gigabyte of memory each time.
TOGETHER_AT_ONCE = {"bench"}
# Options of which one excludes the others.
EXCLUSIVE = {"bench": ("--json", "--markdown", "--csv")}
# Commands that speak to a running server: models_server.py tries their options with one.
WITH_SERVER = {"load", "unload", "ps"}
# Options for a model that another server runs: remote.py tries them with one.
WITH_OTHER_SERVER = {
    (command, option)
    for command in ("generate", "chat", "serve")
    for option in ("--remote", "--remote-key", "--vocabulary")
}
# What a command says for kernels of another CPU; others are refused in the same words.
OTHER_CPU = re.compile(r"this CPU cannot run the kernel set (\w[\w-]*); it runs ")
STANDARD_INPUT = {
    "chat": "Hello\n",
    "tokenize": '"Hello"\n',
    "detokenize": "[1,2,3]\n",
    "harmony render": '{"conversation": {"messages": [{"role": "user", "content": "Hello"}]}}\n',
    "harmony parse": '{"tokens": [], "role": "assistant"}\n',
}
# Values that are not tried: what they make does not fit here.
TOO_LARGE = {("--shape", "20b"), ("--shape", "120b")}


@dataclass(frozen=True)
class Option:
    name: str
    takes_value: bool
    values: tuple


def subcommands(stage, above=()):
    """Every command, as its words, with its help."""
    said = stage.shell(shlex.join(["gptoss", "help", *above])).said
    yield above, said
    listed = re.search(r"^SUBCOMMANDS:\n((?:  .*\n|\n)*)", said, re.M)
    for name in re.findall(r"^  ([a-z][\w-]*)", listed[1] if listed else "", re.M):
        yield from subcommands(stage, (*above, name))


def options(text):
    """The options that a help lists, and for each argument in it one without a name."""
    listed = re.search(r"^OPTIONS:\n((?:  .*\n)*)", text, re.M)
    for entry in re.split(r"^  (?=-)", listed[1] if listed else "", flags=re.M)[1:]:
        entry = re.sub(r"\s+", " ", entry)
        head = re.match(r"(?:-\w, )?(--[\w-]+)( <[\w-]+>)?", entry)
        notes = re.search(r"\((values: ([^;)]*))?(?:; )?(default: ([^)]*))?\)\s*$", entry)
        values = notes[2].split(", ") if notes and notes[2] else []
        values += [value for value in told(entry) if value not in values]
        default = [notes[4].strip()] if notes and notes[4] and notes[4] not in values else []
        yield Option(head[1], head[2] is not None, tuple(values + default))


def told(entry):
    """The values that the words of an option's help list: `: none, requests (one line each), or contents`."""
    item, between = r"[\w-]+(?: \([^)]*\))?", "(?:, or |, | or )"
    listed = re.search(rf": ({item}(?:{between}{item})+)(?=[.; ]|$)", entry)
    return [re.sub(r" \(.*", "", value) for value in re.split(rf"{between}(?![^(]*\))", listed[1])] if listed else []


def arguments(text):
    """The arguments without a name that a command needs, as the pages spell them."""
    words = re.search(r"^USAGE: (.*)", text, re.M)[1].split(" ")
    # A model that is here is not downloaded.
    named = {"<model>": "MODEL", "<output>": "OUT.gguf", "<file>": "MODEL", "<name>": "assistant"}
    return [
        named[word]
        for before, word in zip(words, words[1:])
        if word in named and (not before.lstrip("[").startswith("-") or before.endswith("]"))
    ]


def attempts(words, text):
    """The commands that try each option with each value: (option, value, command)."""
    name = " ".join(words)
    if name in TOGETHER_AT_ONCE:
        yield from attempts_at_once(words, text)
        return
    if name in WITH_SERVER:
        return
    needed = NEEDED.get(name, [])
    for option in options(text):
        if option.name == "--help" or (name, option.name) in WITH_OTHER_SERVER:
            continue
        values = option.values or ((SAMPLES[option.name],) if option.name in SAMPLES else (None,))
        for value in values if option.takes_value else ("",):
            if (option.name, value) in TOO_LARGE:
                continue
            left_out = {option.name, WITHOUT.get(name, {}).get(option.name)}
            other = [text for text in needed if text.split(" ")[0] not in left_out]
            together = TOGETHER.get(option.name, {}).get(name, "")
            yield option.name, value, " ".join(
                ["gptoss", *words, *arguments(text), *other, option.name, value or "", together]
            ).strip()


def attempts_at_once(words, text):
    """The same with a value of every option in each command."""
    listed = [option for option in options(text) if option.name != "--help"]
    choices = {
        option.name: (option.values or (SAMPLES.get(option.name),)) if option.takes_value else ("",)
        for option in listed
    }
    small = dict(needed.split(" ") for needed in NEEDED.get(" ".join(words), []))
    exclusive = EXCLUSIVE.get(" ".join(words), ())
    for number in range(max(len(exclusive), *map(len, choices.values()))):
        one = exclusive[number % len(exclusive)] if exclusive else None
        chosen = {
            name: small.get(name, values[number % len(values)])
            for name, values in choices.items()
            if name not in exclusive or name == one
        }
        unknown = next((name for name, value in chosen.items() if value is None), None)
        command = " ".join(["gptoss", *words, *(f"{name} {value}".strip() for name, value in chosen.items())])
        yield unknown or one or "--json", None if unknown else "with all options", command


def json_objects(text):
    """The JSON objects in a help's text, in order; `…` in a list stands for more elements, here none."""
    text = re.sub(r"\s+", " ", text)
    position = 0
    while (position := text.find('{"', position)) >= 0:
        shown = text[position:]
        try:
            _, length = json.JSONDecoder().raw_decode(
                re.sub(r"\[…\]|\[\"name\", …\]", lambda m: "[" + " " * (len(m[0]) - 2) + "]", shown)
            )
        except ValueError:
            position += 1
            continue
        yield shown[:length]
        position += length


def check_helps(stage_of, check, serve):
    """Tries everything that the helps show; returns them: [(words, text)].

    `stage_of` makes a stage, `serve(command)` starts a server, stops it and returns its answer."""
    tried = []
    with stage_of() as stage:
        commands = list(subcommands(stage))
        for words, text in commands:
            shown = " ".join(["gptoss", *words])
            check(not re.search(r"^ +\S+ +- *$", text, re.M), f"{shown}: the help has a value without its description")
            for flag in ("--help", "-h"):
                answer = stage.shell(f"{shown} {flag}")
                check(
                    (answer.code, answer.said, answer.beside) == (0, text, ""),
                    f"{shown} {flag} is not what help prints",
                )
            tried += attempts(words, text)
    for name, value, command in tried:
        check(value is not None, f"{command}: no value is known to try {name} with")

    def run(attempt):
        command = attempt[2]
        with stage_of() as stage:
            words = command.split(" ")
            name = " ".join(words[1:3]) if words[1] == "harmony" else words[1]
            if name == "serve":
                return serve(command, stage)
            if "chat.session" in command:
                stage.shell("gptoss chat", "Hello\n/save chat.session\n")
            if "mcp.json" in command:
                (stage.work / "mcp.json").write_text('{"mcpServers": {}}')
            if "small.tiktoken" in command:
                (stage.work / "small.tiktoken").write_text(small_vocabulary())
            return stage.shell(command, STANDARD_INPUT.get(name, ""))

    runs = [attempt for attempt in tried if attempt[1] is not None]
    with ThreadPoolExecutor(4) as pool:
        for (name, value, command), answer in zip(runs, pool.map(run, runs)):
            other = OTHER_CPU.search(answer.beside)
            if answer.code == 1 and other and f"--kernels {other[1]}" in command:
                continue
            check(
                answer.code == 0,
                f"help shows {name} {value}, but {command}: {answer.code} {answer.beside.strip()[:300]!r}",
            )
            if name == "--json":
                try:
                    json.loads(answer.said)
                except ValueError:
                    check(False, f"{command} prints no JSON: {answer.said[:200]!r}")
    check_lines(commands, stage_of, check)
    return commands


def check_lines(commands, stage_of, check):
    """Whether a command that reads and writes JSON line by line takes what its help shows, with lists that are filled,
    and answers with the members that are shown."""
    for words, text in commands:
        shown = list(json_objects(text))
        if not shown:
            continue
        with stage_of() as stage:
            completion = stage.shell(
                "gptoss tokenize --special", '"<|channel|>final<|message|>Hi<|return|>"'
            ).said.strip()
            filled = {
                '"messages": […]': '"messages": [{"role": "user", "content": "Hello"}]',
                '"tokens": […]': f'"tokens": {completion}',
            }
            request = shown[0]
            for pattern, value in filled.items():
                request = request.replace(pattern, value)
            answer = stage.shell(shlex.join(["gptoss", *words]), request + "\n")
            subject = f"{' '.join(words)}, given what its help shows,"
            check(
                answer.code == 0 and "error" not in answer.said,
                f"{subject} answers {(answer.said + answer.beside)[:300]!r}",
            )
            if answer.code == 0 and len(shown) > 1:
                members = re.findall(r'"(\w+)": [\[“"]', next(s for s in shown[1:] if '"error"' not in s))
                check(
                    set(members) <= set(json.loads(answer.said)),
                    f"{subject} lacks some of {members}: {answer.said[:200]!r}",
                )


def small_vocabulary():
    """A .tiktoken file of the 256 bytes."""
    return "".join(f"{base64.b64encode(bytes([i])).decode()} {i}\n" for i in range(256))
