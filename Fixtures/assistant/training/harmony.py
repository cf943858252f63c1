"""Harmony's layout, as OpenAI's library renders it (checked by `python harmony.py`), with a weight for each part.

Text is carried as `Part`s: weight 0 is context, above 0 is what the model must learn to write. Inside a part, what is
copied from the conversation stands between COPY and END_COPY and gets a higher weight."""

import json
from dataclasses import dataclass, field

COPY, END_COPY = "\ue000", "\ue001"  # private-use characters that never reach the model

IDENTITY = "You are ChatGPT, a large language model trained by OpenAI."
CHANNELS = "# Valid channels: analysis, commentary, final. Channel must be included for every message."
FUNCTION_CHANNEL = "\nCalls to these tools must go to the commentary channel: 'functions'."


def mark(value):
    return f"{COPY}{value}{END_COPY}"


def unmark(text):
    return text.replace(COPY, "").replace(END_COPY, "")


@dataclass
class Part:
    text: str
    weight: float = 0.0
    copied: float | None = None  # the weight of copied spans, double the rest's unless given

    @property
    def copied_weight(self):
        return 2 * self.weight if self.copied is None else self.copied


@dataclass
class Parameter:
    name: str
    type: str = "string"  # as TypeScript: string, number, boolean or a union of literals
    description: str | None = None
    optional: bool = False
    default: str | None = None

    def render(self):
        note = f"// {self.description}\n" if self.description else ""
        default = f" // default: {self.default}" if self.default else ""
        return f"{note}{self.name}{'?' if self.optional else ''}: {self.type},{default}\n"

    def schema(self):
        """The same as JSON schema."""
        if self.type in ("string", "number", "boolean"):
            schema = {"type": self.type}
        elif self.type == "string[]":
            schema = {"type": "array", "items": {"type": "string"}}
        else:
            schema = {"type": "string", "enum": [x.strip().strip('"') for x in self.type.split(" | ")]}
        return schema | {k: v for k, v in (("description", self.description), ("default", self.default)) if v}


@dataclass
class Tool:
    name: str
    description: str
    parameters: list = field(default_factory=list)
    bare: bool = False  # without a parameter schema

    def render(self):
        note = "".join(f"// {line}\n" for line in self.description.split("\n"))
        if self.bare:
            return f"{note}type {self.name} = () => any;\n\n"
        return f"{note}type {self.name} = (_: {{\n{''.join(p.render() for p in self.parameters)}}}) => any;\n\n"

    def schema(self):
        """The parameters as JSON schema."""
        required = [p.name for p in self.parameters if not p.optional]
        return {"type": "object", "properties": {p.name: p.schema() for p in self.parameters}, "required": required}


@dataclass
class System:
    effort: str = "medium"
    identity: str = IDENTITY
    cutoff: str | None = "2024-06"
    date: str | None = None
    instructions: str | None = None
    tools: list = field(default_factory=list)
    formats: str | None = None  # the section "# Response Formats", at the end as OpenAI's format has it

    def render(self):
        lines = [self.identity]
        if self.cutoff:
            lines.append(f"Knowledge cutoff: {self.cutoff}")
        if self.date:
            lines.append(f"Current date: {self.date}")
        text = "\n".join(lines) + f"\n\nReasoning: {self.effort}\n\n{CHANNELS}" + (FUNCTION_CHANNEL if self.tools else "")
        text = f"<|start|>system<|message|>{text}<|end|>"
        sections = [f"# Instructions\n\n{self.instructions}"] if self.instructions else []
        if self.tools:
            declared = "".join(t.render() for t in self.tools)
            sections.append(f"# Tools\n\n## functions\n\nnamespace functions {{\n\n{declared}}} // namespace functions")
        if self.formats:
            sections.append(self.formats)
        if sections:
            text += "<|start|>developer<|message|>" + "\n\n".join(sections) + "<|end|>"
        return text


@dataclass
class Turn:
    """A user's message and the assistant's steps: ("analysis", text), ("call", name, json), ("result", name, text),
    ("final", text). A call that another one follows at once is a "call and". "given analysis" and "given call" are read
    and not learned, of a "filled" answer only what is copied is. `answer` is what an evaluation compares with; `weight`
    scales the whole turn's loss."""

    user: str
    steps: list
    skill: str = ""
    answer: object = None
    weight: float = 1.0


def dump(arguments, marked=True):
    """Compact JSON in declared order, every value marked as copied."""
    encode = lambda v: json.dumps(v, ensure_ascii=False)
    body = []
    for key, value in arguments.items():
        text = encode(value)
        if marked and isinstance(value, str):
            text = '"' + mark(text[1:-1]) + '"'
        elif marked:
            text = mark(text)
        body.append(f"{encode(key)}:{text}")
    return "{" + ",".join(body) + "}"


def render_turn(turn, last, library_calls=False, learn_past=False):
    """The parts of a turn. In a finished turn (`last` false) analysis is gone and nothing is learned. With
    `library_calls` calls are context, written as OpenAI's renderer writes history: recipient before the channel.
    `learn_past` learns a finished turn too; that is right only where there was no analysis to begin with."""
    parts = [Part(f"<|start|>user<|message|>{turn.user}<|end|>")]
    learned = turn.weight if last or learn_past else 0.0
    goes_on = False  # after an analysis, and between calls, the model opens the next message itself
    for step in turn.steps:
        kind, text = step[0], step[-1]
        weight = 0.0 if kind.startswith("given") else learned
        header = Part("<|start|>assistant", weight if goes_on else 0.0)
        goes_on = False
        if kind in ("analysis", "given analysis"):
            if last:
                parts += [header, Part(f"<|channel|>analysis<|message|>{text}<|end|>", weight)]
                goes_on = True
        elif kind == "call and" and not library_calls:
            parts += [header, Part(f"<|channel|>commentary to=functions.{mark(step[1])} <|constrain|>json<|message|>{text}<|end|>", weight)]
            goes_on = True
        elif kind in ("call", "call and", "given call") and library_calls:
            parts.append(Part(f"<|start|>assistant to=functions.{step[1]}<|channel|>commentary <|constrain|>json<|message|>{text}<|call|>"))
        elif kind in ("call", "given call"):
            channel = f"<|channel|>commentary to=functions.{mark(step[1])} <|constrain|>json<|message|>"
            parts += [header, Part(channel + text + "<|call|>", weight)]
        elif kind == "result":
            parts.append(Part(f"<|start|>functions.{step[1]} to=assistant<|channel|>commentary<|message|>{text}<|end|>"))
        elif kind in ("final", "filled"):
            body = Part(f"<|channel|>final<|message|>{text}", weight)
            if kind == "filled":
                body = Part(body.text, 0.0, copied=2 * weight)
                header = Part("<|start|>assistant")
            parts += [header, body]
            parts.append(Part("<|return|>" if last else "<|end|>", weight if last else 0.0))
    return parts
