#!/usr/bin/env python3
"""checkpoint.py MODEL.gguf FOLDER [--pad N]: a gpt-oss GGUF file as a checkpoint that vLLM reads, in float32.

The experts' weights are unpacked, since vLLM has no kernels for MXFP4 on CPUs. --pad gives the experts' hidden layer
more rows and columns, of zeros: the same function, in a size that tensor parallelism can cut. Runs in vLLM's own
environment, with gguf beside it.
"""

import argparse
import json
from pathlib import Path

import gguf
import numpy as np
import torch
from safetensors.torch import save_file
from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, pre_tokenizers

# How o200k cuts text into pieces.
WORD = (
    r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
    r"|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
)
PIECES = WORD + r"|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+"
# Our names of a layer's tensors and vLLM's, each with weight and bias.
ATTENTION = {"attn_q": "q_proj", "attn_k": "k_proj", "attn_v": "v_proj", "attn_output": "o_proj"}


class Source:
    def __init__(self, path):
        reader = gguf.GGUFReader(path)
        self.fields = {name: field.contents() for name, field in reader.fields.items()}
        self.tensors = {tensor.name: tensor for tensor in reader.tensors}

    def __getitem__(self, name):
        """A field of the architecture."""
        return self.fields[f"gpt-oss.{name}"]

    def tensor(self, name):
        """A tensor in float32, the innermost dimension last."""
        tensor = self.tensors[name]
        return np.array(gguf.quants.dequantize(tensor.data, tensor.tensor_type), np.float32)


def weights(source, padded):
    width = source["expert_feed_forward_length"]

    def pad(array, axis):
        room = [(0, 0)] * array.ndim
        room[axis] = (0, padded - width)
        return np.pad(array, room)

    def pairs(layer, part):
        """Gate and up projection with their rows in turns."""
        gate, up = (pad(source.tensor(f"{layer}ffn_{kind}_exps.{part}"), 1) for kind in ("gate", "up"))
        mixed = np.stack([gate, up], axis=2)
        return mixed.reshape(gate.shape[0], 2 * padded, *gate.shape[2:])

    yield "model.embed_tokens.weight", source.tensor("token_embd.weight")
    yield "model.norm.weight", source.tensor("output_norm.weight")
    yield "lm_head.weight", source.tensor("output.weight")
    for number in range(source["block_count"]):
        ours, theirs = f"blk.{number}.", f"model.layers.{number}."
        yield theirs + "input_layernorm.weight", source.tensor(ours + "attn_norm.weight")
        yield theirs + "post_attention_layernorm.weight", source.tensor(ours + "post_attention_norm.weight")
        yield theirs + "self_attn.sinks", source.tensor(ours + "attn_sinks.weight")
        for part in ("weight", "bias"):
            for name, other in ATTENTION.items():
                yield f"{theirs}self_attn.{other}.{part}", source.tensor(f"{ours}{name}.{part}")
            yield f"{theirs}mlp.router.{part}", source.tensor(f"{ours}ffn_gate_inp.{part}")
        # The experts' matrices have their inputs first.
        yield theirs + "mlp.experts.gate_up_proj", pairs(ours, "weight").transpose(0, 2, 1)
        yield theirs + "mlp.experts.gate_up_proj_bias", pairs(ours, "bias")
        yield theirs + "mlp.experts.down_proj", pad(source.tensor(ours + "ffn_down_exps.weight"), 2).transpose(0, 2, 1)
        yield theirs + "mlp.experts.down_proj_bias", source.tensor(ours + "ffn_down_exps.bias")


def configuration(source, padded, special):
    layers = source["block_count"]
    return {
        "architectures": ["GptOssForCausalLM"],
        "model_type": "gpt_oss",
        "torch_dtype": "float32",
        "vocab_size": len(source.fields["tokenizer.ggml.tokens"]),
        "hidden_size": source["embedding_length"],
        "intermediate_size": padded,
        "num_hidden_layers": layers,
        "num_attention_heads": source["attention.head_count"],
        "num_key_value_heads": source["attention.head_count_kv"],
        "head_dim": source["attention.key_length"],
        "num_local_experts": source["expert_count"],
        "num_experts_per_tok": source["expert_used_count"],
        "experts_per_token": source["expert_used_count"],
        "sliding_window": source["attention.sliding_window"],
        "layer_types": [("sliding_attention", "full_attention")[number % 2] for number in range(layers)],
        "max_position_embeddings": source["context_length"],
        "initial_context_length": source["rope.scaling.original_context_length"],
        "rms_norm_eps": 1e-5,
        "rope_theta": source["rope.freq_base"],
        "rope_scaling": {
            "rope_type": "yarn",
            "factor": source["rope.scaling.factor"],
            "beta_fast": 32.0,
            "beta_slow": 1.0,
            "truncate": False,
            "original_max_position_embeddings": source["rope.scaling.original_context_length"],
        },
        "swiglu_limit": 7.0,
        "hidden_act": "silu",
        "attention_bias": True,
        "tie_word_embeddings": False,
        "eos_token_id": special["<|return|>"],
        "pad_token_id": special["<|endoftext|>"],
        "bos_token_id": special["<|startoftext|>"],
    }


def tokenizer(tokens, special, merges):
    ordinary = {text: number for number, text in enumerate(tokens) if text not in special}
    made = Tokenizer(models.BPE(ordinary, [tuple(merge.split(" ")) for merge in merges]))
    made.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(PIECES), "isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    made.decoder = decoders.ByteLevel()
    names = sorted(special, key=special.get)
    made.add_special_tokens([AddedToken(name, special=True, normalized=False) for name in names])
    assert all(made.token_to_id(text) == number for number, text in enumerate(tokens)), "ids have moved"
    return made


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("model")
    arguments.add_argument("folder", type=Path)
    arguments.add_argument("--pad", type=int)
    options = arguments.parse_args()
    source = Source(options.model)
    assert source.fields["general.architecture"] == "gpt-oss"
    padded = options.pad or source["expert_feed_forward_length"]
    tokens, types = (source.fields[f"tokenizer.ggml.{name}"] for name in ("tokens", "token_type"))
    special = {text: number for number, text in enumerate(tokens) if types[number] == gguf.TokenType.CONTROL}

    options.folder.mkdir(parents=True, exist_ok=True)
    arrays = {name: torch.from_numpy(np.ascontiguousarray(array)) for name, array in weights(source, padded)}
    save_file(arrays, options.folder / "model.safetensors", metadata={"format": "pt"})
    made = tokenizer(tokens, special, source.fields["tokenizer.ggml.merges"])
    made.save(str(options.folder / "tokenizer.json"))
    files = {
        "config": configuration(source, padded, special),
        "generation_config": {"eos_token_id": [special["<|return|>"], special["<|call|>"]]},
        "tokenizer_config": {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "eos_token": "<|return|>",
            "pad_token": "<|endoftext|>",
            "clean_up_tokenization_spaces": False,
            "model_max_length": source["context_length"],
        },
    }
    for name, content in files.items():
        (options.folder / f"{name}.json").write_text(json.dumps(content, indent=2) + "\n")


if __name__ == "__main__":
    main()
