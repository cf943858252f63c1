"""One chat request, from the client to the engine and back."""

import re

from drawn.canvas import Canvas
from drawn.sources import ROOT

# Who takes part, from left to right, and the folder in which it is.
LANES = [("client", None), ("HTTP", "Server/HTTP"), ("service", "Server"), ("engine", "GPTOSS")]
# (from, to, what happens, the type or function that does it)
STEPS = [
    (0, 1, "POST /v1/chat/completions", None),
    (1, 1, "is it HTTP, and for this host?", "RequestGuard"),
    (1, 1, "may it enter? key and origin", "GateMiddleware"),
    (1, 2, "the body's bytes", "APIService"),
    (2, 2, "fields, messages, tools, format", "ChatRequest"),
    (2, 2, "schemas become masks", "CompilationQueue"),
    (2, 2, "a slot, or a place in the queue", "Admission"),
    (2, 3, "one generation per answer", "Generations"),
    (3, 3, "reads what no cache has", "SequencePool"),
    (3, 3, "passes, shared with others", "PassPlan"),
    (3, 2, "events, a token at a time", "ResponseEvent"),
    (2, 2, "events become chunks", "ChatChoice"),
    (2, 1, "server-sent events", "ServerSentEvent"),
    (1, 0, "data: {…}, and data: [DONE]", None),
    (1, 1, "a line of the log, metrics", "ExchangeMiddleware"),
]


def draw():
    for _, _, _, name in STEPS:
        assert name is None or declared(name), f"the drawing names {name}, which nothing declares"
    canvas = Canvas(
        500,
        66 + len(STEPS) * 38,
        "One chat request",
        "; ".join(
            f"{LANES[a][0]} to {LANES[b][0]}: {what}" + f" ({name})" * bool(name) for a, b, what, name in STEPS
        ),
    )
    bottom = canvas.height - 14
    for lane, (name, _) in enumerate(LANES):
        canvas.text(x(lane), 26, name, "middle", size=13, bold=True)
        canvas.line((x(lane), 36), (x(lane), bottom))
    for row, (start, end, what, name) in enumerate(STEPS):
        y = 58 + row * 38
        if start == end:
            canvas.box(x(start) - 8, y - 9, 16, 18, "blue" if start < 3 else "green", radius=3)
        else:
            side = 1 if end > start else -1
            canvas.line((x(start), y), (x(end) - side, y), arrow=True, color="orange", width=2)
        canvas.text(234, y - 1 if name else y + 5, what, size=13)
        if name:
            canvas.text(234, y + 16, name, size=13, color="quiet", code=True)
    return canvas.svg()


def x(lane):
    return 32 + lane * 58


def declared(name):
    return any(
        re.search(rf"\b(struct|class|enum|actor|protocol) {name}\b", path.read_text())
        for _, folder in LANES
        if folder
        for path in (ROOT / "Sources" / folder).rglob("*.swift")
    )
