#!/usr/bin/env python3
"""Checks that conversations are laid out exactly as OpenAI's library lays them out (pip install openai-harmony)."""

import random
import re

import openai_harmony as H

import conversations as C
from harmony import unmark


def tool(t):
    return H.ToolDescription.new(t.name, t.description, parameters=None if t.bare else t.schema())


def messages(s, turns):
    system = H.SystemContent.new().with_model_identity(s.identity).with_reasoning_effort(H.ReasoningEffort(s.effort.capitalize()))
    system.knowledge_cutoff, system.conversation_start_date = s.cutoff, s.date
    yield H.Message.from_role_and_content(H.Role.SYSTEM, system)
    if s.instructions or s.tools:
        developer = H.DeveloperContent.new()
        if s.instructions:
            developer = developer.with_instructions(s.instructions)
        if s.tools:
            developer = developer.with_function_tools([tool(t) for t in s.tools])
        assert not s.formats, "the library has no section for formats"
        yield H.Message.from_role_and_content(H.Role.DEVELOPER, developer)
    for i, t in enumerate(turns):
        yield H.Message.from_role_and_content(H.Role.USER, unmark(t.user))
        for step in t.steps:
            text = unmark(step[-1])
            kind = step[0].removeprefix("given ").replace("filled", "final")
            if kind == "analysis" and i == len(turns) - 1 or kind == "final":
                yield H.Message.from_role_and_content(H.Role.ASSISTANT, text).with_channel(kind)
            elif kind in ("call", "call and"):
                yield H.Message.from_role_and_content(H.Role.ASSISTANT, text).with_channel("commentary").with_recipient(
                    "functions." + step[1]
                ).with_content_type("<|constrain|>json")
            elif step[0] == "result":
                yield H.Message.from_author_and_content(H.Author.new(H.Role.TOOL, "functions." + step[1]), text).with_channel(
                    "commentary"
                ).with_recipient("assistant")


def main(count=400):
    encoding, rng = H.load_harmony_encoding(H.HarmonyEncodingName.HARMONY_GPT_OSS), random.Random(5)
    checked = 0
    while checked < count:
        tree = rng.choice([C.tool_tree, C.chat_tree, C.runner_tree, C.typed_tree])(rng)
        if tree.system.formats:
            continue
        if any(re.search(r'[\\"] \||\| .*[\\].*"', p.type) and "\\" in p.type for t in tree.system.tools for p in t.parameters):
            continue  # a literal with an escape
        turns = tree.branches[0]
        parts = [p for i, t in enumerate(turns) for p in C.render_turn(t, i == len(turns) - 1, library_calls=True)]
        ours = unmark(tree.system.render() + "".join(p.text for p in parts))
        ids = encoding.render_conversation(
            H.Conversation.from_messages(list(messages(tree.system, turns))), config=H.RenderConversationConfig(auto_drop_analysis=False)
        )
        theirs = encoding.decode(ids)
        assert ours.replace("<|return|>", "<|end|>") == theirs.replace("<|return|>", "<|end|>"), f"\n{ours}\n{theirs}"
        checked += 1
    print(checked, "conversations are laid out as the library lays them out")


if __name__ == "__main__":
    main()
