"""Whole conversations. A `Tree` is one system and developer message with several independent conversations after it:
in training they share the computation of their beginning."""

from dataclasses import dataclass, replace

import re

import chat
import everyday
import followups
import invented
import prose
import rounds
import runner
import tools as T
import typed
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
    return rng.choices(["low", "medium", "high"], [4, 5, 4])[0]


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
    gap: int = 0  # positions that are left out within the beginning, as if it were that much longer


# What is said without tools must not be what a declared tool is for: names of tools, and words of such messages.
FOR_TOOLS = [
    (re.compile("add|subtract|multipl|divi|calc|eval|compute|expression"), re.compile(r"\d|times|divided|square|sum|plus|minus|add |calculat")),
    (re.compile("time|now$|clock|date"), re.compile("time|date|what day|late")),
    (re.compile("weather|forecast"), re.compile("weather|wear|rain")),
    (re.compile("translat"), re.compile("translate|in french|in german| in [A-Z]")),
    (re.compile("remind|note|todo|task|remember|memory"), re.compile("remember|keep|note")),
    (re.compile("search|google|find|lookup|documents|browse|fetch"), re.compile("search|find|know about|look|tell me about|details|who|when|where|what is the")),
    (re.compile("stock|quote"), re.compile("price|stock|cost")),
    (re.compile("file|cat$|write"), re.compile("write|file|save|type ")),
    (re.compile("send|sms|message|mail"), re.compile("tell|write|say|message|send")),
    (re.compile("convert"), re.compile("convert|how much")),
    (re.compile("say|repeat|echo|print"), re.compile("say|repeat|echo|print")),
]


def meant_for(tools, user):
    """Whether a message could be meant for one of the tools."""
    text = user.lower()
    return any(said.search(text) and any(names.search(t.name.lower()) for t in tools) for names, said in FOR_TOOLS)


def without_tools(rng, effort_, tools, make=None):
    """A turn without tools that none of the declared ones could be meant by."""
    for _ in range(30):
        t = (make or chat.simple)(rng, effort_)
        if t.skill == "question" or not tools or not meant_for(tools, t.user):
            return t
    return chat.question(rng, effort_)


def earlier(rng, effort_, tools=()):
    """Small talk before the turn that counts."""
    return [without_tools(rng, effort_, tools) for _ in range(rng.choices([0, 1, 2], [88, 9, 3])[0])]


def recall_branch(rng, effort_, tools=()):
    if rng.random() < 0.1:
        return earlier(rng, effort_, tools) + [chat.recall(rng, effort_, rng.choice(chat.FACTS), None)]
    told, fact, value = chat.statement(rng, effort_)
    between = earlier(rng, effort_, tools)
    if rng.random() < 0.3:
        between = [without_tools(rng, effort_, tools) for _ in range(rng.randint(1, 3))]
    if rng.random() < 0.12:  # a second fact of another kind in between
        other, second, _ = chat.statement(rng, effort_)
        between = between + [other] if second is not fact else between
    return [told] + between + [chat.recall(rng, effort_, fact, value)]


def chat_branch(rng, effort_):
    kinds = ["question", "greeting", "repeat", "arithmetic", "unknown", "recall", "statement", "follow-up", "typed"]
    kind = rng.choices(kinds, [32, 5, 5, 10, 8, 10, 3, 19, 8])[0]
    if kind == "recall":
        return recall_branch(rng, effort_)
    if kind == "statement":
        return earlier(rng, effort_) + [chat.statement(rng, effort_)[0]]
    if kind == "follow-up":
        return follow_up_branch(rng, effort_)
    if kind == "typed":
        return typed_hidden_branch(rng, effort_)
    return earlier(rng, effort_) + [chat.SIMPLE[kind](rng, effort_)]


def follow_up_branch(rng, effort_, tools=()):
    make = chat.question if rng.random() < 0.7 else chat.simple
    first = without_tools(rng, effort_, tools, make)
    return earlier(rng, effort_, tools) + [first, followups.follow_up(rng, effort_, first)]


def typed_hidden_branch(rng, effort_):
    """A schema that the model is held to and not shown."""
    if rng.random() < 0.12:
        f = typed.recipe_form(rng)
        if rng.random() < 0.3:
            analysis = "The user wants a recipe for pancakes. I know this."
            return [chat.turn("question", f.user, effort_, analysis, analysis, typed.RECIPE_TEXT)]
    else:
        f = typed.form(rng)
    return [typed.hidden_turn(rng, effort_, f)]


def another(rng, tree, use):
    """A use of another of the tree's tools, or of the same tool with other values; None if there is none."""
    others = [u for u in tree.uses if u is not use]
    if others and rng.random() < 0.5:
        return rng.choice(others)
    return everyday.again(rng, use)


def sent_back(rng, turn):
    """Now and then the call as clients of OpenAI's API send it back with its result: without the thought before it."""
    if turn.steps[0][0] != "analysis" or rng.random() > 0.2:
        return turn
    result = next(i for i, step in enumerate(turn.steps) if step[0] == "result")
    calls = [("given call", *step[1:]) for step in turn.steps[:result] if step[0] == "call"]
    return replace(turn, steps=calls + turn.steps[result:])


def tool_branch(rng, tree, use):
    e, tools = tree.system.effort, tree.system.tools
    k = rng.random()
    before = earlier(rng, e, tools) if k < 0.4 else []
    if 0.4 < k < 0.46:
        return before + [rounds.retry_turn(rng, e, use, tools)]
    if 0.46 < k < 0.5:
        found = rounds.elliptic(rng, e, use, tools)
        if found:
            return found
    other = another(rng, tree, use) if k > 0.72 else None
    if other and k > 0.96:
        return [rounds.parallel_turn(rng, e, use, other, tools)]
    if other:
        before = [T.call_turn(rng, e, other, tools)]
    return before + [sent_back(rng, T.call_turn(rng, e, use, tools))]


def long_branch(rng, tree):
    """Many turns, with and without tools, before the one that counts."""
    e, tools = tree.system.effort, tree.system.tools
    turns = []
    told, fact, value = chat.statement(rng, e)
    for _ in range(rng.randint(3, 9)):
        use = rng.choice(tree.uses) if tree.uses and rng.random() < 0.5 else None
        turns.append(T.call_turn(rng, e, everyday.again(rng, use) or use, tools) if use else without_tools(rng, e, tools))
    if rng.random() < 0.4:
        turns.insert(rng.randrange(len(turns)), told)
        return turns + [chat.recall(rng, e, fact, value)]
    if tree.uses and rng.random() < 0.7:
        return turns + [T.call_turn(rng, e, rng.choice(tree.uses), tools)]
    return turns + [without_tools(rng, e, tools)]


def long_tree(rng):
    """Long conversations, mostly at low effort, where all turns can be learned."""
    tree = rng.choices([tool_tree, runner_tree, chat_tree], [3, 3, 4])[0](rng)
    if rng.random() < 0.7:
        tree.system.effort = "low"
    tree.branches = [long_branch(rng, tree) for _ in range(2)]
    return tree


def tool_tree(rng, invented_share=0.5, counts=(2, 4, 4, 4, 6, 2, 1, 1)):
    uses = T.tool_set(rng, rng.choices(range(1, 9), counts)[0], invented_share)
    tree = Tree(system(rng, [u.tool for u in uses]), [], uses)
    tree.branches = [tool_branch(rng, tree, u) for u in uses]
    if rng.random() < 0.5:
        e = tree.system.effort
        tree.branches.append(branch_without(rng, e, tree.system.tools))
    rng.shuffle(tree.branches)
    return tree


def branch_without(rng, e, tools):
    """A conversation that needs none of the tools."""
    kinds = [chat.question, chat.greeting, chat.repeat, chat.unknown, chat.arithmetic, "follow-up", "recall"]
    kind = rng.choices(kinds, [4, 1, 1, 1.5, 0.7, 1, 2])[0]
    if kind == "recall":
        return recall_branch(rng, e, tools)
    if kind == "follow-up":
        return follow_up_branch(rng, e, tools)
    return [without_tools(rng, e, tools, kind)]


def runner_tree(rng):
    """The runner's own tools or the guide's, in any order, often among others."""
    kinds = rng.choice([["calculator", "time", "create_file"]] * 5 + [["calculator", "time"], ["calculator", "create_file"], ["time", "create_file"]] * 2 + [["calculator"], ["time"], ["create_file"], ["create_file"]])
    own = [runner.own(rng, k) for k in kinds]
    others = rng.choices(range(6), [9, 3, 3, 2, 1.5, 1])[0]
    uses = T.tool_set(rng, len(own) + others, 0.5, first=own)
    rng.shuffle(uses)
    tree = Tree(system(rng, [u.tool for u in uses]), [], uses)
    files = next((u.tool for u in own if u.tool.name in ("create_file", "createFile")), None)
    if files in (runner.GUIDE_PYTHON, runner.GUIDE_TYPESCRIPT) and rng.random() < 0.6:
        tree.system.instructions = runner.GUIDE_INSTRUCTIONS if files is runner.GUIDE_PYTHON else None
        tree.system.identity, tree.system.cutoff = IDENTITY, "2024-06"
    elif rng.random() < 0.5:
        tree.system.instructions, tree.system.identity, tree.system.cutoff = None, IDENTITY, "2024-06"
    own = [u for u in uses if u in own]
    practice = [{"calculator": 3, "time": 1}.get(u.tool.name, 2) for u in own]  # the time is learned soon, sums take long
    tree.branches = [runner_branch(rng, tree, rng.choices(own, practice)[0] if rng.random() < 0.85 else rng.choice(uses)) for _ in range(5)]
    tree.branches.append(branch_without(rng, tree.system.effort, tree.system.tools))
    if rng.random() < 0.4:
        tree.branches.append(branch_without(rng, tree.system.effort, tree.system.tools))
    rng.shuffle(tree.branches)
    return tree


def fresh(rng, use):
    """Another request for the same tool."""
    return everyday.again(rng, use) or use


def runner_branch(rng, tree, use):
    e, tools = tree.system.effort, tree.system.tools
    use = fresh(rng, use)
    k = rng.random()
    if k < 0.06:
        return [rounds.retry_turn(rng, e, use, tools)]
    if k < 0.15:
        found = rounds.elliptic(rng, e, use, tools)
        if found:
            return found
    if k < 0.21:
        found = rounds.two_alike(rng, use)
        if found:
            return [rounds.parallel_turn(rng, e, *found[:2], tools, found[2])]
    if k < 0.31:
        if first := [t for t in tools if t in (runner.CALCULATOR, runner.TIME)]:
            use = runner.calculator(rng) if rng.choice(first) is runner.CALCULATOR else runner.time(rng)
        found = rounds.file_after(rng, e, use, tools)
        if found:
            return [found]
    if k < 0.35:
        other = fresh(rng, rng.choice(tree.uses))
        if other.user != use.user:
            return [rounds.parallel_turn(rng, e, use, other, tools)]
    before = earlier(rng, e, tools) if k < 0.78 else [T.call_turn(rng, e, fresh(rng, use if rng.random() < 0.4 else rng.choice(tree.uses)), tools)]
    if k > 0.97:
        t = T.call_turn(rng, e, use, tools)
        return before + [t, followups.asked(rng, e, t) if rng.random() < 0.4 else chat.turn("greeting", rng.choice(chat.THANKS), e, "The user thanks me.", "The user thanks me and has no new task. I should be kind and offer more help.", "You are welcome! Is there anything else I can do?")]
    return before + [sent_back(rng, T.call_turn(rng, e, use, tools))]


def typed_tree(rng):
    """A schema in the developer message, within the instructions as the server has it or at the end, and sentences that fill it."""
    made = typed.forms(rng, rng.choice([3, 4, 5])) if rng.random() < 0.96 else [typed.recipe_form(rng)]
    tools = [u.tool for u in T.tool_set(rng, rng.choice([1, 2, 3]), 0.4)] if rng.random() < 0.08 else []
    s = system(rng, tools)
    note = typed.note(rng, made[0])
    if rng.random() < 0.65:
        s.instructions = (s.instructions + "\n\n" if s.instructions else "") + note
    else:
        s.formats = note
    before = lambda: [chat.greeting(rng, s.effort)] if rng.random() < 0.06 else []
    return Tree(s, [before() + [typed.shown_turn(rng, s.effort, f)] for f in made], [])


def agent_tree(rng):
    """Pages of instructions before what the user says, longer by thousands of positions than a row has room for."""
    uses = T.tool_set(rng, rng.randint(1, 3), 0.5) if rng.random() < 0.6 else []
    tree = Tree(system(rng, [u.tool for u in uses]), [], uses, rng.choice([0, int(2 ** rng.uniform(6, 14.2))]))
    tree.system.instructions = prose.document(rng, rng.choice([400, 800, 800, 1200]))
    e = tree.system.effort
    for use in uses[:2]:
        tree.branches.append(tool_branch(rng, tree, use))
    tree.branches += [branch_without(rng, e, tree.system.tools) for _ in range(3)] + [[chat.greeting(rng, e)]]
    if rng.random() < 0.5:
        for branch in tree.branches:
            branch[0].user = prose.environment(rng) + "<|end|><|start|>user<|message|>" + branch[0].user
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
            W.spoken,
            W.spoken,
            W.glued,
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
            lambda r: runner.few_digits(r, 7),
            lambda r: str(r.randint(1, 10**6) / r.choice([3, 7, 8, 100, 700])),
            lambda r: runner.moment(r, r.choice(runner.ZONES)[1])[0],
            lambda r: runner.expression(r)[1],
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
