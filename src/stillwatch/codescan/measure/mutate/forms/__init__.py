"""Rewritings that keep the meaning: one file of this folder is a kind, each given a handler and chance.

`rewrite(handler, chance, words)` gives the handler in other words. Whether a rewriting kept the meaning is not taken on
trust: what differs when it is run is dropped.
"""

from collections.abc import Callable
from importlib import import_module
from pkgutil import iter_modules
from random import Random

import libcst as cst

from stillwatch.codescan.measure.words import Words

Rewriting = Callable[[cst.FunctionDef, Random, Words], cst.FunctionDef]


def catalogue() -> list[Rewriting]:
    return [import_module(f"{__name__}.{found.name}").rewrite for found in iter_modules(__path__)]


def statements(code: str) -> list[cst.BaseStatement]:
    return [line for line in cst.parse_module(code).body if isinstance(line, cst.BaseStatement)]


def code_of(node: cst.CSTNode) -> str:
    return cst.Module([]).code_for_node(node)


def literal(node: cst.BaseExpression) -> object:
    """Give the value of a literal, None for anything else."""
    if isinstance(node, cst.SimpleString):
        return node.evaluated_value
    return int(node.value) if isinstance(node, cst.Integer) else None
