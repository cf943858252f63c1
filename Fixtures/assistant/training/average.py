#!/usr/bin/env python3
"""Weighs two checkpoints of one run into one: where what is gained with more training costs a little elsewhere, the mean
of both keeps most of each (Izmailov et al. 2018, Averaging Weights Leads to Wider Optima).

    python average.py earlier.pickle later.pickle 0.6 mean.pickle
"""

import argparse
import pickle

import jax
import numpy as np


def main():
    a = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    a.add_argument("earlier")
    a.add_argument("later")
    a.add_argument("share", type=float, help="of the later one, 0 to 1")
    a.add_argument("out")
    o = a.parse_args()
    with open(o.earlier, "rb") as f:
        earlier = pickle.load(f)
    with open(o.later, "rb") as f:
        later = pickle.load(f)
    later["parameters"] = jax.tree.map(
        lambda x, y: (1 - o.share) * np.asarray(x) + o.share * np.asarray(y), earlier["parameters"], later["parameters"]
    )
    with open(o.out, "wb") as f:
        pickle.dump(later, f)


if __name__ == "__main__":
    main()
