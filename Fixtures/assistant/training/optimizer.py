"""Muon for matrices (Keller Jordan, 2024; scaled to Adam's step as by Moonshot AI, 2025), AdamW for the rest."""

import jax
import jax.numpy as jnp

MATRICES = ("q", "k", "v", "o", "gate", "up", "down")


def orthogonal(g, axis):
    """The nearest matrix with all singular values near one, by four Newton–Schulz steps; g [n, rows, columns]."""
    flip = g.shape[1] > g.shape[2]
    share = g.shape[0] // jax.lax.axis_size(axis)
    x = jax.lax.dynamic_slice_in_dim(g, jax.lax.axis_index(axis) * share, share)
    x = x.transpose(0, 2, 1) if flip else x
    x = x / (jnp.linalg.norm(x, axis=(1, 2), keepdims=True) + 1e-9)
    for _ in range(4):
        a = x @ x.transpose(0, 2, 1)
        x = 3.4445 * x + (-4.7750 * a + 2.0315 * a @ a) @ x
    x = jax.lax.all_gather(x, axis, tiled=True)
    return x.transpose(0, 2, 1) if flip else x


def start(p):
    zeros = lambda: jax.tree.map(jnp.zeros_like, p)
    return {"first": zeros(), "second": zeros(), "step": jnp.zeros((), jnp.int32)}


def update(p, g, state, rate, axis, decay=0.05, beta1=0.9, beta2=0.98, momentum=0.95):
    norm = jnp.sqrt(sum(jnp.square(x).sum() for x in jax.tree.leaves(g)))
    g = jax.tree.map(lambda x: x * jnp.minimum(1.0, 1.0 / (norm + 1e-9)), g)
    t = state["step"] + 1
    bias1, bias2 = 1 - beta1**t, 1 - beta2**t

    def adam(path, p, g, m, v):
        m, v = beta1 * m + (1 - beta1) * g, beta2 * v + (1 - beta2) * g * g
        wd = decay if path in ("router", "output") else 0.0
        return p * (1 - rate * wd) - rate * (m / bias1) / (jnp.sqrt(v / bias2) + 1e-9), m, v

    new_p, first, second = dict(p), dict(state["first"]), dict(state["second"])
    for name in ("embedding", "output", "norm"):
        new_p[name], first[name], second[name] = adam(name, p[name], g[name], first[name], second[name])
    layers = [dict(w) for w in p["layers"]]
    firsts, seconds = [dict(w) for w in first["layers"]], [dict(w) for w in second["layers"]]
    for name in layers[0]:
        if name not in MATRICES:
            for l in range(len(layers)):
                layers[l][name], firsts[l][name], seconds[l][name] = adam(
                    name, layers[l][name], g["layers"][l][name], firsts[l][name], seconds[l][name]
                )
            continue
        grads = jnp.stack([w[name] for w in g["layers"]])
        m = momentum * jnp.stack([w[name] for w in firsts]) + (1 - momentum) * grads
        ahead = momentum * m + (1 - momentum) * grads
        rows, columns = ahead.shape[-2:]
        u = orthogonal(ahead.reshape(-1, rows, columns), axis).reshape(ahead.shape) * (0.2 * max(rows, columns) ** 0.5)
        for l in range(len(layers)):
            layers[l][name] = layers[l][name] * (1 - rate * decay) - rate * u[l]
            firsts[l][name] = m[l]
    new_p["layers"], first["layers"], second["layers"] = layers, firsts, seconds
    return new_p, {"first": first, "second": second, "step": t}, norm
