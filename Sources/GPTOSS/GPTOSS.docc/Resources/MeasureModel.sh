gptoss synthesize --shape 20b 20b.gguf
