"""Lists and calls tools with the official Python client: client.py URL KEY TOOL, answers as JSON on standard output."""
import asyncio
import json
import sys

import httpx2
from mcp import ClientSession
from mcp.client.streamable_http import streamable_http_client


async def main(url: str, key: str, tool: str) -> None:
    async with httpx2.AsyncClient(headers={"x-runlayer-api-key": key}) as http:
        async with streamable_http_client(url, http_client=http) as streams:
            async with ClientSession(streams[0], streams[1]) as session:
                await session.initialize()
                tools = [entry.name for entry in (await session.list_tools()).tools]
                result = await session.call_tool(tool, {})
                text = "\n".join(getattr(part, "text", "") for part in result.content)
                print(json.dumps({"tools": tools, "text": text}))


asyncio.run(main(*sys.argv[1:4]))
