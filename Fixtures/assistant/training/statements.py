"""Typed answers about anything: members with any names, as programmers name them, and sentences that tell their values."""

import re

import words as W
from chat import quoted
from subjects import COLORS, amount, day, field, person, same, several

TEXTS = [
    W.word, W.word, W.name, W.name, W.full_name, W.city, W.city, W.code, W.title, W.file_name, W.path, W.email, COLORS, person,
    lambda r: " ".join(W.word(r).capitalize() for _ in range(r.randint(1, 3))),
    lambda r: r.choice([f"{W.word(r)}.{W.word(r)}{r.choice(W.DOMAINS)}", f"{W.word(r)}{r.choice(W.DOMAINS)}"]),
    lambda r: ".".join(str(r.randint(0, 255)) for _ in range(4)),
    lambda r: f"{r.randint(0, 9)}.{r.randint(0, 20)}.{r.randint(0, 9)}",
    lambda r: "".join(r.choice("0123456789abcdef") for _ in range(r.randint(4, 8))),
    lambda r: f"{r.choice('ABCDEFGHKLMNPRSTXZ')}{r.randint(1, 99)}",
    lambda r: f"{r.choice('ABCDEFGHKLMNPRSTXZ')}{r.choice('ABCDEFGHKLMNPRSTXZ')} {r.randint(1, 999)}",
    W.abroad, W.clock,
]  # fmt: skip
WHOLE = [lambda r: r.randint(0, 9), lambda r: r.randint(0, 99), lambda r: r.randint(0, 9999), lambda r: r.randint(1900, 2035), lambda r: -r.randint(1, 99)]
REAL = [amount, amount, lambda r: float(f"{r.randint(-99, 180)}.{r.randint(1, 9)}"), lambda r: float(f"{r.randint(0, 99)}.{r.randint(1, 99):02d}")]
LEADS = "||||Set |Use |We have |Note |Data: |Record |New entry: |Connect with |Start with |Here is |Write down |I have |It has |Remember |There is |Now ".split("|")
LINKS = "in|at|on|for|to|by|from|with|of|as|under|near|by the|in the|at the|with the|for the|of the|from the".split("|")


def member(rng, keys):
    """A field of any kind under one of these names."""
    name, _, kind = rng.choice(W.listed(keys)).partition(":")
    if rng.random() < 0.15:
        name, kind = rng.choice(W.listed("nouns")), ""
    if rng.random() < 0.12:
        name = W.syllables(rng, rng.choice([1, 2]))
    if kind == "integer" or kind == "" and rng.random() < 0.4:
        return field("integer", name, same(rng.choice(WHOLE)), "")
    if kind == "number":
        return field("number", name, same(rng.choice(REAL)), "")
    if kind == "boolean":
        return field("boolean", name, None, "")
    k = rng.random()
    if k < 0.12:
        many = name if name.endswith("s") else name + "s"
        return field("list", many, several(rng.choice([W.name, W.word, W.city, COLORS])), "")
    if k < 0.2:
        choices = rng.sample(W.listed("adjectives"), 3)
        return field(choices, name, same(lambda r: r.choice(choices)), "")
    if k < 0.28:
        return field("date", name, day, "")
    return field("string", name, same(rng.choice(TEXTS)), "")


def anything(rng):
    """Fields with any names."""
    fields, seen = [], set()
    while len(fields) < 8:
        f = member(rng, "keys")
        if f.keys[0] not in seen and (fields or f.kind != "boolean"):
            seen.add(f.keys[0])
            fields.append(f)
    return fields


def spoken(rng, key):
    """A member's name as it is said: `birth year` for `birth_year` and `birthYear`, mostly."""
    return key if rng.random() < 0.25 else re.sub(r"(?<=[a-z])([A-Z])", lambda m: " " + m[1].lower(), key).replace("_", " ")


def flag(rng, name, value):
    """A member that is true or false."""
    plain = re.sub(r"^(is|has) ", "", name)
    word = "true" if value else "false"
    sure = [f"is {plain}", f"with {plain}", f"{name} is true"] if value else [f"is not {plain}", f"without {plain}", f"{name} is false", f"no {plain}"]
    return rng.choice(sure + [f"{name} {word}", f"{name} is {word}", f"{name}: {word}", f"{name} set to {word}"])


def told(rng, style, f, said, value):
    """One member and its value."""
    name = spoken(rng, f.keys[0])
    if f.kind == "boolean":
        return flag(rng, name, value)
    if f.kind == "list":
        return rng.choice([f"the {name} are {said}", f"the {name} {said}", f"{name}: {said}", f"with the {name} {said}", f"{name} {said}"])
    v = quoted(rng, said, 0.85) if f.kind == "string" else said
    if style == "is":
        return rng.choice([f"the {name} is {v}", f"the {name} is {v}", f"{name} is {v}", f"its {name} is {v}", f"the {name} was {v}"])
    if style == "plain":
        return rng.choice([f"{name} {v}", f"{name} {v}", f"the {name} {v}", f"{name}: {v}", f"{name} = {v}"])
    if f.kind in ("integer", "number") and rng.random() < 0.5:
        return rng.choice([f"{v} {name}", f"has {v} {name}", f"a {name} of {v}", f"with {v} {name}", f"for {v} {name}", f"{v} as the {name}"])
    return rng.choice([f"{rng.choice(LINKS)} {name} {v}", f"{rng.choice(LINKS)} {name} {v}", f"has the {name} {v}", f"{v} as {name}", f"by the {name} {v}", f"has {name} {v}"])


def untold(rng, f):
    """That a member is not known."""
    name = spoken(rng, f.keys[0])
    plain = [f"the {name} is not known", f"the {name} is unknown", f"the {name} is not known yet", f"the {name} is missing"]
    return rng.choice(plain if f.kind == "boolean" else plain + [f"no {name} is given", f"there is no {name}", f"without a {name}", f"and no {name}", f"has no {name}"])


def statement(rng, fields, values, unknown):
    """A sentence that tells the values of these fields, and now and then that the others are not known."""
    style = rng.choice(["is", "is", "plain", "mixed", "mixed"])
    items = [told(rng, style, f, said, value) for f, (said, value) in zip(fields, values)]
    items += [untold(rng, f) for f in unknown if rng.random() < 0.5]
    first = fields[0] if fields else None
    if style == "mixed" and first and first.kind in ("string", "integer"):
        name, said = spoken(rng, first.keys[0]), quoted(rng, values[0][0], 0.85)
        verb = rng.choice(["", "", "has ", "comes ", rng.choice(W.listed("verbs")) + "s ", "is "]) if len(items) > 1 else ""
        items[0] = rng.choice([f"The {name} {said} {verb}", f"The {name} {said} {verb}", f"{name.capitalize()} {said} {verb}", f"A {name} {said} {verb}", f"Our {name} {said} {verb}"]).strip()
        if len(items) == 1:
            return items[0] + "."
        text = items[0] + " " + rng.choice([items[1], items[1].removeprefix("has ")])
        rest = items[2:]
    else:
        lead = rng.choice(LEADS) if style == "plain" else ""
        text, rest = lead + items[0], items[1:]
        text = text[0].upper() + text[1:] if rng.random() < 0.8 else text
    joint = rng.choice([", ", ", ", "; ", " ", " and "])
    for i, item in enumerate(rest):
        last = i == len(rest) - 1
        text += (rng.choice([" and ", " and ", ", and ", joint]) if last else joint) + item
    return text + rng.choice([".", ".", ".", ""])
