#!/usr/bin/env python3
"""export.py CHECKPOINT OUT.gguf: the trained weights as a GGUF of architecture gpt-oss; experts MXFP4, other matrices Q8_0."""

import argparse
import pickle

import gguf
import jax.numpy as jnp
import numpy as np
from gguf import GGMLQuantizationType, GGUFWriter, TokenType

import model as M
from quantize import fp4, mxfp4, mxfp4_scale
from tokenizer import SPECIAL, Tokenizer


def mxfp4_blocks(w):
    """[..., n] -> [..., n / 32 · 17] bytes: the scale's exponent, then element j below element j + 16."""
    blocks = jnp.asarray(w).reshape(*w.shape[:-1], -1, 32)
    s = mxfp4_scale(blocks)
    q = np.asarray(fp4(blocks / s))
    exponent = np.asarray(jnp.round(jnp.log2(s)) + 127).astype(np.uint8)
    code = np.searchsorted([0, 0.5, 1, 1.5, 2, 3, 4, 6], np.abs(q)).astype(np.uint8) | (np.signbit(q).astype(np.uint8) << 3)
    packed = np.concatenate([exponent, code[..., :16] | code[..., 16:] << 4], -1).reshape(*w.shape[:-1], -1)
    back = gguf.quants.dequantize(packed, GGMLQuantizationType.MXFP4)
    assert np.allclose(back, np.asarray(mxfp4(jnp.asarray(w)))), "the packed weights are not the trained ones"
    return packed


def main():
    a = argparse.ArgumentParser(description=__doc__)
    a.add_argument("checkpoint")
    a.add_argument("out")
    o = a.parse_args()
    with open(o.checkpoint, "rb") as f:
        saved = pickle.load(f)
    p, c, tokenizer = saved["parameters"], M.Configuration(**saved["configuration"]), Tokenizer()
    w = GGUFWriter(o.out, "gpt-oss")
    w.add_name("Assistant")
    w.add_description("A small demonstration model with the architecture of gpt-oss")
    w.add_license("apache-2.0")
    w.add_block_count(c.layers)
    w.add_context_length(c.context)
    w.add_embedding_length(c.hidden)
    w.add_feed_forward_length(c.expert_hidden)
    w.add_expert_feed_forward_length(c.expert_hidden)
    w.add_head_count(c.heads)
    w.add_head_count_kv(c.key_value_heads)
    w.add_key_length(c.head_dimension)
    w.add_value_length(c.head_dimension)
    w.add_sliding_window(c.window)
    w.add_layer_norm_rms_eps(c.epsilon)
    w.add_expert_count(c.experts)
    w.add_expert_used_count(c.experts_per_token)
    w.add_rope_freq_base(c.theta)
    w.add_rope_scaling_type(gguf.RopeScalingType.YARN)
    w.add_rope_scaling_factor(c.yarn_factor)
    w.add_rope_scaling_orig_ctx_len(c.original_context)
    w.add_tokenizer_model("gpt2")
    w.add_tokenizer_pre("gpt-4o")
    w.add_token_list(tokenizer.tokens)
    w.add_token_types([TokenType.CONTROL if t in SPECIAL else TokenType.NORMAL for t in tokenizer.tokens])
    w.add_token_merges(tokenizer.merges)
    w.add_bos_token_id(tokenizer.special["<|startoftext|>"])
    w.add_eos_token_id(tokenizer.special["<|return|>"])
    w.add_pad_token_id(tokenizer.special["<|endoftext|>"])
    w.add_add_bos_token(False)

    plain = lambda name, x: w.add_tensor(name, np.ascontiguousarray(x, np.float32))
    eight = lambda name, x: w.add_tensor(
        name, gguf.quants.quantize(np.ascontiguousarray(x), GGMLQuantizationType.Q8_0), raw_dtype=GGMLQuantizationType.Q8_0
    )
    four = lambda name, x: w.add_tensor(name, mxfp4_blocks(x), raw_dtype=GGMLQuantizationType.MXFP4)
    eight("token_embd.weight", p["embedding"])
    plain("output_norm.weight", p["norm"])
    eight("output.weight", p["output"])
    for l, layer in enumerate(p["layers"]):
        b = f"blk.{l}."
        plain(b + "attn_norm.weight", layer["attention_norm"])
        for short, name in (("q", "attn_q"), ("k", "attn_k"), ("v", "attn_v"), ("o", "attn_output")):
            eight(b + name + ".weight", layer[short])
            plain(b + name + ".bias", layer[short + "_bias"])
        plain(b + "attn_sinks.weight", layer["sinks"])
        plain(b + "post_attention_norm.weight", layer["experts_norm"])
        plain(b + "ffn_gate_inp.weight", layer["router"])
        plain(b + "ffn_gate_inp.bias", layer["router_bias"])
        for short in ("gate", "up", "down"):
            four(b + f"ffn_{short}_exps.weight", layer[short])
            plain(b + f"ffn_{short}_exps.bias", layer[short + "_bias"])
    w.write_header_to_file()
    w.write_kv_data_to_file()
    w.write_tensors_to_file()
    w.close()


if __name__ == "__main__":
    main()
