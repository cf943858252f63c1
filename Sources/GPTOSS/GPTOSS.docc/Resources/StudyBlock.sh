gptoss inspect --tensor blk.0.ffn_down_exps.weight --expert 3 --row 17 --block 2
