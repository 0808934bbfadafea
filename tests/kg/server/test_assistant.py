"""`kg mcp` by the SDK's own client."""

import asyncio
import sys
from pathlib import Path
from typing import Any

import pytest
from mcp import Client, StdioServerParameters

from kg.server.assistant import Assistant, assistant_server
from tests.kg.gold_home import TEXTS
from tests.kg.server.served_home import copied


@pytest.fixture(scope="module")
def assistant(gold_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Any:
    made = Assistant(copied(gold_home, tmp_path_factory.mktemp("assistant") / "home"))
    yield made
    made.close()


def ask(assistant: Assistant, tool: str, **arguments: Any) -> tuple[bool, str]:
    """Return whether a tool failed, and what it said."""

    async def call() -> tuple[bool, str]:
        async with Client(assistant_server(assistant)) as client:
            answer = await client.call_tool(tool, arguments)
            return bool(answer.is_error), "\n".join(part.text for part in answer.content if part.type == "text")

    return asyncio.run(call())


def test_the_tools_read_only_and_are_described(assistant: Assistant) -> None:
    async def listed() -> Any:
        async with Client(assistant_server(assistant)) as client:
            return (await client.list_tools()).tools

    tools = asyncio.run(listed())
    assert {tool.name for tool in tools} == {
        "search", "entity", "mentions", "why", "neighbourhood", "cypher", "link",
    }  # fmt: skip
    assert all(tool.annotations.read_only_hint and tool.description for tool in tools)


@pytest.mark.parametrize(
    ("tool", "arguments", "holds"),
    [
        ("search", {"name": "Bjork"}, '"bjork"'),
        ("entity", {"id": "bjork"}, "Icelandic singer"),
        ("mentions", {"entity": "homogenic", "limit": 1}, '"d1"'),
        ("mentions", {"document": "d2"}, "The Lanterns"),
        ("why", {"mention": "d1:0-5"}, "Björk"),
        ("neighbourhood", {"id": "bjork"}, '"bjork"'),
        ("cypher", {"query": "MATCH (e:Entity {id: $x}) RETURN e.name", "parameters": {"x": "far"}}, "Prince Royce"),
        ("link", {"text": TEXTS["d1"][1]}, "homogenic"),
    ],
)
def test_each_tool_answers(assistant: Assistant, tool: str, arguments: dict[str, Any], holds: str) -> None:
    failed, text = ask(assistant, tool, **arguments)
    assert not failed, text
    assert holds in text


@pytest.mark.parametrize(
    ("tool", "arguments", "holds"),
    [
        ("entity", {"id": "nobody"}, "does not exist"),
        ("cypher", {"query": "MATCH (n) DETACH DELETE n"}, "only reading is allowed"),
        ("mentions", {}, "give an entity or a document"),
        ("search", {"name": "x", "limit": 1000}, "limit"),
    ],
)
def test_what_cannot_be_answered_is_said(
    assistant: Assistant, tool: str, arguments: dict[str, Any], holds: str
) -> None:
    failed, text = ask(assistant, tool, **arguments)
    assert failed
    assert holds in text


def test_the_command_speaks_on_standard_input_and_output(gold_home: Path, tmp_path: Path) -> None:
    copied(gold_home, tmp_path / "home")
    code = "from kg.cli.main import main; main()"
    command = ["-c", code, "--config", str(tmp_path / "home" / "kg.toml"), "mcp"]

    async def call() -> Any:
        async with Client(StdioServerParameters(command=sys.executable, args=command)) as client:
            answer = await client.call_tool("search", {"name": "Homogenic", "limit": 1})
            return [part.text for part in answer.content if part.type == "text"]

    assert "homogenic" in "".join(asyncio.run(call()))
