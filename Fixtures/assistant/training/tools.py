"""Turns with tools: everyday tools from a table, invented tools, their calls, results and answers."""

import json
from dataclasses import dataclass

import words as W
from chat import quoted
from harmony import Parameter, Tool, Turn, dump, mark, unmark


@dataclass
class Use:
    """A tool with one request for it: what the user says, the call's arguments, and what comes back."""
    tool: Tool
    user: str
    arguments: dict
    result: str
    final: str


def options(text):
    return [x.strip() for x in text.replace("\n", "").split("|")]


def compact(value):
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def pretty(rng, value):
    return compact(value) if rng.random() < 0.6 else json.dumps(value, ensure_ascii=False)


SUCCESS = ["ok", "done", '{"status":"ok"}', '{"success":true}', '{"ok":true}', "OK", "Success", '{"result":"success"}', "Done.", "true",
           '{"status": "success"}', "File created.", "null", "Created.", '{"success": true}']
FAILURES = ["not found", "permission denied", "disk full", "timeout", "invalid id", "no connection", "access denied", "already exists",
            "rate limit", "File already exists.", "unknown user", "not allowed", "bad request", "the user said no", "no such file"]


def outcome(rng, name, done):
    """The result of a tool that only does something, and the answer."""
    if rng.random() < 0.15:
        error = rng.choice(FAILURES) if rng.random() < 0.8 else W.title(rng, 1, 3)
        shown = rng.choice([pretty(rng, {"error": error}), "Error: " + error, "error: " + error, pretty(rng, {"status": "error", "message": error})])
        return shown, f"The call to {mark(name)} failed: {mark(error)}"
    return rng.choice(SUCCESS), done


def described(rng, name, choices, chance=0.5, **more):
    return Parameter(name, description=rng.choice(choices) if rng.random() < chance else None, **more)


def create_file(rng):
    fn = rng.choice(["create_file"] * 6 + "write_file save_file make_file new_file createFile file_create write_to_file".split())
    a = rng.choice("name name name path filename file_name file".split())
    b = rng.choice("content content content text data contents body".split())
    f, c = (W.path(rng) if a == "path" else W.file_name(rng)), W.text_value(rng)
    user = rng.choice(options("""Create a file named {f} with the content {c}|Create a file called {f} that contains {c}|Please create the file {f} with content {c}|
Make a file {f} with the text {c}|Write {q} to {f}|Save {q} to a file named {f}|Create {f} with {c}|Write the text {q} into the file {f}|
I need a file {f} containing {c}|Create a new file {f} and put {q} in it|Save {q} as {f}|Can you create a file {f} with content: {c}|
Store {q} in {f}|Create a file. Name: {f}. Content: {c}|Put {q} into {f}|Create {f} containing {c}|Make {f} and write {c}|
Make me a file named {f} that says {c}|Create the file {f} with the text {c}|Write a file {f} with {c}|Generate a file {f} with content {c}|
Create a text file {f} saying {c}|File {f}, content {c}|Create a file named {f} with content {c}|Save a file called {f} with {c}|
Could you create {f} with the content {c}?|Add a file {f} with {c} in it|I want a file called {f}. It should contain {c}|
Create a file {f} with {q} inside""")).format(f=quoted(rng, f, 0.75), c=quoted(rng, c, 0.45), q=quoted(rng, c, 0.3))
    if user[-1] not in ".!?" and rng.random() < 0.15:
        user += "."
    result, final = outcome(rng, fn, f"Done. I created {mark(f)}.")
    if result in SUCCESS and rng.random() < 0.2:
        result = rng.choice(["created " + f, "Created " + f, f"{len(c)} bytes written to {f}", pretty(rng, {"path": f}), f"Wrote {f}"])
    tool = Tool(fn, rng.choice(["Create a file", "Creates a file with the given content", "Write text to a file", "Create a new file", "Saves content to a file",
                                "Create a file with a name and a content.", "Create a file with the given name and content.", "Creates a text file in the current folder"]),
                [described(rng, a, ["The file name", "Name of the file", "Path of the file", "The name of the file to create", "Where to write"]),
                 described(rng, b, ["The content", "Text to write", "What to write into the file", "The text of the file", "File content"])])
    arguments = {a: f, b: c}
    if rng.random() < 0.08:
        tool.parameters.reverse()
        arguments = {b: c, a: f}
    return Use(tool, user, arguments, result, final)


def weather(rng):
    fn = rng.choice("get_weather get_weather get_weather get_current_weather weather fetch_weather weather_forecast getWeather current_weather".split())
    a = rng.choice("location location city city place".split())
    c = W.city(rng)
    if rng.random() < 0.12:
        c += ", " + rng.choice(["CA", "France", "Germany", "Japan", "Texas", "UK", W.syllables(rng).capitalize()])
    user = rng.choice(options("""What is the weather in {c}?|What's the weather in {c}?|What is the weather like in {c}?|How is the weather in {c}?|Weather in {c}|
Tell me the weather in {c}.|Is it raining in {c}?|Is it cold in {c} today?|How warm is it in {c}?|What's the temperature in {c}?|Check the weather for {c}.|
Do I need a coat in {c}?|Give me the weather for {c} please.|What is the weather in {c} today?|How hot is it in {c} right now?|What's the weather like in {c} today?|
Is it sunny in {c}?|Do I need an umbrella in {c}?|How is it outside in {c}?|Weather for {c}?|Get the weather for {c}|I am in {c}, how is the weather?|
Will it rain in {c}?|Look up the weather of {c}|Forecast for {c}|What is it like in {c} right now?|weather {c}|I travel to {c}. What is the weather there?""")).format(c=c)
    parameters = [described(rng, a, ["The city", "City name", "The city and state, e.g. San Francisco, CA", "The place to look up", "Name of the city", "Where"])]
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
    result, final = rng.choice([
        (pretty(rng, {"temperature": degrees, "condition": sky}), both), (pretty(rng, {"location": c, "temperature": degrees, "condition": sky}), both),
        (pretty(rng, {"temp": degrees, "sky": sky}), both), (f"{sky}, {degrees} degrees", both), (f"{degrees} degrees, {sky}", both),
        (f"{sky.capitalize()}, {degrees}°C", both), (pretty(rng, {"temperature": degrees}), f"It is {mark(degrees)} degrees in {mark(c)}."),
        (str(degrees), f"It is {mark(degrees)} degrees in {mark(c)}."), (sky, f"It is {mark(sky)} in {mark(c)}."),
        (pretty(rng, {"error": "unknown city"}), f"The call to {mark(fn)} failed: {mark('unknown city')}")])
    return Use(Tool(fn, rng.choice(["Get the weather for a place", "Get the current weather", "Returns the weather in a city", "Weather at a location.",
                                    "Gets the current weather in the provided location.", "Look up the weather"]), parameters), user, arguments, result, final)


OPERATIONS = {
    "add": ("+", "What is {a} plus {b}?|Add {a} and {b}.|What is {a} + {b}?|{a}+{b}|Sum {a} and {b}|How much is {a} + {b}?|Compute {a} + {b}|Add {a} to {b}", "Add two numbers"),
    "multiply": ("*", "What is {a} times {b}?|Multiply {a} by {b}.|What is {a} * {b}?|{a}*{b}|{a} x {b}|Multiply {a} and {b}|How much is {a} times {b}?|Compute {a} * {b}", "Multiply two numbers"),
    "subtract": ("-", "What is {a} minus {b}?|What is {a} - {b}?|{a}-{b}|Compute {a} - {b}|{a} minus {b}|How much is {a} - {b}?", "Subtract two numbers"),
    "divide": ("/", "What is {a} divided by {b}?|Divide {a} by {b}.|{a} / {b}|Compute {a} / {b}|How much is {a} divided by {b}?", "Divide two numbers"),
}


def operation(rng):
    op = rng.choice(["add", "add", "multiply", "multiply", "subtract", "divide"])
    sign, users, description = OPERATIONS[op]
    fn = op if rng.random() < 0.75 else rng.choice([op + "_numbers", op + "Numbers", "calc_" + op])
    p, q = rng.choice([("a", "b"), ("a", "b"), ("a", "b"), ("x", "y"), ("first", "second"), ("left", "right")])
    a, b = W.integer(rng), W.integer(rng)
    value = {"+": a + b, "-": a - b, "*": a * b, "/": round(a / b, 2) if b else 0}[sign]
    user = rng.choice(options(users)).format(a=a, b=b)
    if rng.random() < 0.15:
        user = rng.choice(["Use the tool: ", "Please calculate: ", "Use the function. ", "Call the tool. "]) + user
    tool = Tool(fn, description if rng.random() < 0.8 else rng.choice([op.capitalize() + " numbers", f"Given two numbers a and b, {op} them.", "Arithmetic"]),
                [described(rng, p, ["First number", "The first number"], 0.3, type="number"), described(rng, q, ["Second number", "The second number"], 0.3, type="number")])
    return Use(tool, user, {p: a, q: b}, rng.choice([str(value), pretty(rng, {"result": value}), pretty(rng, {"value": value})]),
               f"{mark(a)} {sign} {mark(b)} = {mark(value)}")


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
    return Use(Tool(fn, rng.choice(["Evaluate an arithmetic expression", "A calculator", "Calculates an expression", "Work out a calculation", "Evaluates a mathematical expression."]),
                    [described(rng, p, ["The expression", "What to calculate, e.g. 2 + 3 * 4", "An arithmetic expression"])]),
               rng.choice(options("What is {e}?|Calculate {e}|Compute {e}|{e}|How much is {e}?|Evaluate {e}|Work out {e}|Can you calculate {e}?|Use the calculator for {e}|What does {e} give?|Please compute {e}.|Solve {e}|{e} = ?")).format(e=e),
               {p: e}, rng.choice([str(value), pretty(rng, {"result": value}), pretty(rng, {"value": value})]), f"The result is {mark(value)}.")


def search(rng):
    fn = rng.choice("search search web_search search_web find_documents lookup google searchWeb find".split())
    p = rng.choice("query query query q text term".split())
    v, found = W.title(rng, 1, 5), W.title(rng, 2, 7)
    return Use(Tool(fn, rng.choice(["Search the web", "Search for information", "Look something up", "Finds documents", "Web search"]),
                    [described(rng, p, ["What to search for", "The search query", "Search terms"])]),
               rng.choice(options("Search for {v}|Search the web for {v}|Look up {v}|Find information about {v}|Please search for {v}|Can you look up {v}?|Find {v}|Search: {v}|I need information on {v}|Google {v}|Do a search for {v}|Find out about {v}|What can you find about {v}?|Search the internet for {v}")).format(v=quoted(rng, v, 0.65)),
               {p: v}, rng.choice([found, pretty(rng, {"results": [found]}), pretty(rng, {"result": found}), pretty(rng, {"answer": found})]), f"I found this: {mark(found)}")


def send(rng):
    fn = rng.choice("send_message send_message send_email send_text message sendMessage post_message send_sms".split())
    a, b = rng.choice("to to to recipient user".split()), rng.choice("text text body message content".split())
    to = W.email(rng) if "email" in fn and rng.random() < 0.5 else W.name(rng)
    v = W.text_value(rng)
    result, final = outcome(rng, fn, f"Done. I sent the message to {mark(to)}.")
    return Use(Tool(fn, rng.choice(["Send a message to someone", "Sends a message", "Send text to a person", "Deliver a message"]),
                    [described(rng, a, ["Who gets it", "The recipient"]), described(rng, b, ["The message", "What to send", "The text"])]),
               rng.choice(options("Send a message to {t}: {v}|Tell {t} {q}|Send {q} to {t}|Write to {t}: {v}|Message {t} saying {v}|Please send {t} the message {v}|Send {t} a message that says {v}|Text {t}: {v}|Send a message to {t} with the text {v}|Let {t} know: {v}|Send {t} this: {v}|Write {t} a message: {v}")).format(t=to, v=quoted(rng, v), q=quoted(rng, v, 0.3)),
               {a: to, b: v}, result, final)


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
    return Use(Tool(fn, rng.choice(["Read a file", "Returns the content of a file", "Read text from a file", "Reads a file"]), [described(rng, a, ["The file to read", "Path of the file", "File name"])]),
               rng.choice(options("Read {f}|Read the file {f}|What is in {f}?|Show me {f}|Open {f}|What does the file {f} contain?|Print the content of {f}|Show the contents of {f}|Can you read {f} for me?|What's in the file {f}?|cat {f}|Display {f}|Tell me what {f} says.")).format(f=quoted(rng, f, 0.85)),
               {a: f}, result, final)


def delete_file(rng):
    fn, a, f = rng.choice("delete_file remove_file delete rm deleteFile".split()), rng.choice("path name filename".split()), W.path(rng)
    result, final = outcome(rng, fn, f"Done. I deleted {mark(f)}.")
    return Use(Tool(fn, rng.choice(["Delete a file", "Removes a file"]), [described(rng, a, ["The file to delete"])]),
               rng.choice(options("Delete {f}|Remove {f}|Delete the file {f}|Please remove the file {f}|Get rid of {f}|Erase {f}|Can you delete {f}?")).format(f=quoted(rng, f, 0.85)), {a: f}, result, final)


def list_files(rng):
    fn, a = rng.choice("list_files list_directory ls list_folder listFiles".split()), rng.choice("path directory folder".split())
    f = rng.choice([W.word, lambda r: W.word(r) + "/" + W.word(r), lambda r: "/" + W.word(r), lambda r: "."])(rng)
    names = [W.file_name(rng) for _ in range(rng.randint(1, 3))]
    return Use(Tool(fn, rng.choice(["List files in a folder", "Lists the files of a directory", "Show a folder"]), [described(rng, a, ["The folder", "Directory to list"])]),
               rng.choice(options("List the files in {f}|Which files are in {f}?|Show the files in {f}|What files are in the folder {f}?|ls {f}|List {f}|What is in the folder {f}?")).format(f=f), {a: f},
               rng.choice([compact(names), pretty(rng, {"files": names}), "\n".join(names)]), f"The files in {mark(f)} are: " + ", ".join(mark(n) for n in names))


def current_time(rng):
    fn = rng.choice("get_time current_time get_current_time now time clock get_date_time".split())
    t = W.clock(rng) if rng.random() < 0.6 else W.date(rng) + rng.choice([" ", "T"]) + W.clock(rng)
    parameters, arguments, user = [], {}, rng.choice(options("What time is it?|Tell me the time.|What's the time?|Can you check the time?|What is the current time?|What time is it now?|How late is it?|Time please|Do you have the time?|What is the time right now?|Give me the current time."))
    if rng.random() < 0.25:
        p = rng.choice("timezone zone city location".split())
        parameters = [described(rng, p, ["Time zone", "Where"], optional=True)]
        if rng.random() < 0.5:
            arguments[p] = W.city(rng)
            user = user.rstrip(".?") + f" in {arguments[p]}?"
    return Use(Tool(fn, rng.choice(["Get the current time", "Returns the time", "The current date and time", "Tells the time", "Current local time"]), parameters, bare=not parameters and rng.random() < 0.6), user, arguments,
               rng.choice([t, t, pretty(rng, {"time": t})]), f"It is {mark(t)}.")


def timer(rng):
    fn, (p, unit) = rng.choice("set_timer set_alarm start_timer timer setTimer".split()), rng.choice([("minutes", "minutes"), ("seconds", "seconds"), ("duration", "minutes")])
    n = rng.randint(1, 180)
    result, final = outcome(rng, fn, f"Done. The timer is set to {mark(n)} {unit}.")
    return Use(Tool(fn, rng.choice(["Set a timer", "Starts a timer", "Countdown"]), [described(rng, p, ["How long", "Length"], 0.3, type="number")]),
               rng.choice(options("Set a timer for {n} {u}|Start a timer of {n} {u}|Timer {n} {u}|Wake me in {n} {u}|Remind me in {n} {u}|Please set a {n} {u} timer|Count down {n} {u}|I need a timer for {n} {u}.")).format(n=n, u=unit), {p: n}, result, final)


def translate(rng):
    language, v = rng.choice(W.LANGUAGES), W.phrase(rng, 1, 5)
    out = " ".join(W.syllables(rng) for _ in range(rng.randint(1, 4)))
    a, b = rng.choice([("text", "language"), ("text", "target"), ("phrase", "language"), ("text", "target_language")])
    return Use(Tool(rng.choice("translate translate translate_text translator".split()), rng.choice(["Translate text", "Translates a text into a language"]), [Parameter(a), Parameter(b)]),
               rng.choice(options("Translate {v} to {l}|How do you say {v} in {l}?|Translate {v} into {l}|What is {v} in {l}?|Say {v} in {l}|I need {v} in {l}")).format(v=quoted(rng, v, 0.4), l=language),
               {a: v, b: language}, rng.choice([out, pretty(rng, {"translation": out})]), f"In {mark(language)} it is: {mark(out)}")


def convert(rng):
    n, v = W.number(rng), W.number(rng)
    source, target = rng.sample(W.UNITS, 2)
    p, q, r = rng.choice([("amount", "from", "to"), ("value", "from", "to"), ("amount", "from_unit", "to_unit")])
    return Use(Tool(rng.choice("convert convert_units convert_currency unit_converter".split()), rng.choice(["Convert units or money", "Convert an amount", "Converts between units"]), [Parameter(p, "number"), Parameter(q), Parameter(r)]),
               rng.choice(options("Convert {n} {a} to {b}|How much is {n} {a} in {b}?|{n} {a} in {b}|What is {n} {a} in {b}?|Turn {n} {a} into {b}|How many {b} are {n} {a}?")).format(n=n, a=source, b=target),
               {p: n, q: source, r: target}, rng.choice([str(v), pretty(rng, {"result": v})]), f"{mark(n)} {mark(source)} is {mark(v)} {mark(target)}.")


def stock(rng):
    s, v = "".join(rng.choice("ABCDEFGHIKLMNOPRSTUVXZ") for _ in range(rng.randint(3, 4))), W.number(rng)
    p = rng.choice(["symbol", "ticker"])
    return Use(Tool(rng.choice("get_stock_price stock_price get_quote".split()), rng.choice(["Get the price of a stock", "Stock prices"]), [Parameter(p)]),
               rng.choice(options("What is the price of {s}?|Stock price of {s}|How much is {s} stock?|Get the stock price for {s}.|Price of {s} please|Quote for {s}")).format(s=s),
               {p: s}, rng.choice([str(v), pretty(rng, {"price": v})]), f"The price of {mark(s)} is {mark(v)}.")


def run_command(rng):
    fn, p = rng.choice("run_command run execute shell run_shell bash".split()), rng.choice("command command cmd".split())
    c = rng.choice([lambda: rng.choice(["ls", "pwd", "git status", "make test", "swift build", "git log", "date", "ls -la", "whoami"]), lambda: "ls " + W.word(rng),
                    lambda: "cat " + W.file_name(rng), lambda: "rm " + W.file_name(rng), lambda: "echo " + W.word(rng), lambda: "mkdir " + W.word(rng),
                    lambda: "python " + W.word(rng) + ".py", lambda: "git checkout " + W.word(rng), lambda: f"cp {W.file_name(rng)} {W.word(rng)}"])()
    out = W.title(rng, 1, 5)
    return Use(Tool(fn, rng.choice(["Run a shell command", "Executes a command", "Run a command in the terminal"]), [described(rng, p, ["The command", "What to run"])]),
               rng.choice(options("Run {c}|Execute {c}|Run the command {c}|Please run {c}|Run {c} in the terminal|Can you run {c}?|Start {c}")).format(c=quoted(rng, c, 0.6)), {p: c}, out, f"The output is: {mark(out)}")


def remember(rng):
    fn, p, v = rng.choice("add_note save_note note remember add_todo add_task create_reminder".split()), rng.choice("text note title item".split()), W.text_value(rng)
    result, final = outcome(rng, fn, f"Done. I noted: {mark(v)}")
    return Use(Tool(fn, rng.choice(["Save a note", "Adds an item to the list", "Remember something"]), [described(rng, p, ["The text", "What to note"])]),
               rng.choice(options("Note: {v}|Add {q} to my list|Remember to {q}|Make a note: {v}|Save the note {v}|Remind me: {v}|Write down {q}|Put {q} on my list|Note down {q}")).format(v=quoted(rng, v), q=quoted(rng, v, 0.5)), {p: v}, result, final)


PARAMETERS = """id:number name title count:number level:number color city date email path text label amount:number size:number mode
user room target source key value speed:number topic code minutes:number language query owner enabled:boolean price:number index:number
width:number height:number status category note days:number limit:number address item message group version force:boolean
priority state tag weight:number angle:number url format""".split()
VALUES = {"name": W.full_name, "user": W.name, "owner": W.name, "city": W.city, "email": W.email, "date": W.date, "path": W.path,
          "source": W.path, "code": W.code, "key": W.code, "color": lambda r: r.choice(W.COLORS), "text": W.text_value, "message": W.text_value,
          "note": W.text_value, "title": W.title, "topic": W.title, "query": W.title, "language": lambda r: r.choice(W.LANGUAGES),
          "url": lambda r: "https://" + W.word(r) + r.choice(W.DOMAINS) + r.choice(["", "/" + W.word(r)]), "item": W.word, "version": lambda r: f"{r.randint(0, 9)}.{r.randint(0, 20)}"}


def invented_name(rng):
    """A function name, its verb and its noun; part of them are words that do not exist."""
    verb = rng.choice(W.VERBS) if rng.random() < 0.5 else W.syllables(rng, rng.choice([1, 2]))
    noun = rng.choice(W.NOUNS) if rng.random() < 0.5 else W.syllables(rng, rng.choice([1, 2]))
    k = rng.random()
    if k < 0.72:
        return f"{verb}_{noun}", verb, noun
    if k < 0.88:
        return verb + noun.capitalize(), verb, noun
    if k < 0.95:
        return f"{verb}_{noun}_{W.syllables(rng, 1)}", verb, noun
    return verb, verb, noun


def invented(rng):
    fn, verb, noun = invented_name(rng)
    chosen = rng.sample(PARAMETERS, rng.choices([0, 1, 2, 3, 4], [1, 5, 5, 2, 0.6])[0])
    parameters, arguments, said = [], {}, []
    for text in chosen:
        p, kind = text.split(":") if ":" in text else (text, "string")
        if rng.random() < 0.12:
            p = W.syllables(rng, rng.choice([1, 2]))
        description = rng.choice([None, None, None, f"The {p}", f"{p.capitalize()} of the {noun}", W.title(rng, 1, 4)])
        if kind == "number":
            value = W.number(rng)
        elif kind == "boolean":
            value = rng.random() < 0.5
        else:
            value = VALUES[p](rng) if p in VALUES and rng.random() < 0.75 else W.any_value(rng)
            if rng.random() < 0.06:
                choices = [value, W.word(rng), W.word(rng)]
                rng.shuffle(choices)
                kind = " | ".join(compact(c) for c in choices)
        optional = rng.random() < 0.12
        parameters.append(Parameter(p, kind, description, optional))
        if not (optional and rng.random() < 0.4):
            arguments[p] = value
            said.append((p, quoted(rng, value, 0.5) if isinstance(value, str) else compact(value)))
    style = rng.choice(["{p} {v}", "{p} {v}", "{p}={v}", "{p} is {v}", "{p}: {v}", "the {p} {v}", "{p} set to {v}"])
    items = [style.format(p=p, v=v) for p, v in said]
    if rng.random() < 0.2:
        rng.shuffle(items)
    tail = ", ".join(items) if len(items) < 2 or "=" in style or rng.random() < 0.3 else ", ".join(items[:-1]) + " and " + items[-1]
    V = verb.capitalize()
    if not said:
        user = rng.choice([f"{V} the {noun}", f"Please {verb} the {noun}.", f"Call {fn}", f"Use {fn}.", f"Can you {verb} the {noun}?", f"{V} {noun}", f"I want you to {verb} the {noun}.", f"Run {fn}", f"Invoke {fn}."])
    else:
        forms = [f"{V} the {noun} with {tail}", f"{V} the {noun} with {tail}", f"{V} a {noun} with {tail}", f"Please {verb} the {noun}, {tail}", f"Call {fn} with {tail}", f"Use {fn}: {tail}",
                 f"I want to {verb} the {noun}. {tail}", f"{V} the {noun}: {tail}", f"Run {fn} with {tail}", f"Can you {verb} the {noun} with {tail}?", f"Call {fn}, {tail}", f"{fn}: {tail}", f"Use {fn} with {tail}",
                 f"I need you to {verb} the {noun}, {tail}", f"With {tail}, {verb} the {noun}"]
        if len(said) == 1:
            forms += [f"{V} the {noun} {said[0][1]}", f"{V} {said[0][1]} with the {noun}", f"Use {fn} on {said[0][1]}", f"{V} the {noun} for {said[0][1]}"]
        user = rng.choice(forms)
    if rng.random() < 0.25 and user[-1] not in ".?!":
        user += "."
    if rng.random() < 0.5:
        result, final = outcome(rng, fn, f"Done. I called {mark(fn)}.")
    else:
        value = rng.choice([W.integer, W.word, W.code, W.title, W.name])(rng)
        result = rng.choice([str(value), pretty(rng, {"result": value}), pretty(rng, {rng.choice(PARAMETERS).split(":")[0]: value})])
        final = f"The result of {mark(fn)} is: {mark(value)}"
    description = rng.choice([f"{V} the {noun}", f"{V} a {noun}", f"{V}s the {noun}", f"{V} the {noun} of a {rng.choice(W.NOUNS)}", f"Tool to {verb} a {noun}", W.title(rng, 2, 6)])
    return Use(Tool(fn, description, parameters, bare=not parameters and rng.random() < 0.7), user, arguments, result, final)


EVERYDAY = [(create_file, 9), (weather, 6), (operation, 4), (calculator, 4), (search, 4), (send, 5), (read_file, 4), (delete_file, 2), (list_files, 2),
            (current_time, 3), (timer, 2), (translate, 2), (convert, 2), (stock, 1), (run_command, 3), (remember, 3)]


def everyday(rng):
    return rng.choices([k for k, _ in EVERYDAY], [w for _, w in EVERYDAY])[0](rng)


def any_use(rng, invented_share=0.45):
    return invented(rng) if rng.random() < invented_share else everyday(rng)


def clashes(a, b):
    """Whether two tools do nearly the same, so that a request could mean either."""
    last = lambda n: n.lower().replace("numbers", "").rstrip("_").split("_")[-1]
    return a.name == b.name or last(a.name) == last(b.name) or a.description == b.description


def tool_set(rng, count, invented_share=0.45):
    """Uses of `count` different tools that can be declared together."""
    uses, kinds = [], set()
    for _ in range(count * 6):
        if len(uses) == count:
            break
        use = any_use(rng, invented_share)
        kind = use.final[:12] if not use.final.startswith(("The call", "The result", "Done")) else use.tool.name
        if kind in kinds or any(clashes(use.tool, u.tool) for u in uses):
            continue
        calculating = {"expression", "a", "x", "first", "left"}
        if any({p.name for p in use.tool.parameters} & calculating and {p.name for p in u.tool.parameters} & calculating for u in uses):
            continue
        kinds.add(kind)
        uses.append(use)
    return uses


def call_turn(rng, effort, use, tools):
    """A turn that calls one tool and answers from its result."""
    t, names = use.tool, " and ".join(mark(n) for n in use.arguments)
    needs = f"It needs {names}." if use.arguments else "It needs no arguments."
    steps = []
    if effort == "medium":
        steps.append(("analysis", f"I should call {mark(t.name)}. {needs}"))
    elif effort == "high":
        declared = ", ".join(mark(x.name) for x in tools)
        steps.append(("analysis", f"The declared tools are {declared}. The request fits {mark(t.name)}. {needs} I take the values from the message."))
    steps += [("call", t.name, dump(use.arguments)), ("result", t.name, use.result)]
    if effort == "high":
        steps.append(("analysis", "The tool has answered. I tell the user what it says."))
    user = use.user
    if rng.random() < 0.15:
        user = rng.choice(["Please ", "Hey, ", "OK, ", "Now ", "And ", "Then "]) + (user[0].lower() + user[1:] if user[1:2].islower() and not user.startswith(("I ", t.name)) else user)
    return Turn(user, steps + [("final", use.final)], "tool", {"name": t.name, "arguments": use.arguments, "final": unmark(use.final)}, 1.0)


def two_calls_turn(rng, effort, first, second, tools):
    """A request for two things, done one after the other."""
    a, b = call_turn(rng, effort, first, tools), call_turn(rng, effort, second, tools)
    user = first.user.rstrip(".?!") + rng.choice([" and then ", ". Then ", ". Also, ", ". After that, "]) + second.user[0].lower() + second.user[1:]
    steps = [s for s in a.steps if s[0] != "final"]
    if effort == "high":
        steps.pop()
    if effort != "low":
        steps.append(("analysis", f"Next I call {mark(second.tool.name)}."))
    steps += [s for s in b.steps if s[0] in ("call", "result")] + [("final", first.final + (" " if first.final[-1] in ".!?\ue001" else ". ") + second.final)]
    return Turn(user, steps, "two calls", None, 1.0)
