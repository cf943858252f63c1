"""Typed answers: a small schema, and a sentence whose values fill it."""

import json
from dataclasses import dataclass

import words as W
from harmony import Turn, mark

MONTHS = "January February March April May June July August September October November December".split()


def day(rng):
    """A date as it is said, and as it is written down."""
    y, m, d = rng.randint(2015, 2032), rng.randint(1, 12), rng.randint(1, 28)
    iso = f"{y}-{m:02d}-{d:02d}"
    return rng.choice([iso, iso, f"{d} {MONTHS[m - 1]} {y}", f"{MONTHS[m - 1]} {d}, {y}"]), iso


def same(make):
    def pair(rng):
        value = make(rng)
        return str(value), value

    return pair


def several(make, low=1, high=4):
    def pair(rng):
        values = [make(rng) for _ in range(rng.randint(low, high))]
        return values[0] if len(values) == 1 else ", ".join(values[:-1]) + rng.choice([" and ", " and ", ", "]) + values[-1], values

    return pair


def amount(rng):
    return rng.choice([rng.randint(1, 2000), rng.randint(1, 2000), float(f"{rng.randint(0, 300)}.{rng.choice([5, 25, 75, 99, 95, 49])}")])


def person(rng):
    k = rng.random()
    return W.name(rng) if k < 0.5 else W.name(rng) + " " + (rng.choice(W.NAMES) if k < 0.75 else W.syllables(rng).capitalize())


THING = lambda r: r.choice(W.THINGS) if r.random() < 0.7 else W.syllables(r)
SIZES, LEVELS, MOODS = ["small", "medium", "large"], ["low", "normal", "high"], ["positive", "negative", "neutral"]
COLORS = lambda r: r.choice(W.COLORS)


@dataclass
class Field:
    kind: str  # string, integer, number, boolean, date, list or a list of choices
    keys: str  # names that the member may have
    make: object
    said: str  # clauses that tell the value, {v}; for booleans true and false ones are divided by " / "


def field(kind, keys, make, said):
    return Field(kind, keys.split(), make, said)


# Each group is about one thing: the first fields tell what, the others are joined with commas.
PERSON = [
    field("string", "name name name full_name person", same(person), "{v}|My name is {v}|This is {v}|I am {v}|The name is {v}|Name: {v}"),
    field("integer", "age age years", same(lambda r: r.randint(1, 99)), "is {v} years old|is {v}|, age {v}|aged {v}"),
    field("string", "city city home town location", same(W.city), "lives in {v}|comes from {v}|is from {v}|has a flat in {v}"),
    field("string", "job profession occupation", same(THING), "works as a {v}|is a {v} by profession|has the job of a {v}"),
    field("string", "email mail", same(W.email), "has the email {v}|can be reached at {v}|uses the address {v}"),
    field("list", "hobbies likes interests", several(THING), "likes {v}|is fond of {v}|is interested in {v}"),
    field("boolean", "married is_married", None, "is married / is not married|is married / is single"),
    field("date", "birthday born date_of_birth", day, "was born on {v}|has a birthday on {v}"),
    field("string", "company employer", same(lambda r: W.word(r).capitalize()), "works at {v}|works for {v}|is employed by {v}"),
    field("string", "phone phone_number", same(lambda r: f"{r.randint(100, 999)}-{r.randint(1000, 9999)}"), "has the phone number {v}|answers the phone at {v}"),
]
ORDER = [
    field("string", "item product article", same(THING), "I want to order {n} {v}|Please send me {n} {v}|I would like {n} {v}|Order {n} {v}|We need {n} {v}"),
    field("integer", "quantity count amount", same(lambda r: r.randint(1, 99)), ""),
    field(SIZES, "size", same(lambda r: r.choice(SIZES)), "in size {v}|size {v}|{v} ones"),
    field("string", "color colour", same(COLORS), "in {v}|of the color {v}|colored {v}"),
    field("number", "price cost", same(amount), "for {v} dollars each|at a price of {v}|that cost {v} euros"),
    field("date", "date delivery_date due", day, "by {v}|to be delivered on {v}|before {v}"),
    field("boolean", "gift is_gift", None, "as a gift / not as a gift|wrapped as a gift / with no gift wrapping"),
    field("string", "address city", same(W.city), "to {v}|shipped to {v}|delivered to {v}"),
]
EVENT = [
    field("string", "title name event", same(lambda r: f"{W.word(r)} {r.choice(['meeting', 'party', 'concert', 'lunch', 'workshop'])}"), "The {v}|There is the {v}, which|Our {v}"),
    field("date", "date day", day, "takes place on {v}|is on {v}|happens on {v}"),
    field("string", "time start", same(W.clock), "starts at {v}|begins at {v}"),
    field("string", "place location room city", same(W.city), "is held in {v}|takes place in {v}"),
    field("list", "guests people attendees participants", several(W.name), "is for {v}|has the guests {v}|is with {v}"),
    field("integer", "duration minutes", same(lambda r: r.randint(5, 240)), "takes {v} minutes|lasts {v} minutes"),
]
PRODUCT = [
    field("string", "name product title", same(lambda r: W.word(r).capitalize()), "The {v}|Our new {v}|This is the {v}, which"),
    field("number", "price cost", same(amount), "costs {v} dollars|is sold for {v}|has a price of {v}"),
    field("string", "color colour", same(COLORS), "is {v}|comes in {v}"),
    field(SIZES, "size", same(lambda r: r.choice(SIZES)), "is {v} in size|has the size {v}"),
    field("boolean", "in_stock available", None, "is in stock / is out of stock|is available / is not available"),
    field("number", "weight", same(amount), "weighs {v} kilograms|has a weight of {v} kg"),
    field("list", "tags parts ingredients", several(THING), "is made of {v}|contains {v}|comes with {v}"),
    field("number", "rating stars", same(lambda r: r.choice([1, 2, 3, 4, 5, 3.5, 4.5])), "has {v} stars|is rated {v}"),
]
TASK = [
    field("string", "title task name", same(lambda r: f"{r.choice(W.ACTIONS)} the {THING(r)}"), "Remember to {v}|I have to {v}|Someone must {v}|The task is to {v}"),
    field(LEVELS, "priority urgency importance", same(lambda r: r.choice(LEVELS)), "with {v} priority|the priority is {v}|it has {v} priority"),
    field("date", "due deadline date", day, "by {v}|it is due on {v}|the deadline is {v}"),
    field("string", "assignee owner person", same(W.name), "it is for {v}|{v} will do it|assigned to {v}"),
    field("boolean", "done finished completed", None, "it is done / it is not done|it is finished / it is still open"),
    field("integer", "hours effort", same(lambda r: r.randint(1, 60)), "it takes {v} hours|it needs {v} hours"),
]
GROUPS = {"person": PERSON, "order": ORDER, "event": EVENT, "product": PRODUCT, "task": TASK}
ASKS = """{s}|{s}|{s}|Extract the data: {s}|Fill in the form: {s}|{s} Fill in the values.|Read this and give me the data: {s}|Text: {s}|
Extract the fields from this text: {s}|Turn this into JSON: {s}|As JSON, please: {s}|{s} Give me that as JSON.|Please structure this: {s}|Who or what is it? {s}|
What does this say? {s}|Parse this: {s}|Here is a note: {s}|{s} Please note it down.|Collect the values: {s}|Data from: {s}""".replace("\n", "").split("|")


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
    number = next((str(v) for f, (_, v) in zip(fields, values) if f.keys[0] == "quantity"), rng.choice(["a", "some", "the"]))
    text = text.replace("{n}", number)
    i_speak = group == "person" and text.startswith(("My name", "I am"))
    if i_speak:
        rest = [r.replace("is ", "I am ", 1) if r.startswith("is ") else r.replace("lives", "I live").replace("comes", "I come").replace("works", "I work").replace("has ", "I have ", 1).replace("likes", "I like").replace("was born", "I was born").replace("can be", "I can be").replace("uses", "I use").replace("answers", "I answer") for r in rest]
        joined = ". ".join([text] + [r[0].upper() + r[1:] for r in rest]) if rng.random() < 0.4 else ", ".join([text] + rest)
    elif group == "person" and text.startswith(("This is", "The name is", "Name:")):
        joined = ", ".join([text] + rest)
    elif group in ("order", "task"):
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
        out = {"type": "string"} | ({"format": "date"} if rng.random() < 0.5 else {})
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


def form(rng, most=5, group=None):
    group = group or rng.choice(list(GROUPS))
    fields = GROUPS[group]
    count = rng.randint(1, most)
    chosen = [fields[0]] + rng.sample(fields[1:], min(count - 1, len(fields) - 1)) if count > 1 else [rng.choice(fields[:1] * 2 + fields[1:])]
    told = list(chosen)
    if fields[0] not in told:  # the sentence begins with what it is about
        told = [fields[0]] + told
    values = {id(f): (None, rng.random() < 0.5) if f.kind == "boolean" else f.make(rng) for f in told}
    # Some members are not told; some of what is told has no member.
    unknown = {id(f) for f in chosen[1:] if rng.random() < 0.13}
    extra = [f for f in fields if f not in told and rng.random() < 0.12]
    values |= {id(f): (None, rng.random() < 0.5) if f.kind == "boolean" else f.make(rng) for f in extra}
    spoken = [f for f in told + extra if id(f) not in unknown]
    head, tail = spoken[:1], spoken[1:]
    rng.shuffle(tail)
    spoken = head + tail
    text = sentence(rng, group, spoken, [values[id(f)] for f in spoken])
    members, value, required = [], {}, []
    rng.shuffle(chosen)
    used = set()
    for f in chosen:
        key = next((k for k in rng.sample(f.keys, len(f.keys)) if k not in used), None)
        if key is None:
            continue
        used.add(key)
        missing = id(f) in unknown
        plain_missing = missing and f.kind in ("string", "date") and rng.random() < 0.4
        nullable = not plain_missing if missing else rng.random() < 0.12
        if missing and isinstance(f.kind, list):
            continue
        members.append((key, schema_of(rng, f, nullable, rng.random() < 0.2)))
        required.append(key)
        value[key] = ([] if f.kind == "list" else "" if plain_missing else None) if missing else values[id(f)][1]
    if not members:
        return form(rng, most, group)
    if rng.random() < 0.04:  # nothing of it is told
        text = rng.choice(["Hello", "I do not know.", "Nothing yet.", "No idea", "I cannot say.", "There is no information.", "Hi there"])
        for i, (key, s) in enumerate(members):
            if s["type"] == "array":
                value[key] = []
            else:
                value[key] = None
                members[i] = (key, {"type": s["type"] if isinstance(s["type"], list) else [s["type"], "null"]} | {k: v + [None] if k == "enum" else v for k, v in s.items() if k != "type"})
    schema = {"type": "object", "properties": dict(members), "required": required}
    if len(members) > 2 and rng.random() < 0.22:  # two of them in an object of their own
        inner = rng.sample([k for k, _ in members], 2)
        inner = [k for k, _ in members if k in inner]
        key = rng.choice([k for k in ("details", "data", "info", "more", "facts") if k not in used])
        nested = {"type": "object", "properties": {k: dict(members)[k] for k in inner}, "required": inner}
        properties, new = {}, {}
        for k, s in members:
            if k not in inner:
                properties[k], new[k] = s, value[k]
            elif key not in properties:
                properties[key], new[key] = nested, {i: value[i] for i in inner}
        schema, value = {"type": "object", "properties": properties, "required": list(properties)}, new
    if rng.random() < 0.6:
        schema["additionalProperties"] = False
        for s in schema["properties"].values():
            if s.get("type") == "object":
                s["additionalProperties"] = False
    if rng.random() < 0.15:
        schema = {k: schema[k] for k in rng.sample(list(schema), len(schema))}
    name = rng.choice([group, group, "answer", "data", "result", group.capitalize(), W.word(rng)])
    return Form(name, schema, rng.choice(ASKS).format(s=text), value)


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
