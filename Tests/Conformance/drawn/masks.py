"""From a schema to a mask: an automaton over bytes, the tree of tokens, and which of them may come next."""

from drawn.canvas import Canvas

WORDS = ["red", "rose", "blue"]
SO_FAR = '"r'
TOKENS = ["a", "e", "ed", 'ed"', "el", "o", "os", 'ose"', "r", "1"]


def draw():
    states, final = automaton()
    canvas = Canvas(
        500,
        660,
        "From a schema to a mask",
        f"A schema allows the strings {', '.join(WORDS)}. Its automaton has a state per beginning. After {SO_FAR} the "
        f"tree of tokens is walked beside the automaton: allowed are {', '.join(allowed(states))}, and no others.",
    )
    canvas.text(12, 26, "The schema", bold=True)
    schema = '{"enum": [' + ", ".join(f'"{word}"' for word in WORDS) + "]}"
    canvas.box(12, 38, 476, 32, "plain", schema, code=True)
    canvas.line((250, 72), (250, 92), arrow=True, width=2)
    canvas.text(12, 108, "An automaton over bytes", bold=True)
    machine(canvas, states, final)
    canvas.line((250, 288), (250, 308), arrow=True, width=2)
    canvas.text(12, 326, f"The tree of tokens, walked from the state after {SO_FAR}", bold=True)
    tree(canvas, states)
    canvas.line((250, 540), (250, 560), arrow=True, width=2)
    canvas.text(12, 578, "The mask", bold=True)
    for place, token in enumerate(TOKENS):
        color = "green" if token in allowed(states) else "plain"
        canvas.box(12 + place * 48, 590, 44, 28, color, token, size=13, code=True, dashed=color == "plain")
    canvas.text(12, 644, "Green: tokens that may come next. The sampler looks at no others.", size=13, color="quiet")
    return canvas.svg()


def automaton():
    """{text: {byte: text}}: a state is the text so far, and the last of all is the same for every word."""
    states = {}
    for word in WORDS:
        text = f'"{word}"'
        for length in range(len(text)):
            after = text[: length + 1] if length + 1 < len(text) else "end"
            states.setdefault(text[:length], {})[text[length]] = after
    return states, "end"


def walk(states, token):
    """The state after a token, or None."""
    state = SO_FAR
    for byte in token:
        state = states.get(state, {}).get(byte)
        if state is None:
            return None
    return state


def allowed(states):
    return [token for token in TOKENS if walk(states, token) is not None]


def machine(canvas, states, final):
    """A row per word; states that words share stand once."""
    places = {"": (30, 160), '"': (84, 160), final: (466, 200)}
    for row, word in enumerate(WORDS):
        for length in range(1, len(word) + 1):
            key = f'"{word[:length]}'
            if key not in places:
                places[key] = (84 + length * 64, (140, 200, 260)[row])
    places[SO_FAR] = (148, 160)
    for state, edges in states.items():
        for byte, after in edges.items():
            (x, y), (other, below) = places[state], places[after]
            length = ((other - x) ** 2 + (below - y) ** 2) ** 0.5
            dx, dy = (other - x) / length * 14, (below - y) / length * 14
            canvas.line((x + dx, y + dy), (other - dx, below - dy), arrow=True)
            canvas.text((x + other) / 2, (y + below) / 2 - 6, byte, "middle", code=True)
    for state, (x, y) in places.items():
        color = "orange" if state == SO_FAR else "green" if state == final else "plain"
        canvas.box(x - 13, y - 13, 26, 26, color, radius=13)


def tree(canvas, states):
    """The tokens by their bytes: where the automaton has no way, the walk ends."""
    nodes = sorted({token[: length + 1] for token in TOKENS for length in range(len(token))})
    leaves = [node for node in nodes if not any(other != node and other.startswith(node) for other in nodes)]
    gap = 190 / (len(leaves) - 1)
    rows = {leaf: 346 + place * gap for place, leaf in enumerate(leaves)}

    def y(node):
        below = [rows[leaf] for leaf in leaves if leaf.startswith(node)]
        return sum(below) / len(below)

    canvas.box(60, y("") - 12, 64, 24, "orange", SO_FAR, size=13, code=True)
    for node in nodes:
        x, is_open = 96 + len(node) * 90, walk(states, node) is not None
        canvas.line((x - (62 if len(node) > 1 else 58), y(node[:-1])), (x - 28, y(node)), dashed=not is_open)
        color = ("green" if node in TOKENS else "blue") if is_open else "plain"
        canvas.box(x - 28, y(node) - 12, 56, 24, color, node, size=13, code=True, dashed=not is_open)
