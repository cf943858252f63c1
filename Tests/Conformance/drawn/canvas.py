"""A drawing as SVG: boxes, text, lines and arrows, in colors for light and for dark pages."""

from xml.sax.saxutils import escape

# (light, dark) of each name. The fills are pale, so that text of the ink's color stands on all of them.
COLORS = {
    "page": ("#ffffff", "#0d1117"),
    "ink": ("#1f2328", "#e6edf3"),
    "quiet": ("#59636e", "#9198a1"),
    "plain": ("#f6f8fa", "#1c2128"),
    "rule": ("#8c959f", "#6e7681"),
    "blue": ("#d8eaff", "#12365c"),
    "green": ("#d5f5dc", "#143d22"),
    "orange": ("#ffe8cf", "#53300f"),
    "purple": ("#eee0ff", "#3b2860"),
}
EDGES = {"plain": "rule", "blue": "#0969da", "green": "#1a7f37", "orange": "#bc4c00", "purple": "#8250df"}

# A phone shows a drawing at three quarters of its size: no text is smaller than this.
SMALLEST = 13


class Canvas:
    """What is drawn comes in the order of the calls, the later above the earlier."""

    def __init__(self, width, height, title, description):
        self.width, self.height = width, height
        self.title, self.description = title, description
        self.parts = []

    def box(self, x, y, width, height, color="plain", text="", size=14, code=False, radius=5, dashed=False):
        """A rectangle with a line of text, or several, in its middle."""
        dash = ' stroke-dasharray="4 3"' if dashed else ""
        self.parts.append(
            f'<rect x="{number(x)}" y="{number(y)}" width="{number(width)}" height="{number(height)}" '
            f'rx="{radius}" class="{color}"{dash}/>'
        )
        lines = text.split("\n") if text else []
        for place, line in enumerate(lines):
            middle = y + height / 2 + (place - (len(lines) - 1) / 2) * (size + 4)
            self.text(x + width / 2, middle + size * 0.35, line, "middle", size, code=code, room=width)

    def text(self, x, y, text, anchor="start", size=14, color="ink", bold=False, code=False, room=None):
        """A line of text; `room` is how wide it may be, the page if nothing is said."""
        assert size >= SMALLEST, f"{self.title}: {text!r} is too small for a phone"
        wide = len(text) * size * (0.61 if code else 0.53)
        left = x - wide * {"start": 0, "middle": 0.5, "end": 1}[anchor]
        fits = wide <= room if room else left >= 0 and left + wide <= self.width
        assert fits, f"{self.title}: {text!r} takes {wide:.0f}, from {left:.0f}, and has no room"
        names = " ".join([f"t-{color}"] + ["b"] * bold + ["m"] * code)
        self.parts.append(
            f'<text x="{number(x)}" y="{number(y)}" font-size="{size}" text-anchor="{anchor}" class="{names}">'
            f"{escape(text)}</text>"
        )

    def line(self, *points, arrow=False, dashed=False, color="rule", width=1.4):
        """A line through points, with an arrow at its end."""
        path = "M" + " L".join(f"{number(x)} {number(y)}" for x, y in points)
        extra = f' marker-end="url(#{color})"' if arrow else ""
        extra += ' stroke-dasharray="5 4"' if dashed else ""
        self.parts.append(f'<path d="{path}" class="l-{color}" stroke-width="{width}"{extra}/>')

    def svg(self):
        style = ["text{font-family:system-ui,'Segoe UI',Helvetica,Arial,sans-serif}"]
        style += [".m{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;white-space:pre}"]
        style += [".b{font-weight:600}", "path{fill:none}"]
        lines = {"rule", "ink"} | {name for name in EDGES if name != "plain"}
        for dark in (False, True):
            rules = [f".page{{fill:{COLORS['page'][dark]}}}"]
            rules += [f".t-{name}{{fill:{COLORS[name][dark]}}}" for name in ("ink", "quiet")]
            rules += [f".{name}{{fill:{COLORS[name][dark]};stroke:{edge(name, dark)}}}" for name in EDGES]
            rules += [
                f".l-{name}{{stroke:{edge(name, dark)}}}.a-{name}{{fill:{edge(name, dark)}}}"
                for name in sorted(lines)
            ]
            style += ["@media(prefers-color-scheme:dark){" + "".join(rules) + "}"] if dark else rules
        markers = "".join(
            f'<marker id="{name}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" '
            f'markerUnits="userSpaceOnUse" orient="auto"><path d="M0 0L8 4L0 8z" class="a-{name}" '
            f'style="fill-opacity:1"/></marker>'
            for name in sorted(lines)
            if f"url(#{name})" in "".join(self.parts)
        )
        return "\n".join(
            [
                f'<svg xmlns="http://www.w3.org/2000/svg" width="{self.width}" height="{self.height}" '
                f'viewBox="0 0 {self.width} {self.height}" role="img">',
                f"<title>{escape(self.title)}</title>",
                f"<desc>{escape(self.description)}</desc>",
                "<style>" + "\n".join(style) + "</style>",
                f"<defs>{markers}</defs>" if markers else "",
                f'<rect width="{self.width}" height="{self.height}" class="page"/>',
                *self.parts,
                "</svg>\n",
            ]
        )


def edge(name, dark):
    """The color of a box's edge, and of lines of that name."""
    color = EDGES.get(name, name)
    if color in COLORS:
        return COLORS[color][dark]
    return lighter(color) if dark else color


def lighter(color):
    """The color, half way to white: edges that stand out on a dark page."""
    return "#" + "".join(f"{(int(color[i : i + 2], 16) + 255) // 2:02x}" for i in (1, 3, 5))


def number(value):
    return f"{value:.1f}".removesuffix(".0")
