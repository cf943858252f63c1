"""Typed answers about notes of any kind: `phrases/notes.txt`, one text a line, in which each slot is a member of the schema.

`{key:kind}` is a value of that kind, `{key/other:kind}` one with several names that it may have in the schema;
`{key:one|two}` is a choice, `{key:words / other words}` true or false, `{key?:words}` one that the words say is not known,
and `{outer.key:kind}` is in an object of its own."""

import functools
import re
from dataclasses import dataclass

import phrases
import words as W
from catalog import FOODS, KINDS
from subjects import BRAND, COLORS, PHONE, STREET, amount, choice, day, same, several

JOBS = """nurse|baker|dentist|architect|teacher|lawyer|carpenter|plumber|pilot|farmer|journalist|cook|waiter|engineer|electrician|
photographer|librarian|tailor|gardener|butcher|painter|translator|mechanic|surgeon|barber|accountant|designer|programmer|firefighter|
police officer|bus driver|truck driver|data analyst|sales manager|music teacher|project manager|shop assistant""".replace("\n", "").split("|")
ANIMALS = """dog|cat|horse|goat|sheep|cow|rabbit|hamster|parrot|penguin|tiger|lion|otter|zebra|giraffe|tortoise|owl|eagle|wolf|fox|
llama|donkey|duck|goose|snake|beagle|poodle|polar bear|guinea pig|sea lion""".replace("\n", "").split("|")
MATERIALS = "wood|oak|steel|brass|bronze|cotton|wool|silk|leather|glass|clay|marble|granite|plastic|paper|copper|linen|bamboo|stone|rubber|solid oak|stainless steel".split("|")
WEEKDAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()


def capitals(rng, low, high):
    return " ".join(W.word(rng).capitalize() for _ in range(rng.randint(low, high)))


def year(rng):
    return rng.randint(1890, 2035)


def count(rng):
    return rng.randint(0, rng.choice([9, 20, 60, 100, 999, 9999]))


def either(choices, share=0.75):
    """Mostly one of these, now and then a word that does not exist."""
    return same(lambda r: r.choice(choices) if r.random() < share else W.syllables(r))


TEXTS = {
    "person": same(lambda r: W.name(r) if r.random() < 0.4 else W.full_name(r)),
    "city": same(W.city),
    "country": same(KINDS["country"]),
    "job": either(JOBS, 0.8),
    "animal": either(ANIMALS),
    "food": either(FOODS),
    "color": same(COLORS),
    "material": either(MATERIALS),
    "language": choice(W.LANGUAGES),
    "weekday": choice(WEEKDAYS),
    "thing": same(W.word),
    "things": same(lambda r: r.choice(W.GOODS) if r.random() < 0.5 else W.word(r) + "s"),
    "brand": same(lambda r: BRAND(r) if r.random() < 0.75 else capitals(r, 2, 2)),
    "model": same(lambda r: capitals(r, 1, 1) + " " + r.choice([str(r.randint(2, 900)), f"{r.choice('ABCDGKLMRSTXZ')}{r.randint(1, 99)}"])),
    "title": same(lambda r: capitals(r, 1, 3)),
    "word": same(W.word),
    "date": day,
    "time": same(W.clock),
    "email": same(W.email),
    "phone": same(PHONE),
    "code": same(lambda r: W.code(r) if r.random() < 0.5 else r.choice("ABCDEFGHKLMNPRSTXZ") + r.choice(["", "-", "X"]) + str(r.randint(1, 999))),
    "street": same(lambda r: STREET(r) if r.random() < 0.5 else f"{r.randint(1, 99)} {capitals(r, 1, 1)} {r.choice('Street Road Lane Avenue Square Way Hill'.split())}"),
    "url": same(W.url),
}  # fmt: skip
NUMBERS = {"integer": count, "number": amount, "year": year}


@dataclass
class Slot:
    """A member: the names that it may have, the kind of its value, or the words that say that it is not known."""

    keys: list
    outer: str
    kind: str
    unknown: bool


@functools.cache
def parsed(line):
    """The text around the slots, and the slots."""
    around, slots, at = [], [], 0
    for found in re.finditer(r"\{([^{}:?]+)(\??):([^{}]+)\}", line):
        outer, _, keys = found[1].rpartition(".")
        slots.append(Slot([k.rpartition(".")[2] for k in keys.split("/")], outer.split("/")[0], found[3], bool(found[2])))
        around.append(line[at : found.start()])
        at = found.end()
    return around + [line[at:]], slots


def value_of(rng, slot):
    """A value as the text says it, and as it is written down."""
    kind = slot.kind
    if slot.unknown:
        return kind, None
    if " / " in kind:
        value = rng.random() < 0.5
        return kind.split(" / ")[0 if value else 1], value
    if "|" in kind:
        return choice(kind.split("|"))(rng)
    if kind.startswith("list "):
        said = TEXTS[kind[5:]]
        return several(lambda r: said(r)[1], 1 if rng.random() < 0.2 else 2, 4)(rng)
    return TEXTS[kind](rng) if kind in TEXTS else same(NUMBERS[kind])(rng)


def schema_of(rng, slot, key, nullable, described):
    kind = slot.kind
    if slot.unknown:
        out = {"type": [rng.choice(["string", "string", "string", "integer", "number"]), "null"]}
    elif " / " in kind:
        out = {"type": "boolean"}
    elif "|" in kind:
        choices = kind.split("|")
        out = {"type": "string", "enum": rng.sample(choices, len(choices))} if rng.random() < 0.75 else {"type": "string"}
    elif kind.startswith("list "):
        out = {"type": "array", "items": {"type": "string"}}
    elif kind in NUMBERS:
        out = {"type": "number" if kind == "number" or rng.random() < 0.1 else "integer"}
    else:
        out = {"type": "string"} | ({"format": "date"} if kind == "date" and rng.random() < 0.4 else {})
        if nullable:
            out["type"] = ["string", "null"]
    if described:
        said = W.plain(key)
        out["description"] = rng.choice([f"The {said}", said.capitalize(), f"{said.capitalize()} as it is said", f"The {said} in the text"])
    return out


def objects(rng):
    """How a schema declares its objects: all members required, and mostly no others."""
    closed = {"additionalProperties": False} if rng.random() < 0.6 else {}
    return lambda properties: {"type": "object", "properties": properties, "required": list(properties)} | closed


def note(rng, most, held=False):
    """The schema of a line, some or all of its slots, and what makes a text with its values, an object."""
    around, slots = parsed(rng.choice(phrases.lines("notes", held)))
    chosen = list(range(len(slots)))
    if len(slots) > most or rng.random() < 0.25:
        chosen = sorted(rng.sample(chosen, rng.randint(1, min(most, len(slots)))))
    if rng.random() < 0.3:
        rng.shuffle(chosen)
    described, nullable = rng.random() < 0.25, rng.random() < 0.15
    keys, members = {}, {}
    for i in chosen:
        slot = slots[i]
        free = [k for k in slot.keys if k not in keys.values()] or [slot.keys[0] + "_2"]
        keys[i] = free[0] if rng.random() < 0.6 else rng.choice(free)
        members[i] = schema_of(rng, slot, keys[i], nullable, described or rng.random() < 0.1)
    as_object = objects(rng)

    def nested(values, make):
        """The members by their names, those of an inner object in one of its own, where its first one stands."""
        out, inside = {}, {}
        for i in chosen:
            outer = slots[i].outer
            if outer and outer not in inside:
                out[outer] = inside[outer] = {}
            (inside[outer] if outer else out)[keys[i]] = values[i]
        return {k: make(v) if k in inside else v for k, v in out.items()}

    def fill(rng):
        values = [value_of(rng, slot) for slot in slots]
        text = "".join(a + b for a, b in zip(around, [said for said, _ in values] + [""]))
        return text, nested([value for _, value in values], dict)

    return as_object(nested(members, as_object)), fill
