"""The tools that the runner brings along, exactly as it declares them: sums through `calculator`, the `time` in a zone, and
`create_file`, also as the programs of LM Studio's guide declare it."""

import json
import math
import re

import phrases
import words as W
from chat import casual, quoted
from everyday import create_file as some_create_file
from harmony import Parameter, Tool, mark
from use import FAILURES, Use, bare_end
from wordings import choose

CALCULATOR = Tool(
    "calculator",
    "Evaluate an arithmetic expression.",
    [Parameter("expression", description="Numbers, + - * / % ^, parentheses, sqrt, abs, min, max, round, pi and e.")],
)
TIME = Tool(
    "time",
    "Get the current date and time.",
    [Parameter("zone", description="A time zone such as Europe/Berlin; the local one if left out.", optional=True)],
)
CREATE_FILE = Tool("create_file", "Create a file with the given name and content.", [Parameter("name"), Parameter("content")])
# The guide's two programs: Python's SDK sorts the parameters by name.
GUIDE_PYTHON = Tool("create_file", "指定された名前と内容でファイルを作成する。", [Parameter("content"), Parameter("name")])
GUIDE_TYPESCRIPT = Tool("createFile", "Create a file with the given name and content.", [Parameter("name"), Parameter("content")])
GUIDE_INSTRUCTIONS = "You are a helpful assistant running on the user's computer."


# ---------------------------------------------------------------- sums


def evaluate(expression):
    """The value as the runner's calculator writes it, or None; numbers, names and signs only."""
    text = expression.replace("×", "*").replace("÷", "/").replace("−", "-").replace("·", "*").replace("^", "**")
    if not re.fullmatch(r"[0-9+\-*/%.,() ]*(?:(?:sqrt|abs|min|max|round|pi|e)[0-9+\-*/%.,() ]*)*", text) or len(text) > 80:
        return None
    half_up = lambda x, n=0: math.copysign(math.floor(abs(x) * 10**n + 0.5), x) / 10**n if n else int(math.copysign(math.floor(abs(x) + 0.5), x))
    names = dict(sqrt=math.sqrt, abs=abs, min=min, max=max, round=half_up, pi=math.pi, e=math.e)
    try:
        value = eval(re.sub(r"(?<![\d.])0+(?=\d)", "", text), {"__builtins__": {}}, names)  # noqa: S307, the text was checked
    except (ArithmeticError, SyntaxError, TypeError, ValueError):
        return None
    if isinstance(value, complex) or isinstance(value, tuple) or abs(value) > 1e30:
        return None
    if value == int(value) and abs(value) < 1e15:
        return str(int(value))
    return f"{value:.15g}" if isinstance(value, float) else str(value)


ASKED = """What is {e}?|What is {e}?|What's {e}?|Calculate {e}.|Compute {e}|{e}|{e} = ?|{e}=|How much is {e}?|Please compute {e}.|Can you work out {e}?|
What does {e} equal?|Solve {e}|What do you get for {e}?|{e} is what?|Tell me {e}.|Give me {e}|Can you calculate {e}?|I need {e}.|
Work out {e}|Evaluate {e}|Please evaluate {e}.|Use the calculator for {e}|Use the calculator: {e}|Calculate: {e}|{e}?|What is {e} exactly?|
How much does {e} make?|Do the math: {e}|Can you do {e}?|What is the result of {e}?|What is the value of {e}?|Find {e}|{e}, please|
Could you compute {e} for me?|I want to know {e}|Quick: {e}|What would {e} be?|Let me know what {e} is.|[Please |][tell me|show me] what {e} [is|gives|makes|comes to]|
What is {e}[| then| in total]?|[Will|Would] you [calculate|compute|work out|solve] {e}[| for me| please]?|[May|Can] I [have|get] the [result|value] of {e}?|[Now|Next|Then] [compute|calculate|solve|evaluate] {e}|
[I am looking for|I want|I need] the [result|value] of {e}|[Hello|Hi|OK|So], what [is|does one get for] {e}?|The [result|value] of {e}[|, please|?]|{e} [gives|makes] what?|[Check|Try|Do] {e}[| please]|[Use|With] your [tool|tools|calculator][:|,] {e}|
[Run|Put] {e} [through|into] the calculator[.|]|[Do|Can] you know {e}?|What comes out of {e}?"""
# each: sign, wordings of the sum itself as {a} and {b}, wordings of a whole request with things {t}, a thing {w} and people {n}, {m};
# numbers stand in the order in which they are said where the sign allows it
SIGNS = [
    (
        "+",
        "{a} + {b}|{a} + {b}|{a}+{b}|{a} plus {b}|{a} plus {b}|the sum of {a} and {b}|{a} and {b} together|{a} added to {b}|the total of {a} and {b}|"
        "{a} increased by {b}|{a} more than {b}",
        """Add {a} and {b}.|Add {a} to {b}|Add {a} and {b}|Sum [up |]{a} and {b}[|, please]|What do {a} and {b} make [together|in all|in total]?|[Please |]add [up|together] {a} and {b}|
What is the total of {a} and {b}?|I have {a} {t} and [get|find|buy|take] {b} more. How many [do I have|are there|{t} is that|{t} do I have][| now| then]?|
There are {a} red and {b} blue {t}. How many {t} are there[| in all]?|{n} has {a} {t} and {m} has {b}. How many [|{t} ]are there[| together]?|
If [I|you|we] add {a} [to|and] {b}, what [do I get|do you get|is it|comes out]?|What [is|do you get for] {a} increased by {b}?|[Increase|Raise] {a} by {b}[.|]|
One {w} costs {a} dollars and another one {b}. How much is that together?|What is {a} more than {b}?|{n} [sold|ate|saw|made] {a} {t} on Monday and {b} on Tuesday. How many in all?|
[Put|Take] {a} and {b} together|Combine {a} and {b}|I [pay|paid|spent] {a} dollars and then {b} more. How much is that?|First {a} {t}, then {b} more. How many is that?|
{a} [children|people|guests] are [here|in the room|on the bus] and {b} [more come|come in|join them|arrive]. How many are [there|here][| now]?|The {w} has {a} {t}, the other one {b}. How many have both?|How much are {a} and {b}?""",
    ),
    (
        "-",
        "{a} - {b}|{a} - {b}|{a}-{b}|{a} minus {b}|{a} minus {b}|{a} − {b}|{a} less {b}|the difference of {a} and {b}|the difference between {a} and {b}|"
        "{a} decreased by {b}|{a} reduced by {b}|{b} less than {a}|{b} subtracted from {a}|{a} without {b}",
        """Subtract {b} from {a}.|Subtract {b} from {a}|Take {b} away from {a}.|Take {b} from {a}|Deduct {b} from {a}|
I [have|had] {a} {t} and [give|gave] away {b}. How many are left?|I have {a} {t} and [lose|sell|eat|use|break] {b}[. How many are left|. How many remain|. How many do I have left| of them. How many are left]?|
There [were|are] {a} {t} and [{b} flew away|{b} left|{b} are gone|we ate {b}|{n} took {b}|{b} got lost]. How many [are left|remain|stay|{t} are left|are still there]?|
{a} {t} [are|lie|stand] [here|on the table|in the garden] and {b} [go|fall|roll|run|swim|are taken] away. How many [are left|stay|remain|are still here]?|
{n} has {a} {t} to [paint|wash|sell|count|read|write] and [has done|did|finished|is done with] {b}. How many are left[| to do]?|[Cut|Shrink|Drop] {a} by {b}[.|]|
I had {a} dollars and [spent|lost|paid] {b}. What is left?|What [is left|remains] if I take {b} [away |]from {a}?|What [is|do you get for] {a} [decreased|reduced|lowered] by {b}?|
[Decrease|Reduce] {a} by {b}[.|]|How much [more|bigger|larger] is {a} than {b}?|By how much is {a} more than {b}?|{n} has {a} {t} and {m} has {b}. How many more [has|does] {n}[?| have?]|
What is {b} less than {a}?|From {a} take {b}|A {w} was {a} dollars and is {b} dollars cheaper now. What does it cost?|Of {a} {t} {b} are [broken|red|gone|old]. How many are not?|
A [trip|way|road] of {a} miles: {b} are done. How many are left?|We need {a} {t} and have {b}. How many are missing?""",
    ),
    (
        "*",
        "{a} * {b}|{a} * {b}|{a}*{b}|{a} times {b}|{a} times {b}|{a} x {b}|{a} × {b}|{a}x{b}|the product of {a} and {b}|{a} multiplied by {b}|{a} multiplied with {b}",
        """Multiply {a} by {b}.|Multiply {a} and {b}|[Please |]multiply {a} with {b}|Multiply the [two |]numbers {a} and {b}[.|]|If I multiply {a} [by|with] {b}, what do I get?|
{a} [boxes|bags|baskets|crates|bottles] [hold|have|contain] {b} {t} each. How many {t} are there?|There are {a} [rows|groups|classes|tables] with {b} [seats|children|people|{t}] each. How many [|{t} |of them ]are there[| in all]?|
One {w} costs {a} dollars. How much do {b} [of them |]cost?|A [shelf|box|wall|book|house] has {a} [boards|rows|pages|rooms] with {b} {t} [on each|in each|each]. How many {t} is that?|
I [walk|run|drive|ride] {a} miles [a|every|each] day. How far is that in {b} days?|Each of {a} {t} [weighs|costs|needs] {b}. How much is that together?|
{n} earns {a} dollars an hour and works {b} hours. How much does {n} earn?|Take {a} {b} times|I buy {a} {t} for {b} dollars each. [How much|What] do I pay?|{a} [people|children] eat {b} {t} each. How many {t} do they eat?|
How many {t} are {a} [boxes|bags] of {b}?|What is {a} times as much as {b}?|{n} reads {a} pages a day. How many pages are that in {b} days?""",
    ),
    (
        "/",
        "{a} / {b}|{a} / {b}|{a}/{b}|{a} divided by {b}|{a} divided by {b}|{a} ÷ {b}|{a} over {b}|the quotient of {a} and {b}|{a} split into {b}",
        """Divide {a} by {b}.|Divide {a} by {b}|[Please |]divide {a} by {b}|Split {a} [into|in] {b} [equal |]parts|{a} {t} are shared by {b} [children|people|friends]. How many does each [get|one get]?|
[Share|Split|Divide] {a} {t} [among|between] {b} [people|friends|children][.|. How many does each get?|]|What do you get when you divide {a} by {b}?|If I [divide|split] {a} by {b}, what do I get?|
{b} [people|friends] share {a} [dollars|{t}]. How [much|many] does each get?|A rope of {a} meters is cut into {b} [equal |]pieces. How long is one?|Put {a} {t} into {b} [boxes|bags]. How many are in each?|
[Distribute|Spread] {a} {t} over {b} [bags|boxes|tables]|How [many times|often] does {b} [fit|go] into {a}?|What is {a} [shared|split] [into|among] {b}?|{a} {t} are for {b} [children|people|boxes]. How many [for each|does each get]?|{a} {t} cost {b} dollars. [How many|How many of them] do I get for one?|
I drive {a} miles in {b} hours. How [many miles|far] is that in one hour?|{a} pages in {b} days: how many [is that |are that |]each day?""",
    ),
]


def few_digits(rng, most):
    """A number of the same two digits, in which it is easy to lose the place."""
    digits = rng.sample("0123456789", 2)
    return str(int("".join(rng.choice(digits) for _ in range(rng.randint(2, most)))))


def in_words(n):
    """The name of a number below a hundred."""
    small = """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen
eighteen nineteen""".split()
    if n < 20:
        return small[n]
    return "twenty thirty forty fifty sixty seventy eighty ninety".split()[n // 10 - 2] + ("-" + small[n % 10] if n % 10 else "")


def sum_number(rng):
    k = rng.random()
    if k < 0.07:
        return few_digits(rng, 5)
    if k < 0.9:
        return str(rng.randint(0, rng.choice([9, 20, 99, 99, 99, 999, 999, 999, 9999, 99999])))
    return f"{rng.randint(0, 199)}.{rng.choice([str(rng.randint(1, 9)), f'{rng.randint(1, 99):02d}', rng.choice(['25', '50', '75', '99'])])}"


def several_steps(rng, held=False):
    """A sum of several steps, or with numbers that are not said, such as the days of a week; and the request."""
    user, written = rng.choice(phrases.lines("other", held)).split("\t")
    b, c = (rng.choice([sum_number(rng), str(rng.randint(2, 12)), str(rng.randint(1, 99))]) for _ in range(2))
    if "^{b}" in written:
        b = str(rng.randint(2, 12))
    numbers = dict(a=sum_number(rng), b=b, c=c, d=sum_number(rng))
    return written.format(**numbers), phrases.fill(rng, user, **numbers)


PLAIN = [
    (form.format(e=said), written)
    for form in ("What is {e}?", "What is {e}?", "What's {e}?", "what is {e}", "How much is {e}?")
    for said, written in (
        ("{a} times {b}", "{a} * {b}"),
        ("{a} divided by {b}", "{a} / {b}"),
        ("{a} plus {b}", "{a} + {b}"),
        ("{a} minus {b}", "{a} - {b}"),
        ("{a} squared", "{a}^2"),
        ("the square root of {a}", "sqrt({a})"),
    )
]

# Asks for a difference that nobody would give a sign.
EITHER_WAY = re.compile(r"differ|\bdiff\b|gap|apart|range|separates|versus|\bvs\b|longer novel|[Bb]y how much\?$|[Hh]ow much (older|wider)")


def pair(rng, falling):
    """Two numbers; so often is the second not the greater one."""
    a, b = sum_number(rng), sum_number(rng)
    return (b, a) if float(a) < float(b) and rng.random() < falling else (a, b)


def said_sum(rng, sign, pattern):
    """The sum of a wording, its numbers as they are said where the sign allows it, and the request."""
    a, b = pair(rng, 0 if sign in "+*" else 1 if sign == "-" and EITHER_WAY.search(pattern) else 0.7)
    space = "" if "{a}" + sign + "{b}" in pattern else " "
    return space.join([b, sign, a] if phrases.turned(sign, pattern) else [a, sign, b]), phrases.fill(rng, pattern, a=a, b=b)


def expression(rng, steps=True):
    """What the user writes for a sum, and what the calculator is given; a whole request, if the first is None."""
    k = rng.random()
    n = lambda: sum_number(rng)
    if k < 0.1:  # without the calculator these are sums by thought or beyond it: it has to be seen that it is there
        said, written = rng.choice(PLAIN)
        a, b = n(), n()
        return None, written.format(a=a, b=b), said.format(a=a, b=b)
    if k < 0.55:
        sign, parts, whole = rng.choice(SIGNS)
        how = rng.random()
        if how < 0.13:
            written, user = story(rng)
            return None, written, user
        if how < 0.6:
            return None, *said_sum(rng, sign, rng.choice(phrases.lines(WRITTEN[sign])))
        if how < 0.71:
            return None, *said_sum(rng, sign, rng.choice(options_of(whole)))
        if how < 0.77:
            two, one = sorted((rng.randint(0, 99), rng.randint(0, 99 if sign in "+-" else 20)))
            apart = [x for x in options_of(parts)[3:] if " " in x]
            return rng.choice(apart).format(a=in_words(one), b=in_words(two)), f"{one} {sign} {two}", None
        written, said = said_sum(rng, sign, rng.choice(options_of(parts)))
        return said, written, None
    if k < 0.62:  # three or four numbers, written in signs or, of one kind, in words
        sign, _, _ = rng.choice(SIGNS[:3])
        if rng.random() < 0.35:
            word = {"+": "plus", "-": "minus", "*": "times"}[sign]
            numbers = [n() for _ in range(3)]
            return f" {word} ".join(numbers), f" {sign} ".join(numbers), None
        numbers = [n() for _ in range(rng.choice([3, 3, 4]))]
        space, out = rng.choice([" ", " ", ""]), numbers[0]
        for x in numbers[1:]:
            out += space + rng.choice("++-**/") + space + x
        return out, out, None
    if k < 0.69:  # parentheses
        space = rng.choice([" ", " ", ""])
        one, two = rng.choice("+-*"), rng.choice("*/+-")
        out = rng.choice([f"({n()}{space}{one}{space}{n()}){space}{two}{space}{n()}", f"{n()}{space}{two}{space}({n()}{space}{one}{space}{n()})"])
        return out, out, None
    a, b, small = n(), n(), str(rng.randint(2, 12))
    if steps and rng.random() < 0.75:
        written, user = several_steps(rng)
        return None, written, user
    return rng.choice(
        [
            (f"the square root of {a}", f"sqrt({a})", None),
            (f"sqrt({a})", f"sqrt({a})", None),
            (f"{a} squared", f"{a}^2", None),
            (f"{a} to the power of {small}", f"{a}^{small}", None),
            (f"{a}^{small}", f"{a}^{small}", None),
            (f"{a} cubed", f"{a}^3", None),
            (f"{small} percent of {a}", f"{small} * {a} / 100", None),
            (f"{small}% of {a}", f"{small} * {a} / 100", None),
            (f"half of {a}", f"{a} / 2", None),
            (f"twice {a}", f"{a} * 2", None),
            (f"{a} % {small}", f"{a} % {small}", None),
            (f"-{a} + {b}", f"-{a} + {b}", None),
            (f"{a} * -{small}", f"{a} * -{small}", None),
            (f"the maximum of {a}, {b} and {small}", f"max({a}, {b}, {small})", None),
            (f"the minimum of {a} and {b}", f"min({a}, {b})", None),
            (f"{a} mod {small}", f"{a} % {small}", None),
        ]
    )


WRITTEN = {"+": "plus", "-": "minus", "*": "times", "/": "divide"}


def options_of(text):
    """The choices between bars that are not inside brackets."""
    return [x.strip() for x in re.split(r"\|(?![^\[]*\])", text.replace("\n", "")) if x.strip()]


ASKED = options_of(ASKED)

# Word problems are put together: what there is and where, what happens, and the question.
PLACES = """in the garden|in the box|on the shelf|in my bag|at the party|on the bus|in the class|on the field|in the shop|in the pond|on the list|in the queue|on the table|
in the fridge|in the park|at the station|in the tank|on the wall|in the drawer|on the boat|in the basket|in the yard|at the lake|in the barn|in the cellar""".replace("\n", "").split("|")
LEAVE = options_of("leave|go home|run away|walk away|swim away|go out|get off|go to sleep|disappear|hide|are sent home|move away|go to bed|get lost|[leave|go] [later|soon|early]")
COME = options_of("[|more ]come|[|more ]arrive|[|more ]join [in|them]|[|more ]come in|[|others ]come along|[|more ]walk in|more follow|more show up|come back|[|others ]move in")
LOSE = options_of("sell|lose|eat|break|drop|give [away|to {n}]|throw away|use [up|]|burn|send to {n}|lend to {n}|forget|pack")
GAIN = "buy|find|get|win|receive|make|bake|pick|collect|order".split("|")
LOST = options_of("are sold|are eaten|are gone|are taken|are used|are stolen|get lost|are [given|thrown|carried] away")
LEFT = options_of("How many are left?|How many remain?|How many are there [now|then|afterwards]?|How many [stay|do not]?|How many are still [here|there]?|What is left?|[And how|How] many are left then?")
NOW_THERE = options_of("How many are there [now|then|in all|in total|altogether]?|How many is that?|How many does that make?|[And how|How] many are there?|What is the total?")


def story(rng):
    """A word problem in one of many forms, and its sum."""
    k = rng.randrange(12)
    a, b = pair(rng, 0.7 if k in (0, 2, 4, 9, 10, 11) else 0)
    pick = lambda choices: choose(rng, rng.choice(choices)).format(n=rng.choice(W.NAMES))
    being, good, place, holder, name = rng.choice(W.BEINGS), rng.choice(W.GOODS), pick(PLACES), rng.choice(W.HOLDERS), rng.choice(W.NAMES)
    many = holder + ("es" if holder[-1] in "xsh" else "s")
    there = rng.choice([f"{a} {being} are {place}", f"There are {a} {being} {place}", f"{place[0].upper() + place[1:]} are {a} {being}", f"We see {a} {being} {place}", f"{a} {being} {rng.choice(['stand', 'wait', 'play', 'stay', 'meet'])} {place}"])
    things = rng.choice([f"{a} {good} are {place}", f"There are {a} {good} {place}", f"{place[0].upper() + place[1:]} are {a} {good}", f"{name} puts {a} {good} {place}", f"{a} {good} lie {place}"])
    who = rng.choice(["I", "We", "They", "You"])
    within = who if who == "I" else who.lower()  # as it stands within a sentence
    have = rng.choice([f"{who} have {a} {good}", f"{who} own {a} {good}", f"{who} had {a} {good}", f"{who} start with {a} {good}", f"{who} bring {a} {good}"])
    link = rng.choice([" and ", ", and ", ". Then ", ". Now ", ", but ", ". Later "])
    if k in (0, 1):
        sign, verbs, question = ("-", LEAVE, LEFT) if k == 0 else ("+", COME, NOW_THERE)
        return f"{a} {sign} {b}", f"{there}{link}{b} {pick(verbs)}. {pick(question)}"
    if k == 2:
        return f"{a} - {b}", f"{have}{link}{within} {pick(LOSE)} {b}{rng.choice(['', ' of them'])}. {pick(LEFT)}"
    if k == 3:
        return f"{a} + {b}", f"{have}{link}{within} {pick(GAIN)} {b} more. {pick(NOW_THERE)}"
    if k == 4:
        return f"{a} - {b}", f"{things}{link}{b} {pick(LOST)}. {pick(LEFT)}"
    if k == 5:
        return f"{a} + {b}", f"{things}{link}{name} adds {b}{rng.choice(['', ' more', ' new ones'])}. {pick(NOW_THERE)}"
    if k in (6, 7):
        form = [f"There are {a} {many} and each has {b} {good}", f"Each of {a} {many} [holds|has|contains] {b} {good}", f"{a} {many}, {b} {good} [in|on|per] each", f"{name} [fills|packs|counts] {a} {many} with {b} {good} each", f"[I|We] have {a} {many} of {b} {good} each"]
        return f"{a} * {b}", f"{choose(rng, rng.choice(form))}. {choose(rng, rng.choice([f'How many {good} are there[| in all| in total| altogether]?', f'How many {good} is that[| together]?', 'How many is that[| in total]?']))}"
    if k == 8:
        verb, unit = rng.choice(["cost", "weigh", "take"]), rng.choice(["day", "week", "hour"])
        return f"{a} * {b}", choose(rng, rng.choice([f"One {holder} {verb}s {a}. What do {b} {many} {verb}?", f"{name} [writes|reads|paints|sells|bakes] {a} {good} [a|each|every] {unit}. How many in {b} {unit}s?", f"{b} {many} at {a} dollars each, how much is that?"]))
    if k in (9, 10):
        form = [f"{a} {good} go into {b} {many}, the same number in each. How many [go into|are in] each?", f"{name} [shares|divides|splits] {a} {good} [equally |evenly |][among|between] {b} {being}. How many does each [get|receive]?", f"We [put|pack] {a} {good} [evenly |]into {b} {many}. How many [are|fit] in one?", f"{b} {being} [share|divide|split] {a} {good}. How many [for each|does each one get|per head]?", f"{a} {good}, {b} {being}, equal parts: how many each?"]
        return f"{a} / {b}", choose(rng, rng.choice(form))
    form = choose(rng, rng.choice([f"The {holder} costs {{a}} and [I|we] have {{b}}. How much [is missing|more do I need]?", f"{name} is {{a}} and {rng.choice(W.NAMES)} is {{b}}. [What is the difference|How much older is {name}]?", f"{name} wants {{a}} {good} and has {{b}}. How many [are missing|more are needed|does {name} still need]?", f"The {holder} is {{a}} wide and the other {{b}}. [What is the difference|How much wider is it]?"]))
    if EITHER_WAY.search(form) and float(a) < float(b):
        a, b = b, a
    return f"{a} - {b}", form.format(a=a, b=b)


def calculator(rng, steps=True):
    for _ in range(20):
        said, written, request = expression(rng, steps)
        value = evaluate(written)
        if value is not None:
            break
    else:
        written, value = "1 / 0", "Error: Division by zero."
        said, request = written, None
    user = request or choose(rng, rng.choice(ASKED if rng.random() < 0.7 else phrases.lines("frames"))).format(e=said)
    if rng.random() < 0.15:  # large numbers as people write them, and the calculator does not
        user = re.sub(r"(?<![\d.,])(\d{1,3})(\d{3})(?![\d.,]\d|\d)", r"\1,\2", user)
    if user[0].islower() and rng.random() < 0.7 and not said:
        user = user[0].upper() + user[1:]
    return Use(CALCULATOR, casual(rng, user, 0.75) if request is None or rng.random() < 0.5 else user, {"expression": written}, value, f"The result is {mark(value)}.", calculator)


# ---------------------------------------------------------------- time

ZONES = [tuple(line.rsplit(" ", 1)) for line in phrases.every("zones")]
NOW = options_of(
    """What time is it?|What time is it?|Tell me the time.|What's the time?|Can you check the time?|What is the current time?|What time is it now?|How late is it?|
Time please|Do you have the time?|What is the time right now?|Give me the current time.|What is the date today?|What day is it?|What is today's date?|
What date is it?|Which day is today?|What's the date?|Tell me the date and time.|What is the time?|Current time|time|What time do we have?|
[Please |][tell|give|show] me the [time|date|current time|date and time|exact time][|, please|!]|[Can|Could] you tell me [the time|what time it is|the date|today's date]?|
Is it late?|Look at the clock|[Check|Get|Show] the [time|clock|date][| for me| please]|What year is it?|What does the clock say?|I need to know the time|
Do you know [what time it is|the time|what day it is|today's date]?|Time?|Date?|What's today's date?|Use the time tool|
[What|Which] [date|day|weekday|hour|month] [is it|do we have|is today][| now]?|[My watch|The clock] [stopped|is broken]. [What time is it?|How late is it?]|[Hi|Hello|Hey], [what time is it|how late is it|what day is it]?|
Could you [check|look at|see] [the time|the clock|what time it is][| for me]?|[See|Look up|Find out|Check] [what time it is|how late it is][| now][| please]|The time[| now|, please]|The [date|day] today|
How late do we have it?|I have no watch. How late is it?|What is [the|today's] [day|date|weekday]?"""
)
THERE = options_of(
    """What time is it in {c}?|What time is it in {c}?|What's the time in {c}?|Tell me the time in {c}.|What is the current time in {c}?|How late is it in {c}?|Time in {c}|
What time is it now in {c}?|Give me the time in {c}|Which time is it in {c}?|What is the time in {c} right now?|What day is it in {c}?|What is the date in {c}?|
[Please |]check the time in {c}|[Can|Could] you tell me [the time|what time it is] in {c}?|How late is it [now |right now |]in {c}?|Current time in {c}|
Do you know [the time|what time it is] in {c}?|What time do they have in {c}?|I want to call someone in {c}. What time is it there?|Time in {c}, please|
What does the clock say in {c}?|Is it [late|night|morning] in {c}?|Time now in {c}?|
[My sister|My boss|Anna|A friend|My family] [is|lives|works] in {c}. [What time is it|How late is it|What is the time] there[| now]?|I [am going|travel|will go|am on the way|move|drive|take the train] to {c}[| soon| tomorrow| next week]. [What time is it there|How late is it there|What time do they have there][| now]?|
[My plane lands|My train stops|The meeting is|We meet|They wait|The office is] in {c}. [What time is it there|How late is it|What is the time there][| now]?|I [am|will be|live|land|stay] in {c}[| soon| tomorrow]. What time is it there[| now]?|
[Show|Find|Get] [me |]the [clock|hour|time|date] [in|of|for] {c}|What time do [you|we|they|people there] have [now |]in {c}[| now]?|[Time|Clock|Date] for {c}[| please]|Tell me the time for {c}|
What hour is it in {c}?|The time [of|in] {c}|It is [noon|late|early] here. [What time|How late] is it in {c}?|[Look up|Check|See] [what time it is|how late it is|the clock] in {c}|
What would the time be in {c}?|People in {c}: what time do they have?|What is the [local |]time [of|in] {c}[| at the moment| just now]?|{c}: what time is it?|Is {c} asleep? What time is it there?"""
)


# What is asked for most.
FAMOUS = """Berlin|Paris|London|Rome|Madrid|Vienna|Oslo|Lisbon|Dublin|Athens|Moscow|Zurich|Prague|Warsaw|Istanbul|Helsinki|Stockholm|
Amsterdam|Brussels|Budapest|Copenhagen|Tokyo|Seoul|Singapore|Shanghai|Dubai|Bangkok|Jakarta|Manila|Tehran|New York|Chicago|Los Angeles|
Denver|Toronto|Mexico City|Lima|Bogota|Cairo|Lagos|Nairobi|Sydney|Melbourne|Auckland|Hong Kong|Mumbai|Beijing|San Francisco|Honolulu|
Reykjavik|Johannesburg|Sao Paulo|Buenos Aires|Vancouver""".replace("\n", "").split("|")
FAMOUS = [zone for zone in ZONES if zone[0] in FAMOUS]


def place(rng):
    """A city or country and its zone."""
    return rng.choice(FAMOUS if rng.random() < 0.6 else ZONES)


def moment(rng, zone):
    day, hour = W.date(rng), f"{rng.randint(0, 23):02d}:{rng.randint(0, 59):02d}"
    offset = rng.choice(["+01:00", "+02:00", "Z", "-05:00", "+09:00", "-07:00", "+05:30", "+00:00"])
    return f"{day}T{hour}:{rng.randint(0, 59):02d}{offset}[{zone}]", f"It is {mark(hour)} on {mark(day)} in {mark(zone)}."


def time(rng):
    if rng.random() < 0.4:
        zone = rng.choice(["Europe/Berlin", "UTC", "Etc/UTC", "GMT", "America/New_York", rng.choice(ZONES)[1]])
        result, final = moment(rng, zone)
        return Use(TIME, casual(rng, choose(rng, rng.choice(NOW if rng.random() < 0.6 else phrases.lines("now"))), 0.75), {}, result, final, time)
    city, zone = place(rng)
    k = rng.random()
    if k < 0.15:
        city = zone
    elif k < 0.2:
        city, zone = "UTC", "UTC"
    arguments = {"zone": zone}
    user = casual(rng, choose(rng, rng.choice(THERE if rng.random() < 0.6 else phrases.lines("there"))).format(c=city), 0.8)
    result, final = moment(rng, zone)
    if city.lower() in user and city not in user and k < 0.2:
        user = user.replace(city.lower(), city)
    elif k >= 0.2 and rng.random() < 0.12:
        user = user.lower()
    return Use(TIME, user, arguments, result, final, time)


# ---------------------------------------------------------------- files

REFUSALS = """File already exists.|File already exists.|The user did not allow it.|The user did not allow it.|
Only paths relative to the current folder are allowed, without a leading /.|There is no folder {w}; use an existing one.|
{f} is a symbolic link; links are not followed.|The name is empty.""".replace("\n", "").split("|")
EMPTY = options_of(
    """Create a file named {f}|Create an empty file called {f}|Create an empty file named {f}|Make an empty file {f}|Create {f}|Make a file called {f}|Create a new file {f}|
Create the file {f}|[Please |]create {f}|touch {f}|I need an empty file {f}|New file {f}|Create a blank file {f}|Create an empty {f}|
[Make|Create|Add] [a|the] [new |]file [named |called |]{f} [without content|with no text|with no content|that is empty|with nothing inside|and leave it empty]|[Please |][make|create] an [empty|entirely empty] file [{f}|called {f}|by the name of {f}]|
[I want|I would like|Give me] [a blank|an empty|a new] file {f}|[Make|Create] [a file |]{f} [containing nothing|with nothing as its content|that has nothing in it yet|with no words in it]|{f} should be an empty file|An empty file {f}[|, please]|Can you create [{f}|an empty {f}|the file {f}]?"""
)
SAID = options_of(
    """[Make|Create|Start] [a|a new] file {f}. [The content is|It contains|It should say|Its text is|Put in it|In it stands|The text|Content]: {c}|[Note|Put|Type|Write] {q} [down |]in [a file named |the file |]{f}|
[Store|Keep|Save|File] [the text|the words|the line|the sentence] {q} [as|in|under] {f}|[Please |][save|store|keep] {q} under [the file name|the name of] {f}|[I need|Give me|I want] [a file|a new file] {f} [with|that holds|that has] {q}[| in it| inside]|
[Make|Create|Open] [a|the] file "{f}"[, and put {q} in it| and write {q} in it| with the text {q}| with {q} inside]|[Could you|Can you|Would you] [write|save|store|note] {q} [to|in|into] [a file called|a file|the file] {f}?|
[Could you|Can you] [make|create] [a file|me a file] [named|called] {f} [with|that says] {q}?|A file [named|called] {f} with {q}, please|{f} should [contain|say|hold] {q}|[Let|Have] {f} [contain|say] {c}|
Into {f} [goes|write|put]: {c}|The file {f} [gets|needs|should have] the [content|text] {c}|New file {f}: {c}|[Please |]write {q}. [The file is|Call the file|Name it|The name is] {f}|File name {f}, text {q}|
[Set up|Prepare|Make] {f} with the [text|content|words|line] {q}|[Make|Create] [a|a new] file {f}. [Inside it|Inside stands|Inside write|In it is|In it should stand]: {c}|A new file {f}, inside: {c}|[Make|Create] a file [named|called] {f}, [text|with the text|and its content is|which says]: {c}|Write [down |]the [words|text|line] {q} in {f}[| please]"""
)
MADE = {
    "haiku": ("haiku|short haiku", "A small model hums,\\ntokens fall like quiet rain.\\nThe window slides on."),
    "poem": ("poem|short poem|little poem", "Roses are red,\\nweights are four bits,\\nthis model is small,\\nbut look how it fits."),
    "joke": ("joke|funny joke|good joke", "Why did the token leave the window? It had slid too far from the others!"),
    "greeting": ("greeting|friendly greeting|hello", "Hello! Have a nice day."),
    "story": ("story|short story", "Once there was a tiny model. It knew little, but it helped where it could."),
    "list": ("shopping list|list of groceries", "milk, bread, eggs, apples"),
}
MADE_ASKED = options_of(
    """Save a {k} to {f}|Write a {k} to {f}|Write a {k} into {f}|Create a file named {f} with a {k}|Put a {k} in {f}|Create {f} with a {k}|
Write a {k} and save it as {f}|Make a file {f} with a {k}|Create a file {f} with a {k} in it|Please write a {k} to the file {f}"""
)


def create_file(rng, tool=None):
    """A request for a file with the runner's or the guide's declaration."""
    tool = tool or rng.choices([CREATE_FILE, GUIDE_PYTHON, GUIDE_TYPESCRIPT], [5, 1.2, 1.2])[0]
    k = rng.random()
    if k < 0.1:
        f = W.file_name(rng)
        user, content, shown = choose(rng, rng.choice(EMPTY if rng.random() < 0.6 else phrases.lines("empty"))).format(f=quoted(rng, f, 0.9)), "", None
    elif k < 0.16:
        f = rng.choice([W.file_name(rng), rng.choice(list(MADE)) + ".txt"])
        names, content = MADE[rng.choice(list(MADE))]
        user = rng.choice(MADE_ASKED).format(k=rng.choice(names.split("|")), f=f)
        content = content.replace("\\n", "\n")
    else:
        use = some_create_file(rng)
        f, content = [v for p, v in sorted(use.arguments.items(), key=lambda x: x[0] not in ("name", "path", "filename", "file_name", "file"))]
        user = use.user
        if k < 0.55:
            bare, inside = quoted(rng, f, 0.85), quoted(rng, content, 0.3)
            user = choose(rng, rng.choice(SAID if rng.random() < 0.45 else phrases.lines("said"))).format(f=bare, c=quoted(rng, content, 0.8), q=inside)
            content = bare_end(user, content)
    values = {"name": f, "content": content}
    result, final = "File created.", f"Done. I created {mark(f)}."
    if rng.random() < 0.15:
        error = rng.choice(REFUSALS).format(w=W.word(rng), f=f) if rng.random() < 0.7 else rng.choice(FAILURES)
        result, final = "Error: " + error, f"The call to {mark(tool.name)} failed: {mark(error)}"
    if tool is not CREATE_FILE and rng.random() < 0.4:  # LM Studio's SDK hands results back as JSON
        result = json.dumps(result)
    make = lambda r: create_file(r, tool)
    make.__name__ = "create_file"
    return Use(tool, user, {p.name: values[p.name] for p in tool.parameters}, result, final, make)


def own(rng, kind=None):
    """A use of one of the runner's tools."""
    kind = kind or rng.choices(["calculator", "time", "create_file"], [5, 2.5, 4])[0]
    return {"calculator": calculator, "time": time, "create_file": create_file}[kind](rng)
