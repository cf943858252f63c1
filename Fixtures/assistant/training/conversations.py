"""Whole conversations. A `Tree` is one system and developer message with several independent conversations after it:
in training they share the computation of their beginning."""

from dataclasses import dataclass

import chat
import everyday
import invented
import tools as T
import words as W
from harmony import IDENTITY, Part, System, dump, mark, render_turn

INSTRUCTIONS = """You are a helpful assistant.|Answer briefly.|You help people with files.|Be kind and short.|Use the tools when they help.|
You are an assistant for a small office.|Use tools to answer the user.|You are a friendly robot.|Always be polite.|You can use the functions below.|
You are a coding agent.|Help the user.|Be brief.|You are a helpful assistant running on the user's computer.|Always respond in a friendly way.|
You are a test assistant.|Reply in English.|Keep answers short.|Do what the user asks.|You work for a {w} shop.|Call a function if one fits.|
Only use the declared tools.|Your user is called {n}.|You are part of the {w} project.|Never invent facts.|Think before you answer.|
You assist a {w} team in {c}.|Do not talk about {w}.|If you are not sure, say so.|You manage {w} and {v}.""".replace("\n", "").split("|")
IDENTITIES = [
    "You are a helpful assistant.",
    "You are a small language model.",
    "You are {n}, a helpful assistant.",
    "You are a tiny assistant that runs locally.",
    "You are an assistant for {w}.",
    "You are ChatGPT.",
]


def effort(rng):
    return rng.choices(["low", "medium", "high"], [4, 5, 2.5])[0]


def instructions(rng, fill):
    common = ["You are a helpful assistant.", "You are a helpful assistant running on the user's computer."]
    return rng.choice(common) if rng.random() < 0.25 else rng.choice(INSTRUCTIONS).format(**fill)


def system(rng, tools):
    fill = dict(w=W.word(rng), v=W.word(rng), n=W.name(rng), c=W.city(rng))
    return System(
        effort(rng),
        IDENTITY if rng.random() < 0.75 else rng.choice(IDENTITIES).format(**fill),
        None if rng.random() < 0.15 else "2024-06" if rng.random() < 0.9 else f"{rng.randint(2022, 2026)}-{rng.randint(1, 12):02d}",
        W.date(rng) if rng.random() < 0.5 else None,
        instructions(rng, fill) if rng.random() < (0.4 if tools else 0.3) else None,
        tools,
    )


@dataclass
class Tree:
    system: System
    branches: list  # of lists of turns; the last turn of each is learned
    uses: list


def earlier(rng, effort_):
    """Small talk before the turn that counts."""
    return [chat.simple(rng, effort_) for _ in range(rng.choices([0, 1, 2], [88, 9, 3])[0])]


def recall_branch(rng, effort_, held=False):
    if rng.random() < 0.1:
        return earlier(rng, effort_) + [chat.recall(rng, effort_, rng.choice(chat.FACTS), None)]
    told, fact, value = chat.statement(rng, effort_)
    between = earlier(rng, effort_)
    if rng.random() < 0.12:  # a second fact of another kind in between
        other, second, _ = chat.statement(rng, effort_)
        between = between + [other] if second is not fact else between
    return [told] + between + [chat.recall(rng, effort_, fact, value)]


def chat_branch(rng, effort_):
    kind = rng.choices(["question", "greeting", "repeat", "arithmetic", "unknown", "recall", "statement"], [32, 5, 5, 12, 8, 10, 3])[0]
    if kind == "recall":
        return recall_branch(rng, effort_)
    if kind == "statement":
        return earlier(rng, effort_) + [chat.statement(rng, effort_)[0]]
    return earlier(rng, effort_) + [chat.SIMPLE[kind](rng, effort_)]


def another(rng, tree, use):
    """A use of another of the tree's tools, or of the same tool with other values; None if there is none."""
    others = [u for u in tree.uses if u is not use]
    if others and rng.random() < 0.5:
        return rng.choice(others)
    return everyday.again(rng, use)


def tool_branch(rng, tree, use):
    e, tools = tree.system.effort, tree.system.tools
    k = rng.random()
    before = earlier(rng, e) if k < 0.4 else []
    other = another(rng, tree, use) if k > 0.72 else None
    if other and k > 0.96:
        return [T.two_calls_turn(rng, e, use, other, tools)]
    if other:
        before = [T.call_turn(rng, e, other, tools)]
    return before + [T.call_turn(rng, e, use, tools)]


def long_branch(rng, tree):
    """Many turns, with and without tools, before the one that counts."""
    e, tools = tree.system.effort, tree.system.tools
    turns = []
    told, fact, value = chat.statement(rng, e)
    for _ in range(rng.randint(3, 9)):
        use = rng.choice(tree.uses) if tree.uses and rng.random() < 0.5 else None
        turns.append(T.call_turn(rng, e, everyday.again(rng, use) or use, tools) if use else chat.simple(rng, e))
    if rng.random() < 0.4:
        turns.insert(rng.randrange(len(turns)), told)
        return turns + [chat.recall(rng, e, fact, value)]
    if tree.uses and rng.random() < 0.7:
        return turns + [T.call_turn(rng, e, rng.choice(tree.uses), tools)]
    return turns + [chat.simple(rng, e)]


def long_tree(rng):
    """Long conversations, mostly at low effort, where all turns can be learned."""
    tree = tool_tree(rng) if rng.random() < 0.6 else chat_tree(rng)
    if rng.random() < 0.7:
        tree.system.effort = "low"
    tree.branches = [long_branch(rng, tree) for _ in range(2)]
    return tree


def tool_tree(rng, invented_share=0.5, counts=(2, 4, 4, 3, 2)):
    uses = T.tool_set(rng, rng.choices([1, 2, 3, 4, 5], counts)[0], invented_share)
    tree = Tree(system(rng, [u.tool for u in uses]), [], uses)
    tree.branches = [tool_branch(rng, tree, u) for u in uses]
    if rng.random() < 0.5:
        e = tree.system.effort
        kind = rng.choices([chat.question, chat.greeting, chat.repeat, chat.unknown, None], [4, 1, 2, 1.5, 2])[0]
        tree.branches.append(recall_branch(rng, e) if kind is None else [kind(rng, e)])
    rng.shuffle(tree.branches)
    return tree


def chat_tree(rng):
    tree = Tree(system(rng, []), [], [])
    tree.branches = [chat_branch(rng, tree.system.effort) for _ in range(6)]
    return tree


def render_branch(rng, turns):
    """The parts of a conversation after the shared beginning. Of a long one at low effort every turn is learned."""
    parts = []
    learn_past = len(turns) > 3 and not any(step[0] == "analysis" for t in turns for step in t.steps)
    for i, t in enumerate(turns):
        last = i == len(turns) - 1
        parts += render_turn(t, last, library_calls=rng.random() < (0.12 if last else 0.5), learn_past=learn_past)
    return parts


def drill_item(rng):
    return rng.choice(
        [
            W.phrase,
            W.phrase,
            W.path,
            W.name,
            W.word,
            W.code,
            W.city,
            W.email,
            W.date,
            W.letters,
            lambda r: str(W.integer(r)),
            lambda r: str(r.randint(10**4, 10**8)),
            lambda r: " ".join(W.syllables(r) for _ in range(r.randint(1, 4))),
            lambda r: "_".join(W.syllables(r, 1) for _ in range(2)),
        ]
    )(rng)


def drill(rng):
    """No skill but the steps of sums, or looking up and writing out."""
    return column_drill(rng) if rng.random() < 0.5 else copying_drill(rng)


def column_drill(rng):
    return [Part("<|start|>assistant<|channel|>analysis<|message|>" + chat.column_drill(rng) + ".<|end|>", 0.0, copied=1.0)]


def copying_drill(rng):
    """Named values, then the values again by name."""
    keys = rng.sample([p.split(":")[0] for p in invented.PARAMETERS], rng.randint(1, 4))
    if rng.random() < 0.3:
        keys = [W.syllables(rng, rng.choice([1, 2])) for _ in keys]
    items = {k: drill_item(rng) for k in keys}
    style = rng.choice(["{k} {q}", "{k}: {q}", "{k}={q}", "{k} is {q}", "the {k} {q}"])
    said = rng.choice([", ", " and ", "; ", ". ", "\n"]).join(style.format(k=k, q=chat.quoted(rng, v, 0.6)) for k, v in items.items())
    parts = [Part("<|start|>user<|message|>" + said + "<|end|><|start|>assistant")]
    for _ in range(2):
        rng.shuffle(keys)
        body = (
            dump({k: items[k] for k in keys}) if rng.random() < 0.6 else rng.choice(["\n", ", ", "; "]).join(f"{k}: {mark(items[k])}" for k in keys)
        )
        text = "<|channel|>commentary<|message|>" + body + "<|end|>"
        parts.append(Part(text, 0.0, copied=1.0))  # only what is copied is learned; the order of the keys is not
    return parts
