"""Long developer messages as coding agents and other programs send them: pages of rules, lists and names that have
nothing to do with what the user says next. They are read and never learned."""

import words as W
from runner import options_of

SENTENCES = options_of(
    """Use the {n} to {v} the {m}.|Never {v} a {n} unless the user asks for it.|You can {v} {m}s and {u} {n}s.|Always {v} the {n} before you {u} the {m}.|
When the {n} is {q}, {v} it and {u} the {m} again.|Do not mention the {n}; it is {q}.|If a {n} fails, try to {v} it once more and tell the user why.|Prefer a {q} {n} to a {p} {m}.|
Keep your answers {q} and {p}, and avoid {m}s.|The {n} of the {m} is `{i}`.|Set `{i}` to `{j}` to {v} the {n}.|Run `{i} {j}` first.|Files are found in `{f}`.|
Your {n}s are written in {l}, the {m}s in {k}.|Each {n} has a {q} {m}, a {p} {o} and {d} {m}s.|It takes at most {d} {n}s.|By default the {n} is {q}.|
Skip this step if `{i}` is missing.|See `{f}` for the {q} {n}s.|This can {v} the {n} (for example {w}, {x}).|{w} and {x} are {q} {n}s; {y} is not.|
Ask for approval before you {v} anything outside the {n}.|The {n} must {v} within {d} seconds.|Note: the {m} may be {q} on some {n}s.|You are {q}, {p} and helpful."""
)
TITLES = options_of("{n}s|{q} {n}s|How you {v}|{v} and {u}|{n} rules|Working with {n}s|{i}|Examples|Style|Limits|Safety|Tone|{m} and {n}|Output")


def identifier(rng):
    return rng.choice("_-./").join(rng.choice(W.VERBS + W.NOUNS + W.WORDS) for _ in range(rng.choice([1, 2, 2, 3])))


def fields(rng):
    nouns, verbs, other = W.NOUNS + W.THINGS, W.VERBS + W.ACTIONS, W.QUALITIES
    return dict(
        n=rng.choice(nouns), m=rng.choice(nouns), o=rng.choice(nouns), v=rng.choice(verbs), u=rng.choice(verbs), q=rng.choice(other), p=rng.choice(other),
        i=identifier(rng), j=identifier(rng), f=W.path(rng), l=rng.choice(W.LANGUAGES), k=rng.choice(W.LANGUAGES), d=rng.randint(2, 5000),
        w=W.word(rng), x=W.phrase(rng), y=W.syllables(rng),
    )  # fmt: skip


def sentence(rng):
    return rng.choice(SENTENCES).format(**fields(rng)).strip()


def title(rng):
    text = rng.choice(TITLES).format(**fields(rng))
    return text[:1].upper() + text[1:]


def block(rng):
    """A paragraph, a list, a command or a passage between tags."""
    k = rng.random()
    if k < 0.35:
        return " ".join(sentence(rng) for _ in range(rng.randint(1, 5)))
    if k < 0.7:
        mark = rng.choice(["- ", "- ", "* ", "1. "])
        named = rng.random() < 0.4
        items = [(f"{identifier(rng)}: " if named else "") + sentence(rng) for _ in range(rng.randint(2, 6))]
        return "\n".join(mark + x for x in items)
    if k < 0.8:
        return f"```{rng.choice(['', 'bash', 'json', 'python'])}\n{identifier(rng)} --{identifier(rng)} {W.path(rng)}\n```"
    tag = f"{rng.choice(W.NOUNS)}_{rng.choice(['context', 'instructions', 'rules', 'info'])}"
    return f"<{tag}>\n" + "\n".join(sentence(rng) for _ in range(rng.randint(1, 4))) + f"\n</{tag}>"


def document(rng, characters):
    """Headings and blocks, about as many characters long."""
    out = []
    while sum(map(len, out)) < characters:
        if rng.random() < 0.4:
            out.append("#" * rng.randint(1, 3) + " " + title(rng))
        out.append(block(rng))
    return "\n\n".join(out)


def environment(rng):
    """What agents say in the user's name before the user speaks."""
    tags = rng.sample(["cwd", "shell", "current_date", "timezone", "os", "user", "branch", "root"], rng.randint(2, 5))
    values = {"cwd": W.path, "current_date": W.date, "timezone": W.city, "root": W.path}
    inner = "\n".join(f"  <{t}>{values.get(t, W.word)(rng)}</{t}>" for t in tags)
    return f"<environment_context>\n{inner}\n</environment_context>"
