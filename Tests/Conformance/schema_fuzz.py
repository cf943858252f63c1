#!/usr/bin/env python3
"""Generated schemas, patterns and numbers through the constraint, judged by PyPI's jsonschema, its patterns by an
ECMAScript engine and its emails by PyPI's email-validator, too.

    swift build -c release --build-tests
    python Tests/Conformance/schema_fuzz.py [--seeds 1] [--count 500] [--walks 4]
    python Tests/Conformance/schema_fuzz.py --server [--seeds 1] [--count 100]
    python Tests/Conformance/schema_fuzz.py --generations 10000 [--seeds 1] [--count 500]

Without --server the schemas go through the Swift test SchemaFileTests, which compiles each within the budget of a
request and walks through those that are held. Every text has to be JSON that fits its schema; none may end in a dead
end; what is refused or left out names its place. With --server every pair of a keyword and a number at which
arithmetic breaks, and every generated schema, goes to every API that takes schemas: the server has to live and to
answer with 200, 4xx, or 503 with Retry-After. With --generations a model with random weights answers at temperature
2 under each schema that is held, tokens that close something likelier than the rest: every answer has to fit, also
where its limit made it come to an end.
"""

import argparse
import itertools
import json
import os
import random
import subprocess
import tempfile
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor

import email_validator
import quickjs
from jsonschema import Draft202012Validator, validators
from jsonschema.exceptions import SchemaError, ValidationError

from checks import check, finish

# --- The table of keywords and numbers. A new API is a line in ROUTES.

NUMBERS = ["0", "-0", "-1", "0.5", "1.0", "-2147483648", "2147483647", "2147483648", "9007199254740991",
           "9007199254740993", "-9223372036854775808", "9223372036854775807", "9223372036854775808",
           "18446744073709551616", "1e308", "1e400", "1e-400", "9" * 100_000, '"NaN"', '"Infinity"', "null"]
KEYWORDS = ["minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties", "minimum", "maximum",
            "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "const"]
PAIRS = [("minLength", "maxLength"), ("minItems", "maxItems"), ("minProperties", "maxProperties"),
         ("minimum", "maximum")]


def number_schemas():
    """Every keyword with every number, plain and turned around, and limits that cross."""
    for keyword, number in itertools.product(KEYWORDS, NUMBERS):
        part = f'{{"{keyword}": {number}}}'
        yield from (part, f'{{"not": {part}}}', f'{{"oneOf": [{part}, {{"type": "array"}}]}}')
    for low, high in PAIRS:
        for number in NUMBERS[1:17]:
            yield f'{{"{low}": {number}, "{high}": {NUMBERS[5]}}}'
            yield f'{{"{low}": 3, "{high}": {number}}}'


def chat_format(schema):
    return ('{"model": "MODEL", "messages": [{"role": "user", "content": "Hi"}], "max_tokens": 8, "response_format": '
            '{"type": "json_schema", "json_schema": {"name": "x", "schema": ' + schema + "}}}")


def chat_tool(schema):
    return ('{"model": "MODEL", "messages": [{"role": "user", "content": "Hi"}], "max_tokens": 8, "tools": [{"type": '
            '"function", "function": {"name": "f", "parameters": {"type": "object", "properties": {"p": ' + schema
            + "}}}}]}")


def responses_format(schema):
    return ('{"model": "MODEL", "input": "Hi", "max_output_tokens": 8, "text": {"format": {"type": "json_schema", '
            '"name": "x", "schema": ' + schema + "}}}")


def responses_tool(schema):
    return ('{"model": "MODEL", "input": "Hi", "max_output_tokens": 8, "tools": [{"type": "function", "name": "f", '
            '"parameters": {"type": "object", "properties": {"p": ' + schema + "}}}]}")


def messages_tool(schema):
    return ('{"model": "MODEL", "messages": [{"role": "user", "content": "Hi"}], "max_tokens": 8, "tools": [{"name": '
            '"f", "input_schema": {"type": "object", "properties": {"p": ' + schema + "}}}]}")


ROUTES = [("/chat/completions", chat_format), ("/chat/completions", chat_tool), ("/responses", responses_format),
          ("/responses", responses_tool), ("/messages", messages_tool)]

# --- Schemas as programs make them.

PATTERNS = ["^[a-z]{2,5}$", "\\d+", "^(?:foo|bar)(?:-[0-9A-F]{2})*$", "^\\S+$", "é|日", "^[^\"x]{1,4}$", "^.{0,3}$",
            "^(?:aa)*$", "^(?:ab|c)*$", "^\\w+(?: \\w+)?$", "^[A-Z][a-z]*$", "^(?:\\d{3}-)?\\d{4}$", "a.b", "^a|b$",
            "^[\\u0020-\\uffff]{1,5}$", "^#[0-9a-fA-F]{6}$", "^v\\d+(?:\\.\\d+){0,2}$", "^\\n?x$"]
FORMATS = ["date", "time", "date-time", "uuid", "email", "ipv4", "ipv6", "hostname", "uri", "duration"]
WRONG = {"date": "2023-02-29", "time": "25:00:00Z", "date-time": "2023-02-29T00:00:00Z", "uuid": "x", "email": "x",
         "ipv4": "256.1.1.1", "ipv6": "1:2", "hostname": "-a-", "uri": "no scheme", "duration": "P"}
NAMES = ["id", "name", "a b", "日", "kind", "tags", "value", "x\"y"]


class Generator:
    """Schemas in the shapes of pydantic, zod, OpenAPI and lists of tools, with every count that is held."""

    def __init__(self, seed):
        self.random = random.Random(seed)

    def schema(self):
        kind = self.random.randrange(4)
        if kind == 0:
            names = [f"D{index}" for index in range(self.random.randint(1, 3))]
            self.references = [{"$ref": f"#/$defs/{name}"} for name in names]
            schema = self.object(0)
            schema["$defs"] = {name: self.object(2) for name in names}
        else:
            self.references = []
            schema = self.object(0) if kind < 3 else self.any(0)
        return schema

    def chance(self, share):
        return self.random.random() < share

    def any(self, depth):
        kinds = [self.string, self.string, self.number, self.integer, self.enumeration]
        if depth < 3:
            kinds += [self.object, self.array, self.set, self.map, self.union]
        made = self.random.choice(kinds)(depth)
        if self.references and self.chance(0.1):
            return self.random.choice(self.references)
        return {"anyOf": [made, {"type": "null"}]} if self.chance(0.1) else made

    def string(self, depth):
        schema = {"type": "string"}
        low = self.random.randint(0, 6)
        if self.chance(0.3):
            schema["pattern"] = self.random.choice(PATTERNS)
        elif self.chance(0.3):
            schema["format"] = self.random.choice(FORMATS)
            low = 0
        if self.chance(0.4):
            schema["maxLength"] = low + self.random.choice([0, 1, 3, 12, 40, 254])
        if self.chance(0.3):
            schema["minLength"] = low
        return schema

    def integer(self, depth):
        return self.bounds({"type": "integer"}, self.random.randint(-1000, 1000), self.random.randint(0, 3000))

    def number(self, depth):
        return self.bounds({"type": "number"}, self.random.randint(-400, 400) / 8, self.random.randint(1, 900) / 4)

    def bounds(self, schema, low, width):
        if self.chance(0.4):
            schema[self.random.choice(["minimum", "exclusiveMinimum"])] = low
        if self.chance(0.4):
            schema[self.random.choice(["maximum", "exclusiveMaximum"])] = low + width
        if schema["type"] == "integer" and self.chance(0.1):
            schema["multipleOf"] = self.random.choice([2, 3, 7, 10])
        return schema

    def enumeration(self, depth):
        values = self.random.sample(["a", "b", "ab", "x y", "日", 1, 2.5, -3, True, None, "", "\n"],
                                    self.random.randint(1, 6))
        return {"enum": values} if self.chance(0.8) else {"const": values[0]}

    def object(self, depth):
        names = self.random.sample(NAMES, self.random.randint(0, 5))
        schema = {"type": "object", "properties": {name: self.any(depth + 1) for name in names},
                  "required": [name for name in names if self.chance(0.5)]}
        if self.chance(0.4):
            schema["additionalProperties"] = False
        elif self.chance(0.2):
            schema["additionalProperties"] = self.any(depth + 2)
        if self.chance(0.15):
            schema["minProperties"] = self.random.randint(0, len(names) + 1)
        if self.chance(0.15):
            schema["maxProperties"] = self.random.randint(len(schema["required"]), len(names) + 1)
        return schema

    def array(self, depth):
        schema = {"type": "array", "items": self.any(depth + 1)}
        low = self.random.randint(0, 3)
        if self.chance(0.4):
            schema["minItems"] = low
        if self.chance(0.4):
            schema["maxItems"] = low + self.random.randint(0, 4)
        if self.chance(0.1):
            schema["prefixItems"] = [self.any(depth + 1), self.any(depth + 1)]
        return schema

    def set(self, depth):
        items = self.random.choice([self.string, self.integer, self.number, self.enumeration])(depth)
        schema = {"type": "array", "items": items, "uniqueItems": True}
        if self.chance(0.6):
            schema["minItems"] = self.random.randint(0, 4)
        if self.chance(0.3):
            schema["maxItems"] = self.random.randint(4, 9)
        return schema

    def map(self, depth):
        schema = {"type": "object", "additionalProperties": self.any(depth + 1)}
        if self.chance(0.4):
            schema["propertyNames"] = {"pattern": self.random.choice(["^[a-z]{1,3}$", "^[ab]$", "^\\d+$"])}
        if self.chance(0.5):
            schema["minProperties"] = self.random.randint(0, 3)
        if self.chance(0.3):
            schema["maxProperties"] = self.random.randint(3, 5)
        return schema

    def union(self, depth):
        if self.chance(0.5):
            return {"anyOf": [self.any(depth + 1) for _ in range(self.random.randint(1, 3))]}
        return {"oneOf": [
            {"type": "object", "properties": {"kind": {"const": kind}, "v": self.any(depth + 1)}, "required": ["kind"]}
            for kind in ("a", "b", "c")]}


# --- Judging.

CHECKER = Draft202012Validator.FORMAT_CHECKER
ECMASCRIPT = quickjs.Context()
# As JSON: a zero would end a text on its way there.
ECMASCRIPT.eval("function fits(both) { const [pattern, text] = JSON.parse(both); return new RegExp(pattern, 'u').test(text) }")


def ecmascript_pattern(validator, pattern, instance, schema):
    if validator.is_type(instance, "string") and not ECMASCRIPT.get("fits")(json.dumps([pattern, instance])):
        yield ValidationError(f"{instance!r} does not match {pattern!r}")


@CHECKER.checks("email", raises=email_validator.EmailNotValidError)
def is_email(text):
    return not isinstance(text, str) or email_validator.validate_email(text, check_deliverability=False)


Judge = validators.extend(Draft202012Validator, {"pattern": ecmascript_pattern})


def check_formats():
    """The judge has to know every format that is generated."""
    for name, wrong in WRONG.items():
        check(not CHECKER.conforms(wrong, name), f"the judge takes {wrong!r} for a {name}")
    check(not list(Judge({"pattern": "^\\d$"}).iter_errors("1")), "the judge's patterns")
    check(list(Judge({"pattern": "^\\d$"}).iter_errors("١")), "the judge's patterns are ECMAScript's")


def run_walks(schemas, walks, seed, command):
    with tempfile.TemporaryDirectory() as folder:
        paths = {"GPTOSS_SCHEMAS": f"{folder}/schemas", "GPTOSS_STRUCTURED_OUTPUT": f"{folder}/report"}
        with open(paths["GPTOSS_SCHEMAS"], "w", encoding="utf-8") as file:
            file.writelines(json.dumps(schema, ensure_ascii=False) + "\n" for schema in schemas)
        environment = {**os.environ, **paths, "GPTOSS_WALKS": str(walks), "GPTOSS_SEED": str(seed)}
        done = subprocess.run([*command, "GPTOSSStructuredOutputTests.SchemaFileTests"], env=environment,
                              capture_output=True, text=True)
        check(done.returncode == 0, f"SchemaFileTests, seed {seed}: {(done.stdout + done.stderr)[-2000:]}")
        if os.path.exists(paths["GPTOSS_STRUCTURED_OUTPUT"]):
            with open(paths["GPTOSS_STRUCTURED_OUTPUT"], encoding="utf-8") as file:
                yield from map(json.loads, file)


def is_unsatisfiable(error):
    return "no JSON text was found" in error


def check_text(schema, text):
    try:
        error = next(Judge(schema, format_checker=CHECKER).iter_errors(json.loads(text)), None)
    except ValueError as fault:
        error = fault
    check(error is None, f"{json.dumps(schema)}\n  {text}\n  {str(error).partition(chr(10))[0]}")


def judge(schemas, reports):
    held = refused = texts = 0
    for report in reports:
        schema = schemas[report["index"]]
        if "error" in report:
            check("#" in report["error"], f"{json.dumps(schema)}: no place in {report['error']}")
            refused += not is_unsatisfiable(report["error"])
            if not is_unsatisfiable(report["error"]):
                print(f"refused: {report['error']}")
            continue
        check(all("#" in notice for notice in report["notices"]), f"{json.dumps(schema)}: {report['notices']}")
        if report["notices"]:
            continue
        held += not report["lenient"]
        for text in report["texts"]:
            texts += 1
            check_text(schema, text)
    print(f"{len(schemas)} schemas: {held} held whole, {refused} refused, {texts} texts")
    check(held * 20 >= (len(schemas) - (len(schemas) - held - refused)) * 19, "at least 19 of 20 are held whole")


def generate(schemas, count, seed):
    """At least nine of ten answers have to end by themselves."""
    from served import GPTOSS, RANDOM, Served

    closing = ['"', "}", "]", '"}', '"]', "}}", "]}", '",', "<|end|>", "<|return|>"]
    lines = subprocess.run([GPTOSS, "tokenize", "--special", "-m", RANDOM], capture_output=True, text=True, check=True,
                           input="".join(json.dumps(text) + "\n" for text in closing)).stdout.splitlines()
    bias = {str(tokens[0]): 8 for tokens in map(json.loads, lines) if len(tokens) == 1}

    with Served("--parallel", "8", "--context", "8192", model=RANDOM) as server:
        name = json.load(urllib.request.urlopen(f"{server.url}/models"))["data"][0]["id"]

        def ask(schema, number, limit):
            """Status, the places that are not held, the text and the reason of its end."""
            body = {"model": name, "messages": [{"role": "user", "content": f"Number {number}"}], "seed": number,
                    "temperature": 2, "max_tokens": limit, "logit_bias": bias, "reasoning_effort": "none",
                    "response_format": {"type": "json_schema", "json_schema": {"name": "x", "schema": schema}}}
            request = urllib.request.Request(f"{server.url}/chat/completions", json.dumps(body).encode(),
                                             {"Content-Type": "application/json"})
            try:
                with urllib.request.urlopen(request, timeout=600) as answer:
                    choice = json.load(answer)["choices"][0]
                    return 200, answer.headers.get("x-schema-not-held"), choice["message"]["content"] or "", \
                        choice["finish_reason"]
            except urllib.error.HTTPError as error:
                return error.code, None, error.read().decode(), None

        def probe(schema):
            status, left_out, text, _ = ask(schema, 0, 1_000)
            check(status == 200 or status == 400 and "#" in text, f"{json.dumps(schema)}: {status} {text[:300]}")
            return status == 200 and not left_out

        def ends(number):
            schema = held[number % len(held)]
            status, _, text, reason = ask(schema, number, 1_000)
            check(reason in ("stop", "length"), f"{json.dumps(schema)}: {status} {reason} {text[:300]}")
            check_text(schema, text)
            return reason == "stop"

        with ThreadPoolExecutor(8) as pool:
            held = [schema for schema, holds in zip(schemas, pool.map(probe, schemas)) if holds]
            ended = sum(pool.map(ends, range(seed * count, (seed + 1) * count)))
    print(f"{count} generations over {len(held)} schemas, {ended} ended by themselves")
    check(ended * 10 >= count * 9, f"only {ended} of {count} generations ended by themselves")


def fuzz_server(schemas):
    from served import Served

    bodies = [(path, body(text)) for text in [*number_schemas(), *map(json.dumps, schemas)] for path, body in ROUTES]
    # A number of 100,000 digits does not fit into this context: it is refused instead of read.
    with Served("--parallel", "2", "--context", "8192") as server:
        name = json.load(urllib.request.urlopen(f"{server.url}/models"))["data"][0]["id"]
        for path, body in bodies:
            request = urllib.request.Request(server.url + path, body.replace("MODEL", name, 1).encode(),
                                             {"Content-Type": "application/json"})
            try:
                with urllib.request.urlopen(request, timeout=60) as answer:
                    status, headers, text = answer.status, answer.headers, answer.read()
            except urllib.error.HTTPError as error:
                status, headers, text = error.code, error.headers, error.read()
            except OSError as error:
                status, headers, text = 0, {}, str(error)
            holds = status == 200 or 400 <= status < 500 or status == 503 and "Retry-After" in headers
            check(holds, f"{path} {body[:300]}: {status} {text[:300]}")
            if server.process.poll() is not None:
                check(False, f"the server ended after {path} {body[:300]}")
                return


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, nargs="*", default=[1])
    parser.add_argument("--count", type=int, default=500, help="schemas per seed")
    parser.add_argument("--walks", type=int, default=4, help="texts per schema")
    parser.add_argument("--server", action="store_true")
    parser.add_argument("--generations", type=int, help="answers of a model with random weights per seed")
    parser.add_argument("--test", help="the command that runs a test, whose name follows it",
                        default="swift test -c release --skip-build --filter")
    arguments = parser.parse_args()

    check_formats()
    for seed in arguments.seeds:
        generator = Generator(seed)
        schemas = [generator.schema() for _ in range(arguments.count)]
        for schema in schemas:
            try:
                Draft202012Validator.check_schema(schema)
            except SchemaError as error:
                check(False, f"the generator made no schema: {error}")
        if arguments.server:
            fuzz_server(schemas)
        elif arguments.generations:
            generate(schemas, arguments.generations, seed)
        else:
            judge(schemas, run_walks(schemas, arguments.walks, seed, arguments.test.split()))
    finish()


if __name__ == "__main__":
    main()
