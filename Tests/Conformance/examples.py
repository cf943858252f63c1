#!/usr/bin/env python3
"""Advertised means tested: runs every example of README, Docs, DocC's catalogs and every `gptoss help`, as printed.

    swift build -c release --product gptoss
    swift build -c release --scratch-path .build-server --traits Server --product gptoss
    python Tests/Conformance/examples.py [--programs FOLDER] [--report] [--only TEXT]

What an example says is read from its page: commands and programs are run, printed output is compared line by line.
An example whose model is asked something is also run with ten other wordings, all of which have to be answered
rightly. `advertised/stage.py` has what stands in for what cannot be had, `NOT_RUN` below what is not run and why, and
`advertised/wordings.py` the wordings. An example that no rule here fits is a failure.

--programs: the built programs that programs.py collected; without it they are left out
--report:   tell how many wordings of each example are right; wrong ones fail nothing
--only:     only the examples whose place or text has TEXT; the helps are `help`
"""

import argparse
import sys
import tempfile

import checks
from advertised import blocks, helps, names, pages, serving, stage
from advertised.results import Results, each
from checks import check

# Commands that are not run here, and why.
NOT_RUN = [
    (r"^apt-get .* swift test -c release$", ".ci/run has it as a step, with apt's lists emptied"),
    (r"^npm install openai$", "npm is out of reach"),
    (r"^pip install (openai|anthropic)$", "requirements.txt has it"),
    (r"^mkdir -p ~/\.local/", "install.py runs it as it is printed"),
    (r"^vllm serve |--remote http://(localhost:8000|OTHER)", ".ci/full asks a real vLLM, by vllm_server.py"),
    (r"^codex exec ", ".ci/full asks the real Codex, by codex.py"),
    (r"(Kernel|Mask|Pass)Benchmarks|^python (Benchmarks/|Tests/Conformance/idle_model)", "a measurement of minutes that needs a quiet machine"),
    (r"^(python3 -m venv venv|cd training$|\.\./venv/bin/python )", "training takes hours"),
]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--programs")
    parser.add_argument("--report", action="store_true")
    parser.add_argument("--only", default="")
    options = parser.parse_args()
    stage.enter_private_network()
    with tempfile.TemporaryDirectory() as parent:
        results = Results(lambda: stage.Stage(parent), NOT_RUN, options)
        found = [
            example
            for page in pages.PAGES
            for example in pages.examples(page)
            if options.only in f"{example.place} {example.text}"
        ]
        for example in found:
            if not blocks.is_served(example):
                each(blocks.run, example, results)
        serving.run([example for example in found if blocks.is_served(example)], results)
        if options.only in "help":
            texts = helps.check_helps(results.stage, check, serving.start_and_stop)
            names.check_options(texts)
            names.check_chat_commands(results)
        results.tell()
    if options.report and checks.passed:
        sys.exit(0)
    checks.finish()


if __name__ == "__main__":
    main()
