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
import tools as T
from engines import engine
from everyday import everyday
from harmony import Parameter, System, Tool, render_turn, unmark
from invented import invented
from use import Use

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
    """A conversation to be continued: to be answered from the beginning of the last turn, or after its calls."""

    kind: str
    system: System
    turns: list
    answer: object
    after_calls: bool = False

    @property
    def given(self):
        """The steps of the last turn that are there already."""
        steps = self.turns[-1].steps
        return steps[: max(i for i, s in enumerate(steps) if s[0] == "result") + 1] if self.after_calls else []

    @property
    def prompt(self):
        """The conversation as text, up to where the assistant writes."""
        parts = [p for t in self.turns[:-1] for p in render_turn(t, False)]
        parts += render_turn(replace(self.turns[-1], steps=self.given), True)
        return self.system.render() + unmark("".join(p.text for p in parts)) + "<|start|>assistant"


def cases(rng, scale):
    n = lambda count: max(4, int(count * scale))
    for kind, count in (("everyday tools", 160), ("made-up tools", 120)):
        for i in range(n(count)):
            use = invented(rng) if kind == "made-up tools" else handmade(rng) if i % 3 == 0 else everyday(rng)
            uses = T.tool_set(rng, rng.randint(1, 4), 0.45 if kind == "everyday tools" else 0.7, first=use)
            rng.shuffle(uses)
            s = C.system(rng, [u.tool for u in uses])
            t = T.call_turn(rng, s.effort, use, s.tools)
            yield Case(kind, s, [t], t.answer)
            if use.arguments:
                yield Case("answer from the result", s, [t], t.answer["final"], after_calls=True)
    for kind, count in (("questions", 200), ("greetings", 30), ("repeating", 50), ("outside its world", 60)):
        make = {"questions": chat.question, "greetings": chat.greeting, "repeating": chat.repeat, "outside its world": chat.unknown}[kind]
        for _ in range(n(count)):
            s = C.system(rng, [])
            t = make(rng, s.effort, held=True)
            yield Case(kind, s, [t], unmark(t.steps[-1][1]))
    for _ in range(n(80)):
        s = C.system(rng, [])
        told, fact, value = chat.statement(rng, s.effort, chat.FACTS[0])
        between = [chat.simple(rng, s.effort) for _ in range(rng.choice([0, 0, 1, 2]))]
        t = chat.recall(rng, s.effort, fact, value)
        yield Case("name recall", s, [told] + between + [t], t.answer)
    for digits, count in ((2, 100), (3, 60)):
        for effort in ("medium", "high", "low"):
            for _ in range(n(count if effort == "medium" else count // 2)):
                s = C.system(rng, [])
                s.effort = effort
                t = chat.arithmetic(rng, effort, digits=digits)
                yield Case(f"sums to {digits} digits, {'thinking' if effort != 'low' else 'low effort'}", s, [t], t.answer)


def final_of(text):
    found = re.search(r"<\|channel\|>final<\|message\|>(.*?)<\|return\|>", text, re.S)
    return found[1] if found else None


def call_of(text):
    found = re.search(
        r"to=functions\.(\S+?)(?: ?<\|constrain\|>json|<\|channel\|>commentary <\|constrain\|>json)<\|message\|>(.*?)<\|call\|>", text, re.S
    )
    try:
        return (found[1], json.loads(found[2])) if found else (None, None)
    except ValueError:
        return found[1], None


def score(kind, text, answer):
    """What counts for this kind: a dictionary of name -> right."""
    if "tools" in kind:
        name, arguments = call_of(text)
        return {f"{kind}: name": name == answer["name"], f"{kind}: all arguments": name == answer["name"] and arguments == answer["arguments"]}
    final = final_of(text)
    if kind.startswith("sums"):
        return {kind: bool(final) and re.findall(r"-?\d+", final)[-1:] == [answer]}
    return {kind: final == answer}


REQUIRED = {
    "everyday tools: name": 97,
    "everyday tools: all arguments": 85,
    "made-up tools: name": 90,
    "made-up tools: all arguments": 70,
    "answer from the result": 90,
    "questions": 95,
    "name recall": 90,
    "sums to 2 digits, thinking": 80,
}


def margin(counts, total):
    """Points by which the share of `total` cases falls below that of `counts` (right, of) once in a thousand times."""
    share = (counts[0] + 1) / (counts[1] + 2)
    return 100 * 3.1 * (share * (1 - share) * (1 / total + 1 / counts[1])) ** 0.5


def main():
    a = argparse.ArgumentParser(description=__doc__)
    a.add_argument("model")
    a.add_argument("--engine", choices=["server", "llama"])
    a.add_argument("--program", help="the runner, if not .build/release/gptoss or $GPTOSS")
    a.add_argument("--scale", type=float, default=1.0, help="share of the cases")
    a.add_argument("--seed", type=int, default=20260)
    a.add_argument("--show", type=int, default=0, help="failures to print for each line of the table")
    a.add_argument("--save", help="write the counts to this file, under the engine's name")
    a.add_argument("--compare", help="fail where the share is below that of this file by more than chance explains, not below the required one")
    o = a.parse_args()
    made = list(cases(random.Random(f"held-out {o.seed}"), o.scale))
    texts = engine(o.model, o.engine, o.program).complete(made)
    right, total, shown = collections.Counter(), collections.Counter(), collections.Counter()
    thought = collections.defaultdict(list)
    for case, text in zip(made, texts):
        analysis = re.search(r"<\|channel\|>analysis<\|message\|>(.*?)<\|end\|>", text, re.S)
        if not case.after_calls:
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
        if need is not None and share < need - (margin(saved[name], total[name]) if saved else 0):
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
