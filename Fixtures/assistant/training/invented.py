"""Invented tools: function names, parameters and values that nobody has seen before."""

import re

import phrases
import words as W
from chat import quoted
from harmony import Parameter, Tool, mark
from use import Use, bare_end, compact, outcome, pretty
from wordings import choose

PARAMETERS = """id:number name title count:number level:number color city date email path text label amount:number size:number mode
user room target source key value speed:number topic code minutes:number language query owner enabled:boolean price:number index:number
width:number height:number status category note days:number limit:number address item message group version force:boolean
priority state tag weight:number angle:number url format""".split()
VALUES = {
    "name": W.full_name,
    "user": W.name,
    "owner": W.name,
    "city": W.city,
    "email": W.email,
    "date": W.date,
    "path": W.path,
    "source": W.path,
    "code": W.code,
    "key": W.code,
    "color": lambda r: r.choice(W.COLORS),
    "text": W.text_value,
    "message": W.text_value,
    "note": W.text_value,
    "title": W.title,
    "topic": W.title,
    "query": W.title,
    "language": lambda r: r.choice(W.LANGUAGES),
    "url": W.url,
    "item": W.word,
    "version": lambda r: f"{r.randint(0, 9)}.{r.randint(0, 20)}",
}


def invented_name(rng, verb=None, noun=None):
    """A function name, its verb and its noun; part of them are words that do not exist."""
    either = lambda first, name: rng.choice([lambda: rng.choice(first), lambda: rng.choice(W.listed(name)), lambda: W.syllables(rng, rng.choice([1, 2]))])()
    verb, noun = verb or either(W.VERBS, "verbs"), noun or either(W.NOUNS, "nouns")
    k = rng.random()
    if k < 0.72:
        return f"{verb}_{noun}", verb, noun
    if k < 0.88:
        return verb + noun.capitalize(), verb, noun
    if k < 0.95:
        return f"{verb}_{noun}_{W.syllables(rng, 1)}", verb, noun
    return verb, verb, noun


def declared(rng, noun):
    """Parameters, and what the request says of them: (name, value, the value as it is said)."""
    count = rng.choices([0, 1, 2, 3, 4], [1, 5, 5, 2, 0.6])[0]
    chosen = rng.sample(PARAMETERS if rng.random() < 0.5 else W.listed("keys"), count)
    if chosen and rng.random() < 0.15:  # the thing itself has a name or a number
        chosen[0] = noun + rng.choice(["", "", ":number"])
    parameters, said = [], []
    for text in chosen:
        p, _, kind = text.partition(":")
        kind = {"": "string", "integer": "number"}.get(kind, kind)
        if rng.random() < 0.12 and p != noun:
            p = W.syllables(rng, rng.choice([1, 2]))
        description = rng.choice([None, None, None, f"The {p}", f"{p.capitalize()} of the {noun}", W.title(rng, 1, 4)])
        if kind == "number":
            value = W.number(rng)
        elif kind == "boolean":
            value = rng.random() < 0.5
        else:
            value = VALUES[p](rng) if p in VALUES and rng.random() < 0.75 else W.any_value(rng)
            if rng.random() < 0.06:
                choices = [value, W.word(rng), W.word(rng)]
                rng.shuffle(choices)
                kind = " | ".join(compact(c) for c in choices)
        optional = rng.random() < 0.12
        parameters.append(Parameter(p, kind, description, optional))
        if not (optional and rng.random() < 0.4):
            said.append((p, value, quoted(rng, value, 0.5) if isinstance(value, str) else compact(value)))
    return parameters, said


BARE = """{V} the {o}|Please {v} the {o}.|Call {f}|Use {f}.|Can you {v} the {o}?|{V} {o}|I want you to {v} the {o}.|Run {f}|Invoke {f}.""".split("|")
LISTED = """{V} the {o} with {t}|{V} the {o} with {t}|{V} a {o} with {t}|Please {v} the {o}, {t}|Call {f} with {t}|Use {f}: {t}|I want to {v} the {o}. {t}|{V} the {o}: {t}|
Run {f} with {t}|Can you {v} the {o} with {t}?|Call {f}, {t}|{f}: {t}|Use {f} with {t}|I need you to {v} the {o}, {t}|With {t}, {v} the {o}""".replace("\n", "").split("|")
ALONE = "{V} the {o} {x}|{V} {x} with the {o}|Use {f} on {x}|{V} the {o} for {x}".split("|")
LINKED = "{V} the {o} {l}{t}|{V} the {o} {l}{t}|{V} a {o} {l}{t}|Please {v} the {o} {l}{t}|I want to {v} the {o} {l}{t}|Call {f} {l}{t}|Can you {v} the {o} {l}{t}?".split("|")
NAMED = "{V} the {o} {t}|{V} {o} {t}|Please {v} the {o} {t}|Can you {v} the {o} {t}?|I want to {v} the {o} {t}".split("|")
STYLES = ["{p} {v}", "{p} {v}", "{p}={v}", "{p} is {v}", "{p}: {v}", "the {p} {v}", "{p} set to {v}"]
LINKS = "in|at|on|for|to|by|from|with|using|as|into|of|under|over|with the|at the|on the|in the|for the".split("|")


def linked(rng, said, first):
    """Each value with a word of its own before it, and mostly its name: `on shelf 4 for 3 hours`."""
    items = [(rng.choice(LINKS) + " ", rng.choice([f"{p} {v}", f"{p} {v}", v])) for p, _, v in said]
    return " ".join(first + item if i == 0 else link + item for i, (link, item) in enumerate(items))


def listed(rng, said):
    """The values with their names, divided by commas."""
    style = rng.choice(STYLES)
    items = [style.format(p=p, v=v) for p, _, v in said]
    if rng.random() < 0.2:
        rng.shuffle(items)
    if len(items) < 2 or "=" in style or rng.random() < 0.3:
        return ", ".join(items)
    return ", ".join(items[:-1]) + " and " + items[-1]


def request(rng, fn, verb, noun, said):
    """What the user says."""
    known = dict(V=verb.capitalize(), v=verb, o=noun, f=fn)
    if not said:
        form = rng.choice(BARE) if rng.random() < 0.7 else choose(rng, rng.choice(phrases.lines("madeup_bare")))
    elif said[0][0] == noun and rng.random() < 0.8:
        rest = " " + linked(rng, said[1:], rng.choice(LINKS) + " ") if said[1:] else ""
        form, known["t"] = rng.choice(NAMED), said[0][2] + rest
    elif rng.random() < 0.25:
        form, known["t"], known["l"] = rng.choice(LINKED), linked(rng, said, ""), rng.choice(["with ", "by ", "at ", "in ", "for ", "to ", "of ", ""])
    else:
        known["tail"] = known["t"] = listed(rng, said)
        form = rng.choice(LISTED) if rng.random() < 0.75 else choose(rng, rng.choice(phrases.lines("madeup")))
        if len(said) == 1 and rng.random() < 0.2:
            form, known["x"] = rng.choice(ALONE), said[0][2]
    user = form.format(**known)
    return user + "." if rng.random() < 0.25 and user[-1] not in ".?!" else user


def invented(rng, verb=None, noun=None):
    fn, verb, noun = invented_name(rng, verb, noun)
    parameters, said = declared(rng, noun)
    user = request(rng, fn, verb, noun, said)
    if rng.random() < 0.5:
        result, final = outcome(rng, fn, f"Done. I called {mark(fn)}.")
    else:
        value = rng.choice([W.integer, W.word, W.code, W.title, W.name])(rng)
        key = rng.choice(PARAMETERS).split(":")[0]
        result = rng.choice([str(value), pretty(rng, {"result": value}), pretty(rng, {key: value})])
        final = f"The result of {mark(fn)} is: {mark(value)}"
    V = verb.capitalize()
    description = rng.choice(
        [f"{V} the {noun}", f"{V} a {noun}", f"{V}s the {noun}", f"{V} the {noun} of a {rng.choice(W.NOUNS)}", f"Tool to {verb} a {noun}", W.title(rng, 2, 6)]
    )
    tool = Tool(fn, description, parameters, bare=not parameters and rng.random() < 0.7)
    return Use(tool, user, {p: bare_end(user, value) for p, value, _ in said}, result, final)


def neighbor(rng, use):
    """A tool that does something else with the same thing, or the same with something else; None but for names of two words."""
    words = re.fullmatch(r"([a-z]+)(?:_([a-z]+)|([A-Z][a-z]+))", use.tool.name)
    if not words:
        return None
    verb, noun = words[1], (words[2] or words[3]).lower()
    found = invented(rng, noun=noun) if rng.random() < 0.7 else invented(rng, verb=verb)
    return None if found.tool.name == verb else found
