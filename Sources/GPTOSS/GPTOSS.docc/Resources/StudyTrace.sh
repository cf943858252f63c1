gptoss trace -p "What is MXFP4?" -o trace.html
