#!/usr/bin/env python3
"""The page of `gptoss trace` in a real browser: Debian's chromium with its driver, and PyPI's selenium.

    swift build -c release --product gptoss
    apt-get install -y chromium chromium-driver fonts-noto-cjk
    pip install -r Tests/Conformance/page-requirements.txt
    python Tests/Conformance/trace_page.py [FOLDER]

With a folder, screenshots come there: three sizes, both themes. GPTOSS names another program.
"""

import json
import math
import os
import re
import shlex
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from browser import Browser
from checks import check, finish

ROOT = Path(__file__).resolve().parent.parent.parent
GPTOSS = os.environ.get("GPTOSS", str(ROOT / ".build" / "release" / "gptoss"))
HOSTILE = (
    "<img src=x onerror=window.hit=1><script>window.hit=1</script></script><svg onload=window.hit=1> "
    "<a href=javascript:window.hit=1>y</a> \u202egnp.exe\u202c \u0007\u001b[31m \u2066x {{script}} <!-- "
    "<style>*{display:none}</style> ${window.hit=1} 漢字🙂 \u2028 end")


class Page(Browser):
    """A browser without a network, and pages from the disk."""

    def __init__(self):
        # axe looks at every element; a machine with other work takes its time.
        super().__init__("1200,900", script_timeout=300)
        self.driver.execute_cdp_cmd("Network.enable", {})
        self.driver.execute_cdp_cmd(
            "Network.emulateNetworkConditions", {"offline": True, "latency": 0, "downloadThroughput": 0, "uploadThroughput": 0})

    def open(self, path):
        """Opens a page; how many seconds that took, its first drawing included."""
        start = time.monotonic()
        self.path = path
        self.driver.get(path.as_uri())
        self.run("return document.querySelector('#map button').offsetHeight")
        return time.monotonic() - start

    def text(self, selector):
        return self.run("return document.querySelector(arguments[0]).textContent", selector)

    def rows(self, selector):
        """The texts of a table's rows, a space between two cells."""
        return self.run(
            "return [...document.querySelectorAll(arguments[0])].map((row) => [...row.cells].map((one) => one.textContent).join(' '))",
            selector)

    def token(self):
        return int(self.run("return document.querySelector('[aria-selected=true]').dataset.token"))

    def top(self, selector):
        """Where an element begins on the screen."""
        return self.run("return document.querySelector(arguments[0]).getBoundingClientRect().top", selector)

    def click(self, selector):
        node = self.driver.find_element(By.CSS_SELECTOR, selector)
        self.run("arguments[0].scrollIntoView({block: 'center'})", node)
        node.click()

    def findings(self, what, path):
        """Nothing wrong in the console, against the policy, on the network, or for screen readers."""
        self.is_clean(what)
        for url in self.requests():
            check(url == path.as_uri() or url.startswith(("data:", "chrome:", "about:")), f"{what}: the page asks for {url}")
        for one in self.axe():
            targets = [node["target"] for node in one.get("nodes", [])][:3]
            check(False, f"{what}: axe finds {one['id']}: {targets}")
        check(self.run("return document.documentElement.scrollWidth <= innerWidth"), f"{what}: the page is wider than the screen")


def trace(folder, name, *arguments, text=""):
    path = folder / f"{name}.html"
    run = subprocess.run([GPTOSS, "trace", *arguments, "-o", str(path), "--force"], input=text, capture_output=True, text=True)
    check(run.returncode == 0 and not run.stdout, f"{name}: exit {run.returncode}: {run.stderr.strip()}")
    return path


def data(*arguments, text=""):
    run = subprocess.run([GPTOSS, "trace", *arguments, "--json"], input=text, capture_output=True, text=True)
    check(run.returncode == 0, f"exit {run.returncode}: {run.stderr.strip()}")
    return json.loads(run.stdout)


def size(value):
    """A length, as the page writes it."""
    return f"{value:,.0f}" if abs(value) >= 99.95 else f"{value:#.3g}".rstrip(".")


def shares(text):
    """The shares in a text, in per cent."""
    return [float(one) for one in re.findall(r"([\d.]+)\u00a0%", text)]


def the_text(page, tokens):
    """What was given and what was written, markers included; each space can be hit."""
    written = page.run("return [...document.querySelectorAll('#text .t.written')].map((one) => Number(one.dataset.token))")
    check(written == [i for i, one in enumerate(tokens) if one["generated"]], f"tokens shown as written: {written[:9]}")
    first = written[0]
    line = page.run("return document.getElementById(arguments[0]).previousSibling.textContent", f"t{first}")
    check(line == "from here the model writes", f"before token {first} stands {line!r}")
    narrow = page.run("return [...document.querySelectorAll('#text .t.lone')].filter((one) => one.getBoundingClientRect().width < 12).length")
    check(page.run("return document.querySelectorAll('#text .t.lone').length") > 0 and narrow == 0, f"{narrow} lone spaces are narrow")


def beginning(tokens):
    """The token that is chosen first and the least certain one: they are the same unless all are certain; then it is where the
    answer begins."""
    written = [i for i, one in enumerate(tokens) if one["generated"]]
    least = min(written, key=lambda i: tokens[i]["log_probability"])
    certain = tokens[least]["log_probability"] > math.log(0.999)
    return next(i for i in written if tokens[i]["channel"] == "final") if certain else least, least


def how_it_came(page, tokens):
    """The sampler's stages and the lens tell how the token came that is chosen first."""
    first, least = beginning(tokens)
    token = tokens[first]
    check(page.token() == first, f"token {page.token()} is chosen first, not {first}")
    check(page.text("#least .chip").endswith(f"({least})"), page.text("#least"))
    check(page.text("#moments") == f"Two moments: reading token {first - 1} gave the guesses for this one; "
          f"reading this one gave the guesses for token {first + 1}.", page.text("#moments"))
    check(page.text("#arrival-title") == f"How this token came (the model had read token {first - 1})", page.text("#arrival-title"))
    steps = {one["stage"]: one["remaining"] for one in token["sampling"]["steps"]}
    sampler = page.text("#sampler")
    for words in (f"Top-k keeps the {steps['top-k']} likeliest. Dropped: {steps['mask'] - steps['top-k']:,}; left: {steps['top-k']}.",
                  "The format’s rules forbid what may not stand here", f"left: {steps['mask']:,}.",
                  "Temperature 0.8, below 1, makes likely tokens likelier"):
        check(words in sampler, f"no {words!r} in {sampler}")
    off = [name for name in ("biases", "penalties", "top-p", "min-p") if {"biases": "bias"}.get(name, name) not in steps]
    check(f"Off: {', '.join(off)}." in sampler, sampler)
    places = [one["rank"] for one in token["lens"]]
    rows = page.rows("#lens tbody tr")
    marked = [index for index, row in enumerate(rows) if "for the first time" in row]
    check(marked == ([places.index(0)] if 0 in places else []), f"first said in {marked}, places {places}")
    for row, reading in zip(rows, token["lens"], strict=True):
        check(f"in place {reading['rank'] + 1:,}" in row, f"{row}, not {reading}")
    page.click("#arrival-note .jump")
    check(page.token() == first - 1 and f"(for token {first}," in page.text("#layers-title"), page.text("#layers-title"))
    page.click("#layers-next .jump")
    check(page.token() == first, f"and back: {page.token()}")


def the_command(page, tokens):
    """The command that takes the chosen token apart is shown as text, and does it."""
    for token in (60, next(i for i, one in enumerate(tokens) if one["generated"] and one["channel"] == "final")):
        page.click(f"#t{token}")
        words = shlex.split(page.text("#explain code"))
        check(words[:2] == ["gptoss", "explain"] and words[-2:] == ["--position", str(token)], f"{words}")
        said = subprocess.run([GPTOSS, *words[1:]], capture_output=True, text=True)
        first = said.stdout.split("\n")[0]
        check(said.returncode == 0 and f"(token {tokens[token]['id']}) after token {token - 1}, " in first, f"{words}: {first} {said.stderr}")
    page.keys(Keys.HOME)
    check(page.text("#explain") == "", "nothing predicts the first token, and so nothing explains it")


def keys(page, tokens):
    page.click("#t3")
    check(page.token() == 3 and page.text("#token-title").startswith("Token 3: "), page.text("#token-title"))
    page.keys(Keys.ARROW_RIGHT, Keys.ARROW_RIGHT)
    check(page.token() == 5, f"→ goes to {page.token()}")
    page.keys(Keys.END)
    check(page.token() == len(tokens) - 1, "End goes to the last token")
    page.keys(Keys.HOME)
    check(page.token() == 0 and "nothing predicts" in page.text("#arrival-note"), page.text("#arrival-note"))
    page.click("[data-step='1']")
    check(page.token() == 1, f"the button → goes to {page.token()}")
    page.click("[data-step='-1']")
    check(page.token() == 0, f"the button ← goes to {page.token()}")


def the_layers(page, layers, token):
    """What the page says of layers is what the data say."""
    page.click(f"#t{token}")
    for index, layer in enumerate(layers):
        body = f"#layers tbody[data-layer='{index}']"
        experts, norms, middle = layer["experts"][token], layer["norms"][token], layer["middle_norms"][token]
        rows = page.rows(f"{body} .expert")
        for row, expert, norm in zip(rows, experts, norms, strict=True):
            check(row.startswith(f"expert {expert}") and size(norm) in row, f"layer {index}: {row}, not {norm}")
            check(abs(shares(row)[-1] - 100 * norm / middle) < 0.6, f"layer {index}: {row}, of a stream of {middle}")
        written = [layer["attention_norms"][token], *norms]
        most = ["(most)" in row for row in page.rows(f"{body} tr")[:-1]]
        check(most == [norm == max(written) for norm in written], f"layer {index}: most is {most} of {written}")
        bold = page.run("return [...document.querySelectorAll(arguments[0])].map((row) => row.classList.contains('chosen'))", f"{body} tr")[:-1]
        check(bold == most, f"layer {index}: in bold stand {bold}")
        stream = f"{size(layer['input_norms'][token])} before, {size(middle)} after attention, {size(layer['residual_norms'][token])} after"
        check(stream in page.text(f"{body} .stream"), f"layer {index}: {page.text(f'{body} .stream')}, not {stream}")


def box_height(page):
    return page.run("return document.getElementById('text').getBoundingClientRect().height")


def check_strongest(page, token):
    """The token that is colored most is in the box, and is marked by a line, too."""
    lit = page.run("""
        const [box, place] = [document.getElementById("text"), document.getElementById(arguments[0])].map((one) => one.getBoundingClientRect());
        const style = getComputedStyle(document.getElementById(arguments[0]));
        return { inside: box.top <= place.top && place.bottom <= box.bottom + 1, line: style.outlineStyle, all: [box.toJSON(), place.toJSON()] };
        """, f"t{token}")
    check(lit["inside"] and lit["line"] == "solid", f"token {token}, colored most, is out of sight: {lit}")


def the_details(page, layers, token):
    """They open below their layer and come into view; keys and heads work there."""
    page.keys(Keys.ARROW_DOWN, Keys.ARROW_DOWN)
    check(page.text("#layer-title") == f"Layer 2, reading token {token}", page.text("#layer-title"))
    check(page.run("return document.querySelector('#layers tbody[data-layer=\"2\"]').nextSibling.id") == "details-row", "they are elsewhere")
    top = page.top("#details")
    check(0 <= top < page.run("return innerHeight") - 100, f"the details of a layer are out of sight: {top}")
    page.keys(Keys.ARROW_DOWN)
    check(abs(page.top("#details") - top) <= 1, f"with ↓ the details go from {top} to {page.top('#details')}")
    # The layer and its head that look most at another token.
    looks = lambda layer, head: max((share for position, share in layers[layer]["attended"][token][head] if position != token), default=0)
    layer, head = max(((layer, head) for layer in range(3, len(layers)) for head in range(4)), key=lambda place: looks(*place))
    page.click(f"#layers tbody[data-layer='{layer}'] th")
    check(page.text("#layer-title").startswith(f"Layer {layer},") and page.text("#router").count("✓ chosen") == 2, page.text("#router"))
    logits, chosen = layers[layer]["router"][token], layers[layer]["experts"][token]
    second = max((expert for expert in range(8) if expert not in chosen), key=lambda expert: logits[expert])
    check(page.text("#router-note") == "The chosen share the whole weight among themselves. "
          f"Runner-up: expert {second}, {size(logits[second])}.", page.text("#router-note"))
    places = page.run("return [...document.querySelectorAll('#router > div')].map((one) => one.textContent)")
    for expert, place in enumerate(places):
        words = f"expert {expert}: number {size(logits[expert])}, "
        check(place.startswith(words) and "if all worked" in place, f"{place}, not {words}")
        if expert in chosen:
            weight = layers[layer]["weights"][token][chosen.index(expert)]
            check(abs(shares(place)[-1] - 100 * weight) < 0.6 and "chosen, weight" in place, f"{place}, not {weight}")
    rows = page.rows("#heads tbody tr")
    check(len(rows) == 4 and all(abs(sum(shares(row)) - 100) < 0.7 for row in rows), f"heads: {rows}")
    height = box_height(page)
    page.run("document.getElementById('text').scrollTop = 0")
    page.click(f"#heads th button[data-head='{head}']")
    check(box_height(page) == height, f"with a highlight the text goes from {height} to {box_height(page)} pixels")
    largest = layers[layer]["attended"][token][head]
    check_strongest(page, largest[0][0])
    lit = page.run("return [...document.querySelectorAll('.t[data-lit]')].map((one) => Number(one.dataset.token))")
    check(set(lit) == {position for position, share in largest if round(255 * share) > 0}, f"head {head} colors {lit}, not {largest}")
    page.run("[...document.querySelectorAll('#heads .chip')].find((one) => !one.textContent.endsWith(arguments[0])).click()", f"({token})")
    check(page.token() != token and page.text("#layer-title").startswith(f"Layer {layer},"), "a token that a head looked at can be chosen")
    page.keys(Keys.ESCAPE)
    check(not page.run("return document.querySelector('.t[data-lit]')"), "Escape ends a head's highlight")


def nothing_jumps(page):
    """Near the page's end, too, what is looked at stays where it is."""
    page.run("document.querySelector('#t90').click(); scrollTo(0, document.documentElement.scrollHeight)")
    for key in [Keys.ARROW_RIGHT] * 6 + [Keys.ARROW_LEFT] * 12:
        top = page.top("#map-title")
        page.keys(key)
        check(abs(page.top("#map-title") - top) <= 1, f"with → or ← the map goes from {top} to {page.top('#map-title')}")
    page.run("scrollBy(0, document.getElementById('details').getBoundingClientRect().top + 60)")
    for key in [Keys.ARROW_UP] * 2 + [Keys.ARROW_DOWN] * 3:
        top = page.top("#details")
        page.keys(key)
        check(abs(page.top("#details") - top) <= 1, f"with ↑ or ↓ the details go from {top} to {page.top('#details')}")


def the_map(page, truth):
    """The text stays in sight beside it; a highlight stays when the part changes."""
    page.click("#map button[data-layer='1'][data-expert='2']")
    box = page.run("return document.getElementById('highlight-words').getBoundingClientRect().toJSON()")
    check(0 <= box["top"] < box["bottom"] <= page.run("return innerHeight"), f"the highlight's words are out of sight: {box}")
    weights = {i: layer["weights"][i][experts.index(2)] for layer in [truth["layers"][1]]
               for i, experts in enumerate(layer["experts"]) if 2 in experts}
    check_strongest(page, max(weights, key=weights.get))
    channels = [one["channel"] for one in truth["tokens"]]
    for part in ("", "final"):
        page.run("const one = document.getElementById('part'); one.value = arguments[0]; one.dispatchEvent(new Event('change'))", part)
        wanted = [i for i, channel in enumerate(channels) if part in ("", channel)]
        worked = [i for i in wanted if 2 in truth["layers"][1]["experts"][i]]
        check(page.text("#highlight").startswith(f"Expert 2 of layer 1 worked on {len(worked)} of {len(wanted)} tokens"), page.text("#highlight"))
        lit = page.run("return [...document.querySelectorAll('.t[data-lit]')].map((one) => Number(one.dataset.token))")
        check(lit == worked, f"tokens that are marked: {lit}, not {worked}")
        rows = page.run("return [...document.querySelectorAll('#map tbody tr')].map((tr) => [...tr.querySelectorAll('button')]"
                        ".reduce((sum, one) => sum + Number(one.textContent), 0))")
        check(len(rows) == len(truth["layers"]) and all(99.5 <= sum <= 100.5 for sum in rows), f"rows of the map sum to {rows}")
    check(page.run("return document.querySelectorAll('#map .busiest').length") == len(truth["layers"]), "each row has a busiest expert")
    # One stop of the Tab key, and arrow keys inside.
    stops = page.run("return [...document.querySelectorAll('#map button')].filter((one) => one.tabIndex === 0).length")
    check(stops == 1, f"the map has {stops} tab stops")
    token = page.token()
    page.run("document.querySelector('#map button[tabindex=\"0\"]').focus()")
    page.keys(Keys.ARROW_RIGHT, Keys.ARROW_DOWN)
    place = page.run("return Object.assign({}, document.activeElement.dataset)")
    check(place == {"layer": "2", "expert": "3"} and page.token() == token, f"arrow keys in the map go to {place}")
    page.keys(Keys.ESCAPE)
    check(page.text("#highlight") == "", "Escape ends the highlight")


def small_screen(page):
    """On a telephone tables fit, and what a cell of the map says stands near it, with a way to the text and back."""
    page.click("#t92")
    for selector in ("#alternatives", "#lens .scroll", "#layers"):
        widths = page.run("const one = document.querySelector(arguments[0]); return [one.scrollWidth, one.clientWidth]", selector)
        check(widths[0] <= widths[1], f"{selector} is wider than a telephone: {widths}")
    cell = "#map button[data-layer='1'][data-expert='2']"
    page.click(cell)
    end = page.run("return innerHeight")
    words, place = page.top("#highlight-words"), page.top(cell)
    check(0 < place < words < end - 40, f"the words are at {words}, the cell at {place}, of {end}")
    page.findings("a highlight on a telephone", page.path)
    page.click(".way .jump")
    check(0 <= page.top("#text") < words, f"the text is at {page.top('#text')}")
    page.click(".way + .way .jump")
    check(0 < page.top(cell) < page.top("#highlight-words"), f"back at the map, the cell is at {page.top(cell)}")
    page.keys(Keys.ESCAPE)


def a_certain_answer(page, folder):
    """One of which all is certain is looked at from its beginning."""
    for prompt in ("Hello", "Why is the sky blue?", "What is GGUF?", "Hi", "Thanks"):
        tokens = data("-p", prompt)["tokens"]
        first, least = beginning(tokens)
        if first != least:
            path = trace(folder, "certain", "-p", prompt)
            page.open(path)
            check(page.token() == first, f"token {page.token()} is chosen first, not {first}")
            return page.findings("a certain answer", path)
    check(False, "an answer of which all is certain")


def an_answer(page, folder, shots):
    arguments = ["-p", "What is MXFP4?", "--seed", "4", "--temperature", "0.8", "--top-k", "40"]
    path, truth = trace(folder, "answer", *arguments), data(*arguments)
    page.open(path)
    tokens, layers = truth["tokens"], truth["layers"]
    check(page.text("title") and page.text("#summary").startswith(f"{len(tokens)} tokens, {len(layers)} layers"), page.text("#summary"))
    the_text(page, tokens)
    how_it_came(page, tokens)
    the_command(page, tokens)
    keys(page, tokens)
    the_layers(page, layers, len(tokens) - 4)
    the_details(page, layers, len(tokens) - 4)
    nothing_jumps(page)
    the_map(page, truth)
    for width, height, name in ((1280, 900, "desktop"), (820, 1180, "tablet"), (390, 844, "telephone")):
        for theme in ("light", "dark"):
            page.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride",
                                        {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 800})
            page.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": theme}]})
            page.findings(f"{name}, {theme}", path)
            if width < 800:
                small_screen(page)
            if shots:
                (shots / f"trace-{name}-{theme}.png").write_bytes(page.driver.get_screenshot_as_png())
    page.driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def hostile_text(page, folder):
    path = trace(folder, "hostile", "--file", "-", "--lens", "all", text=HOSTILE)
    page.open(path)
    page.findings("hostile text", path)
    given = json.loads(page.run("return document.getElementById('trace').textContent"))["tokens"]
    words = [i for i, one in enumerate(given) if i > 0 and any(letter.isalpha() for letter in one["text"])]
    check(page.token() == min(words, key=lambda i: given[i]["log_probability"]), f"token {page.token()} is chosen first")
    check(page.text("#explain") == "", "a text that was not generated has no command")
    # ∅ stands for a token that completes no character.
    shown = page.text("#text").replace("⏎\n", "\n").replace("∅", "")
    for piece in ("<img src=x onerror=window.hit=1>", "</script>", "\\u{202E}", "\\u{001B}", "\\u{2066}", "{{script}}", "漢字🙂"):
        check(piece in shown, f"{piece} is not shown as it is: {shown[:300]!r}")
    for index in range(0, 60, 7):
        page.run("document.getElementById(arguments[0]).click()", f"t{index}")
        check(page.token() == index, f"token {index} is chosen")
    page.findings("hostile tokens", path)
    check(not page.driver.find_elements(By.CSS_SELECTOR, "img, svg, iframe, a[href^=java]"), "text became markup")


def a_long_text(page, folder):
    text = "A text of many tokens is read, one after the other, and each of them has its experts. " * 120
    path = trace(folder, "long", "--file", "-", text=text)
    page.driver.get("about:blank")
    seconds = page.open(path)
    count = page.run("return document.querySelectorAll('.t').length")
    check(count >= 2000, f"the long text has {count} tokens")
    # A core is shared with whatever else runs here.
    busy = os.getloadavg()[0] / (os.cpu_count() or 1)
    check(seconds < 2 * max(1, busy), f"{count} tokens open in {seconds:.1f} s")
    print(f"{count} tokens: {path.stat().st_size / 1e6:.1f} MB, open in {seconds:.2f} s")


def main():
    shots = Path(sys.argv[1]) if len(sys.argv) > 1 else None
    if shots:
        shots.mkdir(parents=True, exist_ok=True)
    page = Page()
    try:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            an_answer(page, folder, shots)
            a_certain_answer(page, folder)
            hostile_text(page, folder)
            a_long_text(page, folder)
    finally:
        page.driver.quit()
    finish()


if __name__ == "__main__":
    main()
