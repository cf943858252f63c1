"""A tool together with one request for it, and what all kinds of tools share."""

import json
from dataclasses import dataclass

import words as W
from harmony import Parameter, Tool, mark


@dataclass
class Use:
    """A tool with one request for it: what the user says, the call's arguments, and what comes back."""

    tool: Tool
    user: str
    arguments: dict
    result: str
    final: str
    kind: object = None  # the function that made it

    @property
    def texts(self):
        """The arguments that are text, as `startswith` and `endswith` take them."""
        return tuple(v for v in self.arguments.values() if isinstance(v, str) and v)


def options(text):
    return [x.strip() for x in text.replace("\n", "").split("|")]


def compact(value):
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def pretty(rng, value):
    """The value as JSON, without white space, with some, or over several lines as many servers send it."""
    k = rng.random()
    return compact(value) if k < 0.5 else json.dumps(value, ensure_ascii=False, indent=2 if k > 0.78 else None)


SUCCESS = [
    "ok",
    "done",
    '{"status":"ok"}',
    '{"success":true}',
    '{"ok":true}',
    "OK",
    "Success",
    '{"result":"success"}',
    "Done.",
    "true",
    '{"status": "success"}',
    "File created.",
    "null",
    "Created.",
    '{"success": true}',
]
FAILURES = [
    "not found",
    "permission denied",
    "disk full",
    "timeout",
    "invalid id",
    "no connection",
    "access denied",
    "already exists",
    "rate limit",
    "File already exists.",
    "unknown user",
    "not allowed",
    "bad request",
    "the user said no",
    "no such file",
]


def outcome(rng, name, done):
    """The result of a tool that only does something, and the answer."""
    if rng.random() < 0.15:
        error = rng.choice(FAILURES) if rng.random() < 0.8 else W.title(rng, 1, 3)
        shown = rng.choice([pretty(rng, {"error": error}), "Error: " + error, "error: " + error, pretty(rng, {"status": "error", "message": error})])
        return shown, f"The call to {mark(name)} failed: {mark(error)}"
    return rng.choice(SUCCESS), done


def described(rng, name, choices, chance=0.5, **more):
    return Parameter(name, description=rng.choice(choices) if rng.random() < chance else None, **more)


ASKING = ("can", "could", "would", "will", "may", "do", "does", "is", "are", "what", "how", "please can", "please could")


def bare_end(user, value):
    """The value as it is meant where a request ends with it, without quotes: a full stop there is the request's, and so is
    the question mark of a question; but not behind a colon."""
    if not (isinstance(value, str) and len(value) > 1 and value[-1] in ".?" and user.endswith(value)):
        return value
    before = user[: -len(value)].rstrip(" ")
    if before.endswith((":", "=", "\n")) or value[-1] == "?" and not user.lower().startswith(ASKING):
        return value
    return value[:-1]
