"""Sets of tools that can be declared together, and turns that call them."""

import re
from dataclasses import replace

import words as W
from catalog import alike
from everyday import everyday
from harmony import Turn, dump, mark, unmark
from examples import documented
from invented import invented, neighbor
from mcp import mcp


def any_use(rng, invented_share=0.25):
    k = rng.random()
    if k < 0.16:
        return mcp(rng)
    if k < 0.25:
        return documented(rng)
    return invented(rng) if rng.random() < invented_share else everyday(rng)


def lower(use):
    """The request as it goes on within a sentence; a name or a value at its beginning stays as it is."""
    text = use.user
    return text[0].lower() + text[1:] if text[1:2].islower() and not text.startswith(("I ", use.tool.name, *use.texts)) else text


# Everyday tools that do the same thing under many names.
ALIKE = [
    re.compile(names)
    for names in (
        "^add$|^add_numbers|subtract|multipl|divi|calc|eval|compute|percent|average|area|math",
        "send|sms|message|mail|text_|_text",
        "remind|note|todo|task|timer|alarm|remember|list_add|add_.*(list|item)|shopping|grocer",
        "weather|forecast|rain|wind|sun_|air_",
        "^time|time$|now$|clock|times$",
        "search|google|^find$|documents|lookup|grep|find_in|dictionary|definition|define|wiki|article",
        "bash|shell|^run$|command|execute|script|exec",
        "(create|make|write|save|new|append).*file|file_create|add_line|fs_append|fs_write",
        "(read|open|show|get)_?file|^cat$",
        "(delete|remove)_?file|^rm$|^delete$",
        "list_?(files|folder|directory)|^ls$|recent_files",
        "move|renam|relocate|^mv$",
        "file_?info|stat_file|fs_stat|size",
        "branch|checkout",
        "commit|git_log",
        "issue|pull_request|ticket",
        "row|record|query|table",
        "channel|slack|post",
        "page|url|browser|website|site|download|fetch|http_get|wget",
        "direction|route|distance|how_far|map",
        "random|dice|coin",
        "light|lamp|brightness",
        "play|music|song|track",
        "event|calendar|meeting|agenda|schedule|free|availab",
        "mkdir|(create|make)_(folder|directory)",
        "diff|compare",
        "translat",
        "convert|exchange|currency|fx|money",
        "stock|quote|share|market_price",
    )
]


def words(tool):
    """The words of a tool's name: `setTimer` and `set_timer` are the same two."""
    return re.sub(r"([a-z])([A-Z])", r"\1_\2", tool.name).lower().replace("-", "_").replace("numbers", "").strip("_").split("_")


def clashes(a, b):
    """Whether two tools do nearly the same, so that a request could mean either."""
    a_name, b_name = "_".join(words(a)), "_".join(words(b))
    same = a_name == b_name or words(a)[-1] == words(b)[-1] != "file" or a.description == b.description
    return same or any(names.search(a_name) and names.search(b_name) for names in ALIKE)


def both_listed(a, b):
    """Whether both are of the catalog."""
    return hasattr(a.kind, "index") and hasattr(b.kind, "index")


# What programs say of a parameter {p} of a tool about {n}; {x} is any word.
OF_TEXT = """The {p}|The {p} to use|{P} of the {n}|Name of the {p}|Name of the {n}|Which {p}|What {p} to take|{P}|The {n}'s {p}|{P}, for example {x}|The {p}, such as "{x}"|The {p} that is wanted|{P} for the {n}|
Text of the {p}|What to {v}|Where to {v}|Who or what to {v}|{P} of the user|Part of the {n}|Kind of {p}|Way of {p}|One of the known ones|What the {n} is called|Name or number of the {p}|Id of the {n}|The {p} as text|
The {p} to {v}|{P} to {v}|Name of the {x}|The name of the {p}, as in "{x}"|{P} of the {x}|Where the {n} is|For whom to {v}|Whose {n} it is|Free text|The {n} to {v}, by its {p}|{P} (string)|Full name of the {p}|
What it is about|The {p} in question|A {p}|Any {p}|A short {p}|The {p}, e.g. {x}|e.g. {x}""".replace("\n", "").split("|")
OF_DATES = "Date as YYYY-MM-DD|Date in YYYY-MM-DD|Day in the form YYYY-MM-DD|Date of the {n}|ISO date|The day|When to {v}|When the {n} is|Day of the {n}|The date, such as 2025-03-01".split("|")
OF_TIMES = "Time as HH:MM|Time in HH:MM|Start in HH:MM|Time of day, 24 hours|Time of the {n}|When to {v}|The hour|The time, such as 18:30".split("|")
OF_NUMBERS = """The {p}|Number of {p}|Amount of {p}|How many {p}|How much|{P} as a number|{P} in {u}|Amount in {u}|Length in {u}|Number of {u}|{P} of the {n}|The {p} to set|Amount to {v}|From 0 to 100|Wanted {p}|
How many {u}|How many to {v}|Number of {n}s|For how many {u}|In {u}|Number of the {n}|{P} to {v}|Count of {p}|Size of the {n}|Total {p}|The {p} of the {x}""".replace("\n", "").split("|")
OF_FLAGS = "True for {p}, else false|Whether it is {p}|Whether to use {p}|Turns {p} on or off|The state of the {n}".split("|")
UNITS = "minutes|hours|grams|milliliters|degrees Celsius|dollars|meters|percent|pieces|kilograms".split("|")
PLAIN = {"calculator", "time", "create_file", "createFile"}  # of the runner and the guide, which are as they are


def explained(rng, use):
    """The use with a description of every parameter, as most programs have it."""
    if use.tool.name in PLAIN or not use.tool.parameters:
        return use
    name = words(use.tool)
    known = dict(v=name[0], n=name[-1], x=W.word(rng), u=rng.choice(UNITS))

    def told(p):
        said = W.plain(p.name)
        notes = {"number": OF_NUMBERS, "boolean": OF_FLAGS}.get(p.type, OF_TEXT)
        if p.type == "string" and re.search("date|day$|deadline", said) and rng.random() < 0.6:
            notes = OF_DATES
        elif p.type == "string" and re.search("time|start|hour", said) and rng.random() < 0.6:
            notes = OF_TIMES
        return rng.choice(notes).format(p=said, P=said.capitalize(), **known)

    parameters = [p if p.description else replace(p, description=told(p)) for p in use.tool.parameters]
    return replace(use, tool=replace(use.tool, parameters=parameters))


def tool_set(rng, count, invented_share=0.25, first=None):
    """Uses of `count` different tools that can be declared together, `first` one or some of them."""
    uses = list(first) if isinstance(first, list) else [first] if first else []
    for _ in range(count * 8):
        if len(uses) == count:
            break
        use = any_use(rng, invented_share)
        like = rng.choice(uses) if uses and rng.random() < 0.2 else None  # one that is nearly the same, in name alone
        found = neighbor(rng, like) if like and like.kind is None else None
        if found and found.tool.name not in [u.tool.name for u in uses]:
            uses.append(found)
        elif not any(alike(use.kind.index, u.kind.index) if both_listed(use, u) else clashes(use.tool, u.tool) for u in uses):
            uses.append(use)
    return [explained(rng, use) for use in uses] if rng.random() < 0.6 else uses


def call_turn(rng, effort, use, tools):
    """A turn that calls one tool and answers from its result."""
    t, names = use.tool, " and ".join(mark(n) for n in use.arguments)
    needs = f"It needs {names}." if use.arguments else "It needs no arguments."
    steps = []
    if effort == "medium":
        steps.append(("analysis", f"I should call {mark(t.name)}. {needs}"))
    elif effort == "high":
        declared = ", ".join(mark(x.name) for x in tools)
        steps.append(("analysis", f"The declared tools are {declared}. The request fits {mark(t.name)}. {needs} I take the values from the message."))
    steps += [("call", t.name, dump(use.arguments)), ("result", t.name, use.result)]
    if effort == "high":
        steps.append(("analysis", "The tool has answered. I tell the user what it says."))
    user = use.user
    if rng.random() < 0.15:
        user = rng.choice(["Please ", "Hey, ", "OK, ", "Now ", "And ", "Then "]) + lower(use)
    return Turn(user, steps + [("final", use.final)], "tool", {"name": t.name, "arguments": use.arguments, "final": unmark(use.final)}, 1.0)
