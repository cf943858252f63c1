"""Harmony cases that go for the corners, with what OpenAI's library makes of them."""

import json
import random

from openai_harmony import HarmonyEncodingName, Role, StreamableParser, load_harmony_encoding

ENCODING = load_harmony_encoding(HarmonyEncodingName.HARMONY_GPT_OSS)
LIBRARY = ENCODING._inner  # Takes JSON text as it is.
KEYS = ["type", "enum", "oneOf", "anyOf", "properties", "required", "items", "nullable", "default", "description",
        "title", "examples", "$ref", "const"]
TYPES = ["object", "object", "object", "string", "number", "integer", "boolean", "array", "null", ["string", "null"],
         ["integer", "object"], [], [1], "weird"]
NAMES = ["p", "q", "é", "e\u0301", "a b"]
TEXTS = ["", " ", "x", "line1\nline2", "a\r\nb\r\n", "c\r", "\n\n", "é<|end|>"]
FRAGMENTS = ["<|start|>", "<|end|>", "<|message|>", "<|channel|>", "<|constrain|>", "<|return|>", "<|call|>", "assistant",
             "user", "tool", "system", " to=functions.x", "to=y", "to=", "analysis", "final", "commentary", " json", "json",
             " code", "\u00a0", "\u2003x", "\u0085", "  ", "\n", "functions.f", "<", "é", "e\u0301", "<|endoftext|>",
             "<|reserved_200013|>", "hello world", "\x0b", "\x0c", "🙂", "你", " assistant "]
HALVES = [9552, 132990, 55, 56, 200014, 199998, 201087, 201088, 200000]  # Halves of characters, odd special tokens.
UNKNOWN = [201089, 99999999, 4294967295, 300000]


def make(seed, count):
    rng = random.Random(seed)
    cases = [render_case(rng) if index % 2 else parse_case(rng) for index in range(count)]
    for index, case in enumerate(cases):
        case["id"] = f"harder {seed}-{index}"
    return cases


def value(rng, depth=0):
    kind = rng.randint(0, 9)
    if kind == 0:
        return None
    if kind == 1:
        return rng.choice([True, False])
    if kind == 2:
        return rng.choice([
            0, 1, -1, 2**63, 2**64, 10**30, -(2**63) - 1, 1.5, 1e16, 1e22, -0.0, 5e-324, rng.uniform(-1, 1),
            rng.random() * 10 ** rng.randint(-310, 307), float(rng.randint(0, 2**60)), 123456789012345678])
    if kind == 3 or depth > 3:
        return rng.choice(["", "x", 'a"b', "\\", "\n", "\u2028", "é", "e\u0301", "\x7f\x01", "null", "<|end|>"])
    if kind < 6:
        return [value(rng, depth + 1) for _ in range(rng.randint(0, 3))]
    return {rng.choice(["a", "b", "é", "e\u0301", "type"]): value(rng, depth + 1) for _ in range(rng.randint(0, 3))}


def schema(rng, depth=0):
    def several(make, most=3):
        return [make() for _ in range(rng.randint(0, most))]

    deeper = depth < 4
    result = {}
    for key in rng.sample(KEYS, rng.randint(0, 7)):
        if rng.random() < 0.12:
            result[key] = value(rng, 2)
        elif key == "type":
            result[key] = rng.choice(TYPES)
        elif key == "enum":
            result[key] = several(lambda: rng.choice(["a", "b", 'q"', 1, None]))
        elif key == "oneOf":
            result[key] = several(lambda: schema(rng, depth + 1)) if deeper else []
        elif key == "properties":
            pairs = several(lambda: (rng.choice(NAMES) + rng.choice(["", "1"]), schema(rng, depth + 1)), 4) if deeper else []
            result[key] = dict(pairs)
        elif key == "required":
            result[key] = several(lambda: rng.choice(NAMES + [1]))
        elif key == "items":
            result[key] = schema(rng, depth + 1) if deeper else True
        elif key == "nullable":
            result[key] = rng.choice([True, False, "true"])
        elif key == "default":
            result[key] = value(rng)
        elif key in ("description", "title"):
            result[key] = rng.choice(["d1", "d2", "é", "e\u0301", "line\nline", "with null", ""])
        elif key == "examples":
            result[key] = several(lambda: rng.choice(["x", 'y"', 1, None]))
        else:
            result[key] = []
    return result


def namespace(rng, key):
    tools = []
    for index in range(rng.randint(0, 3)):
        tool = {"name": f"f{index}", "description": rng.choice(TEXTS)}
        if rng.random() < 0.9:
            tool["parameters"] = schema(rng) if rng.random() < 0.95 else value(rng)
        tools.append(tool)
    result = {"name": key if rng.random() < 0.9 else "other", "tools": tools}
    if rng.random() < 0.5:
        result["description"] = rng.choice([None, "multi\nline", *TEXTS])
    return result


def message(rng):
    def sometimes(target, key, chance, choices):
        if rng.random() < chance:
            target[key] = rng.choice(choices)

    role = rng.choice(["system", "developer", "user", "assistant", "assistant", "tool"])
    result = {"role": role}
    if role == "system":
        content = {"type": "system_content"}
        sometimes(content, "model_identity", 0.5, TEXTS)
        sometimes(content, "reasoning_effort", 0.5, ["Low", "Medium", "High", "High", None, "low"])
        sometimes(content, "conversation_start_date", 0.4, TEXTS)
        sometimes(content, "knowledge_cutoff", 0.4, TEXTS)
        sometimes(content, "channel_config", 0.4, [
            {"valid_channels": [], "channel_required": True}, {"valid_channels": ["a"], "channel_required": False},
            {"valid_channels": ["analysis", "final"], "channel_required": True}])
        if rng.random() < 0.4:
            keys = rng.sample(["browser", "python", "é", "zz", "e\u0301", "Z"], rng.randint(0, 3))
            content["tools"] = {key: namespace(rng, key) for key in keys}
        result["content"] = [content]
    elif role == "developer":
        content = {"type": "developer_content"}
        sometimes(content, "instructions", 0.5, TEXTS)
        if rng.random() < 0.8:
            keys = rng.sample(["functions", "b", "a"], rng.randint(0, 2))
            content["tools"] = {key: namespace(rng, key) for key in keys}
        result["content"] = [content]
    elif rng.random() < 0.5:
        result["content"] = rng.choice(TEXTS)
    else:
        result["content"] = [{"type": "text", "text": rng.choice(TEXTS)} for _ in range(rng.randint(0, 2))]
    sometimes(result, "name", 0.9 if role == "tool" else 0.3, ["ada", "functions.x", None])
    sometimes(result, "recipient", 0.3, ["functions.x", "all", "assistant", "", None])
    sometimes(result, "channel", 0.4, ["analysis", "final", "final", "commentary", "", None])
    sometimes(result, "content_type", 0.3, ["json", "<|constrain|>json", "<|constrain|>", " <|constrain|>x", "", None])
    return result


def conversation(rng):
    result = {"messages": [message(rng) for _ in range(rng.randint(0, 6))]}
    if rng.random() < 0.06:  # Broken: something is missing or has the wrong type.
        target = rng.choice(result["messages"]) if result["messages"] else result
        key = rng.choice(list(target))
        if rng.random() < 0.5:
            target.pop(key)
        else:
            target[key] = value(rng)
    return result


def render_case(rng):
    text = json.dumps(conversation(rng), ensure_ascii=rng.random() < 0.5)
    mode = rng.choice(["completion", "conversation", "training"])
    config = {"auto_drop_analysis": rng.random() < 0.6}
    # Not parsed and written again: the spelling of numbers counts.
    line = f'{{"conversation": {text}, "mode": "{mode}", "auto_drop_analysis": {json.dumps(config["auto_drop_analysis"])}}}'
    case = {"kind": "render", "line": line}
    try:
        if mode == "completion":
            tokens = LIBRARY.render_conversation_for_completion(text, "assistant", config)
        elif mode == "training":
            tokens = LIBRARY.render_conversation_for_training(text, config)
        else:
            tokens = LIBRARY.render_conversation(text, config)
        return case | {"tokens": tokens, "text": ENCODING.decode(tokens)}
    except Exception:
        return case | {"error": True}


def completion(rng):
    tokens = []
    for _ in range(rng.randint(0, 14)):
        chance = rng.random()
        if chance < 0.75:
            text = rng.choice(FRAGMENTS)
            as_text = rng.random() < 0.15
            tokens += ENCODING.encode(text, disallowed_special=()) if as_text else ENCODING.encode(text, allowed_special="all")
        elif chance < 0.85:
            tokens.append(rng.choice(HALVES))
        elif chance < 0.9:
            tokens.append(rng.choice(UNKNOWN))
        else:
            tokens.append(rng.randint(0, 200010))
    start = rng.choice(["", "", "<|channel|>final<|message|>", "<|start|>assistant<|channel|>analysis<|message|>"])
    return ENCODING.encode(start, allowed_special="all") + tokens


def parse_case(rng):
    role = rng.choice([None, "assistant", "assistant", "tool", "user"])
    case = {"kind": "parse", "tokens": completion(rng), "role": role, "strict": rng.random() < 0.5, "eos": rng.random() < 0.7}
    parser = StreamableParser(ENCODING, Role(role) if role else None, strict=case["strict"])
    deltas = []
    try:
        for token in case["tokens"]:
            parser.process(token)
            known = parser.current_role.value if parser.current_role else None
            deltas.append([parser.last_content_delta, parser.current_channel, parser.current_recipient,
                           parser.current_content_type, known])
        if case["eos"]:
            parser.process_eos()
        messages = [message.to_dict() for message in parser.messages]
        return case | {"messages": messages, "deltas": deltas, "rest": parser.current_content}
    except Exception:
        return case | {"error": True}
