#!/usr/bin/env python3
"""The runner where README installs it: the commands as they are printed, in an empty home, and what is there then.

    swift build -c release --product gptoss
    python Tests/Conformance/install.py
"""

import json
import os
import re
import subprocess
import tempfile
from pathlib import Path

from checks import check, finish

ROOT = Path(__file__).resolve().parent.parent.parent


def readme_blocks():
    """README's commands that write below the home folder."""
    return [block for block in re.findall(r"^```bash\n(.*?)^```", (ROOT / "README.md").read_text(), re.M | re.S) if "~/" in block]


class Home:
    """An empty home folder, with `~/.local/bin` in PATH."""

    def __init__(self, folder):
        self.folder = Path(folder)
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("XDG_", "GPTOSS"))}
        self.environment = {**kept, "HOME": folder, "PATH": f"{folder}/.local/bin:/usr/bin:/bin"}

    def run(self, command, text="", cwd=None):
        return subprocess.run(
            ["bash", "-c", command], input=text, capture_output=True, text=True, timeout=120, cwd=cwd or self.folder,
            env=self.environment)

    def files(self):
        return sorted(str(path.relative_to(self.folder)) for path in self.folder.rglob("*") if path.is_file())


def test_install(home):
    install, completions = readme_blocks()
    for block in (install, completions):
        # Twice: an update goes the same way.
        for _ in range(2):
            result = home.run(block, cwd=ROOT)
            check((result.returncode, result.stdout, result.stderr) == (0, "", ""), f"README's {block!r}: {result}")
    check(
        home.files() == [".local/bin/gptoss", ".local/share/bash-completion/completions/gptoss", ".local/share/gptoss/assistant.gguf"],
        f"what is installed: {home.files()}")
    answer = home.run("gptoss generate -p 'Explain what MXFP4 quantization is.'")
    check(answer.returncode == 0 and "4-bit" in answer.stdout, f"the installed runner answers: {answer}")
    path = json.loads(home.run("gptoss inspect --json").stdout)["path"]
    check(path == f"{home.folder}/.local/share/gptoss/assistant.gguf", f"the installed model: {path}")
    version = home.run("gptoss --version")
    check(version.returncode == 0 and version.stdout.startswith("gptoss "), f"the installed runner's version: {version}")
    # Called by another name, through a link, from where nothing can be found by chance.
    (home.folder / "link").symlink_to(home.folder / ".local/bin/gptoss")
    check(home.run("~/link inspect", cwd="/").returncode == 0, "the runner through a link")


def test_places(home):
    """The model beside the runner, in the build's folder beside it, and nowhere."""
    runner, model = home.folder / ".local/bin/gptoss", home.folder / ".local/share/gptoss/assistant.gguf"
    resources = "gpt-oss-swift_GPTOSSFixtures.resources"
    for place in ("", resources):
        folder = home.folder / f"other{len(place)}"
        (folder / place).mkdir(parents=True)
        (folder / "gptoss").write_bytes(runner.read_bytes())
        (folder / "gptoss").chmod(0o755)
        (folder / place / "assistant.gguf").write_bytes(model.read_bytes())
        path = json.loads(home.run(f"{folder}/gptoss inspect --json").stdout)["path"]
        check(path == str(folder / place / "assistant.gguf"), f"the model in {place or 'the same folder'}: {path}")
    model.unlink()
    missing = home.run("gptoss generate -p Hello")
    check(missing.returncode == 1 and missing.stderr.count("\n") == 1 and "/share/gptoss" in missing.stderr, f"no model: {missing}")


def test_completions(home):
    """What Tab offers in bash."""
    def complete(*words):
        line = " ".join(words)
        script = (
            "source ~/.local/share/bash-completion/completions/gptoss; "
            f"COMP_WORDS=({' '.join(repr(word) for word in words)}); COMP_CWORD={len(words) - 1}; COMP_LINE={line!r}; COMP_POINT={len(line)}; "
            "COMP_TYPE=9; function=$(complete -p gptoss | sed 's/.*-F \\([^ ]*\\).*/\\1/'); "
            f"$function gptoss {words[-1]!r} {words[-2]!r}; printf '%s\\n' \"${{COMPREPLY[@]}}\"")
        return [word.strip() for word in home.run(script).stdout.splitlines()]
    check({"generate", "chat", "inspect"} <= set(complete("gptoss", "")), f"commands: {complete('gptoss', '')}")
    check(complete("gptoss", "gen") == ["generate"], f"gen: {complete('gptoss', 'gen')}")
    check("--temperature" in complete("gptoss", "generate", "--te"), "options")
    check(set(complete("gptoss", "chat", "--overflow", "")) == {"stop", "drop-oldest", "drop-middle"}, "values")
    (home.folder / "some.gguf").write_text("")
    check(complete("gptoss", "generate", "-m", "so") == ["some.gguf"], f"files: {complete('gptoss', 'generate', '-m', 'so')}")


def main():
    with tempfile.TemporaryDirectory() as folder:
        home = Home(folder)
        test_install(home)
        test_completions(home)
        test_places(home)
    finish()


if __name__ == "__main__":
    main()
