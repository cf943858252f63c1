"""Holds texts that random walks through schemas' constraints made against PyPI's jsonschema.

The walks are those of the Swift tests RandomSchemaTests, a thousand random schemas, TypeWalkTests, schemas of Swift
types, and ServerSchemasTests, 500 in the shapes of MCP servers; they write what they made to a file. This script runs
them, or reads a file that one of them wrote before.
"""

import argparse
import itertools
import json
import os
import subprocess
import tempfile

from jsonschema import Draft202012Validator

from checks import check, finish

TESTS = [
    "GPTOSSStructuredOutputTests.RandomSchemaTests", "GPTOSSTests.TypeWalkTests", "GPTOSSMCPTests.ServerSchemasTests"]


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

    schemas, unsatisfiable = set(), 0
    lines = map(json.loads, open(arguments.file, encoding="utf-8")) if arguments.file else cases(
        arguments.seeds, arguments.test.split())
    for case in lines:
        schema, text = case["schema"], case["text"]
        Draft202012Validator.check_schema(schema)
        schemas.add(json.dumps(schema))
        if text is None:
            unsatisfiable += 1
            continue
        try:
            value = json.loads(text)
            error = next(Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER).iter_errors(value), None)
        except ValueError as fault:
            error = fault
        reason = str(error).partition("\n")[0]
        check(error is None, f"{json.dumps(schema)}\n  {text}\n  {reason}")
    print(f"{len(schemas)} schemas, {unsatisfiable} without any text")
    finish()


if __name__ == "__main__":
    main()
