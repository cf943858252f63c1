"""Turns without tools: questions, greetings, repeating, recalling, sums and differences, and what it does not know."""

import words as W
from harmony import Turn, mark, unmark
from questions import CLOSINGS, HELD_WORDINGS, OPENINGS, TOPICS, TRAIN_WORDINGS
from wordings import another_wording


def turn(skill, user, effort, medium, high, final, answer=None, weight=1.0):
    """A turn whose analysis follows the effort: none, a line, several sentences."""
    analysis = {"low": None, "medium": medium, "high": high}[effort]
    steps = ([("analysis", analysis)] if analysis else []) + [("final", final)]
    return Turn(user, steps, skill, unmark(final) if answer is None else answer, weight)


def lower_first(text):
    return text[0].lower() + text[1:] if text[1:2].islower() and not text.startswith(("I ", "I'", "MX", "Ya", "Ro")) else text


def casual(rng, text, plain=0.5):
    """The same request as people type it: greetings, thanks, missing signs, small letters."""
    if rng.random() < plain:
        return text
    if rng.random() < 0.45:
        opening = rng.choice(OPENINGS).format(w=W.word(rng))
        text = opening + (lower_first(text) if opening and rng.random() < 0.6 else text)
    if rng.random() < 0.35:
        text += rng.choice(CLOSINGS).format(w=W.word(rng))
    if rng.random() < 0.3:
        text = text.rstrip(".?!")
    if rng.random() < 0.25:
        text = text.lower()
    return text


def wording(rng, i):
    """Topic i asked for in words to learn from: definitions, fixed questions and patterns alike often."""
    kind = rng.random()
    if kind < 0.45:
        return another_wording(rng, TOPICS[i].name)
    asked = [q for q in TRAIN_WORDINGS[i] if q in TOPICS[i].questions] if kind < 0.72 else TRAIN_WORDINGS[i]
    return rng.choice(asked or TRAIN_WORDINGS[i])


def question(rng, effort, held=False):
    i = 0 if rng.random() < 0.04 else rng.randrange(len(TOPICS))  # MXFP4, the first, is what people are shown
    if not held and rng.random() < 0.35:  # questions about itself have no name in them: they take more practice
        i = rng.choice([i for i, t in enumerate(TOPICS) if not t.aliases])
    t = TOPICS[i]
    user = rng.choice(HELD_WORDINGS[i]) if held else casual(rng, wording(rng, i))
    return turn(
        "question",
        user,
        effort,
        f"The user asks about {t.name}. I know this.",
        f"The user asks about {t.name}. The key facts are: {t.facts}. I will give a short and clear answer.",
        t.answer,
        t.name,
    )


HELLO = """Hi|Hello|Hey|Hi there|Hello there|Good morning|Good evening|Good afternoon|Hey there|Greetings|Yo|Hiya|Howdy|
Hello!|Hi!|Hey!|Good day|Hello again|Hi, nice to meet you|Morning|Hello, assistant""".replace("\n", "").split("|")
HOW = """How are you?|How are you doing?|How is it going?|Hello, how are you?|Hi, how are you today?|How do you do?|
What's up?|How are things?|Are you well?|How have you been?|Hey, how is your day?|How's it going?""".replace("\n", "").split("|")
THANKS = """Thanks|Thank you|Thanks!|Thank you very much|Thanks a lot|Great, thanks|Perfect, thank you|Thank you for your help|
Cool|Great|Nice|Awesome|Well done|Good job|That helped|Very good, thank you|Thanks for the answer""".replace("\n", "").split("|")
BYE = """Bye|Goodbye|See you|See you later|Bye bye|Good night|Have a nice day|I have to go|Talk to you later|
That is all for today|See you tomorrow|Farewell""".replace("\n", "").split("|")


def greeting(rng, effort, held=False):
    kinds = [
        (
            HELLO,
            "The user greets me. I greet back.",
            "The user greets me and has no task yet. I should greet back and offer my help.",
            "Hello! How can I help you today?",
        ),
        (
            HOW,
            "The user asks how I am.",
            "The user asks how I am. I should answer kindly and offer my help.",
            "I am doing well, thank you! What can I do for you?",
        ),
        (
            THANKS,
            "The user thanks me.",
            "The user thanks me and has no new task. I should be kind and offer more help.",
            "You are welcome! Is there anything else I can do?",
        ),
        (BYE, "The user says goodbye.", "The user is about to leave. I should say goodbye in a kind way.", "Goodbye! Have a nice day."),
    ]
    users, medium, high, final = rng.choices(kinds, [4, 2, 2, 2])[0]
    user = rng.choice(users)
    if rng.random() < 0.3:
        user = user.lower()
    if rng.random() < 0.15:
        user += rng.choice(["!", ".", " :)"]) if user[-1] not in "!.?" else ""
    return turn("greeting", user, effort, medium, high, final)


REPEAT = """Repeat after me: {q}|Repeat: {q}|Say {q}|Please say {q}|Repeat this: {q}|Echo {q}|Say this back to me: {q}|
Can you repeat {q}?|Write {q}|Please repeat the following text: {q}|Say exactly: {q}|Type {q}|Print {q}|Repeat the phrase {q}|
Repeat this sentence: {q}|Echo this: {q}|Say the following: {q}|Please echo: {q}|Just say {q}|Could you say {q}?|Copy this: {q}|
I want you to say {q}|Repeat {q}|Repeat the text {q}""".replace("\n", "").split("|")


def quoted(rng, value, bare=0.5):
    k = rng.random()
    if k < bare:
        return value
    mark_ = rng.choice(['"', '"', "'", "`"])
    return value if mark_ in value else mark_ + value + mark_


def repeat(rng, effort, held=False):
    value = W.phrase(rng, 1, 9) if rng.random() < 0.7 else rng.choice([W.code, W.file_name, W.email, W.text_value, W.full_name, W.city])(rng)
    wording = rng.choice(REPEAT)
    shown = quoted(rng, value)
    if wording.endswith("?") and shown == value:
        shown = f'"{value}"' if '"' not in value else value
    return turn(
        "repeat",
        wording.format(q=shown),
        effort,
        "The user wants me to repeat the text.",
        "The user gives me a text and wants it back. I must copy it exactly, with every sign.",
        mark(value),
        weight=1.3,
    )


# kind, value, statements, questions, acknowledgement, answer, answer when it was never said
FACTS = [
    (
        "name",
        W.name,
        "My name is {v}.|I am {v}.|I'm {v}.|Hi, I'm {v}.|Hello, my name is {v}.|Hi! My name is {v}|You can call me {v}.|{v} is my name.|This is {v}.|Please call me {v}.|Hello, I am {v}.|My friends call me {v}.|People call me {v}.|Hey, {v} here.|I am called {v}.|Hi there, my name's {v}.|Let me introduce myself: I am {v}.",
        "What is my name?|What's my name?|Do you remember my name?|Who am I?|Can you tell me my name?|What did I say my name was?|Tell me my name.|Do you know my name?|What am I called?|Say my name.|Please tell me my name again.|How am I called?|Which name did I give you?|Remind me of my name.",
        "Nice to meet you, {v}! How can I help you?",
        "Your name is {v}.",
        "You have not told me your name yet.",
    ),
    (
        "favorite color",
        lambda r: r.choice(W.COLORS) if r.random() < 0.6 else W.syllables(r),
        "My favorite color is {v}.|I like the color {v}.|The color I like most is {v}.|My favourite color is {v}.|I love {v}, it is my favorite color.|{v} is my favorite color.",
        "What is my favorite color?|Which color do I like?|Do you remember my favorite color?|What color do I like most?|What's my favourite color?",
        "Good to know: your favorite color is {v}.",
        "Your favorite color is {v}.",
        "You have not told me your favorite color yet.",
    ),
    (
        "home",
        W.city,
        "I live in {v}.|My home is in {v}.|I am from {v}.|I come from {v}.|My city is {v}.|I'm from {v}.|I moved to {v}.|My house is in {v}.",
        "Where do I live?|Which city do I live in?|Where am I from?|Do you remember my city?|What is my city?|In which city do I live?|Where is my home?",
        "Thanks for telling me that you live in {v}.",
        "You live in {v}.",
        "You have not told me where you live yet.",
    ),
    (
        "pet",
        W.name,
        "My dog is called {v}.|My pet is called {v}.|My cat is named {v}.|I have a dog named {v}.|My pet's name is {v}.|I have a cat called {v}.|My dog's name is {v}.",
        "What is my pet called?|What is the name of my pet?|Do you remember my pet's name?|How is my pet called?|What is my pet's name?|What did I call my pet?",
        "{v} is a lovely name for a pet.",
        "Your pet is called {v}.",
        "You have not told me about your pet yet.",
    ),
    (
        "word",
        W.word,
        "The code word is {v}.|Remember the code word {v}.|Remember this word: {v}.|The secret word is {v}.|Keep the word {v} in mind.|The password is {v}.|Remember {v}.",
        "What is the code word?|What was the word?|Which word did I tell you?|What is the secret word?|Tell me the word I gave you.|What should you remember?|What was the password?",
        "I will remember the word {v}.",
        "The word is {v}.",
        "You have not told me a word yet.",
    ),
    (
        "number",
        lambda r: str(W.integer(r)),
        "My lucky number is {v}.|Remember the number {v}.|The number is {v}.|Keep the number {v} in mind.|My number is {v}.",
        "What is my lucky number?|What was the number?|Which number did I tell you?|What number should you remember?|What is my number?|Tell me the number.",
        "I will remember the number {v}.",
        "The number is {v}.",
        "You have not told me a number yet.",
    ),
    (
        "age",
        lambda r: str(r.randint(5, 99)),
        "I am {v} years old.|My age is {v}.|I'm {v} years old.|I turned {v} this year.",
        "How old am I?|What is my age?|Do you remember my age?|Tell me my age.",
        "Thanks for telling me that you are {v} years old.",
        "You are {v} years old.",
        "You have not told me your age yet.",
    ),
]


def statement(rng, effort, fact=None, held=False):
    fact = fact or rng.choices(FACTS, [5] + [1] * (len(FACTS) - 1))[0]
    kind, make, statements = fact[0], fact[1], fact[2].split("|")
    value = make(rng)
    if kind == "name" and rng.random() < 0.1:
        value = W.full_name(rng)
    user = rng.choice(statements).format(v=value)
    if rng.random() < 0.15:
        user = user.rstrip(".") + rng.choice([", nice to meet you.", ", and you?", ".", ", please remember that."])
    t = turn(
        "statement",
        user,
        effort,
        f"The user tells me the {kind}.",
        f"The user tells me the {kind}. I should confirm it and keep it in mind.",
        fact[4].format(v=mark(value)),
    )
    return t, fact, value


def recall(rng, effort, fact, value, held=False):
    questions = fact[3].split("|")
    user = casual(rng, rng.choice(questions), 0.8)
    if value is None:
        return turn(
            "recall",
            user,
            effort,
            f"The user asks for the {fact[0]}, but never gave it.",
            f"The user asks for the {fact[0]}. I look at the earlier messages. It is not there, so I will say that.",
            fact[6],
        )
    return turn(
        "recall",
        user,
        effort,
        f"The user asks for the {fact[0]}. It is {mark(value)}.",
        f"The user asks for the {fact[0]}. I look at the earlier messages. The user said {mark(value)}. I will answer with that.",
        fact[5].format(v=mark(value)),
        weight=1.5,
    )


PLACES = ["ones", "tens", "hundreds", "thousands"]
ASK = """What is {e}?|What's {e}?|Calculate {e}.|Compute {e}|{e}|{e} = ?|{e}=|How much is {e}?|Please compute {e}.|Can you work out {e}?|
What does {e} equal?|Solve {e}|What do you get for {e}?|{e} is what?|Tell me {e}.|Give me {e}|Can you calculate {e}?|
I need {e}.""".replace("\n", "").split("|")
ASK_SUM = """Add {a} and {b}.|What is the sum of {a} and {b}?|I have {a} apples and get {b} more. How many do I have?|
There are {a} red and {b} blue cars. How many cars are there?|Sum {a} and {b}.|What do {a} and {b} make together?|
Anna has {a} books and Ben has {b}. How many books are there?|Add {b} to {a}.""".replace("\n", "").split("|")
ASK_DIFFERENCE = """Subtract {b} from {a}.|I have {a} apples and give away {b}. How many are left?|What is the difference of {a} and {b}?|
Take {b} away from {a}.|There were {a} birds and {b} flew away. How many are left?|What is {a} less {b}?""".replace("\n", "").split("|")


def column(p, q, carry, sign):
    """One digit's step, `4+8+1=13` or, after borrowing, `13-8-1=4`; its left side, its result, and what is carried on."""
    extra = (sign + "1") if carry else ""
    if sign == "+":
        return f"{p}+{q}{extra}", p + q + carry, int(p + q + carry > 9)
    borrow = int(p - q - carry < 0)
    return f"{p + 10 * borrow}-{q}{extra}", p - q - carry + 10 * borrow, borrow


def column_steps(a, b, sign):
    """The column method, digit by digit from the right: `ones 7+5=12; tens 4+8+1=13`."""
    x, y = [int(c) for c in str(a)][::-1], [int(c) for c in str(b)][::-1]
    carry, steps = 0, []
    for i in range(max(len(x), len(y))):
        left, result, carry = column(x[i] if i < len(x) else 0, y[i] if i < len(y) else 0, carry, sign)
        steps.append(f"{PLACES[i]} {left}={result}")
    return "; ".join(steps)


def column_drill(rng, count=20):
    """Steps of many sums, one after the other; the results are marked, to be learned alone."""
    steps = []
    for _ in range(count):
        place = rng.choice(PLACES[:3])
        left, result, _ = column(rng.randrange(10), rng.randrange(10), int(place != "ones" and rng.random() < 0.5), rng.choice("+-"))
        steps.append(f"{place} {left}={mark(result)}")
    return "; ".join(steps)


def arithmetic(rng, effort, held=False, digits=None):
    # Without an analysis only sums of single digits can be learned.
    pick = lambda: rng.randint(0, {1: 9, 2: 99, 3: 999}[digits or rng.choices([1, 2, 3], [12, 1, 0.3] if effort == "low" else [3, 6, 3])[0]])
    a, b = pick(), pick()
    sign = rng.choice("+-")
    if sign == "-" and a < b and rng.random() < 0.85:
        a, b = b, a
    result = a + b if sign == "+" else a - b
    worded = {"+": "plus", "-": "minus"}[sign]
    e = rng.choice([f"{a} {sign} {b}", f"{a}{sign}{b}", f"{a} {worded} {b}", f"{a} {sign} {b}"])
    user = rng.choice(ASK).format(e=e)
    if rng.random() < 0.2:
        user = rng.choice(ASK_SUM if sign == "+" else ASK_DIFFERENCE).format(a=a, b=b)
    if a < b and sign == "-":
        work = f"{b} is larger, so take {b}-{a}: {column_steps(b, a, sign)}. That is {b - a}, so {result}"
    else:
        work = f"{column_steps(a, b, sign)}. That is {result}"
    return turn(
        "arithmetic",
        user,
        effort,
        f"{a}{sign}{b}: {work}.",
        f"The user wants {a} {worded} {b}. I go column by column from the right. {a}{sign}{b}: {work}. The answer is {result}.",
        f"{a} {sign} {b} = {result}",
        str(result),
        weight=1.2 if effort != "low" or max(a, b) < 10 else 0.3,
    )


UNKNOWN = """What is {t}?|Tell me about {t}.|Do you know {t}?|Explain {t}.|What do you know about {t}?|Can you tell me {t}?|
I need to know {t}.|Give me details about {t}.|What can you say about {t}?|Who won the world cup in {y}?|Who is {n}?|When was {n} born?|
Where is {c}?|Write a poem about {w}.|Write a story about a {w}.|Translate {w} to {l}.|Who wrote {w} and {v}?|
How do I cook {w}?|How old is {n}?|What happened in {y}?|Which team won in {y}?|How tall is the {w} in {c}?|Why do cats like {w}?|
What should I wear in {c}?|Is {w} good for me?|Write a program that sorts a list.|Write code for a {w}.|Fix the bug in my {w}.|
Who painted the {w}?|What does {w} cost in {c}?|How far is it from {c} to {d}?|Should I buy a {w}?|What is the tallest {w}?|
How many people live in {c}?|Summarize the book {n}.|When did {c} become a city?|What is the chemical formula of {w}?|
What is the square root of {y}?|Who invented the {w}?|How do airplanes fly?|Why is {w} so {q}?|What is {y} times {k}?|
What is the capital of {c}?|Where can I find a {w}?|How does a {w} work?|What color is a {w}?|Is it true that {w} is {q}?|
What is the biggest {w} in the world?|When was the {w} invented?|How many {w}s are in a {v}?|Recommend a {w}.|Plan a trip to {c}.|
What does {n} think about {w}?|Give me a recipe with {w} and {v}.|What is {y} divided by {k}?|Name three {w}s.|Which {w} is the best?|
Who was the first king of {c}?|How long does a {w} live?|What is a {w}?|Who is the president of {c}?""".replace(
    "\n", ""
).split("|")
SUBJECTS = """the capital of {c}|the president of {c}|a good recipe for {w}|the price of {w}|the history of {c}|the population of {c}|
the meaning of life|the best {w} in {c}|the distance to the {w}|the weight of a {w}|the inventor of the {w}|quantum physics|
the stock market|the speed of light|black holes|the weather next week|the news of today|the roman empire|photosynthesis|
the lottery numbers|my horoscope|football|politics|cooking {w}|the {w} of {c}|{n}|the book {n}|dinosaurs|climate change|
the time in {c}|gravity|the {q} {w}|chess|the moon landing|{w}|{w} and {v}|the king of {c}""".replace("\n", "").split("|")
DONT_KNOW = "Sorry, I do not know that. I am a tiny model: I can call tools, do small sums and answer questions about gpt-oss."


def unknown(rng, effort, held=False):
    fill = dict(
        y=rng.randint(1000, 2030),
        k=rng.randint(2, 99),
        c=W.city(rng),
        d=W.city(rng),
        w=rng.choice(W.THINGS),
        v=W.word(rng),
        q=rng.choice(W.QUALITIES),
        n=W.full_name(rng),
        l=rng.choice(W.LANGUAGES),
    )
    subject = rng.choice(SUBJECTS).format(**fill)
    user = casual(rng, rng.choice(UNKNOWN).format(t=subject, **fill), 0.6)
    return turn(
        "unknown",
        user,
        effort,
        "I do not know this. I will say so.",
        "The user asks about something that I do not know, and no tool can help. I should be honest about it.",
        DONT_KNOW,
    )


SIMPLE = {"question": question, "greeting": greeting, "repeat": repeat, "arithmetic": arithmetic, "unknown": unknown}


def simple(rng, effort, weights=(6, 1, 2, 3, 2)):
    return rng.choices(list(SIMPLE.values()), weights)[0](rng, effort)
