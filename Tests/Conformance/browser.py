"""A real browser for pages: Debian's chromium with its driver, and PyPI's selenium; and what no page may do in it."""

import json
from pathlib import Path

from axe_core_python import __file__ as axe_package
from selenium import webdriver

from checks import check

AXE = (Path(axe_package).parent / "axe.min.js").read_text()


class Browser:
    # Runs in every page before the page's own scripts.
    WATCH = """
    window.violations = [];
    document.addEventListener("securitypolicyviolation", (event) => window.violations.push(event.violatedDirective));
    """

    def __init__(self, size, script_timeout):
        options = webdriver.ChromeOptions()
        options.binary_location = "/usr/bin/chromium"
        for argument in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", f"--window-size={size}", "--lang=en",
                         "--disable-background-networking", "--disable-component-update", "--no-first-run"):
            options.add_argument(argument)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        self.driver = webdriver.Chrome(options=options, service=webdriver.ChromeService("/usr/bin/chromedriver"))
        self.driver.set_script_timeout(script_timeout)
        self.watch()

    def watch(self):
        """A tab watches what comes; a new one has to be told."""
        self.driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": self.WATCH})

    def run(self, script, *arguments):
        return self.driver.execute_script(script, *arguments)

    def keys(self, *keys):
        self.driver.switch_to.active_element.send_keys(*keys)

    def is_clean(self, what):
        """Checks that nothing is wrong in the console or against the policy, and that no text was run."""
        entries = [one["message"] for one in self.driver.get_log("browser") if one["level"] in ("SEVERE", "WARNING")]
        check(not entries, f"{what}: the console has {entries[:3]}")
        check(not self.run("return window.violations"), f"{what}: against the policy: {self.run('return window.violations')}")
        check(not self.run("return window.hit"), f"{what}: text was run")

    def requests(self):
        """The URLs that were asked for since the last time."""
        for entry in self.driver.get_log("performance"):
            message = json.loads(entry["message"])["message"]
            if message["method"] == "Network.requestWillBeSent":
                yield message["params"]["request"]["url"]

    def axe(self):
        """What axe finds against screen readers."""
        # By the driver: a page's policy lets no script of others in.
        return self.driver.execute_async_script(
            AXE + "; const done = arguments[arguments.length - 1];"
            "axe.run({ resultTypes: ['violations'] }).then((all) => done(all.violations), (error) => done([{ id: String(error) }]));")
