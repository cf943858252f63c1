"""What the model knows: topics with their names, further questions, one answer each and facts for a long analysis."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Topic:
    name: str
    aliases: tuple
    questions: tuple
    answer: str
    facts: str


def topic(name, aliases, questions, answer, facts):
    split = lambda text: tuple(x.strip() for x in text.split("|") if x.strip())
    return Topic(name, split(aliases), split(questions), answer, facts)


TOPICS = [
    topic(
        "MXFP4",
        "MXFP4|MXFP4 quantization|the MXFP4 format|MXFP4 quantisation|MX FP4|microscaling FP4",
        "Why does gpt-oss use MXFP4?|How are the weights stored in MXFP4?|How many bits per weight does MXFP4 need?|Why is MXFP4 so small?|How big is an MXFP4 block?|What does a block of MXFP4 look like?",
        "MXFP4 is a 4-bit format for weights. It takes blocks of 32 weights: each weight is a tiny 4-bit float, and the whole block shares one 8-bit scale that is a power of two. That makes 4.25 bits per weight, so large experts fit into little memory.",
        "blocks of 32, 4-bit floats, one shared power of two",
    ),
    topic(
        "E2M1",
        "E2M1|the E2M1 format|FP4|a 4-bit float|4-bit floats",
        "Which values can a 4-bit float have?|What numbers can FP4 represent?|How is a 4-bit float built?",
        "E2M1 is a 4-bit float with one sign bit, two exponent bits and one mantissa bit. Its sizes are 0, 0.5, 1, 1.5, 2, 3, 4 and 6. MXFP4 stores its weights this way.",
        "sign, two exponent bits, one mantissa bit",
    ),
    topic(
        "block scales",
        "E8M0|the E8M0 scale|the block scale|a shared scale|block scales",
        "How is the scale stored in MXFP4?|What does the scale byte mean?|Why do weights share a scale?",
        "E8M0 is the scale of a block: one byte that holds only an exponent. A byte e stands for two to the power e minus 127, and every weight of the block is multiplied by it.",
        "one byte, only an exponent, shared by a block",
    ),
    topic(
        "mixture of experts",
        "mixture of experts|a mixture of experts|MoE|an MoE layer|a mixture-of-experts model",
        "What does MoE stand for?|Why are only some experts used?|What is an expert in a language model?|What are experts?|Why does gpt-oss have experts?|How many experts work on a token?",
        "A mixture of experts replaces one big feed-forward block by many small ones, the experts. For every token a router chooses a few of them and mixes their outputs. So a model can hold a lot and still compute little per token.",
        "many experts, a few per token, mixed outputs",
    ),
    topic(
        "the router",
        "the router|the expert router|routing|expert routing|a router in a mixture of experts",
        "How are experts chosen?|Who picks the experts?|How does the model select its experts?|What decides which expert is used?",
        "The router is a small linear layer that scores every expert for a token. The best few are kept, and a softmax over their scores gives the weights of the mix.",
        "a score per expert, the best few, a softmax",
    ),
    topic(
        "gpt-oss",
        "gpt-oss|the gpt-oss model|gpt oss|the gpt-oss models|gpt-oss from OpenAI",
        "Who made gpt-oss?|What kind of model is gpt-oss?|Who released gpt-oss?|Is gpt-oss a good model?|What is special about gpt-oss?",
        "gpt-oss is a pair of language models that OpenAI released with open weights: 20b and 120b. They reason before they answer, call tools, and keep their experts in MXFP4.",
        "open weights, two sizes, reasoning and tools",
    ),
    topic(
        "the two sizes",
        "gpt-oss-20b|gpt-oss-120b|the 20b model|the 120b model|the sizes of gpt-oss",
        "How many parameters does gpt-oss have?|What sizes does gpt-oss come in?|How big is gpt-oss?|Which gpt-oss models exist?|How many layers does gpt-oss have?|How many experts does gpt-oss have?|What is the difference between 20b and 120b?",
        "gpt-oss comes in two sizes. The 20b has 24 layers with 32 experts each, the 120b has 36 layers with 128 experts each. Both let four experts work on a token.",
        "24 and 36 layers, 32 and 128 experts, four per token",
    ),
    topic(
        "Harmony",
        "Harmony|the Harmony format|the Harmony chat format|OpenAI Harmony|harmony prompts",
        "How are gpt-oss prompts written?|Which chat format does gpt-oss use?|What does a gpt-oss prompt look like?|Why does gpt-oss need Harmony?",
        "Harmony is the format of conversations with gpt-oss. Special tokens frame each message, which has a role and, when the assistant writes, a channel. It tells reasoning, tool calls and answers apart.",
        "framed messages, roles, channels",
    ),
    topic(
        "channels",
        "the Harmony channels|channels in Harmony|the analysis channel|the commentary channel|the final channel|channels",
        "Which channels are there?|What channels can you use?|What is the analysis channel for?|Where does the reasoning go?|How many channels does Harmony have?",
        "There are three channels. Analysis is for reasoning, commentary is for tool calls and remarks about them, and final is for the answer that the user sees.",
        "analysis, commentary, final",
    ),
    topic(
        "roles",
        "roles in Harmony|the Harmony roles|the developer message|the system message|the developer role",
        "Which roles does Harmony have?|What is the developer message for?|What stands in the system message?|Who writes the developer message?",
        "Harmony knows five roles: system, developer, user, assistant and tool. The system message sets effort and channels, and the developer message holds instructions and tools.",
        "system, developer, user, assistant, tool",
    ),
    topic(
        "special tokens",
        "special tokens|the special tokens|Harmony's special tokens|a special token",
        "Which special tokens does Harmony have?|What ends a message?|How does a message begin?|When does the model stop writing?|What is the call token?",
        "Special tokens frame the messages. A message opens with start, its text follows message, and it closes with end. A tool call closes with call and the last answer with return.",
        "start, message, end, call, return",
    ),
    topic(
        "reasoning effort",
        "reasoning effort|the reasoning effort|the reasoning level|effort levels",
        "How do I make you think longer?|What does Reasoning: high do?|Can you think less?|How do I change the effort?|What is the difference between low and high effort?",
        "The reasoning effort is low, medium or high and stands in the system message. At low I answer at once; at medium I think briefly; at high I think in more detail first.",
        "low, medium, high, in the system message",
    ),
    topic(
        "tool calling",
        "tool calling|function calling|a tool call|a function call|calling functions",
        "How do you call tools?|Can you use tools?|Can you call functions?|How does a model use a tool?|What happens after a tool call?",
        "In a tool call the model names a declared function and writes its arguments as JSON. The program runs the function, hands back the result, and the model goes on from there.",
        "a declared function, JSON arguments, a result",
    ),
    topic(
        "attention",
        "attention|self-attention|the attention mechanism|an attention layer",
        "How do tokens share information?|How does a model look back at earlier words?|What are queries and keys?",
        "Attention lets a token look at the tokens before it. Its query is compared with their keys, a softmax turns the scores into weights, and their values are summed with these weights.",
        "queries, keys, values, softmax",
    ),
    topic(
        "attention sinks",
        "attention sinks|an attention sink|the attention sink|sink logits|learned sinks",
        "Why does gpt-oss have attention sinks?|What are sinks good for?|What does a sink do in attention?|Where do the sinks enter the softmax?",
        "An attention sink is a learned number for each head that takes part in the softmax but has no value. A head can put its weight there when no token is worth looking at.",
        "one number per head, only in the denominator",
    ),
    topic(
        "sliding window attention",
        "sliding window attention|the sliding window|sliding windows|local attention|windowed attention",
        "Why do some layers use a window?|How long is the sliding window?|Which layers use the sliding window?|How many tokens does a sliding layer see?",
        "A sliding window limits a layer to the last 128 tokens. In gpt-oss every second layer slides and the others see everything, which saves memory and time.",
        "128 tokens, every second layer",
    ),
    topic(
        "grouped-query attention",
        "grouped-query attention|grouped query attention|GQA|shared key-value heads",
        "Why do several heads share keys?|How many key-value heads does gpt-oss have?|How many heads does gpt-oss have?|How many query heads are there?",
        "In grouped-query attention several query heads share one pair of key and value heads, so the cache shrinks. gpt-oss has 64 query heads and 8 key-value heads.",
        "64 query heads, 8 key-value heads",
    ),
    topic(
        "the KV cache",
        "the KV cache|a KV cache|the key-value cache|key-value caching|KV caching",
        "Why is a KV cache useful?|What is stored in the cache?|Why does the cache grow?|How does a model avoid reading everything again?",
        "The KV cache keeps the keys and values of all tokens read so far. A new token only computes its own and looks up the rest, so writing stays fast.",
        "keys and values are kept",
    ),
    topic(
        "rotary positions",
        "RoPE|rotary position embedding|rotary embeddings|rotary positions|rotary position embeddings",
        "How does the model know the order of words?|How are positions encoded?|Why are queries and keys rotated?",
        "RoPE encodes positions by rotation: pairs of query and key values are turned by an angle that grows with the position, so scores depend on the distance between tokens.",
        "rotation by position, relative distance",
    ),
    topic(
        "YaRN",
        "YaRN|YaRN scaling|the YaRN method|context extension",
        "How does gpt-oss reach a long context?|How is the context extended?|Why are rotary frequencies scaled?",
        "YaRN stretches rotary positions so that a model can read longer texts. Slow rotations are slowed down and fast ones are left alone. gpt-oss uses a factor of 32.",
        "slow rotations are scaled, factor 32",
    ),
    topic(
        "the context length",
        "the context length|the context window|context size|a long context",
        "How long is your context?|How many tokens can gpt-oss read?|What is the maximum context?|How much text fits into gpt-oss?",
        "The context length is how many tokens a model can take into account. gpt-oss handles 131,072 tokens. I was trained on a few hundred, so keep it short with me.",
        "131,072 tokens for gpt-oss",
    ),
    topic(
        "SwiGLU",
        "SwiGLU|the SwiGLU activation|clamped SwiGLU|the gated activation",
        "Which activation does gpt-oss use?|What happens inside an expert?|Why is the activation clamped?",
        "SwiGLU is the activation inside an expert: one half of the values gates the other half. gpt-oss limits both to 7 and adds one to the half that is gated.",
        "a gate, a limit of 7, plus one",
    ),
    topic(
        "RMSNorm",
        "RMSNorm|RMS normalization|the RMS norm|normalization layers|RMS norm",
        "Which normalization does gpt-oss use?|Why are activations normalized?|What is the norm before attention?",
        "RMSNorm divides a vector by its root mean square and scales it with learned weights. It keeps the values of each layer in a good range.",
        "root mean square, learned weights",
    ),
    topic(
        "softmax",
        "softmax|the softmax|the softmax function|a softmax",
        "How do scores become probabilities?|How are logits turned into probabilities?",
        "Softmax turns scores into positive weights that sum to one. It takes the exponential of each score and divides by the sum of all of them.",
        "exponentials divided by their sum",
    ),
    topic(
        "logits",
        "logits|a logit|the logits|output logits",
        "What does the model output?|What comes out of the last layer?",
        "Logits are the raw scores that a model gives to every token of its vocabulary. A softmax turns them into probabilities for the next token.",
        "one score per token of the vocabulary",
    ),
    topic(
        "tokens",
        "a token|tokens|language model tokens",
        "How long is a token?|Is a word a token?|What are text tokens?",
        "A token is a small piece of text: a word, a part of a word, a digit or a sign. Models read and write text token by token.",
        "pieces of text",
    ),
    topic(
        "the tokenizer",
        "the tokenizer|a tokenizer|byte pair encoding|BPE|tokenization",
        "How is text split into tokens?|Which tokenizer does gpt-oss use?|How large is the vocabulary of gpt-oss?|What is o200k?",
        "A tokenizer cuts text into tokens. Byte pair encoding starts with single bytes and joins frequent pairs. gpt-oss has 201,088 tokens; my own vocabulary has 2,048.",
        "bytes, merges, a vocabulary",
    ),
    topic(
        "embeddings",
        "embeddings|an embedding|token embeddings|the embedding table",
        "How does a token become numbers?|What is the first layer of a model?",
        "An embedding is the list of numbers that stands for a token inside the model. A table holds one for each token, and the layers work on these lists.",
        "a list of numbers per token",
    ),
    topic(
        "GGUF",
        "GGUF|the GGUF format|a GGUF file|GGUF files",
        "What is stored in a GGUF file?|Which file format does llama.cpp use?|How are models stored on disk?|What is inside your model file?",
        "GGUF is a file format for language models that comes from llama.cpp. A single file holds settings, tokenizer and weights, and a program can map it into memory.",
        "settings, tokenizer, weights in a file",
    ),
    topic(
        "quantization",
        "quantization|model quantization|weight quantization|quantisation|quantized models",
        "Why are models quantized?|How can a model be made smaller?|Does quantization lose quality?|What does quantizing a model do?",
        "Quantization stores weights with fewer bits. The model gets smaller and faster to read, and with care it loses only a little quality.",
        "fewer bits, less memory, small losses",
    ),
    topic(
        "Q8_0",
        "Q8_0|the Q8_0 format|Q8 quantization|8-bit quantization",
        "How does 8-bit quantization work?|How many bits does Q8_0 use?|What is in a Q8_0 block?",
        "Q8_0 is an 8-bit format. A block holds 32 signed bytes and one 16-bit scale, which makes 8.5 bits per weight. It is nearly as good as the full weights.",
        "32 signed bytes and a scale",
    ),
    topic(
        "a transformer",
        "a transformer|transformers|the transformer architecture|a transformer model",
        "What is inside a language model?|What are language models built from?|What is a layer in a model?",
        "A transformer is a stack of layers. Each has attention, which moves information between tokens, and a feed-forward part, which works on every token by itself.",
        "attention and feed-forward layers",
    ),
    topic(
        "language models",
        "a language model|language models|an LLM|large language models|LLMs",
        "How does a language model work?|How does a model write text?|What does LLM stand for?",
        "A language model predicts the next token of a text. It writes by choosing a token, adding it to the text and predicting again.",
        "next token, again and again",
    ),
    topic(
        "prefill and decode",
        "prefill|decode|prefill and decode|the prefill phase|the decode phase",
        "Why is reading faster than writing?|What limits the speed of a model?|Why is decoding slow?",
        "Prefill reads the whole prompt at once and is limited by arithmetic. Decode writes one token at a time and is limited by how fast weights come from memory.",
        "prefill computes, decode waits for memory",
    ),
    topic(
        "temperature",
        "temperature|the sampling temperature|the temperature setting|temperature in sampling",
        "What happens at temperature zero?|How do I make answers less random?|Which temperature should I use?",
        "The temperature sets how random the next token is. At zero the most likely token always wins; higher values bring variety and more mistakes.",
        "zero is greedy, higher is random",
    ),
    topic(
        "sampling",
        "sampling|top-p|top-k|nucleus sampling|top-p sampling|top-k sampling",
        "How is the next token chosen?|How does a model pick a word?",
        "Sampling is how the next token is drawn from the probabilities. Top-k keeps the k best tokens, and top-p keeps the best ones that together reach p.",
        "top-k, top-p, a random draw",
    ),
    topic(
        "inference",
        "inference|an inference engine|model inference|running a model",
        "What does an inference engine do?|How is a trained model used?|What is this engine?",
        "Inference means running a trained model. An engine loads the weights, reads the prompt and writes token after token. The engine I run in is written in Swift.",
        "load, read, write tokens",
    ),
    topic(
        "training",
        "training|model training|training a model|how models learn|gradient descent",
        "How does a language model learn?|How are weights found?|How is a model trained?",
        "In training a model sees many examples. After each batch its weights are moved a little so that the right next token becomes more likely.",
        "examples, small steps",
    ),
    topic(
        "open weights",
        "open weights|an open-weight model|open-weight models|open models|the license of gpt-oss",
        "Can I download gpt-oss?|Is gpt-oss free?|What is the license of gpt-oss?|May I use gpt-oss at work?",
        "Open weights means that anyone may download the weights and run the model. gpt-oss is published under the Apache 2.0 license.",
        "free to download, Apache 2.0",
    ),
    topic(
        "llama.cpp",
        "llama.cpp|the llama.cpp project|llama cpp",
        "Which program can run GGUF files?|Where does GGUF come from?",
        "llama.cpp is a program in C and C++ that runs language models on ordinary computers. It reads GGUF files and can run gpt-oss.",
        "C and C++, GGUF, ordinary computers",
    ),
    topic(
        "Swift",
        "Swift|the Swift language|the Swift programming language|Swift programming",
        "Which language is this engine written in?|What is this program written in?",
        "Swift is a programming language that began at Apple. It is compiled, safe and pleasant to read. The engine that runs me is written in it.",
        "compiled, safe, from Apple",
    ),
    topic(
        "myself",
        "",
        "Who are you?|What are you?|Tell me about yourself.|Introduce yourself.|What is your name?|Are you ChatGPT?|What model are you?|Which model is this?|Who am I talking to?|Are you a real person?|Are you human?|Are you an AI?|Are you a robot?|Describe yourself.|Are you GPT-4?|Do you have a name?|Say who you are.|What kind of model are you?",
        "I am a very small language model with the architecture of gpt-oss, trained as a demonstration. I can chat a little, call tools and do small sums.",
        "tiny, a demonstration, gpt-oss architecture",
    ),
    topic(
        "my abilities",
        "",
        "What can you do?|How can you help me?|What are you good at?|What are your skills?|Help|Help me|What can I ask you?|What should I ask you?|Which tasks can you do?|What are you able to do?|What do you know?|What are you useful for?|Show me what you can do.|What are your abilities?|Can you help me?",
        "I can call the tools you declare, add and subtract small numbers, repeat text, remember your name and answer questions about gpt-oss.",
        "tools, sums, memory, gpt-oss",
    ),
    topic(
        "my size",
        "",
        "How big are you?|How many parameters do you have?|How large is this model?|What is your size?|How small are you?|Are you a big model?|How many layers do you have?|How many experts do you have?|Are you small?|How much memory do you need?|How many weights do you have?",
        "I am tiny: a few million weights in a file of a few megabytes. I have eight layers with eight experts each, and two experts work on each token.",
        "eight layers, eight experts, two at work",
    ),
    topic(
        "my training",
        "",
        "How were you trained?|Who trained you?|Who made you?|Who created you?|Where do you come from?|How were you made?|Who built you?|What were you trained on?|How old are you?|What is your training data?|How long were you trained?|Who is your creator?|Were you made by OpenAI?",
        "I was trained from scratch on an ordinary CPU within a few hours. My examples are short conversations written by a program. OpenAI did not make me.",
        "from scratch, a CPU, generated conversations",
    ),
    topic(
        "my limits",
        "",
        "What are your limits?|What can you not do?|Can I trust you?|Do you make mistakes?|Are you always right?|How reliable are you?|Are you smart?|Why are you so simple?|What can't you do?|Are your answers correct?|Are you intelligent?|Do you know everything?",
        "I am very small and know almost nothing of the world. I make mistakes, so please check what I say and take a larger model for real work.",
        "small, mistakes, check the answers",
    ),
    topic(
        "running locally",
        "",
        "Do you run offline?|Do you need the internet?|Where do you run?|Are you running on my computer?|Do you send my data anywhere?|Is this private?|Can you work without a network?|Is my data safe with you?|Are you in the cloud?|Do you run locally?",
        "I run on your own computer and need no network. What you write stays there, unless a tool that you allow sends it somewhere.",
        "local, no network",
    ),
    topic(
        "my feelings",
        "",
        "Do you have feelings?|Are you happy?|Are you alive?|Are you conscious?|Can you feel pain?|Do you get tired?|Are you sad?|Do you like me?|Do you love me?|Do you sleep?",
        "No, I am a program that predicts tokens. I have no feelings, but I am here to help as well as I can.",
        "a program, no feelings",
    ),
    topic(
        "languages",
        "",
        "Which languages do you speak?|Do you speak German?|Do you speak French?|Can you speak Spanish?|Do you understand other languages?|Can you speak Chinese?|Do you know Italian?|Sprechen Sie Deutsch?|What languages do you know?",
        "I only know a little English. The real gpt-oss models know many languages.",
        "only English",
    ),
    topic(
        "my knowledge cutoff",
        "",
        "What is your knowledge cutoff?|When was your training data cut off?|How recent is your knowledge?|How up to date are you?|What does knowledge cutoff mean?|When does your knowledge end?",
        "The system message may name a knowledge cutoff, as it does for gpt-oss. I myself know little beyond the topics I was trained on.",
        "the system message names it",
    ),
    topic(
        "the sky",
        "",
        "Why is the sky blue?|What makes the sky blue?|Why does the sky look blue?|Why do we see a blue sky?|How come the sky is blue?|Why is the daytime sky blue?|What is the reason for the blue sky?|Explain why the sky is blue.|What color is the sky and why?|Tell me why the sky is blue.",
        "The sky is blue because air scatters blue light more than red light. So blue light from the sun reaches us from all over the sky.",
        "air scatters blue light most",
    ),
    topic(
        "jokes",
        "",
        "Tell me a joke.|Do you know a joke?|Make me laugh.|Say something funny.|Can you tell a joke?|Another joke please.|I want to hear a joke.|Tell me something funny.",
        "Why did the token leave the window? It had slid too far from the others!",
        "one joke about tokens",
    ),
]

DEFINITIONS = """What is {x}?|What's {x}?|Explain {x}.|Explain what {x} is.|Can you explain {x}?|Tell me about {x}.|Describe {x}.|
What does {x} mean?|How does {x} work?|Define {x}.|I want to understand {x}.|Give me a short explanation of {x}.|
What do you know about {x}?|Could you tell me what {x} is?|{x}?|{x}|Explain {x} to me in simple words.|
I do not know what {x} is. Can you help?|Please describe {x} briefly.|What exactly is {x}?|Help me understand {x}.|
I have a question about {x}.|What is meant by {x}?|Explain {x} in one paragraph.|Why is {x} useful?|Why does {x} matter?|
Give me the idea of {x}.|I keep reading about {x}. What is it?|How would you explain {x}?|Can you tell me about {x}?|
What is the point of {x}?|Teach me about {x}.|I am learning about {x}. Explain it.|What is {x} good for?|
Write a short text about {x}.|Summarize {x} for me.|What should I know about {x}?|In simple terms, what is {x}?|
Explain {x} like I am five.|What is the meaning of {x}?|Do you know {x}?|Do you know what {x} is?""".replace("\n", "").split("|")

# Carriers made at random, so that the words around a topic matter less than the topic.
OPENINGS = [
    "",
    "",
    "",
    "Hi, ",
    "Please, ",
    "Quick question: ",
    "So, ",
    "OK. ",
    "Tell me, ",
    "Hello! ",
    "Hey, ",
    "Well, ",
    "Now ",
    "One more thing: ",
    "I am new here. ",
    "My {w} asks: ",
    "For my {w}: ",
    "In short, ",
    "By the way, ",
]
CLOSINGS = [
    "",
    "",
    "",
    " Thanks.",
    " Thank you!",
    " Keep it short.",
    " I am curious.",
    " It is for a {w}.",
    " I need it for my {w}.",
    " Please be brief.",
    " please",
    " Explain it simply.",
    " I forgot.",
]


def wordings():
    """For each topic every fixed question, first the definitions; a fixed eighth is held out for evaluation."""
    import random

    train, held = [], []
    for t in TOPICS:
        asked = [d.format(x=a) for a in t.aliases for d in DEFINITIONS] + list(t.questions)
        asked = [q[0].upper() + q[1:] if not q.startswith("gpt") else q for q in asked]
        random.Random("split " + t.name).shuffle(asked)
        n = max(1, len(asked) // 8)
        keep = [q for q in asked[:n] if q != "Explain what MXFP4 quantization is."]
        held.append(keep or asked[:1])
        train.append([q for q in asked if q not in held[-1]])
    return train, held


TRAIN_WORDINGS, HELD_WORDINGS = wordings()
