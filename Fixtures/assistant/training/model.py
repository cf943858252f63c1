"""gpt-oss in JAX, in the form that trains fast on a CPU."""

import math
from dataclasses import asdict, dataclass

import jax
import jax.numpy as jnp
import numpy as np

import grouped


@dataclass(frozen=True)
class Configuration:
    vocabulary: int = 2048
    hidden: int = 256
    layers: int = 8
    heads: int = 4
    key_value_heads: int = 2
    head_dimension: int = 64
    experts: int = 8
    experts_per_token: int = 2
    expert_hidden: int = 128
    window: int = 128
    epsilon: float = 1e-5
    theta: float = 150000.0
    yarn_factor: float = 32.0
    original_context: int = 4096
    context: int = 131072

    as_dict = asdict


def rotary_frequencies(c):
    """Angles a position turns each pair by, and the concentration; OpenAI's YaRN, its range not rounded."""
    half = c.head_dimension / 2
    bound = lambda beta: half * math.log(c.original_context / (beta * 2 * math.pi)) / math.log(c.theta)
    low, high = bound(32), bound(1)
    plain = c.theta ** (-np.arange(half) / half)
    ramp = np.clip((np.arange(half) - low) / (high - low), 0, 1)
    return plain / c.yarn_factor * ramp + plain * (1 - ramp), 0.1 * math.log(c.yarn_factor) + 1


# ---------------------------------------------------------------- start


def initial(c, tokens, seed):
    """Random weights with a start for copying. Every token has a code of signs, the same for a word with and without
    its space but for some; layer 0 has heads that look one and two tokens back and pass the codes on; in the first two
    full layers heads look for the place where the current token (and the one before) stood earlier and hand the code of
    what followed to the output. Training is free to change all of it."""
    rng = np.random.default_rng(seed)
    n = lambda *shape, std: rng.normal(0, std, shape).astype(np.float32)
    d, hd, H, K, E, F = c.hidden, c.head_dimension, c.heads, c.key_value_heads, c.experts, c.expert_hidden
    out = (2 * c.layers) ** -0.5
    code = rng.choice([-1.0, 1.0], (c.vocabulary, 64)).astype(np.float32)
    index = {t: i for i, t in enumerate(tokens)}
    for t, i in index.items():
        if t.startswith("Ġ") and t[1:] in index:
            code[i, :40] = code[index[t[1:]], :40]
    here, following, back1, back2 = (slice(64 * i, 64 * i + 64) for i in range(4))  # places in the residual stream
    p = {"embedding": n(c.vocabulary, d, std=0.15), "output": n(c.vocabulary, d, std=0.02), "norm": np.ones(d, np.float32), "layers": []}
    p["embedding"][:, here] = code
    p["output"][:, following] = 0.15 * code
    frequency, _ = rotary_frequencies(c)
    still = [i for i in range(14, 32)] + [i for i in range(46, 64)]  # dimensions that hardly turn within a conversation
    for l in range(c.layers):
        w = {
            "q": n(H * hd, d, std=d**-0.5),
            "k": n(K * hd, d, std=d**-0.5),
            "v": n(K * hd, d, std=d**-0.5),
            "o": n(d, H * hd, std=out * (H * hd) ** -0.5),
            "gate": n(E, F, d, std=d**-0.5),
            "up": n(E, F, d, std=d**-0.5),
            "down": n(E, d, F, std=out * F**-0.5),
            "router": n(E, d, std=d**-0.5),
        }
        w |= {
            "q_bias": n(H * hd, std=0),
            "k_bias": n(K * hd, std=0),
            "v_bias": n(K * hd, std=0),
            "o_bias": n(d, std=0),
            "sinks": n(H, std=0),
            "gate_bias": n(E, F, std=0),
            "up_bias": n(E, F, std=0),
            "down_bias": n(E, d, std=0),
            "router_bias": n(E, std=0),
            "attention_norm": np.ones(d, np.float32),
            "experts_norm": np.ones(d, np.float32),
        }
        if l in (0, 1, 3):
            w["v"][:hd] *= 0.1
            w["v"][np.arange(64), np.arange(64)] = 1.0
            w["k"][:hd] *= 0.2
        if l == 0:
            for head, (back, place) in enumerate([(1, back1), (2, back2)]):
                q = slice(head * hd, head * hd + hd)
                w["q"][q] *= 0.2
                for i in range(8):
                    w["q_bias"][head * hd + i] = 5 * math.cos(frequency[i] * back)
                    w["q_bias"][head * hd + i + 32] = -5 * math.sin(frequency[i] * back)
                    w["k_bias"][i] = 5
                w["o"][place, q] += 0.5 * np.eye(64, dtype=np.float32)
        if l in (1, 3):
            for head in (0, 1):
                q = slice(head * hd, head * hd + hd)
                w["q"][q] *= 0.2
                for i, place in enumerate(still):
                    if i < 20:
                        w["q"][head * hd + place, here.start + i] += 1.6
                        w["k"][place, back1.start + i] = 1.6
                    else:
                        w["k"][place, back2.start + i] = 1.6
                        if head == 1:
                            w["q"][head * hd + place, back1.start + i] += 1.6
                w["o"][following, q] += 0.4 * np.eye(64, dtype=np.float32)
                w["sinks"][head] = (9, 13)[head]
        p["layers"].append(w)
    return jax.tree.map(jnp.asarray, p)


def grown(small, fresh):
    """The trained weights `small` in the shape of the random ones `fresh`, which has more layers or wider experts, and
    the same function: what is new begins with nothing to add (its `down` and `o` are zero). New layers come before the
    last pair, so that what reads the answer from the residual stream stays last (Chen et al. 2016, Net2Net)."""
    new = len(fresh["layers"]) - len(small["layers"])
    assert new >= 0 and new % 2 == 0, "layers slide and do not in turns: they are added in pairs"
    at = len(small["layers"]) - 2
    zero = lambda w, names: w | {name: jnp.zeros_like(w[name]) for name in names}

    def widened(w, beside):
        extra = beside["gate"].shape[1] - w["gate"].shape[1]
        assert extra >= 0, "the experts are wider already"
        tail = {name: beside[name][:, beside[name].shape[1] - extra :] for name in ("gate", "up", "gate_bias", "up_bias")}
        grown = {name: jnp.concatenate([w[name], x], 1) for name, x in tail.items()}
        return w | grown | {"down": jnp.pad(w["down"], ((0, 0), (0, 0), (0, extra)))}

    kept = [widened(w, fresh["layers"][i]) for i, w in enumerate(small["layers"])]
    between = [zero(w, ("o", "down", "o_bias", "down_bias")) for w in fresh["layers"][at : at + new]]
    return {**small, "layers": kept[:at] + between + kept[at:]}


# ---------------------------------------------------------------- parts


def _half(x):
    return x.astype(jnp.bfloat16)


def _dot(a, b, dims):
    return jax.lax.dot_general(_half(a), _half(b), (dims, ((), ())), preferred_element_type=jnp.float32)


@jax.custom_vjp
def linear(x, w):
    """x [tokens, in] · w [out, in] -> [tokens, out]; products in bfloat16, sums in float32, forward and backward."""
    return _dot(x, w, ((1,), (1,)))


linear.defvjp(lambda x, w: (linear(x, w), (_half(x), _half(w))), lambda saved, g: (_dot(g, saved[1], ((1,), (0,))), _dot(g, saved[0], ((0,), (0,)))))


def linear_exact(x, w):
    return x @ w.T


def rms_norm(x, weight, epsilon):
    return x * jax.lax.rsqrt(jnp.mean(x * x, -1, keepdims=True) + epsilon) * weight


def turns_at(c, position):
    """Cosines and sines [..., 1, half a head] for `rotate`, with YaRN's concentration."""
    frequency, concentration = rotary_frequencies(c)
    angles = position[..., None, None] * jnp.asarray(frequency, jnp.float32)
    return jnp.cos(angles) * concentration, jnp.sin(angles) * concentration


def rotate(x, cos, sin):
    """x [..., tokens, heads, head_dimension]; first half pairs with second half."""
    a, b = jnp.split(x, 2, -1)
    return jnp.concatenate([a * cos - b * sin, b * cos + a * sin], -1)


def attend_causally(q, k, v, sinks, visible, blocks=4):
    """`attend` for a training row, where nothing sees later places: a block of queries skips all later keys."""
    T = q.shape[1]
    edges = [T * i // blocks for i in range(blocks + 1)]
    return jnp.concatenate([attend(q[:, a:b], k[:, :b], v[:, :b], sinks, visible[:, a:b, :b]) for a, b in zip(edges, edges[1:])], 1)


def attend(q, k, v, sinks, visible):
    """q [B, T, H, D], k, v [B, S, K, D], visible [B, T, S] -> [B, T, H·D]."""
    B, Tq, H, D = q.shape
    K, S = k.shape[2], k.shape[1]
    G = H // K
    q = q.reshape(B, Tq, K, G, D).transpose(0, 2, 3, 1, 4).reshape(B, K, G * Tq, D)
    s = jnp.einsum("bkqd,bkds->bkqs", q, k.transpose(0, 2, 3, 1)) * D**-0.5
    s = jnp.where(visible[:, None, None], s.reshape(B, K, G, Tq, S), -1e9)
    sink = sinks.reshape(1, K, G, 1, 1)
    top = jax.lax.stop_gradient(jnp.maximum(s.max(-1, keepdims=True), sink))
    e = jnp.exp(s - top)
    p = e / (e.sum(-1, keepdims=True) + jnp.exp(sink - top))
    o = jnp.einsum("bkqs,bksd->bkqd", p.reshape(B, K, G * Tq, S), v.transpose(0, 2, 1, 3))
    return o.reshape(B, K, G, Tq, D).transpose(0, 3, 1, 2, 4).reshape(B, Tq, H * D)


def route(c, w, x):
    """The best experts [tokens, k], their shares of the mix and the balance loss."""
    scores = x @ w["router"].T + w["router_bias"]
    best, chosen = jax.lax.top_k(scores, c.experts_per_token)
    hot = jax.nn.one_hot(chosen, c.experts).sum(1)
    balance = (hot.mean(0) / c.experts_per_token * jax.nn.softmax(scores, -1).mean(0)).sum() * c.experts
    return chosen, jax.nn.softmax(best, -1), balance


def spread(c, chosen, mix):
    """The mix over all experts [tokens, experts], zero for those not chosen."""
    return (jax.nn.one_hot(chosen, c.experts) * mix[..., None]).sum(1)


def experts(c, w, x):
    """For training: only the chosen experts."""
    chosen, mix, balance = route(c, w, x)
    w1, b1 = jnp.concatenate([w["gate"], w["up"]], 1), jnp.concatenate([w["gate_bias"], w["up_bias"]], 1)
    y = grouped.mixture(x, mix, w1, b1, w["down"], grouped.places(chosen, c.experts))
    return y + spread(c, chosen, mix) @ w["down_bias"], balance


def experts_exact(c, w, x):
    """For decoding: all experts in full precision, mixed by the router."""
    chosen, mix, _ = route(c, w, x)
    mix = spread(c, chosen, mix)
    E, F, d = w["gate"].shape
    gate = jnp.minimum(linear_exact(x, w["gate"].reshape(E * F, d)) + w["gate_bias"].reshape(-1), 7)
    up = jnp.clip(linear_exact(x, w["up"].reshape(E * F, d)) + w["up_bias"].reshape(-1), -7, 7)
    h = gate * jax.nn.sigmoid(1.702 * gate) * (up + 1)
    h = (h.reshape(-1, E, F) * mix[:, :, None]).reshape(-1, E * F)
    return linear_exact(h, w["down"].transpose(1, 0, 2).reshape(d, E * F)) + mix @ w["down_bias"]


def qkv(c, w, x, turns, mm):
    B, T = turns[0].shape[:2]
    h = rms_norm(x, w["attention_norm"], c.epsilon)
    y = mm(h, jnp.concatenate([w["q"], w["k"], w["v"]])) + jnp.concatenate([w["q_bias"], w["k_bias"], w["v_bias"]])
    y = y.reshape(B, T, c.heads + 2 * c.key_value_heads, c.head_dimension)
    qk, v = y[:, :, : c.heads + c.key_value_heads], y[:, :, c.heads + c.key_value_heads :]
    qk = rotate(qk, *turns)
    return qk[:, :, : c.heads], qk[:, :, c.heads :], v


def forward(c, p, tokens, visible, position, turns, select):
    """Logits [selected, vocabulary] at flat positions `select`, and the mean balance loss. Even layers slide. `turns` are
    `turns_at(c, position)`, an argument of the compiled step lest every use computes its cosines anew."""
    B, T = tokens.shape
    near = visible & (position[:, :, None] - position[:, None, :] < c.window)
    x = p["embedding"][tokens.reshape(-1)]
    total = 0.0
    for l, w in enumerate(p["layers"]):
        q, k, v = qkv(c, w, x, turns, linear)
        a = attend_causally(q, k, v, w["sinks"], visible if l % 2 else near).reshape(B * T, -1)
        if l == c.layers - 1:  # from here on only the positions that are asked for
            x, a = x[select], a[select]
        x = x + linear(a, w["o"]) + w["o_bias"]
        y, balance = experts(c, w, rms_norm(x, w["experts_norm"], c.epsilon))
        x, total = x + y, total + balance
    x = rms_norm(x, p["norm"], c.epsilon)
    return linear(x, p["output"]), total / c.layers


def visibility(tree, branch):
    """[B, T, T]: which earlier tokens each token may see."""
    order = jnp.arange(tree.shape[1])
    same = (tree[:, :, None] == tree[:, None, :]) & ((branch[:, None, :] == 0) | (branch[:, None, :] == branch[:, :, None]))
    return same & (order[None, :, None] >= order[None, None, :])


# ---------------------------------------------------------------- greedy decoding


def decoder(c, capacity):
    """`start(p, tokens, lengths)` reads prompts; `step(p, cache, tokens, position)` gives next logits. For evaluation."""

    def run(p, cache, tokens, position, last):
        B, T = tokens.shape
        turns = turns_at(c, position)
        places = jnp.arange(capacity)
        visible = places[None, None] <= position[..., None]
        near = visible & (position[..., None] - places[None, None] < c.window)
        x, new = p["embedding"][tokens.reshape(-1)], []
        for l, w in enumerate(p["layers"]):
            q, k, v = qkv(c, w, x, turns, linear_exact)
            put = jax.vmap(lambda cache, x, at: jax.lax.dynamic_update_slice(cache, x, (at, 0, 0)))
            k, v = put(cache[l][0], k, position[:, 0]), put(cache[l][1], v, position[:, 0])
            new.append((k, v))
            a = attend(q, k, v, w["sinks"], visible if l % 2 else near)
            x = x + linear_exact(a.reshape(B * T, -1), w["o"]) + w["o_bias"]
            x = x + experts_exact(c, w, rms_norm(x, w["experts_norm"], c.epsilon))
        x = x.reshape(B, T, -1)[jnp.arange(B), last]
        return new, rms_norm(x, p["norm"], c.epsilon) @ p["output"].T

    def start(p, tokens, lengths):
        B, T = tokens.shape
        empty = jnp.zeros((B, capacity, c.key_value_heads, c.head_dimension))
        return run(p, [(empty, empty)] * c.layers, tokens, jnp.broadcast_to(jnp.arange(T), (B, T)), lengths - 1)

    def step(p, cache, tokens, position):
        return run(p, cache, tokens[:, None], position[:, None], jnp.zeros_like(position))

    return jax.jit(start), jax.jit(step)
