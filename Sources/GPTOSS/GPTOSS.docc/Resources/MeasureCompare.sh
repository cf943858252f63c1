python Benchmarks/compare.py 20b.gguf --prefill 512 --decode 64 --rounds 5 --output engines.json
