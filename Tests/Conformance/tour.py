#!/usr/bin/env python3
"""Docs/Tour.md: one answer of the small model, followed through a real trace.

    swift build -c release --product gptoss
    python Tests/Conformance/tour.py            checks that the page is what the model does now
    python Tests/Conformance/tour.py --write    writes the page anew

Words have to be the same, and numbers to agree to 2 %: a change of rounding alone makes no other page.
"""

import json
import math
import os
import re
import subprocess
import sys
from pathlib import Path

from checks import check, finish

ROOT = Path(__file__).resolve().parent.parent.parent
PAGE = ROOT / "Docs" / "Tour.md"
GPTOSS = os.environ.get("GPTOSS", str(ROOT / ".build" / "release" / "gptoss"))
PROMPT = "What is MXFP4?"
NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:e-?\d+)?")


def run(*arguments):
    done = subprocess.run([GPTOSS, *arguments, "-p", PROMPT, "--temperature", "0", "--kernels", "portable"], capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{arguments}: {done.stderr}")
    return done.stdout


def shown(text):
    """A token as code on the page: a space at its ends is seen."""
    return "`" + re.sub(r"^ | $", "␣", text.replace("\n", "⏎")) + "`"


def percent(share):
    return f"{100 * share:.1f} %" if share >= 0.0005 else "< 0.1 %"


def table(head, rows):
    lines = [f"| {' | '.join(head)} |", f"| {' | '.join('---' for _ in head)} |"]
    # Markers of a conversation have bars of their own.
    cells = [[str(one).replace("|", "\\|") for one in row] for row in rows]
    return "\n".join(lines + [f"| {' | '.join(row)} |" for row in cells])


def rules(sampling):
    """What the format's rules left, where they were asked."""
    left = [step["remaining"] for step in sampling["steps"] if step["stage"] == "mask"]
    return f"By the format's rules {left[0]} tokens may come here. " if left else ""


def explained():
    """The four steps of `gptoss explain`, each a list of lines."""
    steps, lines = [], []
    for line in run("explain").splitlines() + [""]:
        if line:
            lines.append(line)
        elif lines:
            steps.append(lines)
            lines = []
    return steps


def fields(step):
    """The lines of a block's bytes."""
    return "\n".join("    " + line for line in step if re.match(r"  (bytes? \d|  +[0-9a-f]{2}( [0-9a-f]{2})*$)", line))


def sums(step):
    """The lines of a step that are added up, and their sum."""
    return "\n".join("    " + line for line in step if re.match(r"(= |  ) *-?\d+\.\d{6} ?", line))


def page():
    trace = json.loads(run("trace", "--json", "--lens", "answer"))
    tokens, layers = trace["tokens"], trace["layers"]
    written = next(i for i, one in enumerate(tokens) if one["generated"] and one["channel"] == "final")
    read = written - 1
    user = [one for one in tokens if one["channel"] == "user"]
    answer = "".join(one["text"] for one in tokens if one["channel"] == "final").replace("\n", "\n> ")
    token = tokens[written]
    steps = explained()
    # The expert that explain goes into.
    expert, layer = map(int, re.match(r"Expert (\d+) of layer (\d+)", steps[1][0]).groups())
    data = layers[layer]
    router = data["router"][read]
    chosen, weights, norms = data["experts"][read], data["weights"][read], data["norms"][read]
    sinks, attended = data["sink"][read], data["attended"][read]
    sampling = token["sampling"]
    other = next(one for one in token["alternatives"] if one["id"] != token["id"])
    return f"""# From your words to an expert and back

A guided tour of one answer. Every number on this page was written by `Tests/Conformance/tour.py` from a trace of the small
model that comes with the package, and CI checks that it still is what the model does. See it yourself; the numbers are the same
on every processor with vector instructions that the package knows ([Kernels.md](Kernels.md#one-arithmetic)):

    gptoss trace -p "{PROMPT}" --temperature 0 -o trace.html
    gptoss explain -p "{PROMPT}" --temperature 0

## 1. Words become tokens

The question is {len(user)} of the {len(tokens)} tokens of the conversation: {" ".join(shown(one["text"]) for one in user)}
(␣ is a space that belongs to a token). Around them stand markers and headers, which say who speaks
([Harmony.md](Harmony.md)). The model has {len(layers)} layers; it reads each token in all of them and then says which token comes next.
Its answer:

> {answer}

We follow the moment when it wrote the first token of that, {shown(token["text"])}. At that moment the last token that it had read was
{shown(tokens[read]["text"])}, token {read}, and what follows is what happened while it read it.

## 2. Attention looks back

A token's numbers, its *residual stream*, begin as its embedding, a list of numbers that the model learned for it. Each layer
adds to them, first by its attention, then by its experts. We look into layer {layer}, where the expert works that did most for this
token. There the residual stream has a length of {data["input_norms"][read]:.2f} before the layer, {data["middle_norms"][read]:.2f} after attention, and {data["residual_norms"][read]:.2f} at the end.
Attention wrote {data["attention_norms"][read]:.2f}. Lengths do not add up, because directions differ: 3 and 4 make 5 where they stand at right angles.

In attention {len(sinks)} heads look at this token and at earlier ones. Each has 100 % to give away; what it gives to its *sink* goes to
no token ([Attention.md](Attention.md)). The table has three tokens of each head; the rest went to others. In parentheses stands
which token it is:

{table(["head", "to the sink", "looked most at"],
       [(head, percent(sink), ", ".join(f"{shown(tokens[position]['text'])} ({position}) {percent(share)}" for position, share in places[:3]))
        for head, (sink, places) in enumerate(zip(sinks, attended))])}

## 3. The router chooses

Then the router gives each of the layer's {len(router)} experts a number, and the {len(chosen)} largest are chosen. Their weights are the softmax of
these {len(chosen)} alone ([MixtureOfExperts.md](MixtureOfExperts.md)). An expert's result times its weight is what it writes into the
residual stream; the last column is the length of that.

{table(["expert", "router", "weight", "wrote"],
       [(index, f"{logit:.3f}", percent(weights[chosen.index(index)]) if index in chosen else "", f"{norms[chosen.index(index)]:.3f}" if index in chosen else "")
        for index, logit in enumerate(router)])}

The weight of expert {chosen[0]} is 1 / (1 + e^({router[chosen[1]]:.3f} − {router[chosen[0]]:.3f})) = {1 / (1 + math.exp(router[chosen[1]] - router[chosen[0]])):.3f}.

## 4. What wrote the next token

After the last layer the residual stream becomes a *logit* for every token of the vocabulary: the larger, the likelier. Each number of
the residual stream counts with a factor of its own, and all are added up. The stream is itself the sum of what the embedding, attention
and experts wrote, so the logit is the sum of their shares.

Why {shown(token["text"])}, and not {shown(other["text"])}, the likeliest other? That token's logit is a sum of the same parts with factors
of its own. So each part has a *lead*, its share of the one logit less its share of the other: where it is above 0, the part is in favor
of {shown(token["text"])}. Share and lead:

{sums(steps[0])}

The engine's own numbers differ in their last digits: it rounds activations to 16 bits before it multiplies, and adds in single
precision ([Tracing.md](Tracing.md#a-token-taken-apart) says which digits agree).

## 5. Into an expert

Expert {expert} of layer {layer} has the largest share of all experts. It writes one number per row of a matrix, its down projection. A row's
share is the expert's weight · what came out of the row · the factor with which that number counts for {shown(token["text"])}:

{sums(steps[1])}

## 6. Into a row, and a block

What came out of the row with the largest share is a sum over blocks of 32 weights. Each weight is multiplied by an *activation*, a
number that the first half of the expert computed, as it was before it was rounded:

{sums(steps[2])}

The block that moves the row most is a scale and 32 numbers of four bits ([MXFP4.md](MXFP4.md)). These are its 17 bytes;
`gptoss explain` says where in the file they stand, and names the `gptoss inspect` command that draws the block:

{fields(steps[3])}

In parentheses stands scale · number = weight, behind them the activation:

{sums(steps[3])}

## 7. And back

From the block back to the word. Each layer had an opinion of its own; if the model had ended after it, it would have said
the following. (It is not the sum of the shares of section 4 so far: those are of the length of the stream at the end, an opinion is of
its length after that layer.) Place 1 is the likeliest:

{table(["after layer", "it would have said", f"place of {shown(token['text'])}"],
       [(index, ", ".join(f"{shown(one['text'])} {percent(math.exp(one['log_probability']))}" for one in reading["best"]), reading["rank"] + 1)
        for index, reading in enumerate(token["lens"])])}

The *sampler* has the last word. {rules(sampling)}At temperature 0 it takes the likeliest and drops the others.

{table(["token", "model's probability", "in the draw"],
       [(shown(one["text"]), percent(one["probability"]), percent(one["draw_probability"]) if not one["dropped_by"] else f"dropped by {one['dropped_by']}")
        for one in sampling["candidates"][:5]])}

{shown(token["text"])} becomes text. Then the model reads it as its next token, and all of this happens again.
"""


def same(old, new):
    """Where two pages differ in words, or in numbers by more than 2 %; None if they do not."""
    lines = zip(old.splitlines() + ["", ""], new.splitlines() + ["", ""])
    for number, (a, b) in enumerate(lines, 1):
        if re.sub(r"\s+", " ", NUMBER.sub("#", a)) != re.sub(r"\s+", " ", NUMBER.sub("#", b)):
            return f"line {number}: {a!r}, now {b!r}"
        for x, y in zip(map(float, NUMBER.findall(a)), map(float, NUMBER.findall(b))):
            if abs(x - y) > max(0.02 * max(abs(x), abs(y)), 0.002):
                return f"line {number}: {x} is now {y}: {b!r}"
    return None


def main():
    new = page()
    if sys.argv[1:] == ["--write"]:
        PAGE.write_text(new)
        return print(f"wrote {PAGE}")
    check(PAGE.exists(), f"{PAGE} is missing; tour.py --write makes it")
    problem = same(PAGE.read_text(), new) if PAGE.exists() else None
    check(problem is None, f"{problem}; tour.py --write makes the page anew")
    finish()


if __name__ == "__main__":
    main()
