gptoss bench -m MODEL -p 128,512 -n 0,64 -d 0,2048 -r 5 --card card.md
