"""Holds texts that random walks through schemas' constraints made against PyPI's jsonschema.

The walks are those of the Swift tests RandomSchemaTests, a thousand random schemas, and TypeWalkTests, schemas of Swift
types; they write what they made to a file. This script runs them, or reads a file that one of them wrote before.
"""

import argparse
import itertools
import json
import os
import subprocess
import sys
import tempfile

from jsonschema import Draft202012Validator


TESTS = ["GPTOSSStructuredOutputTests.RandomSchemaTests", "GPTOSSTests.TypeWalkTests"]


def cases(seeds, command):
    for seed, test in itertools.product(seeds, TESTS):
        with tempfile.NamedTemporaryFile("r", encoding="utf-8") as file:
            environment = {**os.environ, "GPTOSS_STRUCTURED_OUTPUT": file.name, "GPTOSS_SEED": str(seed)}
            subprocess.run([*command, test], env=environment, check=True, stdout=subprocess.DEVNULL)
            yield from map(json.loads, file)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, nargs="*", default=[1])
    parser.add_argument("--file", help="cases that a test wrote before")
    parser.add_argument("--test", help="the command that runs a test, whose name follows it",
                        default="swift test -c release --skip-build --filter")
    arguments = parser.parse_args()

    schemas, texts, unsatisfiable, failures = set(), 0, 0, 0
    lines = map(json.loads, open(arguments.file, encoding="utf-8")) if arguments.file else cases(
        arguments.seeds, arguments.test.split())
    for case in lines:
        schema, text = case["schema"], case["text"]
        Draft202012Validator.check_schema(schema)
        schemas.add(json.dumps(schema))
        if text is None:
            unsatisfiable += 1
            continue
        texts += 1
        try:
            value = json.loads(text)
            error = next(Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER).iter_errors(value), None)
        except ValueError as fault:
            error = fault
        if error is not None:
            failures += 1
            print(json.dumps(schema), text, str(error).splitlines()[0], sep="\n  ", file=sys.stderr)
    print(f"structured: {len(schemas)} schemas, {texts} texts, {failures} failures, {unsatisfiable} without any text")
    sys.exit(failures > 0 or texts == 0)


if __name__ == "__main__":
    main()
