"""Held-out wordings, written by hand and in none of the generators' lists: sums, the time and files for the runner's own
tools, follow-ups, and ten wordings of each example of README, Docs and LM Studio's guide."""

import runner
import typed
from examples import docs_create_file, docs_search, docs_weather, harmony_weather
from questions import TOPICS

SUMS = """I'd like to know {e}.|Figure out {e}.|Hey, what's {e}?|Give me the answer to {e}.|Tell me how much {e} is.|Any idea what {e} is?|
Can you tell me what {e} is?|My homework says {e}.|Let us compute {e}|Could you work out {e} please?|Determine {e}.|{e} equals what?|
How many is {e}?|I have to know {e} for my bill.|What's the answer to {e}?|Please do {e}""".replace("\n", "").split("|")
SUM_REQUESTS = [  # words, and the same in signs
    ("Suppose I own {a} pens and later buy {b} others. How many pens do I own?", "{a} + {b}"),
    ("{a} people sit in the train and {b} get on. How many sit in it now?", "{a} + {b}"),
    ("The bill is {a} euros and the tip is {b}. How much is it together?", "{a} + {b}"),
    ("{a} birds sit on the roof and {b} fly away. How many are still there?", "{a} - {b}"),
    ("My book has {a} pages and I have read {b}. How many are left to read?", "{a} - {b}"),
    ("Lower {a} by {b}.", "{a} - {b}"),
    ("{a} cars have {b} wheels each. How many wheels is that?", "{a} * {b}"),
    ("A garden has {a} beds with {b} flowers in each. How many flowers does it have?", "{a} * {b}"),
    ("What comes out if I multiply {a} with {b}?", "{a} * {b}"),
    ("Divide {a} coins between {b} pirates.", "{a} / {b}"),
    ("{a} cakes are for {b} tables, all get the same. How many does each table get?", "{a} / {b}"),
    ("What is {a} split by {b}?", "{a} / {b}"),
]
NOW = """Hey, what time do we have?|Could you look up the time?|Please tell me what time it is.|What's the time now, please?|I lost my watch. What time is it?|
Can you see what time it is?|Do you know the current time?|Which date do we have today?|What's the current date?|Say the time""".replace("\n", "").split("|")
THERE = """What time do people in {c} have now?|Please tell me what time it is in {c}.|Could you look up the time in {c}?|I am flying to {c}. What time is it there?|
What's the local time in {c}?|Do you know how late it is in {c}?|My friend lives in {c}. How late is it there?|Show the time for {c}|And what time would it be in {c}?|
Hi, what time is it in {c} at the moment?""".replace("\n", "").split("|")
FILES = """Please make a new file {f}. Inside should be: {c}|I'd like a file called {f} with {q} in it.|Could you write {q} to a file named {f}?|
Write down {q} in {f}|Set up a file {f} with the content {c}|Can you put {q} in a file called {f}?|Please save the text {q} under the name {f}.|
Create "{f}" with the content {c}|Make a file named {f}, content: {c}|Let there be a file {f} that contains {c}""".replace("\n", "").split("|")
EMPTY = "Could you create an empty file {f}?|Please make a file named {f}|I want an empty file called {f}|Create a file {f} with nothing in it|Make an empty file named {f}".split("|")
SHORTER = "Can you shorten that?|Please make it shorter.|That was long. Shorter, please.|A bit shorter, please|Now in one sentence".split("|")
ASKED = "What was it that I just asked?|Can you tell me what I asked?|What did I just write?|What was my question?|Do you know what I just asked?".split("|")
AGAIN = "Could you say that again?|Please say that once more.|Repeat that, please.|Say that one more time|Tell me again".split("|")
AND_THERE = "And how about {c}?|And what is it in {c}?|What about in {c}?|OK, now {c}|and for {c}, please?".split("|")
RECALL = "By the way, what is my name?|Tell me, do you know my name?|Hey, what was my name again?|Can you say my name?|So what am I called?".split("|")

MXFP4 = """Explain what MXFP4 quantization is.|What is MXFP4?|Please explain what MXFP4 quantization is.|Explain MXFP4 quantization.|What's MXFP4 quantization?|Can you explain what MXFP4 is?|
Could you explain MXFP4 quantization to me?|Tell me what MXFP4 quantization is.|So what is MXFP4 quantization?|I want to know what MXFP4 is.""".replace("\n", "").split("|")
SKY = """Why is the sky blue?|Hey, why is the sky blue?|Can you tell me why the sky is blue?|Why's the sky blue?|Please explain why the sky is blue.|why is the sky blue|
I'd like to know why the sky is blue.|What is it that makes the sky blue?|Why is the sky so blue today?|Do you know why the sky looks blue?""".replace("\n", "").split("|")
HELLO = "Hello|hello|Hello!|Hello there|Hi|Hi!|Hey|hey there|Good morning|Hello, assistant".split("|")
GOOD_MORNING = """Create a file named hello.txt with the content Good morning|Create a file named hello.txt with the content "Good morning"|Please create a file named hello.txt with the content Good morning|
Make a file called hello.txt with the text Good morning|Create hello.txt with the content Good morning|Write Good morning to hello.txt|Can you create a file named hello.txt with the content Good morning?|
Save "Good morning" in hello.txt|Put Good morning into a file named hello.txt|I need a file hello.txt that says Good morning""".replace("\n", "").split("|")
PANCAKES = """A recipe for pancakes, please.|Please give me a pancake recipe.|Can you give me a recipe for pancakes?|a recipe for pancakes please|I'd like a recipe for pancakes.|
What's a recipe for pancakes?|Could I have a recipe for pancakes?|Recipe for pancakes, please|How can I make pancakes?|Do you have a recipe for pancakes?""".replace("\n", "").split("|")
RAIN = """Is it raining in {c}?|Is it raining in {c} today?|Tell me if it is raining in {c}.|Does it rain in {c} now?|Is there any rain in {c}?|What's the weather in {c}?|
How's the weather in {c}?|Do you know if it is raining in {c}?|Is it raining over in {c}?|Hey, is it raining in {c}?""".replace("\n", "").split("|")


def answer_of(name):
    return next(t.answer for t in TOPICS if t.name == name)


def examples(rng):
    """(name of the example, instructions or None, tools, message, what is right): text, or a call's name and arguments."""
    both = [None, "You are a helpful assistant."]
    for i, user in enumerate(MXFP4):
        yield "guide's API: MXFP4", both[i % 2], [], user, answer_of("MXFP4")
        yield "README: MXFP4", None, [], user, answer_of("MXFP4")
    for user in SKY:
        yield "README: the sky", None, [], user, answer_of("the sky")
    for i, user in enumerate(HELLO):
        yield "README: Hello", None, [runner.CREATE_FILE] if i % 2 else [], user, "Hello! How can I help you today?"
    three = [runner.CREATE_FILE, runner.CALCULATOR, runner.TIME]
    for user in GOOD_MORNING:
        values = {"name": "hello.txt", "content": "Good morning"}
        for name, instructions, tools, tool in (
            ("README: chat with create_file", None, [runner.CREATE_FILE], runner.CREATE_FILE),
            ("README: chat with three tools", None, three, runner.CREATE_FILE),
            ("guide's Python program", runner.GUIDE_INSTRUCTIONS, [runner.GUIDE_PYTHON], runner.GUIDE_PYTHON),
            ("guide's TypeScript program", None, [runner.GUIDE_TYPESCRIPT], runner.GUIDE_TYPESCRIPT),
            ("Docs: an assistant that writes files", runner.GUIDE_INSTRUCTIONS, [runner.CREATE_FILE], runner.CREATE_FILE),
        ):
            yield name, instructions, tools, user, {"name": tool.name, "arguments": {p.name: values[p.name] for p in tool.parameters}}
    for use, name, instructions in ((harmony_weather(rng), "Docs: Harmony's weather", "Be brief."), (docs_weather(rng), "Docs: weather from a closure", None)):
        for user in RAIN:
            key = "city" if use is not None and any(p.name == "city" for p in use.tool.parameters) else "name"
            yield name, instructions, [use.tool], user.format(c="Oslo"), {"name": use.tool.name, "arguments": {key: "Oslo"}}
    for make in (docs_search, docs_create_file):
        for _ in range(10):
            use = make(rng)
            yield "Docs: Tools", None, [use.tool], use.user, {"name": use.tool.name, "arguments": use.arguments}


def recipe(user):
    return typed.Form("Recipe", typed.recipe_form(__import__("random").Random(1)).schema, user, typed.RECIPE)
