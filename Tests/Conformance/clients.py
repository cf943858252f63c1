#!/usr/bin/env python3
"""Programs and SDKs of others against a running `gptoss serve`: each has a streamed answer, a tool round and a typed answer.

    python3 -m venv .venv-clients
    .venv-clients/bin/pip install -r Tests/Conformance/clients-requirements.txt
    .venv-clients/bin/python Tests/Conformance/clients.py [CLIENT …]

All clients if none is named. What is checked is the protocol: that the client gets through, that the tool was called
with arguments of its types, and that the typed answer is of its type. What the small model says does not count.
"""

import argparse
import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
import traceback
import urllib.request
from pathlib import Path

from pydantic import BaseModel, Field, model_validator

from checks import check, finish
from served import Served

MODEL_NAME = "openai/gpt-oss-20b"
QUESTION = "What is MXFP4?"
# Where a client cannot require the tool at first only, it asks these until the model calls the tool.
SUMS = ["What is 6 times 7?", "Use the tool to multiply 12 by 9.", "Multiply 3 by 5.", "What is 81 * 4?"]
# Enough for the reasoning and the answers below; an answer that does not end by itself stops here.
LIMIT = 400


class Limited(BaseModel):
    """A typed answer that any model can finish."""

    name: str = Field(max_length=12)
    size: int = Field(ge=0, le=99)


class Multiplication:
    """The tool of all tool rounds, which remembers how it was called."""

    def __init__(self):
        self.calls = []

    def __call__(self, a: int, b: int) -> int:
        """Multiplies two numbers."""
        self.calls.append((a, b))
        return a * b

    def check(self, client):
        typed = all(isinstance(number, int) for call in self.calls for number in call)
        check(self.calls and typed, f"{client}: the tool is called with two integers: {self.calls}")


def check_pieces(client, pieces):
    """Checks the texts of a stream."""
    check(len(pieces) > 1 and "".join(pieces).strip(), f"{client}: an answer in pieces: {pieces[:5]}")


def check_typed(client, answer):
    check(isinstance(answer, Limited), f"{client}: a typed answer: {answer!r}")


def openai_agents(url):
    import agents
    from openai import AsyncOpenAI

    agents.set_tracing_disabled(True)

    async def api(client, kind):
        model = kind(model=MODEL_NAME, openai_client=AsyncOpenAI(base_url=url, api_key="none", max_retries=0))
        settings = agents.ModelSettings(temperature=0, max_tokens=LIMIT)

        streamed = agents.Runner.run_streamed(
            agents.Agent("a", instructions="Answer briefly.", model=model, model_settings=settings), QUESTION)
        pieces = [
            event.data.delta async for event in streamed.stream_events()
            if event.type == "raw_response_event" and event.data.type == "response.output_text.delta"
        ]
        check_pieces(client, pieces)
        check(streamed.final_output == "".join(pieces), f"{client}: the pieces are the final output")

        tool = Multiplication()

        @agents.function_tool
        def multiply(a: int, b: int) -> int:
            """Multiplies two numbers."""
            return tool(a, b)

        # The tool is required at first only: agents resets the choice after the first call.
        required = agents.ModelSettings(temperature=0, max_tokens=LIMIT, tool_choice="required")
        result = await agents.Runner.run(agents.Agent("a", model=model, model_settings=required, tools=[multiply]), SUMS[0])
        tool.check(client)
        check(isinstance(result.final_output, str), f"{client}: an answer after the tool: {result.final_output!r}")

        result = await agents.Runner.run(
            agents.Agent("a", model=model, model_settings=settings, output_type=Limited), QUESTION)
        check_typed(client, result.final_output)

    async def both():
        await api("openai-agents, Responses", agents.OpenAIResponsesModel)
        await api("openai-agents, chat", agents.OpenAIChatCompletionsModel)

    asyncio.run(both())


def langchain_openai(url):
    from langchain_core.messages import HumanMessage, ToolMessage
    from langchain_core.tools import tool as langchain_tool
    from langchain_openai import ChatOpenAI

    for responses in (True, False):
        client = f"langchain-openai, {'Responses' if responses else 'chat'}"
        model = ChatOpenAI(
            base_url=url, api_key="none", model=MODEL_NAME, temperature=0, max_tokens=LIMIT, max_retries=0,
            use_responses_api=responses)
        check_pieces(client, [chunk.text for chunk in model.stream(QUESTION) if chunk.text])

        tool = Multiplication()

        @langchain_tool
        def multiply(a: int, b: int) -> int:
            """Multiplies two numbers."""
            return tool(a, b)

        conversation = [HumanMessage(SUMS[0])]
        conversation.append(model.bind_tools([multiply], tool_choice="required").invoke(conversation))
        conversation += [multiply.invoke(call) for call in conversation[-1].tool_calls]
        tool.check(client)
        check(isinstance(conversation[-1], ToolMessage), f"{client}: a result: {conversation[-1]!r}")
        answer = model.bind_tools([multiply]).invoke(conversation)
        check(answer.type == "ai" and (answer.text or answer.tool_calls), f"{client}: an answer after the tool: {answer!r}")

        check_typed(client, model.with_structured_output(Limited).invoke(QUESTION))
        check_typed(client, model.with_structured_output(Limited, method="function_calling").invoke(QUESTION))


def litellm(url):
    # Without this litellm fetches a list of prices when it is imported.
    os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"
    import litellm

    multiply = {
        "type": "function",
        "function": {
            "name": "multiply", "description": "Multiplies two numbers.",
            "parameters": {
                "type": "object", "properties": {"a": {"type": "integer"}, "b": {"type": "integer"}}, "required": ["a", "b"],
            },
        },
    }
    for provider in ("openai", "lm_studio"):
        client = f"litellm, {provider}/"

        def complete(messages, **parameters):
            return litellm.completion(
                model=f"{provider}/{MODEL_NAME}", api_base=url, api_key="none", temperature=0, max_tokens=LIMIT,
                num_retries=0, messages=messages, **parameters)

        question = [{"role": "user", "content": QUESTION}]
        chunks = [chunk.choices[0].delta.content for chunk in complete(question, stream=True)]
        check_pieces(client, [text for text in chunks if text])

        tool = Multiplication()
        conversation = [{"role": "user", "content": SUMS[0]}]
        message = complete(conversation, tools=[multiply], tool_choice="required").choices[0].message
        conversation.append(message)
        for call in message.tool_calls or []:
            result = tool(**json.loads(call.function.arguments))
            conversation.append({"role": "tool", "tool_call_id": call.id, "content": str(result)})
        tool.check(client)
        answer = complete(conversation, tools=[multiply]).choices[0]
        check(answer.message.role == "assistant", f"{client}: an answer after the tool: {answer!r}")

        typed = complete(question, response_format=Limited).choices[0].message.content
        check_typed(client, Limited.model_validate_json(typed))

    client = "litellm, Responses"
    events = litellm.responses(
        model=f"openai/{MODEL_NAME}", api_base=url, api_key="none", input=QUESTION, max_output_tokens=LIMIT, stream=True)
    check_pieces(client, [event.delta for event in events if event.type == "response.output_text.delta"])


def pydantic_ai(url):
    from pydantic_ai import Agent, NativeOutput, ToolOutput
    from pydantic_ai.models.openai import OpenAIChatModel, OpenAIResponsesModel
    from pydantic_ai.providers.openai import OpenAIProvider

    async def api(client, kind):
        model = kind(MODEL_NAME, provider=OpenAIProvider(base_url=url, api_key="none"))
        settings = {"temperature": 0, "max_tokens": LIMIT}
        async with Agent(model, model_settings=settings).run_stream(QUESTION) as result:
            check_pieces(client, [text async for text in result.stream_text(delta=True, debounce_by=None)])

        tool = Multiplication()
        agent = Agent(model, model_settings=settings, instructions="Use the tool.")

        @agent.tool_plain
        def multiply(a: int, b: int) -> int:
            """Multiplies two numbers."""
            return tool(a, b)

        for question in SUMS:
            result = await agent.run(question)
            check(isinstance(result.output, str), f"{client}: an answer, after the tool: {result.output!r}")
            if tool.calls:
                break
        tool.check(client)

        for way in (ToolOutput, NativeOutput):
            result = await Agent(model, model_settings=settings, output_type=way(Limited)).run(QUESTION)
            check_typed(f"{client}, {way.__name__}", result.output)

    async def both():
        await api("pydantic-ai, Responses", OpenAIResponsesModel)
        await api("pydantic-ai, chat", OpenAIChatModel)

    asyncio.run(both())


def instructor(url):
    import instructor
    from openai import OpenAI

    def ask(client, mode):
        model = instructor.from_openai(OpenAI(base_url=url, api_key="none", max_retries=0), mode=mode)
        parameters = {"model": MODEL_NAME, "temperature": 0, "max_retries": 0}
        question = [{"role": "user", "content": QUESTION}]
        if mode is instructor.Mode.RESPONSES_TOOLS:
            check_typed(client, model.responses.create(
                input=question, response_model=Limited, max_output_tokens=LIMIT, **parameters))
            return
        parameters.update(messages=question, max_tokens=LIMIT)
        check_typed(client, model.create(response_model=Limited, **parameters))
        parts = list(model.create_partial(response_model=Limited, **parameters))
        check(len(parts) > 1, f"{client}: an answer in parts: {parts}")
        check_typed(client, Limited.model_validate(parts[-1].model_dump()))

        # The tool round: an answer that is not accepted goes back as a call with the complaint as its result.
        seen = []

        class Doubted(Limited):
            @model_validator(mode="after")
            def complain_once(self):
                seen.append(self)
                if len(seen) == 1:
                    raise ValueError("say it again")
                return self

        check_typed(client, model.create(response_model=Doubted, **{**parameters, "max_retries": 2}))
        check(len(seen) == 2, f"{client}: asked again once: {seen}")

    # The other modes only tell the schema in the prompt.
    for mode in (
        instructor.Mode.TOOLS, instructor.Mode.TOOLS_STRICT, instructor.Mode.JSON_SCHEMA, instructor.Mode.RESPONSES_TOOLS,
    ):
        ask(f"instructor, {mode.name}", mode)


def llm(url):
    with tempfile.TemporaryDirectory() as folder:
        model = {
            "model_id": "gptoss", "model_name": MODEL_NAME, "api_base": url, "supports_tools": True, "supports_schema": True,
        }
        # JSON is YAML too.
        Path(folder, "extra-openai-models.yaml").write_text(json.dumps([model]))

        def ask(*arguments):
            command = [sys.executable, "-m", "llm", "-m", "gptoss", "--key", "none", "-o", "temperature", "0"]
            result = subprocess.run(
                [*command, "-o", "max_tokens", str(LIMIT), *arguments], capture_output=True, text=True, timeout=120,
                stdin=subprocess.DEVNULL, env={**os.environ, "LLM_USER_PATH": folder})
            check(result.returncode == 0, f"llm {arguments}: {result.stderr[-600:]}")
            return result.stdout, result.stderr

        check(ask(QUESTION)[0].strip(), "llm: a streamed answer")
        check(ask("--continue", "And why?")[0].strip(), "llm: a second turn")
        function = 'def multiply(a: int, b: int) -> int:\n    "Multiplies two numbers."\n    return a * b'
        notes = []
        for question in SUMS:
            notes.append(ask("--functions", function, "--tools-debug", "--chain-limit", "5", question)[1])
            if "Tool call: multiply(" in notes[-1]:
                break
        else:
            check(False, f"llm: the tool is called: {notes}")
        typed, _ = ask("--schema", json.dumps(Limited.model_json_schema()), QUESTION)
        check_typed("llm", Limited.model_validate_json(typed))


def open_webui(url):
    """Open WebUI is no package of moderate size: its requests, as its backend forms them, sent by hand."""
    def post(**body):
        request = urllib.request.Request(
            url + "/chat/completions", json.dumps({"model": MODEL_NAME, **body}).encode(),
            # Without a key it sends an empty one.
            {"Content-Type": "application/json", "Authorization": "Bearer ", "X-OpenWebUI-User-Id": "1"})
        with urllib.request.urlopen(request, timeout=120) as reply:
            text = reply.read().decode()
        if not body.get("stream"):
            return json.loads(text)
        lines = [line.removeprefix("data: ") for line in text.splitlines() if line.startswith("data: ")]
        check(lines[-1] == "[DONE]", f"open-webui: the end of a stream: {lines[-1]}")
        return [json.loads(line) for line in lines[:-1]]

    with urllib.request.urlopen(urllib.request.Request(url + "/models", headers={"Authorization": "Bearer "})) as reply:
        check(MODEL_NAME in [model["id"] for model in json.load(reply)["data"]], "open-webui: the list of models")

    # What its dialog of parameters can hold; what it does not know is passed on.
    parameters = {
        "temperature": 0, "top_p": 0.9, "top_k": 40, "min_p": 0, "max_tokens": LIMIT, "frequency_penalty": 0,
        "presence_penalty": 0, "repeat_penalty": 1.1, "seed": 0, "stop": ["###"], "logit_bias": {"11": 0},
        "reasoning_effort": "low", "num_ctx": 4096, "keep_alive": "5m", "user": "1",
    }
    system = {"role": "system", "content": "Answer briefly."}
    chunks = post(
        stream=True, stream_options={"include_usage": True}, **parameters,
        messages=[system, {"role": "user", "content": [{"type": "text", "text": QUESTION}]}])
    deltas = [choice["delta"] for chunk in chunks for choice in chunk["choices"]]
    check_pieces("open-webui", [delta["content"] for delta in deltas if delta.get("content")])
    check(chunks[-1]["usage"]["total_tokens"] > 0, f"open-webui: usage at the end: {chunks[-1]}")

    # A tool round: the calls come in pieces and go back with their index, beside what the user has seen.
    tool = Multiplication()
    multiply = {
        "type": "function",
        "function": {
            "name": "multiply", "description": "Multiplies two numbers.",
            "parameters": {
                "type": "object", "properties": {"a": {"type": "integer"}, "b": {"type": "integer"}}, "required": ["a", "b"]},
        },
    }
    messages = [system, {"role": "user", "content": SUMS[0]}]
    calls = []
    for chunk in post(stream=True, messages=messages, tools=[multiply], tool_choice="required", temperature=0, max_tokens=LIMIT):
        for piece in [call for choice in chunk["choices"] for call in choice["delta"].get("tool_calls") or []]:
            if piece["index"] == len(calls):
                calls.append(piece)
            else:
                calls[piece["index"]]["function"]["arguments"] += piece["function"]["arguments"]
    messages.append({
        "role": "assistant", "content": '<details type="reasoning" done="true">\n> Multiply.\n</details>\n', "tool_calls": calls})
    for call in calls:
        result = tool(**json.loads(call["function"]["arguments"]))
        messages.append({"role": "tool", "tool_call_id": call["id"], "content": str(result)})
    tool.check("open-webui")
    chunks = post(stream=True, messages=messages, tools=[multiply], temperature=0, max_tokens=LIMIT)
    reasons = [choice["finish_reason"] for chunk in chunks for choice in chunk["choices"] if choice["finish_reason"]]
    check(len(reasons) == 1, f"open-webui: an answer after the tool: {reasons}")

    # Titles and tags are asked for in whole answers; a typed one by hand.
    title = post(stream=False, max_completion_tokens=LIMIT, messages=[{"role": "user", "content": "Name this chat."}])
    check(isinstance(title["choices"][0]["message"]["content"], str), f"open-webui: a title: {title}")
    typed = post(
        stream=False, temperature=0, max_tokens=LIMIT, messages=[{"role": "user", "content": QUESTION}],
        response_format={"type": "json_schema", "json_schema": {"name": "limited", "schema": Limited.model_json_schema()}})
    check_typed("open-webui", Limited.model_validate_json(typed["choices"][0]["message"]["content"]))


CLIENTS = {
    "openai-agents": openai_agents, "langchain-openai": langchain_openai, "litellm": litellm, "pydantic-ai": pydantic_ai,
    "instructor": instructor, "llm": llm, "open-webui": open_webui,
}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("clients", nargs="*", metavar="CLIENT", help=", ".join(CLIENTS))
    names = parser.parse_args().clients or list(CLIENTS)
    unknown = [name for name in names if name not in CLIENTS]
    if unknown:
        parser.error(f"unknown: {', '.join(unknown)}; there are: {', '.join(CLIENTS)}")
    with Served("--context", "4096", "--log", "none") as server:
        for name in names:
            start = time.monotonic()
            try:
                CLIENTS[name](server.url)
            except Exception:  # noqa: BLE001 a client that breaks off has failed; the others go on
                check(False, f"{name} broke off:\n{traceback.format_exc()}")
            print(f"{name}: {time.monotonic() - start:.1f} s", flush=True)
    finish()


if __name__ == "__main__":
    main()
