#!/usr/bin/env python3
"""agreement.py MODEL.gguf: whether llama.cpp (pip install llama-cpp-python) writes the same text as this repository's runner,
greedy, on held-out prompts of every kind; the run fails where fewer agree than --required."""

import argparse
import random
import sys

from engines import LlamaEngine, RunnerEngine
from evaluate import cases


def main():
    a = argparse.ArgumentParser(description=__doc__)
    a.add_argument("model")
    a.add_argument("--program", help="the runner, if not .build/release/gptoss or $GPTOSS")
    a.add_argument("--count", type=int, default=100)
    a.add_argument("--seed", type=int, default=1)
    a.add_argument("--required", type=float, default=95, help="percent")
    o = a.parse_args()
    rng = random.Random(f"agreement {o.seed}")
    chosen = rng.sample([c for c in cases(rng, 0.5) if not c.hidden], o.count)
    ours, theirs = (e.complete(chosen) for e in (RunnerEngine(o.model, o.program), LlamaEngine(o.model)))
    same = 0
    for case, a_, b in zip(chosen, ours, theirs):
        same += a_ == b
        if a_ != b:
            print(f"--- {case.prompt[case.prompt.rindex('<|start|>user'):]}\n    runner    {a_}\n    llama.cpp {b}")
    print(f"the same text: {same} of {o.count}")
    if 100 * same < o.required * o.count:
        sys.exit(f"below {o.required} %")


if __name__ == "__main__":
    main()
