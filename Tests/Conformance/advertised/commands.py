"""Shell commands and printed consoles: run as they stand, and with other wordings."""

import json
import re

import numpy

from advertised import pages
from advertised.helps import STANDARD_INPUT
from advertised.stage import ROOT
from advertised.terminals import Chat, typed_lines
from advertised.wordings import GREETS, MESSAGES, TOOLS, reworded
from checks import check

# What is left of a command once what comes before the runner in it is taken away.
RUNNER = re.compile(
    r"^(?:apt-get update && apt-get install -y libopenblas-dev && )?(?:swift run -c release |\S*/)?gptoss\b"
)

# Commands that ask a running server.
ASKS_SERVER = re.compile(r"gptoss (load|unload|ps)\b")

# What varies in what is printed, and stands for all of it.
FIGURES = [
    (r"[\d.]+ tokens/s", "# tokens/s"),
    (r"first after [\d.]+ s", "first after # s"),
    (r"[\d.]+ [kMG]B of weights", "# B of weights"),
]


# More letters than any right answer has.
LONGEST = 1500


def figures_out(text):
    for pattern, replacement in FIGURES:
        text = re.sub(pattern, replacement, text)
    return text


def same_lines(example, printed, real):
    """Holds what a page prints against what came, line by line."""
    printed, real = (figures_out(text.rstrip()).splitlines() for text in (printed, real))
    for number, (one, other) in enumerate(zip(printed + [None] * len(real), real + [None] * len(printed))):
        if one is None and other is None:
            break
        check(one == other, f"{example.place}, line {number + 1} of what is printed: {one!r}, but really {other!r}")


def run(example, command, results):
    """Runs a command, which has to end well and do what its subcommand is for."""
    command = command.strip()
    if results.leaves_out(example, command) or not results.is_new(command):
        return
    if not RUNNER.match(command):
        check(False, f"{example.place}: no rule to run {command!r}")
        return
    command = RUNNER.sub("gptoss", command)
    words = command.split(" ")
    # Alone, the runner shows its help.
    name = " ".join(words[1:3]) if words[1:2] == ["harmony"] else words[1] if len(words) > 1 else "help"
    if name == "chat":
        chat(example, command, results)
        return
    if name not in EXPECTED:
        check(False, f"{example.place}: nothing is known of what {command!r} should do")
        return
    for each in each_command(command, results):
        with results.stage() as stage:
            text = harmony_tokens(stage) if name == "harmony parse" else STANDARD_INPUT.get(name, "Hello")
            answer = stage.shell(each, text)
            if speaks_of(example, answer):
                continue
            check(
                answer.code == 0,
                f"{example.place}: {each!r} ends with {answer.code}: {answer.beside.strip()[:300]!r}",
            )
            if answer.code == 0:
                fault = EXPECTED[name](answer, each, stage)
                check(not fault, f"{example.place}: {each!r}: {fault}")
    # These print no answer, but what happened inside.
    if name not in ("trace", "explain"):
        in_other_words(example, command, results)


def speaks_of(example, answer):
    """Whether the text only speaks of a command; how it is called stands elsewhere."""
    lacks = "Missing expected argument" in answer.beside or "Name a model, or say --all." in answer.beside
    return example.kind in ("inline", "row") and answer.code == 64 and lacks


def ask_server(example, results):
    """Runs commands that load, unload and list the models of the running server."""
    for command in map(str.strip, pages.commands(example.text)):
        if not results.is_new(command):
            continue
        with results.stage() as stage:
            # The one that is called ID on the pages.
            loaded = stage.shell("gptoss load NAME --identifier ID")
            answer = stage.shell(command)
            left = stage.shell("gptoss ps").said
            stage.shell("gptoss unload ID")
        check(loaded.code == 0, f"{example.place}: loading: {loaded}")
        if speaks_of(example, answer):
            continue
        expected = {"load": r"loaded as \S+ in [\d.]+ s|weights in memory, context", "unload": "unloaded ID$", "ps": "ID "}
        name = command.split(" ")[1]
        check(
            answer.code == 0 and re.search(expected[name], answer.said, re.M),
            f"{example.place}: {command!r}: {answer}",
        )
        check(("ID " in left) != (name == "unload"), f"{example.place}: after {command!r}: {left!r}")


def each_command(command, results):
    if not command.endswith("COMMAND"):
        return [command]
    return [command.removesuffix("COMMAND") + " ".join(words) for words in results.command_names()]


def in_other_words(example, command, results):
    """Runs a command with other wordings of the message in it."""
    variants = reworded(command)
    if not variants:
        return

    def fault(variant):
        with results.stage() as stage:
            answer = stage.shell(variant.text, seconds=60)
            if len(answer.said) > LONGEST:
                return f"goes on and on: {answer.said[:120]!r}"
            return variant.wrong(answer)

    results.words(example, re.search(r"gptoss \w+.*", command)[0].strip()[:60], variants, fault)


def harmony_tokens(stage):
    tokens = stage.shell("gptoss tokenize --special", '"<|channel|>final<|message|>Hi<|return|>"').said.strip()
    return '{"tokens": %s, "role": "assistant"}\n' % tokens


# What a command has to do, by its name: each returns what is wrong.


def answers(answer, command, stage):
    if not answer.said.strip():
        return f"no answer: {answer}"


def writes_trace(answer, command, stage):
    page = (stage.work / re.search(r"(?:-o|--output) (\S+)", command)[1]).read_text()
    if not page.startswith("<!DOCTYPE html>") or not page.rstrip().endswith("</html>"):
        return f"no page: {page[:200]!r}"


def takes_apart(answer, command, stage):
    if len(re.findall(r"^= ", answer.said, re.M)) != 4 or "MXFP4" not in answer.said:
        return f"not four sums, the last of a block: {answer.said[-300:]!r}"
    shares = re.search(r"^  +share +lead\n((?:  .*\n)+)= ", answer.said, re.M)
    if not shares or not all(re.match(r" +-?\d+\.\d{6} +-?\d+\.\d{6}  \w", one) for one in shares[1].splitlines()):
        return f"no shares with their leads: {answer.said[:900]!r}"
    draws = re.search(r"begins at byte \d+ of the file; (gptoss inspect .*) draws it", answer.said)
    if not draws or not re.search(r"^  31 +", stage.shell(draws[1]).said, re.M):
        return f"no command that draws the block: {answer.said[-2500:-1500]!r}"


def lists_experts(answer, command, stage):
    if not answer.said.replace(",", " ").startswith("layer") or len(answer.said.splitlines()) != 65:
        return f"not 64 experts: {answer.said[:300]!r}"


def tells_model(answer, command, stage):
    if "--tensor" in command and "--block" not in command:
        if "standard deviation" not in answer.said:
            return f"not what the weights are like: {answer.said}"
    elif "--block" in command:
        if len(re.findall(r"^  \d+ +", answer.said, re.M)) != 32:
            return f"not a block of 32 weights: {answer.said}"
    elif "will run" not in answer.said or "MXFP4" not in answer.said:
        return f"not whether it runs, or no types: {answer.said[-200:]}"


def tokenizes(answer, command, stage):
    back = stage.shell("gptoss detokenize", answer.said).said
    if back != STANDARD_INPUT["tokenize"]:
        return f"{answer.said!r} is not what detokenize makes {back!r} of"


def detokenizes(answer, command, stage):
    if not isinstance(json.loads(answer.said), str):
        return f"not a string: {answer.said!r}"


def renders(answer, command, stage):
    if "<|start|>user<|message|>Hello<|end|>" not in json.loads(answer.said)["text"]:
        return f"not what was said: {answer.said!r}"


def parses(answer, command, stage):
    if json.loads(answer.said)["messages"][0]["content"][0]["text"] != "Hi":
        return f"not what was said: {answer.said!r}"


def writes_logits(answer, command, stage):
    array = numpy.load(stage.work / re.search(r"(?:-o|--output) (\S+)", command)[1])
    count = len(re.search(r"--tokens (\S+)", command)[1].split(","))
    if (
        array.dtype != numpy.float32
        or len(array.shape) != 2
        or array.shape[0] != (count if "--all" in command else 1)
    ):
        return f"{array.dtype} {array.shape}"


def measures_text(answer, command, stage):
    if not re.match(r"perplexity [\d.]+ ± [\d.]+", answer.said):
        return f"no perplexity: {answer.said!r}"


def writes_model(answer, command, stage):
    name = command.split(" ")[-1]
    data = (stage.work / name).read_bytes()
    fixture = ROOT / name
    if fixture.is_file():
        return None if data == fixture.read_bytes() else f"not the bytes of {name}"
    if (
        data[:4] != b"GGUF"
        or "will run" not in stage.shell(f"gptoss inspect -m {name} || gptoss inspect {name}").said
    ):
        return "not a model that runs"


def measures(answer, command, stage):
    lines = ("prefill of", "decode of", "that memory delivers", "bounds met", "peak memory")
    table = ("| of bandwidth |", "| of arithmetic |", "Memory delivers", "of memory at the peak")
    if not all(words in answer.said for words in (table if re.search(r"-[pnd] \S+,", command) else lines)):
        return f"not prefill, decode, bandwidth and memory: {answer.said!r}"
    if card := re.search(r"--card (\S+)", command):
        text = (stage.work / card[1]).read_text()
        if not all(words in text for words in ("## Command", "fingerprint", "- Machine:", "nats in the mean")):
            return f"not a card: {text!r}"


def tells_version(answer, command, stage):
    missing = [word for word in ("Swift", "kernels") if word not in answer.said]
    if missing or not re.search(r"\d+\.\d+", answer.said):
        return f"no version, or not {missing}: {answer.said!r}"


def helps(answer, command, stage):
    if "USAGE: gptoss" not in answer.said:
        return f"no help: {answer.said!r}"


def lists_models(answer, command, stage):
    if not all(name in answer.said for name in ("ggml-org/gpt-oss-20b-GGUF", "openai/gpt-oss-20b", "assistant")):
        return f"not the models: {answer.said!r}"


def has_model(answer, command, stage):
    if not answer.said.rstrip().endswith("gpt-oss-20b-mxfp4.gguf"):
        return f"not where the model is: {answer.said!r}"


def removes_model(answer, command, stage):
    if "openai/gpt-oss-20b" in stage.shell("gptoss ls").said:
        return "the model is there still"


EXPECTED = {
    "ls": lists_models,
    "get": has_model,
    "import": has_model,
    "rm": removes_model,
    "generate": answers,
    "inspect": tells_model,
    "trace": writes_trace,
    "explain": takes_apart,
    "experts": lists_experts,
    "tokenize": tokenizes,
    "detokenize": detokenizes,
    "harmony render": renders,
    "harmony parse": parses,
    "logits": writes_logits,
    "perplexity": measures_text,
    "synthesize": writes_model,
    "bench": measures,
    "help": helps,
    "--version": tells_version,
}


# Chats


def chat(example, command, results):
    """A chat that the text names: greeted, and asked for what each of its tools is for, in a pipe and on a terminal."""
    tools = re.search(r"--tools (\S+)", command)
    asked = {tool: TOOLS.get(tool) for tool in tools[1].split(",")} if tools else {}
    check(None not in asked.values(), f"{example.place}: no wordings are known for some of {tools and tools[1]}")
    with results.stage() as stage:
        answer = stage.shell(command, "Hello\n")
        fault = GREETS(answer) if answer.code == 0 else answer
        check(not fault, f"{example.place}: {command!r} in a pipe: {fault}")
        greeting = Chat(stage, command)
        answer = greeting.say("Hello")
        check(not GREETS(answer), f"{example.place}: {command!r} on a terminal: {answer}")
        check(greeting.end() == 0, f"{example.place}: {command!r} does not end well with Ctrl-D")
    for tool, wordings in asked.items():
        in_a_pipe(example, f"chat with {tools[1]}, {tool}", command, wordings, results)
        on_a_terminal(example, f"chat with {tools[1]}, {tool}", command, wordings, results)


def in_a_pipe(example, what, command, wordings, results):
    def answer(wording):
        with results.stage() as stage:
            lines = [wording.message] + ([wording.reply] if wording.reply else [])
            return wording.wrong(stage.shell(command, "\n".join(lines) + "\n", seconds=60))

    results.words(example, f"{what}, in a pipe", wordings, answer)


def on_a_terminal(example, what, command, wordings, results):
    with results.stage() as stage:
        chats = []

        def answer(wording):
            # One chat for all, but for a new one where an answer did not end.
            if not chats:
                chats.append(Chat(stage, command))
            try:
                answer = chats[0].say(wording.message, wording.reply or "n")
                chats[0].say("/reset")
            except Exception:
                chats.pop().terminal.child.close(force=True)
                raise
            return wording.wrong(answer)

        results.words(example, f"{what}, on a terminal", wordings, answer, side_by_side=False)
        for open_chat in chats:
            check(open_chat.end() == 0, f"{example.place}: {what}: no good end after Ctrl-D")


def console(example, results):
    """A printed console: `$ command` and what comes of it."""
    first, *rest = [part for part in re.split(r"^\$ ", example.text, flags=re.M) if part]
    for part in [first, *rest]:
        command = next(pages.commands(part))
        printed = part.removeprefix(command)
        if results.leaves_out(example, command) or not results.is_new("$ " + part):
            continue
        if typed := typed_lines(printed.splitlines()):
            terminal_console(example, command.strip(), printed, typed, results)
        else:
            with results.stage() as stage:
                real = stage.shell(f"{{ {command.rstrip()} ; }} 2>&1")
                same_lines(example, printed, real.said)
                check(real.code == 0, f"{example.place}: {command!r} ends with {real.code}")
            in_other_words(example, command, results)


def terminal_console(example, command, printed, typed, results):
    with results.stage() as stage:
        played = Chat(stage, command)
        for message, reply in typed:
            played.say(message, reply or "n")
        same_lines(example, printed, "\n".join(played.lines()).removesuffix("User:"))
        check(played.end() == 0, f"{example.place}: {command!r} does not end well with Ctrl-D")
    for message in {message for message, _ in typed}:
        check(message in MESSAGES, f"{example.place}: no wordings are known of {message!r}")
        on_a_terminal(example, "the printed chat", command, MESSAGES.get(message, []), results)
