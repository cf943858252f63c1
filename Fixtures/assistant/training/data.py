"""Batches: trees of conversations packed into rows of one length without padding between them.

Each token has a tree, a branch (0 is the shared beginning) and a position. It sees the earlier tokens of its tree that
are in the shared beginning or in its own branch."""

import random
from concurrent.futures import ThreadPoolExecutor

import numpy as np

import conversations as C
from harmony import COPY, END_COPY


def encode(tokenizer, parts):
    """Token ids, loss weights and whether a token is copied. The token after a copied span weighs as much as a copied one;
    the first of a span, which decides what is copied, half as much again."""
    data, weights, copied = [], [], []
    after = False
    for part in parts:
        pieces = part.text.replace(END_COPY, COPY).split(COPY)  # plain, copied, plain, copied, …
        for i, text in enumerate(pieces):
            size = len(text.encode())
            data.append(text)
            weights += [part.copied_weight if i % 2 else part.weight] * size
            copied += [bool(i % 2) and part.copied_weight > 0] * size
            if after and size:  # the first byte after a span
                weights[-size] = max(weights[-size], after)
            if size:
                after = part.copied_weight if i % 2 else False
    ids, w, c, at = [], [], [], 0
    for token, size in tokenizer.encode_lengths("".join(data)):
        ids.append(token)
        is_copied = any(copied[at : at + size])
        first = is_copied and not (c and c[-1])
        w.append(max(weights[at : at + size]) * (1.5 if first else 1))
        c.append(is_copied)
        at += size
    return ids, w, c


def make_tree(rng, mix):
    make = rng.choices([C.tool_tree, C.chat_tree, C.long_tree, C.runner_tree, C.typed_tree, C.agent_tree, None], mix)[0]
    if make is None:
        return 0, [], [C.drill(rng)]
    tree = make(rng)
    return tree.gap, [C.Part(tree.system.render())], [C.render_branch(rng, b) for b in tree.branches]


def make_row(rng, tokenizer, length, mix):
    row = {k: np.zeros(length, np.int32) for k in ("tokens", "tree", "branch", "position")}
    row["weight"], row["copied"] = np.zeros(length, np.float32), np.zeros(length, bool)
    used, tree = 0, 0
    row["tree"][:] = -np.arange(1, length + 1)  # unused places see nothing but themselves
    for _ in range(12):
        gap, beginning, branches = make_tree(rng, mix)
        head, encoded = encode(tokenizer, beginning), [encode(tokenizer, b) for b in branches]
        if used + len(head[0]) + min(len(b[0]) for b in encoded) > length:
            continue
        tree += 1
        jump = rng.randint(len(head[0]) // 3, len(head[0]) * 2 // 3)
        for branch, (ids, w, c) in enumerate([head] + encoded):
            n = len(ids)
            if used + n > length:
                continue
            at = slice(used, used + n)
            row["tokens"][at], row["weight"][at], row["copied"][at] = ids, w, c
            row["tree"][at], row["branch"][at] = tree, branch
            places = np.arange(n) + (len(head[0]) if branch else 0)
            row["position"][at] = np.where(places < jump, places, places + gap)
            if branch or n:
                row["weight"][used] = 0.0
            used += n
        if used > length - 60:
            break
    return row


def make_batch(tokenizer, seed, index, rows, length, mix):
    """Batch `index` of a run; a function of its arguments alone."""
    rng = random.Random(f"{seed} {index}")
    made = [make_row(rng, tokenizer, length, mix) for _ in range(rows)]
    return {k: np.stack([r[k] for r in made]) for k in made[0]}


class Batches:
    """Makes batches ahead in a thread of its own; `shape(index)` gives rows, length and the mix of kinds."""

    def __init__(self, tokenizer, seed, shape, first=0):
        self.make = lambda i: make_batch(tokenizer, seed, i, *shape(i))
        self.pool, self.next, self.queue = ThreadPoolExecutor(1), first, []

    def take(self):
        while len(self.queue) < 4:
            self.queue.append(self.pool.submit(self.make, self.next))
            self.next += 1
        return self.queue.pop(0).result()
