"""Everyday tools of `phrases/tools.txt`: names, descriptions, parameters and wordings of each; one wording in eight is held out.
The file has a part by each of its writers."""

import functools
import re
from dataclasses import dataclass

import phrases
import words as W
from chat import quoted
from harmony import Parameter, Tool, mark
from use import Use, bare_end, outcome, pretty
from wordings import choose

ROOMS = "kitchen|living room|bedroom|bathroom|hallway|garage|office|garden|cellar|attic|dining room|guest room|balcony|nursery|study".split("|")
FOODS = """pizza|lasagna|pancakes|ratatouille|soup|curry|sushi|tacos|salad|risotto|goulash|paella|ramen|noodles|fried rice|apple pie|cheesecake|
omelette|burgers|dumplings|green tea|coffee|milk|bananas|oat milk|brown bread|salami|mushrooms|olives|onions""".replace("\n", "").split("|")
COUNTRIES = """Norway|France|Germany|Italy|Spain|Japan|Peru|Egypt|India|Canada|Austria|Poland|Greece|Portugal|Sweden|Brazil|Chile|Kenya|Turkey|
South Korea|New Zealand|Mexico|Ireland|Denmark|Finland|Croatia""".replace("\n", "").split("|")
DAYS = "Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|tomorrow|today|March 3|June 21|12 May|next Friday|next week".split("|")
HOURS = "7 am|6 pm|9:30 am|noon|midnight|10 pm|8 o'clock|half past six|5:15 pm".split("|")
UNITS = "km|miles|meters|feet|kg|pounds|grams|ounces|liters|gallons|celsius|fahrenheit|inches|cm|hours|minutes".split("|")


def name_of_work(rng):
    text = W.title(rng, 1, 3)
    return " ".join(w.capitalize() for w in text.split()) if rng.random() < 0.6 else text


KINDS = {
    "name": W.name,
    "fullname": lambda r: W.name(r) + " " + W.name(r),
    "city": W.city,
    "country": lambda r: r.choice(COUNTRIES) if r.random() < 0.8 else W.syllables(r).capitalize(),
    "date": lambda r: W.date(r) if r.random() < 0.55 else r.choice(DAYS),
    "time": lambda r: W.clock(r) if r.random() < 0.65 else r.choice(HOURS),
    "noun": lambda r: W.word(r) if r.random() < 0.8 else r.choice(W.QUALITIES) + " " + W.word(r),
    "word": W.word,
    "title": name_of_work,
    "text": W.text_value,
    "file": W.file_name,
    "path": W.path,
    "folder": lambda r: r.choice(["", "", "/", "~/"]) + W.word(r) + r.choice(["", "", "/" + W.word(r)]),
    "url": lambda r: r.choice(["https://", "https://", "www.", ""]) + W.word(r) + r.choice(W.DOMAINS) + r.choice(["", "/" + W.word(r)]),
    "email": W.email,
    "phone": lambda r: r.choice(["555-%04d", "+49 30 %06d", "0%09d", "%06d"]) % r.randint(1, 9999),
    "integer": lambda r: r.randint(0, r.choice([9, 20, 60, 100, 500, 9999])),
    "number": W.number,
    "percent": lambda r: r.randint(0, 100),
    "code": W.code,
    "language": lambda r: r.choice(W.LANGUAGES),
    "color": lambda r: r.choice(W.COLORS),
    "room": lambda r: r.choice(ROOMS),
    "company": lambda r: W.word(r).capitalize(),
    "symbol": lambda r: "".join(r.choice("ABCDEFGHIKLMNOPRSTUVXZ") for _ in range(r.randint(3, 4))),
    "food": lambda r: r.choice(FOODS) if r.random() < 0.7 else W.word(r),
    "currency": lambda r: r.choice("USD EUR GBP JPY CHF SEK CAD AUD INR MXN dollars euros pounds yen".split()),
    "unit": lambda r: r.choice(UNITS),
}
NUMBERS = ("integer", "number", "percent")


@dataclass
class Entry:
    """A tool of the file. No two tools of one part do the same."""

    part: str
    names: list
    says: list
    takes: list  # of (names, kind, choices, whether it may be left out)
    asks: list


def parameter(text):
    names, kind = text.strip().split(" ", 1)
    optional, kind = kind.endswith("?"), kind.rstrip("?").strip()
    kind, _, inside = kind.partition("(")
    return names.split("/"), kind.strip(), inside.rstrip(")").split("|") if inside else [], optional


def outside(text, sign=","):
    """The parts of a text between signs that are not in parentheses."""
    parts, depth = [""], 0
    for c in text:
        depth += (c == "(") - (c == ")")
        if c == sign and depth == 0:
            parts.append("")
        else:
            parts[-1] += c
    return [p for p in parts if p.strip()]


@functools.cache
def entries():
    found, part = [], ""
    for line in phrases.every("tools"):
        key, _, text = line.partition(":")
        text = text.strip()
        if key == "part":
            part = text
        elif key == "tool":
            found.append(Entry(part, [x.strip() for x in text.split("|")], [], [], []))
        elif key == "says":
            found[-1].says = [x.strip() for x in text.split("|")]
        elif key == "takes" and text != "nothing":
            found[-1].takes = [parameter(p) for p in outside(text)]
        elif key == "ask":
            found[-1].asks.append(text)
    return found


def alike(a, b):
    """Whether two tools of the catalog could be meant by one request."""
    return a == b or entries()[a].part != entries()[b].part


def catalog(rng, index=None, held=False):
    """A use of one of the tools."""
    index = rng.randrange(len(entries())) if index is None else index
    entry = entries()[index]
    ask = choose(rng, rng.choice([a for i, a in enumerate(entry.asks) if (i % 8 == 5) == held] or entry.asks))
    values, shown, declared = {}, {}, []
    for names, kind, choices, optional in entry.takes:
        p = names[0] if rng.random() < 0.6 else rng.choice(names)
        if kind == "flag":
            word = rng.choice(choices[:2])
            value, written, type_ = word == choices[0], word, "boolean"
        elif choices:
            value = written = rng.choice(choices)
            type_ = " | ".join(f'"{c}"' for c in choices) if rng.random() < 0.7 else "string"
        else:
            value = KINDS[kind](rng)
            written = quoted(rng, value, 0.6 if kind in ("text", "title") else 0.92) if isinstance(value, str) else str(value)
            type_ = "number" if kind in NUMBERS else "string"
        told = p.replace("_", " ")
        declared.append(Parameter(p, type_, rng.choice([None, None, f"The {told}", told.capitalize(), f"{told.capitalize()} to use", f"Which {told}", W.title(rng, 2, 5)]), optional))
        shown[names[0]] = written
        if "{" + names[0] + "}" in ask:
            values[p] = value
    user = re.sub(r"\b[Oo]n (today|tomorrow|next )", r"\1", ask.format(**shown))
    values = {p: bare_end(user, v) for p, v in values.items()}
    fn = rng.choice(entry.names)
    if rng.random() < 0.5:
        result, final = outcome(rng, fn, f"Done. I called {mark(fn)}.")
    else:
        value = rng.choice([W.integer, W.word, W.code, W.title, W.name])(rng)
        result, final = rng.choice([str(value), pretty(rng, {"result": value})]), f"The result of {mark(fn)} is: {mark(value)}"
    make = lambda r: catalog(r, index)
    make.index = index
    return Use(Tool(fn, rng.choice(entry.says), declared, bare=not declared and rng.random() < 0.5), user, values, result, final, make)
