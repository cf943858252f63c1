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
    field("string", "title name event", same(lambda r: f"{W.word(r)} {r.choice(['meeting', 'party', 'concert', 'lunch', 'workshop'])}"), "The {v}|This {v}|Our {v}"),
    field("date", "date day", day, "takes place on {v}|is on {v}|happens on {v}"),
    field("string", "time start", same(W.clock), "starts at {v}|begins at {v}"),
    field("string", "place location room city", same(W.city), "is held in {v}|takes place in {v}"),
    field("list", "guests people attendees participants", several(W.name), "is for {v}|has the guests {v}|is with {v}"),
    field("integer", "duration minutes", same(lambda r: r.randint(5, 240)), "takes {v} minutes|lasts {v} minutes"),
]
PRODUCT = [
    field("string", "name product title", same(lambda r: W.word(r).capitalize()), "The {v}|Our new {v}|This {v}"),
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
GENRES, KINDS, RIDES, STATES = ["novel", "poetry", "science", "history"], ["cat", "dog", "bird", "horse", "fish"], ["train", "car", "plane", "bus"], ["open", "closed", "waiting"]
BOOK = [
    field("string", "title name book", same(lambda r: " ".join(x.capitalize() for x in W.title(r, 1, 3).split())), "The book {v}|{v}|My book {v}|The title is {v}. It"),
    field("string", "author writer", same(person), "was written by {v}|is by {v}|has the author {v}"),
    field("integer", "year published", same(lambda r: r.randint(1850, 2026)), "is from {v}|appeared in {v}|was published in {v}"),
    field("integer", "pages length", same(lambda r: r.randint(40, 1200)), "has {v} pages|is {v} pages long"),
    field(GENRES, "genre category kind", same(lambda r: r.choice(GENRES)), "is about {v}|is {v}|belongs to {v}"),
    field("string", "language", same(lambda r: r.choice(W.LANGUAGES)), "is in {v}|is written in {v}"),
    field("boolean", "read finished", None, "is read / is not read yet|has been read / has not been read"),
    field("list", "topics subjects tags keywords", several(THING), "tells of {v}|is on {v}|has the topics {v}"),
]
TRIP = [
    field("string", "destination city to place", same(W.city), "I travel to {v}|We fly to {v}|A trip to {v}|Book a trip to {v}|I want to go to {v}"),
    field("string", "origin from start", same(W.city), "from {v}|starting in {v}"),
    field("date", "date departure day", day, "on {v}|leaving on {v}"),
    field("integer", "days nights length", same(lambda r: r.randint(1, 30)), "for {v} days|staying {v} nights"),
    field("integer", "people travelers persons", same(lambda r: r.randint(1, 9)), "with {v} people|for {v} persons"),
    field(RIDES, "transport vehicle by", same(lambda r: r.choice(RIDES)), "by {v}|taking the {v}"),
    field("boolean", "hotel needs_hotel", None, "with a hotel / without a hotel|and need a hotel / and need no hotel"),
    field("number", "budget price", same(amount), "for at most {v} dollars|with a budget of {v}"),
]
PET = [
    field("string", "name pet", same(W.name), "{v}|My pet {v}|Our pet {v}|The animal is called {v}. It"),
    field(KINDS, "animal species kind", same(lambda r: r.choice(KINDS)), "is a {v}"),
    field("integer", "age years", same(lambda r: r.randint(1, 25)), "is {v} years old|has lived for {v} years"),
    field("string", "color", same(COLORS), "is {v}|has the color {v}"),
    field("number", "weight kilograms", same(amount), "weighs {v} kilograms|has {v} kg"),
    field("string", "owner", same(person), "belongs to {v}|lives with {v}"),
    field("boolean", "vaccinated is_vaccinated", None, "is vaccinated / is not vaccinated"),
    field("list", "food toys likes", several(THING), "likes {v}|eats {v}|plays with {v}"),
]
ITEM = [
    field("string", "item thing object name", same(THING), "The {v}|This {v}|A {v}|Our {v}"),
    field("number", "width", same(amount), "has a width of {v}|is {v} wide"),
    field("number", "height", same(amount), "has a height of {v}|is {v} high"),
    field("string", "code id", same(W.code), "has the code {v}|carries the number {v}"),
    field(STATES, "status state", same(lambda r: r.choice(STATES)), "is {v}|has the status {v}"),
    field("string", "room place", same(lambda r: W.word(r)), "stands in the {v}|is in the {v}"),
    field("integer", "count number", same(lambda r: r.randint(0, 500)), "exists {v} times|has a count of {v}"),
    field("list", "colors", several(COLORS, 1, 3), "comes in {v}|has the colors {v}"),
    field("boolean", "used is_used", None, "is used / is new|is not new / is not used"),
    field("string", "contact email", same(W.email), "has the contact {v}|belongs to {v}"),
]
GROUPS = {
    "person": PERSON, "order": ORDER, "event": EVENT, "product": PRODUCT, "task": TASK, "book": BOOK, "trip": TRIP, "pet": PET, "item": ITEM,
}  # fmt: skip
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


def forms(rng, count, most=5, group=None):
    """A schema and so many sentences that fill it."""
    group = group or rng.choice([*GROUPS, "made up", "made up", "made up"])
    fields = GROUPS[group] if group in GROUPS else made_up(rng)
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
        outer = rng.choice([k for k in ("details", "data", "info", "more", "facts") if k not in members])

    def nest(flat_, make):
        out = {}
        for k, v in flat_.items():
            if k not in inner:
                out[k] = v
            elif outer not in out:
                out[outer] = make({i: flat_[i] for i in inner})
        return out

    closed = {"additionalProperties": False} if rng.random() < 0.6 else {}
    as_object = lambda m: {"type": "object", "properties": m, "required": list(m)} | closed
    schema = as_object(nest(members, as_object))
    if rng.random() < 0.15:
        schema = {k: schema[k] for k in rng.sample(list(schema), len(schema))}
    name = rng.choice([group, group, "answer", "data", "result", group.capitalize(), W.word(rng)])
    made = []
    seldom, often = (0.25, 0.45) if rng.random() < 0.7 else (0.6, 0.6)  # how often a member is not told, as text or as null
    for _ in range(count):
        unknown = {k for k, (f, missing) in policy.items() if missing != "told" and f is not fields[0] and rng.random() < (often if missing is None else seldom)}
        told = [f for k, (f, _) in policy.items() if k not in unknown]
        spoken = ([] if fields[0] in told else [fields[0]]) + told + [f for f in fields[1:] if f not in chosen and rng.random() < 0.12]
        values = {id(f): (None, rng.random() < 0.5) if f.kind == "boolean" else f.make(rng) for f in spoken}
        rest = [f for f in spoken if f is not fields[0]]
        rng.shuffle(rest)
        text = sentence(rng, group, fields[:1] + rest, [values[id(f)] for f in fields[:1] + rest])
        value = {k: missing if k in unknown else values[id(f)][1] for k, (f, missing) in policy.items()}
        if all(missing != "told" for _, missing in policy.values()) and rng.random() < 0.08:
            text = rng.choice(["Hello", "I do not know.", "Nothing yet.", "No idea", "I cannot say.", "There is no information.", "Hi there"])
            value = {k: missing for k, (_, missing) in policy.items()}
        made.append(Form(name, schema, rng.choice(ASKS).format(s=text), nest(value, dict)))
    return made


def form(rng, most=5, group=None):
    return forms(rng, 1, most, group)[0]


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
