"""Invented tools: function names, parameters and values that nobody has seen before."""

import phrases
import words as W
from chat import quoted
from harmony import Parameter, Tool, mark
from use import Use, compact, outcome, pretty

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
    "url": lambda r: "https://" + W.word(r) + r.choice(W.DOMAINS) + r.choice(["", "/" + W.word(r)]),
    "item": W.word,
    "version": lambda r: f"{r.randint(0, 9)}.{r.randint(0, 20)}",
}


def invented_name(rng):
    """A function name, its verb and its noun; part of them are words that do not exist."""
    verb = rng.choice(W.VERBS) if rng.random() < 0.5 else W.syllables(rng, rng.choice([1, 2]))
    noun = rng.choice(W.NOUNS) if rng.random() < 0.5 else W.syllables(rng, rng.choice([1, 2]))
    k = rng.random()
    if k < 0.72:
        return f"{verb}_{noun}", verb, noun
    if k < 0.88:
        return verb + noun.capitalize(), verb, noun
    if k < 0.95:
        return f"{verb}_{noun}_{W.syllables(rng, 1)}", verb, noun
    return verb, verb, noun


def invented(rng):
    fn, verb, noun = invented_name(rng)
    chosen = rng.sample(PARAMETERS, rng.choices([0, 1, 2, 3, 4], [1, 5, 5, 2, 0.6])[0])
    parameters, arguments, said = [], {}, []
    for text in chosen:
        p, kind = text.split(":") if ":" in text else (text, "string")
        if rng.random() < 0.12:
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
            arguments[p] = value
            said.append((p, quoted(rng, value, 0.5) if isinstance(value, str) else compact(value)))
    style = rng.choice(["{p} {v}", "{p} {v}", "{p}={v}", "{p} is {v}", "{p}: {v}", "the {p} {v}", "{p} set to {v}"])
    items = [style.format(p=p, v=v) for p, v in said]
    if rng.random() < 0.2:
        rng.shuffle(items)
    tail = ", ".join(items) if len(items) < 2 or "=" in style or rng.random() < 0.3 else ", ".join(items[:-1]) + " and " + items[-1]
    V = verb.capitalize()
    if not said:
        user = rng.choice(
            [
                f"{V} the {noun}",
                f"Please {verb} the {noun}.",
                f"Call {fn}",
                f"Use {fn}.",
                f"Can you {verb} the {noun}?",
                f"{V} {noun}",
                f"I want you to {verb} the {noun}.",
                f"Run {fn}",
                f"Invoke {fn}.",
            ]
        )
        if rng.random() < 0.3:
            user = phrases.phrase(rng, "madeup_bare", v=verb, V=V, o=noun)
    else:
        forms = [
            f"{V} the {noun} with {tail}",
            f"{V} the {noun} with {tail}",
            f"{V} a {noun} with {tail}",
            f"Please {verb} the {noun}, {tail}",
            f"Call {fn} with {tail}",
            f"Use {fn}: {tail}",
            f"I want to {verb} the {noun}. {tail}",
            f"{V} the {noun}: {tail}",
            f"Run {fn} with {tail}",
            f"Can you {verb} the {noun} with {tail}?",
            f"Call {fn}, {tail}",
            f"{fn}: {tail}",
            f"Use {fn} with {tail}",
            f"I need you to {verb} the {noun}, {tail}",
            f"With {tail}, {verb} the {noun}",
        ]
        if len(said) == 1:
            forms += [
                f"{V} the {noun} {said[0][1]}",
                f"{V} {said[0][1]} with the {noun}",
                f"Use {fn} on {said[0][1]}",
                f"{V} the {noun} for {said[0][1]}",
            ]
        user = rng.choice(forms) if rng.random() < 0.75 else phrases.phrase(rng, "madeup", v=verb, V=V, o=noun, tail=tail)
    if rng.random() < 0.25 and user[-1] not in ".?!":
        user += "."
    if rng.random() < 0.5:
        result, final = outcome(rng, fn, f"Done. I called {mark(fn)}.")
    else:
        value = rng.choice([W.integer, W.word, W.code, W.title, W.name])(rng)
        result = rng.choice([str(value), pretty(rng, {"result": value}), pretty(rng, {rng.choice(PARAMETERS).split(":")[0]: value})])
        final = f"The result of {mark(fn)} is: {mark(value)}"
    description = rng.choice(
        [
            f"{V} the {noun}",
            f"{V} a {noun}",
            f"{V}s the {noun}",
            f"{V} the {noun} of a {rng.choice(W.NOUNS)}",
            f"Tool to {verb} a {noun}",
            W.title(rng, 2, 6),
        ]
    )
    return Use(Tool(fn, description, parameters, bare=not parameters and rng.random() < 0.7), user, arguments, result, final)
