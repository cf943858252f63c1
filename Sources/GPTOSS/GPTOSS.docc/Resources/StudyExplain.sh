gptoss explain -p "What is MXFP4?" --temperature 0
