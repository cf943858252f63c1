#!/usr/bin/env python3
"""README from top to bottom as a newcomer goes through it: in an empty home, in a pipe, on a terminal and in a script.

    swift build -c release --product gptoss
    python Tests/Conformance/first_minutes.py

examples.py tries what each command of README is for. This one goes through them in order, in one folder in which the
user has files, and looks at the rest: exit codes, which stream gets what, what is left in the folder and the home, and
that no file of the user's is changed, not even one whose name an example uses.
"""

import hashlib
import os
import re
import tempfile

import pexpect

from advertised import commands, pages, stage
from advertised.helps import STANDARD_INPUT
from advertised.stage import Terminal
from advertised.terminals import Chat
from checks import check, finish

README = pages.PAGES[0]
# Files that the examples write, as the user may have them already.
TAKEN = ["hello.txt", "x.npy", "OUT.gguf", "trace.html"]
# What the commands leave in a home: the chat's history, only where lines are typed.
HISTORY = ".local/state/gptoss/history"


def walk():
    """The runner's commands in README, in order, once each; those of the server are the server's."""
    seen = []
    for example in pages.examples(README):
        if example.kind in ("bash", "row", "inline"):
            for command in pages.commands(example.text):
                command = command.strip()
                if commands.RUNNER.match(command) and " serve" not in command and " test" not in command:
                    command = commands.RUNNER.sub("gptoss", command).replace("help COMMAND", "help generate")
                    if commands.ASKS_SERVER.match(command):
                        continue
                    # What was imported one command before: the model that README goes on to use stays.
                    seen.append(command.replace("rm NAME", "rm local/gpt-oss-20b-mxfp4"))
    return [command for command in dict.fromkeys(seen) if is_whole(command)]


def is_whole(command):
    """Whether a command says all that it needs: the text also names commands in passing."""
    return not re.search(r"gptoss (logits|perplexity|synthesize)( --shape \S+)?$", command)


def subcommand(command):
    words = command.split(" ")
    return "help" if len(words) == 1 else " ".join(words[1:3]) if words[1] == "harmony" else words[1]


def input_for(command, place):
    if "harmony parse" in command:
        return commands.harmony_tokens(place)
    return STANDARD_INPUT.get(subcommand(command), "")


def contents(folder):
    """The user's files and what is in them."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and ".build" not in str(path)
    }


def in_a_pipe(place):
    for command in walk():
        answer = place.shell(command, input_for(command, place))
        name = subcommand(command)
        told = f"in a pipe: {command}"
        check(answer.code == 0, f"{told}: exit code {answer.code}: {answer.beside.strip()[:200]!r}")
        check("\x1b" not in answer.said + answer.beside, f"{told}: escape codes for nobody")
        silent = name in ("logits", "synthesize", "trace")
        check(
            bool(answer.said) != silent and (silent or answer.said.endswith("\n")),
            f"{told}: on standard output {answer.said[-80:]!r}",
        )
        check(bool(answer.beside) == (name == "generate"), f"{told}: on standard error {answer.beside[:120]!r}")


def on_a_terminal(place):
    for command in walk():
        told = f"on a terminal: {command}"
        if subcommand(command) == "chat":
            chat = Chat(place, command)
            answer = chat.say("Hello")
            check(answer.said.strip() and chat.end() == 0, f"{told}: {answer}")
            continue
        terminal = Terminal(place, command)
        for line in input_for(command, place).splitlines():
            terminal.child.send(line + "\n")
        # Where a command reads lines, Ctrl-D ends them.
        terminal.child.send("\x04" if input_for(command, place) else "")
        terminal.child.expect(pexpect.EOF)
        terminal.child.close()
        check(
            terminal.child.exitstatus == 0,
            f"{told}: {terminal.child.exitstatus}, {''.join(terminal.written)[-200:]!r}",
        )
    history = place.home / HISTORY
    check(
        history.is_file() and history.stat().st_mode & 0o077 == 0,
        "on a terminal: the history is kept, for the user alone",
    )


def in_a_script(place):
    """All commands in one script that stops at the first failure, started by nobody in particular."""
    lines = ["set -euo pipefail"]
    for number, command in enumerate(walk()):
        (place.work / "input").mkdir(exist_ok=True)
        text = place.work / "input" / str(number)
        text.write_text(input_for(command, place))
        lines.append(f"{stage.substituted(command)} <input/{number} || {{ echo 'failed: '{command!r} >&2; exit 1; }}")
    answer = place.shell("\n".join(lines), "")
    check(answer.code == 0, f"in a script: {answer.code}: {answer.beside[-300:]!r}")


def test_walk(make):
    for way in (in_a_pipe, on_a_terminal, in_a_script):
        with make() as place:
            before, home_before = contents(place.work), contents(place.home)
            way(place)
            after = contents(place.work)
            check({name: after.get(name) for name in before} == before, f"{way.__name__}: a file was changed")
            new = {name for name in after if name not in before and not name.startswith("input/")}
            check(new <= set(TAKEN), f"{way.__name__}: left in the folder: {sorted(new)}")
            home_after = contents(place.home)
            kept = {name: home_after.get(name) for name in home_before}
            check(kept == home_before, f"{way.__name__}: a model in the home was changed")
            home = set(home_after) - set(home_before)
            check(home <= ({HISTORY} if way is on_a_terminal else set()), f"{way.__name__}: left in the home: {home}")


def test_taken_names(make):
    """A file of the user's with the name that an example writes stays as it is, and the command says so."""
    with make() as place:
        for name in TAKEN:
            (place.work / name).write_text("the user's\n")
        before = contents(place.work)
        writing = [(command, name) for command in walk() for name in TAKEN if name in command]
        check(len(writing) > 1, f"README has commands that write files: {writing}")
        for command, name in writing:
            answer = place.shell(command, input_for(command, place))
            one_line = answer.beside.count("\n") == 1 and name in answer.beside
            check(answer.code == 1 and one_line and not answer.said, f"{command}, where {name} exists: {answer}")
        said = "Create a file named hello.txt with the content Good morning\ny\n"
        answer = place.shell("gptoss chat --tools create_file", said)
        check(answer.code == 0 and "exists" in answer.beside, f"create_file, where hello.txt exists: {answer}")
        check(contents(place.work) == before, "a file of the user's was overwritten")


def main():
    os.environ.pop("GPTOSS_CPU", None)
    with tempfile.TemporaryDirectory() as parent:
        make = lambda: stage.Stage(parent)
        check(len(walk()) > 8, f"README has commands to walk through: {walk()}")
        test_walk(make)
        test_taken_names(make)
    finish()


if __name__ == "__main__":
    main()
