"""`gptoss chat` on a terminal, as a user has it."""

import re

import pyte

from advertised.stage import Answer, Terminal

PROMPT, QUESTION = "User: ", "[y/N] "
# The terminal marks pasted text while a line is edited; the end of that is the line's.
ACCEPTED = "\x1b[?2004l"


class Chat:
    """A conversation of which each turn is read from the screen."""

    def __init__(self, stage, command):
        self.stage = stage
        self.terminal = Terminal(stage, command)
        self.terminal.wait(PROMPT)

    def say(self, message, reply="n"):
        """Sends a message, answers questions with `reply`, and returns when the next message can be typed."""
        start = len(self.terminal.written)
        self.terminal.type(message)
        self.terminal.wait(ACCEPTED)
        while self.terminal.wait(PROMPT, QUESTION) == 1:
            self.terminal.type(reply)
            self.terminal.wait(ACCEPTED)
        lines = self.lines(start)
        calls = [number for number, line in enumerate(lines) if line.startswith("← ")]
        answer = calls[-1] + 1 if calls else 1
        return Answer(0, "\n".join(lines[answer:]), "\n".join(lines[:answer]), self.stage.work)

    def lines(self, start=0):
        """The lines on the screen, or those that a part of the output puts there."""
        screen = pyte.Screen(Terminal.COLUMNS, 4 * Terminal.ROWS)
        pyte.Stream(screen).feed("".join(self.terminal.written[start:]))
        return "\n".join(line.rstrip() for line in screen.display).rstrip("\n").split("\n")

    def end(self):
        """Ends the chat with Ctrl-D; returns the exit code."""
        return self.terminal.end()


def typed_lines(transcript):
    """What the user types in a printed chat: [(message, reply or None)]."""
    typed = []
    for line in transcript:
        if line.startswith(PROMPT):
            typed.append([line.removeprefix(PROMPT), None])
        elif found := re.search(re.escape(QUESTION) + "(.*)$", line):
            typed[-1][1] = found[1]
    return typed
