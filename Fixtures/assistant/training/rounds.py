"""Turns of several rounds: a second attempt after an error, calls that need each other's results, several calls at once,
and requests that only mean something after the last one."""

import json
import re

import runner
import tools as T
import words as W
from harmony import Turn, dump, mark, unmark
from runner import evaluate, moment, options_of
from use import Use, pretty

RETRY = """timeout, please try again|temporarily unavailable, try again|busy, try again|rate limit, retry in a second|connection lost, please retry|
try again later|server error, please try again|lock held, try again|temporary failure, try again|overloaded, please retry""".replace("\n", "").split("|")
EFFORT = {"again": ("The call failed for the moment. I try it once more.", "The tool says that it failed for the moment. I call it once more with the same arguments."),
          "arguments": ("The arguments were wrong. I call it again.", "The arguments were wrong. I look at the message again and call the tool with all of them."),
          "name": ("There is no such tool. I call the right one.", "There is no tool of that name. The declared tool that fits is called instead.")}  # fmt: skip


def thought(effort, texts):
    return [] if effort == "low" else [("analysis", texts[0 if effort == "medium" else 1])]


def error_text(rng, error):
    return rng.choice([pretty(rng, {"error": error}), "Error: " + error, "Error: " + error, "error: " + error, error])


def fault(rng, use):
    """A wrong call and what the engine tells the model about it; None if the tool has no arguments."""
    names = list(use.arguments)
    if not names:
        return None
    name = rng.choice(names)
    if rng.random() < 0.6:
        wrong = {k: v for k, v in use.arguments.items() if k != name}
        return wrong, f'{use.tool.name} was not called, its arguments are wrong: "{name}" is missing'
    v = use.arguments[name]
    wrong = {k: (([v] if rng.random() < 0.5 else None) if k == name else x) for k, x in use.arguments.items()}
    kind = {str: "a string", bool: "a boolean", list: "an array"}.get(type(v), "a number")
    return wrong, f'{use.tool.name} was not called, its arguments are wrong: "{name}" must be {kind}, not {"an array" if wrong[name] else "null"}'


def retry_turn(rng, effort, use, tools, kind=None):
    """A call that fails, and the second attempt."""
    t = T.call_turn(rng, effort, use, tools)
    before = [s for s in t.steps if s[0] == "analysis"][:1]
    kind = kind or rng.choices(["again", "arguments", "name"], [5, 4, 1])[0]
    wrong, name, error = use.arguments, use.tool.name, error_text(rng, rng.choice(RETRY))
    learned = "call" if kind == "again" and rng.random() < 0.5 else "given call"
    if kind == "arguments":
        found = fault(rng, use)
        if found is None:
            kind = "again"
        else:
            wrong, error = found
    elif kind == "name":
        name = rng.choice(["run", "tool", use.tool.name + "s", use.tool.name + "_file", W.word(rng), use.tool.name.split("_")[0] + "_" + W.word(rng)])
        if name in [x.name for x in tools]:
            name += "_x"
        error = f'there is no tool "{name}"; the tools are {", ".join(x.name for x in tools)}'
    if learned == "given call":
        before = [("given analysis", s[1]) for s in before]
    result, final = use.result, use.final
    if rng.random() < 0.2:  # it fails again
        second = rng.choice(RETRY)
        result, final = error_text(rng, second), f"The call to {mark(use.tool.name)} failed: {mark(second)}"
    steps = before + [(learned, name, dump(wrong, marked=learned == "call")), ("result", name, error)]
    steps += thought(effort, EFFORT[kind]) + [("call", use.tool.name, dump(use.arguments)), ("result", use.tool.name, result)]
    if effort == "high":
        steps.append(("analysis", "The tool has answered. I tell the user what it says."))
    answer = {"name": use.tool.name, "arguments": use.arguments, "final": unmark(final)}
    return Turn(t.user, steps + [("final", final)], "second attempt", answer, 1.0)


SUM_TO_FILE = options_of(
    """Calculate {e} and write the result to {f}|What is {e}? Save the answer in {f}|Compute {e} and save it to {f}|Write the result of {e} to {f}|
Work out {e} and put the result into {f}|Save {e} worked out to {f}|Calculate {e}. Then write the result to {f}|Put the value of {e} into the file {f}|
Create a file {f} with the result of {e}|How much is {e}? Write it to {f}|Store the result of {e} in {f}|Create {f} with the value of {e}|What is {e}? Write it into {f}, please|
[Calculate|Compute|Work out|Solve] {e} and [write|put|save|store] [it|the result|the answer|the value|what you get] [to|in|into] [|the file |a file named ]{f}|[Write|Save|Put|Note] the [answer|value|sum|result] of {e} [to|in|into] {f}|
[What is|How much is|What's] {e}? [Save|Write|Put|Note] the [answer|result] [to|in|into] {f}[|, please]|[Make|Create] [a file |]{f} with the [answer|result|value] of {e}[| in it]|{e}: [write|save] the result to {f}|
First [calculate|compute] {e}, then [write|save|put] the result [to|into] {f}|[Please |][compute|calculate] {e}. [Save|Store] the [result|answer] [as|in] {f}"""
)
TIME_TO_FILE = options_of(
    """Write the current time to {f}|Save the [time|current time] in {f}|Create a file {f} with the current time|Put the [current time|time] into {f}|Write the time and date to {f}|
Create {f} with the time in it|Look at the clock and write the time to {f}|What time is it? Save it to {f}|Store the current time in {f}|Note the time in {f}|
[Write|Save|Put|Note|Store] the [time|date|current time|current date|date and time] [to|in|into] [|the file |a file named ]{f}[|, please]|[What time is it?|What is the time?|What day is it?] [Write|Put|Note|Store] it [to|in|into] {f}|
[Check|Look up|Get] the [time|date|current time] and [write|save|put] it [to|in|into] {f}|[Make|Create] [a file |]{f} with the [time|date|current time][| in it]|First [check|get] the time, then [write|save] it to {f}"""
)


def file_after(rng, effort, first, tools):
    """A sum or the time, and its result into a file; None without the tools for it."""
    file = next((t for t in tools if {p.name for p in t.parameters} == {"name", "content"}), None)
    if file is None or first.result.startswith("Error"):
        return None
    f = W.file_name(rng)
    if first.tool is runner.CALCULATOR:
        user = runner.choose(rng, rng.choice(SUM_TO_FILE)).format(e=first.arguments["expression"], f=f)
    elif first.tool is runner.TIME and not first.arguments:
        user = runner.choose(rng, rng.choice(TIME_TO_FILE)).format(f=f)
    else:
        return None
    values = {"name": f, "content": first.result}
    second = Use(file, "", {p.name: values[p.name] for p in file.parameters}, "File created.", f"Done. I created {mark(f)}.")
    return in_turn(rng, effort, first, second, tools, user, "two rounds")


def in_turn(rng, effort, first, second, tools, user, skill):
    """One call after the other's result."""
    a, b = T.call_turn(rng, effort, first, tools), T.call_turn(rng, effort, second, tools)
    steps = [s for s in a.steps if s[0] != "final"]
    if effort == "high":
        steps.pop()
    if skill == "parallel" and rng.random() < 0.7:  # the engine allowed no more than one: what was called is given
        steps = [("given " + s[0],) + s[1:] if s[0] in ("call", "analysis") else s for s in steps]
    if effort != "low":
        steps.append(("analysis", f"Next I call {mark(second.tool.name)}."))
    steps += [s for s in b.steps if s[0] in ("call", "result")]
    if effort == "high":
        steps.append(("analysis", "The tool has answered. I tell the user what it says."))
    steps.append(("final", joined(first.final, second.final)))
    answer = [{"name": u.tool.name, "arguments": u.arguments} for u in (first, second)]
    return Turn(user, steps, skill, answer, 1.0)


def joined(first, second):
    return first + (" " if unmark(first)[-1] in ".!?" else ". ") + second


PAIRS = {
    "weather": "What is the weather in {a} and {b}?|Weather in {a} and in {b}|How is the weather in {a} and in {b}?|Tell me the weather in {a} and {b}.|Compare the weather in {a} and {b}|{a} and {b}: how is the weather?",
    "time": "What time is it in {a} and {b}?|Tell me the time in {a} and in {b}.|Time in {a} and {b}?|How late is it in {a} and in {b}?|What is the time in {a} and in {b}?",
    "calculator": "What is {a} and {b}?|Calculate {a} and {b}|Compute {a} and also {b}|{a} and {b}|How much is {a}, and how much is {b}?|What are {a} and {b}?",
}


def place_of(use):
    """The argument that is a place."""
    return next((p for p in ("location", "city", "place", "zone") if p in use.arguments), None)


def weather_at(rng, use, city):
    degrees = rng.randint(-20, 42)
    arguments = {k: (city if k == place_of(use) else v) for k, v in use.arguments.items()}
    return Use(use.tool, "", arguments, rng.choice([str(degrees), pretty(rng, {"temperature": degrees})]), f"It is {mark(degrees)} degrees in {mark(city)}.", use.kind)


def kind_of(use):
    if use.tool is runner.CALCULATOR:
        return "calculator"
    if use.tool is runner.TIME:
        return "time"
    return "weather" if use.kind and use.kind.__name__ == "weather" and place_of(use) else None


def two_alike(rng, use):
    """Two requests for one tool in one sentence; None for other tools."""
    kind = kind_of(use)
    if kind is None:
        return None
    if kind == "calculator":
        uses = []
        while len(uses) < 2:
            said, written, whole = runner.expression(rng)
            value = evaluate(written)
            if said and value is not None and not re.search(" and | than | from | to | without ", said):
                uses.append((said, Use(use.tool, "", {"expression": written}, value, f"The result of {mark(written)} is {mark(value)}.", use.kind)))
    elif kind == "time":
        uses = []
        first = runner.place(rng)
        for city, zone in (first, next(p for p in iter(lambda: runner.place(rng), None) if p[1] != first[1])):
            result, final = moment(rng, zone)
            uses.append((city, Use(use.tool, "", {"zone": zone}, result, final, use.kind)))
    else:
        cities = [W.city(rng), W.city(rng)]
        if cities[0] == cities[1]:
            return None
        uses = [(c, weather_at(rng, use, c)) for c in cities]
    user = rng.choice(PAIRS[kind].split("|")).format(a=uses[0][0], b=uses[1][0])
    return uses[0][1], uses[1][1], user


def unended(use):
    """The request without the sign at its end, unless that belongs to a value."""
    return use.user if use.user.endswith(use.texts) else use.user.rstrip(".?!")


def parallel_turn(rng, effort, first, second, tools, user=None):
    """Two things at once: both calls in one message, or one after the other where the engine does not allow that."""
    user = user or unended(first) + rng.choice([" and ", ". Also, ", ". And ", " and also "]) + T.lower(second)
    if rng.random() < 0.4:
        return in_turn(rng, effort, first, second, tools, user, "parallel")
    a = T.call_turn(rng, effort, first, tools)
    steps = [s for s in a.steps if s[0] == "analysis"][:1]
    steps += [("call and", first.tool.name, dump(first.arguments)), ("call", second.tool.name, dump(second.arguments))]
    steps += [("result", first.tool.name, first.result), ("result", second.tool.name, second.result)]
    if effort == "high":
        steps.append(("analysis", "The tool has answered. I tell the user what it says."))
    steps.append(("final", joined(first.final, second.final)))
    return Turn(user, steps, "parallel", [{"name": u.tool.name, "arguments": u.arguments} for u in (first, second)], 1.0)


AND_THERE = options_of(
    "And in {c}?|and in {c}?|What about {c}?|And {c}?|How about {c}?|And what about {c}?|Now in {c}|And for {c}?|And {c}, please|The same for {c}|What is it in {c}?|OK, and in {c}?|In {c}?|And how is it in {c}?|and {c}"
)
AND_SUM = {
    "+": "Plus {n}?|And plus {n}?|Add {n} to that|Now add {n}|And {n} more?|Add {n}|plus {n}",
    "-": "Minus {n}?|And minus {n}?|Subtract {n} from that|Now subtract {n}|Take away {n}|minus {n}",
    "*": "Times {n}?|And times {n}?|Multiply that by {n}|Now multiply it by {n}|times {n}|And {n} times that?",
    "/": "Divided by {n}?|And divided by {n}?|Divide that by {n}|Now divide it by {n}|divided by {n}",
}
AND_EXPRESSION = options_of("And {e}?|What about {e}?|Now {e}|and {e}|How about {e}?|And what is {e}?|OK, and {e}?|Then {e}")
RENAME = options_of(
    "Then call it {f}|Name it {f} then|Use the name {f}|Call it {f} instead|Then use {f}|Try {f} instead|OK, {f} then|Then name it {f}, please|Take {f} as the name|Make it {f}|With the name {f} then"
)
ANOTHER = options_of("[Make|Create] another one named {f}|The same as {f}|Also as {f}|Save it as {f}, too|And the same in {f}|A copy named {f}, please|Now the same with the name {f}|Do the same for {f}")


def elliptic(rng, effort, use, tools):
    """A turn that calls the tool, and a message that asks for another call in few words; None for other tools."""
    kind = kind_of(use)
    first = T.call_turn(rng, effort, use, tools)
    if kind in ("weather", "time") and place_of(use):
        if kind == "weather":
            city = W.city(rng)
            second = weather_at(rng, use, city)
        else:
            city, zone = runner.place(rng)
            result, final = moment(rng, zone)
            second = Use(use.tool, "", {"zone": zone}, result, final, use.kind)
        second.user = rng.choice(AND_THERE).format(c=city)
    elif kind == "time":
        return None
    elif kind == "calculator":
        if rng.random() < 0.5 or use.result.startswith("Error") or "e" in use.result:
            said, written, whole = runner.expression(rng)
            value, user = evaluate(written), rng.choice(AND_EXPRESSION).format(e=said or written)
        else:
            sign = rng.choice("+-*/")
            n = rng.randint(2, 99)
            written = f"{use.result} {sign} {n}"
            value, user = evaluate(written), rng.choice(AND_SUM[sign].split("|")).format(n=n)
        if value is None:
            return None
        second = Use(use.tool, user, {"expression": written}, value, f"The result is {mark(value)}.", use.kind)
    elif use.tool.name in ("create_file", "createFile") and set(use.arguments) == {"name", "content"}:
        f = W.file_name(rng)
        failed = use.result.strip('"').startswith("Error")
        if failed and "already exists" not in use.result:
            return None
        user = runner.choose(rng, rng.choice(RENAME if failed else ANOTHER)).format(f=f)
        second = Use(use.tool, user, {k: (f if k == "name" else v) for k, v in use.arguments.items()}, "File created.", f"Done. I created {mark(f)}.", use.kind)
    else:
        return None
    t = T.call_turn(rng, effort, second, tools)
    t.user, t.skill = second.user, "follow-up"
    return [first, t]
