#!/usr/bin/env python3
"""Draws Docs/Performance's plots as SVG from what the benchmarks wrote. No packages needed.

    swift run -c release --package-path Benchmarks KernelBenchmarks --json > kernels.json
    python Benchmarks/compare.py 20b.gguf --output engines.json
    python Benchmarks/plot.py --kernels kernels.json --engines engines.json --folder Docs/Performance

Kernels are drawn as shares of the limit that bounds them, measured in the same run: the memory's stream for one token, the
multiply-adds of float32 registers for attention of many. Engines are drawn as tokens per second.
"""

import argparse
import json
import statistics
from pathlib import Path
from xml.sax.saxutils import escape

WIDTH, LABELS, ROW, BAR = 760, 330, 26, 16
COLORS = {"gptoss": "#e4572e", "llama": "#4c78a8", "ik_llama": "#72a98f", "kernel": "#e4572e"}


def bars(title, rows, limit, unit):
    """A chart of horizontal bars; `rows` are (label, value, color), `limit` is what the axis ends with."""
    height = 54 + ROW * len(rows)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" viewBox="0 0 {WIDTH} {height}" '
        'font-family="sans-serif" font-size="13">',
        f'<rect width="{WIDTH}" height="{height}" fill="white"/>',
        f'<text x="12" y="24" font-size="15" font-weight="bold">{escape(title)}</text>',
    ]
    span = WIDTH - LABELS - 80
    for index, (label, value, color) in enumerate(rows):
        y = 40 + ROW * index
        length = max(1, span * min(value / limit, 1))
        parts += [
            f'<text x="{LABELS - 8}" y="{y + 13}" text-anchor="end">{escape(label)}</text>',
            f'<rect x="{LABELS}" y="{y}" width="{length:.1f}" height="{BAR}" fill="{color}"/>',
            f'<text x="{LABELS + length + 6:.1f}" y="{y + 13}">{value:.3g}{escape(unit)}</text>',
        ]
    parts.append(f'<line x1="{LABELS}" y1="36" x2="{LABELS}" y2="{height - 12}" stroke="#555"/>')
    return "\n".join(parts + ["</svg>"]) + "\n"


def kernel_rows(results):
    """The median of each kernel that has a limit, as a percentage of it."""
    median = {id(m): statistics.median(m["seconds"]) for m in results["measurements"]}
    limits = {m["name"]: m for m in results["measurements"] if m["name"] in ("stream", "multiplyAdd")}
    rows = []
    for m in results["measurements"]:
        what = "bytes" if "bytes" in m else "multiply_adds"
        limit = limits.get("stream" if what == "bytes" else "multiplyAdd")
        if m["name"] not in ("attend", "multiply") or limit is None:
            continue
        if m["name"] == "multiply" and what == "multiply_adds":
            continue
        share = m[what] / median[id(m)] / (limit[what] / median[id(limit)])
        rows.append((f"{m['name']} {m['shape']}", 100 * share, COLORS["kernel"]))
    return rows


def engine_rows(results, what):
    return [
        (f"{name}, {result[what]} tokens at depth {result['depth']}",
         statistics.median(run[what] for run in runs if what in run), COLORS.get(name.split(",")[0], "#999"))
        for result in results for name, runs in result["runs"].items() if any(what in run for run in runs)
    ]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kernels")
    parser.add_argument("--engines")
    parser.add_argument("--folder", default=".")
    options = parser.parse_args()
    folder = Path(options.folder)
    folder.mkdir(parents=True, exist_ok=True)
    if options.kernels:
        rows = kernel_rows(json.loads(Path(options.kernels).read_text()))
        (folder / "kernels.svg").write_text(bars("Share of the limit that bounds a kernel", rows, 100, " %"))
    if options.engines:
        results = json.loads(Path(options.engines).read_text())
        for what in ["prefill", "decode"]:
            rows = engine_rows(results, what)
            if not rows:
                continue
            chart = bars(f"{what.capitalize()}, tokens per second", rows, max(row[1] for row in rows), "")
            (folder / f"{what}.svg").write_text(chart)


if __name__ == "__main__":
    main()
