"""Tools of MCP servers: the server's name before the tool's, two or three parameters, lists among them."""

import json

import words as W
from chat import quoted
from harmony import Parameter, Tool, mark
from runner import ZONES, options_of
from use import Use, bare_end, outcome, pretty
from wordings import choose

REPOSITORY = lambda r: r.choice([".", "/repo", "/home/" + W.word(r), W.word(r), "~/" + W.word(r), "/work/" + W.word(r)])
ZONE = lambda r: r.choice(ZONES)[1]
URL = lambda r: "https://" + W.word(r) + r.choice(W.DOMAINS) + r.choice(["", "/" + W.word(r), "/" + W.word(r) + "/" + W.word(r)])
FOLDER = lambda r: r.choice(["", "/", "~/"]) + W.word(r) + r.choice(["", "/" + W.word(r)])
LIST = lambda make: lambda r: [make(r) for _ in range(r.choice([1, 2, 2, 3]))]
SMALL = lambda r: r.randint(1, 50)
FILE, TITLE, TEXT, WORD, NAME, DATE, TIME, MAIL, CITY = W.file_name, W.title, W.text_value, W.word, W.name, W.date, W.clock, W.email, W.city

# server, tool, description, parameters as (name, value, type) with "?" for those that may be left out, wordings that use the names
KINDS = [
    ("time", "get_current_time", "Get current time in a specific timezone", [("timezone", ZONE, "string")], "What time is it in {timezone}?|[Tell me|Give me] the [current |]time in {timezone}|Time in {timezone}?|What is the [current |]time in {timezone}[| right now]?"),
    ("time", "convert_time", "Convert time between timezones", [("source_timezone", ZONE, "string"), ("time", TIME, "string"), ("target_timezone", ZONE, "string")], "Convert {time} from {source_timezone} to {target_timezone}|What is {time} {source_timezone} in {target_timezone}?|It is {time} in {source_timezone}. What time is it in {target_timezone}?|When it is {time} in {source_timezone}, what time is it in {target_timezone}?"),
    ("git", "status", "Shows the working tree status", [("repo_path", REPOSITORY, "string")], "[Show|Get|What is] the [git |]status of {repo_path}|git status in {repo_path}|Status of the repository {repo_path}|What has changed in {repo_path}?"),
    ("git", "log", "Shows the commit logs", [("repo_path", REPOSITORY, "string"), ("max_count?", SMALL, "number")], "Show the last {max_count} commits of {repo_path}|git log of {repo_path}, {max_count} entries|[List|Get] {max_count} commits in {repo_path}|Show {max_count} log entries of {repo_path}"),
    ("git", "commit", "Records changes to the repository", [("repo_path", REPOSITORY, "string"), ("message", TITLE, "string")], "Commit {repo_path} with the message {message}|Commit the changes in {repo_path}: {message}|git commit in {repo_path} with message {message}|Make a commit in {repo_path} that says {message}"),
    ("git", "diff", "Shows differences between branches or commits", [("repo_path", REPOSITORY, "string"), ("target", WORD, "string")], "Diff {repo_path} against {target}|Show the differences of {repo_path} to {target}|Compare {repo_path} with the branch {target}|git diff {target} in {repo_path}"),
    ("git", "checkout", "Switches branches", [("repo_path", REPOSITORY, "string"), ("branch_name", WORD, "string")], "Check out {branch_name} in {repo_path}|Switch {repo_path} to the branch {branch_name}|Go to branch {branch_name} of {repo_path}"),
    ("git", "create_branch", "Creates a new branch from an optional base branch", [("repo_path", REPOSITORY, "string"), ("branch_name", WORD, "string"), ("base_branch?", WORD, "string")], "Create the branch {branch_name} in {repo_path} from {base_branch}|New branch {branch_name} in {repo_path}, based on {base_branch}|In {repo_path}, make a branch {branch_name} from {base_branch}"),
    ("git", "add", "Adds file contents to the staging area", [("repo_path", REPOSITORY, "string"), ("files", LIST(FILE), "string[]")], "Add {files} in {repo_path}|Stage {files} in {repo_path}|git add {files} in {repo_path}"),
    ("filesystem", "read_file", "Read the complete contents of a file", [("path", W.path, "string")], "Read [the file |]{path}|[Show|Open|Print] {path}|What is in {path}?"),
    ("filesystem", "write_file", "Create a new file or overwrite an existing file", [("path", W.path, "string"), ("content", TEXT, "string")], "Write {content} to {path}|Create {path} with [the content |]{content}|Save {content} in {path}|Put {content} into {path}"),
    ("filesystem", "list_directory", "Get a listing of all files in a directory", [("path", FOLDER, "string")], "List [the files in |the directory |]{path}|What is in the folder {path}?|Which files are in {path}?"),
    ("filesystem", "create_directory", "Create a new directory", [("path", FOLDER, "string")], "[Create|Make] the [folder|directory] {path}|mkdir {path}|New folder {path}"),
    ("filesystem", "move_file", "Move or rename files", [("source", W.path, "string"), ("destination", W.path, "string")], "Move {source} to {destination}|Rename {source} to {destination}|mv {source} {destination}"),
    ("filesystem", "search_files", "Search for files matching a pattern", [("path", FOLDER, "string"), ("pattern", lambda r: "*." + r.choice(W.EXTENSIONS), "string")], "Find {pattern} in {path}|Search {path} for {pattern}|Look for files {pattern} in {path}|Which files in {path} match {pattern}?"),
    ("filesystem", "get_file_info", "Retrieve metadata about a file", [("path", W.path, "string")], "Get info about {path}|How big is {path}?|Show the details of {path}|When was {path} changed?"),
    ("fetch", "fetch", "Fetches a URL from the internet", [("url", URL, "string"), ("max_length?", lambda r: r.choice([500, 1000, 2000, 5000]), "number")], "Fetch {url}, at most {max_length} characters|Get the page {url} up to {max_length} characters|Download {url}, {max_length} characters"),
    ("browser", "navigate", "Navigate to a URL", [("url", URL, "string")], "[Open|Go to|Visit|Navigate to] {url}|Open the page {url}"),
    ("github", "create_issue", "Create a new issue in a repository", [("owner", WORD, "string"), ("repo", WORD, "string"), ("title", TITLE, "string")], "Create an issue in {owner}/{repo}: {title}|Open an issue titled {title} in {owner}/{repo}|File the issue {title} for {owner}/{repo}"),
    ("github", "search_repositories", "Search for repositories", [("query", TITLE, "string"), ("page?", SMALL, "number")], "Search repositories for {query}, page {page}|Find repositories about {query}, page {page}"),
    ("slack", "post_message", "Post a message to a channel", [("channel", WORD, "string"), ("text", TEXT, "string")], "Post {text} to [#|]{channel}|Tell the channel {channel}: {text}|Write {text} in the channel {channel}"),
    ("sqlite", "read_query", "Execute a SELECT query", [("query", lambda r: f"SELECT {r.choice(['*', 'name', 'id', 'count(*)'])} FROM {W.word(r)}", "string")], "Run {query}|Execute the query {query}|Query: {query}|What does {query} give?"),
    ("calendar", "create_event", "Create an event in the calendar", [("title", TITLE, "string"), ("date", DATE, "string"), ("time", TIME, "string")], "Create the event {title} on {date} at {time}|Put {title} into my calendar on {date} at {time}|Schedule {title} for {date}, {time}|Add {title} on {date} at {time} to the calendar"),
    ("calendar", "list_events", "List the events of a day", [("date", DATE, "string")], "What is on my calendar on {date}?|List the events of {date}|Which events are on {date}?|Show my appointments on {date}"),
    ("memory", "add_note", "Store a note under a title", [("title", TITLE, "string"), ("text", TEXT, "string")], "Store the note {title}: {text}|Remember under {title}: {text}|Add a note titled {title} with the text {text}"),
    ("email", "send_email", "Send an email", [("to", MAIL, "string"), ("subject", TITLE, "string"), ("body", TEXT, "string")], "Send an email to {to} with the subject {subject} and the text {body}|Mail {to}, subject {subject}: {body}|Write to {to} about {subject}: {body}"),
    ("maps", "get_directions", "Get directions between two places", [("origin", CITY, "string"), ("destination", CITY, "string")], "How do I get from {origin} to {destination}?|Directions from {origin} to {destination}|Show the way from {origin} to {destination}|Route from {origin} to {destination}"),
    ("weather", "get_forecast", "Get the weather forecast for a city", [("city", CITY, "string"), ("days", SMALL, "number")], "[Get |Show |]the forecast for {city} for {days} days|What will the weather be in {city} in the next {days} days?|{days} days forecast for {city}|How will the weather be in {city} for {days} days?"),
    ("database", "insert_row", "Insert a row into a table", [("table", WORD, "string"), ("id", W.integer, "number"), ("name", NAME, "string")], "Insert id {id} and name {name} into {table}|Add a row to {table}: id {id}, name {name}|Put {name} with the id {id} into the table {table}"),
    ("shell", "run_command", "Run a command in a shell", [("command", lambda r: r.choice(["ls -la", "pwd", "git status", "make test", "swift build", "date", "ls " + W.word(r), "cat " + W.file_name(r)]), "string"), ("timeout?", SMALL, "number")], "Run {command} with a timeout of {timeout} seconds|Execute {command}, timeout {timeout}|Run {command} for at most {timeout} seconds"),
    ("docker", "start_container", "Start a container from an image", [("image", WORD, "string"), ("name", WORD, "string"), ("port", W.integer, "number")], "Start {image} as {name} on port {port}|Run a container {name} from {image}, port {port}|Start the image {image} with the name {name} and port {port}"),
    ("translate", "translate_text", "Translate text between languages", [("text", TITLE, "string"), ("source", lambda r: r.choice(W.LANGUAGES), "string"), ("target", lambda r: r.choice(W.LANGUAGES), "string")], "Translate {text} from {source} to {target}|From {source} to {target}: {text}|How do you say {text}, which is {source}, in {target}?"),
]


def shown(rng, value, kind):
    if isinstance(value, list):
        return " and ".join([", ".join(value[:-1]), value[-1]]) if len(value) > 1 else value[0]
    return quoted(rng, value, 0.6 if kind in ("content", "text", "message", "title", "body", "subject", "query", "command") else 0.93) if isinstance(value, str) else str(value)


def lines(rng, full, values):
    """A result of several lines, as many servers send it, and the answer: the time as the time server tells it, or
    other members of an object."""
    if "timezone" in values:
        day, hour = W.date(rng), f"{rng.randint(0, 23):02d}:{rng.randint(0, 59):02d}"
        zone = values["timezone"]
        told = {"timezone": zone, "datetime": f"{day}T{hour}:{rng.randint(0, 59):02d}{rng.choice(['+09:00', '+01:00', '+02:00', '-05:00', '-07:00', '+00:00'])}",
                "day_of_week": rng.choice("Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()), "is_dst": rng.random() < 0.5}  # fmt: skip
        return json.dumps(told, indent=2), f"It is {mark(hour)} on {mark(day)} in {mark(zone)}."
    keys = rng.sample("name path status count size date title state branch value id type is_open ready total".split(), rng.randint(2, 4))
    made = [W.word, W.integer, W.file_name, W.date, W.code, lambda r: r.random() < 0.5]
    told = {key: rng.choice(made)(rng) for key in keys}
    first = told[keys[0]]
    return json.dumps(told, indent=2), f"The result of {mark(full)} is: {mark(first if isinstance(first, str) else json.dumps(first))}"


def mcp(rng, index=None):
    index = rng.randrange(len(KINDS)) if index is None else index
    server, name, description, parameters, wordings = KINDS[index]
    style = rng.random()
    full = f"{server}_{name}" if style < 0.72 else f"{server}-{name}" if style < 0.8 else f"{W.word(rng)}_{name}" if style < 0.9 else f"mcp_{server}_{name}"
    full = full if all(c.isalnum() or c in "_-" for c in full) else f"{server}_{name}"
    values, declared = {}, []
    pattern = choose(rng, rng.choice(options_of(wordings)))
    for p, make, kind in parameters:
        optional, p = p.endswith("?"), p.rstrip("?")
        note = rng.choice([f"The {p.replace('_', ' ')}", f"{p.replace('_', ' ').capitalize()}", None, None, None])
        declared.append(Parameter(p, kind, note, optional))
        values[p] = make(rng)
    if declared[-1].optional and rng.random() < 0.35:  # left out, in words of its own
        last = declared[-1].name
        for cut in (", at most {max_length} characters", " up to {max_length} characters", ", {max_length} characters", " from {base_branch}", ", based on {base_branch}", ", page {page}", " with a timeout of {timeout} seconds", ", timeout {timeout}", " for at most {timeout} seconds", "last {max_count} ", ", {max_count} entries", "{max_count} "):
            if cut in pattern:
                pattern = pattern.replace(cut, "")
                del values[last]
                break
    user = pattern.format(**{p: shown(rng, v, p) for p, v in values.items()})
    values = {p: bare_end(user, v) for p, v in values.items()}
    k = rng.random()
    if name == "get_current_time" and k < 0.7 or k < 0.2:
        result, final = lines(rng, full, values)
    elif k < 0.6:
        result, final = outcome(rng, full, f"Done. I called {mark(full)}.")
    else:
        value = rng.choice([W.integer, W.word, W.code, W.title, W.name])(rng)
        result = rng.choice([str(value), pretty(rng, {"result": value}), json.dumps({"content": [{"type": "text", "text": str(value)}]})])
        final = f"The result of {mark(full)} is: {mark(value)}"
    make = lambda r: mcp(r, index)
    return Use(Tool(full, description, declared), user, {p.name: values[p.name] for p in declared if p.name in values}, result, final, make)
