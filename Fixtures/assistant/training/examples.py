"""The tools that the documentation of this package declares, as its programs declare them."""

import phrases
import words as W
from chat import quoted
from harmony import Parameter, Tool, mark
from runner import SAID, options_of
from use import Use, bare_end, compact
from wordings import choose

COUNTRIES = "Norway|France|Germany|Italy|Spain|Japan|Peru|Egypt|India|Canada|Austria|Poland|Greece|Portugal|Sweden".split("|")
SKIES = "rain|snow|sun|fog|wind|clouds|storm|hail|clear|cloudy|sunny".split("|")
RAINING = options_of(
    """Is it raining in {c}?|Is it raining in {c} [now|today|right now|at the moment]?|Does it rain in {c}?|[Can you see|Could you check|I wonder] whether it [rains|is raining] in {c}[?|.]|Tell me whether it [rains|is raining] in {c}[.|]|[How|What] is the weather in {c} [today|now|right now]?|Is there rain in {c}?|Is it wet in {c}?|Do I need an umbrella in {c}?|Is it rainy in {c} today?|
What is the weather in {c}?|How is the weather in {c}?|What's the weather like in {c}?|Weather in {c}?|Is it sunny in {c}?|Tell me the weather in {c}.|Will I get wet in {c}?|[Please |]check the weather in {c}|
How is the sky in {c}?|Any rain in {c}?|What does the sky look like in {c}?|Is the sun shining in {c}?|It rains here. And in {c}?"""
)


def harmony_weather(rng):
    """Docs/Harmony.md."""
    c, sky = W.city(rng), rng.choice(SKIES)
    arguments, user = {"city": c}, choose(rng, rng.choice(RAINING)).format(c=c)
    if rng.random() < 0.25:
        arguments["unit"] = rng.choice(["celsius", "fahrenheit"])
        user = user.rstrip("?.") + f" in {arguments['unit']}?"
    tool = Tool("get_weather", "Current weather in a city.", [Parameter("city"), Parameter("unit", '"celsius" | "fahrenheit"', optional=True, default="celsius")])
    return Use(tool, user, arguments, compact({"sky": sky}), f"The sky in {mark(c)}: {mark(sky)}.", harmony_weather)


def docs_weather(rng):
    """Docs/Tools.md: a closure whose argument is a city."""
    c, sky = W.city(rng), rng.choice(SKIES)
    country = rng.choice(COUNTRIES) if rng.random() < 0.4 else None
    user = choose(rng, rng.choice(RAINING)).format(c=c + (f", {country}" if country else ""))
    tool = Tool("weather", "The weather in a city.", [Parameter("name"), Parameter("country", optional=True)])
    arguments = {"name": c} | ({"country": country} if country else {})
    return Use(tool, user, arguments, compact({"city": c, "sky": sky}), f"The sky in {mark(c)}: {mark(sky)}.", docs_weather)


def docs_search(rng):
    v, found = W.title(rng, 1, 4), W.title(rng, 2, 6)
    asked = options_of(
        """Search for {v}|[Find|Search|Look for|Get|Show] pages [about|on|for] {v}|Find {v}|Look for {v}|Which pages are [about|on] {v}?|Search pages: {v}|Look up {v}|[I need|I want|Give me|Show me] pages [about|on] {v}|
[Can|Could] you [search for|find|look up|look for] {v}?|[Please |]search for {v}[| please]|[Are there|Do you have] [any |]pages [on|about] {v}?|What [pages are there|is there|do you find] [on|about] {v}?|Search: {v}|Any pages on {v}?|
[Hey|Hello], find pages [about|on] {v}|Search the pages for {v}|Find me [something|pages|a page] about {v}"""
    )
    user = choose(rng, rng.choice(asked)).format(v=quoted(rng, v, 0.8))
    return Use(Tool("search", "Finds pages.", [Parameter("words")]), user, {"words": v}, found, f"I found this: {mark(found)}", docs_search)


def docs_create_file(rng):
    """Docs/Tools.md: a file with a mode that may be left out."""
    f, c = W.file_name(rng), W.text_value(rng)
    mode = rng.choice([None, None, "append", "create"])
    asked = {
        None: "Create a file named {f} with the content {c}|Create {f} with {c}|Write {c} to {f}|Make a file {f} with the text {c}|Save {c} in {f}",
        "append": """[Append|Add] {c} to {f}|[Append|Add] {c} to the [file|end of] {f}|[Append|Add] the [text|line|words] {c} to {f}|In append mode, write {c} to {f}|Write {c} to {f}[,| in] [append mode|mode append]|
At the end of {f} [add|append] {c}|[Append|Add] to {f}: {c}|[Please |]append {c} to {f}[| please]|Use mode append [and|to] write {c} to {f}|[Could|Can] you [append|add] {c} to {f}?""",
        "create": """In create mode, write {c} to {f}|Use mode create: write {c} to {f}|Create {f} with {c}, mode create|Write {c} to {f}[,| in| with] [create mode|mode create]|
With mode create, [make|write|create] {f} with {c}|Use [create mode|mode create] [and|to] [write|save] {c} [to|in] {f}|Mode create: {f} with {c}|Create {f} in create mode with {c}""",
    }[mode]
    tool = Tool(
        "create_file",
        "Create a file with the given name and content.",
        [Parameter("name", description="The file's name, without a folder."), Parameter("content"), Parameter("mode", '"create" | "append"', optional=True)],
    )
    bare, inside = quoted(rng, f, 0.9), quoted(rng, c, 0.7)
    user = choose(rng, rng.choice(options_of(asked))).format(f=bare, c=inside)
    if mode is None and rng.random() < 0.6:
        user = choose(rng, rng.choice(SAID if rng.random() < 0.5 else phrases.lines("said"))).format(f=bare, c=inside, q=inside)
    arguments = {"name": f, "content": bare_end(user, c)} | ({"mode": mode} if mode else {})
    return Use(tool, user, arguments, f"Created {f}.", f"Done. I created {mark(f)}.", docs_create_file)


def documented(rng):
    return rng.choice([harmony_weather, docs_weather, docs_search, docs_create_file])(rng)
