#!/usr/bin/env python3
"""This engine, llama.cpp (llama-cpp-python) and ik_llama.cpp on one file, in turns: medians and ratios.

    pip install llama-cpp-python
    swift build -c release
    .build/release/gptoss synthesize --shape 20b 20b.gguf
    python Benchmarks/compare.py 20b.gguf [--prefill 512] [--decode 64] [--depth 0] [--threads 2] [--rounds 5]
        [--engines gptoss llama ik] [--ik LLAMA-BENCH] [--precision fast precise] [--kernels NAME …] [--output FILE]

A round is one process of each engine, one after the other, so that a busy moment of the machine falls on all alike. Each
process loads the model, reads `depth` tokens, times a prefill of `prefill` tokens, and times `decode` tokens one by one at
that depth. This engine takes part once in each precision, and in each kernel set that `--kernels` names.

`--engines` says who takes part: `gptoss`, `llama`, which needs llama-cpp-python, and `ik`, which needs `--ik PATH`, the
`llama-bench` of a build of ik_llama.cpp; its rows are repacked at load, and at a depth it decodes only, as its benchmark
cannot read a prompt there. All keep the weights in memory of their own. `--output` adds what was measured to a JSON file,
round by round, which plot.py draws.
"""

import argparse
import functools
import importlib.util
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


def output_of(command, environment=None):
    """What a program prints. If it fails, this one ends with what that said."""
    run = subprocess.run(command, capture_output=True, text=True, env=environment)
    if run.returncode:
        sys.exit(f"{' '.join(command)}\n{run.stderr.strip()}\nended with {run.returncode}")
    return run.stdout


def measure_gptoss(model, options, precision, kernels):
    """One run of `gptoss bench`: the rates of its only repeat, and what it says about the machine."""
    environment = os.environ | ({"GPTOSS_CPU": kernels} if kernels else {})
    command = [
        GPTOSS, "bench", "-m", model, "-p", str(options.prefill), "-n", str(options.decode),
        "-d", str(options.depth), "--threads", str(options.threads), "-r", "1", "--json",
        "--precision", precision, "--weights", "resident",
    ]
    result = json.loads(output_of(command, environment))
    return {
        "kernels": result["kernels"],
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
    return json.loads(output_of(command).splitlines()[-1])


def measure_ik(model, options):
    """ik_llama.cpp's own benchmark, with the flags that make it fastest here. At a depth there is no rate of a prefill."""
    if options.depth:
        tests = ["-p", "0", "-n", "0", "-gp", f"{options.depth},{options.decode}"]
    else:
        tests = ["-p", str(options.prefill), "-n", str(options.decode)]
    command = [
        options.ik, "-m", model, *tests, "-t", str(options.threads),
        "-rtr", "1", "-fa", "1", "-fmoe", "1", "-thp", "1", "-mmp", "0", "-r", "1", "-o", "json",
    ]
    output = output_of(command)
    return {("decode" if run["n_gen"] else "prefill"): run["avg_ts"] for run in json.loads(output[output.index("["):])}


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


def processors():
    """The processors that this process may use; macOS tells only how many there are."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("model")
    for name, default in [("prefill", 512), ("decode", 64), ("depth", 0), ("rounds", 5)]:
        parser.add_argument(f"--{name}", type=int, default=default, metavar="N")
    parser.add_argument("--threads", type=int, default=processors())
    parser.add_argument("--engines", choices=["gptoss", "llama", "ik"], nargs="+")
    parser.add_argument("--ik", metavar="LLAMA-BENCH")
    parser.add_argument("--precision", choices=["fast", "precise"], nargs="+", default=["fast", "precise"])
    parser.add_argument("--kernels", nargs="+", default=[None], help="kernel sets of this engine: avx2 avxvnni")
    parser.add_argument("--output")
    parser.add_argument("--worker", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.worker:
        return work(options.model, options)
    names = options.engines or ["gptoss", "llama"] + (["ik"] if options.ik else [])
    if ("ik" in names) != bool(options.ik):
        parser.error("ik_llama.cpp takes part with --ik PATH, the llama-bench of a build, and as ik in --engines")
    if "llama" in names and not importlib.util.find_spec("llama_cpp"):
        parser.error("llama.cpp needs `pip install llama-cpp-python`; --engines gptoss leaves it out")
    if min(options.prefill, options.decode, options.threads, options.rounds) < 1 or options.depth < 0:
        parser.error("there is nothing to measure with a number below 1; --depth may be 0")
    path = Path(options.output) if options.output else None
    earlier = json.loads(path.read_text()) if path and path.exists() else []

    ours = {
        f"gptoss, {precision}" + (f", {kernels}" if kernels else ""):
        functools.partial(measure_gptoss, precision=precision, kernels=kernels)
        for kernels in options.kernels for precision in options.precision if "gptoss" in names
    }
    peers = {"llama": ("llama", measure_llama), "ik": ("ik_llama", measure_ik)}
    theirs = dict(peers[name] for name in names if name in peers)
    runs = {name: [] for name in ours | theirs}
    for index in range(options.rounds):
        for name, measure in (ours | theirs).items():
            run = measure(options.model, options)
            runs[name].append(run)
            rates = ", ".join(f"{what} {run[what]:.2f}" for what in ["prefill", "decode"] if what in run)
            sweep = run.get("stream_bytes_per_second")
            beside = f"; a sweep reads {sweep / 1e9:.1f} GB/s" if sweep else ""
            print(f"round {index + 1}: {name:24} {rates} tokens/s{beside}", file=sys.stderr)
        if path:
            result = {
                "model": Path(options.model).name, "threads": options.threads, "prefill": options.prefill,
                "decode": options.decode, "depth": options.depth, "runs": runs,
            }
            path.write_text(json.dumps(earlier + [result], indent=1) + "\n")

    print(f"{options.threads} threads, prefill of {options.prefill}, decode of {options.decode}, at depth "
          f"{options.depth}: medians, {options.rounds} rounds in turns")
    for what in ["prefill", "decode"]:
        medians = {name: statistics.median(run[what] for run in runs[name])
                   for name in runs if all(what in run for run in runs[name])}
        for name, median in medians.items():
            ratios = [f"{median / medians[other]:.2f} × {other}" for other in theirs if name in ours and other in medians]
            print(f"{what:8} {name:24} {median:7.2f} tokens/s" + "".join(f", {ratio}" for ratio in ratios))
    for name in ours:
        sweeps = [run["stream_bytes_per_second"] / 1e9 for run in runs[name]]
        share = statistics.median(run["bandwidth_share"] for run in runs[name])
        print(f"sweep    {name:24} {statistics.median(sweeps):7.1f} GB/s ({min(sweeps):.1f} to {max(sweeps):.1f}), of which "
              f"decode reads {share:.0%}")


if __name__ == "__main__":
    main()
