"""Ten wordings of each message that the documentation shows, and what an answer to each must be.

A check returns None if the answer is right, else what is wrong with it. The wordings are in none of the lists that
the small model is trained on."""

import re
from dataclasses import dataclass
from typing import Callable


@dataclass(frozen=True)
class Wording:
    message: str
    wrong: Callable
    # What is answered when the model's tool asks.
    reply: str = ""
    # The whole example with this message in it.
    text: str = ""


def knows(*patterns):
    """The answer has a match of each of these."""

    def wrong(answer):
        missing = [pattern for pattern in patterns if not re.search(pattern, answer.said, re.I)]
        if missing:
            return f"not about {missing}: {answer.said[:120]!r}"

    return wrong


def makes(name, content):
    """The file is there with that content, and no other."""

    def wrong(answer):
        path = answer.folder / name
        if not path.is_file():
            return f"no {name}: {(answer.beside + answer.said)[-120:]!r}"
        if path.read_text() != content:
            return f"{name} has {path.read_text()!r}"

    return wrong


def sums_to(value):
    """`calculator` was called, and the answer has the result."""

    def wrong(answer):
        if "→ calculator" not in answer.beside:
            return f"no call: {(answer.beside + answer.said)[-120:]!r}"
        if not re.search(rf"(?<![\d.]){value}(\.0)?(?![\d]|\.\d)", answer.said):
            return f"not {value}: {(answer.beside + answer.said)[-120:]!r}"

    return wrong


def tells_time(place=""):
    """`time` was called, for that place if one was named, and the answer has the date or the time of its result."""

    def wrong(answer):
        call = re.search(r"→ time (.*)", answer.beside)
        result = re.search(r"← (\d{4}-\d\d-\d\d)T(\d\d:\d\d)", answer.beside)
        if not call or not result or place not in call[1]:
            return f"no call: {(answer.beside + answer.said)[-120:]!r}"
        if result[1] not in answer.said and result[2] not in answer.said:
            return f"not {result[0]}: {answer.said[-120:]!r}"

    return wrong


def looks_up(city):
    """The weather was asked for of that city, and of no other."""

    def wrong(answer):
        if f'"{city}"' not in answer.said:
            return f"{city} was not looked up: {answer.said[-120:]!r}"

    return wrong


GREETS = knows(r"\b(hello|hi|hey|good (morning|evening|day))\b")
MXFP4 = knows(r"\b(4-bit|four-bit|4 bits|four bits)\b", r"\bscale\b")
SKY = knows(r"\bblue\b", r"\bscatter")
# A title that is one, and the minutes or the number of steps.
PANCAKES = knows(r"(?m)^.{0,20}pancake.{0,20} \d+$")

FILES = [
    Wording(message, makes(name, content), "y")
    for message, name, content in [
        ("Create a file named notes.txt with the content Buy milk", "notes.txt", "Buy milk"),
        ("Please create a file named todo.md with the content Call Anna", "todo.md", "Call Anna"),
        ("Create a file called greeting.txt with the text Hello world", "greeting.txt", "Hello world"),
        ("Make a file named list.txt with the content apples and pears", "list.txt", "apples and pears"),
        ('Create a file named quote.txt with the content "Less is more"', "quote.txt", "Less is more"),
        ("Write Good night to evening.txt", "evening.txt", "Good night"),
        ("Save the text See you soon in a file named bye.txt", "bye.txt", "See you soon"),
        ("Can you create a file named plan.txt with the content Meet at noon?", "plan.txt", "Meet at noon"),
        ("I need a file named colors.csv with the content red,green", "colors.csv", "red,green"),
        ("Put Happy birthday into a file called card.txt", "card.txt", "Happy birthday"),
    ]
]

SUMS = [
    Wording(message, sums_to(value))
    for message, value in [
        ("What is 12 + 30?", 42),
        ("How much is 7 times 8?", 56),
        ("Calculate 144 / 12.", 12),
        ("What is 100 minus 37?", 63),
        ("Please compute 15 * 4", 60),
        ("Add 25 and 17.", 42),
        ("What is 9 * 9?", 81),
        ("Subtract 8 from 50.", 42),
        ("How much is (3 + 4) * 5?", 35),
        ("What is 84 divided by 7?", 12),
    ]
]

TIMES = [
    Wording(message, tells_time(place))
    for message, place in [
        ("What time is it?", ""),
        ("Tell me the time.", ""),
        ("What time is it in Tokyo?", "Tokyo"),
        ("What is today's date?", ""),
        ("Can you tell me the current time?", ""),
        ("How late is it?", ""),
        ("What's the time in Paris right now?", "Paris"),
        ("Which day is it today?", ""),
        ("What time is it in New York?", "New_York"),
        ("Give me the current date and time.", ""),
    ]
]

# What is asked of each of the runner's tools.
TOOLS = {"create_file": FILES, "calculator": SUMS, "time": TIMES}

ABOUT_MXFP4 = """What does MXFP4 mean?|Explain MXFP4.|What is MXFP4 quantization?|Can you explain MXFP4 to me?|
Please tell me what MXFP4 is.|How does MXFP4 work?|What is the MXFP4 format?|Describe MXFP4 quantization.|
Tell me about MXFP4.|I would like to know what MXFP4 quantization is."""
ABOUT_THE_SKY = """What makes the sky blue?|Why does the sky look blue?|Tell me why the sky is blue.|
Explain why the sky is blue.|How come the sky is blue?|Could you explain why the sky is blue?|
Why is the sky blue by day?|What is the reason that the sky is blue?|Why do we see a blue sky?|
Please, why is the sky blue?"""
GREETINGS = "Hi|Hello!|Hey|Good evening|Hi there|Hello there!|Good morning!|Hello again|Hey there!|Good afternoon"
RAIN = """Is it raining at all in {}?|Is it raining in {} today?|Does it rain in {}?|Is there rain in {}?|
Tell me if it is raining in {}.|Is it raining now in {}?|How is the weather in {}?|What is the weather in {}?|
Is it wet in {}?|Do I need an umbrella in {}?"""
CITIES = "Oslo Lisbon Bergen Paris Rome Madrid London Berlin Vienna Dublin Athens".split()
COOKING = """A recipe for pancakes|Please, a recipe for pancakes.|Give me a recipe for pancakes.|
How do I make pancakes?|
I want to make pancakes.|A pancake recipe, please.|Pancakes, please!|
Tell me how to make pancakes.|Can I have a recipe for pancakes?|What do I do to make pancakes?"""


GOOD_MORNING = Wording(
    "Create a file named hello.txt with the content Good morning", makes("hello.txt", "Good morning"), "y"
)


def listed(texts):
    return texts.replace("\n", "").split("|")


def asked(printed, texts, wrong):
    """A message as it is printed, and ten that ask the same."""
    return printed, [Wording(text, wrong) for text in [printed, *listed(texts)]]


# A message as the documentation prints it, and what is tried: itself, then ten that are said in its place.
MESSAGES = dict(
    [
        asked("Explain what MXFP4 quantization is.", ABOUT_MXFP4, MXFP4),
        asked("What is MXFP4?", ABOUT_MXFP4, MXFP4),
        asked("Why is the sky blue?", ABOUT_THE_SKY, SKY),
        asked("Hello", GREETINGS, GREETS),
        asked("A recipe for pancakes, please.", COOKING, PANCAKES),
        (GOOD_MORNING.message, [GOOD_MORNING, *FILES]),
        (
            "Is it raining in Oslo?",
            [
                Wording(text.format(city), looks_up(city))
                for text, city in zip(["Is it raining in {}?", *listed(RAIN)], CITIES)
            ],
        ),
    ]
)


def occurrence(message):
    """A pattern of a message as a whole, also between the line ends of a quoted text."""
    return rf"(?:(?<=\\n)|(?<![\w ])){re.escape(message)}(?![\w ])"


def printed_messages(text):
    """The messages with wordings that stand in an example."""
    return [message for message in MESSAGES if re.search(occurrence(message), text)]


def reworded(text):
    """The text as it is printed, and in ten wordings: each message in it is said otherwise. Empty if it has none."""
    messages = printed_messages(text)
    if not messages:
        return []

    def variant(number):
        said = text
        chosen = [MESSAGES[message][number] for message in messages]
        for message, wording in zip(messages, chosen):
            said = re.sub(occurrence(message), lambda _: wording.message.replace('"', r"\""), said)
        wrong = lambda answer: next(filter(None, (wording.wrong(answer) for wording in chosen)), None)
        return Wording(", ".join(wording.message for wording in chosen), wrong, text=said)

    return [variant(number) for number in range(11)]
