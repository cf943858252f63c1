"""What attention sees and what it keeps: rings and pages, sinks and windows."""

import math

from drawn.canvas import Canvas, number
from drawn.sources import constant, says, table

PAGE = "Docs/Attention.md"
WINDOW, BATCH = 128, 256


def draw_rings():
    page = constant("Sources/Kernels/Attention/KeyValuePages.swift", "positionsPerPage")
    says(PAGE, f"{WINDOW} + {BATCH} − 1 = {WINDOW + BATCH - 1} positions")
    # As KeyValuePages: one page more than the reach fills.
    ring = math.ceil((WINDOW + BATCH - 1) / page) + 1
    says(PAGE, f"So the ring has {ring} pages")
    read = 9 * page
    canvas = Canvas(
        500,
        512,
        "Pages that grow and a ring that turns",
        f"After {read} positions a full layer has {read // page} pages of {page} positions. A sliding layer has "
        f"{ring} pages in a ring: positions {ring * page} and later have overwritten the oldest.",
    )
    canvas.text(12, 26, f"A full layer, after {read} positions: it appends pages", bold=True)
    for place in range(read // page):
        column, row = place % 5, place // 5
        text = f"{place * page}…{place * page + page - 1}"
        canvas.box(12 + column * 96, 40 + row * 40, 90, 32, "blue", text, size=13)
    canvas.box(12 + 4 * 96, 80, 90, 32, "plain", "the next", size=13, dashed=True)
    canvas.text(12, 158, f"A sliding layer: a ring of {ring} pages", bold=True)
    turn(canvas, 250, 322, ring, page, read)
    return canvas.svg()


def turn(canvas, x, y, ring, page, read):
    """The ring, each page with the positions that it holds after so many have been read."""
    outer, inner = 144, 68
    for place in range(ring):
        newest = max(each for each in range(read // page) if each % ring == place)
        is_window = newest * page >= read - WINDOW
        color = "orange" if is_window else "blue"
        start, end = (math.tau * (place + side) / ring - math.pi / 2 for side in (0.012, 0.988))
        corners = [
            (x + radius * math.cos(angle), y + radius * math.sin(angle))
            for radius, angle in ((outer, start), (outer, end), (inner, end), (inner, start))
        ]
        a, b, c, d = (f"{number(px)} {number(py)}" for px, py in corners)
        canvas.parts.append(
            f'<path d="M{a}A{outer} {outer} 0 0 1 {b}L{c}A{inner} {inner} 0 0 0 {d}Z" class="{color}" '
            f'style="fill-opacity:1"/>'
        )
        middle = (start + end) / 2
        px, py = x + 107 * math.cos(middle), y + 107 * math.sin(middle)
        canvas.text(px, py - 3, f"page {place}", "middle", size=13, bold=True)
        canvas.text(px, py + 14, f"{newest * page}…{newest * page + page - 1}", "middle", size=13)
    oldest = read // page % ring
    canvas.text(x, y - 14, f"position {read}", "middle", size=13)
    canvas.text(x, y + 4, f"goes to page {oldest}:", "middle", size=13)
    canvas.text(x, y + 22, f"{read // page} mod {ring}", "middle", size=13, code=True)
    canvas.text(12, 496, f"Orange: the window of {WINDOW} positions that the last token saw.", size=13, color="quiet")


def draw_sinks():
    canvas = Canvas(
        500,
        470,
        "What a token sees: everything, or a window, and a sink",
        "Two grids, a row per token and a column per position. On odd layers a token sees itself and everything "
        "before it, on even layers the last positions alone. In both, a share goes to a sink, which is no token. "
        "Below, the worked example: the shares of three positions and the sink add up to one.",
    )
    for left, title, window in ((12, "Odd layers: everything", 8), (262, "Even layers: a window of 3", 3)):
        canvas.text(left, 26, title, bold=True)
        canvas.text(left, 46, "position →", size=13, color="quiet")
        canvas.text(left + 226, 46, "sink", "end", size=13, color="quiet")
        for token in range(8):
            for position in range(8):
                sees = token - window < position <= token
                canvas.box(left + position * 23, 54 + token * 23, 21, 21, "blue" if sees else "plain", radius=3)
            canvas.box(left + 200, 54 + token * 23, 21, 21, "purple", radius=3)
    canvas.text(12, 258, "A row is a token; blue is what it sees.", size=13, color="quiet")
    shares = [(row[0], float(row[5])) for row in table(PAGE, "position")]
    assert abs(sum(share for _, share in shares) - 1) < 1e-5, "the page's weights do not add up to 1"
    says(PAGE, "the window is 3")
    canvas.text(12, 296, "Where the attention of one token goes", bold=True)
    rest = sum(share for name, share in shares if name != "sink")
    split(canvas, 308, "with a sink", shares)
    split(canvas, 378, "without", [(name, share / rest) for name, share in shares if name != "sink"])
    canvas.text(12, 456, "The worked example of this page: positions 62, 63, 64.", size=13, color="quiet")
    return canvas.svg()


def split(canvas, y, title, shares):
    """A bar that is cut where one share ends."""
    canvas.text(12, y + 29, title, size=13, color="quiet")
    x = 96
    for name, share in shares:
        width = 390 * share
        canvas.box(x, y, width, 30, "purple" if name == "sink" else "blue", name if width > 24 else "", size=13)
        canvas.text(x + width / 2, y + 47, f"{100 * share:.1f} %", "middle", size=13, color="quiet")
        x += width
