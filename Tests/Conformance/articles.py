"""The pages of Docs as articles of GPTOSS's documentation: the same words, with DocC's links."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "Docs"
FOLDER = ROOT / "Sources/GPTOSS/GPTOSS.docc/Articles"
LINK = re.compile(r"(!?)\[((?:`[^`]*`|[^\]`])*)\]\(([^)\s]+)\)")


def articles():
    """{file name: bytes} of everything that stands in the catalog's folder: pages, and the drawings on them."""
    made = {}
    for page in sorted(DOCS.glob("*.md")):
        text = page.read_text()
        made[page.name] = article(page.stem, text).encode()
        for drawing in re.findall(r"!\[[^\]]*\]\(([\w/]+\.svg)\)", text):
            made[Path(drawing).name] = (DOCS / drawing).read_bytes()
    return made


def article(page, text):
    """A page with links that DocC resolves. What it cannot lead to, such as a source file, is named."""
    parts = re.split(r"(^```.*?^```$)", text, flags=re.M | re.S)
    return "".join(
        part if part.startswith("```") else LINK.sub(lambda each: link(page, each), part) for part in parts
    )


def link(own, found):
    """A link on the page `own`."""
    is_picture, words, target = found.groups()
    if is_picture:
        return f"![{words}]({Path(target).name})"
    if re.match(r"https?:", target):
        return found[0]
    file, _, anchor = target.partition("#")
    page = Path(file).stem or own
    if ".." in file or not (DOCS / f"{page}.md").is_file():
        return words
    return f"[{words}](doc:{page}{'#' + fragment(page, anchor) if anchor else ''})"


def fragment(page, anchor):
    """DocC's name of a heading that GitHub calls so."""
    for heading in re.findall(r"^#+ (.*)$", (DOCS / f"{page}.md").read_text(), re.M):
        plain = heading.replace("`", "")
        if re.sub(r"[^\w\- ]", "", plain).lower().replace(" ", "-") == anchor:
            return re.sub(r"\s+", "-", plain)
    raise ValueError(f"{page}.md has no heading #{anchor}")
