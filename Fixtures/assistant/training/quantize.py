"""MXFP4 and Q8_0 as ggml stores them, in JAX so that training can see them."""

import jax
import jax.numpy as jnp


def fp4(x):
    """The nearest E2M1 value: 0, 0.5, 1, 1.5, 2, 3, 4, 6 and their negatives."""
    a = jnp.minimum(jnp.abs(x), 6)
    step = jnp.where(a < 2, 0.5, jnp.where(a < 4, 1.0, 2.0))
    return jnp.sign(x) * jnp.round(a / step) * step


def mxfp4_scale(blocks):
    """The power of two for each block [..., 32]: of the two sensible ones the one with the smaller squared error."""
    top = jnp.maximum(jnp.abs(blocks).max(-1, keepdims=True), 1e-20)
    low = jnp.exp2(jnp.floor(jnp.log2(top)) - 2)
    error = lambda s: jnp.square(fp4(blocks / s) * s - blocks).sum(-1, keepdims=True)
    return jnp.where(error(2 * low) < error(low), 2 * low, low)


def mxfp4(w):
    """w rounded to MXFP4 in blocks of 32 along its last axis."""
    blocks = w.reshape(*w.shape[:-1], -1, 32)
    s = mxfp4_scale(blocks)
    return (fp4(blocks / s) * s).reshape(w.shape)


def q8_0(w):
    blocks = w.reshape(*w.shape[:-1], -1, 32)
    s = jnp.abs(blocks).max(-1, keepdims=True) / 127
    q = jnp.round(blocks / jnp.where(s == 0, 1, s))
    return (q * s.astype(jnp.float16).astype(jnp.float32)).reshape(w.shape)


def straight_through(f, w):
    """f(w) forward, w backward."""
    return w + jax.lax.stop_gradient(f(w) - w)


MXFP4_NAMES, Q8_0_NAMES = ("gate", "up", "down"), ("q", "k", "v", "o")


def quantized(p):
    """The parameters as the file will hold them, differentiable."""
    layers = []
    for w in p["layers"]:
        w = dict(w)
        for name in MXFP4_NAMES:
            w[name] = straight_through(mxfp4, w[name])
        for name in Q8_0_NAMES:
            w[name] = straight_through(q8_0, w[name])
        layers.append(w)
    p = dict(p, layers=layers)
    for name in ("embedding", "output"):
        p[name] = straight_through(q8_0, p[name])
    return p
