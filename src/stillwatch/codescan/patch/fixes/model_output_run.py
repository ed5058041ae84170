"""What a language model wrote and is run: values and operators of an expression are evaluated, what is filled into a command is quoted.

Left to a person: whole commands and programs. They need a sandbox, or a list of what the model may choose from.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from stillwatch.codescan.patch.fixes import code_injection, command_injection

if TYPE_CHECKING:
    from collections.abc import Iterator

    from stillwatch.codescan.patch.edit import Edit
    from stillwatch.codescan.patch.site import Site

RULE = "model-output-run"


def edits(site: Site) -> Iterator[Edit]:
    """As for others' data in code and in commands."""
    if site.finding.sink in {"eval", "exec", "compile"} or site.finding.sink.endswith("PythonREPL.run"):
        yield from code_injection.edits(site)
    else:
        yield from command_injection.edits(site)


EXAMPLES = [
    (
        """
from mcp.server.fastmcp import FastMCP

server = FastMCP("sums")

@server.tool()
def calculate(expression: str) -> str:
    return str(eval("0 + " + expression))
""",
        f"""
from mcp.server.fastmcp import FastMCP
import re


{code_injection.GUARD.rstrip()}


server = FastMCP("sums")

@server.tool()
def calculate(expression: str) -> str:
    return str(eval("0 + " + plain_value(expression)))
""",
    ),
]
