#!/usr/bin/env python3
"""This tokenizer, quicktok and tiktoken on 4 MB of text and code, in turns: medians and ratios, one thread.

    pip install quicktok-v1 tiktoken
    swift build -c release --package-path Benchmarks --product TokenizerBenchmarks
    python Benchmarks/tokenizer.py --vocabulary o200k_base.tiktoken [--text FILE] [--model FILE.gguf] [--rounds 9]

Without `--text` the text is made of this Python's own library: its sources, the prose of its reference, and
some lines in a dozen languages. A round measures everybody once, one after the other, so that a busy moment of
the machine falls on all. All have to find the same tokens.
"""

import argparse
import hashlib
import pydoc_data.topics
import random
import statistics
import subprocess
import sys
import sysconfig
import tempfile
import time
from pathlib import Path

PROGRAM = Path(__file__).resolve().parent / ".build" / "release" / "TokenizerBenchmarks"
SIZE = 4_000_000
# Article 1 of the Universal Declaration of Human Rights.
LANGUAGES = [
    "Alle Menschen sind frei und gleich an Würde und Rechten geboren. Sie sind mit Vernunft und Gewissen begabt.",
    "Tous les êtres humains naissent libres et égaux en dignité et en droits. Ils sont doués de raison.",
    "Todos los seres humanos nacen libres e iguales en dignidad y derechos, dotados de razón y conciencia.",
    "Wszyscy ludzie rodzą się wolni i równi pod względem swej godności i swych praw.",
    "Все люди рождаются свободными и равными в своем достоинстве и правах. Они наделены разумом и совестью.",
    "Όλοι οι άνθρωποι γεννιούνται ελεύθεροι και ίσοι στην αξιοπρέπεια και τα δικαιώματα.",
    "人人生而自由,在尊严和权利上一律平等。他们赋有理性和良心,并应以兄弟关系的精神相对待。",
    "すべての人間は、生れながらにして自由であり、かつ、尊厳と権利とについて平等である。",
    "모든 인간은 태어날 때부터 자유로우며 그 존엄과 권리에 있어 동등하다.",
    "يولد جميع الناس أحرارًا متساوين في الكرامة والحقوق. وقد وهبوا عقلًا وضميرًا.",
    "सभी मनुष्यों को गौरव और अधिकारों के मामले में जन्मजात स्वतन्त्रता और समानता प्राप्त है।",
    "มนุษย์ทั้งหลายเกิดมามีอิสระและเสมอภาคกันในเกียรติศักดิ์และสิทธิ",
]
PATTERN = "|".join([
    r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?",
    r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?",
    r"\p{N}{1,3}", r" ?[^\s\p{L}\p{N}]+[\r\n/]*", r"\s*[\r\n]+", r"\s+(?!\S)", r"\s+"])


def make_text():
    rng = random.Random(1)
    library = Path(sysconfig.get_path("stdlib"))
    sources = sorted(path for path in library.glob("**/*.py")
                     if not {"site-packages", "test", "tests", "pydoc_data"} & set(path.parts))
    rng.shuffle(sources)
    prose = sorted(pydoc_data.topics.topics.values())
    words = [line.split() if " " in line else [line] for line in LANGUAGES]
    parts, size = [], 0
    while size < SIZE:
        kind = rng.random()
        if kind < .3 and prose:
            part = prose.pop()
        elif kind < .7 and sources:
            part = sources.pop().read_text(encoding="utf-8", errors="ignore")[:20_000]
        else:
            language = rng.choice(words)
            part = " ".join(rng.choice(language) for _ in range(60)) + "\n"
        parts.append(part)
        size += len(part.encode())
    return "".join(parts).encode()[:SIZE].decode(errors="ignore")


class Ours:
    """A process that measures once for each line it reads."""

    def __init__(self, vocabulary, text, model):
        command = [PROGRAM, vocabulary, text, "--turns"] + (["--model", model] if model else [])
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def seconds(self, measurement):
        self.process.stdin.write(measurement + "\n")
        self.process.stdin.flush()
        return float(self.process.stdout.readline())


def timed(function, *arguments):
    start = time.perf_counter()
    function(*arguments)
    return time.perf_counter() - start


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--vocabulary", required=True)
    parser.add_argument("--text")
    parser.add_argument("--model")
    parser.add_argument("--rounds", type=int, default=9)
    options = parser.parse_args()

    import quicktok
    import tiktoken
    from tiktoken.load import load_tiktoken_bpe

    text = Path(options.text).read_text(encoding="utf-8") if options.text else make_text()
    size = len(text.encode())
    quick = quicktok.get_encoding("o200k_base")
    tik = tiktoken.Encoding("o200k", pat_str=PATTERN, mergeable_ranks=load_tiktoken_bpe(options.vocabulary),
                            special_tokens={})
    tokens = quick.encode_ordinary(text)
    if tokens != tik.encode_ordinary(text):
        sys.exit("quicktok and tiktoken disagree on this text")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "text"
        path.write_text(text, encoding="utf-8")
        ours = Ours(options.vocabulary, path, options.model)
        runs = {
            "ours": lambda: ours.seconds("encode"),
            "quicktok": lambda: timed(quick.encode_ordinary, text),
            "quicktok, count alone": lambda: timed(quick.count, text),
            "tiktoken": lambda: timed(tik.encode_ordinary, text),
            "ours: decode": lambda: ours.seconds("decode"),
            "ours: load .tiktoken": lambda: ours.seconds("loadTiktoken"),
        }
        if options.model:
            runs["ours: load from GGUF"] = lambda: ours.seconds("loadGGUF")
        seconds = {name: [] for name in runs}
        for round in range(options.rounds + 1):
            for name, run in runs.items():
                measured = run()
                if round:  # The first warms everybody up.
                    seconds[name].append(measured)
        ours.process.stdin.close()
        ours.process.wait()
    digest = hashlib.sha256(text.encode()).hexdigest()[:12]
    print(f"{size} bytes ({digest}), {len(tokens)} tokens, median of {options.rounds} rounds (best)")
    for name, values in seconds.items():
        if "load" in name:
            print(f"{name:24}{statistics.median(values) * 1e3:8.1f} ms   ({min(values) * 1e3:.1f})")
            continue
        rates = [size / value / 1e6 for value in values]
        ratios = [theirs / mine for theirs, mine in zip(values, seconds["ours"])]
        print(f"{name:24}{statistics.median(rates):8.1f} MB/s ({max(rates):.1f})"
              + (f"   ours is {statistics.median(ratios):.2f} times as fast" if "ours" not in name else ""))


main()
