"""A server written with the SDK `mcp`, 1.x or 2.x, whichever is installed.

    real.py            over standard streams
    real.py PORT       over HTTP
    real.py fastmcp PORT   the same with the package fastmcp, over HTTP
"""

import asyncio
import os
import sys
from typing import Annotated

from pydantic import BaseModel

FASTMCP = sys.argv[1:2] == ["fastmcp"]
if FASTMCP:
    from fastmcp import Context, FastMCP as Server
else:
    try:
        from mcp.server.fastmcp import Context, FastMCP as Server

        VERSION = 1
    except ImportError:
        from mcp.server.mcpserver import Context, MCPServer as Server

        VERSION = 2

server = Server("real")


class Person(BaseModel):
    name: str
    age: int = 3


@server.tool()
def add(a: int, b: int) -> int:
    """Adds two numbers."""
    return a + b


@server.tool()
def greet(person: Person, loud: bool | None = None) -> str:
    """Greets a person."""
    return f"Hello {person.name}, {person.age}" + ("!" if loud else "")


@server.tool()
def fail() -> str:
    """Fails."""
    raise ValueError("no such city")


@server.tool()
async def slow(seconds: float, ctx: Context) -> str:
    """Takes its time, and says how far it is."""
    for step in range(10):
        await asyncio.sleep(seconds / 10)
        await ctx.report_progress(step + 1, 10)
    return "done"


@server.tool()
async def wait(file: str) -> str:
    """Waits until it is cancelled, and writes that into a file."""
    try:
        await asyncio.sleep(60)
    except BaseException:
        with open(file, "w") as out:
            out.write("cancelled")
        raise
    return "not cancelled"


@server.tool()
def crash() -> str:
    """Ends the server."""
    sys.stderr.write("out of cheese\n")
    sys.stderr.flush()
    os._exit(3)


@server.tool()
def secret() -> str:
    """Says what it knows of the environment."""
    return os.environ.get("SECRET", "nothing") + " " + os.environ.get("OWN", "nothing")


def extra() -> str:
    """Came later."""
    return "extra"


@server.tool()
async def grow(ctx: Context) -> str:
    """Adds a tool."""
    server.add_tool(extra)
    if hasattr(ctx, "notify_tools_changed"):
        await ctx.notify_tools_changed()
    elif not FASTMCP:
        await ctx.session.send_tool_list_changed()
    return "grown"


if FASTMCP:
    server.run("http", port=int(sys.argv[2]), show_banner=False)
elif len(sys.argv) == 1:

    @server.tool()
    async def ask(ctx: Context) -> str:
        """Asks who is there."""
        answer = await ctx.elicit("Who is there?", Person)
        return f"{answer.action} {getattr(answer, 'data', None)}"

    if VERSION == 2:
        from mcp.server.mcpserver import Elicit, Resolve

        def who() -> Elicit[Person]:
            return Elicit("Who is there?", Person)

        server.remove_tool("ask")

        @server.tool(name="ask")
        def ask_first(person: Annotated[Person, Resolve(who)]) -> str:
            """Asks who is there."""
            return f"accept {person!r}"

    server.run()
elif VERSION == 1:
    server.settings.port = int(sys.argv[1])
    server.run("streamable-http")
else:
    server.run("streamable-http", port=int(sys.argv[1]))
