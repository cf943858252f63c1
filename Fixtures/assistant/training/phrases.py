"""Wordings in `phrases/`, one a line, by writers who had seen neither the generators nor the cases. Seven of eight lines are
learned from; every eighth is held out.

In brackets stand choices; {a}, {b}, {c} are numbers, {t} and {p} things and beings in the plural, {w} a thing, {n} and {m} people."""

import functools

import words as W
from wordings import choose


@functools.cache
def every(name):
    return [line for line in (W.FOLDER / f"{name}.txt").read_text().splitlines() if line]


@functools.cache
def lines(name, held=False):
    """The lines of a file that are learned from, or those that are held out."""
    return [line for i, line in enumerate(every(name)) if (i % 8 == 5) == held]


def fill(rng, pattern, **values):
    """The pattern with a choice made for each bracket, and values."""
    n, m = rng.sample(W.NAMES, 2)
    known = dict(t=rng.choice(W.GOODS), p=rng.choice(W.BEINGS), w=rng.choice(W.HOLDERS + W.THINGS), n=n, m=m)
    return choose(rng, pattern).format(**known | values)


def turned(sign, pattern):
    """Whether a sum or a product says its second number first; the expression has them as they are said."""
    return sign in "+*" and pattern.index("{b}") < pattern.index("{a}")
