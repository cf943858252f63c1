#!/usr/bin/env python3
"""This engine, llama.cpp (llama-cpp-python) and ik_llama.cpp on one file, in turns: medians and ratios.

    pip install llama-cpp-python
    swift build -c release
    .build/release/gptoss synthesize --shape 20b 20b.gguf
    python Benchmarks/compare.py 20b.gguf [--prefill 512] [--decode 64] [--depth 0] [--threads 2] [--rounds 5]

A round is one process of each engine, one after the other, so that a busy moment of the machine falls on both.
Each process loads the model, reads `depth` tokens, times a prefill of `prefill` tokens, and times `decode`
tokens one by one at that depth. This engine takes part once in each precision. `--only gptoss` measures it alone; `--ik PATH` names the `llama-bench` of a
build of ik_llama.cpp, which then takes part, at depth 0, with its rows repacked at load; `--output` adds what was
measured to a JSON file, which plot.py draws.
"""

import argparse
import functools
import json
import os
import random
import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
GPTOSS = os.environ.get("GPTOSS", str(ROOT / ".build" / "release" / "gptoss"))


def measure_gptoss(model, options, precision):
    """One run of `gptoss bench`: the rates of its only repeat, and what it says about the machine."""
    command = [
        GPTOSS, "bench", "-m", model, "-p", str(options.prefill), "-n", str(options.decode),
        "-d", str(options.depth), "--threads", str(options.threads), "-r", "1", "--json",
        "--precision", precision,
    ]
    result = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return {
        "prefill": result["prefill"]["tokens_per_second"][0],
        "decode": result["decode"]["tokens_per_second"][0],
        "load_seconds": result["load_seconds"],
        "bandwidth_share": result["bandwidth_share"],
        "stream_bytes_per_second": result["stream_bytes_per_second"],
    }


def measure_llama(model, options):
    """The same with llama-cpp-python, in a process of its own, so that its memory is given back."""
    command = [
        sys.executable, __file__, model, "--worker", "--prefill", str(options.prefill), "--decode",
        str(options.decode), "--depth", str(options.depth), "--threads", str(options.threads),
    ]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()[-1])


def measure_ik(model, options):
    """ik_llama.cpp's own benchmark, with the flags that make it fastest here."""
    command = [
        options.ik, "-m", model, "-p", str(options.prefill), "-n", str(options.decode), "-t", str(options.threads),
        "-rtr", "1", "-fa", "1", "-fmoe", "1", "-thp", "1", "-mmp", "0", "-r", "1", "-o", "json",
    ]
    start = time.perf_counter()
    output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    rates = {("prefill" if run["n_prompt"] else "decode"): run["avg_ts"]
             for run in json.loads(output[output.index("["):])}
    seconds = time.perf_counter() - start - options.prefill / rates["prefill"] - options.decode / rates["decode"]
    return {**rates, "load_seconds": seconds}


def work(model, options):
    """What `measure_llama` starts: prints one line of JSON."""
    from llama_cpp import Llama

    start = time.perf_counter()
    total = options.depth + max(options.prefill, options.decode) + 8
    llama = Llama(
        model_path=model, n_ctx=total, n_batch=512, n_ubatch=512, n_threads=options.threads,
        n_threads_batch=options.threads, logits_all=False, verbose=False,
        # In memory of its own, as this engine's weights are: else it is the disk that is measured when both engines
        # and the file do not fit side by side.
        use_mmap=False)
    load_seconds = time.perf_counter() - start
    numbers = random.Random(1)

    def tokens(count):
        return [numbers.randrange(llama.n_vocab()) for _ in range(count)]

    def rate(count, run):
        start = time.perf_counter()
        run()
        return count / (time.perf_counter() - start)

    def decode():
        for token in tokens(options.decode):
            llama.eval([token])

    llama.eval(tokens(max(options.depth, 1)))
    prefill_rate = rate(options.prefill, lambda: llama.eval(tokens(options.prefill)))
    llama.reset()
    llama.eval(tokens(max(options.depth, 1)))
    decode_rate = rate(options.decode, decode)
    print(json.dumps({"prefill": prefill_rate, "decode": decode_rate, "load_seconds": load_seconds}))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("model")
    for name, default in [("prefill", 512), ("decode", 64), ("depth", 0), ("rounds", 5)]:
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--only", choices=["gptoss", "others"])
    parser.add_argument("--ik", metavar="LLAMA-BENCH")
    parser.add_argument("--precision", choices=["fast", "precise"], nargs="+", default=["fast", "precise"])
    parser.add_argument("--output")
    parser.add_argument("--worker", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.worker:
        return work(options.model, options)

    ours = {f"gptoss, {p}": functools.partial(measure_gptoss, precision=p) for p in options.precision}
    theirs = {"llama": measure_llama} | ({"ik_llama": measure_ik} if options.ik else {})
    engines = ours if options.only == "gptoss" else theirs if options.only else ours | theirs
    runs = {name: [] for name in engines}
    for index in range(options.rounds):
        for name, measure in engines.items():
            run = measure(options.model, options)
            runs[name].append(run)
            print(
                f"round {index + 1}: {name:15} prefill {run['prefill']:7.1f} decode {run['decode']:6.2f} tokens/s, "
                f"loaded in {run['load_seconds']:.1f} s", file=sys.stderr)

    print(f"{options.threads} threads, prefill of {options.prefill}, decode of {options.decode}, at depth "
          f"{options.depth}: medians of {options.rounds} rounds in turns")
    for what in ["prefill", "decode"]:
        medians = {name: statistics.median(run[what] for run in runs[name]) for name in runs}
        for name, median in medians.items():
            ratios = [f"{median / medians[other]:.2f} × {other}" for other in theirs if name in ours and other in medians]
            print(f"{what:8} {name:15} {median:7.2f} tokens/s" + "".join(f", {ratio}" for ratio in ratios))
    if options.output:
        path = Path(options.output)
        results = json.loads(path.read_text()) if path.exists() else []
        results.append({
            "model": Path(options.model).name, "threads": options.threads, "prefill": options.prefill,
            "decode": options.decode, "depth": options.depth, "runs": runs,
        })
        path.write_text(json.dumps(results, indent=1) + "\n")


if __name__ == "__main__":
    main()
