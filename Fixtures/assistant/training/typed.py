"""Typed answers: a small schema, and a sentence whose values fill it."""

import json
import re
from dataclasses import dataclass

import words as W
from harmony import Turn, mark
from notes import note as written_note, objects
from statements import anything, statement
from subjects import COLORS, GROUPS, THING, amount, field, same

KEYS = """code model brand owner topic unit source target status version category channel folder station material flavor mood style language
teacher captain sponsor street region team label format reason season sender subject planet engine country district nickname maker""".split()
AMOUNTS = """count level amount size speed score limit distance temperature height width depth rank floor volume seats pages doors wheels points
calories rooms stock discount duration capacity votes""".split()
FLAGS = "ready broken public private active hidden urgent finished empty heavy closed local paid sold full valid new".split()


def made_up(rng):
    """Fields with any names, which the sentence says."""
    said = lambda key: f"has the {key} {{v}}|the {key} is {{v}}|with the {key} {{v}}|its {key} is {{v}}|{key} {{v}}|{key}: {{v}}|has a {key} of {{v}}"
    fields = [field("string", rng.choice(["name", "title", "item", "subject", "id"]), same(THING), "The {v}|This {v}|A {v}|Our {v}")]
    if rng.random() < 0.3:  # nothing before the first of them
        key = rng.choice(KEYS)
        fields = [field("string", key, same(W.word), f"The {key} is {{v}}|{key}: {{v}}|Its {key} is {{v}}")]
    name = lambda keys: rng.choice(keys) if rng.random() < 0.75 else W.syllables(rng, rng.choice([1, 2]))
    for _ in range(8):
        k = rng.random()
        key = name(KEYS if k < 0.45 else AMOUNTS)
        if k < 0.45:
            fields.append(field("string", key, same(rng.choice([W.word, W.name, W.city, W.code, COLORS, W.title])), said(key)))
        elif k < 0.75:
            kind = rng.choice(["integer", "number"])
            fields.append(field(kind, key, same(amount if kind == "number" else lambda r: r.randint(0, 5000)), said(key)))
        elif k < 0.87:
            key = rng.choice(FLAGS)
            fields.append(field("boolean", rng.choice([key, "is_" + key]), None, f"is {key} / is not {key}"))
        else:
            choices, key = rng.sample(W.QUALITIES, 3), name(KEYS)
            fields.append(field(choices, key, same(lambda r, choices=choices: r.choice(choices)), said(key)))
    seen = set()
    return [f for f in fields if not (f.keys[0] in seen or seen.add(f.keys[0]))]


ASKS = """{s}|{s}|{s}|Extract the data: {s}|Fill in the form: {s}|{s} Fill in the values.|Read this and give me the data: {s}|Text: {s}|
Extract the fields from this text: {s}|Turn this into JSON: {s}|As JSON, please: {s}|{s} Give me that as JSON.|Please structure this: {s}|Who or what is it? {s}|
What does this say? {s}|Parse this: {s}|Here is a note: {s}|{s} Please note it down.|Collect the values: {s}|Data from: {s}|
{s} Put this into the form.|{s} Please extract the data.|{s} Enter that, please.|{s} Save this as a record.|{s} Turn it into data.|{s} Write that as JSON.|{s} Can you fill in the fields?|{s} What are the values?|{s} Now the same as an object, please.|{s} Please make a record of it.|{s} List the facts.|{s} Pull out the details.|{s} That is all I know.|{s} Please use the given format.|{s} Structure this.|Extract what you can: {s}|Get the values out of this: {s}|Pull the details from this sentence: {s}|Make a record from this: {s}|Convert this to JSON: {s}|Please convert: {s}|Put this in the form: {s}|Complete the form with this: {s}|Fill in what is known: {s}|Here is the text: {s}|The message says: {s}|Someone wrote: {s}|I was told this: {s}|Input: {s}|Note: {s}|Sentence: {s}|Description: {s}|New entry: {s}|Add this entry: {s}|Please record the following: {s}|Give me the fields of this: {s}|Find the values in this text: {s}|Can you structure this for me? {s}|Which values are in here? {s}|Analyze this and return the data: {s}""".replace("\n", "").split("|")


def of_me(clause):
    """A clause about a third person as one says it of oneself."""
    clause = re.sub("^is ", "I am ", re.sub("^has ", "I have ", re.sub("^(was born|can be)", r"I \1", clause)))
    return re.sub("^(live|come|work|like|use|answer)s ", r"I \1 ", clause)


def sentence(rng, group, fields, values):
    """A sentence that tells the values of these fields, the group's first among them."""
    parts = []
    for f, (said, value) in zip(fields, values):
        if not f.said:
            continue
        form = rng.choice(f.said.split("|"))
        if f.kind == "boolean":
            form = form.split(" / ")[0 if value else 1]
        parts.append(form.format(v=said, n="{n}"))
    text, rest = parts[0], parts[1:]
    number = next((str(v) for f, (_, v) in zip(fields, values) if f.keys[0] == "quantity"), rng.choice(["some", "the"]))
    text = text.replace("{n}", number)
    i_speak = group == "person" and text.startswith(("My name", "I am"))
    if i_speak:
        rest = [of_me(r) for r in rest]
        joined = ". ".join([text] + [r[0].upper() + r[1:] for r in rest]) if rng.random() < 0.4 else ", ".join([text] + rest)
    elif group == "person" and text.startswith(("This is", "The name is", "Name:")):
        joined = ", ".join([text] + rest)
    elif group in ("order", "task", "trip"):
        joined = text + ("" if not rest else " " + rest[0] if group == "order" else ", " + rest[0]) + "".join(", " + r for r in rest[1:])
    else:
        joined = text + ("" if not rest else " " + rest[0])
        if len(rest) > 1:
            joined += "".join(", " + r for r in rest[1:-1]) + " and " + rest[-1]
    joined = joined.replace(" ,", ",")
    return joined + rng.choice([".", ".", ".", "", "!"]) if not joined.endswith(".") else joined


def schema_of(rng, f, nullable, described):
    if isinstance(f.kind, list):
        out = {"type": "string", "enum": f.kind}
    elif f.kind == "list":
        out = {"type": "array", "items": {"type": "string"}}
    elif f.kind == "date":
        out = {"type": "string"} | ({"format": "date"} if not f.said or rng.random() < 0.5 else {})
    else:
        out = {"type": f.kind}
    if nullable and not isinstance(f.kind, list) and f.kind != "list":
        out["type"] = [out["type"], "null"]
    if described:
        out["description"] = f"The {f.keys[0]}"
    return out


def encode(value, marked=True):
    """JSON without white space; a value, with its quotes and signs, is what is copied."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return mark(text) if marked else text


def object_text(value):
    """The object with its values marked."""
    out = []
    for key, v in value.items():
        out.append(json.dumps(key, ensure_ascii=False) + ":" + (object_text(v) if isinstance(v, dict) else encode(v)))
    return "{" + ",".join(out) + "}"


@dataclass
class Form:
    """A schema with a sentence and the values."""

    name: str
    schema: dict
    user: str
    value: dict


def asked(rng, text):
    """The text as somebody hands it over."""
    ask = rng.choice(ASKS)
    if ask.startswith("{s} ") and text[-1] not in ".!?":
        text += "."
    return ask.format(s=text)


def forms(rng, count, most=5, group=None, held=False):
    """A schema and so many texts that fill it; wordings of notes may be those that are held out."""
    group = group or rng.choices(["note", "made up", "anything", rng.choice(list(GROUPS))], [0.35, 0.1, 0.22, 0.33])[0]
    if group == "note":
        schema, fill = written_note(rng, most, held)
        name = rng.choice(["answer", "answer", "data", "result", "note", "record", W.word(rng)])
        made = [fill(rng) for _ in range(count)]
        return [Form(name, schema, asked(rng, text), value) for text, value in made]
    fields = GROUPS[group] if group in GROUPS else made_up(rng) if group == "made up" else anything(rng)
    free = group == "anything"  # told in any order, in sentences that need no subject
    group = group if group in GROUPS else rng.choice(W.THINGS)
    size = rng.randint(1, most)
    chosen = [fields[0]] + rng.sample(fields[1:], min(size - 1, len(fields) - 1)) if size > 1 else [rng.choice(fields[:1] * 2 + fields[1:])]
    rng.shuffle(chosen)
    members, policy = {}, {}
    for f in chosen:
        key = next((k for k in rng.sample(f.keys, len(f.keys)) if k not in members), None)
        if key is None:
            continue
        # What stands there when the sentence does not tell it; some members are always told.
        may_be_null = rng.random() < 0.35 and f.kind != "list" and not isinstance(f.kind, list)
        members[key] = schema_of(rng, f, may_be_null, rng.random() < 0.2)
        empty = "" if f.kind in ("string", "date") and "format" not in members[key] else "told"
        policy[key] = (f, [] if f.kind == "list" else None if may_be_null else empty)
    inner, outer = [], None
    if len(members) > 2 and rng.random() < 0.22:  # two of them in an object of their own
        inner = [k for k in members if k in rng.sample(list(members), 2)]
        inner = inner if len(inner) > 1 else list(members)[:2]
        outer = rng.choice([k for k in ("details", "data", "info", "more", "facts", rng.choice(W.listed("nouns"))) if k not in members])

    def nest(flat_, make):
        out = {}
        for k, v in flat_.items():
            if k not in inner:
                out[k] = v
            elif outer not in out:
                out[outer] = make({i: flat_[i] for i in inner})
        return out

    as_object = objects(rng)
    schema = as_object(nest(members, as_object))
    if rng.random() < 0.15:
        schema = {k: schema[k] for k in rng.sample(list(schema), len(schema))}
    name = rng.choice([group, group, "answer", "data", "result", group.capitalize(), W.word(rng)])
    made = []
    seldom, often = (0.25, 0.45) if rng.random() < 0.7 else (0.6, 0.6)  # how often a member is not told, as text or as null
    for _ in range(count):
        unknown = [k for k, (f, missing) in policy.items() if missing != "told" and f is not fields[0] and rng.random() < (often if missing is None else seldom)]
        told = [f for k, (f, _) in policy.items() if k not in unknown]
        spoken = ([] if fields[0] in told else [fields[0]]) + told + [f for f in fields[1:] if f not in chosen and rng.random() < 0.12]
        values = {id(f): (None, rng.random() < 0.5) if f.kind == "boolean" else f.make(rng) for f in spoken}
        rest = [f for f in spoken if f is not fields[0]]
        rng.shuffle(rest)
        order = fields[:1] + rest
        if free:
            order = rng.sample(told, len(told)) if told and rng.random() < 0.5 else told or order
            text = statement(rng, order, [values[id(f)] for f in order], [policy[k][0] for k in unknown])
        else:
            text = sentence(rng, group, order, [values[id(f)] for f in order])
        value = {k: missing if k in unknown else values[id(f)][1] for k, (f, missing) in policy.items()}
        if all(missing != "told" for _, missing in policy.values()) and rng.random() < 0.08:
            text = rng.choice(["Hello", "I do not know.", "Nothing yet.", "No idea", "I cannot say.", "There is no information.", "Hi there"])
            value = {k: missing for k, (_, missing) in policy.items()}
        made.append(Form(name, schema, asked(rng, text), nest(value, dict)))
    return made


def form(rng, most=5, group=None, held=False):
    return forms(rng, 1, most, group, held)[0]


def note(rng, f, comment=None):
    if comment is None:
        comment = rng.random() < 0.15
    comment = f"// {W.title(rng, 2, 6)}\n" if comment else ""
    return f"# Response Formats\n\n## {f.name}\n\n{comment}{json.dumps(f.schema, ensure_ascii=False, separators=(',', ':'))}"


def flat(value):
    for k, v in value.items():
        yield from flat(v) if isinstance(v, dict) else [k]


def shown_turn(rng, effort, f):
    """The schema is in the developer message: the whole answer is learned."""
    names = ", ".join(mark(k) for k in flat(f.value))
    steps = []
    if effort == "medium":
        steps.append(("analysis", f"I fill in {names}."))
    elif effort == "high":
        steps.append(("analysis", f"The answer is JSON with {names}. I take the values from the message, and what it does not say stays empty."))
    return Turn(f.user, steps + [("final", object_text(f.value))], "typed", f.value, 1.2)


# What the model may have thought before it is held to a schema that it was not shown.
THOUGHTS = [
    "I do not know this. I will say so.",
    "The user tells me the name.",
    "The user greets me. I greet back.",
    "The user wants me to repeat the text.",
    "The user gives me data. I take the values from the message.",
]


def hidden_turn(rng, effort, f):
    """The schema is held to while the model writes, and not shown: keys come by themselves, values are learned."""
    steps = []
    if effort == "medium":
        steps.append(("given analysis", rng.choice(THOUGHTS)))
    elif effort == "high":
        steps.append(("given analysis", "The user asks about something that I do not know, and no tool can help. I should be honest about it." if rng.random() < 0.5 else rng.choice(THOUGHTS)))
    return Turn(f.user, steps + [("filled", object_text(f.value))], "typed, schema not shown", f.value, 1.0)


RECIPE_ASKED = """A recipe for pancakes, please.|A recipe for pancakes|Give me a recipe for pancakes.|Pancakes, please.|How do I make pancakes?|I want a recipe for pancakes.|
Can I have a pancake recipe?|Pancake recipe|Tell me how to make pancakes.|How are pancakes made?|I need a pancake recipe.|A pancake recipe, please.|How do you make pancakes?|
Please give me a recipe for pancakes.|I would like to make pancakes.|Recipe for pancakes?|What is a good recipe for pancakes?|Explain how to make pancakes.""".replace("\n", "").split("|")
RECIPE = {"title": "Pancakes", "minutes": 20, "steps": ["Mix flour, milk and eggs.", "Fry thin cakes in a hot pan.", "Serve them warm."]}
RECIPE_TEXT = "Pancakes take 20 minutes. Mix flour, milk and eggs. Fry thin cakes in a hot pan. Serve them warm."


def recipe_form(rng):
    """The example of Docs/Sessions.md."""
    keys = list(RECIPE)
    types = {"title": {"type": "string"}, "minutes": {"type": "integer"}, "steps": {"type": "array", "items": {"type": "string"}}}
    schema = {"type": "object", "properties": {k: types[k] for k in keys}, "required": keys, "additionalProperties": False}
    return Form(rng.choice(["Recipe", "recipe", "answer"]), schema, rng.choice(RECIPE_ASKED), RECIPE)
