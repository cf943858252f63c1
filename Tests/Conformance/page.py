#!/usr/bin/env python3
"""The chat page of `gptoss serve` in a real browser: Debian's chromium with its driver, and PyPI's selenium.

    swift build -c release --scratch-path .build-server --traits Server --product gptoss
    apt-get install -y chromium chromium-driver fonts-noto-cjk
    pip install -r Tests/Conformance/page-requirements.txt -r Tests/Conformance/requirements.txt
    python Tests/Conformance/page.py [FOLDER]

With a folder, screenshots come there: three sizes, both themes, both languages. GPTOSS_SERVER names another program. Tools are
tried where MCP_ENVIRONMENTS, or the repository, has .venv-mcp2 (mcp.py).
"""

import http.client
import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from browser import Browser
from checks import attempt, check, finish
from hub_server import Hub
from made_models import make_file
from served import GPTOSS, ROOT, Served

QUESTION = "Explain what MXFP4 quantization is."
# Markup, scripts, a link that runs, one that loads, what turns the direction of text, control characters.
HOSTILE = (
    "<img src=x onerror=window.hit=1><script>window.hit=1</script><svg onload=window.hit=1> "
    "[click](javascript:window.hit=1) [data](data:text/html,<script>window.hit=1</script>) "
    "![pixel](http://192.0.2.1/pixel.png) [a](http://192.0.2.1/a) \u202egnp.exe\u202c \u0007\u001b[31m \u2066x "
    "<a href=javascript:window.hit=1>y</a> <iframe src=//192.0.2.1></iframe> </div></article><style>*{display:none}</style>")
# An answer that streams for a long time.
LONG = json.dumps({"type": "array", "items": {"type": "integer", "minimum": 0, "maximum": 99}, "minItems": 20000})


class Page(Browser):
    """A browser with the page of a server."""

    # Beside that, what took longer than a frame allows.
    WATCH = Browser.WATCH + """
    window.tasks = [];
    new PerformanceObserver((list) => list.getEntries().forEach((one) => window.tasks.push([one.startTime, one.duration])))
      .observe({ type: "longtask", buffered: true });
    """

    def __init__(self, root):
        super().__init__("1200,800", script_timeout=30)
        self.root = root
        self.hosts = set()

    def until(self, script, what, seconds=20):
        """Waits until a script says yes; a check that fails if it does not."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if self.run(f"return Boolean({script})"):
                return check(True, what)
            time.sleep(0.03)
        check(False, f"{what}: not within {seconds} s: {self.text('main')[-600:]!r}")

    def open(self, fragment=""):
        self.driver.get("about:blank")
        self.driver.get(f"{self.root}/{fragment}")
        self.until("document.activeElement?.matches('#composer, #key-field')", "the page opens")

    def text(self, selector="#messages"):
        return self.run("return document.querySelector(arguments[0]).textContent", selector)

    def find(self, selector):
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def press(self, words, within="body"):
        """Presses the last button with these words."""
        found = [one for one in self.driver.find_elements(By.CSS_SELECTOR, f"{within} button") if one.text == words]
        check(found, f"there is a button {words!r} in {within}: {self.text(within)[-400:]!r}")
        if found:
            self.run("arguments[0].scrollIntoView({block: 'center'})", found[-1])
            found[-1].click()

    def send(self, words):
        self.run("document.getElementById('composer').focus()")
        self.driver.switch_to.active_element.send_keys(words + Keys.ENTER)

    def settled(self, what, seconds=20):
        self.until("document.getElementById('stop').hidden && !document.querySelector('article:last-child')"
                   "?.querySelector('.foot > span:only-child')", what, seconds)

    def open_settings(self):
        self.find("#open-settings").click()
        self.until("document.querySelector('.servers')?.getAttribute('aria-busy') === 'false'", "the servers are listed")

    def set(self, servers=(), **values):
        """Sets values in the dialog of settings; those left out are empty."""
        self.open_settings()
        self.run("for (const one of document.querySelectorAll('#settings-fields :is(input[id], textarea, select)'))"
                 " one.value = arguments[0][one.id.slice(4)] ?? ''", values)
        self.run("for (const one of document.querySelectorAll('.servers input')) one.checked = arguments[0].includes(one.value)",
                 list(servers))
        self.press("Save", "#settings")

    def reach(self, selector, key=Keys.TAB):
        """Goes from one control to the next by the keyboard until one fits."""
        for _ in range(80):
            if self.run("return document.activeElement.matches(arguments[0])", selector):
                ring = self.run("return getComputedStyle(document.activeElement).outlineStyle")
                return check(ring != "none" or selector == "#composer", f"{selector} shows that it has the focus")
            self.keys(key)
        check(False, f"the keyboard reaches {selector}")

    def conversation(self):
        """The conversation that is open, as the browser keeps it."""
        return self.driver.execute_async_script("""
          const done = arguments[0];
          const request = indexedDB.open("gptoss");
          request.onsuccess = () => {
            const get = request.result.transaction("conversations").objectStore("conversations")
              .get(sessionStorage.getItem("conversation"));
            get.onsuccess = () => { request.result.close(); done(get.result ?? null); };
          };""")

    def bring(self, conversations):
        """Imports conversations by the page's own button."""
        with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
            json.dump({"format": "gptoss-conversations", "version": 1, "conversations": conversations}, file)
            file.flush()
            self.find("#file").send_keys(file.name)
            self.until("document.getElementById('notice').textContent.startsWith('Imported')", "conversations are imported")

    def choose(self, title):
        self.run("[...document.querySelectorAll('#list button.wide')].find((one) => one.textContent.startsWith(arguments[0])).click()", title)
        time.sleep(0.3)

    def inside(self, what, ask=None):
        """Asks for a look inside the last answer, and goes to the tab in which it opens; the tokens there."""
        tabs = set(self.driver.window_handles)
        (ask or (lambda: self.press("Look inside")))()
        deadline = time.monotonic() + 20
        while not (new := set(self.driver.window_handles) - tabs) and time.monotonic() < deadline:
            time.sleep(0.03)
        check(new, f"{what}: a tab opens: {self.text('main')[-400:]!r}")
        if not new:
            return []
        self.driver.switch_to.window(new.pop())
        # It can be loaded again, and what breaks the policy is then noticed from the beginning.
        self.watch()
        self.driver.refresh()
        self.until("document.querySelector('#map button')", f"{what}: the trace is drawn")
        check(self.run("return [window.origin, window.opener]") == ["null", None], f"{what}: it has nothing of this server's")
        self.findings(what)
        return self.run("return JSON.parse(document.getElementById('trace').textContent).tokens")

    def close_tab(self):
        self.driver.close()
        self.driver.switch_to.window(self.driver.window_handles[0])

    def findings(self, what):
        """Nothing wrong in the console, against the policy, on other hosts, or for screen readers."""
        self.is_clean(what)
        ours = (self.root + "/", "about:", "blob:", "chrome:", "data:")
        self.hosts.update(url for url in self.requests() if not url.startswith(ours))
        check(not self.hosts, f"{what}: requests to {self.hosts}")

    def accessible(self, what):
        serious = [(one["id"], [node["html"][:120] for node in one.get("nodes", [])][:2]) for one in self.axe()
                   if one.get("impact") in ("serious", "critical", None)]
        check(not serious, f"{what}: for screen readers: {serious}")


def turn(words):
    return {"role": "user", "text": words}


def said(*items, ending="completed"):
    return {"role": "assistant", "ending": ending, "seconds": {}, "items": list(items)}


def message(words):
    return {"id": "msg_1", "type": "message", "status": "completed", "role": "assistant",
            "content": [{"type": "output_text", "text": words, "annotations": []}]}


def conversation(number, title, turns):
    return {"id": f"c{number}", "title": title, "model": "assistant", "turns": turns, "updated": number, "settings": {}}


def test_answer(page):
    start = time.monotonic()
    page.open()
    page.send(QUESTION)
    page.until("document.querySelector('article.assistant .markdown')?.textContent", "a first answer")
    seconds = time.monotonic() - start
    check(seconds < 3, f"from opening to the first answer: {seconds:.1f} s")
    page.settled("the answer ends")
    check("4-bit format" in page.text() and "tokens/s" in page.text(), f"the answer: {page.text()}")
    check("Context: " in page.text("#usage"), f"the context: {page.text('#usage')!r}")
    check(page.run("return document.querySelector('.reasoning details').open") is False, "reasoning is folded")
    page.press("Answer again")
    page.settled("an answer again")
    check(page.run("return document.querySelectorAll('article').length") == 2, "it replaces the first")
    page.accessible("after an answer")
    page.findings("an answer")


def test_edit_and_reload(page):
    page.send("Hello")
    page.settled("a second answer")
    page.run("document.querySelector('article.user .foot button').click()")
    area = page.driver.switch_to.active_element
    area.send_keys(Keys.CONTROL + "a")
    area.send_keys("Hello" + Keys.ENTER)
    page.settled("the edited message is answered")
    turns = page.conversation()["turns"]
    check([one["role"] for one in turns] == ["user", "assistant"] and turns[0]["text"] == "Hello", f"an edit replaces: {turns}")
    before = page.text()
    page.open()
    check(page.text() == before, f"a reload keeps all: {before!r} {page.text()!r}")
    page.findings("edit and reload")


def test_keyboard(page):
    """All of it without a mouse."""
    page.open()
    page.reach("#new", Keys.SHIFT + Keys.TAB)
    page.keys(Keys.ENTER)
    page.until("document.activeElement.matches('#composer')", "a new conversation, ready to be written")
    page.keys(QUESTION + Keys.ENTER)
    page.settled("an answer by the keyboard")
    page.reach(".reasoning summary", Keys.SHIFT + Keys.TAB)
    page.keys(Keys.ENTER)
    check(page.run("return document.querySelector('.reasoning details').open"), "reasoning opens by the keyboard")
    page.reach("#open-settings", Keys.SHIFT + Keys.TAB)
    page.keys(Keys.ENTER)
    page.reach("#set-temperature")
    page.keys("0.5")
    page.reach("#settings button[value=save]")
    page.keys(Keys.ENTER)
    check(page.conversation()["settings"].get("temperature") == 0.5, "settings by the keyboard")
    page.until("document.activeElement.matches('#open-settings')", "the focus is back where it was")
    page.keys(Keys.ENTER)
    page.keys(Keys.ESCAPE)
    page.until("!document.querySelector('dialog[open]')", "Escape closes a dialog")
    page.reach("#open-models", Keys.SHIFT + Keys.TAB)
    reads = "performance.getEntriesByType('resource').filter((one) => one.name.endsWith('/api/v1/models')).length"
    for again in (False, True):
        before = page.run(f"return {reads}")
        page.keys(Keys.ENTER)
        page.until(f"{reads} > {before}", "the models are read")
        time.sleep(0.2)
        if not again:
            page.run("document.querySelector('#model-list li').seen = true")
            page.keys(Keys.ESCAPE)
            page.until("document.activeElement.matches('#open-models')", "Escape closes the models")
    check(page.run("return document.querySelector('#model-list li').seen"), "a row stays where nothing has changed, so that a press on it counts")
    page.reach("#models form:last-of-type button")
    page.keys(Keys.ENTER)
    page.until("!document.querySelector('dialog[open]')", "the models by the keyboard")
    page.reach("article:last-child .foot button")
    page.keys(Keys.ENTER)
    page.settled("an answer again by the keyboard")
    check(page.run("return document.querySelectorAll('article').length") == 2, "it replaces the first")
    page.findings("the keyboard")


def test_stop(page):
    page.find("#new").click()
    page.set(schema=LONG)
    page.send("Count")
    lengths = []
    page.until("document.querySelector('article.assistant .markdown')?.textContent.length > 50", "a long answer streams")
    for _ in range(3):
        lengths.append(page.run("return document.querySelector('article.assistant .markdown').textContent.length"))
        time.sleep(0.4)
    check(lengths == sorted(set(lengths)), f"it grows: {lengths}")
    page.driver.switch_to.active_element.send_keys(Keys.ESCAPE)
    page.settled("Escape stops it", 5)
    length = page.run("return document.querySelector('article.assistant .markdown').textContent.length")
    time.sleep(0.5)
    check(page.run("return document.querySelector('article.assistant .markdown').textContent.length") == length, "it is stopped")
    check("Stopped." in page.text() and page.conversation()["turns"][1]["ending"] == "stopped", f"it says so: {page.text()[-200:]}")
    page.findings("stop")


def test_budget(page):
    """A budget of reasoning stands in the settings of its conversation, and is kept."""
    def text(kind):
        items = page.conversation()["turns"][-1]["items"]
        return "".join(part["text"] for item in items if item["type"] == kind for part in item["content"])

    page.find("#new").click()
    page.open_settings()
    page.run("document.getElementById('set-budget').value = 'a while'")
    page.press("Save", "#settings")
    check(page.run("return document.getElementById('settings').open && !document.getElementById('set-budget').validity.valid"),
          "what is no budget is not saved")
    page.press("Cancel", "#settings")
    texts = []
    for budget in ("", "2", "none"):
        page.set(temperature="0", budget=budget)
        if texts:
            page.press("Answer again")
        else:
            page.send(QUESTION)
        page.settled(f"an answer with the budget {budget!r}")
        texts.append(text("reasoning"))
        check(text("message"), f"an answer with the budget {budget!r}: {page.text()}")
    whole, short, none = texts
    check(0 < len(short) < len(whole) and whole.startswith(short) and none == "", f"reasoning within budgets: {texts}")
    check(page.conversation()["settings"] == {"temperature": 0, "budget": "none"}, f"it is kept: {page.conversation()['settings']}")
    page.findings("budgets")


def test_hostile(page):
    page.find("#new").click()
    page.set(schema=json.dumps({"const": HOSTILE}))
    page.send(QUESTION)
    page.settled("a hostile answer streams")
    check("<script>window.hit=1</script>" in page.text(), f"it is shown: {page.text()}")
    call = {"id": "mcp_1", "type": "mcp_call", "name": HOSTILE, "server_label": HOSTILE, "arguments": HOSTILE, "output": HOSTILE}
    failed = {**call, "output": None, "error": {"type": "x", "content": [{"type": "text", "text": HOSTILE}]}}
    asks = {"id": "mcpr_1", "type": "mcp_approval_request", "name": HOSTILE, "server_label": HOSTILE, "arguments": HOSTILE}
    tools = {"id": "l", "type": "mcp_list_tools", "server_label": HOSTILE, "tools": [], "error": {"message": HOSTILE}}
    reasoning = {"id": "rs_1", "type": "reasoning", "content": [{"type": "reasoning_text", "text": HOSTILE}]}
    markdown = f"# {HOSTILE}\n\n- {HOSTILE}\n\n| {HOSTILE} | b |\n| --- | --- |\n| {HOSTILE} | d |\n\n```{HOSTILE}\n{HOSTILE}\n```\n\n> {HOSTILE}\n\n```html\n{HOSTILE}\n```"
    page.bring([conversation(1, HOSTILE, [
        turn(HOSTILE), said(tools, reasoning, call, failed, message(markdown), {"id": "u", "type": HOSTILE}, asks, ending="failed")])])
    page.choose("<img")
    page.run("for (const one of document.querySelectorAll('details')) one.open = true")
    time.sleep(0.5)
    shown = page.text()
    check(shown.count("<script>window.hit=1</script>") > 9, f"all is shown: {shown}")
    check(not any(character in shown for character in "\u202e\u2066\u0007\u001b") and "\\u{202E}" in shown, "what turns or hides is written out")
    check(page.run("return document.querySelectorAll('main :is(img, script, iframe, style, svg, object, embed)').length") == 0, "no such element")
    links = page.run("return [...document.querySelectorAll('#messages a')].map((one) => [one.href, one.target, one.rel])")
    check(links and all(link[0].startswith("http://192.0.2.1/") and link[1] == "_blank" and "noopener" in link[2] for link in links), f"links: {links}")
    page.accessible("hostile texts")
    page.findings("hostile texts")
    # Text that makes careless parsers slow.
    evil = ["[" * 50000, "*a " * 20000, "`" * 30000 + "a", "> " * 5000, "_" * 50000, "![](" * 10000, "- " * 5000, "|" * 30000 + "\n|-|\n"]
    seconds = page.driver.execute_async_script("""
      const done = arguments[1];
      import("/page/markdown.js").then(({ MarkdownView }) => {
        done(arguments[0].map((text) => { const start = performance.now(); new MarkdownView().update(text); return performance.now() - start; }));
      }, (error) => done([String(error)]));""", evil)
    check(all(isinstance(one, (int, float)) and one < 1500 for one in seconds), f"milliseconds for evil Markdown: {seconds}")


def test_markdown(page):
    source = ("# One\n\nSome *emphasis*, **strong**, `code` and snake_case_name, 2 * 3 * 4.\nhttps://example.com/a_b(c). [words](https://example.com)\n\n"
              "1. first\n2. second\n   - inner\n\n     more\n3. third\n\n| a | b |\n|:-:|--:|\n| 1 | 2 |\n\n```swift\nlet x = 1\n\n# no heading\n```\n\n---\n> quoted\n> again")
    found = page.driver.execute_async_script("""
      const done = arguments[1];
      import("/page/markdown.js").then(({ MarkdownView }) => {
        const [whole, grown] = [new MarkdownView(), new MarkdownView()];
        whole.update(arguments[0]);
        for (let end = 1; end <= arguments[0].length; end += 1) grown.update(arguments[0].slice(0, end));
        const count = (selector) => whole.node.querySelectorAll(selector).length;
        done({ same: whole.node.outerHTML === grown.node.outerHTML, html: whole.node.outerHTML,
          counts: ["h3", "em", "strong", "p code", "ol > li", "ol ul li", "td", "th", "pre", "hr", "blockquote", "a"].map(count) });
      }, (error) => done({ html: String(error) }));""", source)
    check(found.get("counts") == [1, 1, 1, 1, 3, 1, 2, 2, 1, 1, 1, 2], f"Markdown: {found}")
    check(found.get("same"), "what grew piece by piece is what came at once")


def test_two_tabs(page):
    first = page.driver.current_window_handle
    page.find("#new").click()
    page.send("Hello")
    page.settled("the first tab answers")
    mark = page.run("return sessionStorage.getItem('conversation')")
    page.driver.switch_to.new_window("tab")
    page.watch()
    page.open()
    page.run("sessionStorage.setItem('conversation', arguments[0])", mark)
    page.open()
    check("Hello" in page.text(), "the second tab has the conversation")
    page.send("Thank you")
    page.settled("the second tab answers")
    page.driver.switch_to.window(first)
    page.until("document.querySelectorAll('article').length == 4", "the first tab shows it")
    check("Thank you" in page.text(), f"both turns: {page.text()}")
    page.driver.switch_to.new_window("tab")
    second = page.driver.current_window_handle
    for handle in page.driver.window_handles:
        if handle not in (first, second):
            page.driver.switch_to.window(handle)
            page.driver.close()
    page.driver.switch_to.window(second)
    page.driver.close()
    page.driver.switch_to.window(first)


def test_many_messages(page):
    words = "A sentence with **some** weight and `code`, and a [link](https://example.com). "
    long = (words * 40)[:2000]
    page.bring([conversation(2, "Many", [one for _ in range(100) for one in (turn(long), said(message(long)))])])
    exported = page.driver.execute_async_script("""
      const done = arguments[0];
      import("/page/store.js").then((store) => store.exported().then(done), (error) => done(String(error)));""")
    many = [one for one in json.loads(exported)["conversations"] if one["title"] == "Many"]
    check(len(many) == 1 and len(many[0]["turns"]) == 200, "what was imported is exported")
    page.choose("Many")
    page.until("document.querySelectorAll('article').length == 200", "200 messages")
    page.set(schema=LONG)
    # Reading so much would take the small model longer than its context is: the server is sent the last message.
    page.run("""
      const real = window.fetch;
      window.fetch = (path, options) => {
        if (!options.body) return real(path, options);
        const body = JSON.parse(options.body);
        return real(path, { ...options, body: JSON.stringify({ ...body, input: body.input.slice(-1) }) });
      };""")
    since = page.run("return performance.now()")
    page.run("document.getElementById('composer').value = 'Go on'; document.getElementById('send').click()")
    page.until("document.querySelector('article:last-child .markdown')?.textContent.length > 20", "beside 200 messages an answer streams", 60)
    begun = page.run("return performance.now()")
    time.sleep(2)
    page.run("document.getElementById('stop').click()")
    page.settled("it stops")
    tasks = page.run("return window.tasks")
    streaming = [round(duration) for start, duration in tasks if start >= begun]
    check(all(one <= 100 for one in streaming), f"tasks while streaming, in ms: {streaming}")
    before = [round(duration) for start, duration in tasks if since <= start < begun]
    check(all(one <= 400 for one in before), f"tasks at sending, in ms: {before}")
    page.findings("200 messages")


def test_restart(page, server):
    """The server ends in the middle of an answer and comes back."""
    page.find("#new").click()
    page.set(schema=LONG)
    page.send("Count")
    page.until("document.querySelector('article.assistant .markdown')?.textContent.length > 50", "an answer is under way")
    server.process.kill()
    server.process.wait()
    page.until("document.querySelector('article.assistant .problem')?.textContent.includes('broke')", "the page says what happened", 10)
    check(page.run("return document.querySelector('article.assistant .markdown').textContent.length") > 50, "what had come is kept")
    with Served("--name", HOSTILE[:60], port=server.port):
        page.until("document.getElementById('notice').textContent.includes('again')", "it says that the server is back")
        page.set()
        page.press("Try again")
        page.settled("and goes on")
        check(page.conversation()["turns"][1]["ending"] == "completed", f"an answer: {page.text()}")
        page.driver.get_log("browser")  # refused connections are the browser's to tell
        page.find("#open-models").click()
        page.until("document.querySelector('#model-list li')", "models are listed")
        check("<img src=x" in page.text("#model-list"), f"a hostile name is shown: {page.text('#model-list')}")
        page.findings("a model's hostile name")


def final(tokens):
    return "".join(one["text"] for one in tokens if one["channel"] == "final")


def test_inside(page):
    """A trace of each answer, made when it is asked for."""
    page.open()
    page.find("#new").click()
    page.set()
    page.send(QUESTION)
    page.settled("an answer to look into")
    turn_ = page.conversation()["turns"][1]
    given, words = turn_["inside"]["trace"], turn_["items"][-1]["content"][0]["text"]

    def by_keyboard():
        page.reach(".inside button", Keys.SHIFT + Keys.TAB)
        page.keys(Keys.ENTER)

    tokens = page.inside("a look inside", by_keyboard)
    answer = tokens[-len(given["tokens"]):]
    check([one["id"] for one in answer] == given["tokens"], "the trace has the answer's tokens, one by one")
    check(all(one["generated"] and one.get("sampling") for one in answer), "and tells how each was drawn")
    check(len(tokens) == turn_["statistics"]["total"], f"after its prompt: {len(tokens)} tokens")
    check(final(tokens) == words and words in page.text("#text"), f"they are the text that was shown: {page.text('#text')!r}")
    page.find("#text").click()
    page.keys(Keys.HOME, Keys.ARROW_RIGHT)
    check(page.run("return document.querySelector('[aria-selected=true]').dataset.token") == "1", "the keys work there")
    page.accessible("the trace")
    page.close_tab()
    check(page.run("return document.activeElement.matches('.inside a[target=_blank]')"), "a link to it stays, and has the focus")
    page.accessible("the link to a trace")
    # What is asked again is asked as it was then, whatever the settings are now.
    page.set(instructions="Answer in rhymes.", temperature="0")
    page.open()
    check(len(page.inside("after a reload")) == len(tokens), "after a reload and other settings it is the same trace")
    page.close_tab()
    page.findings("a look inside")
    # One that is stopped, before its answer can come.
    page.open()
    page.run("for (const time of [1, 2]) document.querySelector('.inside button').click()")
    page.until("document.getElementById('status').textContent === 'Stopped.'", "a look inside is stopped")
    check(page.text(".inside") == "Look inside", f"and can be asked for again: {page.text('.inside')!r}")
    # Of this answer only the text is known; of that one, more than a trace holds.
    page.bring([conversation(4, "Old", [turn("Hello"), said(message(HOSTILE))]),
                conversation(5, "Long", [turn("word " * 3000), said(message("Hello!"))])])
    page.choose("Old")
    tokens = page.inside("hostile text")
    check(final(tokens).strip() == HOSTILE.strip(), f"the text of old answers is read: {final(tokens)!r}")
    shown = page.text("#text")
    check("<script>window.hit=1</script>" in shown and "\\u{202E}" in shown and "\u202e" not in shown, f"it is shown: {shown!r}")
    check(page.run("return document.querySelectorAll('main :is(img, script, iframe, style, svg, a)').length") == 0, "no such element")
    page.close_tab()
    page.choose("Long")
    page.press("Look inside")
    page.until("document.querySelector('.inside .problem')?.textContent.includes('holds 2048')", "too long a text is said to be so")
    check(len(page.driver.window_handles) == 1, "and opens nothing")
    page.accessible("a look inside that failed")
    page.driver.get_log("browser")  # the browser tells of status 400


def test_key():
    with Served("--api-key", "secret") as server:
        page = Page(server.root)
        try:
            page.open()
            page.until("document.getElementById('key').open", "the page asks for the key")
            page.accessible("the question for the key")
            page.driver.switch_to.active_element.send_keys("wrong" + Keys.ENTER)
            page.until("document.getElementById('key').open && !document.getElementById('key-field').value", "a wrong key is asked for again")
            page.driver.switch_to.active_element.send_keys("secret" + Keys.ENTER)
            page.until("document.querySelector('#model option')", "the right one is taken")
            page.driver.get_log("browser")  # the browser tells of status 401
            page.send("Hello")
            page.settled("and used")
            check("Hello!" in page.text(), f"the answer: {page.text()}")
            page.run("sessionStorage.clear()")
            page.open("#key=secret")
            page.until("document.querySelector('#model option')", "the key of the fragment is taken")
            check(page.run("return location.href").endswith("/"), "and is gone from the address")
            page.findings("a key in the fragment")
            page.send("Hello")
            page.settled("an answer")
            seen = final(page.inside("with a key"))
            check(seen.startswith("Hello!"), f"a trace opens where a key is needed: {seen!r}")
            page.close_tab()
        finally:
            page.driver.quit()


def test_download(folder):
    with Hub() as hub:
        hub.add("ggml-org/gpt-oss-20b-GGUF", "gpt-oss-20b-mxfp4.gguf", make_file(folder / "one.gguf", 4_000_000))
        large = make_file(folder / "large-MXFP4.gguf", 32_000_000)
        hub.add("o/large", large.name, large)
        hub.faults.rate = 1_500_000
        os.environ.update(HOME=f"{folder}/home", HF_ENDPOINT=hub.endpoint)
        (folder / "home").mkdir()
        with Served(model=None) as server:
            page = Page(server.root)
            try:
                page.open()
                page.find("#open-models").click()
                hub.faults.cut = 0.3
                page.find("#download-name").send_keys("openai/gpt-oss-20b" + Keys.ENTER)
                page.until("document.querySelector('#downloads progress')?.value > 0", "a download shows how far it is")
                page.until("document.getElementById('downloads').textContent.includes('complete')", "it goes on after cuts, and ends", 40)
                page.until("[...document.querySelectorAll('#model-list h3')].some((one) => one.textContent.includes('gpt-oss-20b'))", "the model is listed")
                page.accessible("the models")
                page.findings("a download")
                stop_and_go_on(page, hub, large.stat().st_size)
            finally:
                page.driver.quit()


def stop_and_go_on(page, hub, size):
    """A download is stopped by its button, is there after a reload, and goes on where it was."""
    hub.faults.cut, hub.faults.rate = 0.0, 2_000_000
    field = page.find("#download-name")
    field.clear()
    field.send_keys("o/large" + Keys.ENTER)
    # Pieces have 4 MiB: of the first ones one has come whole.
    page.until("document.querySelector('#downloads progress')?.value > 9e6", "a large download is under way", 60)
    page.press("Stop", "#downloads")
    page.until("document.getElementById('downloads').textContent.includes('o/large: stopped at')", "it stops")
    page.until("document.querySelector('#downloads li:last-child button') === document.activeElement", "the focus is at what goes on")
    page.accessible("a download that is stopped")
    sent = hub.settled()
    page.open()
    page.find("#open-models").click()
    page.until("document.getElementById('downloads').textContent.includes('o/large: stopped at')", "a reload knows of it")
    hub.faults.rate = None
    page.press("Resume", "#downloads")
    page.until("document.getElementById('downloads').textContent.includes('o/large: complete')", "it goes on, and ends", 40)
    check(hub.sent - sent <= size - (4 << 20), f"what had come does not come again: {hub.sent - sent} of {size} bytes")
    page.findings("a download that was stopped")


def started(server, key):
    """Waits until no MCP server is starting any more."""
    request = urllib.request.Request(f"{server.root}/api/v1/mcp/servers", headers={"Authorization": f"Bearer {key}"})
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        with urllib.request.urlopen(request) as answer:
            if "starting" not in [one["state"] for one in json.load(answer)["servers"]]:
                return
        time.sleep(0.1)
    check(False, "MCP servers start within 20 s")


def test_tools(folder):
    """A tool of a real MCP server: refused, agreed to once, and for good."""
    environments = Path(os.environ.get("MCP_ENVIRONMENTS", ROOT))
    program = environments / ".venv-mcp2/bin/mcp-server-time"
    options = subprocess.run([GPTOSS, "serve", "--help"], capture_output=True, text=True).stdout
    if "--mcp" not in options or not program.exists():
        print("left out: tools (this server has no --mcp, or there is no .venv-mcp2)")
        return
    file = folder / "mcp.json"
    file.write_text(json.dumps({"mcpServers": {"time": {"command": str(program), "args": ["--local-timezone", "UTC"], "allowed_tools": ["get_current_time"]},
        "broken": {"command": "no-such-program"}}}))
    with Served("--mcp", str(file), "--api-key", "secret") as server:
        started(server, "secret")
        page = Page(server.root)
        try:
            page.open("#key=secret")
            page.open_settings()
            listed = page.text(".servers")
            check("time 1 tools, " in listed and "get_current_time" in listed, f"the servers with their tools and tokens: {listed!r}")
            check("broken" in listed and "no-such-program" in listed, f"a server that does not start says why: {listed!r}")
            page.accessible("the servers")
            page.press("Cancel", "#settings")
            page.set(servers=["time"], temperature="0")
            page.open_settings()
            check(page.run("return document.querySelector('.servers input[value=time]').checked"), "a chosen server stays chosen")
            page.press("Cancel", "#settings")
            page.send("What time is it in Asia/Tokyo?")
            page.until("document.querySelector('.asks')", "a tool asks")
            check("get_current_time" in page.text() and "Asia/Tokyo" in page.text(".asks pre"), f"with its arguments: {page.text()}")
            page.accessible("a tool that asks")
            page.press("No", ".asks")
            page.settled("a refusal is answered")
            check("Declined." in page.text() and "Call to" not in page.text(), f"refused: {page.text()}")
            page.press("Answer again")
            page.until("document.querySelector('.asks')", "it asks again")
            page.press("Allow once", ".asks")
            page.settled("agreed once")
            check("+09:00" in page.text(), f"the result: {page.text()}")
            check(page.run("return [...document.querySelectorAll('details')].every((one) => !one.open)"), "calls are folded")
            page.send("What time is it in Asia/Tokyo?")
            page.until("document.querySelector('.asks')", "once is once")
            page.press("Always in this conversation", ".asks")
            page.settled("agreed for good")
            page.send("What time is it in Asia/Tokyo?")
            page.settled("it asks no more")
            check(not page.run("return document.querySelector('.asks')") and page.text().count("Call to") == 3, f"for good: {page.text()}")
            before = page.text()
            page.open()
            check(page.text() == before, "a reload keeps calls")
            page.findings("tools")
        finally:
            page.driver.quit()


def test_forged_host(server):
    for path in ("/", "/page/main.js", "/page/../page/main.js", "/page/nothing.js", "/api/v1/trace/trace_1"):
        connection = http.client.HTTPConnection("127.0.0.1", server.port)
        connection.request("GET", path, headers={"Host": "evil.example"})
        check(connection.getresponse().status == 403, f"a forged Host at {path}")


def shots(folder):
    """Three sizes, both themes, both languages."""
    folder.mkdir(parents=True, exist_ok=True)
    source = ("## Formats\n\nThree of *many*:\n\n| format | bits | |\n| --- | ---: | --- |\n| MXFP4 | 4.25 | experts |\n| Q8_0 | 8.5 | the rest |\n\n"
              "1. Load `model.gguf`\n2. Ask:\n\n```swift\nlet answer = try await session.respond(to: \"Hello\").answer\nprint(answer)\n```\n\n> 日本語の文章も、折り返しも、きちんと表示されます。\n\nSee [the page](https://example.com).")
    asks = {"id": "mcpr_1", "type": "mcp_approval_request", "name": "get_current_time", "server_label": "time", "arguments": "{\"timezone\":\"Asia/Tokyo\"}"}
    reasoning = {"id": "rs_1", "type": "reasoning", "content": [{"type": "reasoning_text", "text": "The user asks for formats."}]}
    with Served() as server:
        page = Page(server.root)
        page.open()
        page.bring([conversation(3, "Formats of weights", [
            turn("Which formats are there?"), {**said(reasoning, message(source)), "seconds": {"rs_1": 1.2},
                                               "statistics": {"tokens": 111, "total": 4200, "first": 0.4, "speed": 19.2}},
            turn("What time is it in Tokyo?"), said(asks)])])
        page.choose("Formats")
        for language in ("en", "ja"):
            for theme in ("light", "dark"):
                page.driver.execute_cdp_cmd("Emulation.setUserAgentOverride", {"userAgent": "test", "acceptLanguage": language})
                page.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": theme}]})
                for width, height in ((390, 844), (820, 1180), (1440, 900)):
                    page.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
                        "width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 500})
                    page.open()
                    time.sleep(0.3)
                    mark = f"{language}-{theme}-{width}"
                    check(page.run("return document.documentElement.scrollWidth <= innerWidth"), f"{mark}: nothing is cut off")
                    page.driver.save_screenshot(str(folder / f"{mark}.png"))
                    page.accessible(mark)
                    for dialog in ("settings", "models"):
                        page.run("document.getElementById(arguments[0]).click()", f"open-{dialog}")
                        time.sleep(0.2)
                        page.driver.save_screenshot(str(folder / f"{mark}-{dialog}.png"))
                        page.run("document.getElementById(arguments[0]).close()", dialog)
        page.findings("screenshots")
        page.driver.quit()


def test_no_page():
    """Without the page, there is no trace of it."""
    with Served("--no-page") as server:
        for method, path in (("GET", "/"), ("POST", "/api/v1/trace"), ("GET", "/api/v1/trace/trace_1")):
            connection = http.client.HTTPConnection("127.0.0.1", server.port)
            connection.request(method, path, body="{}" if method == "POST" else None)
            check(connection.getresponse().status == 404, f"--no-page: {method} {path}")


def main():
    start = time.monotonic()
    with Served() as server:
        page = Page(server.root)
        try:
            test_forged_host(server)
            for test in (test_answer, test_edit_and_reload, test_keyboard, test_stop, test_budget, test_hostile, test_inside, test_markdown, test_two_tabs, test_many_messages):
                attempt(test, page)
            test_restart(page, server)
        finally:
            page.driver.quit()
    if len(sys.argv) > 1:
        shots(Path(sys.argv[1]))
    test_key()
    test_no_page()
    with tempfile.TemporaryDirectory() as name:
        test_tools(Path(name))
        test_download(Path(name))
    print(f"{time.monotonic() - start:.0f} s")
    finish()


if __name__ == "__main__":
    main()
