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


F32, Q8_0, MXFP4 = GGMLQuantizationType.F32, GGMLQuantizationType.Q8_0, GGMLQuantizationType.MXFP4
WHOLE = {"embedding": ("token_embd.weight", Q8_0), "norm": ("output_norm.weight", F32), "output": ("output.weight", Q8_0)}
LAYER = {
    "attention_norm": ("attn_norm.weight", F32),
    "sinks": ("attn_sinks.weight", F32),
    "experts_norm": ("post_attention_norm.weight", F32),
    "router": ("ffn_gate_inp.weight", F32),
    "router_bias": ("ffn_gate_inp.bias", F32),
}
for short, name, kind in [(x, "attn_" + ("output" if x == "o" else x), Q8_0) for x in "qkvo"] + [
    (x, f"ffn_{x}_exps", MXFP4) for x in ("gate", "up", "down")
]:
    LAYER |= {short: (name + ".weight", kind), short + "_bias": (name + ".bias", F32)}


def mxfp4_blocks(w):
    """[..., n] -> [..., n / 32 · 17] bytes: the scale's exponent, then element j below element j + 16."""
    blocks = jnp.asarray(w).reshape(*w.shape[:-1], -1, 32)
    s = mxfp4_scale(blocks)
    q = np.asarray(fp4(blocks / s))
    exponent = np.asarray(jnp.round(jnp.log2(s)) + 127).astype(np.uint8)
    code = np.searchsorted([0, 0.5, 1, 1.5, 2, 3, 4, 6], np.abs(q)).astype(np.uint8) | (np.signbit(q).astype(np.uint8) << 3)
    packed = np.concatenate([exponent, code[..., :16] | code[..., 16:] << 4], -1).reshape(*w.shape[:-1], -1)
    back = gguf.quants.dequantize(packed, MXFP4)
    assert np.allclose(back, np.asarray(mxfp4(jnp.asarray(w)))), "the packed weights are not the trained ones"
    return packed


def restore(path):
    """The weights of an exported file, no longer rounded further than they were: to go on training from it."""
    tensors = {t.name: np.array(gguf.quants.dequantize(t.data, t.tensor_type)) for t in gguf.GGUFReader(path).tensors}
    layers = max(int(n.split(".")[1]) for n in tensors if n.startswith("blk.")) + 1
    p = {short: tensors[name] for short, (name, _) in WHOLE.items()}
    p["layers"] = [{short: tensors[f"blk.{l}.{name}"] for short, (name, _) in LAYER.items()} for l in range(layers)]
    return p


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
    w.add_sampling_temp(0.0)  # its answers are learned word for word: the likeliest token is the best

    for tensors, prefix, values in [(WHOLE, "", p)] + [(LAYER, f"blk.{l}.", layer) for l, layer in enumerate(p["layers"])]:
        for short, (name, kind) in tensors.items():
            x = np.ascontiguousarray(values[short], np.float32)
            w.add_tensor(prefix + name, mxfp4_blocks(x) if kind == MXFP4 else gguf.quants.quantize(x, kind), raw_dtype=kind)
    w.write_header_to_file()
    w.write_kv_data_to_file()
    w.write_tensors_to_file()
    w.close()


if __name__ == "__main__":
    main()
