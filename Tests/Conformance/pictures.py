#!/usr/bin/env python3
"""pictures.py [--write]: README's pictures of the chat page, of a trace and of the terminal, taken of the programs.

    swift build -c release --scratch-path .build-server --traits Server --product gptoss
    apt-get install -y chromium chromium-driver fonts-noto-cjk
    pip install -r Tests/Conformance/page-requirements.txt -r Tests/Conformance/requirements.txt
    python Tests/Conformance/pictures.py --write

Without an option the pictures are taken too, and have to be as large as those in Docs/Pictures; what they show, such as
speeds, may differ. README has to show each, with words for those who cannot see it. GPTOSS_SERVER names another program.
"""

import argparse
import io
import re
import subprocess
import tempfile
from pathlib import Path
from xml.etree import ElementTree

import pyte
from PIL import Image

from advertised import stage
from checks import attempt, check, finish
from drawn.canvas import Canvas
from page import Page
from served import GPTOSS, MODEL, ROOT, Served

FOLDER = ROOT / "Docs/Pictures"
MOST_BYTES = 150_000
THEMES = ("light", "dark")
QUESTION = "Explain what MXFP4 quantization is."


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        made = Path(name)
        attempt(terminal, made)
        attempt(browser, made)
        names = {path.name for path in made.iterdir()}
        for path in sorted(made.iterdir()):
            check(path.stat().st_size < MOST_BYTES, f"{path.name} has {path.stat().st_size} bytes")
            if options.write:
                FOLDER.mkdir(exist_ok=True)
                (FOLDER / path.name).write_bytes(path.read_bytes())
            known = FOLDER / path.name
            same = known.is_file() and size(known) == size(path)
            check(same, f"Docs/Pictures/{path.name} is not as large as what is made now: pictures.py --write, and look at it")
        there = {path.name for path in FOLDER.iterdir()}
        check(there == names, f"Docs/Pictures has {sorted(there)}, made are {sorted(names)}")
    attempt(shown, names)
    finish()


def size(path):
    """A picture's width and height."""
    if path.suffix == ".svg":
        root = ElementTree.parse(path).getroot()
        return int(root.get("width")), int(root.get("height"))
    with Image.open(path) as image:
        return image.size


def shown(names):
    """README shows each picture: in the light theme with words that tell what it shows, in the dark as its twin."""
    readme = (ROOT / "README.md").read_text()
    words = dict(re.findall(r'<img src="Docs/Pictures/([^"]+)"[^>]*? alt="([^"]{40,})"', readme))
    dark = set(re.findall(r'<source media="\(prefers-color-scheme: dark\)" srcset="Docs/Pictures/([^"]+)">', readme))
    for name in sorted(names):
        check(name in (dark if "-dark" in name else words), f"README does not show {name}, with words that tell what it shows")


# The terminal

# What is typed: a message, and the answer to a question that it brings about.
TYPED = [
    (QUESTION, None),
    ("What is 17 * 23?", None),
    ("Create a file named hello.txt with the content Good morning", "y"),
]
COMMAND = "gptoss chat --tools create_file,calculator"


class Narrow(stage.Terminal):
    # As wide as lets the first answer break between words.
    ROWS, COLUMNS = 25, 85


class Styled(pyte.Screen):
    """A screen that keeps what is dim, as gray, and forgets it with bold."""

    def select_graphic_rendition(self, *attributes, **rest):
        dim = {2: (90,), 22: (22, 39)}
        super().select_graphic_rendition(*(code for each in attributes for code in dim.get(each, (each,))), **rest)


def terminal(made):
    """A chat on a terminal, drawn from what the program wrote there."""
    screen = Styled(Narrow.COLUMNS, Narrow.ROWS)
    stage.RUNNER = stage.SERVER = Path(GPTOSS)
    with stage.Stage(made.parent) as place:
        # The model is named, so that none of an older build is taken.
        chat = Narrow(place, f"{COMMAND} -m {MODEL}")
        chat.wait("User: ")
        for message, reply in TYPED:
            chat.type(message)
            if reply:
                chat.wait("[y/N] ")
                chat.type(reply)
            # The one that was typed, as it is drawn anew, and the next.
            chat.wait(" tokens/s")
            chat.wait("User: ")
        written = "".join(chat.written)
        check(chat.end() == 0, "the chat ends well")
    pyte.Stream(screen).feed(f"$ {COMMAND}\r\n" + written)
    text = "\n".join(screen.display)
    for part in ("$ gptoss", "→ calculator", "[y/N] y", "← File created.", "tokens/s"):
        check(part in text, f"the terminal shows {part!r}: {text}")
    (made / "terminal.svg").write_text(drawing(screen))


def drawing(screen):
    width, row = 760, 20
    canvas = Canvas(
        width, screen.lines * row + 52, "gptoss chat", "A chat in the terminal, drawn from what the program wrote"
    )
    canvas.box(1, 1, width - 2, canvas.height - 2, "plain", radius=8)
    for number, color in enumerate(("orange", "blue", "green")):
        canvas.box(16 + 20 * number, 13, 11, 11, color, radius=5.5)
    for line in range(screen.lines):
        for column, text, color, bold in runs(screen, line):
            canvas.text(18 + column * 14 * 0.602, 52 + line * row, text, color=color, bold=bold, code=True)
    return canvas.svg()


def runs(screen, line):
    """The pieces of a line that look alike: (column, text, color, whether bold)."""
    found = []
    for column in range(screen.columns):
        cell = screen.buffer[line][column]
        look = ("quiet" if cell.fg == "brightblack" else "ink", cell.bold)
        if found and found[-1][2:] == look:
            found[-1] = (*found[-1][:1], found[-1][1] + cell.data, *look)
        else:
            found.append((column, cell.data, *look))
    stripped = [(column, text.rstrip(), *look) for column, text, *look in found]
    return [piece for piece in stripped if piece[1]]


# The browser


def browser(made):
    with Served() as server:
        page = Page(server.root)
        try:
            chat_page(page, made)
            trace_page(page, made)
        finally:
            page.driver.quit()


def chat_page(page, made):
    """Two conversations; the reasoning of the last answer is open."""
    page.driver.execute_cdp_cmd("Emulation.setScrollbarsHidden", {"hidden": True})
    window(page, THEMES[0], 1000, 700)
    page.open()
    page.send("What is Harmony?")
    page.settled("the first answer")
    # Not by the mouse, which would stay over the button.
    page.run("[...document.querySelectorAll('button')].find((one) => one.textContent === 'New conversation').click()")
    for question in (QUESTION, "What is a mixture of experts?"):
        page.send(question)
        page.settled(question)
    page.run("document.querySelector('article:last-child details').open = true; document.activeElement.blur()")
    page.run("document.querySelector('article:last-child').scrollIntoView(false)")
    take(page, made, "page", 1000, 700)


def trace_page(page, made):
    """What each layer would have said, beside the text."""
    path = made.parent / "trace.html"
    # By the default model, since the page repeats the words of the command: no path of this machine.
    command = [GPTOSS, "trace", "-p", "What is MXFP4?", "--seed", "1", "-o", str(path), "--force"]
    run = subprocess.run(command, capture_output=True, text=True)
    check(run.returncode == 0, f"gptoss trace: {run.stderr}")
    page.driver.get(path.as_uri())
    window(page, THEMES[0], 1200, 800)
    page.run("document.getElementById('lens').scrollIntoView()")
    take(page, made, "trace", 1200, 800)
    path.unlink()


def window(page, theme, width, height):
    features = [{"name": "prefers-color-scheme", "value": theme}, {"name": "prefers-reduced-motion", "value": "reduce"}]
    page.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
    page.driver.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride", {"width": width, "height": height, "deviceScaleFactor": 1.5, "mobile": False}
    )


def take(page, made, name, width, height):
    """A picture in each theme, sharp enough for fine screens and small: few colors make text and lines."""
    for theme in THEMES:
        window(page, theme, width, height)
        # What changes with the theme is drawn by then.
        page.driver.execute_async_script("requestAnimationFrame(() => setTimeout(arguments[0], 100))")
        image = Image.open(io.BytesIO(page.driver.get_screenshot_as_png())).convert("RGB")
        image.quantize(64, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE).save(made / f"{name}-{theme}.png", optimize=True)


if __name__ == "__main__":
    main()
