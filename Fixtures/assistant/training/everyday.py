"""Everyday tools: files, weather, sums, messages, … each with many names, wordings and forms of result."""

import phrases
import words as W
from catalog import catalog
from chat import quoted
from harmony import Parameter, Tool, mark
from use import FAILURES, SUCCESS, Use, bare_end, compact, described, options, outcome, pretty


def create_file(rng):
    fn = rng.choice(["create_file"] * 14 + "write_file save_file make_file new_file createFile file_create write_to_file".split())
    a = rng.choice("name name name name name name path filename file_name file".split())
    b = rng.choice("content content content content content content text data contents body".split())
    f, c = (W.path(rng) if a == "path" else W.file_name(rng)), W.text_value(rng)
    user = rng.choice(
        options(
            """Create a file named {f} with the content {c}|Create a file called {f} that contains {c}|Please create the file {f} with content {c}|
Make a file {f} with the text {c}|Write {q} to {f}|Write {q} to the file {f}|Write {q} into {f}|Put {q} in {f}|Save {q} to {f}|Save {q} to a file named {f}|Create {f} with {c}|Write the text {q} into the file {f}|
I need a file {f} containing {c}|Create a new file {f} and put {q} in it|Save {q} as {f}|Can you create a file {f} with content: {c}|
Store {q} in {f}|Create a file. Name: {f}. Content: {c}|Put {q} into {f}|Create {f} containing {c}|Make {f} and write {c}|
Make me a file named {f} that says {c}|Create the file {f} with the text {c}|Write a file {f} with {c}|Generate a file {f} with content {c}|
Create a text file {f} saying {c}|File {f}, content {c}|Create a file named {f} with content {c}|Save a file called {f} with {c}|
Could you create {f} with the content {c}?|Add a file {f} with {c} in it|I want a file called {f}. It should contain {c}|
Create a file {f} with {q} inside"""
        )
    ).format(f=quoted(rng, f, 0.75), c=quoted(rng, c, 0.45), q=quoted(rng, c, 0.4))
    c = bare_end(user, c)
    if user[-1] not in ".!?" and rng.random() < 0.15:
        user += "."
    result, final = outcome(rng, fn, f"Done. I created {mark(f)}.")
    if result in SUCCESS and rng.random() < 0.2:
        result = rng.choice(["created " + f, "Created " + f, f"{len(c)} bytes written to {f}", pretty(rng, {"path": f}), f"Wrote {f}"])
    tool = Tool(
        fn,
        rng.choice(
            [
                "Create a file",
                "Creates a file with the given content",
                "Write text to a file",
                "Create a new file",
                "Saves content to a file",
                "Create a file with a name and a content.",
                "Create a file with the given name and content.",
                "Creates a text file in the current folder",
            ]
        ),
        [
            described(rng, a, ["The file name", "Name of the file", "Path of the file", "The name of the file to create", "Where to write"]),
            described(rng, b, ["The content", "Text to write", "What to write into the file", "The text of the file", "File content"]),
        ],
    )
    arguments = {a: f, b: c}
    if rng.random() < 0.08:
        tool.parameters.reverse()
        arguments = {b: c, a: f}
    return Use(tool, user, arguments, result, final)


def weather(rng):
    fn = rng.choice(
        "get_weather get_weather get_weather get_current_weather weather fetch_weather weather_forecast getWeather current_weather".split()
    )
    a = rng.choice("location location city city place".split())
    c = W.city(rng)
    if rng.random() < 0.12:
        c += ", " + rng.choice(["CA", "France", "Germany", "Japan", "Texas", "UK", W.syllables(rng).capitalize()])
    user = rng.choice(
        options(
            """What is the weather in {c}?|What's the weather in {c}?|What is the weather like in {c}?|How is the weather in {c}?|Weather in {c}|
Tell me the weather in {c}.|Is it raining in {c}?|Is it cold in {c} today?|How warm is it in {c}?|What's the temperature in {c}?|Check the weather for {c}.|
Do I need a coat in {c}?|Give me the weather for {c} please.|What is the weather in {c} today?|How hot is it in {c} right now?|What's the weather like in {c} today?|
Is it sunny in {c}?|Do I need an umbrella in {c}?|How is it outside in {c}?|Weather for {c}?|Get the weather for {c}|I am in {c}, how is the weather?|
Will it rain in {c}?|Look up the weather of {c}|Forecast for {c}|What is it like in {c} right now?|weather {c}|I travel to {c}. What is the weather there?"""
        )
    ).format(c=c)
    parameters = [
        described(
            rng, a, ["The city", "City name", "The city and state, e.g. San Francisco, CA", "The place to look up", "Name of the city", "Where"]
        )
    ]
    arguments = {a: c}
    if rng.random() < 0.3:
        unit = rng.choice("unit format units".split())
        default = rng.choice([None, "celsius"])
        parameters.append(Parameter(unit, '"celsius" | "fahrenheit"', optional=True, default=default))
        if rng.random() < 0.5:
            arguments[unit] = rng.choice(["celsius", "fahrenheit"])
            user = user.rstrip(".?") + rng.choice([" in ", ", in ", " Use "]) + arguments[unit] + rng.choice(["?", "", "."])
    degrees, sky = rng.randint(-20, 42), rng.choice("sunny cloudy rainy snowy windy foggy clear stormy".split())
    both = f"It is {mark(degrees)} degrees and {mark(sky)} in {mark(c)}."
    result, final = rng.choice(
        [
            (pretty(rng, {"temperature": degrees, "condition": sky}), both),
            (pretty(rng, {"location": c, "temperature": degrees, "condition": sky}), both),
            (pretty(rng, {"temp": degrees, "sky": sky}), both),
            (f"{sky}, {degrees} degrees", both),
            (f"{degrees} degrees, {sky}", both),
            (f"{sky.capitalize()}, {degrees}°C", both),
            (pretty(rng, {"temperature": degrees}), f"It is {mark(degrees)} degrees in {mark(c)}."),
            (str(degrees), f"It is {mark(degrees)} degrees in {mark(c)}."),
            (sky, f"It is {mark(sky)} in {mark(c)}."),
            (pretty(rng, {"error": "unknown city"}), f"The call to {mark(fn)} failed: {mark('unknown city')}"),
        ]
    )
    return Use(
        Tool(
            fn,
            rng.choice(
                [
                    "Get the weather for a place",
                    "Get the current weather",
                    "Returns the weather in a city",
                    "Weather at a location.",
                    "Gets the current weather in the provided location.",
                    "Look up the weather",
                ]
            ),
            parameters,
        ),
        user,
        arguments,
        result,
        final,
    )


OPERATIONS = {
    "add": (
        "+",
        "What is {a} plus {b}?|Add {a} and {b}.|What is {a} + {b}?|{a}+{b}|Sum {a} and {b}|How much is {a} + {b}?|Compute {a} + {b}|Add {a} to {b}",
        "Add two numbers",
    ),
    "multiply": (
        "*",
        "What is {a} times {b}?|Multiply {a} by {b}.|What is {a} * {b}?|{a}*{b}|{a} x {b}|Multiply {a} and {b}|How much is {a} times {b}?|Compute {a} * {b}",
        "Multiply two numbers",
    ),
    "subtract": (
        "-",
        "What is {a} minus {b}?|What is {a} - {b}?|{a}-{b}|Compute {a} - {b}|{a} minus {b}|How much is {a} - {b}?",
        "Subtract two numbers",
    ),
    "divide": (
        "/",
        "What is {a} divided by {b}?|Divide {a} by {b}.|{a} / {b}|Compute {a} / {b}|How much is {a} divided by {b}?",
        "Divide two numbers",
    ),
}


def operation(rng):
    op = rng.choice(["add", "add", "multiply", "multiply", "subtract", "divide"])
    sign, users, description = OPERATIONS[op]
    fn = op if rng.random() < 0.75 else rng.choice([op + "_numbers", op + "Numbers", "calc_" + op])
    p, q = rng.choice([("a", "b"), ("a", "b"), ("a", "b"), ("x", "y"), ("first", "second"), ("left", "right")])
    a, b = W.integer(rng), W.integer(rng)
    value = {"+": a + b, "-": a - b, "*": a * b, "/": round(a / b, 2) if b else 0}[sign]
    user = rng.choice(options(users)).format(a=a, b=b)
    if rng.random() < 0.4:
        pattern = rng.choice(phrases.lines({"add": "plus", "multiply": "times", "subtract": "minus", "divide": "divide"}[op]))
        user = phrases.fill(rng, pattern, a=a, b=b)
        if phrases.turned(sign, pattern):
            a, b = b, a
    elif rng.random() < 0.15:
        user = rng.choice(["Use the tool: ", "Please calculate: ", "Use the function. ", "Call the tool. "]) + user
    tool = Tool(
        fn,
        description if rng.random() < 0.8 else rng.choice([op.capitalize() + " numbers", f"Given two numbers a and b, {op} them.", "Arithmetic"]),
        [
            described(rng, p, ["First number", "The first number"], 0.3, type="number"),
            described(rng, q, ["Second number", "The second number"], 0.3, type="number"),
        ],
    )
    return Use(
        tool,
        user,
        {p: a, q: b},
        rng.choice([str(value), pretty(rng, {"result": value}), pretty(rng, {"value": value})]),
        f"{mark(a)} {sign} {mark(b)} = {mark(value)}",
    )


def calculator(rng):
    fn = rng.choice("calculator calculator calculate calc evaluate compute eval_expression".split())
    p = rng.choice("expression expression expression input formula query expr".split())
    numbers = [W.integer(rng) for _ in range(rng.choice([2, 2, 2, 3]))]
    space = rng.choice([" ", " ", ""])
    e = str(numbers[0])
    for n in numbers[1:]:
        e += space + rng.choice("+-**/") + space + str(n)
    if len(numbers) == 3 and rng.random() < 0.3:
        e = f"({numbers[0]}{space}+{space}{numbers[1]}){space}*{space}{numbers[2]}"
    value = W.number(rng)
    return Use(
        Tool(
            fn,
            rng.choice(
                [
                    "Evaluate an arithmetic expression",
                    "A calculator",
                    "Calculates an expression",
                    "Work out a calculation",
                    "Evaluates a mathematical expression.",
                ]
            ),
            [described(rng, p, ["The expression", "What to calculate, e.g. 2 + 3 * 4", "An arithmetic expression"])],
        ),
        rng.choice(
            options(
                "What is {e}?|Calculate {e}|Compute {e}|{e}|How much is {e}?|Evaluate {e}|Work out {e}|Can you calculate {e}?|Use the calculator for {e}|What does {e} give?|Please compute {e}.|Solve {e}|{e} = ?"
            )
        ).format(e=e),
        {p: e},
        rng.choice([str(value), pretty(rng, {"result": value}), pretty(rng, {"value": value})]),
        f"The result is {mark(value)}.",
    )


def search(rng):
    fn = rng.choice("search search web_search search_web find_documents lookup google searchWeb find".split())
    p = rng.choice("query query query q text term".split())
    v, found = W.title(rng, 1, 5), W.title(rng, 2, 7)
    return Use(
        Tool(
            fn,
            rng.choice(["Search the web", "Search for information", "Look something up", "Finds documents", "Web search"]),
            [described(rng, p, ["What to search for", "The search query", "Search terms"])],
        ),
        rng.choice(
            options(
                "Search for {v}|Search the web for {v}|Look up {v}|Find information about {v}|Please search for {v}|Can you look up {v}?|Find {v}|Search: {v}|I need information on {v}|Google {v}|Do a search for {v}|Find out about {v}|What can you find about {v}?|Search the internet for {v}"
            )
        ).format(v=quoted(rng, v, 0.65)),
        {p: v},
        rng.choice([found, pretty(rng, {"results": [found]}), pretty(rng, {"result": found}), pretty(rng, {"answer": found})]),
        f"I found this: {mark(found)}",
    )


def send(rng):
    fn = rng.choice("send_message send_message send_email send_text message sendMessage post_message send_sms".split())
    a, b = rng.choice("to to to recipient user".split()), rng.choice("text text body message content".split())
    to = W.email(rng) if "email" in fn and rng.random() < 0.5 else W.name(rng)
    v = W.text_value(rng)
    result, final = outcome(rng, fn, f"Done. I sent the message to {mark(to)}.")
    use = Use(
        Tool(
            fn,
            rng.choice(["Send a message to someone", "Sends a message", "Send text to a person", "Deliver a message"]),
            [described(rng, a, ["Who gets it", "The recipient"]), described(rng, b, ["The message", "What to send", "The text"])],
        ),
        rng.choice(
            options(
                "Send a message to {t}: {v}|Tell {t} {q}|Send {q} to {t}|Write to {t}: {v}|Message {t} saying {v}|Please send {t} the message {v}|Send {t} a message that says {v}|Text {t}: {v}|Send a message to {t} with the text {v}|Let {t} know: {v}|Send {t} this: {v}|Write {t} a message: {v}"
            )
        ).format(t=to, v=quoted(rng, v), q=quoted(rng, v, 0.3)),
        {a: to, b: v},
        result,
        final,
    )
    use.arguments[b] = bare_end(use.user, v)
    return use


def read_file(rng):
    fn = rng.choice("read_file read_file read_file open_file get_file cat readFile show_file".split())
    a = rng.choice("path path name filename file".split())
    f, v = W.path(rng), W.text_value(rng)
    result, final = rng.choice([v, v, pretty(rng, {"content": v})]), f"{mark(f)} contains: {mark(v)}"
    if '\\"' in result:
        result = v
    if rng.random() < 0.15:
        error = rng.choice(FAILURES)
        result, final = rng.choice([pretty(rng, {"error": error}), "Error: " + error]), f"The call to {mark(fn)} failed: {mark(error)}"
    return Use(
        Tool(
            fn,
            rng.choice(["Read a file", "Returns the content of a file", "Read text from a file", "Reads a file"]),
            [described(rng, a, ["The file to read", "Path of the file", "File name"])],
        ),
        rng.choice(
            options(
                "Read {f}|Read the file {f}|What is in {f}?|Show me {f}|Open {f}|What does the file {f} contain?|Print the content of {f}|Show the contents of {f}|Can you read {f} for me?|What's in the file {f}?|cat {f}|Display {f}|Tell me what {f} says."
            )
        ).format(f=quoted(rng, f, 0.85)),
        {a: f},
        result,
        final,
    )


def delete_file(rng):
    fn, a, f = rng.choice("delete_file remove_file delete rm deleteFile".split()), rng.choice("path name filename".split()), W.path(rng)
    result, final = outcome(rng, fn, f"Done. I deleted {mark(f)}.")
    return Use(
        Tool(fn, rng.choice(["Delete a file", "Removes a file"]), [described(rng, a, ["The file to delete"])]),
        rng.choice(
            options("Delete {f}|Remove {f}|Delete the file {f}|Please remove the file {f}|Get rid of {f}|Erase {f}|Can you delete {f}?")
        ).format(f=quoted(rng, f, 0.85)),
        {a: f},
        result,
        final,
    )


def list_files(rng):
    fn, a = rng.choice("list_files list_directory ls list_folder listFiles".split()), rng.choice("path directory folder".split())
    f = rng.choice([W.word, lambda r: W.word(r) + "/" + W.word(r), lambda r: "/" + W.word(r), lambda r: "."])(rng)
    names = [W.file_name(rng) for _ in range(rng.randint(1, 3))]
    return Use(
        Tool(
            fn,
            rng.choice(["List files in a folder", "Lists the files of a directory", "Show a folder"]),
            [described(rng, a, ["The folder", "Directory to list"])],
        ),
        rng.choice(
            options(
                "List the files in {f}|Which files are in {f}?|Show the files in {f}|What files are in the folder {f}?|ls {f}|List {f}|What is in the folder {f}?"
            )
        ).format(f=f),
        {a: f},
        rng.choice([compact(names), pretty(rng, {"files": names}), "\n".join(names)]),
        f"The files in {mark(f)} are: " + ", ".join(mark(n) for n in names),
    )


def current_time(rng):
    fn = rng.choice("get_time current_time get_current_time now time clock get_date_time".split())
    t = W.clock(rng) if rng.random() < 0.6 else W.date(rng) + rng.choice([" ", "T"]) + W.clock(rng)
    parameters, arguments, user = (
        [],
        {},
        rng.choice(
            options(
                "What time is it?|Tell me the time.|What's the time?|Can you check the time?|What is the current time?|What time is it now?|How late is it?|Time please|Do you have the time?|What is the time right now?|Give me the current time."
            )
        ),
    )
    if rng.random() < 0.25:
        p = rng.choice("timezone zone city location".split())
        parameters = [described(rng, p, ["Time zone", "Where"], optional=True)]
        if rng.random() < 0.5:
            arguments[p] = W.city(rng)
            user = user.rstrip(".?") + f" in {arguments[p]}?"
    return Use(
        Tool(
            fn,
            rng.choice(["Get the current time", "Returns the time", "The current date and time", "Tells the time", "Current local time"]),
            parameters,
            bare=not parameters and rng.random() < 0.6,
        ),
        user,
        arguments,
        rng.choice([t, t, pretty(rng, {"time": t})]),
        f"It is {mark(t)}.",
    )


def timer(rng):
    fn, (p, unit) = rng.choice("set_timer set_alarm start_timer timer setTimer".split()), rng.choice(
        [("minutes", "minutes"), ("seconds", "seconds"), ("duration", "minutes")]
    )
    n = rng.randint(1, 180)
    result, final = outcome(rng, fn, f"Done. The timer is set to {mark(n)} {unit}.")
    return Use(
        Tool(fn, rng.choice(["Set a timer", "Starts a timer", "Countdown"]), [described(rng, p, ["How long", "Length"], 0.3, type="number")]),
        rng.choice(
            options(
                "Set a timer for {n} {u}|Start a timer of {n} {u}|Timer {n} {u}|Wake me in {n} {u}|Remind me in {n} {u}|Please set a {n} {u} timer|Count down {n} {u}|I need a timer for {n} {u}."
            )
        ).format(n=n, u=unit),
        {p: n},
        result,
        final,
    )


def translate(rng):
    language, v = rng.choice(W.LANGUAGES), W.phrase(rng, 1, 5)
    out = " ".join(W.syllables(rng) for _ in range(rng.randint(1, 4)))
    a, b = rng.choice([("text", "language"), ("text", "target"), ("phrase", "language"), ("text", "target_language")])
    return Use(
        Tool(
            rng.choice("translate translate translate_text translator".split()),
            rng.choice(["Translate text", "Translates a text into a language"]),
            [Parameter(a), Parameter(b)],
        ),
        rng.choice(
            options("Translate {v} to {l}|How do you say {v} in {l}?|Translate {v} into {l}|What is {v} in {l}?|Say {v} in {l}|I need {v} in {l}")
        ).format(v=quoted(rng, v, 0.4), l=language),
        {a: v, b: language},
        rng.choice([out, pretty(rng, {"translation": out})]),
        f"In {mark(language)} it is: {mark(out)}",
    )


def convert(rng):
    n, v = W.number(rng), W.number(rng)
    source, target = rng.sample(W.UNITS, 2)
    p, q, r = rng.choice([("amount", "from", "to"), ("value", "from", "to"), ("amount", "from_unit", "to_unit")])
    return Use(
        Tool(
            rng.choice("convert convert_units convert_currency unit_converter".split()),
            rng.choice(["Convert units or money", "Convert an amount", "Converts between units"]),
            [Parameter(p, "number"), Parameter(q), Parameter(r)],
        ),
        rng.choice(
            options(
                "Convert {n} {a} to {b}|How much is {n} {a} in {b}?|{n} {a} in {b}|What is {n} {a} in {b}?|Turn {n} {a} into {b}|How many {b} are {n} {a}?"
            )
        ).format(n=n, a=source, b=target),
        {p: n, q: source, r: target},
        rng.choice([str(v), pretty(rng, {"result": v})]),
        f"{mark(n)} {mark(source)} is {mark(v)} {mark(target)}.",
    )


def stock(rng):
    s, v = "".join(rng.choice("ABCDEFGHIKLMNOPRSTUVXZ") for _ in range(rng.randint(3, 4))), W.number(rng)
    p = rng.choice(["symbol", "ticker"])
    return Use(
        Tool(rng.choice("get_stock_price stock_price get_quote".split()), rng.choice(["Get the price of a stock", "Stock prices"]), [Parameter(p)]),
        rng.choice(
            options(
                "What is the price of {s}?|Stock price of {s}|How much is {s} stock?|Get the stock price for {s}.|Price of {s} please|Quote for {s}"
            )
        ).format(s=s),
        {p: s},
        rng.choice([str(v), pretty(rng, {"price": v})]),
        f"The price of {mark(s)} is {mark(v)}.",
    )


def run_command(rng):
    fn, p = rng.choice("run_command run execute shell run_shell bash".split()), rng.choice("command command cmd".split())
    c = rng.choice(
        [
            lambda: rng.choice(["ls", "pwd", "git status", "make test", "swift build", "git log", "date", "ls -la", "whoami"]),
            lambda: "ls " + W.word(rng),
            lambda: "cat " + W.file_name(rng),
            lambda: "rm " + W.file_name(rng),
            lambda: "echo " + W.word(rng),
            lambda: "mkdir " + W.word(rng),
            lambda: "python " + W.word(rng) + ".py",
            lambda: "git checkout " + W.word(rng),
            lambda: f"cp {W.file_name(rng)} {W.word(rng)}",
        ]
    )()
    out = W.title(rng, 1, 5)
    return Use(
        Tool(
            fn,
            rng.choice(["Run a shell command", "Executes a command", "Run a command in the terminal"]),
            [described(rng, p, ["The command", "What to run"])],
        ),
        rng.choice(options("Run {c}|Execute {c}|Run the command {c}|Please run {c}|Run {c} in the terminal|Can you run {c}?|Start {c}")).format(
            c=quoted(rng, c, 0.6)
        ),
        {p: c},
        out,
        f"The output is: {mark(out)}",
    )


def remember(rng):
    fn, p, v = (
        rng.choice("add_note save_note note remember add_todo add_task create_reminder".split()),
        rng.choice("text note title item".split()),
        W.text_value(rng),
    )
    user = rng.choice(
        options(
            "Note: {v}|Add {q} to my list|Remember to {q}|Make a note: {v}|Save the note {v}|Remind me: {v}|Write down {q}|Put {q} on my list|Note down {q}"
        )
    ).format(v=quoted(rng, v), q=quoted(rng, v, 0.5))
    v = bare_end(user, v)
    result, final = outcome(rng, fn, f"Done. I noted: {mark(v)}")
    return Use(
        Tool(fn, rng.choice(["Save a note", "Adds an item to the list", "Remember something"]), [described(rng, p, ["The text", "What to note"])]),
        user,
        {p: v},
        result,
        final,
    )


EVERYDAY = [
    (create_file, 18),
    (weather, 9),
    (operation, 4),
    (calculator, 4),
    (search, 4),
    (send, 5),
    (read_file, 4),
    (delete_file, 2),
    (list_files, 2),
    (current_time, 3),
    (timer, 2),
    (translate, 2),
    (convert, 2),
    (stock, 1),
    (run_command, 3),
    (remember, 3),
]


def everyday(rng):
    """A use of one of the tools above or, more often, of the catalog."""
    if rng.random() < 0.65:
        return catalog(rng)
    kind = rng.choices([k for k, _ in EVERYDAY], [w for _, w in EVERYDAY])[0]
    use = kind(rng)
    use.kind = kind
    return use


def again(rng, use):
    """Another request for the same tool, with other values; None if the tool is an invented one or luck fails."""
    shape = [(p.name, p.type) for p in use.tool.parameters]
    for _ in range(300 if use.kind else 0):
        new = use.kind(rng)
        same = [(p.name, p.type) for p in new.tool.parameters] == shape
        if same and (use.kind is not operation or new.tool.name == use.tool.name):
            final = new.final.replace(mark(new.tool.name), mark(use.tool.name))
            return Use(use.tool, new.user, new.arguments, new.result, final, use.kind)
    return None
