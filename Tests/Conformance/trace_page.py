#!/usr/bin/env python3
"""The page of `gptoss trace` in a real browser: Debian's chromium with its driver, and PyPI's selenium.

    swift build -c release --product gptoss
    apt-get install -y chromium chromium-driver fonts-noto-cjk
    pip install -r Tests/Conformance/page-requirements.txt
    python Tests/Conformance/trace_page.py [FOLDER]

With a folder, screenshots come there: three sizes, both themes. GPTOSS names another program.
"""

import json
import os
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
        self.driver.get(path.as_uri())
        self.run("return document.querySelector('#map button').offsetHeight")
        return time.monotonic() - start

    def text(self, selector):
        return self.run("return document.querySelector(arguments[0]).textContent", selector)

    def token(self):
        return int(self.run("return document.querySelector('[aria-selected=true]').dataset.token"))

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


def an_answer(page, folder, shots):
    arguments = ["-p", "What is MXFP4?", "--seed", "4", "--temperature", "0.8", "--top-k", "40"]
    path, truth = trace(folder, "answer", *arguments), data(*arguments)
    page.open(path)
    check(page.text("title") and page.text("#summary").startswith(f"{len(truth['tokens'])} tokens, 6 layers"), page.text("#summary"))
    # It begins with the first token that the model wrote.
    first = next(i for i, one in enumerate(truth["tokens"]) if one["generated"] and one["channel"] != "format")
    check(page.token() == first, f"token {page.token()} is chosen first, not {first}")
    check("top-k: 40 left" in page.text("#steps") and "temperature 0.8" in page.text("#steps"), page.text("#steps"))
    # A click, then keys.
    page.click("#t3")
    check(page.token() == 3 and page.text("#token-title").startswith("Token 3: "), page.text("#token-title"))
    page.keys(Keys.ARROW_RIGHT, Keys.ARROW_RIGHT)
    check(page.token() == 5, f"→ goes to {page.token()}")
    page.keys(Keys.END)
    check(page.token() == len(truth["tokens"]) - 1, "End goes to the last token")
    page.keys(Keys.HOME)
    check(page.token() == 0 and "nothing predicts" in page.text("#token-note"), page.text("#token-note"))
    # What it says is what the data say.
    last = len(truth["tokens"]) - 4
    page.click(f"#t{last}")
    for layer in range(6):
        row = page.text(f"#layers tbody tr:nth-child({layer + 1})")
        experts, norms = truth["layers"][layer]["experts"][last], truth["layers"][layer]["norms"][last]
        most = max(range(2), key=lambda slot: norms[slot])
        for slot in range(2):
            check(f"expert {experts[slot]}: weight" in row, f"layer {layer}: {row}")
        first = page.text(f"#layers tbody tr:nth-child({layer + 1}) .expert.chosen")
        check(first.startswith(f"expert {experts[most]}: ") and first.endswith("(most)"), f"layer {layer}: {first} wrote most")
    page.keys(Keys.ARROW_DOWN, Keys.ARROW_DOWN)
    check(page.text("#layer-title") == f"Layer 2, reading token {last}", page.text("#layer-title"))
    check(page.text("#router").count("✓ chosen") == 2, page.text("#router"))
    page.click("#layers tbody tr:nth-child(5)")
    check(page.text("#layer-title").startswith("Layer 4,"), page.text("#layer-title"))
    check(len(page.driver.find_elements(By.CSS_SELECTOR, "#heads tbody tr")) == 4, "each head has a row")
    # The map.
    # The text stays in sight beside the map, and covers nothing.
    page.click("#map button[data-layer='1'][data-expert='2']")
    box = page.run("return document.getElementById('highlight').getBoundingClientRect().toJSON()")
    check(0 <= box["top"] < box["bottom"] <= page.run("return innerHeight"), f"the highlight's words are out of sight: {box}")
    worked = sum(2 in experts for experts in truth["layers"][1]["experts"])
    check(page.text("#highlight").startswith(f"Expert 2 of layer 1 worked on {worked} of"), page.text("#highlight"))
    check(page.run("return document.querySelectorAll('.t[style]').length") == worked, "the tokens it worked on are marked")
    page.keys(Keys.ESCAPE)
    check(page.text("#highlight") == "", "Escape ends the highlight")
    page.run("const one = document.getElementById('part'); one.value = 'final'; one.dispatchEvent(new Event('change'))")
    rows = page.run("return [...document.querySelectorAll('#map tbody tr')].map((tr) => [...tr.querySelectorAll('button')]"
                    ".reduce((sum, one) => sum + Number(one.textContent), 0))")
    check(len(rows) == 6 and all(95 <= sum <= 105 for sum in rows), f"rows of the map sum to {rows}")
    for width, height, name in ((1280, 900, "desktop"), (820, 1180, "tablet"), (390, 844, "telephone")):
        for theme in ("light", "dark"):
            page.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride",
                                        {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 800})
            page.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": theme}]})
            page.findings(f"{name}, {theme}", path)
            if shots:
                (shots / f"trace-{name}-{theme}.png").write_bytes(page.driver.get_screenshot_as_png())
    page.driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def hostile_text(page, folder):
    path = trace(folder, "hostile", "--file", "-", "--lens", "all", text=HOSTILE)
    page.open(path)
    page.findings("hostile text", path)
    # A dot stands for a token that completes no character.
    shown = page.text("#text").replace("⏎\n", "\n").replace("·", "")
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
            hostile_text(page, folder)
            a_long_text(page, folder)
    finally:
        page.driver.quit()
    finish()


if __name__ == "__main__":
    main()
