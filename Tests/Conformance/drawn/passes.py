"""Passes over time: who takes part in each, and how many tokens a pass gives."""

import re

from drawn.canvas import Canvas
from drawn.sources import constant, source

PLAN = "Sources/GPTOSS/Generation/PassPlan.swift"


def draw_plan():
    short = constant(PLAN, "shortPrompt")
    most = int(re.search(r"shared = \(time: .*, tokens: \d+\.\.\.(\d+)\)", source(PLAN))[1])
    # Each with the pass at which it comes and the tokens of its prompt; the first has read its own before.
    guests = [("A", 1, 0), ("B", 3, 100), ("C", 5, 200)]
    passes = planned(guests, short, most, 9)
    canvas = Canvas(
        500,
        462,
        "Which tokens share a pass",
        "Nine passes. A writes a token in each. B comes with a prompt of 100 tokens, which one pass reads beside "
        f"A's token. C comes with 200, of which passes read {most} each until {short} or less are left, while A "
        "and B go on.",
    )
    for place, (name, _, prompt) in enumerate(guests):
        title = "A writes" if not prompt else f"{name}: a prompt of {prompt}"
        canvas.text((120, 240, 390)[place], 26, title, "middle", size=13, bold=True)
    canvas.line((38, 44), (38, 396), arrow=True)
    canvas.text(12, 30, "time", size=13, color="quiet")
    for row, counts in enumerate(passes):
        y = 44 + row * 39
        canvas.box(54, y, 434, 32, "plain", radius=16)
        for place, (count, is_prompt) in enumerate(counts):
            if count:
                width = 34 if not is_prompt else 40 + count
                x = (120, 240, 390)[place] - width / 2
                canvas.box(x, y + 4, width, 24, "orange" if is_prompt else "green", str(count), size=13, radius=12)
    canvas.text(
        12, 420, "A gray bar is a pass: it reads the weights once, for all tokens in it.", size=13, color="quiet"
    )
    canvas.box(12, 436, 16, 14, "green")
    canvas.text(34, 448, "a token that is written", size=13, color="quiet")
    canvas.box(230, 436, 16, 14, "orange")
    canvas.text(252, 448, "tokens of a prompt that are read", size=13, color="quiet")
    return canvas.svg()


def planned(guests, short, most, count):
    """[pass][guest]: how many tokens, and whether they are of a prompt; as PassPlan has it where there is one long
    prompt, and time for the most tokens."""
    left = {name: prompt for name, _, prompt in guests}
    passes = []
    for moment in range(1, count + 1):
        row = []
        for name, comes, _ in guests:
            if moment < comes:
                row.append((0, False))
            elif left[name]:
                tokens = left[name] if left[name] <= short else min(most, left[name])
                left[name] -= tokens
                row.append((tokens, True))
            else:
                row.append((1, False))
        passes.append(row)
    return passes


PROMPT = "Please send the report to Ada Lovelace today".split()
ANSWER = "I will send the report to Ada Lovelace now".split()
GUESSES = 4


def draw_drafts():
    shortest = constant("Sources/GPTOSS/Generation/Lookahead/IndexedText.swift", "shortest")
    passes = looked_ahead(shortest)
    assert sum(len(chosen) for _, _, chosen in passes) == len(ANSWER)
    canvas = Canvas(
        500,
        128 + len(passes) * 58,
        "An answer whose passes read guesses",
        f"The answer copies from the question. Once {shortest} of its tokens agree with it, a pass reads the "
        "tokens that followed there as guesses. Each that is chosen anyway is right; the first that is not ends "
        f"the pass. {len(ANSWER)} tokens take {len(passes)} passes.",
    )
    canvas.text(12, 26, "The question", size=13, color="quiet")
    canvas.text(12, 46, " ".join(PROMPT), size=13, code=True)
    canvas.text(12, 78, "Each pass: above what it reads, below what is chosen", size=13, color="quiet")
    for row, (last, guesses, chosen) in enumerate(passes):
        y = 88 + row * 58
        canvas.text(12, y + 32, str(row + 1), size=13, color="quiet")
        for place, word in enumerate([last, *guesses]):
            x = 34 + place * 92
            canvas.box(x, y, 86, 22, "plain", word, size=13, code=True, dashed=place > 0)
            if place < len(chosen):
                right = place < len(guesses) and guesses[place] == chosen[place]
                canvas.box(x, y + 26, 86, 22, "blue" if right else "green", chosen[place], size=13, code=True)
    bottom = 88 + len(passes) * 58
    canvas.text(
        12, bottom + 12, "Dashed: a guess. Blue: it was right, and has been read already.", size=13, color="quiet"
    )
    canvas.text(
        12, bottom + 30, f"{len(ANSWER)} tokens in {len(passes)} passes, and the same text as without guesses.",
        size=13, color="quiet",
    )  # fmt: skip
    return canvas.svg()


def looked_ahead(shortest):
    """[(the token that is read, the guesses read behind it, what is chosen)], by the longest end of the text that
    occurred before."""
    text = [*PROMPT, "…"]
    done, passes = 0, []
    while done < len(ANSWER):
        guesses = following(text, shortest)
        chosen = []
        for guess in [*guesses, None]:
            chosen.append(ANSWER[done + len(chosen)])
            if guess != chosen[-1] or done + len(chosen) == len(ANSWER):
                break
        passes.append((text[-1], guesses, chosen))
        text += chosen
        done += len(chosen)
    return passes


def following(text, shortest):
    for length in range(len(text) - 1, shortest - 1, -1):
        for start in range(len(text) - length - 1, -1, -1):
            if text[start : start + length] == text[-length:]:
                rest = text[start + length : start + length + GUESSES]
                return rest[: rest.index("…")] if "…" in rest else rest
    return []
