"""Byte-level BPE with the o200k splitter. Merges are ordered for copying: letters first, so that a word has the same
pieces after a space, a quote, a dot or an underscore; then punctuation; last the space joins words of fixed phrases.
Digits never merge. `python tokenizer.py` writes tokenizer.json."""

import collections
import functools
import json
import pathlib

import regex

SPECIAL = ["<|startoftext|>", "<|endoftext|>", "<|return|>", "<|constrain|>", "<|channel|>", "<|start|>", "<|end|>", "<|message|>", "<|call|>"]
O200K = (
    r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
    r"|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
    r"|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)
SPLIT = regex.compile(O200K)
SPECIAL_SPLIT = regex.compile("(" + "|".join(regex.escape(s) for s in SPECIAL) + ")")
PUNCTUATION = [
    '":',
    '":"',
    '",',
    '","',
    '{"',
    '"}',
    ',"',
    "//",
    " {",
    " {\n",
    " (",
    " (_",
    " (_:",
    ",\n",
    "})",
    " =",
    " =>",
    ";\n",
    ";\n\n",
    "\n\n",
    ".\n",
    ".\n\n",
    "##",
    ' "',
    " '",
    ":\n",
    " `",
    "()",
    " ()",
    " //",
    " |",
    ">,",
    " +",
    " -",
    " *",
]
FILE = pathlib.Path(__file__).with_name("tokenizer.json")


def byte_alphabet():
    """GPT-2's printable stand-in for each byte."""
    printable = list(range(33, 127)) + list(range(161, 173)) + list(range(174, 256))
    table, spare = {}, 256
    for b in range(256):
        table[b] = chr(b) if b in printable else chr(spare)
        spare += b not in printable
    return table


ALPHABET = byte_alphabet()
BYTES = {c: b for b, c in ALPHABET.items()}


def to_alphabet(text):
    return "".join(ALPHABET[b] for b in text.encode())


class Tokenizer:
    def __init__(self, path=FILE):
        data = json.loads(pathlib.Path(path).read_text())
        self.tokens, self.merges = data["tokens"], data["merges"]
        self.ids = {t: i for i, t in enumerate(self.tokens)}
        self.rank = {tuple(m.split(" ")): i for i, m in enumerate(self.merges)}
        self.special = {s: self.ids[s] for s in SPECIAL}
        self.pieces = functools.lru_cache(1 << 17)(self._pieces)

    def _pieces(self, chunk):
        parts = list(to_alphabet(chunk))
        while len(parts) > 1:
            best = min(range(len(parts) - 1), key=lambda i: self.rank.get((parts[i], parts[i + 1]), 1 << 30))
            pair = (parts[best], parts[best + 1])
            if pair not in self.rank:
                break
            merged, i = [], 0
            while i < len(parts):
                if i + 1 < len(parts) and (parts[i], parts[i + 1]) == pair:
                    merged.append(parts[i] + parts[i + 1])
                    i += 2
                else:
                    merged.append(parts[i])
                    i += 1
            parts = merged
        return tuple((self.ids[p], len(p)) for p in parts)

    def encode_lengths(self, text):
        """Token ids with the number of bytes of each."""
        out = []
        for part in SPECIAL_SPLIT.split(text):
            if part in self.special:
                out.append((self.special[part], len(part)))
            elif part:
                for chunk in SPLIT.findall(part):
                    out.extend(self.pieces(chunk))
        return out

    def encode(self, text):
        return [i for i, _ in self.encode_lengths(text)]

    def decode(self, ids):
        data = b"".join(t.encode() if t in self.special else bytes(BYTES[c] for c in t) for t in (self.tokens[i] for i in ids))
        return data.decode(errors="replace")


def learn_merges(words, count):
    """Plain BPE training on `words` (symbols tuple -> weight)."""
    words = {w: (list(w), n) for w, n in words.items()}
    pairs, where = collections.Counter(), collections.defaultdict(set)
    for w, (s, n) in words.items():
        for p in zip(s, s[1:]):
            pairs[p] += n
            where[p].add(w)
    merges = []
    while len(merges) < count and pairs:
        pair = max(pairs, key=lambda p: (pairs[p], p))
        merges.append(pair)
        for w in list(where[pair]):
            s, n = words[w]
            for p in zip(s, s[1:]):
                pairs[p] -= n
                where[p].discard(w)
            out, i = [], 0
            while i < len(s):
                if i + 1 < len(s) and (s[i], s[i + 1]) == pair:
                    out.append(s[i] + s[i + 1])
                    i += 2
                else:
                    out.append(s[i])
                    i += 1
            words[w] = (out, n)
            for p in zip(out, out[1:]):
                pairs[p] += n
                where[p].add(w)
        del pairs[pair]
    return merges


def build(size=2048, letter_merges=1480, trees=2500, seed=11):
    import random

    import conversations as C
    import words as W
    from harmony import unmark

    rng = random.Random(seed)
    letters, spaced = collections.Counter(), collections.Counter()
    word = regex.compile(r"^([^\p{L}]?)(\p{L}+)")
    for i in range(trees):
        tree = C.tool_tree(rng) if i % 2 else C.chat_tree(rng)
        text = tree.system.render() + "".join(p.text for b in tree.branches for p in C.render_branch(rng, b))
        for part in SPECIAL_SPLIT.split(unmark(text)):
            for chunk in () if part in SPECIAL else SPLIT.findall(part):
                if m := word.match(chunk):
                    letters[m[2]] += 1
                    spaced[m[2]] += m[1] == " "
    for w in W.WORDS + W.NAMES + [x for c in W.CITIES for x in c.split()] + W.VERBS + W.NOUNS:
        letters[w] += 6
    # Damped counts: rare words inform the pieces, frequent ones still become whole tokens.
    merges = learn_merges({tuple(to_alphabet(w)): max(1, int(n**0.55)) for w, n in letters.items()}, letter_merges)
    tokens = list(ALPHABET.values()) + [a + b for a, b in merges]
    seen = set(tokens)
    for p in PUNCTUATION:
        p = to_alphabet(p)
        if p not in seen:
            cut = next(i for i in range(len(p) - 1, 0, -1) if p[:i] in seen and p[i:] in seen)
            merges.append((p[:cut], p[cut:]))
            tokens.append(p)
            seen.add(p)
    values = {w.lower() for w in W.WORDS + W.NAMES + W.VERBS + W.NOUNS + W.COLORS + [x for c in W.CITIES for x in c.split()]}
    values -= {w.lower() for w in W.LINKS} | set("question answer set tell help explain write model know name number result".split())
    for w, n in spaced.most_common():
        joined = "Ġ" + to_alphabet(w)
        if len(tokens) + len(SPECIAL) < size and to_alphabet(w) in seen and w.lower() not in values and len(w) > 1 and joined not in seen:
            merges.append(("Ġ", to_alphabet(w)))
            tokens.append(joined)
            seen.add(joined)
    tokens += SPECIAL
    assert len(tokens) == len(set(tokens)) == size, (len(tokens), len(set(tokens)))
    FILE.write_text(json.dumps({"tokens": tokens, "merges": [f"{a} {b}" for a, b in merges]}, ensure_ascii=False))


if __name__ == "__main__":
    build()
    t = Tokenizer()
    sample = 'Create a file named "quarterly-results.xlsx" with the content Zanzibar: 1,234!<|end|>{"name":"quarterly-results.xlsx","n":12}<|call|>'
    assert t.decode(t.encode(sample)) == sample
    print([t.tokens[i] for i in t.encode(sample)])
    print([x for x in t.tokens if x.startswith("Ġ")])
