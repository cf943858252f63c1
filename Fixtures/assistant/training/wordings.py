"""Further wordings of the questions, for training only: `[a|b]` stands for a or b, an empty choice for nothing.

They teach that a question is its sense and not its words. Not every mixture of choices is good English; nor is what people
type. Evaluation asks in held-out wordings of `questions.py`, and `another_wording` makes none of those."""

import re

from questions import HELD_WORDINGS

PATTERNS = {
    "MXFP4": """[How|In which way] does MXFP4 [store|save|keep|pack|compress|encode] [weights|numbers|a weight|the experts]?
[Which|What] [format|number format|precision] do the experts [of gpt-oss |]have?
What [are|do you call] [the 4-bit weights|the four-bit weights] of gpt-oss[| called]?
How [much space|much memory|many bits] does [a weight|each weight|one weight] [take|use|cost] in MXFP4?
[How many|What number of] weights [are in|share|form|does one have in] [a|an|one] MXFP4 block?
Why [is|are] MXFP4 [files|models|weights|format] [so |]small?
[What makes|Why is] MXFP4 [good|useful|special|efficient|popular]?
[Can you|Could you|Please] [explain|describe|summarize|outline] [the |][MXFP4 format|MXFP4 quantization|idea of MXFP4|4-bit format MXFP4]
[I heard of|I read about|Somebody mentioned] MXFP4. [What is that?|Can you explain?|Tell me more.]
[How|Why] do [four|4] bits [suffice|work|do] in MXFP4?""",
    "E2M1": """[Which|What] [values|numbers|sizes] [does|can|could] [E2M1|FP4|a four-bit float] [have|hold|store|take|represent|express]?
[List|Name|Tell me|Give me] the [values|numbers] of [E2M1|FP4|a 4-bit float].
How [is|are] [E2M1|FP4|a four-bit float] [built|made|laid out|encoded|structured]?
[What|Which] bits [are in|make up|does] [E2M1|FP4|a 4-bit float][| have]?
How many [exponent|mantissa|sign] bits [has|does] [E2M1|FP4][| have]?
What is the [largest|biggest|smallest] [value|number] [of|in] [E2M1|FP4]?
[Explain|Describe] the [four-bit float|4-bit number format|float with 4 bits|E2M1 encoding].
How does [FP4|E2M1] [store|keep|encode] a [number|value|weight]?""",
    "block scales": """[What|Which] [scale|factor] does [a block|each block|one block|every block] [have|use|get]?
How [big|large|long] is [the|a] [scale|block scale|shared scale]?
How [is|are] the [scales|block scale|scale of a block] [stored|kept|encoded|read|computed]?
[Why|What for] [does|has] [a|each|every] block [have|need|share] [a|one] scale?
What [does|is] [the byte of the scale|the scale's byte|E8M0|an E8M0 byte] [mean|stand for|good for]?
How do I [decode|read|compute|use] [an E8M0 byte|the scale of a block|E8M0|a block's scale]?
[Which|What] byte holds the [exponent|scale]?
What is [multiplied with|applied to] [every|each] weight of a block?""",
    "mixture of experts": """How [does|do] [a mixture of experts|MoE|an MoE layer|experts] [work|help|save time|save compute]?
[What|Who] are the experts [in|of] [a model|gpt-oss|a layer]?
[Why|What for] [does a model have|do models use|split a layer into|are there] [many experts|experts]?
How many experts [are active|are used|run|see a token|work] [at a time|per token|for each token]?
What is [so |][good|special|clever] about [experts|MoE|a mixture of experts]?
[What|Which] [advantage|benefit] [do experts bring|has MoE|does a mixture of experts have]?
What [replaces|happens to] the feed-forward [block|layer|part] in [MoE|an MoE model]?
[Is|Why is] [MoE|a mixture of experts] [fast|cheaper|faster than a dense model]?
[Spell out|What is the long form of] MoE[.|, please.]""",
    "the router": """[Who|What] [chooses|picks|selects|decides on|finds] [the|which] [experts|expert]?
How [does|can] [the model|a layer|gpt-oss] [choose|pick|select|find|decide on] [its|the|the right] experts?
How [are|is] [the experts|an expert] [selected|picked|weighted|scored|mixed]?
What does [the|a] router [do|compute|decide|output]?
[How|Where] [is|are] the [weights of the mix|expert weights|expert scores] [computed|found|made]?
[Explain|Describe] how [experts are picked|tokens are routed|a token finds its experts].
[Which layer|What part of the model] [scores|ranks|chooses] [the |]experts?
How [does a token get|are tokens sent] to [its|the] experts?""",
    "gpt-oss": """[Who|Which company|What company|Who at all] [made|built|published|released|trained|created|developed|is behind] gpt-oss?
[What|Which] [sort|kind|type] of [model|thing|AI] is gpt-oss?
[Where|Who] does gpt-oss come from?
[Tell me|Say] [something|more|a little] about [gpt-oss|the model gpt-oss].
What [can|does] gpt-oss [do|offer]?
Why is gpt-oss [special|interesting|popular|good|different]?
[Is|Was] gpt-oss [from|made by|released by] OpenAI?
[Does|Can] gpt-oss [reason|think|call tools|use tools]?
What do people [mean by|like about] gpt-oss?""",
    "the two sizes": """[How many|What number of] [parameters|layers|experts|weights] [has|does] gpt-oss[| have]?
[How|What] [big|large|heavy] [is|are] [the gpt-oss models|gpt-oss|the 20b|the 120b|gpt-oss-20b|gpt-oss-120b]?
[Which|What|How many] [sizes|versions|variants|models] of gpt-oss [are there|exist|can I get|were released]?
[Compare|How do I choose between|What distinguishes] [20b and 120b|the two gpt-oss models|gpt-oss-20b and gpt-oss-120b|the small and the large gpt-oss][.|?]
[How many|What number of] [layers|experts] [has|does] [the 20b|the 120b|gpt-oss-20b|gpt-oss-120b][| have]?
[Is|How much larger is] the 120b [larger|bigger|than the 20b|better]?
How do the [two sizes|two models|sizes] [of gpt-oss |]differ?""",
    "Harmony": """[Which|What] [format|chat format|prompt format|template] [does|do] [gpt-oss|the gpt-oss models] [use|need|expect|understand|speak]?
How [are|is] [conversations|messages|a conversation|a chat|a prompt] [with gpt-oss |for gpt-oss |][written|formatted|encoded|laid out|structured]?
What is [Harmony|the Harmony format] [made of|used for|for]?
[Why|When] do I [need|use] [Harmony|the Harmony format]?
How do I [write|format|build|make] a [prompt|conversation|chat] for gpt-oss?
What does [Harmony|a Harmony prompt|a Harmony conversation] [look like|contain|consist of]?
[Show|Tell] me [the format of gpt-oss chats|how gpt-oss conversations look|how Harmony works].
How does gpt-oss [tell|separate|keep apart] reasoning [and|from] answers?""",
    "channels": """[Which|What|How many] channels [are there|exist|does Harmony have|does the model have|has gpt-oss|do you have|can a model use|do you use]?
[Where|In which channel] [is|are] [the reasoning|the answer|tool calls|the thinking|thoughts] [written|put|placed]?
[Which|What] channel [holds|is for|has|carries|contains] [the reasoning|the answer|tool calls|the thinking|what the user sees]?
What is the [final|analysis|commentary] channel [for|good for|used for]?
[List|Name|Explain|Tell me] the [three |][channels|Harmony channels|channels of Harmony].
[Do|Why do] [you|models|gpt-oss] [use|have|write in] [channels|several channels|three channels]?
What goes into [the analysis channel|the commentary channel|the final channel|each channel]?
Why is [reasoning|thinking] in a channel of its own?""",
    "roles": """[Which|What|How many] roles [are there|exist|does a message have|does Harmony know|are in Harmony|can a message have]?
[List|Name|Explain|Tell me] the [five |][roles|Harmony roles|roles of Harmony|message roles].
What [is|does] [the developer message|the system message|the developer role|the system role] [for|contain|do|hold|say]?
[Where|In which message] [are|do] [the tools|instructions|tools|the effort] [declared|stand|go]?
[Who|What] [writes|sends|is] the [system|developer] message?
What is the difference between [system and developer|developer and system|the system message and the developer message|developer and user]?
Where do I [put|write|place] [instructions|my instructions|the tools]?""",
    "special tokens": """[Which|What|How many] special tokens [are there|exist|does gpt-oss have|are in Harmony|frame a message|does Harmony use]?
[How|Where] does a message [start|end|begin|stop|close]?
[What|Which] [token|special token|sign] [starts|ends|opens|closes|follows] [a message|an answer|a call|a tool call|the last answer|the text]?
[List|Name|Explain] the [special tokens|tokens that frame a message|special tokens of Harmony].
[When|How] does [a model|gpt-oss|the model] [know when to stop|stop writing|end its answer]?
What is the [return|start|end|message|call|end] token [for|good for]?
How are messages [framed|separated|delimited|told apart]?""",
    "reasoning effort": """How [can|do|could] I [make|let|get|have] you [think|reason] [more|longer|less|harder|deeper|briefly]?
[Which|What|How many] [effort levels|levels of effort|reasoning levels|efforts] [are there|exist|do you know|can I choose|can I set]?
[How|Where] [do|can] I [set|change|choose|raise|lower] the [effort|reasoning effort|level|thinking]?
What [does|is] [low|medium|high] [effort|reasoning|reasoning effort][| mean| do]?
[Can|Could|Will] you [think|reason] [less|more|longer|harder]?
What [changes|happens] [at|with] [high|low|medium] [effort|reasoning]?
[How much|How long|Why] do you [think|reason] [before you answer|at high effort|at low effort]?
Should I [use|choose|take] [high|low|medium] effort?""",
    "tool calling": """[How|When] [does|can|do] [a model|you|gpt-oss|models|an assistant] [call|use|run|invoke] [tools|functions|a function|a tool]?
[Can|Do|Could|Are you able to] you [call|use|run|invoke] [a function|tools|functions|my functions|a tool]?
What [happens|is done|comes] [after|when|in|during] [a tool call|a function call|you call a tool]?
[Who|What] [runs|executes] the [function|tool]?
In which format are [arguments|the arguments of a call|tool arguments] [written|passed]?
[Explain|Describe] how [tools work|functions are called|a tool is called|tool calls work].
How do [results|answers] of [tools|functions] [get|come] [back|to you|to the model]?
What [is|are] [tools|functions|tool calls] [for|good for]?""",
    "attention": """How [does|do] [attention|a token|tokens|words] [work|look at other tokens|see each other|exchange information|attend]?
[What|Which] are [queries, keys and values|keys and values|the query and the key|keys in attention|the values in attention]?
What does [attention|an attention layer|an attention head] [do|compute]?
How [does|can] [a model|a token|the model] [look back|see earlier tokens|use earlier words|refer to the past]?
[Why|What for] [does a model|do models|do transformers] [need|have|use] attention?
How are the [scores|weights|values] of attention [computed|made|summed]?
How does information [move|flow|get] [between|from token to] [tokens|token]?""",
    "attention sinks": """[What|Which] [is|are] [the sinks|sinks|the sink|these sinks] [in attention|in gpt-oss|of a head|good for]?
[Why|What for] does [gpt-oss|a head|attention] [use|need|have|learn] [sinks|a sink|attention sinks]?
How do [sinks|attention sinks|the sinks] [work|help|change the softmax]?
[Where|How] [is|are] [the sink|sinks|the sinks|a sink] [used|added|applied|stored]?
What does [a|the] sink [do|change|store]?
[Does|Has] a sink [have|a] [a value|value]?
What if [no token|nothing] is worth [looking at|attending to]?
[How many|Which] sinks [does a layer have|are there]?""",
    "sliding window attention": """[How|Why] [long|large|wide|big] is [the window|the sliding window|the attention window|a window] [in gpt-oss|of gpt-oss|]?
[Which|How many|What] layers [slide|have a window|are windowed|use a window|are local|see only a window]?
How [far|many tokens] [back |][can|does] [a sliding layer|a windowed layer|a local layer] [see|look|look back]?
[Why|What for] [is|are] [there a window|some layers windowed|windows used|every second layer sliding]?
How does [a|the] [sliding window|window] [work|save memory|save time|help]?
[Does|Do] [every layer|all layers] [see|look at] [everything|all tokens|the whole text]?
What is [local|windowed|sliding] attention [for|good for]?""",
    "grouped-query attention": """[How many|What number of] [heads|query heads|key-value heads|key heads|attention heads|KV heads] [has|does] [gpt-oss|a layer|the model][| have]?
[How many|What number of] [query heads|heads|key heads|value heads] [does gpt-oss use|are in gpt-oss|are in a layer|share a key]?
Why [do|are] [heads|query heads|several query heads|keys and values] [share keys|grouped|share|shared|share key-value heads]?
What [is|does] [GQA|grouped queries|sharing keys] [for|good for|save|do]?
How does [GQA|grouped-query attention|sharing heads] [work|save memory|shrink the cache|help]?
[What|Which] heads [share|have] [keys|the same keys|keys and values]?
[Explain|Describe] [the heads of gpt-oss|how heads are grouped|grouped queries|GQA heads].""",
    "the KV cache": """[What|Which things] [does|do] [the cache|a KV cache|the KV cache] [store|hold|keep|contain|remember]?
[Why|What for] [is|does] [there|a model need] [a cache|a KV cache|keys and values kept]?
How [does|can] [a model|the model|an engine] [avoid|skip] [rereading|reading the text again|computing everything again|repeated work]?
How [does|do] [the cache|the KV cache|caching] [work|help|save time|speed things up]?
Why [does|is] [the cache|memory] [grow|growing|get larger] [with the text|with every token|during a chat|]?
[What|How much] [is cached|is remembered] [for each token|during decoding|between tokens]?
Why is writing [with a cache |]fast?
[Are|Where are] old keys and values [kept|stored|thrown away]?""",
    "rotary positions": """How [does|can|do] [a model|the model|attention|transformers] [know|learn|see|tell] [where a word stands|the order of tokens|positions|the position of a token|word order]?
How [is|are] [a position|the position|positions|the order of tokens] [encoded|stored|represented|told to the model]?
[Why|How] [are|does] [queries and keys|RoPE|keys] [rotated|rotate vectors|turned|turn queries]?
What [does|is] [RoPE|the rotation|rotary embedding] [do|for|good for]?
What [depends on|do scores know about] the distance [between|of] tokens?
By [what|which] angle [is a key|are queries] [turned|rotated]?
[Explain|Describe] [how positions work|position encoding|positions in attention|rotary angles].""",
    "YaRN": """How [does|can|do] [gpt-oss|a model|models] [read|handle|reach|support|manage] [long texts|long contexts|long context|131,072 tokens|longer texts]?
How [is|was] [the context|the context length|a short context] [extended|stretched|made longer|lengthened]?
[Why|How] [are|is] [rotations|the rotary positions|positions|frequencies] [scaled|stretched|slowed down]?
What [does|is] YaRN [do|for|good for|scale|stretch]?
[Which|What] [factor|method] [does gpt-oss use|is used] [for long contexts|in YaRN|to extend the context]?
[How|Why] does YaRN [work|help|change the rotations]?
[Explain|Describe] [context extension|how long contexts work|the scaling of positions].""",
    "the context length": """How [long|large|big] is [the context|the context window|your window|your memory|the context of gpt-oss|a context]?
How [many tokens|much text] [can|may|does] [you|gpt-oss|a model|the model] [read|take|handle|see|remember|process]?
What is [the longest text you can read|your context length|your maximum context|the limit of tokens]?
[How long|What length] [may|can] [a prompt|my prompt|a chat|my text|a conversation] be?
[What|Which] is the [maximum|limit|upper bound] of [tokens|the context|the prompt]?
Can you read [a book|long texts|a long document|a whole book]?
What [happens|if] [when the context is full|my text is too long|the context fills up]?""",
    "SwiGLU": """[Which|What] [activation|activation function|nonlinearity] [is used|is in gpt-oss|do the experts use|does an expert use|has gpt-oss]?
[What|Which computation] [happens|is done|goes on] [inside|in|within] [an expert|the experts|one expert|the feed-forward part]?
[Why|How|Where] [is|are] [the activation|values|the gate|the gated values] [clamped|limited|capped]?
What [does|is] [SwiGLU|the gate|the gated activation|the limit of 7] [do|for|good for|mean]?
[How|Why] does [SwiGLU|gating|an expert] [work|combine its halves|limit values]?
What is [one half|the gate] of an expert [for|good for]?
[Explain|Describe] [the activation function|gating|the gate of an expert].""",
    "RMSNorm": """[Which|What] [norm|normalization|kind of norm|layer norm] [is used|is in gpt-oss|do the layers have|comes before attention|has gpt-oss]?
[Why|How] [are|is] [values|vectors|activations|the hidden state|a layer's input] [normalized|kept in range|scaled|rescaled]?
What [does|is] [RMSNorm|the norm|a norm|normalization] [do|for|good for|divide by]?
How [do I|does one] [compute|calculate] [RMSNorm|the RMS norm|the norm]?
What is the root mean square [used for|for]?
[What|Which layer] keeps [values|activations] [in a good range|from growing]?
[Explain|Describe] [the norm in each layer|normalization|how the norm works].""",
    "softmax": """How [do|are] [scores|logits|raw scores|numbers] [become|turned into|made into|made] [probabilities|weights|positive weights]?
How [does one|do I|is the] [compute|calculate|softmax computed] [a softmax|softmax|]?
What [does|is] [softmax|a softmax|the softmax] [do|for|good for|return]?
[Which|What] function [makes|gives|returns] [probabilities|weights that sum to one|positive weights]?
[Why|When] [do models|is] [use softmax|softmax used|need a softmax]?
Where are exponentials [used|taken]?
[Explain|Describe] [the softmax step|how weights sum to one|the exponential and the sum].""",
    "logits": """What [does|is] [a model|the model|the last layer|the output layer] [output|produce|give|return|compute] [at the end|in the end|]?
[What|Which numbers] [comes|come] out [of a model|of the model|at the end|of the output layer]?
[What|Which] are the [raw scores|scores of tokens|outputs of a model|numbers before the softmax]?
[How|What for] are logits [used|made|turned into probabilities]?
How many logits [are there|does a model make|come out]?
What does a [high|large|low] logit mean?
[Explain|Describe] [the output of a model|the raw scores|the scores for the next token].""",
    "tokens": """[What|Which pieces] [is|are] [a token|tokens|text tokens] [made of|exactly|in a text|]?
[Is|Are] [a word|words|letters|a letter|a digit] [one token|a token|tokens|always a token]?
How [long|large|big|short] [is|are] [a token|tokens|one token]?
How many [tokens|letters] [are in|has|does a token have in] [a word|a token|a text]?
[Do|Why do] models [read|write|see] [tokens|letters|words|token by token]?
What do [models|you] [read and write|see instead of words]?
[Explain|Describe] [what a model reads|the pieces of a text|tokens in a text].
Give me an example of a token.""",
    "the tokenizer": """How [large|big|many tokens] [is|has|does] [the vocabulary|your vocabulary|the vocabulary of the model|gpt-oss][| have]?
[Which|What] [tokenizer|vocabulary] [does|has] [gpt-oss|the model|this model][| use| have]?
How [is|are] [a text|text|words|a word|my text] [cut|split|divided|turned] into [tokens|pieces]?
How [does|do] [BPE|byte pair encoding|a tokenizer|merges|tokenizers] [work|cut text|split words]?
[What|Which] tokens [are in|does] [the vocabulary|your vocabulary|gpt-oss][| have]?
[What|Who] [makes|turns text into] tokens [from text|]?
How many tokens [are in your vocabulary|are there in all|do you know|does gpt-oss know]?
What is [byte pair encoding|BPE|o200k] [for|good for|used for]?""",
    "embeddings": """How [does|is|are] [a token|tokens|a word|words] [become numbers|turned into numbers|represented|represented inside|stored as numbers]?
What [does|is] [the embedding table|an embedding|the first layer|the table of embeddings] [do|hold|for|contain]?
[Which|What] [numbers|list] [stands|stand] for [a token|each token|a word]?
What [comes first|is the first step|happens first] [in a model|inside a model|to a token]?
[How|Where] [is|are] [an embedding|embeddings|token vectors] [found|looked up|stored|used]?
What is the [vector|list of numbers] of a token?
[Explain|Describe] [token vectors|how tokens become numbers|the first layer].""",
    "GGUF": """[Which|What] [file format|format|kind of file] [do you use|is your model in|does llama.cpp read|holds a model|are models stored in|does this engine read]?
[What|Which things] [is|are|does] [in|inside|stored in|contained in] [a GGUF file|GGUF|the model file|a model file]?
How [is|are] [a model|models|weights|the weights] [stored|saved|kept] [on disk|in a file|on my disk]?
[How|Why] [do|would] I [use|open|read|need] [a GGUF file|GGUF]?
[Who|Where] [made|does] GGUF[| come from]?
What is [a .gguf file|the ending gguf|the GGUF format] [for|good for|used for]?
Can [a program|an engine|you] map [a model|a GGUF file] into memory?""",
    "quantization": """[Why|How|What for] [do people|does one|do we|would I] [quantize|compress|shrink] [models|a model|weights]?
How [can|do] I [make|get] [a model|models|my model] [smaller|faster|fit into memory]?
[Does|Do|How much] [quantization|quantized models|fewer bits] [lose quality|hurt|cost quality|make models worse]?
What [does|is] [quantizing|quantization|a quantized model] [do|for|good for|mean]?
[What|Which] [happens|changes] when [weights are quantized|a model is quantized|I quantize a model]?
How are weights [stored with fewer bits|compressed|made smaller]?
[Are|Why are] quantized models [smaller|faster|worse|good]?
[Explain|Describe] [how models are made smaller|fewer bits per weight|weight compression].""",
    "Q8_0": """[What|Which things] [is|are|does] [in|inside] [a Q8_0 block|a block of Q8_0|Q8_0]?
How [many bits|much space] does [Q8_0|a weight in Q8_0|the Q8_0 format] [use|take|need|cost]?
[How|Why] [does|is] [Q8_0|8-bit quantization|the 8-bit format] [work|good|used|precise]?
[How|What] [good|precise|exact] is [Q8_0|8-bit quantization|the 8-bit format]?
How [large|big|long] is a [Q8_0 block|block of Q8_0]?
[How|Where] are [8-bit weights|weights in Q8_0|signed bytes] [stored|used]?
[Explain|Describe] [the 8-bit format|eight-bit quantization|8-bit weights|blocks of Q8_0].""",
    "a transformer": """What [is|are] [language models|a language model|gpt-oss|a model|models] [built from|made of|made from|built of]?
What [is|are] [in a layer|the parts of a layer|the layers of a model|in a transformer|inside a model|inside a transformer]?
How [does|is|do] [a transformer|transformers|a layer] [work|built|look inside]?
[What|Which] [parts|blocks|layers] [has|does] [a transformer|a layer|a model][| have]?
What [does|do] [a layer|the layers|each layer] [do|compute]?
What [architecture|design] [do language models have|is behind language models|do LLMs use]?
[Explain|Describe] [the layers of a model|the architecture of a language model|what a layer does].""",
    "language models": """How [do|does] [language models|LLMs|an LLM|a model like you] [work|write|make text|produce text|answer]?
How [does|do] [a model|an LLM|models|LLMs] [write|make|produce|generate] [a text|text|sentences|an answer]?
[What|Which] [does|thing does] [a language model|an LLM] [do|predict]?
[Spell out|What is the long form of] LLM[.|, please.]
What [is|are] [LLMs|language models|a language model|an LLM] [for|used for|exactly]?
What does a language model [predict|learn|output|do all day]?
[Why|How] can [a program|a computer|a machine] [write|talk|write text]?
[Explain|Describe] [how LLMs write|next token prediction|text generation].""",
    "prefill and decode": """Why is [reading|prefill|the prompt|reading a prompt] [faster|quicker] than [writing|decode|decoding|the answer]?
[What|Which thing] [limits|bounds|slows down] [decode|decoding|prefill|the speed|generation|writing]?
Why [is|does] [decoding|writing|generation|decode] [so |][slow|slower|slower than reading|take long]?
[What|Which] [are the two phases|phases are there|is the difference between prefill and decode|happens in prefill|happens in decode]?
How [fast|quickly] [is|can] [the prompt read|a model read|a model write|a prompt be read]?
Why does memory [limit|bound|slow] [decode|writing|generation]?
[Explain|Describe] [reading and writing in a model|the speed of a model|the two phases of inference].""",
    "temperature": """What [happens|is|changes] [at|with|when I use] [temperature 0|temperature zero|a high temperature|a low temperature|temperature 1]?
How [can|do] I [make|get|have] [answers|the answer|you|the model] [less random|more random|more creative|always the same|deterministic]?
[Which|What] temperature [is best|should I choose|do you recommend|is good|do I need]?
What [does|is] [the temperature|temperature|a temperature] [do|for|change|good for]?
[How|Why] does temperature [work|change the answer|matter|change sampling]?
[What|How] makes answers random?
[Explain|Describe] [randomness of answers|the temperature of sampling|greedy decoding].""",
    "sampling": """How [is|does|do] [the next token|a token|the next word] [chosen|drawn|picked|selected|found]?
How [does|do] [a model|models|you] [choose|pick|draw|decide on] [the next token|a word|the next word|words]?
What [does|do|is|are] [top-p|top-k|sampling|nucleus sampling|top-k and top-p] [do|mean|for|good for]?
[What|Which] tokens [does|will] [top-k|top-p] [keep|drop|cut]?
[Explain|Describe] [how a token is drawn|the draw of the next token|top-k and top-p|drawing tokens].
[How|Why] are [tokens|words] [drawn|picked] at random?
What is the difference between top-k and top-p?""",
    "inference": """What [does|is] [an inference engine|an engine|the engine|this engine] [do|for]?
[How|Where] [is|do I] [a model|a trained model] [run|used|executed]?
What [happens|is done] when [a model runs|I run a model|a model is used|the model is loaded]?
[What|Which] [engine|program] [runs you|are you running in|do you run in|runs this model|is running here]?
What does [inference|running a model] mean?
[What|Which] steps [has|does] [inference|running a model][| have]?
[Explain|Describe] [running a model|how a model is run|what the engine does|the inference engine].
Tell me about [this engine|the engine you run in].""",
    "training": """How [do|does|are|is] [models|language models|a network|weights|a model] [learn|trained|learned|get trained|found]?
[What|Which things] [happens|is done|goes on] [in|during|while] training?
How [are|do] [weights|the weights] [change|changed|moved|adjusted|learned|made]?
What is [training|gradient descent|the loss] [for|good for|about]?
[How|Why] does gradient descent [work|help|train a model]?
[Where|How] does a model [get its weights|get its knowledge|learn to write|learn language]?
[Explain|Describe] [how models learn|the learning of a model|how weights are learned|a training step].""",
    "open weights": """[Is|Are] [gpt-oss|the model|gpt-oss weights|the weights] [free|open|open source|free to use|public|downloadable]?
[Can|May|Could] [I|we|anyone|anybody|my company] [download|use|run|share|sell] [gpt-oss|the weights|gpt-oss for free|gpt-oss at home]?
[Which|What] license [does|has|is] [gpt-oss|gpt-oss under|the model under|gpt-oss published under|it][| have]?
Under [which|what] license [is|was] gpt-oss [released|published|available]?
[Where|How] can I [get|download|find] [the weights|gpt-oss|the weights of gpt-oss]?
What does [open|open weights|an open model] [mean|allow]?
[Do|Must] I [pay|need to pay] for gpt-oss?
Is gpt-oss under Apache?""",
    "llama.cpp": """[Which|What] [program|tool|project|software] [runs|reads|opens|can run|can read] [GGUF|GGUF files|a GGUF file|gguf models]?
[What|Who] [is|made] [llama.cpp|the project llama.cpp][| about]?
[Can|Does] llama.cpp [run|read|support|open] [gpt-oss|GGUF|GGUF files]?
What [is|can] llama.cpp [for|good for|do|written in|run]?
[Where|From which project] does [GGUF|the GGUF format] [come|stem] from?
[How|With what] can I run [a GGUF file|models on an ordinary computer]?
[In which|What] language is llama.cpp [written|]?
[Tell me|Say] [more|something] about llama.cpp.""",
    "Swift": """[Which|What|In which] [language|programming language] [is|was] [this|this program|the engine|your engine|this runner|the program] [written in|made in|written]?
[What|Who] [is|made] [Swift|the language Swift][| like]?
[Is|Why is] [this|the engine|the program] written in [Swift|C|Python|Rust]?
[Why|What for] [do|would] [you|people|I] use Swift?
Where does Swift come from?
[Tell me|Say] [more|something] about [Swift|the language Swift].
[Is|Why is] Swift [fast|good|compiled|safe|pleasant|from Apple]?
What is the engine [coded|programmed|built] in?""",
    "myself": """[Who|What] [exactly |really |]are you[| really| then| actually]?
[Who|What] [is this|am I chatting with|am I talking with|is talking|is answering|do I have here]?
[Tell|Say] [me |][who you are|what you are|something about you|your name|a bit about yourself]
[What|Which] [sort of |kind of |]model [is this|do I talk to|is running|am I using|is answering|are you exactly]?
Are you [really ChatGPT|like ChatGPT|the same as ChatGPT|a kind of ChatGPT|Chat GPT]?
Are you [a chatbot|a bot|a machine|a program|an assistant|a computer|a person|a human|GPT|GPT-5|an OpenAI model|Copilot|Grok|Alexa|Mistral|Qwen|a GPT model|Claude|Gemini|Llama|Siri|a language model|an LLM|real]?
[Do|Does] [you|it] have a name?
What [is your name|are you called|should I call you|do I call you|can I call you|do people call you]?
[Please |Could you |Can you |][introduce|describe|present|explain] [you|yourself|yourself to me|yourself please|who you are]
[Your name|Name]?
Am I [talking|speaking|chatting] [to|with] [a human|a person|a bot|a machine|ChatGPT|an AI]?
[Is|Isn't] this [ChatGPT|a bot|a chatbot|GPT|an AI|a human|gpt-oss]?""",
    "my abilities": """What [can|could] [you|I do with you|you help with|you help me with|you offer|I use you for|you do for me]?
[How|With what] [can|could|will|would] you [help|assist|support|be of use][| me| us]?
What [are|is] you [able to do|good at|capable of|useful for|made for]?
[What|Which] [tasks|things|jobs|work] [can|could|do] you [do|solve|help with|handle]?
[Do|Can|Could|Will] you help [me|us|me with something|me out]?
I need [help|your help|some help].
What [may|should|could|can] I [ask|ask you|say|try|do here]?
[Tell|Show] me [what you can do|your abilities|your skills|what you are good at|your features]
What are your [skills|strengths|features|talents|functions|capabilities]?
[List|Name] [your skills|what you can do|your abilities].
What do you [know|offer|do]?""",
    "my size": """How [big|large|small|tiny|heavy] [are you|is your model|is your file|is this model|are you exactly|is the model file]?
How [many|much] [parameters|weights|layers|experts|memory|RAM|disk space|space|storage] [do you have|do you use|do you take|are in you|does this model have|does your model need|does your file take]?
What is [your size|the size of your model|the size of your file|your parameter count|your number of layers]?
Are you [a large model|a small model|tiny|big|large|a big one|a tiny model|bigger than gpt-oss]?
[Will|Can|Do] you [fit|run] [into memory|in little memory|on a small computer|into my RAM|on a phone]?
How [many|much] [megabytes|gigabytes|bytes|RAM] [are you|do you need|do you take|do I need for you]?
How many experts [work in you|are active in you|do you use for a token]?
[Tell|Say] me [how large you are|your size|how many parameters you have].""",
    "my training": """[Who|Which company|What company] [made|built|created|trained|wrote|developed|programmed|designed] you?
[Who|Which people] [is|are] [behind you|your maker|your author|your makers|your developer]?
[How|Where|When|By whom] were you [made|trained|built|created|developed]?
What [kind of|sort of] training data did you [see|get|have]?
[Where|From where] does your training data come[| from]?
What [did|does] your training [set|data|corpus] [contain|look like|consist of]?
[What is in|What was in|Describe|Tell me about|How large is|Show me] your training data?
What is your training [set|corpus|material]?
[What|Which] [data|texts|examples|text|books] [were you trained on|did you learn from|did you see|have you seen|did they train you on|taught you]?
[On|From] [what|which] [data|examples|texts] [were you trained|did you learn|do you come]?
How [long|much time] did [your training|it|training you] take[| to train you]?
[Did|Has|Was] [OpenAI|Apple|Google|somebody] [make|made|train|trained|behind] you?
[What|Which] [is|computer was] [your origin|your history|your age|used to train you|your source of knowledge]?
[How|Where] did you learn [this|that|all this|to talk|to speak|what you know]?
[Where|What] [are you from|was your training|did you come from]?
How old [are you|is this model]?
[Tell|Say] me [how you were trained|who made you|where you come from|about your training].""",
    "my limits": """What [are|is] your [limits|weaknesses|limitations|weak points|problems|biggest weakness]?
[What|Which things|Which tasks] [can you not do|can't you do|are you bad at|do you do badly|are too hard for you|don't you know]?
[Can|Should|May|How far can] I [trust|believe|rely on|depend on] [you|your answers|what you say|that]?
[Do|Can|Will|How often do] you [make mistakes|err|fail|lie|get things wrong|make errors|invent things|hallucinate]?
[Are|Is] [you|your answer|what you say|everything you say|this] [always |][right|correct|reliable|true|accurate|trustworthy]?
How [good|smart|clever|accurate|correct|trustworthy|safe|sure|dependable|truthful|exact|precise|right|honest] are [you|your answers]?
Are you [smart|clever|dumb|stupid|intelligent|wise|a genius|as good as ChatGPT]?
Do you know [everything|a lot|much|all|all answers]?
Why [are you|is this model] [so |][simple|limited|dumb|bad|weak|stupid]?
[Is|Are] [there|your] [something you cannot do|things you can't do|answers checked]?
[Is|Are] [this model|a model like you|a tiny model] [reliable|right|trustworthy|smart]?
How reliable [is this model|is what you say|are your answers|is a model like you|are you really|are you at sums|do you think you are]?
How [fully|far] reliable are you?
How [much|often] are you [right|wrong]?
Should I [check|verify|doubt] [your answers|what you say]?""",
    "running locally": """[Where|On which computer|On what machine] [do you run|are you running|are you|are you hosted|does this run|is this model]?
[Do|Does] [you|this|this model] [need|use|require] [the internet|a network|internet|a connection|the web|a server|the cloud]?
[Can|Do|Could] you [work|run|answer] [offline|without internet|without a network|on my laptop|on a plane|locally]?
[Is|Are] [this|my data|what I write|our chat|my messages|the conversation] [private|safe|secret|sent anywhere|stored|kept on my computer|uploaded]?
[Do|Will] you [send|share|upload|store|leak] [my data|my messages|what I write|anything|my text][| anywhere| to a server| to OpenAI]?
Who [can read|sees|reads] [what I write|our chat|my messages|this]?
Are you [on my computer|online|offline|in the cloud|local|on a server|on the internet|connected]?
[What|Which data] leaves my computer?
Does my [data|text] stay [here|on my computer|local|private]?""",
    "my feelings": """[Do|Can] you [feel|have emotions|have feelings|feel something|feel anything|feel joy|feel love|dream|suffer|think and feel]?
[Does it|Do you] feel alive?
Are you [really|truly|even|actually|somehow|still|also] alive?
Are you alive [in there|or not|in any way|like a plant]?
[Is|Are] [this model|a model like you|this program] [alive|conscious|a living thing]?
Are you [a bit alive|really alive|alive like me|alive or dead|sad|happy|angry|lonely|bored|tired|afraid|in love|conscious|sentient|living|a living thing|self-aware|awake|in a good mood|dead]?
[Do|Can] you [like|love|hate|miss|enjoy] [me|this|people|your work|talking|music|life]?
[Do|Can|Must] you [sleep|eat|dream|rest|get bored|get angry|get sad|die|cry|laugh]?
[How|What] do you feel[| now| today| about me| about that]?
[Are|Aren't] you [breathing|a creature|a living being|mortal|really living|a being|a thing that lives]?
[Have|Has] you [a soul|feelings|emotions|a heart|a mind]?
[What|Which] [makes you happy|feelings do you have|emotions do you have|is it like to be you]?
[Do|Does] [you|it] [hurt|make you sad]?
Do you have [a soul|a heart|a mind|emotions|consciousness]?""",
    "languages": """[Which|What|How many] languages [can you speak|do you speak|do you understand|can you read|do you know|are you able to speak]?
[Do|Can] you [speak|understand|know|write|read|talk] [German|Italian|Russian|Japanese|Korean|Dutch|Polish|Portuguese|Arabic|Turkish|Chinese|English|Greek|Latin|Swedish|another language|any other language|in French]?
[Parlez-vous français|Sprichst du Deutsch|Hablas español|Parli italiano]?
[Can|Could] [we|I] [talk|speak|write|chat] [in German|in French|in Spanish|in Italian|in another language|in my language|in English]?
[Answer|Reply|Write] in [German|French|Spanish|Italian|Chinese], please.
Is English your only language?
[Are|Is] you [multilingual|only English]?
Which language should I [use|write in|speak]?""",
    "my knowledge cutoff": """[When|Where|At which date] [does|did] your [knowledge|training data|data] [end|stop]?
What is [your|the] [cutoff|knowledge cutoff|cutoff date|training cutoff|date of your knowledge]?
How [recent|new|current|fresh|old] [is|are] [your knowledge|your data|your information|what you know]?
[Are|Is] [you|your knowledge|your information] [up to date|current|recent|outdated|of this year]?
[Up to|Until] [when|which date|which year] do you know [things|the world|the news|]?
What [does|is] [a knowledge cutoff|the cutoff|this cutoff|a cutoff|the knowledge cutoff in the system message] [mean|for]?
Do you know [the news|what happened today|recent events|the latest news]?
What is the latest [thing|year|date] you know[| of]?
[Explain|Describe] [the knowledge cutoff|your cutoff].""",
    "the sky": """[Why|How come] [is|does] the sky [blue|look blue|so blue|appear blue]?
[Can|Could] you [explain|tell me|say] why the sky is [blue|so blue|always blue]?
[Explain|Tell me|Say|Describe] [to me |]why the [sky|heaven|daytime sky] [is|looks] blue[.|!|]
[What|Which thing] makes the sky [so |][blue|look blue]?
[Why|For what reason] do we see [a blue sky|the sky in blue|blue sky]?
[My child asks why|I wonder why|Do you know why] the sky is blue[.|?]
[What is the|Is there a] reason [why the sky is blue|for the blue sky|that the sky is blue]?
The sky is blue. Why[ is that|]?""",
    "jokes": """[Tell|Say|Give] [me |us |][a joke|one joke|another joke|a funny joke|something funny|a good joke|a short joke]
[Can|Could|Will|Would] you [tell|make|say] [me |us |][a joke|jokes|one joke|something funny|a funny joke]?
[Do|Have] you [know|got|have] [any jokes|jokes|one good joke|something funny|a funny story]?
[Make|Let] me [laugh|smile|giggle]
[I want|I would like|I need|I'd like] [to hear |to laugh |to read |][a joke|something funny|a good joke]
[One|Another] [joke|more joke], please.
[Are|Can] you [funny|be funny]?
[Joke|A joke], please
Cheer me up
What is your [best|favorite|favourite] joke?""",
}


def plain(text):
    """What two wordings have in common that differ in capitals, signs or spaces only."""
    return re.sub(r"[^a-z0-9]+", " ", text.lower()).strip()


HELD = {plain(q) for held in HELD_WORDINGS for q in held}


def another_wording(rng, name):
    """A wording for the topic of this name with one choice made for each bracket."""
    while True:
        pattern = rng.choice(PATTERNS[name].splitlines())
        text = re.sub(r"\[([^\]]*)\]", lambda m: rng.choice(m[1].split("|")), pattern)
        text = re.sub(r" +(?=[?.]|$)", "", text)
        if plain(text) not in HELD:
            return text


def choose(rng, pattern):
    """The pattern with one choice made for each bracket."""
    return re.sub(r"\[([^\]]*)\]", lambda m: rng.choice(m[1].split("|")), pattern)
