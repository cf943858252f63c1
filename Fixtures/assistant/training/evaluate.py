#!/usr/bin/env python3
"""Held-out cases, greedy, and the table of what the model can do. MODEL is a checkpoint (.pickle, run by JAX on the weights
as the file rounds them) or a GGUF, which this repository's runner runs: `gptoss generate --raw`, or with --engine server
`gptoss serve`, which holds recipients and arguments to the declared tools; or llama.cpp with --engine llama. Cases come from the generators with other seeds and held-out wordings; the everyday tools also from words in no list."""

import argparse
import collections
import json
import pathlib
import random
import re
import sys
from dataclasses import dataclass, replace

import chat
import conversations as C
import followups
import held
import phrases
import rounds
import runner
import tools as T
import typed
from catalog import catalog
from engines import engine
from everyday import everyday
from harmony import Parameter, System, Tool, render_turn, unmark
from invented import invented
from mcp import mcp
from use import Use, bare_end

FILES = """quarterly-results.xlsx|Dockerfile.old|presentation_v2.pptx|shopping.txt|hello.txt|main.rs|README.md|thesis-chapter.tex|backup_2024.tar|
index.html|notes.txt|todo.md|essay.docx|kernel.c|app.swift|minutes/april.md|Vacation Plan.txt|x.y|CHANGELOG|recipe-42.txt""".replace("\n", "").split(
    "|"
)
CONTENTS = """Hello, world!|The quick brown fox jumps over the lazy dog|Buy groceries before Thursday|Meeting moved to room 12|
Dear Margaret, see you soon|Lorem ipsum dolor sit amet|Do not forget the umbrella|version 3.1 released|All tests passed|
Roses are red, violets are blue|TODO: refactor parser|42|Happy birthday, Ulrike!|pi is about 3.14159|Zanzibar|two eggs, flour and milk""".replace(
    "\n", ""
).split("|")
PLACES = """Reykjavik|Johannesburg|Saint Petersburg|Albuquerque|Marseille|Tbilisi|Montevideo|Edinburgh|Philadelphia|Ljubljana|Casablanca|
Vancouver|Rotterdam|Sapporo|Ouagadougou|Llanelli|Wolfsburg|Kathmandu|Yokohama|Guadalajara""".replace("\n", "").split("|")


def handmade(rng):
    """An everyday request with words that are in none of the lists."""
    kind = rng.randrange(4)
    if kind < 2:
        f, c = rng.choice(FILES), rng.choice(CONTENTS)
        user = rng.choice(
            [
                "Create a file named {f} with the content {c}",
                "Please create {f} containing '{c}'",
                'Write "{c}" to {f}',
                'Make a file called {f} with the text "{c}"',
            ]
        ).format(f=f, c=c)
        return Use(
            Tool("create_file", "Create a file", [Parameter("name"), Parameter("content")]),
            user,
            {"name": f, "content": c},
            "ok",
            f"Done. I created {f}.",
        )
    if kind == 2:
        c, t = rng.choice(PLACES), rng.randint(-9, 35)
        user = rng.choice(
            ["What is the weather in {c}?", "How is the weather in {c} today?", "Weather in {c} please", "What's it like in {c} right now?"]
        ).format(c=c)
        return Use(Tool("get_weather", "Get the weather", [Parameter("location")]), user, {"location": c}, str(t), f"It is {t} degrees in {c}.")
    a, b, op = rng.randint(0, 9999), rng.randint(0, 9999), rng.choice(["add", "multiply"])
    user = (
        rng.choice([f"What is {a} plus {b}?", f"Add {a} and {b}"]) if op == "add" else rng.choice([f"What is {a} times {b}?", f"Multiply {a} by {b}"])
    )
    value = a + b if op == "add" else a * b
    return Use(
        Tool(op, f"{op.capitalize()} two numbers", [Parameter("a", "number"), Parameter("b", "number")]),
        user,
        {"a": a, "b": b},
        str(value),
        f"{a} {'+' if op == 'add' else '*'} {b} = {value}",
    )


@dataclass
class Case:
    """A conversation to be continued: to be answered from the beginning of the last turn, or after so many of its steps."""

    kind: str
    system: System
    turns: list
    answer: object
    steps: int = 0
    form: object = None  # of a typed answer: the schema, shown as the server shows it unless it is hidden
    hidden: bool = False

    @property
    def given(self):
        """The steps of the last turn that are there already."""
        return self.turns[-1].steps[: self.steps]

    @property
    def prompt(self):
        """The conversation as text, up to where the assistant writes."""
        system = self.system
        if self.form and not self.hidden:
            note = typed.note(random.Random(0), self.form, comment=False)
            system = replace(system, instructions=(system.instructions + "\n\n" if system.instructions else "") + note)
        parts = [p for t in self.turns[:-1] for p in render_turn(t, False)]
        parts += render_turn(replace(self.turns[-1], steps=self.given), True)
        return system.render() + unmark("".join(p.text for p in parts)) + "<|start|>assistant"


def after_result(turn, number=-1):
    """How many steps there are up to the first or last result."""
    return [i for i, s in enumerate(turn.steps) if s[0] == "result"][number] + 1


def own_sets(rng, *kinds):
    """One to three of the runner's tools in any order, these kinds among them."""
    names = ["calculator", "time", "create_file"]
    chosen = list(kinds) + [n for n in names if n not in kinds and rng.random() < 0.5]
    rng.shuffle(chosen)
    tools = {"calculator": runner.CALCULATOR, "time": runner.TIME, "create_file": runner.CREATE_FILE}
    return [tools[n] for n in chosen]


def plain_system(rng, tools):
    """As the runner and most clients have it: no instructions, or short ones."""
    s = C.system(rng, tools)
    if rng.random() < 0.6:
        s = System(s.effort, date=s.date, instructions=rng.choice([None, None, None, "You are a helpful assistant.", runner.GUIDE_INSTRUCTIONS]), tools=tools)
    return s


def either(rng, written, name):
    """A wording in no list to learn from: one of those written by hand, or a held-out line of `phrases/`."""
    return rng.choice(written if rng.random() < 0.5 else phrases.lines(name, held=True))


def sum_of(rng, new):
    if not new:
        return runner.calculator(rng, steps=False)
    a, b = str(rng.randint(2, 999)), str(rng.randint(2, 99))
    k = rng.random()
    if k < 0.2:
        user, signs = rng.choice(held.SUM_REQUESTS)
        return Use(runner.CALCULATOR, phrases.fill(rng, user, a=a, b=b), {"expression": signs.format(a=a, b=b)}, "", "")
    if k < 0.45:
        sign = rng.choice("+-*/")
        written, user = runner.said_sum(rng, sign, rng.choice(phrases.lines(runner.WRITTEN[sign], held=True)))
        return Use(runner.CALCULATOR, user, {"expression": written}, "", "")
    while True:
        said, written, _ = runner.expression(rng, steps=False)
        if said and runner.evaluate(written) is not None:
            return Use(runner.CALCULATOR, phrases.fill(rng, either(rng, held.SUMS, "frames"), e=said), {"expression": written}, "", "")


def steps_of(rng, new):
    written, user = runner.several_steps(rng, held=new)
    return Use(runner.CALCULATOR, user, {"expression": written}, "", "")


def time_of(rng, new):
    if not new:
        return runner.time(rng)
    if rng.random() < 0.4:
        return Use(runner.TIME, phrases.fill(rng, either(rng, held.NOW, "now")), {}, "", "")
    city, zone = runner.place(rng)
    return Use(runner.TIME, phrases.fill(rng, either(rng, held.THERE, "there"), c=city), {"zone": zone}, "", "")


def file_of(rng, new):
    if not new:
        return runner.create_file(rng, runner.CREATE_FILE)
    if rng.random() < 0.12:
        f = rng.choice(FILES)
        return Use(runner.CREATE_FILE, phrases.fill(rng, either(rng, held.EMPTY, "empty"), f=f), {"name": f, "content": ""}, "", "")
    f, c = (rng.choice(FILES), rng.choice(CONTENTS)) if rng.random() < 0.5 else (chat.W.file_name(rng), chat.W.text_value(rng))
    mark = rng.choice(['"', "'"])
    user = phrases.fill(rng, either(rng, held.FILES, "said"), f=f, c=c, q=c if mark in c else mark + c + mark)
    return Use(runner.CREATE_FILE, user, {"name": f, "content": bare_end(user, c)}, "", "")


NEW = ", new wordings"  # the lines of wordings that the training never saw


def own_cases(rng, n):
    sums, steps, tools = "sums through the calculator", "sums of several steps", "the runner's tools"
    for line, kind, make, count in (
        (sums, "calculator", sum_of, 120),
        (steps, "calculator", steps_of, 40),
        (tools, "time", time_of, 60),
        (tools, "create_file", file_of, 80),
    ):
        for new in (False, True):
            for _ in range(n(count)):
                s, use = plain_system(rng, own_sets(rng, kind)), make(rng, new)
                answer = {"name": use.tool.name, "arguments": use.arguments}
                yield Case(line + NEW * new, s, [T.call_turn(rng, s.effort, use, s.tools)], answer)


def tool_cases(rng, n):
    everyday_of = lambda rng: handmade(rng) if rng.random() < 0.3 else everyday(rng)
    for kind, make, count in (
        ("everyday tools", everyday_of, 120),
        ("everyday tools" + NEW, lambda rng: catalog(rng, held=True), 120),
        ("made-up tools", invented, 120),
        ("MCP's tools", mcp, 100),
    ):
        for _ in range(n(count)):
            use = make(rng)
            size = 5 if kind == "made-up tools" else rng.randint(1, 4)
            uses = T.tool_set(rng, size, 0.45 if kind.startswith("everyday") else 0.7, first=use)
            rng.shuffle(uses)
            s = C.system(rng, [u.tool for u in uses])
            t = T.call_turn(rng, s.effort, use, s.tools)
            yield Case(kind, s, [t], t.answer)
            if use.arguments:
                yield Case("answer from the result", s, [t], t.answer["final"], after_result(t))


def round_cases(rng, n):
    """Second attempts, errors to report, two rounds and two calls at once."""
    for i in range(n(100)):
        uses = [runner.own(rng)] if i % 2 else T.tool_set(rng, rng.randint(1, 4), 0.5)
        tools = [u.tool for u in uses] if i % 2 == 0 else own_sets(rng, uses[0].tool.name if uses[0].tool.name != "createFile" else "create_file")
        use = uses[0]
        if i % 2:
            use = runner.create_file(rng, runner.CREATE_FILE) if use.tool.name in ("create_file", "createFile") else use
        s = plain_system(rng, tools)
        if i % 3 == 2:  # an error that stays
            error = rng.choice([e for e in runner.REFUSALS if "{" not in e] + ["not found", "permission denied", "disk full", "no such file", "invalid id"])
            use = replace(use, result="Error: " + error, final=f"The call to {use.tool.name} failed: {error}")
            t = T.call_turn(rng, s.effort, use, tools)
            yield Case("after an error: the answer", s, [t], unmark(use.final), after_result(t))
        else:
            t = rounds.retry_turn(rng, s.effort, use, tools, ["again", "arguments"][i % 3])
            yield Case("after an error: another call", s, [t], t.answer, after_result(t, 0))
    for i in range(n(60)):
        tools = own_sets(rng, "create_file", rng.choice(["calculator", "time"]))
        s = plain_system(rng, tools)
        while True:
            first = runner.calculator(rng) if runner.CALCULATOR in tools else runner.time(rng)
            t = rounds.file_after(rng, s.effort, first, tools)
            if t:
                break
        yield Case("two rounds: the second", s, [t], t.answer[1], after_result(t, 0)) if i % 2 else Case("two rounds: the first", s, [t], t.answer[0])
    for _ in range(n(40)):
        s = plain_system(rng, own_sets(rng, "calculator", "time"))
        a, b, user = rounds.two_alike(rng, rng.choice([runner.calculator(rng), runner.time(rng)]))
        t = rounds.parallel_turn(rng, s.effort, a, b, s.tools, user)
        yield Case("two calls at once", s, [t], t.answer)


def typed_cases(rng, n):
    for new in (False, True):
        for i in range(n(80 if new else 220)):
            f = typed.form(rng, group="note", held=True) if new else typed.form(rng)
            s = plain_system(rng, [])
            hidden = i % 4 == 3
            kind = "typed answers" + ", schema not shown" * hidden + NEW * new
            yield Case(kind, s, [typed.shown_turn(rng, s.effort, f)], f.value, form=f, hidden=hidden)
    for i in range(n(len(held.PANCAKES))):
        f = held.recipe(held.PANCAKES[i % len(held.PANCAKES)])
        s = System("medium")
        yield Case("example: Docs: a recipe", s, [typed.shown_turn(rng, "medium", f)], f.value, form=f)


def talk_cases(rng, n):
    for kind, count in (("questions", 200), ("greetings", 30), ("repeating", 50), ("outside its world", 60)):
        make = {"questions": chat.question, "greetings": chat.greeting, "repeating": chat.repeat, "outside its world": chat.unknown}[kind]
        for _ in range(n(count)):
            s = C.system(rng, [])
            t = make(rng, s.effort, held=True)
            yield Case(kind, s, [t], unmark(t.steps[-1][1]))
    for _ in range(n(60)):  # tools are declared and not needed
        s = plain_system(rng, own_sets(rng))
        t = C.without_tools(rng, s.effort, s.tools, rng.choice([chat.greeting, chat.unknown, lambda r, e: chat.question(r, e, held=True)]))
        yield Case("tools that are not needed", s, [t], unmark(t.steps[-1][1]))
    for i in range(n(80)):
        s = C.system(rng, [])
        told, fact, value = chat.statement(rng, s.effort, chat.FACTS[0])
        between = [chat.simple(rng, s.effort) for _ in range(rng.choice([0, 1, 2, 2]))]
        t = chat.recall(rng, s.effort, fact, value)
        if i % 3 == 0:
            t.user = rng.choice(held.RECALL)
        yield Case("name recall over three turns", s, [told] + between + [t], t.answer)
    for kind, make, words in (("shorter", followups.shorter, held.SHORTER), ("what was asked", followups.asked, held.ASKED), ("again", followups.again, held.AGAIN)):
        for i in range(n(25)):
            s = C.system(rng, [])
            first = chat.question(rng, s.effort, held=rng.random() < 0.5)
            t = make(rng, s.effort, first)
            if i % 2:
                t.user = rng.choice(words)
            yield Case("follow-ups: " + kind, s, [first, t], unmark(t.steps[-1][1]))
    for i in range(n(60)):
        use = [runner.calculator, runner.time, lambda r: runner.create_file(r, runner.CREATE_FILE)][i % 3](rng)
        s = plain_system(rng, own_sets(rng, use.tool.name))
        turns = None
        while turns is None:
            turns = rounds.elliptic(rng, s.effort, use, s.tools)
            use = everyday_again(rng, use)
        yield Case("follow-ups: with the tools", s, turns, turns[-1].answer)


def everyday_again(rng, use):
    return use.kind(rng)


def sum_cases(rng, n):
    for digits, count in ((2, 100), (3, 60)):
        for effort in ("medium", "high", "low"):
            for _ in range(n(count if effort == "medium" else count // 2)):
                s = C.system(rng, [])
                s.effort = effort
                t = chat.arithmetic(rng, effort, digits=digits)
                yield Case(f"sums to {digits} digits, {'thinking' if effort != 'low' else 'low effort'}", s, [t], t.answer)


def example_cases(rng, n):
    made = list(held.examples(rng))
    for name, instructions, tools, user, answer in made if n(1000) >= 1000 else rng.sample(made, n(len(made))):
        s = System("medium", instructions=instructions, tools=tools)
        yield Case("example: " + name, s, [chat.Turn(user, [])], answer)


def cases(rng, scale):
    n = lambda count: max(4, int(count * scale))
    for make in (own_cases, tool_cases, round_cases, typed_cases, talk_cases, sum_cases, example_cases):
        yield from make(random.Random(f"{make.__name__} {rng.random()}"), n)


def final_of(text):
    found = re.search(r"<\|channel\|>final<\|message\|>(.*?)<\|return\|>", text, re.S)
    return found[1] if found else None


CALL = r"to=functions\.(\S+?)(?: ?<\|constrain\|>json|<\|channel\|>commentary <\|constrain\|>json)<\|message\|>(.*?)<\|(?:call|end)\|>"


def calls_of(text):
    """The calls as (name, arguments); arguments that are no JSON are None."""
    calls = []
    for name, arguments in re.findall(CALL, text, re.S):
        try:
            calls.append((name, json.loads(arguments)))
        except ValueError:
            calls.append((name, None))
    return calls


def same_call(call, answer):
    """Whether the tool and all arguments are right; a sum may be written otherwise if it has the same value."""
    name, arguments = call
    if name != answer["name"] or not isinstance(arguments, dict):
        return False
    if name == "calculator" and list(arguments) == ["expression"]:
        value = runner.evaluate(str(arguments["expression"]))
        return value is not None and value == runner.evaluate(answer["arguments"]["expression"]) or arguments == answer["arguments"]
    return arguments == answer["arguments"]


def score(kind, text, answer):
    """What counts for this kind: a dictionary of name -> right."""
    if isinstance(answer, list):
        calls = calls_of(text)
        return {kind: len(calls) == len(answer) and all(map(same_call, calls, answer))}
    if isinstance(answer, dict) and "arguments" in answer:
        call = (calls_of(text) or [(None, None)])[0]
        if kind.startswith(("everyday tools", "made-up tools", "MCP's tools")):
            return {f"{kind}: name": call[0] == answer["name"], f"{kind}: all arguments": same_call(call, answer)}
        return {kind: same_call(call, answer)}
    final = final_of(text)
    if isinstance(answer, dict):
        try:
            return {kind: bool(final) and json.loads(final) == answer}
        except ValueError:
            return {kind: False}
    if kind.startswith("sums to"):
        return {kind: bool(final) and re.findall(r"-?\d+", final)[-1:] == [answer]}
    return {kind: final == answer}


REQUIRED = {
    "the runner's tools": 98,
    "sums through the calculator": 98,
    "everyday tools: name": 97,
    "everyday tools: all arguments": 85,
    "made-up tools: name": 95,
    "made-up tools: all arguments": 85,
    "answer from the result": 90,
    "after an error: another call": 90,
    "after an error: the answer": 90,
    "typed answers": 90,
    "questions": 97,
    "name recall over three turns": 95,
    "sums to 2 digits, thinking": 80,
    "ends by itself": 99.9,
}


def margin(saved, right, total):
    """Points by which the share of `total` cases, of which `right` are right, falls below that of the saved counts once in
    a thousand times, if both are samples of the same (the test of two proportions, with their common share)."""
    share = (saved[0] + right + 1) / (saved[1] + total + 2)
    return 100 * 3.1 * (share * (1 - share) * (1 / total + 1 / saved[1])) ** 0.5


def main():
    a = argparse.ArgumentParser(description=__doc__)
    a.add_argument("model")
    a.add_argument("--engine", choices=["server", "llama"])
    a.add_argument("--program", help="the runner, if not .build/release/gptoss or $GPTOSS")
    a.add_argument("--scale", type=float, default=1.0, help="share of the cases")
    a.add_argument("--seed", type=int, default=20260)
    a.add_argument("--temperature", type=float, default=0.0, help="above 0 only whether answers end is of interest; for the server")
    a.add_argument("--show", type=int, default=0, help="failures to print for each line of the table")
    a.add_argument("--save", help="write the counts to this file, under the engine's name")
    a.add_argument("--compare", help="fail where the share is below that of this file by more than chance explains, not below the required one")
    o = a.parse_args()
    made = list(cases(random.Random(f"held-out {o.seed}"), o.scale))
    # What holds a model to a schema that it does not see is the library; the plain runner plays it, the others cannot.
    if o.engine or o.model.endswith(".pickle"):
        made = [c for c in made if not c.hidden]
    texts = engine(o.model, o.engine, o.program, o.temperature).complete(made)
    right, total, shown = collections.Counter(), collections.Counter(), collections.Counter()
    thought = collections.defaultdict(list)
    for case, text in zip(made, texts):
        analysis = re.search(r"<\|channel\|>analysis<\|message\|>(.*?)<\|end\|>", text, re.S)
        total["ends by itself"] += 1
        right["ends by itself"] += text.endswith(("<|return|>", "<|call|>"))
        if not case.steps:
            thought[case.system.effort].append(len(analysis[1]) if analysis else 0)
        for name, ok in score(case.kind, text, case.answer).items():
            total[name] += 1
            right[name] += ok
            if not ok and shown[name] < o.show:
                shown[name] += 1
                print(f"--- {name}\n{case.prompt[case.prompt.rindex('<|start|>user'):]}\n    wrote {text}\n    expected {case.answer}")
    failed, name_of_engine = [], o.engine or "runner"
    saved = json.loads(pathlib.Path(o.compare).read_text())[name_of_engine] if o.compare else None
    print(f"{'':40} right   of  share  {'saved' if saved else 'required'}")
    for name in total:
        share = 100 * right[name] / total[name]
        need = 100 * saved[name][0] / saved[name][1] if saved else REQUIRED.get(name)
        print(f"{name:40} {right[name]:5} {total[name]:4} {share:5.1f}% {'' if need is None else f'{need:7.4g}%'}")
        if need is not None and share < need - (margin(saved[name], right[name], total[name]) if saved else 0):
            failed.append(name)
    if o.save:
        file = pathlib.Path(o.save)
        figures = json.loads(file.read_text()) if file.exists() else {}
        figures[name_of_engine] = {name: [right[name], total[name]] for name in total}
        file.write_text(json.dumps(figures, indent=1) + "\n")
    followed = sum(x == 0 for x in thought["low"]) + sum(x > 0 for e in ("medium", "high") for x in thought[e])
    print(f"{'effort followed':40} {followed:5} {sum(map(len, thought.values())):4}")
    print("mean characters of analysis:", ", ".join(f"{e} {sum(thought[e]) / max(1, len(thought[e])):.0f}" for e in ("low", "medium", "high")))
    if failed:
        sys.exit(f"below what is {'saved' if saved else 'required'}: " + "; ".join(failed))


if __name__ == "__main__":
    main()
