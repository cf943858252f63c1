"""The mixture of experts for training: tokens sorted by expert into blocks of one expert each, so that only the chosen
experts are computed. Shapes are fixed (every expert's last block is padded), so it compiles once; only gathers move rows."""

import jax
import jax.numpy as jnp

ROWS = 128  # of a block


def _half(x):
    return x.astype(jnp.bfloat16)


def _dot(a, b, left, right):
    """Block by block: products in bfloat16, sums in float32."""
    return jax.lax.dot_general(_half(a), _half(b), (((left,), (right,)), ((0,), (0,))), preferred_element_type=jnp.float32)


def _take(x, i):
    return x.at[i].get(mode="promise_in_bounds")


def places(chosen, experts):
    """For chosen [tokens, k]: the slot of each choice [tokens, k], the choice in each slot (tokens · k where it is
    padding) and the expert of each block."""
    n, k = chosen.shape
    flat = chosen.reshape(-1)
    hot = (flat[:, None] == jnp.arange(experts)).astype(jnp.int32)
    padded = -(-hot.sum(0) // ROWS) * ROWS
    end = jnp.cumsum(padded)
    slot = _take(end - padded, flat) + (jnp.cumsum(hot, 0) * hot).sum(1) - 1
    blocks = -(-n * k // ROWS) + experts
    choices = jnp.arange(n * k, dtype=jnp.int32)
    choice = jnp.full(blocks * ROWS, n * k, jnp.int32).at[slot].set(choices, unique_indices=True, mode="promise_in_bounds")
    expert = jnp.minimum(jnp.searchsorted(end, jnp.arange(blocks) * ROWS, side="right"), experts - 1)
    return slot.reshape(n, k), choice, expert


def _activation(a):
    """SwiGLU with gpt-oss's clamps on [..., gate | up], and what its derivative needs."""
    gate, up = jnp.split(a.astype(jnp.float32), 2, -1)
    clamped = jnp.minimum(gate, 7)
    s = jax.nn.sigmoid(1.702 * clamped)
    return clamped * s * (jnp.clip(up, -7, 7) + 1), (gate, up, clamped, s)


def _activation_gradient(parts, g):
    gate, up, clamped, s = parts
    dgate = jnp.where(gate < 7, g * (jnp.clip(up, -7, 7) + 1) * (s + 1.702 * clamped * s * (1 - s)), 0)
    dup = jnp.where(jnp.abs(up) < 7, g * clamped * s, 0)
    return jnp.concatenate([dgate, dup], -1)


@jax.custom_vjp
def mixture(x, mix, w1, b1, w2, where):
    """x [tokens, hidden], mix [tokens, k], w1 [experts, gate | up, hidden] with bias b1, w2 [experts, hidden, inner];
    `where` is what `places` gave. -> [tokens, hidden], without the biases of w2."""
    return _forward(x, mix, w1, b1, w2, where)[0]


def _forward(x, mix, w1, b1, w2, where):
    slot, choice, expert = where
    n, k = slot.shape
    real = choice < n * k
    choice = jnp.where(real, choice, 0)
    rows = _take(_half(x), choice // k).reshape(-1, ROWS, x.shape[1])
    scale = (_take(mix.reshape(-1), choice) * real).reshape(-1, ROWS, 1)
    w1, w2 = _take(_half(w1), expert), _take(_half(w2), expert)
    a = _dot(rows, w1, 2, 2) + _take(b1, expert)[:, None]
    y = _dot(_activation(a)[0] * scale, w2, 2, 2).reshape(-1, x.shape[1])
    return sum(_take(y, slot[:, i]) for i in range(k)), (rows, scale, _half(a), w1, w2, real, choice, b1, where)


def _backward(saved, dy):
    rows, scale, a, w1, w2, real, choice, b1, (slot, _, expert) = saved
    k, blocks = slot.shape[1], len(expert)
    dy = jnp.where(real[:, None], _take(_half(dy), choice // k), jnp.bfloat16(0)).reshape(rows.shape)
    h, parts = _activation(a)
    dh = _dot(dy, w2, 2, 1)
    dmix = _take((dh * h).sum(-1).reshape(-1), slot)
    da = _half(_activation_gradient(parts, dh * scale))
    dx = _dot(da, w1, 2, 1).reshape(-1, rows.shape[-1])
    hot = (expert == jnp.arange(b1.shape[0])[:, None]).astype(jnp.float32)
    together = lambda z: (hot @ z.reshape(blocks, -1)).reshape(-1, *z.shape[1:])  # the blocks of each expert
    dw1, dw2 = together(_dot(da, rows, 1, 1)), together(_dot(dy, h * scale, 1, 1))
    db1 = together(da.astype(jnp.float32).sum(1))
    return sum(_take(dx, slot[:, i]) for i in range(k)), dmix, dw1, db1, dw2, None


mixture.defvjp(_forward, _backward)
